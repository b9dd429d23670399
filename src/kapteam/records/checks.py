"""What no single row can show: references to nobody, ids twice, policies that overlap, hours at two sites at once."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date
from itertools import combinations
from typing import Any

from kapteam.records.practice import Practice
from kapteam.records.problems import Problem, nearest
from kapteam.records.zones import JURISDICTIONS

Tables = Mapping[str, Sequence[Any]]

#: Each column that names a person or a place.
_REFERENCES = {
    "licenses": {"practitioner": "practitioners"},
    "registrations": {"practitioner": "practitioners", "site": "sites", "at_site": "sites"},
    "coverage": {"practitioner": "practitioners"},
    "training": {"practitioner": "practitioners"},
    "hours": {"practitioner": "practitioners", "site": "sites"},
    "absences": {"practitioner": "practitioners"},
    "agreements": {"practitioner": "practitioners", "with": "practitioners"},
    "ties": {"a": "practitioners", "b": "practitioners"},
    "demand": {"site": "sites", "therapist": "practitioners"},
}


def problems_of(tables: Tables, practice: Practice, unread: Mapping[str, set[str]] | None = None) -> list[Problem]:
    """Every error and warning that rows have with one another; rows are numbered from 1.

    ``unread`` holds, by table, the ids of rows that could not be read: naming one of them is no second error.
    """
    checks: list[Callable[[], Iterator[Problem]]] = [
        lambda: _someone(tables, unread or {}),
        lambda: _once(tables, "sites", "site"),
        lambda: _once(tables, "practitioners", "practitioner"),
        lambda: _once(tables, "practitioners", "npi"),
        lambda: _dangling(tables, unread or {}),
        lambda: _registrations(tables),
        lambda: _policies(tables),
        lambda: _pairs(tables),
        lambda: _demand(tables, practice),
        lambda: _zones(tables),
        lambda: _two_places(tables),
        lambda: _repeated(tables),
    ]
    return [problem for check in checks for problem in check()]


def _rows(tables: Tables, name: str) -> Iterator[tuple[int, Any]]:
    return enumerate(tables[name], start=1)


def _someone(tables: Tables, unread: Mapping[str, set[str]]) -> Iterator[Problem]:
    for name in ("sites", "practitioners"):
        if not tables[name] and name not in unread:
            yield Problem(name, None, None, None, "there is no row: a roster needs at least one")


def _once(tables: Tables, table: str, column: str) -> Iterator[Problem]:
    first: dict[str, int] = {}
    for number, row in _rows(tables, table):
        value = getattr(row, column)
        if value is None:
            continue
        if value in first:
            yield Problem(table, number, column, value, "stands twice", also=first[value])
        else:
            first[value] = number


def _dangling(tables: Tables, unread: Mapping[str, set[str]]) -> Iterator[Problem]:
    known = {
        "practitioners": {p.practitioner for p in tables["practitioners"]},
        "sites": {s.site for s in tables["sites"]},
    }
    for table, references in _REFERENCES.items():
        for column, of in references.items():
            attribute = "with_" if column == "with" else column
            for number, row in _rows(tables, table):
                value = getattr(row, attribute)
                if value is None:
                    if column == "practitioner" and table != "registrations":
                        yield Problem(table, number, column, None, "is needed: whose row is it?")
                elif value not in known[of] and value not in unread.get(of, ()):
                    yield Problem(table, number, column, value, f"is not in {of}", nearest(value, known[of]))


def _registrations(tables: Tables) -> Iterator[Problem]:
    where = {s.site: s.jurisdiction for s in tables["sites"]}
    for number, row in _rows(tables, "registrations"):
        if (row.practitioner is None) == (row.site is None):
            both = "both are given" if row.site is not None else "neither is given"
            yield Problem("registrations", number, "practitioner", row.practitioner,
                          f"expected exactly one of practitioner and site: {both}")
        elif row.issuer == "state" and row.site is not None:
            yield Problem("registrations", number, "issuer", "state",
                          "expected dea: a state's registration here belongs to a person")
        for column in ("site", "at_site"):
            site = getattr(row, column)
            if site in where and where[site] != row.jurisdiction:
                yield Problem("registrations", number, column, site,
                              f"is in {where[site]}, but the registration is for {row.jurisdiction}")


def _policies(tables: Tables) -> Iterator[Problem]:
    held: dict[tuple[str, str | None], list[tuple[int, Any]]] = defaultdict(list)
    for number, row in _rows(tables, "coverage"):
        held[row.practitioner, row.role].append((number, row))
    for (person, role), rows in held.items():
        for (first, a), (second, b) in combinations(rows, 2):
            if _overlap(a.effective, a.expires, b.effective, b.expires):
                yield Problem("coverage", second, "effective", person,
                              "two policies of one person for "
                              f"{role or 'any role'} on the same days", also=first)


def _pairs(tables: Tables) -> Iterator[Problem]:
    for number, row in _rows(tables, "agreements"):
        if row.practitioner == row.with_:
            yield Problem("agreements", number, "with", row.with_, "expected another practitioner, not the same one")
    for number, row in _rows(tables, "ties"):
        if row.a == row.b:
            yield Problem("ties", number, "b", row.b, "expected another practitioner, not the same one")


def _demand(tables: Tables, practice: Practice) -> Iterator[Problem]:
    for number, row in _rows(tables, "demand"):
        if row.protocol is not None and row.protocol not in practice.protocols:
            yield Problem("demand", number, "protocol", row.protocol,
                          "is not in [protocols] of the practice", nearest(row.protocol, practice.protocols))


def _zones(tables: Tables) -> Iterator[Problem]:
    for number, row in _rows(tables, "sites"):
        zones = JURISDICTIONS[row.jurisdiction][1]
        if row.timezone not in zones and _offset(row.timezone) not in {_offset(z) for z in zones}:
            yield Problem("sites", number, "timezone", row.timezone,
                          f"is not a time zone of {row.jurisdiction}", zones, level="warning")


def _offset(zone: str) -> object:
    from datetime import datetime
    from zoneinfo import ZoneInfo

    return ZoneInfo(zone).utcoffset(datetime(2026, 1, 1, 12))


def _two_places(tables: Tables) -> Iterator[Problem]:
    held: dict[str, list[tuple[int, Any]]] = defaultdict(list)
    for number, row in _rows(tables, "hours"):
        if row.when is not None:
            held[row.practitioner].append((number, row))
    for rows in held.values():
        for (first, a), (second, b) in combinations(rows, 2):
            if a.site != b.site and a.when & b.when and _overlap(a.from_, a.until, b.from_, b.until):
                yield Problem("hours", second, "when", str(b.when),
                              f"{a.practitioner} is at {a.site} at the same time: "
                              f"{a.when & b.when}", also=first, level="warning")


def _repeated(tables: Tables) -> Iterator[Problem]:
    for table in ("licenses", "registrations", "training", "hours", "agreements", "ties", "demand"):
        first: dict[Any, int] = {}
        for number, row in _rows(tables, table):
            if row in first:
                yield Problem(table, number, None, None,
                              "says the same as another row" + (": its hours count twice" if table == "training" else ""),
                              also=first[row], level="warning")
            else:
                first[row] = number


def _overlap(a_from: date | None, a_until: date | None, b_from: date | None, b_until: date | None) -> bool:
    """Whether two spans of days share one; a blank end is open."""
    return (a_from is None or b_until is None or a_from <= b_until) and (
        b_from is None or a_until is None or b_from <= a_until
    )
