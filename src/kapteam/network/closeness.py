"""How near people are to one another over the ties of those who worked together or would like to."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from functools import cached_property
from math import lcm
from typing import TYPE_CHECKING

from attrs import define, field

from kapteam.columns.facts import Facts

if TYPE_CHECKING:
    import networkx as nx


@define(eq=False, slots=False)
class Distances:
    """Shortest ways over the ties, as whole numbers of one unit, so that sums are exact.

    Attributes
    ----------
    graph : networkx.Graph
        Nodes are the codes of people with a tie; an edge's ``length`` is in units.
    unit : int
        How many units a distance of 1 has; every distance is an even number of them.
    apart : int
        The distance of two whom no way joins: farther than any way there is.
    """

    graph: nx.Graph[int]
    unit: int
    apart: int
    _from: dict[int, dict[int, int]] = field(factory=dict, init=False, repr=False)

    def between(self, a: int, b: int) -> int:
        """The distance of two people, in units."""
        return self.of(a).get(b, self.apart)

    def of(self, person: int) -> dict[int, int]:
        """The distance of everyone whom a way joins with a person; searched (Dijkstra 1959) when first asked for."""
        import networkx as nx  # slow to load, and only ties need it

        if person not in self._from:
            self._from[person] = {person: 0}
            if person in self.graph:
                ways = nx.single_source_dijkstra_path_length(self.graph, person, weight="length")
                self._from[person] = {other: int(way) for other, way in ways.items()}
        return self._from[person]

    @cached_property
    def part(self) -> dict[int, int]:
        """By person with a tie: the first of all whom a way joins with them."""
        import networkx as nx  # slow to load, and only ties need it

        return {person: min(part) for part in nx.connected_components(self.graph) for person in part}

    @cached_property
    def shortest(self) -> dict[int, int]:
        """By person with a tie: the length of their shortest one, which nobody is nearer to them than."""
        return {person: min(edge["length"] for edge in ties.values()) for person, ties in self.graph.adjacency()}

    def as_number(self, units: int) -> float:
        """Units as a number: whole where it is."""
        return units // self.unit if units % self.unit == 0 else units / self.unit


def distances(facts: Facts) -> Distances:
    """The distances over ``worked_with`` and ``prefers``, either way round.

    Notes
    -----
    A tie of weight w is 1 / w long; of several ties of two people the shortest counts, and a weight of 0 joins
    nobody. Two whom no way joins are as far apart as the longest tie (or 1, where all are shorter) times the number
    of people on the roster, which no way exceeds; with all weights 1 that is the number of people.
    """
    lengths: dict[tuple[int, int], Fraction] = {}
    for tie in facts.roster.ties:
        if tie.kind != "avoids" and tie.weight > 0:
            a, b = sorted((facts.person_code[tie.a], facts.person_code[tie.b]))
            length = 1 / Fraction(tie.weight)
            lengths[a, b] = min(length, lengths.get((a, b), length))
    return distances_of(lengths, len(facts.people))


def distances_of(lengths: Mapping[tuple[int, int], Fraction], people: int) -> Distances:
    """The distances over ways of some lengths, in whole numbers of one unit, of which every distance is even."""
    import networkx as nx  # slow to load, and only ties need it

    unit = 2 * lcm(*(length.denominator for length in lengths.values()))
    graph: nx.Graph[int] = nx.Graph()
    for (a, b), length in sorted(lengths.items()):
        graph.add_edge(a, b, length=int(length * unit))
    longest = max((int(length * unit) for length in lengths.values()), default=0)
    return Distances(graph, unit, people * max(unit, longest))
