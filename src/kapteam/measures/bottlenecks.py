"""Bottlenecks: whose absence costs most, by re-matching and by the shape of the graph, and where the two disagree."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import numpy as np
from attrs import frozen

from kapteam.matching.reoptimise import Solved
from kapteam.measures.betweenness import betweenness
from kapteam.measures.measure import Measure, Number, number
from kapteam.measures.ranks import spearman
from kapteam.measures.usable import Usable

if TYPE_CHECKING:
    import networkx as nx

#: Pairs up to which a NetworkX graph is made: some 0.7 kB each.
MOST_PAIRS = 600_000


@frozen
class Bottleneck:
    """A prescriber with a usable link.

    Attributes
    ----------
    practitioner : str
    teamed, points : int
        What their absence costs after the best re-match; where fewer are teamed, points may grow and are negative.
    partners : int
        Therapists with whom they have a usable link.
    articulation : bool or None
        Whether the part of the graph that they are in falls apart without them; None where the graph is too large.
    betweenness : float or None
        The share of shortest ways between two others that lead through them; None where the graph is too large.
    betweenness_error : float or None
        Its standard error where it is estimated from a sample of searches; 0 where it is exact.
    """

    practitioner: str
    teamed: int
    points: int
    partners: int
    articulation: bool | None
    betweenness: Number
    betweenness_error: Number


@frozen
class Bottlenecks:
    """All prescribers with a usable link, those first whose absence costs most.

    Attributes
    ----------
    people : tuple of Bottleneck
    searches : int or None
        From how many people shortest ways were sought; None where from none.
    exact : bool
        Whether that was from all.
    agreement : float or None
        Spearman's rank correlation of the cost of absence and betweenness.
    only_by_matching : tuple of str
        Without whom fewer are teamed, though nothing falls apart.
    only_by_graph : tuple of str
        Without whom the graph falls apart, though as many others are teamed.
    """

    people: tuple[Bottleneck, ...]
    searches: int | None
    exact: bool
    agreement: Number
    only_by_matching: tuple[str, ...]
    only_by_graph: tuple[str, ...]

    def measures(self) -> Iterator[Measure]:
        """Of the network, then of each person."""
        costly = sum(b.teamed > 0 for b in self.people)
        joints = [b.articulation for b in self.people if b.articulation is not None]
        graph = len(joints) == len(self.people)
        yield Measure("bottlenecks", costly, "people")
        yield Measure("articulation_prescribers", sum(joints) if graph else None, "people")
        yield Measure("worst_absence", max((b.teamed for b in self.people), default=None), "therapists")
        yield Measure("absence_and_betweenness", self.agreement, "-1 to 1")
        for b in self.people:
            yield Measure("absence_costs", b.teamed, "therapists", b.practitioner)
            yield Measure("betweenness", b.betweenness, "share", b.practitioner)
            yield Measure("betweenness_error", b.betweenness_error, "share", b.practitioner)


def bottlenecks(usable: Usable, seed: int = 0) -> Bottlenecks:
    """Every prescriber with a usable link, by what the best re-match without them loses.

    Notes
    -----
    The plan is solved once; each absence is mended along a few shortest paths
    (:class:`~kapteam.matching.reoptimise.Solved`). The graph has an edge between two people with a usable link. Its
    articulation points NetworkX finds, where it is not too large to be held; its betweenness is that of
    :func:`~kapteam.measures.betweenness.betweenness`, exact or estimated, or none where too few searches could be made.
    """
    people = usable.facts.people
    lost = losses(usable)
    joints = articulation_points(usable)
    between = betweenness(np.union1d(*usable.pairs), *usable.others, usable.component, seed)
    found = [
        Bottleneck(
            people[p], *lost[p], partners=int(partners),
            articulation=None if joints is None else p in joints,
            betweenness=None if between is None else number(between.share[p]),
            betweenness_error=None if between is None else number(between.error[p]),
        )
        for p, partners in zip(usable.linked.tolist(), np.unique(usable.pairs[0], return_counts=True)[1], strict=True)
    ]  # fmt: skip
    ranked = sorted(found, key=lambda b: (-b.teamed, -b.points, b.practitioner))
    agreement = None
    if between is not None:
        # Costs compare as pairs: their place in the order of all stands for them.
        order = {cost: place for place, cost in enumerate(sorted({(b.teamed, b.points) for b in found}))}
        agreement = spearman([order[b.teamed, b.points] for b in found], [float(b.betweenness or 0) for b in found])
    return Bottlenecks(
        tuple(ranked),
        None if between is None else between.searches,
        between is not None and between.exact,
        number(agreement),
        tuple(b.practitioner for b in ranked if b.teamed > 0 and b.articulation is False),
        tuple(b.practitioner for b in ranked if b.teamed <= 0 and b.articulation),
    )


def losses(usable: Usable) -> dict[int, tuple[int, int]]:
    """Of each prescriber with a usable link, by code: places and points lost after the best re-match without them."""
    solved = Solved.of(usable.plan)
    found = {}
    for p in usable.linked.tolist():
        rest = solved.without([p])
        found[p] = solved.teamed - rest.teamed, solved.points - rest.points
    return found


def people_graph(usable: Usable) -> nx.Graph[int]:
    """Who has a usable link with whom, as a NetworkX graph of codes; two people are joined once."""
    import networkx as nx  # slow to load, and only graphs need it

    graph: nx.Graph[int] = nx.Graph()
    prescriber, therapist = usable.pairs
    graph.add_nodes_from(np.union1d(prescriber, therapist).tolist())
    one, other = usable.others
    graph.add_edges_from(zip(one.tolist(), other.tolist(), strict=True))
    return graph


def articulation_points(usable: Usable) -> set[int] | None:
    """Those without whom a part of the graph falls apart, by code; None where the graph is too large to be held."""
    if len(usable.others[0]) > MOST_PAIRS:
        return None
    import networkx as nx

    return set(nx.articulation_points(people_graph(usable)))
