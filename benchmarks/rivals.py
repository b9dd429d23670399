"""Other ways to the best teams of a market: the bare flow, and the matchings of other libraries.

A library that knows no capacities gets one node for each place that a prescriber has.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from attrs import frozen
from numpy.typing import NDArray

from kapteam.matching.market import Market

Index = NDArray[np.int64]


@frozen
class Solved:
    """What a rival found; ``question`` where it answers another one than the most teamed, then the most points."""

    teamed: int
    points: int
    question: str = ""


@frozen
class Rival:
    """A library's solver.

    Attributes
    ----------
    name : str
    solve : function
    most_links : int
        Up to how many links it ends in reasonable time.
    often : int
        Up to how many it takes turns with the others; with more it runs just once.
    """

    name: str
    solve: Callable[[Market], Solved]
    most_links: int
    often: int


def bare_flow(problem: Market) -> Solved:
    """OR-Tools' minimum-cost flow on the arrays of the market: no proof, no draw."""
    from ortools.graph.python import min_cost_flow

    edges, prescribers = len(problem.row), len(problem.prescribers)
    therapists, sink = len(problem.therapists), prescribers + len(problem.therapists)
    solver = min_cost_flow.SimpleMinCostFlow()
    arcs = solver.add_arcs_with_capacity_and_unit_cost(
        np.concatenate([problem.therapist + prescribers, np.arange(prescribers)]),
        np.concatenate([problem.prescriber, np.full(prescribers, sink)]),
        np.concatenate([np.ones(edges, np.int64), problem.capacity]),
        np.concatenate([problem.points.max(initial=0) - problem.points, np.zeros(prescribers, np.int64)]),
    )
    solver.set_nodes_supplies(np.arange(prescribers, sink), np.ones(therapists, np.int64))
    solver.set_node_supply(sink, -therapists)
    if solver.solve_max_flow_with_min_cost() != solver.OPTIMAL:
        raise RuntimeError("no optimum")
    used = np.asarray(solver.flows(arcs[:edges])) > 0
    return Solved(int(used.sum()), int(problem.points[used].sum()))


def networkx(problem: Market) -> Solved:
    """NetworkX' blossom algorithm for general graphs."""
    import networkx as nx

    therapist, place, points, _ = _places(problem)
    graph = nx.Graph()
    edges = zip(therapist.tolist(), place.tolist(), points.tolist(), strict=True)
    graph.add_weighted_edges_from((("t", t), ("p", p), w) for t, p, w in edges)
    found = nx.max_weight_matching(graph, maxcardinality=True)
    return Solved(len(found), sum(graph.edges[edge]["weight"] for edge in found))


def scipy_dense(problem: Market) -> Solved:
    """SciPy's Jonker-Volgenant on a full matrix, where no link is worth nothing."""
    from scipy.optimize import linear_sum_assignment

    therapist, place, points, places = _places(problem)
    worth = np.zeros((len(problem.therapists), places))
    worth[therapist, place] = problem.teamed_worth + points
    found = worth[linear_sum_assignment(worth, maximize=True)].astype(np.int64)
    found = found[found > 0]
    return Solved(len(found), int((found - problem.teamed_worth).sum()))


def rustworkx(problem: Market) -> Solved:
    """rustworkx' blossom algorithm for general graphs, over a node for each place."""
    from rustworkx import PyGraph, max_weight_matching

    therapist, place, points, places = _places(problem)
    graph: PyGraph[int, int] = PyGraph(multigraph=False)
    graph.add_nodes_from(range(places + len(problem.therapists)))
    graph.add_edges_from(list(zip((therapist + places).tolist(), place.tolist(), points.tolist(), strict=True)))
    found = max_weight_matching(graph, max_cardinality=True, weight_fn=int)
    return Solved(len(found), sum(graph.get_edge_data(*pair) for pair in found))


def igraph(problem: Market) -> Solved:
    """igraph's weighted bipartite matching, over a node for each place; one more therapist is a part of each weight."""
    from igraph import Graph

    therapist, place, points, places = _places(problem)
    count = len(problem.therapists)
    graph = Graph(n=count + places, edges=np.column_stack([therapist, place + count]))
    graph.es["worth"] = (problem.teamed_worth + points).tolist()
    matching = graph.maximum_bipartite_matching([0] * count + [1] * places, weights="worth", eps=0.5)
    worth = [edge["worth"] for edge in matching.edges()]
    return Solved(len(worth), sum(worth) - problem.teamed_worth * len(worth))


def scipy_sparse(problem: Market) -> Solved:
    """SciPy's sparse full matching; a place of their own, at a price, for each therapist who may be left out."""
    from scipy.sparse import csr_array
    from scipy.sparse.csgraph import min_weight_full_bipartite_matching

    therapist, place, points, places = _places(problem)
    count = len(problem.therapists)
    most = int(points.max(initial=0)) + 1
    out = np.arange(count)
    cost = np.concatenate([most - points, np.full(count, problem.teamed_worth + most)]).astype(float)
    graph = csr_array(
        (cost, (np.concatenate([therapist, out]), np.concatenate([place, places + out]))),
        shape=(count, places + count),
    )
    rows, columns = min_weight_full_bipartite_matching(graph)
    teamed = columns < places
    spent = np.asarray(graph[rows[teamed], columns[teamed]])
    return Solved(int(teamed.sum()), int((most - spent).sum()))


def stable(problem: Market) -> Solved:
    """The ``matching`` package: Gale and Shapley's hospitals and residents, both sides ranking by points."""
    from matching.games import HospitalResident

    prescriber, therapist, points = _pairs(problem)
    worth = {(t, p): w for t, p, w in zip(therapist.tolist(), prescriber.tolist(), points.tolist(), strict=True)}
    residents: dict[str, list[str]] = {}
    hospitals: dict[str, list[str]] = {}
    for t, p in sorted(worth, key=lambda pair: (-worth[pair], pair)):
        residents.setdefault(f"t{t}", []).append(f"p{p}")
        hospitals.setdefault(f"p{p}", []).append(f"t{t}")
    room = {name: int(problem.capacity[int(name[1:])]) for name in hospitals}
    game = HospitalResident.create_from_dictionaries(residents, hospitals, room)
    pairs = [(int(r.name[1:]), int(h.name[1:])) for h, theirs in game.solve().items() for r in theirs]
    return Solved(len(pairs), sum(worth[pair] for pair in pairs), "stable, not best")


def _pairs(problem: Market) -> tuple[Index, Index, Index]:
    """Prescriber, therapist and points of each pair once, at its best site, where the prescriber takes anyone."""
    key = problem.prescriber * len(problem.therapists) + problem.therapist
    order = np.lexsort((-problem.points, key))
    first = np.ones(len(order), bool)
    first[1:] = key[order][1:] != key[order][:-1]
    rows = order[first]
    rows = rows[problem.capacity[problem.prescriber[rows]] > 0]
    return problem.prescriber[rows], problem.therapist[rows], problem.points[rows]


def _places(problem: Market) -> tuple[Index, Index, Index, int]:
    """Therapist, place and points of each pair and each of the prescriber's places; how many places there are."""
    prescriber, therapist, points = _pairs(problem)
    degree = np.bincount(prescriber, minlength=len(problem.prescribers))
    room = np.minimum(problem.capacity, degree)
    begin = np.cumsum(room) - room
    times = room[prescriber]
    within = np.arange(times.sum()) - np.repeat(np.cumsum(times) - times, times)
    place = np.repeat(begin[prescriber], times) + within
    return np.repeat(therapist, times), place, np.repeat(points, times), int(room.sum())


#: In the order of the table.
RIVALS = (
    Rival("SciPy min_weight_full_bipartite_matching", scipy_sparse, 200_000, 200_000),
    Rival("SciPy linear_sum_assignment, dense", scipy_dense, 8_000, 8_000),
    Rival("igraph maximum_bipartite_matching", igraph, 30_000, 3_000),
    Rival("rustworkx max_weight_matching", rustworkx, 30_000, 3_000),
    Rival("NetworkX max_weight_matching", networkx, 8_000, 600),
    Rival("matching HospitalResident", stable, 8_000, 600),
)
