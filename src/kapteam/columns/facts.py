"""A roster on one day as arrays: every table that rules read, with only the rows in force."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date, datetime, timedelta
from typing import Any, TypeVar
from zoneinfo import ZoneInfo

import numpy as np
from attrs import Factory, define, frozen
from numpy.typing import NDArray

from kapteam.columns import weeks
from kapteam.columns.lookup import Index
from kapteam.law.day import LawOnDay
from kapteam.law.packs import Packs
from kapteam.records.hours import SLOT_MINUTES, SLOTS_A_WEEK
from kapteam.records.people import AGREEMENTS, LICENSE_STATUS, PROFESSIONS, ROLES, TIES
from kapteam.records.places import SETTINGS
from kapteam.records.practice import Protocol
from kapteam.records.roster import Roster

Bools = NDArray[np.bool_]
Small = NDArray[np.int8]
T = TypeVar("T")

BLANK = -1
PRESCRIBING = frozenset(range(7))
THERAPY = frozenset(PROFESSIONS.index(p) for p in (
    "psychologist", "prescribing_psychologist", "clinical_social_worker", "marriage_family_therapist",
    "professional_counselor", "physician",
))  # fmt: skip
#: Nurses whose specialty decides whether they are therapists.
NURSES = frozenset(PROFESSIONS.index(p) for p in ("nurse_practitioner", "clinical_nurse_specialist"))
MONITORING = frozenset(PROFESSIONS.index(p) for p in (
    "physician", "nurse_practitioner", "clinical_nurse_specialist", "nurse_anesthetist", "physician_assistant",
    "registered_nurse",
))  # fmt: skip


@frozen(eq=False)
class Licenses:
    """Licences in force: person, jurisdiction, profession and status as codes; independent -1 where blank."""

    person: Index
    jurisdiction: Index
    profession: Index
    status: Index
    independent: Index


@frozen(eq=False)
class Registrations:
    """Registrations in force; person, site and at_site are -1 where blank; holds is a verdict on 3N or 3."""

    person: Index
    site: Index
    at_site: Index
    state: Bools
    jurisdiction: Index
    holds: Small


@frozen(eq=False)
class Agreements:
    """Agreements in force; jurisdiction is -1 where it holds everywhere."""

    person: Index
    partner: Index
    kind: Index
    jurisdiction: Index


@frozen(eq=False)
class Postings:
    """Where people have hours in force: one row per person and site, sorted by site, then person.

    ``week`` holds the written hours; ``unwritten`` tells that there are others which nobody wrote down.
    """

    person: Index
    site: Index
    week: weeks.Words
    unwritten: Bools


@define(eq=False)
class Facts:
    """Everything the rules may ask, on one day.

    Attributes
    ----------
    people, sites : list of str
        Ids, sorted; their positions are the codes used everywhere.
    jurisdictions : list of str
        The codes of the jurisdictions that the roster names.
    session, dosing : int
        Slots of a session and of its dosing part, rounded up.
    candidate : dict of str to array of bool
        Who may be a candidate for each role.
    specialty : list of (str or None)
        By person, translated to kapteam's own names.
    offset : array of int
        By site: slots that its clock is ahead of UTC at noon of the day.
    memo : dict
        What was already computed from these facts, by name.
    """

    roster: Roster
    day: date
    law: LawOnDay
    protocol: Protocol
    protocol_name: str | None
    people: list[str]
    sites: list[str]
    jurisdictions: list[str]
    session: int
    dosing: int
    candidate: dict[str, Bools]
    specialty: list[str | None]
    site_jurisdiction: Index
    setting: Index
    stock: Bools
    offset: Index
    licenses: Licenses
    registrations: Registrations
    agreements: Agreements
    postings: Postings
    ties: dict[str, Index]
    max_week: Index
    max_therapists: Index
    max_concurrent: Index
    person_code: dict[str, int]
    site_code: dict[str, int]
    memo: dict[Any, Any] = Factory(dict)

    def once(self, name: Any, make: Callable[[], T]) -> T:
        """What ``make`` gives, computed the first time that it is asked for."""
        if name not in self.memo:
            self.memo[name] = make()
        return self.memo[name]  # type: ignore[no-any-return]

    def person(self, id: str) -> int:
        """The code of a practitioner.

        Raises
        ------
        UsageError
            Nobody on the roster has this id.
        """
        return self.person_code[self.roster.person(id).practitioner]

    def place(self, id: str) -> int:
        """The code of a site; raises as :meth:`person` does."""
        return self.site_code[self.roster.place(id).site]


def compile_facts(roster: Roster, day: date, protocol: str | None = None, packs: Packs | None = None) -> Facts:
    """The roster as arrays on a day, for the protocol of that name.

    Raises
    ------
    UsageError
        There is no such protocol.
    """
    law = LawOnDay(day, roster.practice, packs or Packs.shipped())
    chosen = roster.practice.named(protocol)
    practitioners = sorted(roster.practitioners, key=lambda p: p.practitioner)
    sites = sorted(roster.sites, key=lambda s: s.site)
    people = {p.practitioner: i for i, p in enumerate(practitioners)}
    places = {s.site: i for i, s in enumerate(sites)}
    states = {j: i for i, j in enumerate(sorted(
        {s.jurisdiction for s in sites} | {x.jurisdiction for x in roster.licenses}
        | {x.jurisdiction for x in roster.registrations} | {x.jurisdiction for x in roster.agreements if x.jurisdiction}
    ))}  # fmt: skip
    specialty = [law.specialty(p.specialty) for p in practitioners]
    current = [x for x in roster.licenses if in_force(day, x.issued, x.expires)]
    return Facts(
        roster=roster,
        day=day,
        law=law,
        protocol=chosen,
        protocol_name=protocol,
        people=list(people),
        sites=list(places),
        jurisdictions=list(states),
        session=-(-chosen.session_minutes // SLOT_MINUTES),
        dosing=-(-chosen.dosing_minutes // SLOT_MINUTES),
        candidate=_candidates(roster, people, specialty),
        specialty=specialty,
        site_jurisdiction=_codes(states[s.jurisdiction] for s in sites),
        setting=_codes(SETTINGS.index(s.setting) for s in sites),
        stock=np.array([s.supply == "stock" for s in sites], bool),
        offset=_codes(_offset(str(s.timezone), day) for s in sites),
        licenses=Licenses(
            person=_codes(people[x.practitioner] for x in current),
            jurisdiction=_codes(states[x.jurisdiction] for x in current),
            profession=_codes(PROFESSIONS.index(x.profession) for x in current),
            status=_codes(LICENSE_STATUS.index(x.status) for x in current),
            independent=_codes(BLANK if x.independent is None else x.independent for x in current),
        ),
        registrations=_registrations(roster, day, people, places, states),
        agreements=_agreements(roster, day, people, states),
        postings=_postings(roster, day, people, places),
        ties={
            k: _codes(_flat((people[t.a], people[t.b]) for t in roster.ties if t.kind == k)).reshape(-1, 2)
            for k in TIES
        },
        max_week=_codes(_or_blank(p.max_sessions_per_week) for p in practitioners),
        max_therapists=_codes(_or_blank(p.max_therapists) for p in practitioners),
        max_concurrent=_codes(p.max_concurrent_sessions for p in practitioners),
        person_code=people,
        site_code=places,
    )


def in_force(day: date, first: date | None, last: date | None) -> bool:
    """Whether a day lies within two dates; both count, and a blank is open."""
    return (first is None or first <= day) and (last is None or day <= last)


def _codes(values: Iterable[int]) -> Index:
    return np.fromiter(values, np.int64)


def _flat(pairs: Iterable[tuple[int, int]]) -> Iterable[int]:
    return (x for pair in pairs for x in pair)


def _or_blank(value: int | None) -> int:
    return BLANK if value is None else value


def _offset(zone: str, day: date) -> int:
    """Slots that a zone's clock is ahead of UTC at noon of the day."""
    ahead = ZoneInfo(zone).utcoffset(datetime(day.year, day.month, day.day, 12))
    return (ahead or timedelta()) // timedelta(minutes=SLOT_MINUTES)


def _candidates(roster: Roster, people: dict[str, int], specialty: list[str | None]) -> dict[str, Bools]:
    """The roles cell, or where it is blank every role that a licence of theirs, in force or not, is of."""
    by_license = {role: np.zeros(len(people), bool) for role in ROLES}
    code = {p: i for i, p in enumerate(PROFESSIONS)}
    for row in roster.licenses:
        person, profession = people[row.practitioner], code[row.profession]
        if profession in PRESCRIBING:
            by_license["prescriber"][person] = True
        if profession in MONITORING:
            by_license["monitor"][person] = True
        if profession in THERAPY or (profession in NURSES and specialty[person] == "psychiatric_nursing"):
            by_license["therapist"][person] = True
    for p in roster.practitioners:
        if p.roles:
            for role in ROLES:
                by_license[role][people[p.practitioner]] = role in p.roles
    return by_license


def _registrations(
    roster: Roster, day: date, people: dict[str, int], places: dict[str, int], states: dict[str, int]
) -> Registrations:
    rows = [x for x in roster.registrations if in_force(day, x.issued, x.expires)]

    def holds(row: Any) -> int:
        if row.schedules is None:
            return 0
        # Ketamine is Schedule III non-narcotic; a state's own list need not tell 3 from 3N.
        return 1 if "3N" in row.schedules or (row.issuer == "state" and "3" in row.schedules) else -1

    return Registrations(
        person=_codes(BLANK if x.practitioner is None else people[x.practitioner] for x in rows),
        site=_codes(BLANK if x.site is None else places[x.site] for x in rows),
        at_site=_codes(BLANK if x.at_site is None else places[x.at_site] for x in rows),
        state=np.array([x.issuer == "state" for x in rows], bool),
        jurisdiction=_codes(states[x.jurisdiction] for x in rows),
        holds=np.array([holds(x) for x in rows], np.int8),
    )


def _agreements(roster: Roster, day: date, people: dict[str, int], states: dict[str, int]) -> Agreements:
    rows = [x for x in roster.agreements if in_force(day, x.effective, x.expires)]
    return Agreements(
        person=_codes(people[x.practitioner] for x in rows),
        partner=_codes(people[x.with_] for x in rows),
        kind=_codes(AGREEMENTS.index(x.kind) for x in rows),
        jurisdiction=_codes(BLANK if x.jurisdiction is None else states[x.jurisdiction] for x in rows),
    )


def _postings(roster: Roster, day: date, people: dict[str, int], places: dict[str, int]) -> Postings:
    written: dict[tuple[int, int], int] = {}
    unwritten: set[tuple[int, int]] = set()
    for row in roster.hours:
        if in_force(day, row.from_, row.until):
            at = (places[row.site], people[row.practitioner])
            written[at] = written.get(at, 0) | (row.when.slots if row.when else 0)
            if row.when is None:
                unwritten.add(at)
    keys = sorted(written)
    return Postings(
        person=_codes(person for _, person in keys),
        site=_codes(site for site, _ in keys),
        week=weeks.weeks_of(written[k] for k in keys),
        unwritten=np.array([k in unwritten for k in keys], bool),
    )


assert SLOTS_A_WEEK == 32 * weeks.WORDS
