"""Experts in a social network: who holds which skills, and how far they are from one another."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Mapping
from fractions import Fraction
from math import isfinite
from typing import TYPE_CHECKING, Any

from attrs import define, field

from kapteam.network.closeness import Distances, distances_of
from kapteam.records.problems import UsageError, nearest

if TYPE_CHECKING:
    import networkx as nx

#: The attribute of a node that lists its skills, or each node's skills.
Skills = str | Mapping[Any, Iterable[str]]


@define(eq=False, slots=False)
class Experts:
    """People as codes, which are their places in the order of their names.

    Attributes
    ----------
    names : tuple
        The nodes of the graph, by their text: of two that are as good, the first is taken everywhere.
    skills : tuple of frozenset of str
        By person.
    distances : Distances
        Shortest ways in whole units, so that sums are exact. Two whom no way joins are farther apart than any way is
        long, as they are for :func:`kapteam.matching.form.form`; so the triangle inequality holds for all.

    Examples
    --------
    >>> import networkx as nx
    >>> graph = nx.Graph()
    >>> graph.add_node("ana", skills=["emdr"])
    >>> graph.add_node("ben", skills=["act", "emdr"])
    >>> graph.add_edge("ana", "ben", length=0.5)
    >>> Experts.of(graph)
    <Experts: 2 people, 2 skills>
    """

    names: tuple[Hashable, ...]
    skills: tuple[frozenset[str], ...]
    distances: Distances
    _holders: dict[str, tuple[int, ...]] = field(init=False, repr=False)
    _nearest: dict[tuple[int, str], tuple[int, int]] = field(factory=dict, init=False, repr=False)

    def __attrs_post_init__(self) -> None:
        holders: dict[str, list[int]] = {}
        for code, held in enumerate(self.skills):
            for skill in held:
                holders.setdefault(skill, []).append(code)
        self._holders = {skill: tuple(holders[skill]) for skill in sorted(holders)}

    @classmethod
    def of(cls, graph: nx.Graph[Any], skills: Skills = "skills", *, length: str = "length") -> Experts:
        """The experts of a NetworkX graph.

        Parameters
        ----------
        graph : networkx.Graph or MultiGraph
            Of parallel edges the shortest counts.
        skills : str or mapping
            The attribute of the nodes that lists their skills (a node without it has none), or each node's skills.
        length : str
            The attribute of the edges that holds their length, 1 where there is none.

        Raises
        ------
        UsageError
            The edges have directions, a length is below 0 or no number, or skills are no list of texts.
        """
        return cls._made(graph, skills, lambda edge: _number(edge.get(length, 1), length))

    @classmethod
    def of_ties(cls, graph: nx.Graph[Any], skills: Skills = "modalities") -> Experts:
        """The experts of ``network.to_networkx("ties")``: a tie of weight w is 1 / w long, and ``avoids`` joins nobody.

        These are the distances that :func:`kapteam.matching.form.form` goes by. Raises as :meth:`of` does.
        """

        def length(edge: Mapping[str, Any]) -> Fraction | None:
            weight = _number(edge.get("weight", 1), "weight")
            return 1 / weight if weight and edge.get("kind") != "avoids" else None

        return cls._made(graph, skills, length)

    @classmethod
    def _made(
        cls, graph: nx.Graph[Any], skills: Skills, length: Callable[[Mapping[str, Any]], Fraction | None]
    ) -> Experts:
        if graph.is_directed():
            raise UsageError("the edges have directions: give an undirected graph, such as graph.to_undirected()")
        names = tuple(sorted(graph, key=str))
        code = {name: number for number, name in enumerate(names)}
        held = skills if isinstance(skills, Mapping) else dict(graph.nodes(data=skills))
        lengths: dict[tuple[int, int], Fraction] = {}
        for u, v, edge in graph.edges(data=True):
            far = length(edge)
            if far is not None and u != v:
                pair = min(code[u], code[v]), max(code[u], code[v])
                lengths[pair] = min(far, lengths.get(pair, far))
        return cls(names, tuple(_texts(name, held.get(name)) for name in names), distances_of(lengths, len(names)))

    def holders(self, skill: str) -> tuple[int, ...]:
        """Who holds a skill; raises :class:`UsageError` where nobody does."""
        if skill not in self._holders:
            close = nearest(skill, self._holders)
            raise UsageError(f"nobody holds the skill {skill!r}" + (f"; did you mean {close[0]!r}?" if close else ""))
        return self._holders[skill]

    def asked(self, skills: Iterable[str]) -> tuple[str, ...]:
        """Skills that are to be covered: each once, those that the fewest hold first.

        Raises
        ------
        UsageError
            None is asked for, or nobody holds one of them.
        """
        if isinstance(skills, str):
            raise UsageError(f"skills is a list of names, not the text {skills!r}")
        found = sorted(set(skills), key=lambda skill: (len(self.holders(skill)), skill))
        if not found:
            raise UsageError("a team is for some skills: name one at least")
        return tuple(found)

    def nearest(self, person: int, skill: str) -> tuple[int, int]:
        """How far from a person the nearest who holds a skill is, and who that is."""
        if (person, skill) not in self._nearest:
            ways, apart = self.distances.of(person), self.distances.apart
            self._nearest[person, skill] = min((ways.get(holder, apart), holder) for holder in self.holders(skill))
        return self._nearest[person, skill]

    def __len__(self) -> int:
        return len(self.names)

    def __repr__(self) -> str:
        people, skills = len(self), len(self._holders)
        return f"<Experts: {people:,} {'person' if people == 1 else 'people'}, {skills:,} skill{'s' * (skills != 1)}>"


def _number(value: Any, name: str) -> Fraction:
    """A number as it is written: 0.1 is a tenth."""
    try:
        number = Fraction(str(value)) if isfinite(float(value)) else None
    except (TypeError, ValueError):
        number = None
    if number is None or number < 0:
        raise UsageError(f"the {name} of an edge is a number, at least 0; not {value!r}")
    return number


def _texts(name: Hashable, value: Any) -> frozenset[str]:
    if value is None:
        return frozenset()
    if isinstance(value, str) or not isinstance(value, Iterable):
        raise UsageError(f"the skills of {name!r} are a list of texts, not {value!r}")
    found = frozenset(value)
    if not all(isinstance(skill, str) for skill in found):
        raise UsageError(f"the skills of {name!r} are a list of texts, not {value!r}")
    return found
