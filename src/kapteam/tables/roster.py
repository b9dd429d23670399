"""A roster as tables: the columns of the format, each of the type that its kind has in a data frame."""

from __future__ import annotations

from typing import Any

from kapteam.records.dates import Day
from kapteam.records.identifiers import Schedules
from kapteam.records.kinds import Choice, Count, Number, Words, YesNo
from kapteam.records.roster import TABLES, Roster
from kapteam.records.table import Column, columns
from kapteam.tables.table import Field, Table, of_rows


def roster_tables(roster: Roster) -> dict[str, Table]:
    """All eleven tables by name, with or without rows; the practice file is none.

    Numbers are floats, which hold 15 digits; a moment and weekly hours are text, as a file has them.
    """
    found = {}
    for name, record in TABLES.items():
        declared = columns(record)
        rows = [[_value(c, getattr(row, c.attribute)) for c in declared] for row in roster.table(name)]
        found[name] = of_rows([field_of(c) for c in declared], rows)
    return found


def field_of(column: Column) -> Field:
    """A column of the format as one of a data frame."""
    kind, never = column.kind, column.needed or column.default is not None
    nullable = not never
    if isinstance(kind, Choice):
        return Field(column.name, "category", column.meaning, nullable, kind.choices)
    if isinstance(kind, YesNo):
        return Field(column.name, "yes or no", column.meaning, nullable)
    if isinstance(kind, Count):
        return Field(column.name, "whole number", column.meaning, nullable)
    if isinstance(kind, Number):
        return Field(column.name, "number", column.meaning, nullable)
    if type(kind) is Day:  # a moment is a day or a time of one, and no column of dates holds both
        return Field(column.name, "date", column.meaning, nullable)
    if isinstance(kind, (Words, Schedules)):
        return Field(column.name, "list of text", column.meaning, nullable)
    return Field(column.name, "text", column.meaning, nullable)


def _value(column: Column, value: Any) -> Any:
    if value is None or value == ():
        return None
    match field_of(column).type:
        case "text":
            return column.kind.show(value)
        case "number":
            return float(value)
        case "list of text":
            return list(value)
    return value
