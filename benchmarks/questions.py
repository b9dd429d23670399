"""What every planner of a week is told, whichever it is, and what it answers.

Who may sit with whom, when they fit and who may watch is the same for all (``schedule`` finds it out in the same way,
and so it is not part of a comparison); how to choose among it is each planner's own.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property

import numpy as np
from attrs import Factory, define, frozen
from week_instances import WEEK

from kapteam.columns.facts import Bools
from kapteam.columns.lookup import Index
from kapteam.records.people import Practitioner
from kapteam.records.roster import Roster
from kapteam.sessions.calendar import Calendar
from kapteam.sessions.candidates import Candidates, candidates
from kapteam.sessions.days import Days
from kapteam.sessions.kinds import Kind, kinds_of, serves
from kapteam.sessions.onsite import OnSite, on_site
from kapteam.sessions.saved import SavedSchedule, SavedSession
from kapteam.sessions.verify import verify

ANYTHING = -1  # the row of demand of a session at a site without rows


@define(eq=False, slots=False)
class Question:
    """A week: people, sites, kinds of session, and every link at every quarter hour from which it fits.

    Attributes
    ----------
    roster : Roster
    days : Days
    there : OnSite
    kinds : list of Kind
    found : Candidates
    """

    roster: Roster
    days: Days
    there: OnSite
    kinds: list[Kind]
    found: Candidates

    @classmethod
    def of(cls, roster: Roster) -> Question:
        """The question that ``schedule`` asks of a roster for one week."""
        calendar = Calendar.of(tuple(sorted(roster.sites, key=lambda s: s.site)), WEEK, 1)
        days = Days.of(roster, calendar)
        facts = days.facts(0)
        there = on_site(roster, calendar, facts.person_code, facts.site_code)
        kinds = kinds_of(roster, facts.site_code)
        return cls(roster, days, there, kinds, candidates(days, there, kinds))

    @cached_property
    def people(self) -> list[Practitioner]:
        """By code."""
        return [self.roster.people[id] for id in self.days.facts(0).people]

    @cached_property
    def at_once(self) -> Index:
        """By person: how many sessions they may oversee at once; no date of these weeks changes it."""
        numbers = [self.days.concurrency(day) for day in self.days.different()]
        assert all((n == numbers[0]).all() for n in numbers)
        return numbers[0]

    @cached_property
    def avoiding(self) -> set[tuple[int, int]]:
        """Pairs who may not be in one session, each both ways."""
        pairs = self.days.facts(0).ties["avoids"].tolist()
        return {(a, b) for a, b in pairs} | {(b, a) for a, b in pairs}

    def rows(self, kind: Kind) -> list[tuple[int, int, Bools]]:
        """The rows of demand that a kind may serve: number, value, and by person whether they have what it asks.

        No row of these weeks names a therapist. A site without rows has one that takes anything.
        """
        if not kind.rows:
            return [(ANYTHING, 1, np.ones(len(self.people), bool))]
        facts, table = self.days.facts(0), self.roster.demand
        return [(number, table[number - 1].priority, serves(facts, table[number - 1])) for number in kind.rows]

    def groups(self) -> Iterator[tuple[Kind, int, int, Candidates]]:
        """Kind, day and prescriber, with all of their candidates."""
        keys = np.stack([self.found.kind, self.found.day, self.found.prescriber])
        order = np.lexsort((self.found.start, *keys[::-1]))
        edges = np.flatnonzero(np.r_[True, (np.diff(keys[:, order], axis=1) != 0).any(axis=0)])
        for first, last in zip(edges, [*edges[1:], len(order)], strict=True):
            one = self.found.take(order[first:last])
            yield self.kinds[int(one.kind[0])], int(one.day[0]), int(one.prescriber[0]), one

    def watchers(self, kind: Kind, day: int) -> dict[int, Index]:
        """Who may watch a kind of session on a day, and from which slots on."""
        if not kind.protocol.monitors:
            return {}
        may = np.flatnonzero(self.days.monitors(day)[:, kind.site])
        slots = np.flatnonzero(self.days.calendar.day[kind.site] == day)
        fits = self.there.starts(kind.length)[np.ix_(self.there.row(may, np.full(len(may), kind.site)), slots)]
        return {int(w): slots[f] for w, f in zip(may, fits, strict=True) if f.any()}


@frozen
class Chosen:
    """One session of an answer, as codes."""

    kind: Kind
    start: int
    prescriber: int
    therapists: tuple[int, ...]
    monitors: tuple[int, ...]
    row: int


@frozen
class Answer:
    """What a planner found: its sessions, and what it says that none exceeds, if it says so.

    Attributes
    ----------
    sessions : list of Chosen
    value_bound, points_bound : int or None
        ``points_bound`` among the plans of that value.
    proven : tuple of str
        Of ``value`` and ``points``.
    seconds : dict of str to float
        Of processor, until each level ended.
    """

    sessions: list[Chosen]
    value_bound: int | None = None
    points_bound: int | None = None
    proven: tuple[str, ...] = ()
    seconds: dict[str, float] = Factory(dict)


@frozen
class Judged:
    """An answer as kapteam's judge sees it: lawful or not, and what it is worth."""

    lawful: bool
    value: int
    points: int
    spread: int
    sessions: int


def judged(question: Question, answer: Answer) -> Judged:
    """Every rule asked of an answer, without a solver."""
    facts, calendar = question.days.facts(0), question.days.calendar

    def ids(codes: tuple[int, ...]) -> list[str]:
        return [facts.people[code] for code in codes]

    sessions = [
        SavedSession(
            facts.sites[one.kind.site],
            calendar.moment(one.start, one.kind.site),
            ids((one.prescriber,)),
            ids(one.therapists),
            ids(one.monitors),
            protocol=one.kind.name,
            demand=None if one.row == ANYTHING else one.row,
        )
        for one in answer.sessions
    ]
    found = verify(SavedSchedule(sessions, week=WEEK, weeks=1), question.roster)
    worth = found.objective
    return Judged(found.ok, worth.value or 0, worth.points or 0, worth.spread or 0, len(sessions))
