"""From raw tables to a roster: every cell read, every problem placed in its file, sheet, row and column."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import attrs

from kapteam.io.raw import RawRoster, RawTable, Unreadable
from kapteam.records.checks import problems_of
from kapteam.records.kinds import Cell, blank, clean, plain
from kapteam.records.practice import Practice
from kapteam.records.problems import Misread, Problem, RosterError, nearest
from kapteam.records.roster import NEEDED, TABLES, Roster
from kapteam.records.table import Column, columns, shown


#: A column, a file or a sheet whose name starts so is the practice's own note: it is not read.
NOTE = "_"


def assemble(raw: RawRoster) -> Roster:
    """The roster that the raw tables hold.

    Raises
    ------
    RosterError
        With every problem of the form, of each cell and of the tables together.
    """
    problems = list(raw.problems)
    tables: dict[str, list[Any]] = {name: [] for name in TABLES}
    numbers: dict[str, list[int]] = {name: [] for name in TABLES}
    unread: dict[str, set[str]] = {}
    refused = {p.table for p in raw.problems}
    for name, record in TABLES.items():
        if name in raw.tables:
            reader = _TableReader(name, record, raw.tables[name])
            reader.read()
            tables[name], numbers[name] = reader.records, reader.numbers
            problems += reader.problems
            if reader.unread:
                unread[name] = reader.unread
        elif name in refused or "roster" in refused:
            unread[name] = set()
        elif name in NEEDED:
            problems.append(Problem(name, None, None, None, "is missing: every roster needs this table", source=raw.source))
            unread[name] = set()
    practice = Practice()
    try:
        practice = Practice.of(raw.practice, raw.practice_source)
    except RosterError as error:
        problems += error.problems
    if any(p.level == "error" for p in problems):
        # References into a table that could not be read at all would all be wrong for the same reason.
        lost = {name for name in ("sites", "practitioners") if name in unread and not tables[name]}
        if not lost:
            problems += _located(problems_of(tables, practice, unread), raw, numbers)
        raise RosterError(problems)
    try:
        roster = Roster(**tables, practice=practice)
    except RosterError as error:
        raise RosterError([*problems, *_located(error.problems, raw, numbers)]) from None
    warnings = (*problems, *_located(roster.warnings, raw, numbers))
    return roster.with_warnings(warnings)


def _located(found: Iterable[Problem], raw: RawRoster, numbers: dict[str, list[int]]) -> list[Problem]:
    """Problems of rows counted from 1, at the rows of their files."""
    def number(table: str, row: int | None) -> int | None:
        return None if row is None else numbers[table][row - 1]

    return [
        attrs.evolve(p, row=number(p.table, p.row), also=number(p.table, p.also),
                     source=raw.tables[p.table].source if p.table in raw.tables else raw.source)
        for p in found
    ]


class _TableReader:
    """Reads one table; a cell's text is read once however often it stands there."""

    def __init__(self, name: str, record: type, raw: RawTable) -> None:
        self.name, self.record, self.raw = name, record, raw
        self.records: list[Any] = []
        self.numbers: list[int] = []
        self.problems: list[Problem] = []
        self.unread: set[str] = set()
        self.seen: dict[tuple[str, Cell], Any] = {}

    def read(self) -> None:
        placed = self.header()
        id_column = columns(self.record)[0].name
        for number, cells in self.raw.rows:
            if all(blank(cell) for cell in cells):
                continue
            before = len(self.problems)
            self.extra_cells(number, cells)
            read = {
                c.attribute: value
                for c, i in placed
                if (value := self.cell(number, c, cells[i] if i < len(cells) else None)) is not None
            }
            if len(self.problems) == before:
                self.row(number, read)
            if len(self.problems) > before:
                at = next((i for c, i in placed if c.name == id_column), None)
                if at is not None and at < len(cells) and not blank(cells[at]):
                    self.unread.add(clean(shown(cells[at])))

    def row(self, number: int, read: dict[str, Any]) -> None:
        try:
            self.records.append(self.record(**read))
            self.numbers.append(number)
        except RosterError as error:
            self.problems += [attrs.evolve(p, row=number, source=self.raw.source) for p in error.problems]

    def header(self) -> list[tuple[Column, int]]:
        """The columns that stand in the file, each with its place; unknown and doubled ones are problems."""
        known = {c.name: c for c in columns(self.record)}
        placed: dict[str, int] = {}
        for i, written in enumerate(self.raw.header):
            name = plain(shown(written)) if not blank(written) else ""
            if not name:
                if any(i < len(cells) and not blank(cells[i]) for _, cells in self.raw.rows):
                    self.problem(1, None, None, f"column {i + 1} holds cells but has no name")
            elif name.startswith(NOTE):
                continue
            elif name not in known:
                self.problem(1, name, None, "there is no such column", nearest(name, known))
            elif name in placed:
                self.problem(1, name, None, "the column stands twice")
            else:
                placed[name] = i
        for column in known.values():
            if column.needed and column.name not in placed and self.raw.header:
                self.problem(1, column.name, None, "the column is missing, and every row needs it")
        return [(known[name], i) for name, i in placed.items()]

    def extra_cells(self, number: int, cells: list[Cell]) -> None:
        extra = [cell for cell in cells[len(self.raw.header):] if not blank(cell)]
        if extra:
            self.problem(number, None, shown(extra[0]),
                         f"the row has more cells than the header has columns ({len(self.raw.header)}): "
                         "put quotes around a cell that holds the separator")

    def cell(self, number: int, column: Column, cell: Cell) -> Any:
        key = (column.name, cell) if isinstance(cell, str) else None
        if key is not None and key in self.seen:
            return self.seen[key]
        if blank(cell):
            if column.needed:
                self.problem(number, column.name, None, f"is needed: {column.kind.expected}")
            return None
        try:
            if isinstance(cell, Unreadable):
                raise Misread(cell.expected)
            value = column.kind.parse(cell)
        except Misread as error:
            self.problem(number, column.name, shown(cell), error.expected, error.nearest)
            return None
        if key is not None:
            self.seen[key] = value
        return value

    def problem(self, row: int | None, column: str | None, value: str | None, expected: str,
                close: tuple[str, ...] = ()) -> None:
        self.problems.append(Problem(self.name, row, column, value, expected, close, self.raw.source))
