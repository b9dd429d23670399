"""The sessions that are lawful by themselves, of which a plan might have one more."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from itertools import islice

import numpy as np
from attrs import frozen

from kapteam.sessions.candidates import Candidates
from kapteam.sessions.days import Days
from kapteam.sessions.judge import Placed
from kapteam.sessions.kinds import Kind, serves
from kapteam.sessions.meets import Meets, Offer
from kapteam.sessions.onsite import OnSite
from kapteam.sessions.teams import teams, watchers

#: Starts and links that are looked at for one thing wanted, and teams at each: limits that are the same everywhere.
_LOOKED_AT, _TEAMS = 1000, 8


@frozen
class Wanted:
    """Something of which a plan might have more.

    Attributes
    ----------
    kinds : tuple of int
        The kinds of session that it may be.
    until : int
        The first day after those that it may be on.
    counts : callable
        Whether a session of the plan is one of it.
    first : int
        The first day.
    row : int or None
        The row of demand that it has to serve.
    must : tuple of int
        Who has to sit in it.
    """

    kinds: tuple[int, ...]
    until: int
    counts: Callable[[Placed], bool]
    first: int = 0
    row: int | None = None
    must: tuple[int, ...] = ()

    @property
    def span(self) -> range:
        """The days that it may be on."""
        return range(self.first, self.until)


class Offers:
    """Lists what might be added to a plan; of many who could meet at one start, those who meet the least in it.

    Parameters
    ----------
    days, there, kinds, found
        What may be planned.
    meets : Meets
        The plan.
    """

    def __init__(self, days: Days, there: OnSite, kinds: Sequence[Kind], found: Candidates, meets: Meets) -> None:
        self.days, self.there, self.kinds, self.found, self.meets = days, there, kinds, found, meets
        self.facts = days.facts(0)
        self._watchers: dict[tuple[int, int], list[int]] = {}

    def of(self, wanted: Wanted) -> list[Offer]:
        """What might be added; where there are very many, some of them, spread over all starts."""
        edges = self.edges(wanted)
        step = -(-len(edges) // _LOOKED_AT)
        return [offer for edge in edges[:: max(step, 1)] for offer in self.at(wanted, *edge)]

    def cut(self, wanted: Wanted) -> bool:
        """Whether there are so many that :meth:`of` leaves some out."""
        return len(self.edges(wanted)) > _LOOKED_AT

    def days_of(self, wanted: Wanted) -> set[int]:
        """The days on which something might be added."""
        return {offer.day for offer in self.of(wanted)}

    def edges(self, wanted: Wanted) -> list[tuple[int, int]]:
        """Where the candidates of one kind, start and prescriber begin and end; of a pair each by itself."""
        found = self.found
        within = (found.day >= wanted.first) & (found.day < wanted.until)
        rows = np.flatnonzero(np.isin(found.kind, wanted.kinds) & within)
        pairs = np.array([k.is_pair for k in self.kinds], bool)[found.kind[rows]]
        if wanted.must:
            kept = ~pairs | np.isin(found.therapist[rows], wanted.must)
            rows, pairs = rows[kept], pairs[kept]
        if not len(rows):
            return []
        keys = np.stack([found.kind[rows], found.start[rows], found.prescriber[rows]])
        new = np.r_[True, (keys[:, 1:] != keys[:, :-1]).any(axis=0) | pairs[1:]]
        begin = np.flatnonzero(new)
        return [(int(rows[i]), int(rows[j - 1]) + 1) for i, j in zip(begin, [*begin[1:], len(rows)], strict=True)]

    def at(self, wanted: Wanted, first: int, last: int) -> Iterator[Offer]:
        """The offers of one kind, start and prescriber."""
        found = self.found
        number, start, day, prescriber = (int(x[first]) for x in (found.kind, found.start, found.day, found.prescriber))
        kind = self.kinds[number]
        here = dict(zip(found.therapist[first:last].tolist(), found.in_person[first:last].tolist(), strict=True))
        may = [w for w in self.watchers(number, start, day) if w != prescriber and not self.days.apart(w, prescriber)]
        bare = Offer(kind, start, day, prescriber, (), (), False, ())
        sitters, may = (sorted(who, key=lambda q: (len(self.meets.person(bare, q, sits=True, here=True)), q))
                        for who in (here, may))  # fmt: skip
        rows = kind.rows if wanted.row is None else (wanted.row,)
        seen = set()
        for row in rows or (None,):
            must, able = (
                (wanted.must, None) if row is None else (self.must(row, wanted.must), self.able(row, day, sitters))
            )
            for team in islice(teams(kind, sitters, may, self.days.apart, must, able), _TEAMS):
                if team not in seen:
                    seen.add(team)
                    serving = tuple(r for r in rows if self.serves(r, day, team[0]))
                    yield Offer(kind, start, day, prescriber, *team, any(here[t] for t in team[0]), serving)

    def must(self, row: int, others: tuple[int, ...]) -> tuple[int, ...]:
        """Who has to sit in a session that serves a row of demand."""
        brings = self.days.roster.demand[row - 1].therapist
        return others if brings is None else tuple(dict.fromkeys((self.facts.person_code[brings], *others)))

    def able(self, row: int, day: int, sitters: Sequence[int]) -> list[int]:
        """Who of some has what a row of demand asks for."""
        facts = self.days.facts(day)
        fits = facts.once(("serves", row), lambda: serves(facts, self.days.roster.demand[row - 1]))
        return [t for t in sitters if fits[t]]

    def serves(self, row: int, day: int, therapists: Sequence[int]) -> bool:
        """Whether a session serves a row of demand by those who sit in it."""
        return set(self.must(row, ())) <= set(therapists) and bool(self.able(row, day, therapists))

    def watchers(self, number: int, start: int, day: int) -> list[int]:
        """Who may watch a session of a kind from a start on."""
        if (number, start) not in self._watchers:
            self._watchers[number, start] = watchers(self.days, self.there, self.kinds[number], start, day)
        return self._watchers[number, start]
