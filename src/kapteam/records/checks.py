"""What no single row can show: references to nobody, ids twice, policies that overlap, hours at two sites at once."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime, timedelta
from functools import cache
from itertools import chain
from typing import Any

from attrs import frozen

from kapteam.records.hours import SLOT_MINUTES, SLOTS_A_WEEK, WeeklyHours
from kapteam.records.practice import Practice
from kapteam.records.problems import Problem, nearest
from kapteam.records.zones import JURISDICTIONS

Tables = Mapping[str, Sequence[Any]]

#: Stands in a row for a cell that could not be read: it has an error of its own, and no check says more about it.
UNREAD: Any = object()

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
_REPEATABLE = ("licenses", "registrations", "training", "hours", "absences", "agreements", "ties", "demand")
# Comparing a name with every id of a large roster takes long: so many comparisons, and the rest go without a guess.
_COMPARISONS = 60_000


def problems_of(
    tables: Tables,
    practice: Practice | None,
    partial: Mapping[str, Collection[int]] | None = None,
    missing: Collection[str] = (),
) -> list[Problem]:
    """Every error and warning that rows have with one another; rows are numbered from 1.

    Parameters
    ----------
    tables : mapping of str to sequence of records
    practice : Practice or None
        None where it could not be read: then nothing is said of what it names.
    partial : mapping of str to collection of int, optional
        By table, the rows that have an error of their own; some of their values may be ``UNREAD``.
    missing : collection of str
        The tables that could not be read at all.
    """
    checks = _Checks(tables, practice, partial or {}, missing)
    return list(
        chain(
            checks.someone(), checks.once("sites", "site"), checks.once("practitioners", "practitioner"),
            checks.once("practitioners", "npi"), checks.dangling(), checks.registrations(), checks.policies(),
            checks.pairs(), checks.demand(), checks.zones(), checks.two_places(), checks.repeated(),
        )
    )  # fmt: skip


@frozen
class _Checks:
    """One method a check; each gives the problems that it finds."""

    tables: Tables
    practice: Practice | None
    partial: Mapping[str, Collection[int]]
    missing: Collection[str]

    def rows(self, name: str) -> Iterator[tuple[int, Any]]:
        """Every row, whole or not."""
        return enumerate(self.tables[name], start=1)

    def whole(self, name: str) -> Iterator[tuple[int, Any]]:
        """The rows without an error of their own."""
        partial = self.partial.get(name, ())
        return ((number, row) for number, row in self.rows(name) if number not in partial)

    def someone(self) -> Iterator[Problem]:
        for name in ("sites", "practitioners"):
            if not self.tables[name] and name not in self.missing:
                yield Problem(name, None, None, None, "there is no row: a roster needs at least one")

    def once(self, table: str, column: str) -> Iterator[Problem]:
        first: dict[str, int] = {}
        for number, row in self.rows(table):
            value = getattr(row, column)
            if value is None or value is UNREAD:
                continue
            if value in first:
                yield Problem(table, number, column, value, "stands twice", also=first[value])
            else:
                first[value] = number

    def dangling(self) -> Iterator[Problem]:
        guess = {
            "practitioners": _Guesser(p.practitioner for p in self.tables["practitioners"]),
            "sites": _Guesser(s.site for s in self.tables["sites"]),
        }
        for table, references in _REFERENCES.items():
            for column, of in references.items():
                known = guess[of].known
                attribute = "with_" if column == "with" else column
                for number, row in self.rows(table):
                    value = getattr(row, attribute)
                    if value is None:
                        if column == "practitioner" and table != "registrations":
                            yield Problem(table, number, column, None, "is needed: whose row is it?")
                    elif value not in known and value is not UNREAD and of not in self.missing:
                        yield Problem(table, number, column, value, f"is not in {of}", guess[of].nearest(value))

    def registrations(self) -> Iterator[Problem]:
        where = {s.site: s.jurisdiction for s in self.tables["sites"] if s.site is not UNREAD}
        for number, row in self.rows("registrations"):
            if row.practitioner is not UNREAD and row.site is not UNREAD:
                if (row.practitioner is None) == (row.site is None):
                    both = "both are given" if row.site is not None else "neither is given"
                    yield Problem(
                        "registrations", number, "practitioner", row.practitioner,
                        f"expected exactly one of practitioner and site: {both}",
                    )  # fmt: skip
                elif row.issuer == "state" and row.site is not None:
                    yield Problem(
                        "registrations", number, "issuer", "state",
                        "expected dea: a state's registration here belongs to a person",
                    )  # fmt: skip
            for column in ("site", "at_site"):
                site = getattr(row, column)
                if site not in where or where[site] is UNREAD or row.jurisdiction is UNREAD:
                    continue
                if where[site] != row.jurisdiction:
                    yield Problem(
                        "registrations", number, column, site,
                        f"is in {where[site]}, but the registration is for {row.jurisdiction}",
                    )  # fmt: skip

    def policies(self) -> Iterator[Problem]:
        held: dict[tuple[str, str | None], list[tuple[int, Any]]] = defaultdict(list)
        for number, row in self.whole("coverage"):
            held[row.practitioner, row.role].append((number, row))
        for (person, role), rows in held.items():
            if len(rows) == 1:
                continue
            # From the earliest on, each is compared with the one before it that ends last: that finds every clash.
            rows.sort(key=lambda item: (item[1].effective or date.min, item[0]))
            last_number, last = rows[0]
            for number, row in rows[1:]:
                if _overlap(last.effective, last.expires, row.effective, row.expires):
                    first, second = sorted((last_number, number))
                    yield Problem(
                        "coverage", second, "effective", person,
                        f"two policies of one person for {role or 'any role'} on the same days", also=first,
                    )  # fmt: skip
                if (row.expires or date.max) > (last.expires or date.max):
                    last_number, last = number, row

    def pairs(self) -> Iterator[Problem]:
        for table, one, other, column in (
            ("agreements", "practitioner", "with_", "with"), ("ties", "a", "b", "b"),
        ):  # fmt: skip
            for number, row in self.rows(table):
                value = getattr(row, other)
                if value is not UNREAD and value is not None and value == getattr(row, one):
                    yield Problem(table, number, column, value, "expected another practitioner, not the same one")

    def demand(self) -> Iterator[Problem]:
        if self.practice is None:
            return
        known = self.practice.protocols
        for number, row in self.rows("demand"):
            if row.protocol is not None and row.protocol is not UNREAD and row.protocol not in known:
                yield Problem(
                    "demand", number, "protocol", row.protocol,
                    "is not in [protocols] of the practice", nearest(row.protocol, known),
                )  # fmt: skip

    def zones(self) -> Iterator[Problem]:
        for number, row in self.whole("sites"):
            zones = JURISDICTIONS[row.jurisdiction][1]
            if row.timezone not in zones and _offsets(row.timezone) not in {_offsets(z) for z in zones}:
                yield Problem(
                    "sites", number, "timezone", row.timezone, f"is not a time zone of {row.jurisdiction}", zones,
                    level="warning",
                )  # fmt: skip

    def two_places(self) -> Iterator[Problem]:
        held: dict[str, list[tuple[int, Any]]] = defaultdict(list)
        for number, row in self.whole("hours"):
            if row.when is not None:
                held[row.practitioner].append((number, row))
        zone_of = {s.site: s.timezone for _, s in self.whole("sites")}
        for rows in held.values():
            if len({row.site for _, row in rows}) == 1:
                continue
            for i, (number, row) in enumerate(rows):
                for before, other in rows[:i]:
                    common = _at_once(other, row, zone_of)
                    if common:
                        yield Problem(
                            "hours", number, "when", str(row.when),
                            f"{row.practitioner} is at {other.site} at the same time ({common} on {row.site}'s clock)",
                            also=before, level="warning",
                        )  # fmt: skip
                        break

    def repeated(self) -> Iterator[Problem]:
        for table in _REPEATABLE:
            first: dict[Any, int] = {}
            twice = ": its hours count twice" if table == "training" else ""
            for number, row in self.whole(table):
                before = first.setdefault(row, number)
                if before != number:
                    yield Problem(
                        table, number, None, None, "says the same as another row" + twice, also=before,
                        level="warning",
                    )  # fmt: skip


class _Guesser:
    """The ids of a table, and which of them a writer may have meant."""

    def __init__(self, ids: Iterable[Any]) -> None:
        self.known = {i for i in ids if i is not UNREAD}
        self.left = _COMPARISONS
        self.folded: dict[str, str] | None = None
        self.seen: dict[str, tuple[str, ...]] = {}

    def nearest(self, value: str) -> tuple[str, ...]:
        if value not in self.seen:
            if self.folded is None:
                self.folded = {k.casefold(): k for k in self.known}
            close = self.folded.get(value.casefold())
            if close is not None:
                self.seen[value] = (close,)
            elif self.left > 0:
                self.left -= len(self.known)
                self.seen[value] = nearest(value, self.known)
            else:
                return ()
        return self.seen[value]


def _at_once(a: Any, b: Any, zone_of: Mapping[str, str]) -> WeeklyHours | None:
    """The slots, on the clock of ``b``'s site, in which both rows have hours at different sites."""
    if a.site == b.site or not _overlap(a.from_, a.until, b.from_, b.until):
        return None
    here = b.when.slots & _turned(a.when.slots, zone_of.get(a.site), zone_of.get(b.site))
    return WeeklyHours(here) if here else None


def _turned(slots: int, one: str | None, other: str | None) -> int:
    """A week on one zone's clock as another's shows it, in winter; around the ring."""
    if one is None or other is None or one == other:
        return slots
    ahead = (_offsets(other)[0] - _offsets(one)[0]) // timedelta(minutes=SLOT_MINUTES) % SLOTS_A_WEEK
    return (slots << ahead | slots >> SLOTS_A_WEEK - ahead) & ((1 << SLOTS_A_WEEK) - 1)


@cache
def _offsets(zone: str) -> tuple[timedelta, timedelta]:
    """A zone's clock in winter and in summer: EST is New York's in the one, and not in the other."""
    from zoneinfo import ZoneInfo

    winter, summer = (ZoneInfo(zone).utcoffset(datetime(2026, month, 1, 12)) or timedelta() for month in (1, 7))
    return winter, summer


def _overlap(a_from: date | None, a_until: date | None, b_from: date | None, b_until: date | None) -> bool:
    """Whether two spans of days share one; a blank end is open."""
    return (a_from is None or b_until is None or a_from <= b_until) and (
        b_from is None or a_until is None or b_from <= a_until
    )
