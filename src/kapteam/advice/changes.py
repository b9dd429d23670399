"""A remedy as a change of the roster: what it writes, what it costs, how long it takes; and the roster after it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import attrs
from attrs import frozen

from kapteam.law.day import FEDERAL
from kapteam.records.practice import Practice
from kapteam.records.roster import TABLES, Roster
from kapteam.records.table import plain_cells

#: A carrier that would be found.
CARRIER = "a carrier that covers KAP"
#: What a practice file would say: a jurisdiction (or the federal one), a profession or nothing, a key and its value.
Law = tuple[str, str, str, Any]


@frozen(eq=False)
class Change:
    """One remedy: one fact that would be so.

    Attributes
    ----------
    rule : str
        The rule that it turns.
    practitioner : str
        Whom it concerns; empty where it is a site's, or the law's.
    place : str
        The site or the jurisdiction that it concerns, or empty.
    words : str
        What is to be done.
    dollars, days : int
        Its cost and lead time.
    basis : str
        Where these two come from.
    ask : bool
        Whether it is a fact to be confirmed, which helps only if the answer is the one hoped for.
    way : str
        Tells two ways of turning the same rule for the same person and place apart.
    license : str
        The jurisdiction whose licence the person must have before it can begin; empty where none is needed first.
    add : tuple of records
        Rows that it adds.
    replace : tuple of (record, record)
        Rows that it writes otherwise.
    law : tuple of (jurisdiction, profession, key, value)
        What it has the practice file say.
    """

    rule: str
    practitioner: str
    place: str
    words: str
    dollars: int
    days: int
    basis: str
    ask: bool = False
    way: str = ""
    license: str = ""
    add: tuple[Any, ...] = ()
    replace: tuple[tuple[Any, Any], ...] = ()
    law: tuple[Law, ...] = ()

    @property
    def key(self) -> tuple[str, ...]:
        """What it is known and sorted by."""
        return self.rule, self.practitioner, self.place, self.way

    def as_dict(self) -> dict[str, Any]:
        """As the JSON contract has it."""
        rows: dict[str, list[Any]] = {}
        for row in (*self.add, *(new for _, new in self.replace)):
            rows.setdefault(row.table, []).append(plain_cells(row))
        return {
            "rule": self.rule,
            "practitioner": self.practitioner or None,
            "place": self.place or None,
            "change": self.words,
            "dollars": self.dollars,
            "days": self.days,
            "basis": self.basis,
            "ask": self.ask,
            "rows": rows,
            "practice": [list(said) for said in self.law],
        }


Set = frozenset[Change]


def lead(changes: Iterable[Change]) -> int:
    """Days until all are done: side by side, but for what needs a licence that is one of them."""
    chosen = list(changes)
    licensed = {(c.practitioner, c.place): c.days for c in chosen if c.rule in LICENSES and not c.ask}
    return max((c.days + licensed.get((c.practitioner, c.license), 0) for c in chosen), default=0)


#: The tables of which a row says something of one person.
OF_PEOPLE = ("licenses", "registrations", "coverage", "training", "hours", "agreements")
#: The rules that ask for a licence.
LICENSES = ("legal.license", "legal.therapy_license")


def applied(roster: Roster, changes: Iterable[Change]) -> Roster:
    """The roster as it would be.

    Parameters
    ----------
    roster : Roster
    changes : iterable of Change
        In any order; a row that two of them write otherwise gets the cells of both.
    """
    chosen = sorted(changes, key=lambda c: c.key)
    tables: dict[str, list[Any]] = {name: list(roster.table(name)) for name in TABLES}
    replaced: dict[tuple[str, int], Any] = {}
    for change in chosen:
        for old, new in change.replace:
            at = old.table, next(i for i, row in enumerate(tables[old.table]) if row is old)
            replaced[at] = written(old, new, replaced.get(at, old))
        for row in change.add:
            if row not in tables[row.table]:
                tables[row.table].append(row)
    for (table, number), row in replaced.items():
        tables[table][number] = row
    law = [said for change in chosen for said in change.law]
    return roster.with_tables(tables, with_law(roster.practice, law))


def rows_of(roster: Roster) -> dict[str, dict[str, list[Any]]]:
    """By table and by person: the rows that say something of one person; a site's registrations are under nobody."""
    found: dict[str, dict[str, list[Any]]] = {}
    for table in OF_PEOPLE:
        by_person = found[table] = {}
        for row in roster.table(table):
            by_person.setdefault(row.practitioner or "", []).append(row)
    return found


def written(old: Any, new: Any, onto: Any) -> Any:
    """A row with the cells that differ between two others."""
    differ = {
        a.name: getattr(new, a.name) for a in attrs.fields(type(old)) if getattr(old, a.name) != getattr(new, a.name)
    }
    return with_cells(onto, **differ)


def with_cells(row: Any, **cells: Any) -> Any:
    """A record with other cells."""
    return attrs.evolve(row, **cells)


def with_law(practice: Practice, law: Iterable[Law]) -> Practice:
    """The practice file with more said of the law."""
    federal = dict(practice.federal)
    places: dict[tuple[str, str], Mapping[str, Any]] = dict(practice.jurisdictions)
    for place, profession, key, value in law:
        if place == FEDERAL:
            federal[key] = value
        else:
            places[place, profession] = {**places.get((place, profession), {}), key: value}
    return attrs.evolve(practice, federal=federal, jurisdictions=places)
