"""Betweenness: the share of shortest ways between two others that lead through each person; exact, or estimated."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from attrs import define, frozen
from numpy.typing import NDArray

from kapteam.columns.lookup import Index, apart, both

Floats = NDArray[np.float64]

#: People and pairs that all searches together may look at, some 60 ns each: above it a sample begins.
EFFORT = 150_000_000
#: Searches in a part below which a sample tells too little.
FEW = 64
#: People that searches made at once may reach together: it bounds the memory.
_AT_ONCE = 1 << 18


@frozen(eq=False)
class Betweenness:
    """Of each person, by code; 0 of who is not in the graph.

    Attributes
    ----------
    share : array of float
        From 0 to 1.
    error : array of float
        The standard error of the share as it is estimated; 0 where every search of a part is made.
    searches : int
        From how many people shortest ways were sought.
    exact : bool
        Whether that was from all.
    """

    share: Floats
    error: Floats
    searches: int
    exact: bool


def betweenness(people: Index, one: Index, other: Index, component: Index, seed: int = 0) -> Betweenness | None:
    """The betweenness of everybody in the graph of some pairs.

    Parameters
    ----------
    people : array of int
        The codes of all who are in the graph, sorted.
    one, other : array of int
        Pairs of different people; one that is there twice, or both ways round, counts once.
    component : array of int
        By code: the connected part that somebody is in.
    seed : int
        Of the sample.

    Returns
    -------
    Betweenness or None
        None where fewer than ``FEW`` searches in each part would take more than ``EFFORT``.

    Notes
    -----
    A search from s gives the dependency of s on everybody (Brandes 2001, doi:10.1080/0022250X.2001.9990249); its sum
    over all s, divided by (n - 1)(n - 2), is the betweenness. In a part with more people than searches may be made, the
    mean over a sample drawn without replacement stands for all of the part (Brandes and Pich 2007,
    doi:10.1142/S0218127407018403), and the spread of the dependencies within the sample gives its standard error, with
    the correction for a finite population. On one whom few ways meet most depend with 0: a small sample may have none
    of the others, and its error is then too small. Every part has as many searches as any other, or as it has people.
    All of them advance together, one step a time, as arrays.
    """
    graph = _Graph.of(people, one, other, component)
    many = graph.searches_a_part()
    if many < FEW and many < graph.sizes.max(initial=0):
        return None
    draw = np.random.default_rng([seed, EFFORT])
    total, squares = np.zeros(len(graph.order)), np.zeros(len(graph.order))
    sources = np.concatenate([np.empty(0, np.int64), *graph.sources(many, draw)])
    for batch in graph.batches(sources):
        place, dependency = graph.dependencies(batch)
        total += np.bincount(place, dependency, len(total))
        squares += np.bincount(place, dependency**2, len(total))
    # Nobody lies on a way of their own: what stands for each are the searches of others.
    size = graph.sizes[graph.part]
    others = np.maximum(size - 1, 1).astype(np.float64)
    made = np.maximum(np.minimum(size, many) - np.isin(np.arange(len(size)), sources), 1)
    spread = np.maximum(squares - total**2 / made, 0) / np.maximum(made - 1, 1)
    n = len(graph.order)
    pairs = max((n - 1) * (n - 2), 1)
    share, error = np.zeros(len(component)), np.zeros(len(component))
    share[graph.order] = total / made * others / pairs
    error[graph.order] = np.sqrt(spread / made * (1 - made / others)) * others / pairs
    return Betweenness(share, error, len(sources), len(sources) == n)


@define(eq=False)
class _Graph:
    """The pairs as neighbours; people stand part by part, each part in one stretch.

    Attributes
    ----------
    order : array of int
        The code of the person at each place.
    part : array of int
        By place: the part, numbered from 0.
    sizes, begin : array of int
        By part: how many people, and the place of the first.
    cost : array of int
        By part: people and directed pairs that one search looks at.
    first : array of int
        By place: where the neighbours begin; one more at the end.
    neighbours : array of int
        Places.
    """

    order: Index
    part: Index
    sizes: Index
    begin: Index
    cost: Index
    first: Index
    neighbours: Index

    @classmethod
    def of(cls, people: Index, one: Index, other: Index, component: Index) -> _Graph:
        """Made of pairs of codes."""
        order = people[np.argsort(component[people], kind="stable")]
        place = np.full(len(component), -1)
        place[order] = np.arange(len(order))
        _, part, sizes = np.unique(component[order], return_inverse=True, return_counts=True)
        a, b = apart(np.unique(both(place[np.concatenate([one, other])], place[np.concatenate([other, one])])))
        degrees = np.bincount(a, minlength=len(order))
        return cls(
            order,
            part,
            sizes,
            np.cumsum(sizes) - sizes,
            sizes + np.bincount(part[a], minlength=len(sizes)),
            np.concatenate([[0], np.cumsum(degrees)]),
            b,
        )

    def searches_a_part(self) -> int:
        """The most searches in each part that are within the effort; as many as people where all are."""
        low, high = 0, int(self.sizes.max(initial=0))
        while low < high:
            many = (low + high + 1) // 2
            if int((np.minimum(self.sizes, many) * self.cost).sum()) <= EFFORT:
                low = many
            else:
                high = many - 1
        return low

    def sources(self, many: int, draw: np.random.Generator) -> Iterator[Index]:
        """The places from which the searches of each part begin."""
        for begin, size in zip(self.begin.tolist(), self.sizes.tolist(), strict=True):
            yield begin + (np.arange(size) if size <= many else np.sort(draw.choice(size, many, replace=False)))

    def batches(self, sources: Index) -> Iterator[Index]:
        """Searches that are made at once."""
        reached = np.cumsum(self.sizes[self.part[sources]])
        cuts = np.flatnonzero(np.diff(reached // _AT_ONCE)) + 1
        yield from (batch for batch in np.split(sources, cuts) if len(batch))

    def dependencies(self, sources: Index) -> tuple[Index, Floats]:
        """Of each source its dependency on everybody in its part: their places, and how much, joined.

        A search has a cell for each person of its part; ``shift`` leads from a place to the cell.
        """
        part = self.part[sources]
        sizes = self.sizes[part]
        shift = np.cumsum(sizes) - sizes - self.begin[part]
        place = np.arange(int(sizes.sum())) - np.repeat(shift, sizes)
        distance = np.full(len(place), -1, np.int32)
        ways, dependency = np.zeros(len(place)), np.zeros(len(place))
        last = np.empty(len(place), np.int64)
        cells = sources + shift
        distance[cells], ways[cells] = 0, 1
        steps: list[tuple[Index, Index]] = []
        moved = shift
        while len(cells):
            at = place[cells]
            degrees = self.first[at + 1] - self.first[at]
            within = np.arange(int(degrees.sum())) - np.repeat(np.cumsum(degrees) - degrees, degrees)
            to = self.neighbours[np.repeat(self.first[at], degrees) + within] + np.repeat(moved, degrees)
            onwards = distance[to] < 0
            came, to = np.repeat(cells, degrees)[onwards], to[onwards]
            shifted = np.repeat(moved, degrees)[onwards]
            distance[to] = len(steps) + 1
            np.add.at(ways, to, ways[came])
            last[to] = np.arange(len(to))
            once = last[to] == np.arange(len(to))  # each cell that was reached, one time
            steps.append((came, to))
            cells, moved = to[once], shifted[once]
        for came, to in reversed(steps):
            np.add.at(dependency, came, ways[came] / ways[to] * (1 + dependency[to]))
        dependency[sources + shift] = 0
        return place, dependency
