"""One declaration per column: reader, error text, template, reference page and schema come from it."""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from functools import cache
from typing import Any, TypeVar, cast, dataclass_transform

import attrs
from attrs import frozen

from kapteam.records.kinds import Cell, Kind, blank
from kapteam.records.problems import Misread, Problem, RosterError

_KEY = "kapteam.column"
T = TypeVar("T")


@frozen
class Column:
    """What a table's column is.

    Attributes
    ----------
    name : str
        As the file's header has it (``from``), which may differ from the attribute (``from_``).
    attribute : str
        The name in Python.
    kind : Kind
        How its cells are read and shown.
    meaning : str
        A sentence for the template's note and the reference page.
    needed : bool
        Whether a blank is an error.
    default : object
        What a blank means; None means unknown or nothing, as ``meaning`` says.
    example : str
        A value for the template's example row.
    unit : str
        The unit of a number, or empty.
    """

    name: str
    attribute: str
    kind: Kind
    meaning: str
    needed: bool
    default: Any
    example: str
    unit: str


def column(
    kind: Kind,
    meaning: str,
    *,
    needed: bool = False,
    default: Any = attrs.NOTHING,
    example: str = "",
    unit: str = "",
    kw_only: bool = False,
) -> Any:
    """Declare an attribute of a record class as a column of its table.

    Every column has a ``default`` but those that a record cannot be made without; ``needed`` says that a file's
    cell may not be blank.
    """

    def convert(value: Cell, instance: Any, declared: Any) -> Any:
        return _value(type(instance), declared, value)

    return attrs.field(
        default=default,
        converter=attrs.Converter(convert, takes_self=True, takes_field=True),
        kw_only=kw_only,
        metadata={_KEY: (kind, meaning, needed, None if default is attrs.NOTHING else default, example, unit)},
    )


def nested(*, default: Any, kw_only: bool) -> Any:
    """Declare an attribute that holds rows of another table, given where a roster is built in code."""
    return attrs.field(default=default, converter=tuple, kw_only=kw_only)


@dataclass_transform(frozen_default=True, field_specifiers=(column, nested))
def record(cls: type[T]) -> type[T]:
    """Make a frozen class of columns; type checkers see which may be left out, and which go by name only."""
    return attrs.frozen(cls)


def columns(record: type) -> tuple[Column, ...]:
    """The columns of a record class, in the table's order."""
    return _columns(record)


@cache
def _columns(record: Hashable) -> tuple[Column, ...]:
    return tuple(
        Column(a.name.rstrip("_"), a.name, *a.metadata[_KEY]) for a in attrs.fields(cast(type, record)) if _KEY in a.metadata
    )


def table_of(record: type) -> str:
    """The name of the table whose rows are of this class."""
    return str(getattr(record, "table", record.__name__.lower()))


def cells(record: Any) -> dict[str, str]:
    """A record as a row of text cells, blanks as empty text."""
    return {
        c.name: "" if (v := getattr(record, c.attribute)) is None else c.kind.show(v) for c in columns(type(record))
    }


def plain_cells(record: Any) -> dict[str, Any]:
    """A record as JSON holds it: without its blanks."""
    return {
        c.name: c.kind.plain(v)
        for c in columns(type(record))
        if (v := getattr(record, c.attribute)) is not None and v != ()
    }


def shown(cell: Cell) -> str:
    """A cell as an error message repeats it."""
    return cell if isinstance(cell, str) else "; ".join(map(str, cell)) if isinstance(cell, (list, tuple)) else str(cell)


def from_mapping(record: type, values: Mapping[str, Cell], **place: Any) -> tuple[Any, list[Problem]]:
    """A record from named cells, or None and every problem with them.

    ``place`` goes to each :class:`Problem` (``row``, ``source``).
    """
    problems: list[Problem] = []
    read: dict[str, Any] = {}
    for c in columns(record):
        cell = values.get(c.name)
        if blank(cell):
            if c.needed:
                problems.append(Problem(table_of(record), place.get("row"), c.name, None,
                                        f"is needed: {c.kind.expected}", source=place.get("source", "")))
            continue
        try:
            read[c.attribute] = c.kind.parse(cell)
        except Misread as error:
            problems.append(Problem(table_of(record), place.get("row"), c.name, shown(cell), error.expected,
                                    error.nearest, place.get("source", "")))
    if problems:
        return None, problems
    try:
        return record(**read), []
    except RosterError as error:
        return None, [attrs.evolve(p, row=place.get("row"), source=place.get("source", "")) for p in error.problems]


def _value(record: type, declared: Any, value: Cell) -> Any:
    """What a record built in code holds: the same reading, the same error, as a file's cell."""
    kind, _, needed, default, _, _ = declared.metadata[_KEY]
    if blank(value):
        # A needed owner (a licence's practitioner) may come later, from the record that it is nested in.
        return default
    try:
        return kind.parse(value)
    except Misread as error:
        name = declared.name.rstrip("_")
        raise RosterError(
            [Problem(table_of(record), None, name, shown(value), error.expected, error.nearest)]
        ) from None
