"""Percolation: each point by a new solve without those who have stopped; the area, the band and the draws."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given

from kapteam.matching.market import market
from kapteam.matching.optimum import optimum
from kapteam.measures.bottlenecks import losses
from kapteam.measures.measure import number
from kapteam.measures.percolation import STEPS, percolation, random_order
from kapteam.measures.usable import Usable
from strategies import Written, capable


@given(capable(people=(4, 8)))
def test_every_point_is_what_a_new_solve_finds(written: Written) -> None:
    usable = Usable(written.network().links, "allow")
    costs = losses(usable)
    linked = usable.linked.tolist()
    load = dict.fromkeys(linked, 0)
    for row in usable.plan.rows:
        load[int(usable.links.pairs.prescriber_person[row])] += 1
    orders = {
        "random": random_order(linked, 4, 0),
        "load": sorted(linked, key=lambda p: (-load[p], p)),
        "cost": sorted(linked, key=lambda p: (-costs[p][0], -costs[p][1], p)),
    }
    therapists = len(usable.therapists)
    for found in percolation(usable, costs, draws=1, seed=4):
        shares = [_teamed(usable, orders[found.order][:stopped]) for stopped in range(len(linked) + 1)]
        for point in found.curve:
            assert point.teamed == (pytest.approx(shares[point.stopped] / therapists, rel=1e-5) if therapists else None)
            assert (point.low, point.high) == (None, None)
        if therapists and linked:
            assert found.robustness == pytest.approx(sum(shares[1:]) / len(linked) / therapists, rel=1e-5)
        else:
            assert found.robustness is None


def test_the_band_is_of_the_draws_and_each_draw_a_function_of_its_number(practice_usable: Usable) -> None:
    costs, linked = losses(practice_usable), practice_usable.linked.tolist()
    random = percolation(practice_usable, costs, draws=30, seed=2)[0]
    assert random.order == "random"
    curves = np.array(
        [[_teamed(practice_usable, random_order(linked, 2, d)[:s]) for s in range(len(linked) + 1)] for d in range(30)]
    ) / len(practice_usable.therapists)
    assert random.robustness == pytest.approx(curves[:, 1:].mean(), rel=1e-5)
    assert (random.low, random.high) == pytest.approx(
        tuple(np.quantile(curves[:, 1:].mean(axis=1), [0.05, 0.95])), rel=1e-5
    )
    assert random_order(linked, 2, 7) == random_order(linked, 2, 7)
    assert sorted(random_order(linked, 2, 7)) == linked
    assert len({tuple(random_order(linked, 2, d)) for d in range(30)}) > 25


def test_the_costliest_first_is_another_order_than_the_most_loaded_first(practice_usable: Usable) -> None:
    costs, linked = losses(practice_usable), practice_usable.linked.tolist()
    by_cost = sorted(linked, key=lambda p: (-costs[p][0], -costs[p][1], p))
    load, cost = percolation(practice_usable, costs, draws=0)
    shares = [number(_teamed(practice_usable, by_cost[:s]) / 27) for s in range(len(linked) + 1)]
    assert [p.teamed for p in cost.curve] == shares != [p.teamed for p in load.curve]


def test_without_draws_nothing_is_drawn_and_a_curve_has_few_points(practice_usable: Usable) -> None:
    found = percolation(practice_usable, losses(practice_usable), draws=0)
    assert [p.order for p in found] == ["load", "cost"]
    for curve in found:
        assert [p.stopped for p in curve.curve] == list(range(9))
        assert len(curve.curve) <= STEPS + 1
        assert [p.teamed for p in curve.curve] == sorted((p.teamed for p in curve.curve), reverse=True)


def _teamed(usable: Usable, stopped: list[int]) -> int:
    rows = usable.rows[~np.isin(usable.links.pairs.prescriber_person[usable.rows], stopped)]
    return int(optimum(market(usable.links, rows)).sum())
