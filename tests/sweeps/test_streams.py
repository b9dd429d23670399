"""Random numbers that hang on a seed and a number alone."""

from __future__ import annotations

import numpy as np
import pytest

from kapteam.sweeps.streams import uniform

#: What these numbers were when they were first drawn.
GOLDEN = ["0x1.5a2f725ca8e43p-1", "0x1.a37f75a08ce8ap-1"]


def test_they_are_the_same_bits_on_every_machine() -> None:
    assert [x.hex() for x in uniform(1, 7, count=2).tolist()] == GOLDEN


def test_every_seed_and_every_number_has_its_own() -> None:
    streams = [uniform(seed, number, count=4).tobytes() for seed in range(30) for number in range(30)]
    assert len(set(streams)) == len(streams)


def test_more_of_them_begin_with_the_same() -> None:
    assert (uniform(3, 4, count=100)[:10] == uniform(3, 4, count=10)).all()
    assert len(uniform(3, 4, count=0)) == 0


@pytest.mark.parametrize("of", ["one stream", "the first of many streams"])
def test_they_are_spread_evenly_from_0_up_to_1(of: str) -> None:
    drawn = uniform(5, 6, count=20_000) if of == "one stream" else np.concatenate(
        [uniform(5, number, count=1) for number in range(5_000)]
    )  # fmt: skip
    assert 0 <= drawn.min() < drawn.max() < 1
    tenths = np.bincount((drawn * 10).astype(int), minlength=10)
    expected = len(drawn) / 10
    assert ((tenths - expected) ** 2 / expected).sum() < 33.7  # 9 degrees of freedom: once in 10,000
