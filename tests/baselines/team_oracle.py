"""Every team of experts there is, tried out one by one: slow and plain, from the meaning of the costs alone."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Iterator, Mapping, Sequence
from fractions import Fraction
from itertools import combinations, product
from typing import Any

import networkx as nx

Ways = Mapping[Hashable, Mapping[Hashable, Fraction]]


def ways_of(graph: nx.Graph[Any]) -> Ways:
    """The distance of all two (Floyd 1962); of two whom no way joins, the number of people times the longest tie."""
    nodes = list(graph)
    longest = max([Fraction(1), *(Fraction(str(d)) for _, _, d in graph.edges(data="length"))])
    far = {u: {v: Fraction(0) if u == v else len(nodes) * longest for v in nodes} for u in nodes}
    for u, v, length in graph.edges(data="length"):
        far[u][v] = far[v][u] = min(far[u][v], Fraction(str(length)))
    for via, u, v in product(nodes, repeat=3):
        far[u][v] = min(far[u][v], far[u][via] + far[via][v])
    return far


def cost_of(far: Ways, measure: str, seats: Sequence[Hashable], leader: Hashable = None) -> Fraction:
    """What a team costs, who is there for two skills twice."""
    if measure == "leader":
        return sum((far[leader][x] for x in seats), Fraction(0))
    if measure == "mst":
        closure: nx.Graph[Any] = nx.Graph()
        closure.add_nodes_from(seats)
        closure.add_weighted_edges_from((a, b, far[a][b]) for a, b in combinations(set(seats), 2))
        tree = nx.minimum_spanning_tree(closure)
        return sum((edge["weight"] for _, _, edge in tree.edges(data=True)), Fraction(0))
    pairs = [far[a][b] for a, b in combinations(seats, 2)]
    return max(pairs, default=Fraction(0)) if measure == "diameter" else sum(pairs, Fraction(0))


def every_cost(graph: nx.Graph[Any], skills: Iterable[str], measure: str) -> Iterator[Fraction]:
    """The cost of every team that covers some skills; a tree may go through anyone."""
    far = ways_of(graph)
    held = {node: set(said) for node, said in graph.nodes(data="skills")}
    if measure == "mst":
        for size in range(1, len(graph) + 1):
            for team in combinations(graph, size):
                if set(skills) <= set().union(*(held[x] for x in team)):
                    yield cost_of(far, measure, team)
        return
    for seats in product(*([x for x in graph if skill in held[x]] for skill in skills)):
        for leader in graph if measure == "leader" else (None,):
            yield cost_of(far, measure, seats, leader)
