"""The lexicographic optimum by minimum-cost flow: most units, then most points, then the least draw."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from attrs import frozen

from kapteam.columns.lookup import Index
from kapteam.matching.apart import apart
from kapteam.matching.market import Market, Problem, Used, row_draws

if TYPE_CHECKING:
    from kapteam.matching.certificate import Prices


def optimum(problem: Problem) -> Used:
    """Which edges some optimum uses: as many as can be, and of those ways one with most points."""
    used = np.zeros(problem.edges, bool)
    for part in apart(problem):
        used[part.edges] = _optimum(part.problem)
    return used


def _optimum(problem: Problem) -> Used:
    """The same of a market as a whole.

    The flow runs from therapists to prescribers to one sink; the solver finds the greatest flow first and the
    cheapest of these, so that no large number has to stand for the first aim.
    """
    edges, prescribers, therapists = problem.edges, len(problem.prescribers), len(problem.therapists)
    if not edges:
        return np.zeros(0, bool)
    solver = _solver()
    sink = prescribers + therapists
    tails = np.concatenate([problem.therapist + prescribers, np.arange(prescribers)])
    heads = np.concatenate([problem.prescriber, np.full(prescribers, sink)])
    room = np.concatenate([np.ones(edges, np.int64), problem.capacity])
    most = int(problem.points.max(initial=0))
    cost = np.concatenate([most - problem.points, np.zeros(prescribers, np.int64)])
    arcs = solver.add_arcs_with_capacity_and_unit_cost(tails, heads, room, cost)
    solver.set_nodes_supplies(np.arange(prescribers, sink), problem.units)
    solver.set_node_supply(sink, -int(problem.units.sum()))
    _expect_optimal(solver, solver.solve_max_flow_with_min_cost())
    return np.asarray(solver.flows(arcs[:edges])) > 0


@frozen(eq=False)
class Face:
    """Plans that are equally good so far, by what they have in common.

    They are the plans that use every edge of ``taken`` and beside them edges of ``free`` alone, that fill every
    prescriber of ``must_fill`` and use every unit of every therapist of ``must_use``.

    Attributes
    ----------
    taken : array of bool
        By edge.
    free : array of int
        Edges.
    must_fill, must_use : array of bool
        By prescriber node and by therapist node.
    teamed : int
        How many edges each of the plans uses.
    """

    taken: Used
    free: Index
    must_fill: Used
    must_use: Used
    teamed: int


def tight(problem: Problem, prices: Prices) -> Face:
    """All optima, by complementary slackness with prices that prove one of them."""
    worth = problem.teamed_worth + problem.points
    paid = prices.prescribers[problem.prescriber] + prices.therapists[problem.therapist]
    free = np.flatnonzero(paid == worth)
    return Face(paid < worth, free, prices.prescribers > 0, prices.therapists > 0, prices.teamed)  # x > 0: taken


def least_draw(problem: Market, prices: Prices, found: Used) -> Used:
    """Of all optima, of which one was found, the one with the least sum of draws over its links."""
    used = np.zeros(problem.edges, bool)
    for part in apart(problem):
        face = tight(part.problem, prices.of_part(part, found))
        draw = row_draws(problem.links, part.problem.row[face.free])
        used[part.edges] = cheapest(part.problem, face, draw)
    return used


def cheapest(problem: Problem, face: Face, cost: Index) -> Used:
    """Of the plans of a face one with the least sum of costs, which are given by free edge."""
    used, free = face.taken.copy(), face.free
    if not len(used):
        return used
    prescribers, therapists = len(problem.prescribers), len(problem.therapists)
    room = problem.capacity - np.bincount(problem.prescriber[used], minlength=prescribers)
    units = problem.units - np.bincount(problem.therapist[used], minlength=therapists)
    must_fill, must_use = face.must_fill, face.must_use
    source, sink = prescribers + therapists, prescribers + therapists + 1
    may_fill, may_use = np.flatnonzero(~must_fill), np.flatnonzero(~must_use)
    solver = _solver()
    tails = [problem.therapist[free] + prescribers, may_fill, np.full(len(may_use), source)]
    heads = [problem.prescriber[free], np.full(len(may_fill), sink), may_use + prescribers]
    capacity = [np.ones(len(free), np.int64), room[may_fill], units[may_use]]
    costs = np.zeros(len(free) + len(may_fill) + len(may_use), np.int64)
    costs[: len(free)] = cost
    arcs = solver.add_arcs_with_capacity_and_unit_cost(
        np.concatenate(tails), np.concatenate(heads), np.concatenate(capacity), costs
    )
    total = face.teamed - int(used.sum())
    supplies = np.zeros(sink + 1, np.int64)
    supplies[:prescribers][must_fill] = -room[must_fill]
    supplies[prescribers:source][must_use] = units[must_use]
    supplies[source] = total - int(units[must_use].sum())
    supplies[sink] = int(room[must_fill].sum()) - total
    solver.set_nodes_supplies(np.arange(sink + 1), supplies)
    _expect_optimal(solver, solver.solve())
    used[free] = np.asarray(solver.flows(arcs[: len(free)])) > 0
    return used


def _solver() -> Any:
    from ortools.graph.python import min_cost_flow  # slow to load, and only a solve needs it

    return min_cost_flow.SimpleMinCostFlow()


def _expect_optimal(solver: Any, status: object) -> None:
    if status != solver.OPTIMAL:
        raise RuntimeError(f"the flow solver stopped with {status} on a problem that always has an optimum")
