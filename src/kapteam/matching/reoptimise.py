"""From one solved market to those near it: what goes or comes is mended along a few shortest paths."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import cached_property
from typing import TYPE_CHECKING

import attrs
import numpy as np
from attrs import field, frozen
from numpy.typing import NDArray

from kapteam.columns.lookup import Index
from kapteam.matching.certificate import least_prices
from kapteam.matching.draw import draws, hashes
from kapteam.matching.market import Market, Used, market
from kapteam.matching.optimum import least_draw, optimum
from kapteam.matching.residual import NOBODY, Residual, Triple

if TYPE_CHECKING:
    from kapteam.matching.match import Plan  # which asks here what confirming facts would add


def _codes(values: Iterable[int] = ()) -> Index:
    return np.array(list(values), np.int64)


@frozen(eq=False)
class Coming:
    """Links that a market gets, beside those that it has.

    Attributes
    ----------
    site, prescriber, therapist : array of int
        Codes.
    points : array of int
    """

    site: Index = field(factory=_codes)
    prescriber: Index = field(factory=_codes)
    therapist: Index = field(factory=_codes)
    points: Index = field(factory=_codes)

    def __len__(self) -> int:
        return len(self.points)


NOTHING = Coming()


@frozen
class Rematch:
    """The best plan of a market that differs from the one solved.

    Attributes
    ----------
    teamed, points : int
        What it reaches.
    came, left : tuple of (site, prescriber, therapist)
        The links that it uses and the plan does not, and the other way round; by codes, sorted.
    """

    teamed: int
    points: int
    came: tuple[Triple, ...]
    left: tuple[Triple, ...]


class Solved:
    """A market with its best plan, which answers what the best plan would be if something went or came.

    Of equally good plans the one with the fewest links that the plan has not; of these the one with the least sum
    of draws. The plan itself is never changed.

    Parameters
    ----------
    problem : Market
        People are its codes; nothing else of its links is read but sites and draws.
    used : array of bool, shape (edges,)
        An optimum.
    held : array of bool, shape (edges,), optional
        Edges that stay as long as both of their people are there: they are worth more than all others together.
    most_points : int, optional
        The most points that a link which comes could have, where that is more than any has.

    Attributes
    ----------
    teamed, points : int
        What the plan reaches.
    again : bool
        Whether each answer is a whole new solve: so where a therapist may have several partners.

    Notes
    -----
    The plan is a flow, and prices of prescribers (y) and therapists (z) are its potentials: y + z is at least a
    link's worth, and equal to it where the link is used; only who is full or teamed has a price. What goes is taken
    out with those it was teamed with, which leaves a smaller market solved; then one place or therapist after the
    other is put back along a shortest path by reduced costs (successive shortest paths: Ahuja, Magnanti and Orlin
    1993, chapter 9.7; Dijkstra's search ends where nothing nearer can come). Its work is as local as the change; see
    :class:`~kapteam.matching.residual.Residual`.

    For one therapist nothing need be searched at all: the greatest price z that any proof can give a therapist is
    what the optimum loses without them (Shapley and Shubik 1971, doi:10.1007/BF01753437; Leonard 1983,
    doi:10.1086/261185). Here is why. Without the therapist t of prescriber p, the links used less (p, t) are a flow
    of the rest, in which p has a place free, and what it takes to be best again is the best alternating path from p:
    p takes somebody, whose old prescriber takes somebody, until one takes who was in no team, or leaves the place
    free. The least prices are exactly the worth of these paths: y(p) is the fixpoint of "the best of 0 and, over the
    unused links (p, s), their worth less what s brings where they are". So the loss is the worth of (p, t) less
    y(p), which is z(t), greatest as y is least. The path itself is read off the links at which that best is taken.
    """

    def __init__(self, problem: Market, used: Used, held: Used | None = None, most_points: int | None = None) -> None:
        self.problem, self.used = problem, used
        self.again = bool((problem.units > 1).any())
        self.teamed, self.points = int(used.sum()), int(problem.points[used].sum())
        self._most = max(int(problem.points.max(initial=0)), most_points or 0)
        self._flow = Residual(problem, used, np.zeros(len(used), bool) if held is None else held, self._most)
        self._plan = list(self._flow.edge)
        self._same = Rematch(self.teamed, self.points, (), ())

    @classmethod
    def of(cls, plan: Plan, most_points: int | None = None) -> Solved:
        """A plan's market; the pairs that it holds are held.

        With several partners allowed, these pairs are not in the market and stay whatever happens.
        """
        if not len(plan.held.rows) or plan.max_partners > 1:
            return cls(plan.problem, np.isin(plan.problem.row, plan.rows), None, most_points)
        problem = market(plan.links, plan.usable, plan.max_partners)
        used, held = np.isin(problem.row, plan.rows), np.isin(problem.row, plan.held.rows)
        return cls(problem, used, held, most_points)

    # --- Questions ---

    def without(self, people: Iterable[int]) -> Rematch:
        """The best plan without some people, in either role."""
        out, flow = list(people), self._flow
        if len(out) == 1 and not (self.again or flow.log or flow.team[out[0]]):
            return self._without_therapist(out[0])
        return self.changed(without=out)

    def without_edges(self, gone: Used) -> Rematch:
        """The best plan without some edges."""
        return self.changed(gone=np.flatnonzero(gone))

    def with_place(self, prescriber: int, places: int = 1) -> Rematch:
        """The best plan where a prescriber, by code, can take more therapists."""
        node = np.flatnonzero(self.problem.prescribers == prescriber)
        if not len(node) or self.problem.unlimited[node[0]]:
            return self.changed()
        return self.changed(capacity={prescriber: int(self.problem.capacity[node[0]]) + places})

    def changed(
        self,
        *,
        without: Iterable[int] = (),
        gone: Index | Sequence[int] = (),
        come: Coming = NOTHING,
        capacity: Mapping[int, int] | None = None,
    ) -> Rematch:
        """The best plan after several changes at once.

        Parameters
        ----------
        without : iterable of int
            People who go.
        gone : sequence of int
            Edges that go.
        come : Coming
            Links that come; of people who need not have been in the market.
        capacity : mapping of int to int, optional
            Of some prescribers, how many they can take instead; -1 for no limit. Who was not in the market as a
            prescriber can take none, unless it is told here.

        Raises
        ------
        ValueError
            A link that comes has more points than was foreseen.
        """
        if len(come) and int(come.points.max()) > self._most:
            raise ValueError(f"a link comes with more than {self._most} points: say most_points")
        if self.again:
            return self._solved_again(set(without), gone, come, capacity or {})
        with self._mended(list(without), gone, come, capacity or {}):
            return self._answer()

    @contextmanager
    def absent(self, people: Iterable[int]) -> Iterator[None]:
        """As long as it lasts, questions are asked of the market without these people.

        Raises
        ------
        ValueError
            A therapist may have several partners.
        """
        if self.again:
            raise ValueError("where a therapist may have several partners, no absence can be left standing")
        with self._mended(list(people), (), NOTHING, {}):
            yield

    def places(self, person: int) -> set[int]:
        """The edges that now stand on a person, in either role."""
        mine = [self._flow.edge[t] for t in (*self._flow.team[person], person)]
        return {e for e in mine if e != NOBODY}

    def worth_of(self, edges: Iterable[int]) -> tuple[int, int]:
        """How many edges these are, and their points."""
        points = [self._flow.points[e] for e in edges]
        return len(points), sum(points)

    def reach(self, person: int) -> tuple[set[int], set[int]]:
        """What the best plan without a person differs in, and all that was looked at to find it.

        Of two people the losses add up exactly where what differs without the one was not looked at for the other:
        then the search for the other finds, without the one, all as it was. Both are sets of nodes: a person's code
        for the prescriber, that plus the number of people for the therapist.
        """
        flow = self._flow
        own = {person, person + flow.people}
        flow.seen = set()
        with self._mended([person], (), NOTHING, {}):
            seen, flow.seen = flow.seen, None
            return flow.changed_nodes() | own, seen | own

    # --- Answers ---

    @contextmanager
    def _mended(
        self, without: list[int], gone: Index | Sequence[int], come: Coming, capacity: Mapping[int, int]
    ) -> Iterator[None]:
        """Make the changes, mend the plan, and put all back in the end."""
        flow = self._flow
        mark, edges = len(flow.log), len(flow.edges)
        try:
            flow.mend(without, [int(e) for e in gone], self._numbered(come), capacity)
            yield
        finally:
            flow.undo(mark, edges)

    def _numbered(self, come: Coming) -> list[int]:
        """The numbers of links that come."""
        if not len(come):
            return []
        sites, people = self._hashes
        lots = draws(sites[come.site], people[come.prescriber], people[come.therapist])
        codes = (of.tolist() for of in (come.site, come.prescriber, come.therapist, come.points, lots))
        return [self._flow.append((s, p, t), v, d) for s, p, t, v, d in zip(*codes, strict=True)]

    @cached_property
    def _hashes(self) -> tuple[NDArray[np.uint64], NDArray[np.uint64]]:
        """Of each site and of each person, by code: what draws are made of."""
        facts = self.problem.links.facts
        return hashes(facts.sites, facts.protocol.draw), hashes(facts.people, facts.protocol.draw)

    def _answer(self) -> Rematch:
        """What the market as it is now has, beside the plan."""
        flow = self._flow
        changed = {t for of, t, _ in flow.log if of is flow.edge}
        now = [(self._plan[t], flow.edge[t]) for t in changed]
        return self._rematch([a for a, b in now if a != b], [b for a, b in now if a != b])

    def _without_therapist(self, person: int) -> Rematch:
        """Without somebody who sits, and has no team of their own: the path that the prices were found by."""
        flow = self._flow
        if flow.edge[person] == NOBODY:
            return self._same
        left, came, place = [flow.edge[person]], [], flow.at[person]
        while place != NOBODY and (taken := flow.taken[place]) != NOBODY:
            therapist = flow.edges[taken][2]
            came.append(taken)
            left.append(flow.edge[therapist])
            place = flow.at[therapist]
        return self._rematch(left, came)

    def _rematch(self, left: Iterable[int], came: Iterable[int]) -> Rematch:
        left, came = [e for e in left if e != NOBODY], [e for e in came if e != NOBODY]
        gone, new = {self._flow.edges[e] for e in left}, {self._flow.edges[e] for e in came}
        return Rematch(
            self.teamed - len(left) + len(came),
            self.points - sum(self._flow.points[e] for e in left) + sum(self._flow.points[e] for e in came),
            tuple(sorted(new - gone)),
            tuple(sorted(gone - new)),
        )

    def _solved_again(
        self, without: set[int], gone: Index | Sequence[int], come: Coming, capacity: Mapping[int, int]
    ) -> Rematch:
        """The same answer by a new solve of what is left."""
        problem = self.problem
        if len(come):
            raise ValueError("where a therapist may have several partners, links can only go")
        keep = np.ones(len(problem.row), bool)
        keep[np.asarray(gone, np.int64)] = False
        people = _codes(without)
        keep &= ~np.isin(problem.prescribers[problem.prescriber], people)
        keep &= ~np.isin(problem.therapists[problem.therapist], people)
        room, unlimited = problem.capacity.copy(), problem.unlimited.copy()
        for p, limit in capacity.items():
            node = int(np.searchsorted(problem.prescribers, p))
            unlimited[node] = limit < 0
            room[node] = limit if limit >= 0 else len(problem.row)
        most = 2 * len(problem.row) + 1  # above every number of changes
        rest = attrs.evolve(
            problem,
            row=problem.row[keep],
            prescriber=problem.prescriber[keep],
            therapist=problem.therapist[keep],
            points=problem.points[keep] * most + self.used[keep],
            capacity=room,
            unlimited=unlimited,
        )
        rest = attrs.evolve(rest, teamed_worth=1 + int(rest.points.max(initial=0)) * int(problem.units.sum()))
        found = optimum(rest)
        best = least_draw(rest, least_prices(rest, found), found)
        now = np.zeros(len(problem.row), bool)
        now[np.flatnonzero(keep)[best]] = True
        return self._rematch(np.flatnonzero(self.used & ~now).tolist(), np.flatnonzero(now & ~self.used).tolist())
