"""The shortest tree that holds somebody for each skill: exact, by sets of skills (Dreyfus and Wagner 1971)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from attrs import frozen

from kapteam.baselines.expert_team import ExpertTeam
from kapteam.baselines.experts import Experts

#: The most skills: each one more takes three times as long.
MOST = 8
_START = -1  # the node that every way begins at


@frozen
class _Tree:
    """The shortest tree for a set of skills that holds one person, and how it is put together."""

    length: int
    parts: tuple[tuple[int, int], ...]  # of which sets of skills and whom: the trees that it joins


def shortest_tree(experts: Experts, asked: Sequence[str]) -> ExpertTeam:
    """The team with the shortest tree, those who only join the others in it.

    Notes
    -----
    For each set of skills and each person, the shortest tree that holds somebody for each of these skills and that
    person: two trees of fewer skills that meet in them, or one that holds another person and the way from there.
    O(3^k n + 2^k (m + n log n)) for k skills, n people and m ties. Two parts of the graph are joined by a tie as long
    as people without a way are apart.

    A least spanning tree over shortest ways, with any people more in the team, is as long as this tree: its edges are
    ways of the graph, and the people on these are in the team already.

    References
    ----------
    S. Dreyfus and R. Wagner (1971), "The Steiner problem in graphs", Networks 1, 195-207.
    """
    people, full = range(len(experts)), (1 << len(asked)) - 1
    own = [sum(1 << i for i, skill in enumerate(asked) if skill in experts.skills[person]) for person in people]
    best: dict[int, list[_Tree]] = {}
    for wanted in range(1, full + 1):
        best[wanted] = list(_grown(experts, dict(_met(wanted, best, own)), wanted))
    root = min(people, key=lambda person: (best[full][person].length, person))
    seats: dict[str, int] = {}
    inside: set[int] = set()
    open_ = [(full, root)]
    while open_:
        wanted, person = open_.pop()
        inside.add(person)
        parts = best[wanted][person].parts
        open_ += parts
        if not parts:
            seats.update((skill, person) for i, skill in enumerate(asked) if wanted >> i & 1)
    return ExpertTeam(experts, seats, tuple(sorted(inside - set(seats.values()))))


def _met(wanted: int, best: dict[int, list[_Tree]], own: Sequence[int]) -> Iterator[tuple[int, _Tree]]:
    """By person: the shortest tree in which they hold all of it, or in which two trees of fewer skills meet."""
    halves = []
    part = (wanted - 1) & wanted
    while part > wanted - part:  # each two halves once
        halves.append((best[part], best[wanted - part], part))
        part = (part - 1) & wanted
    for person, held in enumerate(own):
        if not wanted & ~held:
            yield person, _Tree(0, ())
        elif halves:
            length, part = min((a[person].length + b[person].length, part) for a, b, part in halves)
            yield person, _Tree(length, ((part, person), (wanted - part, person)))


def _grown(experts: Experts, met: dict[int, _Tree], wanted: int) -> Iterator[_Tree]:
    """By person: the shortest tree with the way to them, from a node as far from each as their own tree is long."""
    import networkx as nx  # slow to load

    graph = experts.distances.graph.copy()
    graph.add_edges_from((_START, person, {"length": tree.length}) for person, tree in met.items())
    searched: Any = nx.single_source_dijkstra(graph, _START, weight="length")
    ways, paths = searched
    nearest = min(met, key=lambda person: (met[person].length, person))
    leap = _Tree(met[nearest].length + experts.distances.apart, ((wanted, nearest),))
    for person in range(len(experts)):
        if person not in ways or ways[person] > leap.length:
            yield leap
        else:
            before = paths[person][-2]
            yield met[person] if before == _START else _Tree(int(ways[person]), ((wanted, before),))
