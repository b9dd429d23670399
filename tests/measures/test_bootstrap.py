"""The bootstrap: the same as drawing therapists one by one, and silent where there are few."""

from __future__ import annotations

import numpy as np
import pytest

from kapteam.measures.bootstrap import DRAWS, ENOUGH, intervals
from kapteam.measures.redundancy import Redundancy


def test_intervals_are_those_of_therapists_drawn_one_by_one() -> None:
    partners = np.repeat([0, 1, 2, 3, 5], [40, 30, 20, 6, 4])
    rng = np.random.default_rng(3)
    drawn = partners[rng.integers(0, len(partners), (20_000, len(partners)))]
    wanted = {
        "therapists_covered": (drawn >= 1).mean(axis=1),
        "therapists_with_2_partners": (drawn >= 2).mean(axis=1),
        "therapists_with_3_partners": (drawn >= 3).mean(axis=1),
        "partners_mean": drawn.mean(axis=1),
    }
    found = {i.measure: i for i in intervals(Redundancy(tuple(np.bincount(partners).tolist())))}
    assert found.keys() == wanted.keys()
    for name, values in wanted.items():
        low, high = np.quantile(values, [0.025, 0.975])
        width = high - low
        assert found[name].low == pytest.approx(low, abs=0.12 * width), name
        assert found[name].high == pytest.approx(high, abs=0.12 * width), name
        assert (found[name].draws, found[name].level) == (DRAWS, 0.95)
        assert found[name].low <= found[name].value <= found[name].high


def test_of_few_therapists_no_interval_is_told() -> None:
    for counts in ((), (0,), (3, ENOUGH - 4)):
        assert {(i.low, i.high) for i in intervals(Redundancy(counts))} == {(None, None)}
    assert intervals(Redundancy(()))[0].value is None
    assert intervals(Redundancy((3, ENOUGH - 3)))[0].low is not None


def test_another_seed_another_interval_the_same_the_same() -> None:
    counts = Redundancy((10, 20, 30))
    assert intervals(counts, 1) == intervals(counts, 1) != intervals(counts, 2)
