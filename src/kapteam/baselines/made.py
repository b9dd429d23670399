"""Made-up social networks of experts, in clusters, with skills that few and many hold."""

from __future__ import annotations

from random import Random
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import networkx as nx

_OWN = 0.85  # how often a case, or a skill, is of the cluster itself
_CASES = 2  # for each person
_LARGEST = 4


def made_graph(people: int, clusters: int, skills: int, seed: int) -> nx.Graph[str]:
    """A made-up network: people who work on cases together, mostly with those of their own cluster.

    Nobody in it is real, nor is it fitted to any data. It is built as graphs of co-authors are: two people who had a
    case together are joined by a tie as long as the share of their cases that they did not have together (the Jaccard
    distance, which Lappas, Liu and Terzi 2009 use), rounded to three digits.

    Parameters
    ----------
    people, clusters, skills : int
        How many. The skill of rank r is held about 1 / r as often as the first; each cluster has a few that are
        common there.
    seed : int

    Returns
    -------
    networkx.Graph
        Nodes with ``skills`` and ``cluster``, edges with ``length``; it is connected. The same arguments give the same
        graph on every machine.

    Examples
    --------
    >>> graph = made_graph(40, 4, 8, seed=0)
    >>> graph.number_of_nodes(), sorted(graph.nodes["p07"]["skills"])
    (40, ['s1', 's4'])
    """
    import networkx as nx  # slow to load

    draw = Random(seed)
    wide = len(str(people - 1))
    names = [f"p{number:0{wide}}" for number in range(people)]
    of = [range(cluster, people, clusters) for cluster in range(clusters)]
    cases = [[*_case(draw, of, person % clusters), person] for person in range(people) for _ in range(_CASES)]
    cases += [[cluster, (cluster + 1) % clusters] for cluster in range(clusters)]
    for person in range(clusters, people):  # nobody is apart: each had a case with one before them in their cluster
        cases.append([person, of[person % clusters][int(draw.random() * (person // clusters))]])
    had: list[set[int]] = [set() for _ in names]
    for number, case in enumerate(cases):
        for person in case:
            had[person].add(number)
    graph: nx.Graph[str] = nx.Graph()
    for person, name in enumerate(names):
        graph.add_node(name, skills=_skills(draw, person % clusters, skills), cluster=person % clusters)
    joined = sorted({(a, b) for case in cases for a in case for b in case if a < b})
    for a, b in joined:
        graph.add_edge(names[a], names[b], length=round(1 - len(had[a] & had[b]) / len(had[a] | had[b]), 3))
    return graph


def _case(draw: Random, of: list[range], cluster: int) -> list[int]:
    """One to three others on a case, most of them of one cluster."""
    others = []
    for _ in range(1 + int(draw.random() * (_LARGEST - 1))):
        here = of[cluster if draw.random() < _OWN else int(draw.random() * len(of))]
        others.append(here[int(draw.random() * len(here))])
    return others


def _skills(draw: Random, cluster: int, skills: int) -> list[str]:
    """One to three skills of a person: often those that are common in their cluster."""
    held = set()
    for _ in range(1 + int(draw.random() * 3)):
        rank = int(skills ** draw.random())  # as often as 1 / rank
        shift = 3 * cluster if draw.random() < _OWN else 0
        held.add((rank - 1 + shift) % skills)
    return [f"s{skill}" for skill in sorted(held)]
