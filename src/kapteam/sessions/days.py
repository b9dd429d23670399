"""The law of each planned day: which links may be used, who may watch, and how many sessions one may oversee."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date, datetime, timedelta
from functools import reduce
from zoneinfo import ZoneInfo

import numpy as np
from attrs import define, field, frozen

from kapteam.columns.facts import Bools, Facts, Small
from kapteam.columns.logic import PASS, UNKNOWN
from kapteam.columns.lookup import Index
from kapteam.columns.members import Members
from kapteam.columns.policies import policies
from kapteam.law.day import FEDERAL
from kapteam.law.packs import Packs
from kapteam.network.judge import Judgement
from kapteam.network.links import Links, judged_links
from kapteam.network.monitors import deciding
from kapteam.records.roster import Roster
from kapteam.rules.rule import Rule
from kapteam.rules.rulebook import OWN, Rulebook
from kapteam.sessions.calendar import Calendar

_DAY = timedelta(days=1)


@frozen(eq=False)
class Usable:
    """The links that may be used on a day, as codes.

    Attributes
    ----------
    site, prescriber, therapist, points, level : array of int
        ``level`` is the presence asked of the prescriber.
    """

    site: Index
    prescriber: Index
    therapist: Index
    points: Index
    level: Small

    def __len__(self) -> int:
        return len(self.site)


@frozen
class Fact:
    """Something that nobody wrote down.

    Attributes
    ----------
    rule : str
        The rule that asks for it.
    people : tuple of int
        Whose it is.
    site : int
    """

    rule: str
    people: tuple[int, ...]
    site: int


@define(eq=False)
class Days:
    """The days of a calendar, judged as they are asked for; days between which nothing changes are judged once.

    Attributes
    ----------
    roster : Roster
    calendar : Calendar
    unknown : {"exclude", "allow"}
    house : tuple of Rule
    packs : Packs or None
    first_alike : list of int
        By day: the first day that is judged alike.
    """

    roster: Roster
    calendar: Calendar
    unknown: str
    house: tuple[Rule, ...]
    packs: Packs | None
    first_alike: list[int]
    _links: dict[tuple[int, str | None], Links] = field(factory=dict, init=False, repr=False)
    _usable: dict[tuple[int, str | None], Usable] = field(factory=dict, init=False, repr=False)
    _rows: dict[tuple[int, str | None], dict[tuple[int, int, int], int]] = field(factory=dict, init=False, repr=False)
    _avoiding: frozenset[tuple[int, int]] | None = field(default=None, init=False, repr=False)

    @classmethod
    def of(
        cls,
        roster: Roster,
        calendar: Calendar,
        unknown: str = "exclude",
        house: Iterable[Rule] = (),
        packs: Packs | None = None,
    ) -> Days:
        """The days of a calendar, none of them judged yet."""
        house = tuple(house)
        rulebook = Rulebook.of(roster.practice, house)
        changes = _changes(roster, calendar, packs or Packs.shipped())
        every_day = len(rulebook.rules) > len(OWN)  # what a house's rule makes of the day, nobody knows
        alike: list[int] = []
        for day in range(calendar.days):
            new = every_day or day == 0 or calendar.date(day) in changes
            alike.append(day if new else alike[-1])
        return cls(roster, calendar, unknown, house, packs, alike)

    @property
    def least(self) -> int:
        """The least verdict of a link that may be used."""
        return UNKNOWN if self.unknown == "allow" else PASS

    def different(self) -> list[int]:
        """The first of each run of days that are judged alike."""
        return sorted(set(self.first_alike))

    def links(self, day: int, protocol: str | None) -> Links:
        """Every link as it is judged on a day."""
        key = (self.first_alike[day], protocol)
        if key not in self._links:
            on = self.calendar.date(key[0])
            self._links[key] = judged_links(self.roster, on, protocol=protocol, house=self.house, packs=self.packs)
        return self._links[key]

    def facts(self, day: int) -> Facts:
        """The roster on a day, by the default protocol."""
        return self.links(day, None).facts

    def usable(self, day: int, protocol: str | None) -> Usable:
        """The links that may be used on a day."""
        key = (self.first_alike[day], protocol)
        if key not in self._usable:
            links = self.links(day, protocol)
            rows = np.flatnonzero(links.verdicts >= self.least)
            pairs = links.pairs
            self._usable[key] = Usable(
                pairs.site[rows],
                pairs.prescriber_person[rows],
                pairs.therapist_person[rows],
                links.points[rows],
                pairs.level[rows],
            )
        return self._usable[key]

    def row(self, day: int, protocol: str | None, site: int, prescriber: int, therapist: int) -> int | None:
        """The row of a link among those listed on a day, or None."""
        key = (self.first_alike[day], protocol)
        if key not in self._rows:
            pairs = self.links(day, protocol).pairs
            codes = (pairs.site.tolist(), pairs.prescriber_person.tolist(), pairs.therapist_person.tolist())
            self._rows[key] = {triple: i for i, triple in enumerate(zip(*codes, strict=True))}
        return self._rows[key].get((site, prescriber, therapist))

    def to_verify(
        self, day: int, protocol: str | None, site: int, prescriber: int, therapists: Iterable[int],
        monitors: Iterable[int],
    ) -> list[Fact]:  # fmt: skip
        """The unknown facts that a session rests on: those of its links, then those of who watches; each once."""
        found: list[Fact] = []
        links = self.links(day, protocol)
        unknown = links.judged.unknown_blocks()
        for therapist in therapists:
            row = self.row(day, protocol, site, prescriber, therapist)
            if row is None or not unknown:
                continue
            whom = {"prescriber": (prescriber,), "therapist": (therapist,), "link": (prescriber, therapist)}
            here = np.array([row])
            for judgement in unknown:
                if links.judged.on_links(judgement, here)[0] == UNKNOWN:
                    people = tuple(dict.fromkeys(whom[judgement.role]))
                    found.append(Fact(judgement.rule.id, people, site))
        for person in monitors:
            for judgement in self.watching(day):
                members = self.monitoring(day)
                at = np.flatnonzero((members.person == person) & (members.site == site))
                if len(at) and judgement.verdicts[at[0]] == UNKNOWN:
                    found.append(Fact(judgement.rule.id, (person,), site))
        return list(dict.fromkeys(found))

    def apart(self, one: int, other: int) -> bool:
        """Whether two people may not be in one session, since one avoids the other."""
        if self._avoiding is None:
            blocks = self.links(0, None).rulebook.severities["team.ties"] == "block"
            pairs = self.facts(0).ties["avoids"].tolist() if blocks else []
            self._avoiding = frozenset((min(pair), max(pair)) for pair in pairs)
        return (min(one, other), max(one, other)) in self._avoiding

    def monitors(self, day: int) -> Bools:
        """By person and site: who may watch there on a day, their hours not asked."""
        facts = self.facts(day)

        def make() -> Bools:
            members = self.monitoring(day)
            good = np.zeros((len(facts.people), len(facts.sites)), bool)
            verdicts = reduce(np.minimum, [j.verdicts for j in self.watching(day)])
            good[members.person, members.site] = verdicts >= self.least
            return good

        return facts.once(("monitors", self.unknown), make)

    def monitoring(self, day: int) -> Members:
        """Whoever would watch, at every site."""
        facts = self.facts(day)

        def make() -> Members:
            people, sites = np.flatnonzero(facts.candidate["monitor"]), len(facts.sites)
            return Members(facts, "monitor", np.repeat(people, sites), np.tile(np.arange(sites), len(people)))

        return facts.once(("monitoring",), make)

    def watching(self, day: int) -> list[Judgement]:
        """What is asked of whoever watches, judged of each of :meth:`monitoring`."""
        facts, rulebook = self.facts(day), self.links(day, None).rulebook

        return facts.once(("watching",), lambda: deciding(self.monitoring(day), rulebook))

    def concurrency(self, day: int) -> Index:
        """By person: how many sessions they may oversee at once."""
        facts = self.facts(day)
        own, policy = facts.max_concurrent, policies(facts, "prescriber").max_concurrent
        return np.where(policy >= 0, np.minimum(own, policy), own)


def _changes(roster: Roster, calendar: Calendar, packs: Packs) -> set[date]:
    """Every date on which something may be judged otherwise than on the day before."""
    found: set[date] = set()
    for first, last in _validities(roster, packs):
        if first is not None:
            found.add(first)
        if last is not None and last < date.max:
            found.add(last + _DAY)
    zones = [ZoneInfo(z) for z in sorted({str(s.timezone) for s in roster.sites})]
    for number in range(1, calendar.days):
        day = calendar.date(number)
        if any(_noon(z, day) != _noon(z, day - _DAY) for z in zones):
            found.add(day)
    return found


def _validities(roster: Roster, packs: Packs) -> Iterator[tuple[date | None, date | None]]:
    for table, first, last in (
        ("licenses", "issued", "expires"),
        ("registrations", "issued", "expires"),
        ("coverage", "effective", "expires"),
        ("agreements", "effective", "expires"),
        ("training", "completed", "expires"),
        ("hours", "from_", "until"),
    ):
        for row in roster.table(table):
            yield getattr(row, first), getattr(row, last)
    for place in sorted({FEDERAL, *(s.jurisdiction for s in roster.sites)}):
        for entry in packs.entries(place):
            yield entry.from_, entry.until


def _noon(zone: ZoneInfo, day: date) -> timedelta | None:
    return zone.utcoffset(datetime(day.year, day.month, day.day, 12))
