"""What a file holds before anyone judges it: tables of cells, and where each row stands."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

from attrs import Factory, define, frozen

from kapteam.records.dates import EXCEL_EPOCH
from kapteam.records.kinds import Cell
from kapteam.records.problems import Problem

if TYPE_CHECKING:
    import polars as pl

#: A column, a file or a sheet whose name starts so is the practice's own note: it is not read.
NOTE = "_"


def name_of(path: Path) -> str:
    """The name alone of a file or folder, as every message has it; ``.`` and ``..`` have one too."""
    name = path.name if path.name != ".." else ""
    return name or path.resolve().name or str(path)


def letters(column: int) -> str:
    """A column, counted from 1, as a spreadsheet names it.

    Examples
    --------
    >>> letters(10), letters(28), letters(16384)
    ('J', 'AB', 'XFD')
    """
    name = ""
    while column:
        column, last = divmod(column - 1, 26)
        name = chr(ord("A") + last) + name
    return name


@frozen
class Unreadable:
    """A cell that holds something, but nothing that a roster may rest on: a formula without a value, an error."""

    text: str
    expected: str

    def __str__(self) -> str:
        return self.text


@define
class RawTable:
    """One table as it stands in a file.

    Attributes
    ----------
    source : str
        The file, or the file and its sheet.
    header : list of str
        The column names, as written.
    rows : iterable of (int, list of cells)
        Each row's number, as a spreadsheet counts it, and its cells; read once, so that a large file is never in
        memory as a whole.
    header_row : int or None
        Where the column names stand; None where each row names its own (JSON).
    epoch : date
        The day that the file's bare serial numbers count from.
    lettered : bool
        Whether its columns are known by letters, as a spreadsheet's.
    frame : function, optional
        Reads the whole table as one frame, with the columns of ``header``; None where it cannot.
    """

    source: str
    header: list[str]
    rows: Iterable[tuple[int, list[Cell]]]
    header_row: int | None = 1
    epoch: date = EXCEL_EPOCH
    lettered: bool = False
    frame: Callable[[], pl.DataFrame | None] | None = None


@define
class RawRoster:
    """A whole file or folder, with what was wrong already in its form."""

    source: str
    tables: dict[str, RawTable] = Factory(dict)
    practice: Mapping[str, Any] = Factory(dict)
    practice_source: str = ""
    #: Where each dotted key of the practice stands, for a sheet.
    practice_rows: dict[str, int] = Factory(dict)
    problems: list[Problem] = Factory(list)
    #: The scenarios that made rows up.
    made_up: set[str] = Factory(set)

    def problem(self, table: str, expected: str, *, source: str | None = None, **facts: Any) -> None:
        """Note what is wrong with a file's form."""
        facts = {"row": None, "column": None, "value": None, **facts}
        self.problems.append(Problem(table, expected=expected, source=source or self.source, **facts))

    def add(self, name: str, table: RawTable) -> None:
        """Take a table in; a second one of the same name is a problem."""
        if name in self.tables:
            self.problem(name, f"the table stands twice: also as {self.tables[name].source}", source=table.source)
        else:
            self.tables[name] = table
