"""A what-if is a pure function: a roster, a day and edits in, the roster as it would be out."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

import attrs
from attrs import frozen

from kapteam.advice.changes import Change, applied, with_cells
from kapteam.advice.hire import with_rows
from kapteam.app.edits import Cancel, Edit, Fact, Hire, Hours, Row, Severity, Unknowns, refused
from kapteam.columns.facts import in_force
from kapteam.records.hours import WeeklyHours
from kapteam.records.people import Absence
from kapteam.records.people import Hours as HoursRow
from kapteam.records.practice import SEVERITIES
from kapteam.records.problems import Misread, RosterError, UsageError
from kapteam.records.roster import Roster
from kapteam.rules.rulebook import Rulebook, unknown_rules


@frozen(eq=False)
class WhatIf:
    """A roster as it would be.

    Attributes
    ----------
    roster : Roster
    unknown : {"exclude", "allow"}
        Whether links that rest on an unknown fact are used.
    edits : tuple of Edit
        All that hold, those without effect among them.
    changes : tuple of Change
        The facts among them that were made so.
    idle : dict of Edit to str
        Those that could not be made, each with why.
    """

    roster: Roster
    unknown: str
    edits: tuple[Edit, ...]
    changes: tuple[Change, ...]
    idle: dict[Edit, str]


def whatif(base: Roster, on: date, edits: Sequence[Edit]) -> WhatIf:
    """The roster after some edits.

    Facts come last, together: a row that two of them write otherwise gets the cells of both. An edit that cannot be
    made (the person that it is about is not there any more, say) is left out, and told.

    Parameters
    ----------
    base : Roster
    on : date
        The day judged: hours that hold on it are the ones that are changed.
    edits : sequence of Edit
    """
    roster, unknown, idle = base, "exclude", dict[Edit, str]()
    facts: list[Fact] = []
    for edit in edits:
        if isinstance(edit, Fact):
            facts.append(edit)
            continue
        try:
            if isinstance(edit, Unknowns):
                unknown = _one_of("links that rest on an unknown fact", edit.use, ("exclude", "allow"))
            else:
                roster = _made(roster, on, edit)
        except (RosterError, UsageError) as error:
            idle[edit] = refused(error)
    changes: list[Change] = []
    whole = roster
    for fact in facts:
        try:
            change = _change(roster, fact)
            whole = applied(roster, [*changes, change])
            changes.append(change)
        except (RosterError, UsageError) as error:
            idle[fact] = refused(error)
    return WhatIf(whole, unknown, tuple(edits), tuple(changes), idle)


def hours_there(roster: Roster, on: date, person: str, site: str) -> WeeklyHours:
    """A person's weekly hours at a site on a day: none where none are written."""
    slots = 0
    for row in roster.hours:
        if _holds(row, on, person, site) and row.when is not None:
            slots |= row.when.slots
    return WeeklyHours(slots)


def _made(roster: Roster, on: date, edit: Edit) -> Roster:
    match edit:
        case Severity():
            return _severity(roster, edit)
        case Hours():
            return _hours(roster, on, edit)
        case Cancel():
            person, day = roster.person(edit.practitioner).practitioner, _day(edit.day)
            return roster.with_tables({"absences": [*roster.absences, Absence(day, day, practitioner=person)]})
        case Hire():
            if edit.practitioner in roster.people:
                raise UsageError(f"there is a practitioner {edit.practitioner!r} already: choose another id")
            return with_rows(roster, [row.record() for row in edit.rows])
        case _:
            raise TypeError(edit)


def _severity(roster: Roster, edit: Severity) -> Roster:
    severity = _one_of(f"the severity of {edit.rule}", edit.severity, SEVERITIES)
    practice = attrs.evolve(roster.practice, rules={**roster.practice.rules, edit.rule: severity})
    if wrong := unknown_rules(practice, [rule.id for rule in Rulebook.of(roster.practice).rules]):
        raise RosterError(wrong)
    return roster.with_tables({}, practice)


def _hours(roster: Roster, on: date, edit: Hours) -> Roster:
    """The first row that holds is written otherwise, any other one goes; where none holds one is added."""
    person, site = roster.person(edit.practitioner).practitioner, roster.place(edit.site).site
    try:
        when = WeeklyHours.of(edit.when) if edit.when else None
    except Misread as error:
        meant = f"; did you mean {error.nearest[0]!r}?" if error.nearest else ""
        raise UsageError(f"{edit.when}: {error.expected}{meant}") from None
    rows: list[HoursRow] = []
    for row in roster.hours:
        if not _holds(row, on, person, site):
            rows.append(row)
        elif when is not None:
            rows.append(with_cells(row, when=when))
            when = None
    if when is not None:
        rows.append(HoursRow(site, when, practitioner=person))
    return roster.with_tables({"hours": rows})


def _holds(row: HoursRow, on: date, person: str, site: str) -> bool:
    return (row.practitioner, row.site) == (person, site) and in_force(on, row.from_, row.until)


def _change(roster: Roster, fact: Fact) -> Change:
    """The change that a fact is of this roster: its rows are those that stand there."""
    missing = _names_nobody(roster, fact)
    if missing:
        raise UsageError(missing)
    return Change(
        fact.rule, fact.practitioner, fact.place, fact.words, fact.dollars, fact.days, fact.basis, fact.ask, fact.way,
        fact.license,
        tuple(row.record() for row in fact.add),
        tuple(_replaced(roster, old, new) for old, new in fact.replace),
        fact.law,
    )  # fmt: skip


def _replaced(roster: Roster, old: Row, new: Row) -> tuple[Any, Any]:
    """The row that stands on the roster, and what it would be."""
    was = old.record()
    found = next((row for row in roster.table(was.table) if row == was), None)
    if found is None:
        raise UsageError("the row that it would change is not there any more, or says something else")
    return found, new.record()


def _names_nobody(roster: Roster, fact: Fact) -> str:
    """Whom a fact is about who is not on the roster, in words; empty where all are."""
    added = {r.practitioner for row in fact.add if (r := row.record()).table == "practitioners"}
    if fact.practitioner and fact.practitioner not in {*roster.people, *added}:
        return f"there is no practitioner {fact.practitioner!r} any more"
    return ""


def _one_of(what: str, value: str, allowed: Sequence[str]) -> str:
    if value not in allowed:
        raise UsageError(f"{what} is one of {', '.join(allowed)}; not {value!r}")
    return value


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise UsageError(f"expected a day such as 2026-12-08, not {text!r}") from None
