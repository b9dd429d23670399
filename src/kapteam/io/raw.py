"""What a file holds before anyone judges it: tables of cells, and where each row stands."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from attrs import Factory, define, frozen

from kapteam.records.kinds import Cell
from kapteam.records.problems import Problem


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
    rows : list of (int, list of cells)
        Each row's number, as a spreadsheet counts it, and its cells.
    """

    source: str
    header: list[str]
    rows: list[tuple[int, list[Cell]]]


@define
class RawRoster:
    """A whole file or folder, with what was wrong already in its form."""

    source: str
    tables: dict[str, RawTable] = Factory(dict)
    practice: Mapping[str, Any] = Factory(dict)
    practice_source: str = ""
    problems: list[Problem] = Factory(list)

    def problem(self, table: str, expected: str, *, source: str | None = None, **facts: Any) -> None:
        """Note what is wrong with a file's form."""
        facts = {"row": None, "column": None, "value": None, **facts}
        self.problems.append(Problem(table, expected=expected, source=source or self.source, **facts))
