"""People in a role at a site, one per row: the subject of every rule on a single person."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import cached_property
from typing import Any, TypeVar

import numpy as np
from attrs import Factory, define
from numpy.typing import NDArray

from kapteam.columns import weeks
from kapteam.columns.days import Days
from kapteam.columns.facts import Bools, Facts, Small
from kapteam.columns.lookup import Index, both, found_at
from kapteam.columns.policies import Policies, policies
from kapteam.columns.trainings import Trainings, trainings
from kapteam.records.people import Practitioner
from kapteam.records.places import SETTINGS, Site

T = TypeVar("T")


@define(eq=False, slots=False)
class Members:
    """Rows of a person at a site in one role.

    Attributes
    ----------
    facts : Facts
    role : {"prescriber", "therapist", "monitor"}
    person, site : array of int, shape (n,)
        Codes: positions in ``facts.people`` and ``facts.sites``.
    memo : dict
        What was already computed of these rows, by name.
    """

    facts: Facts
    role: str
    person: Index
    site: Index
    memo: dict[str, Any] = Factory(dict)

    def once(self, name: str, make: Callable[[], T]) -> T:
        """What ``make`` gives for these rows, computed the first time that it is asked for."""
        if name not in self.memo:
            self.memo[name] = make()
        return self.memo[name]  # type: ignore[no-any-return]

    def __len__(self) -> int:
        return len(self.person)

    def take(self, rows: NDArray[np.int64]) -> Members:
        """Some of the rows, in that order."""
        return Members(self.facts, self.role, self.person[rows], self.site[rows])

    @cached_property
    def jurisdiction(self) -> Index:
        """The code of each row's jurisdiction."""
        return self.facts.site_jurisdiction[self.site]

    @cached_property
    def at_telehealth(self) -> Bools:
        """Whether the site is where a remote patient is."""
        return self.setting_in("telehealth")

    @property
    def policies(self) -> Policies:
        """Everyone's policies in this role, by person."""
        return policies(self.facts, self.role)

    @property
    def trainings(self) -> Trainings:
        """Everyone's trainings and modalities, by person."""
        return trainings(self.facts)

    @cached_property
    def posting(self) -> Index:
        """The row of ``facts.postings`` of this person here, -1 where they have no hours here.

        The number of postings, one beyond their rows, where the person is only supposed to come: see
        :func:`week_starts`.
        """
        held = self.facts.postings
        row = found_at(both(held.site, held.person), both(self.site, self.person))  # sorted, as the postings are
        return np.where(self.supposed >= 0, len(held.person), row)

    @cached_property
    def supposed(self) -> Index:
        """The row of ``facts.supposed`` of this person here, -1 where there is none; nobody is supposed to sit."""
        if self.facts.supposed is None or self.role != "prescriber":
            return np.full(len(self), -1)
        return self.facts.supposed.at(self.person, self.site)

    # What a house's own rule reads most, by row:

    def practitioners(self) -> Iterable[Practitioner]:
        """The record of each row's person."""
        people = self.facts.roster.people
        return (people[self.facts.people[p]] for p in self.person)

    def sites(self) -> Iterable[Site]:
        """The record of each row's site."""
        places = self.facts.roster.places
        return (places[self.facts.sites[s]] for s in self.site)

    def specialty_in(self, names: Iterable[str]) -> Small:
        """A verdict: 1 where the specialty is one of these, -1 where it is another, 0 where it is blank."""
        wanted = frozenset(names)
        verdict = self.facts.specialty.mapped(lambda name: 1 if name in wanted else -1, blank=0)
        return verdict[self.person].astype(np.int8)

    def speaks(self, language: str) -> Small:
        """A verdict: 1 where the language is among theirs, -1 where it is not, 0 where the cell is blank."""
        spoken = self.facts.of_people("languages").mapped(lambda tags: 1 if language in tags else -1, blank=0)
        return spoken[self.person].astype(np.int8)

    def setting_in(self, *settings: str) -> Bools:
        """Whether the site is of one of these settings."""
        return np.isin(self.facts.setting[self.site], [SETTINGS.index(s) for s in settings])


def week_starts(facts: Facts, length: int, *, unwritten: bool = False) -> weeks.Words:
    """By posting: the starts of ``length`` slots on site; with ``unwritten``, as if unwritten hours were all hours.

    Two rows more than there are postings: of those who are only supposed to come, of whose hours none are written; and
    the last, always empty, of those without hours (posting -1).
    """

    def make() -> weeks.Words:
        week = np.vstack([facts.postings.week, weeks.empty(2)])
        if unwritten:
            week[:-1][np.append(facts.postings.unwritten, True)] = 0xFFFFFFFF
        return weeks.starts(week, length)

    return facts.once(("starts", length, unwritten), make)


def day_starts(facts: Facts, length: int, *, unwritten: bool = False) -> Days:
    """The rows of :func:`week_starts` as runs of a day."""

    def make() -> Days:
        if not unwritten:
            return Days.of(week_starts(facts, length))
        return day_starts(facts, length).filled(np.append(facts.postings.unwritten, [True, False]))

    return facts.once(("days", length, unwritten), make)


def anywhere_starts(facts: Facts, length: int, *, unwritten: bool = False) -> weeks.Words:
    """By person, in UTC: the starts of ``length`` slots, each slot at some site."""

    def make() -> weeks.Words:
        return weeks.starts(_anywhere(facts, unwritten), length)

    return facts.once(("anywhere", length, unwritten), make)


def _anywhere(facts: Facts, unwritten: bool) -> weeks.Words:
    held = facts.postings
    week = weeks.empty(len(facts.people))
    for offset in np.unique(facts.offset[held.site]):
        rows = np.flatnonzero(facts.offset[held.site] == offset)
        here = held.week[rows].copy()
        if unwritten:
            here[held.unwritten[rows]] = 0xFFFFFFFF
        # A clock that is behind UTC shows an earlier slot: UTC's is its own minus the offset.
        np.bitwise_or.at(week, held.person[rows], weeks.earlier(here, int(offset)))
    return week
