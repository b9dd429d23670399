"""Assigning each of many to one of those who could take them, so that the loads are as even as can be."""

from __future__ import annotations

from typing import Any

import numpy as np
from attrs import frozen
from numpy.typing import NDArray

from kapteam.columns.lookup import Index


@frozen(eq=False)
class Choice:
    """Who could be assigned to whom.

    Attributes
    ----------
    taken, taker : array of int, shape (edges,)
        The two ends of each possible assignment: nodes from 0.
    preference : array of int, shape (edges,)
        How well they fit; not below 0.
    draw : array of int, shape (edges,)
        What decides between equals: the least sum.
    already : array of int, shape (takers,)
        The load that each taker has.
    room : array of int, shape (takers,)
        How many more each can take.
    count : int
        How many there are to be taken.
    """

    taken: Index
    taker: Index
    preference: Index
    draw: Index
    already: Index
    room: Index
    count: int


def most_even(choice: Choice) -> NDArray[np.bool_]:
    """Which assignments to make: most taken, then even loads, then most preference, then the least draw.

    Parameters
    ----------
    choice : Choice

    Returns
    -------
    array of bool, shape (edges,)
        Each taken node has at most one.

    Notes
    -----
    Even is: the least sum of the squares of the loads, those that are there already counted in. Where each counts one,
    this is the same as the least highest load, then the least second, and so on: optimal semi-matchings (Harvey,
    Ladner, Lovász and Tamir, WADS 2003; J. Algorithms 59, 2006, doi:10.1016/j.jalgor.2005.01.003). Where some cannot be
    taken, it is so among the assignments that take the most, whose loads are an M-convex set (Frank and Murota,
    "Decreasing minimization on M-convex sets: background and structures", arXiv:2007.09616).

    It is a minimum-cost flow: the k-th that a taker takes costs the k-th step between squares, and as the steps grow
    the flow fills the cheapest first. One more square outweighs all preferences. From the prices of an optimum follow
    all optima (complementary slackness), and of these a second flow takes the one of the least draw.
    """
    edges, nodes = len(choice.taken), choice.count + len(choice.already)
    if not edges:
        return np.zeros(0, bool)
    source, sink = nodes, nodes + 1
    most = int(choice.preference.max())
    square = 1 + most * choice.count
    degree = np.bincount(choice.taker, minlength=len(choice.already))
    units = np.minimum(choice.room, degree)
    taker = np.repeat(np.arange(len(units)), units)
    before = choice.already[taker] + np.arange(len(taker)) - np.repeat(np.cumsum(units) - units, units)
    tails = np.concatenate([choice.taken, np.full(choice.count, source), taker + choice.count])
    heads = np.concatenate([choice.taker + choice.count, np.arange(choice.count), np.full(len(taker), sink)])
    cost = np.concatenate([most - choice.preference, np.zeros(choice.count, np.int64), (2 * before + 1) * square])
    supply = np.zeros(nodes + 2, np.int64)
    supply[source], supply[sink] = choice.count, -choice.count
    flow = _cheapest(tails, heads, cost, supply, all_of_it=False)
    reduced = _reduced(tails, heads, cost, flow, nodes + 2)
    always, free = reduced < 0, reduced == 0
    supply[source] = flow[edges : edges + choice.count].sum()
    supply[sink] = -supply[source]
    np.subtract.at(supply, tails[always], 1)
    np.add.at(supply, heads[always], 1)
    draw = np.concatenate([choice.draw, np.zeros(len(tails) - edges, np.int64)])
    used = always.copy()
    used[free] = _cheapest(tails[free], heads[free], draw[free], supply, all_of_it=True)
    return used[:edges]


def _reduced(tails: Index, heads: Index, cost: Index, flow: NDArray[np.bool_], nodes: int) -> Index:
    """What each arc costs beyond the prices of its ends: above 0 it is in no optimum, below 0 in every one.

    The prices are the shortest ways in the residual graph of an optimal flow, from anywhere (Bellman and Ford).
    """
    price = np.zeros(nodes, np.int64)
    begin, end, step = np.where(flow, heads, tails), np.where(flow, tails, heads), np.where(flow, -cost, cost)
    while True:
        lower = price.copy()
        np.minimum.at(lower, end, price[begin] + step)
        if np.array_equal(lower, price):
            return cost + price[tails] - price[heads]
        price = lower


def _cheapest(tails: Index, heads: Index, cost: Index, supply: Index, *, all_of_it: bool) -> NDArray[np.bool_]:
    """Which arcs of capacity 1 the cheapest flow uses: of all of the supply, or of as much of it as can flow."""
    from ortools.graph.python import min_cost_flow  # slow to load, and only a solve needs it

    solver: Any = min_cost_flow.SimpleMinCostFlow()
    arcs = solver.add_arcs_with_capacity_and_unit_cost(tails, heads, np.ones(len(tails), np.int64), cost)
    solver.set_nodes_supplies(np.arange(len(supply)), supply)
    status = solver.solve() if all_of_it else solver.solve_max_flow_with_min_cost()
    if status != solver.OPTIMAL:
        raise RuntimeError(f"the flow solver stopped with {status} on a problem that always has an optimum")
    return np.asarray(solver.flows(arcs)) > 0
