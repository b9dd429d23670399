"""From raw tables to a roster: every cell read, every problem placed in its file, sheet, row and column."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from types import MappingProxyType
from typing import Any

import attrs

from kapteam.io.names import unknown
from kapteam.io.raw import NOTE, RawRoster, RawTable, Unreadable, letters
from kapteam.records.checks import UNREAD, problems_of
from kapteam.records.dates import EXCEL_EPOCH, Day, meant_days
from kapteam.records.kinds import Cell, Id, blank, plain
from kapteam.records.practice import Practice
from kapteam.records.problems import Misread, Problem, RosterError
from kapteam.records.roster import NEEDED, TABLES, Roster
from kapteam.records.table import Column, built, columns, shown

_REMEMBERED = 20_000  # texts of one column that are read once; more are hardly of few values


def assemble(
    raw: RawRoster,
    check: Callable[[Practice], Iterable[Problem]] | None = None,
    done: Mapping[str, TableReader] = MappingProxyType({}),
) -> Roster:
    """The roster that the raw tables hold; ``check`` may find further problems in its practice file.

    ``done`` are the tables that were read before.

    Raises
    ------
    RosterError
        With every problem of the form, of each cell and of the tables together.
    """
    problems: list[Problem] = []
    read: dict[str, TableReader] = {}
    ids: dict[str, Any] = {}  # each id is one text in memory, however many rows name it
    for name, record in TABLES.items():
        if name in raw.tables:
            read[name] = done.get(name) or TableReader(name, record, raw.tables[name], ids)
            if name not in done:
                read[name].read()
            problems += read[name].problems
    refused = {p.table for p in raw.problems}
    missing = TABLES.keys() - read.keys() if "roster" in refused else refused - read.keys()
    for name in NEEDED:
        if name not in read and name not in missing:
            what = "is missing: every roster needs this table"
            problems.append(Problem(name, None, None, None, what, source=raw.source))
            missing.add(name)
    practice: Practice | None = None
    try:
        practice = Practice.of(raw.practice, raw.practice_source)
        problems += [] if check is None else check(practice)
    except RosterError as error:
        problems += [attrs.evolve(p, row=raw.practice_rows.get(p.column or "")) for p in error.problems]
    problems = [*raw.problems, *problems]
    tables = {name: read[name].records if name in read else [] for name in TABLES}
    if any(p.level == "error" for p in problems) or practice is None:
        # A table that broke off in the middle, or has no column of ids, has more of them than were read.
        missing |= refused & read.keys() | {name for name, reader in read.items() if reader.without_ids}
        known = practice if "practice" not in refused else None
        partial = {name: reader.partial for name, reader in read.items()}
        raise RosterError([*problems, *_located(problems_of(tables, known, partial, missing), raw, read)])
    try:
        roster = Roster(**tables, practice=practice)
    except RosterError as error:
        raise RosterError([*problems, *_located(error.problems, raw, read)]) from None
    origin = {name: (raw.tables[name].source, reader.numbers) for name, reader in read.items()}
    return roster.read_from(origin, [*problems, *_located(roster.warnings, raw, read)], sorted(raw.made_up))


def _located(found: Iterable[Problem], raw: RawRoster, read: dict[str, TableReader]) -> list[Problem]:
    """Problems of rows counted from 1, at the rows of their files."""

    def number(table: str, row: int | None) -> int | None:
        return None if row is None else read[table].numbers[row - 1]

    return [
        attrs.evolve(
            p,
            row=number(p.table, p.row),
            also=number(p.table, p.also),
            source=raw.tables[p.table].source if p.table in raw.tables else raw.source,
        )
        for p in found
    ]


class TableReader:
    """Reads one table; a cell's text is read once however often it stands there."""

    def __init__(self, name: str, record: type, raw: RawTable, ids: dict[str, Any]) -> None:
        self.name, self.record, self.raw, self.ids = name, record, raw, ids
        self.records: list[Any] = []
        self.numbers: list[int] = []
        #: The records, counted from 1, that have an error of their own.
        self.partial: set[int] = set()
        self.problems: list[Problem] = []
        self.without_ids = False

    def read(self) -> None:
        """Read every row; one with an error is kept as far as it could be read, for the checks between rows."""
        unnamed, placed = self.header()
        width = len(self.raw.header)
        needed = [c for c in columns(self.record) if c.needed]
        self.without_ids = columns(self.record)[0] not in [c for _, c, _ in placed]
        absent = {c.attribute for c in columns(self.record)} - {c.attribute for _, c, _ in placed}
        for number, cells in self.raw.rows:
            before = len(self.problems)
            values: dict[str, Any] = {}
            for i, column, seen in placed:
                if i >= len(cells):
                    continue
                cell = cells[i]
                value = seen.get(cell, UNREAD) if isinstance(cell, str) else UNREAD
                if value is UNREAD:
                    value = self.cell(number, column, cell, seen)
                if value is not None:
                    values[column.attribute] = value
            filled = bool(values) or len(self.problems) > before
            self.strays(number, cells, width, unnamed)
            if not filled:
                continue  # a blank row, or one with notes alone
            lacking = [c for c in needed if c.attribute not in values]
            for column in lacking:
                values[column.attribute] = UNREAD
                if column.attribute not in absent:
                    self.problem(number, column.name, None, f"is needed: {column.kind.expected}")
            self.row(number, values, whole=len(self.problems) == before and not lacking)

    def row(self, number: int, values: dict[str, Any], *, whole: bool) -> None:
        """Keep a row; where one of its cells could not be read, its values are not checked against one another."""
        self.numbers.append(number)
        if whole:
            try:
                self.records.append(built(self.record, values))
                return
            except RosterError as error:
                self.problems += [attrs.evolve(p, row=number, source=self.raw.source) for p in error.problems]
        self.records.append(built(self.record, values, check=False))
        self.partial.add(len(self.records))

    def header(self) -> tuple[list[int], list[tuple[int, Column, dict[str, Any]]]]:
        """The places without a name; and of each column its place and what was read in it so far."""
        known = {c.name: c for c in columns(self.record)}
        at = self.raw.header_row
        placed: dict[str, int] = {}
        unnamed: list[int] = []
        for i, written in enumerate(self.raw.header):
            name = plain(shown(written))
            if not name:
                unnamed.append(i)
            elif name.startswith(NOTE):
                continue
            elif name not in known:
                expected, close = unknown("column", name, known)
                self.problem(at, name, None, expected, close)
            elif name in placed:
                self.problem(at, name, None, "the column stands twice")
            else:
                placed[name] = i
        for column in known.values():
            if column.needed and column.name not in placed and self.raw.header:
                self.problem(at, column.name, None, "the column is missing, and every row needs it")
        return unnamed, [
            (i, known[name], self.ids if type(known[name].kind) is Id else {}) for name, i in placed.items()
        ]

    def strays(self, number: int, cells: list[Cell], width: int, unnamed: list[int]) -> None:
        """Cells that stand under no name: each such column is told once, and a row that is too long as well."""
        for i in unnamed:
            if i < len(cells) and not blank(cells[i]):
                unnamed.remove(i)
                where = letters(i + 1) if self.raw.lettered else str(i + 1)
                self.problem(number, None, shown(cells[i]), f"column {where} holds cells but has no name")
                break
        if len(cells) > width:
            extra = next((i for i in range(width, len(cells)) if not blank(cells[i])), None)
            if extra is not None and self.raw.lettered:
                expected = (
                    f"the cell {letters(extra + 1)}{number} stands beyond the last column that has a name: clear it, "
                    f"or give its column a name that begins with {NOTE}, as a note of your own"
                )
                self.problem(number, None, shown(cells[extra]), expected)
            elif extra is not None:
                expected = (
                    f"the row has more cells than the header has columns ({width}): "
                    "put quotes around a cell that holds the separator"
                )
                self.problem(number, None, shown(cells[extra]), expected)

    def cell(self, number: int, column: Column, cell: Cell, seen: dict[str, Any]) -> Any:
        """The value of one cell: None where it is blank, ``UNREAD`` where it is a problem."""
        if blank(cell):
            return None
        try:
            if isinstance(cell, Unreadable):
                raise Misread(cell.expected)
            value = column.kind.parse(cell)
            if value == ():
                value = None  # a list of nothing is a blank
        except Misread as error:
            close = error.nearest
            if isinstance(column.kind, Day) and self.raw.epoch != EXCEL_EPOCH:
                close = tuple(meant_days(plain(shown(cell)), self.raw.epoch)) or close
            self.problem(number, column.name, shown(cell), error.expected, close)
            return UNREAD
        if isinstance(cell, str) and (seen is self.ids or len(seen) < _REMEMBERED):
            seen[cell] = value
        return value

    def problem(
        self,
        row: int | None,
        column: str | None,
        value: str | None,
        expected: str,
        close: tuple[str, ...] = (),
    ) -> None:
        """Note what is wrong in this table."""
        self.problems.append(Problem(self.name, row, column, value, expected, close, self.raw.source))
