"""A market in parts: the same optimum, prices and draw as of the whole."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kapteam.matching import apart as module
from kapteam.matching.apart import apart
from kapteam.matching.certificate import least_prices, proves
from kapteam.matching.market import Market
from kapteam.matching.optimum import least_draw, optimum
from markets import markets


@given(markets(), st.integers(0, 3))
def test_parts_share_nobody_and_leave_nothing_out(problem: Market, together: int) -> None:
    parts = list(apart(problem, together))
    assert sorted(e for part in parts for e in part.edges.tolist()) == list(range(problem.edges))
    for side in ("prescribers", "therapists"):
        nodes = [n for part in parts for n in getattr(part, side).tolist()]
        assert len(nodes) == len(set(nodes))
    for part in parts:
        alone = part.problem
        assert (problem.prescribers[problem.prescriber[part.edges]] == alone.prescribers[alone.prescriber]).all()
        assert (problem.therapists[problem.therapist[part.edges]] == alone.therapists[alone.therapist]).all()
        assert (problem.row[part.edges] == alone.row).all()
        assert (problem.capacity[part.prescribers] == alone.capacity).all()


@given(problem=markets(), together=st.integers(0, 3))
def test_each_part_by_itself_gives_what_the_whole_gives(problem: Market, together: int) -> None:
    whole = optimum(problem)
    drawn = least_draw(problem, least_prices(problem, whole), whole)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(module, "TOGETHER", together)
        patch.setattr(apart, "__defaults__", (together,))
        found = optimum(problem)
        prices = least_prices(problem, found)
        assert proves(problem, prices)
        assert prices.teamed == int(whole.sum())
        assert prices.points == int(problem.points[whole].sum())
        assert np.array_equal(least_draw(problem, prices, found), drawn)
