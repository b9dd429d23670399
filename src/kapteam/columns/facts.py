"""A roster on one day as arrays: every table that rules read, with only the rows in force."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, datetime, timedelta
from functools import partial
from typing import Any, TypeVar
from zoneinfo import ZoneInfo

import numpy as np
from attrs import Factory, define, frozen
from numpy.typing import NDArray

from kapteam.columns import weeks
from kapteam.columns.lookup import Index, apart, both
from kapteam.columns.supposed import Supposed
from kapteam.law.day import LawOnDay
from kapteam.law.packs import Packs
from kapteam.records.columnar import Coded, Columns, columns_of
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


class Ids:
    """The codes of ids that were sorted: where each stands."""

    def __init__(self, ids: list[str]) -> None:
        self.of = {id: i for i, id in enumerate(ids)}
        self._seen: list[tuple[Coded, Index]] = []

    def __call__(self, column: Coded, rows: Index | slice = slice(None)) -> Index:
        """The code of each row's id; -1 for a blank. Columns of a file share their ids, which are looked up once."""
        for other, codes in self._seen:
            if other.values is column.values:
                return codes[column.codes[rows]]
        codes = np.array([*map(self.of.__getitem__, column.values), BLANK], np.int64)
        if len(column.values) > 1000:
            self._seen.append((column, codes))
        return codes[column.codes[rows]]


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
    tables : mapping of str to Columns
        The roster's tables as they are, whatever the day.
    candidate : dict of str to array of bool
        Who may be a candidate for each role.
    specialty : Coded
        By person, translated to kapteam's own names.
    person_row : array of int
        By person: their row in the table of practitioners.
    codes_of, codes_of_sites : Ids
        The codes of a column of ids.
    offset : array of int
        By site: slots that its clock is ahead of UTC at noon of the day.
    memo : dict
        What was already computed from these facts, by name.
    supposed : Supposed or None
        Who might come where, by distance; None where nobody asked. It is no fact, and changes none.
    """

    roster: Roster
    tables: Mapping[str, Columns]
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
    specialty: Coded
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
    person_row: Index
    codes_of: Ids
    codes_of_sites: Ids
    memo: dict[Any, Any] = Factory(dict)
    supposed: Supposed | None = None

    def once(self, name: Any, make: Callable[[], T]) -> T:
        """What ``make`` gives, computed the first time that it is asked for."""
        if name not in self.memo:
            self.memo[name] = make()
        return self.memo[name]  # type: ignore[no-any-return]

    @property
    def person_code(self) -> dict[str, int]:
        """The code of each id of a person."""
        return self.codes_of.of

    @property
    def site_code(self) -> dict[str, int]:
        """The code of each id of a site."""
        return self.codes_of_sites.of

    def of_people(self, attribute: str) -> Coded:
        """A column of the table of practitioners, by person."""
        return self.tables["practitioners"][attribute].take(self.person_row)

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
    tables = columns_of(roster)
    of_people, of_sites = tables["practitioners"], tables["sites"]
    person_row, people = _sorted(of_people["practitioner"])
    site_row, sites = _sorted(of_sites["site"])
    person, place = Ids(people), Ids(sites)
    named = [tables[name]["jurisdiction"].values for name in ("sites", "licenses", "registrations", "agreements")]
    states = {j: i for i, j in enumerate(sorted(set().union(*named)))}
    known = of_people["specialty"].take(person_row)
    translated = Coded.of(map(law.specialty, [*known.values, None]))
    translated = translated.take(known.codes.astype(np.int64))  # -1, a blank, is the last
    count = partial(_numbers, of_people, person_row)
    return Facts(
        roster=roster,
        tables=tables,
        day=day,
        law=law,
        protocol=chosen,
        protocol_name=protocol,
        people=people,
        sites=sites,
        jurisdictions=list(states),
        session=-(-chosen.session_minutes // SLOT_MINUTES),
        dosing=-(-chosen.dosing_minutes // SLOT_MINUTES),
        candidate=_candidates(tables, person, person_row, translated),
        specialty=translated,
        site_jurisdiction=of_sites["jurisdiction"].mapped(states.__getitem__)[site_row],
        setting=of_sites["setting"].mapped(SETTINGS.index)[site_row],
        stock=of_sites["supply"].mapped(lambda supply: supply == "stock")[site_row] > 0,
        offset=of_sites["timezone"].mapped(lambda zone: _offset(str(zone), day))[site_row],
        licenses=_licenses(tables["licenses"], day, person, states),
        registrations=_registrations(tables["registrations"], day, person, place, states),
        agreements=_agreements(tables["agreements"], day, person, states),
        postings=_postings(tables["hours"], day, person, place),
        ties=_ties(tables["ties"], person),
        max_week=count("max_sessions_per_week"),
        max_therapists=count("max_therapists"),
        max_concurrent=count("max_concurrent_sessions"),
        person_row=person_row,
        codes_of=person,
        codes_of_sites=place,
    )


def in_force(day: date, first: date | None, last: date | None) -> bool:
    """Whether a day lies within two dates; both count, and a blank is open."""
    return (first is None or first <= day) and (last is None or day <= last)


def current(rows: Columns, day: date, first: str, last: str) -> Index:
    """The rows of a table that are in force on a day, between two columns of dates."""
    begins = rows[first].mapped(date.toordinal, blank=date.min.toordinal())
    ends = rows[last].mapped(date.toordinal, blank=date.max.toordinal())
    return np.flatnonzero((begins <= day.toordinal()) & (day.toordinal() <= ends))


def _sorted(ids: Coded) -> tuple[Index, list[str]]:
    """The rows of a table in the order of their ids, and the ids in that order."""
    held = ids.each()
    order = sorted(range(len(held)), key=held.__getitem__)
    return np.array(order, np.int64), [held[row] for row in order]


def _numbers(table: Columns, rows: Index, attribute: str) -> Index:
    return table[attribute].mapped(int, blank=BLANK)[rows]


def _offset(zone: str, day: date) -> int:
    """Slots that a zone's clock is ahead of UTC at noon of the day."""
    ahead = ZoneInfo(zone).utcoffset(datetime(day.year, day.month, day.day, 12))
    return (ahead or timedelta()) // timedelta(minutes=SLOT_MINUTES)


def _candidates(tables: Mapping[str, Columns], person: Ids, row: Index, specialty: Coded) -> dict[str, Bools]:
    """The roles cell, or where it is blank every role that a licence of theirs, in force or not, is of."""
    licenses, roles = tables["licenses"], tables["practitioners"]["roles"].take(row)
    holder, profession = person(licenses["practitioner"]), licenses["profession"].mapped(PROFESSIONS.index)
    psychiatric = specialty.mapped(lambda name: name == "psychiatric_nursing", blank=0) > 0
    able = {
        "prescriber": np.isin(profession, list(PRESCRIBING)),
        "therapist": np.isin(profession, list(THERAPY)) | (np.isin(profession, list(NURSES)) & psychiatric[holder]),
        "monitor": np.isin(profession, list(MONITORING)),
    }
    found: dict[str, Bools] = {}
    for role in ROLES:
        by_license = np.zeros(len(row), bool)
        by_license[holder[able[role]]] = True
        named = roles.mapped(lambda names, role=role: role in names)  # type: ignore[misc]
        found[role] = np.where(named == BLANK, by_license, named > 0)
    return found


def _licenses(rows: Columns, day: date, person: Ids, states: dict[str, int]) -> Licenses:
    held = current(rows, day, "issued", "expires")
    return Licenses(
        person=person(rows["practitioner"], held),
        jurisdiction=rows["jurisdiction"].mapped(states.__getitem__)[held],
        profession=rows["profession"].mapped(PROFESSIONS.index)[held],
        status=rows["status"].mapped(LICENSE_STATUS.index)[held],
        independent=rows["independent"].mapped(int, blank=BLANK)[held],
    )


def _registrations(rows: Columns, day: date, person: Ids, place: Ids, states: dict[str, int]) -> Registrations:
    held = current(rows, day, "issued", "expires")
    state = rows["issuer"].mapped(lambda issuer: issuer == "state")[held] > 0
    lists = [rows["schedules"].mapped(lambda names, n=n: n in names)[held] for n in ("3N", "3")]  # type: ignore[misc]
    # Ketamine is Schedule III non-narcotic; a state's own list need not tell 3 from 3N.
    enough = (lists[0] > 0) | (state & (lists[1] > 0))
    return Registrations(
        person=person(rows["practitioner"], held),
        site=place(rows["site"], held),
        at_site=place(rows["at_site"], held),
        state=state,
        jurisdiction=rows["jurisdiction"].mapped(states.__getitem__)[held],
        holds=np.where(lists[0] == BLANK, 0, np.where(enough, 1, -1)).astype(np.int8),
    )


def _agreements(rows: Columns, day: date, person: Ids, states: dict[str, int]) -> Agreements:
    held = current(rows, day, "effective", "expires")
    return Agreements(
        person=person(rows["practitioner"], held),
        partner=person(rows["with_"], held),
        kind=rows["kind"].mapped(AGREEMENTS.index)[held],
        jurisdiction=rows["jurisdiction"].mapped(states.__getitem__, blank=BLANK)[held],
    )


def _ties(rows: Columns, person: Ids) -> dict[str, Index]:
    ends = np.stack([person(rows["a"]), person(rows["b"])], axis=1)
    kind = rows["kind"].mapped(TIES.index)
    return {name: ends[kind == code] for code, name in enumerate(TIES)}


def _postings(rows: Columns, day: date, person: Ids, place: Ids) -> Postings:
    held = current(rows, day, "from_", "until")
    when = rows["when"].take(held)
    keys, posting = np.unique(both(place(rows["site"], held), person(rows["practitioner"], held)), return_inverse=True)
    weeks_written = weeks.weeks_of([*(w.slots for w in when.values), 0])
    week, unwritten = weeks.empty(len(keys)), np.zeros(len(keys), bool)
    first = np.full(len(keys), -1)
    first[posting[::-1]] = np.arange(len(posting))[::-1]
    week[:] = weeks_written[when.codes[first]]
    more = np.flatnonzero(first[posting] != np.arange(len(posting)))  # a second row of one person at one site
    np.bitwise_or.at(week, posting[more], weeks_written[when.codes[more]])
    unwritten[posting[when.codes == BLANK]] = True
    site, who = apart(keys)
    return Postings(person=who, site=site, week=week, unwritten=unwritten)


assert SLOTS_A_WEEK == 32 * weeks.WORDS
