"""One declaration per column: reader, error text, template, reference page and schema come from it."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Mapping
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


def nested(of: type, *, default: Any, kw_only: bool) -> Any:
    """Declare an attribute that holds rows of another table, given where a roster is built in code."""

    def convert(rows: Any) -> tuple[Any, ...]:
        found = (rows,) if isinstance(rows, of) else tuple(rows)
        check_rows(of, found)
        return found

    return attrs.field(default=default, converter=convert, kw_only=kw_only)


def check_rows(of: type, rows: Iterable[Any]) -> None:
    """Raise TypeError where a row is of another class than its table's."""
    for row in rows:
        if not isinstance(row, of):
            raise TypeError(f"expected {of.__name__} in {table_of(of)}, not {type(row).__name__}: {row!r}")


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
        Column(a.name.rstrip("_"), a.name, *a.metadata[_KEY])
        for a in attrs.fields(cast(type, record))
        if _KEY in a.metadata
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
    if isinstance(cell, (list, tuple)):
        return "; ".join(map(str, cell))
    return cell if isinstance(cell, str) else str(cell)


def built(record: type, read: Mapping[str, Any], *, check: bool = True) -> Any:
    """A record of values, by attribute, that their kinds have read already: nothing is read twice.

    Parameters
    ----------
    record : type
    read : mapping
        What is not in it has its default.
    check : bool
        Whether the values are checked against one another (dates that end before they start).

    Raises
    ------
    RosterError
        As the record's own constructor, but for the reading of each value.
    """
    row: Any = object.__new__(record)
    for attribute, default in _defaults(record):
        object.__setattr__(row, attribute, read.get(attribute, default))
    if check and (checked := getattr(row, "__attrs_post_init__", None)) is not None:
        checked()
    return row


@cache
def _defaults(record: Hashable) -> tuple[tuple[str, Any], ...]:
    fields = attrs.fields(cast("type", record))
    return tuple((a.name, None if a.default is attrs.NOTHING else a.default) for a in fields)


def from_mapping(record: type, values: Mapping[str, Cell], source: str = "") -> tuple[Any, list[Problem]]:
    """A record from named cells, or None and every problem with them."""
    problems: list[Problem] = []
    read: dict[str, Any] = {}
    for c in columns(record):
        cell = values.get(c.name)
        if blank(cell):
            continue
        try:
            value = c.kind.parse(cell)
            if value != ():
                read[c.attribute] = value
        except Misread as error:
            problems.append(Problem(table_of(record), None, c.name, shown(cell), error.expected, error.nearest, source))
    if problems:
        return None, problems
    try:
        return built(record, read), []
    except RosterError as error:
        return None, [attrs.evolve(p, source=source) for p in error.problems]


def _value(record: type, declared: Any, value: Cell) -> Any:
    """What a record built in code holds: the same reading, the same error, as a file's cell."""
    kind, _, _, default, _, _ = declared.metadata[_KEY]
    name = declared.name.rstrip("_")
    if hasattr(value, "dtype") and hasattr(value, "tolist"):
        value = value.tolist()  # NumPy's numbers and arrays, as a data frame gives them
    if blank(value):
        # A needed owner (a licence's practitioner) may come later, from the record that it is nested in.
        if declared.default is attrs.NOTHING:
            raise RosterError([Problem(table_of(record), None, name, None, f"is needed: {kind.expected}")])
        return default
    try:
        read = kind.parse(value)
        return default if read == () else read
    except Misread as error:
        raise RosterError(
            [Problem(table_of(record), None, name, shown(value), error.expected, error.nearest)]
        ) from None
