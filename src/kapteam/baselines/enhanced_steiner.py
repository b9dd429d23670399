"""EnhancedSteiner: a team that a short tree joins, with a node for each skill (Lappas, Liu and Terzi 2009)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from kapteam.baselines.expert_team import ExpertTeam
from kapteam.baselines.experts import Experts

if TYPE_CHECKING:
    import networkx as nx


def enhanced_steiner(experts: Experts, skills: Iterable[str]) -> ExpertTeam:
    """A team with a short spanning tree, those who only join the others in it.

    Parameters
    ----------
    experts : Experts
    skills : iterable of str
        What the team is to cover.

    Returns
    -------
    ExpertTeam
        With the least spanning tree of those found in each part of the graph that holds every skill. Where no part
        does, the paper gives up; here the whole graph is searched, and people of several parts are apart.

    Raises
    ------
    UsageError
        No skill is asked for, or nobody holds one of them.

    Notes
    -----
    The paper's algorithm: each skill becomes a node, joined with all who hold it by ties longer than all others
    together. Its heuristic for Steiner trees (Takahashi and Matsuyama 1980) then joins, to the skills that the tree
    has, whichever is nearest to it. The paper begins with any of them; here it is the rarest. One search of shortest
    ways for each skill: O(k (m + n log n)) for k skills, n people and m ties. The heuristic's guarantee is lost with
    the long ties: **the tree may be longer than the least one by any factor.**

    References
    ----------
    T. Lappas, K. Liu and E. Terzi (2009), "Finding a team of experts in social networks", KDD, 467-476.
    H. Takahashi and A. Matsuyama (1980), "An approximate solution for the Steiner problem in graphs", Mathematica
    Japonica 24, 573-577.

    Examples
    --------
    >>> import networkx as nx
    >>> experts = Experts.of(nx.star_graph(3), {1: ["x"], 2: ["y"], 3: ["z"]})
    >>> team = enhanced_steiner(experts, ["x", "y", "z"])
    >>> team.people, team.holders, team.cost("mst")
    ((0, 1, 2, 3), {'x': 1, 'y': 2, 'z': 3}, 3)
    """
    asked = experts.asked(skills)
    found = [_in_part(experts, asked, part) for part in _parts(experts, asked)]
    return min(found, key=lambda team: team.units("mst"))


def _parts(experts: Experts, asked: Sequence[str]) -> list[frozenset[int]]:
    """The people of each part of the graph that holds every skill; all of them, where none does."""
    part = experts.distances.part
    able = [{part.get(person, person) for person in experts.holders(skill)} for skill in asked]
    whole = sorted(set.intersection(*able))
    people = range(len(experts))
    return [frozenset(p for p in people if part.get(p, p) == one) for one in whole] or [frozenset(people)]


def _in_part(experts: Experts, asked: Sequence[str], part: frozenset[int]) -> ExpertTeam:
    import networkx as nx  # slow to load

    graph, nodes = _with_skills(experts, asked, part)
    far = 1 + sum(edge["length"] for _, _, edge in graph.edges(data=True))  # no way is as long
    first, *_ = nodes
    tree, missing = {first}, set(nodes[1:])
    seats: dict[int, int] = {}
    while missing:
        searched: Any = nx.multi_source_dijkstra(graph, sorted(tree), weight="length")
        ways, paths = searched
        found = min(missing, key=lambda node: (ways.get(node, far), nodes.index(node)))
        path = paths.get(found, [found, min(graph[found])])  # whom no way joins: the first who holds it
        for a, b in pairwise(path):
            if min(a, b) < 0:
                seats.setdefault(min(a, b), max(a, b))
        tree.update(path)
        missing.difference_update(path)
    if first not in seats:  # nothing else is asked for
        seats[first] = min(graph[first])
    connectors = tuple(sorted(node for node in tree if node >= 0 and node not in seats.values()))
    return ExpertTeam(experts, {skill: seats[node] for skill, node in zip(asked, nodes, strict=True)}, connectors)


def _with_skills(experts: Experts, asked: Sequence[str], part: frozenset[int]) -> tuple[nx.Graph[int], list[int]]:
    """One part of the graph with a node below 0 for each skill, and these nodes."""
    graph = experts.distances.graph.subgraph(part).copy()
    far = 1 + sum(edge["length"] for _, _, edge in graph.edges(data=True))
    nodes = [-1 - number for number in range(len(asked))]
    for node, skill in zip(nodes, asked, strict=True):
        graph.add_edges_from(((node, person) for person in experts.holders(skill) if person in part), length=far)
    return graph, nodes
