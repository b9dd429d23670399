"""How sure a share is: the interval solves Wilson's equation, and holds the truth as often as it says."""

from __future__ import annotations

from math import comb, isclose

import pytest

from kapteam.sweeps.wilson import wilson

_Z = 1.959963984540054


@pytest.mark.parametrize(("times", "draws"), [(0, 1), (1, 1), (3, 10), (81, 263), (999, 1000), (5000, 10_000)])
def test_its_ends_are_where_the_share_is_just_so_far_from_them_as_chance_allows(times: int, draws: int) -> None:
    share, ends = times / draws, wilson(times, draws)
    for end in ends:
        if 0 < end < 1:
            assert isclose(abs(share - end), _Z * (end * (1 - end) / draws) ** 0.5, rel_tol=1e-9)
    assert 0 <= ends[0] <= share <= ends[1] <= 1


@pytest.mark.parametrize("truth", [0.05, 0.3, 0.5, 0.9])
def test_it_holds_the_truth_about_as_often_as_it_says(truth: float) -> None:
    draws = 200
    held = sum(
        comb(draws, n) * truth**n * (1 - truth) ** (draws - n)
        for n in range(draws + 1)
        if wilson(n, draws)[0] <= truth <= wilson(n, draws)[1]
    )
    assert 0.925 < held < 0.975
