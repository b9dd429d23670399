"""A file that cannot be used yet: its sheets, with each wrong cell marked and what was expected beside it."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from attrs import frozen

from kapteam.io import csv, json
from kapteam.io.raw import RawRoster, RawTable
from kapteam.records.kinds import blank
from kapteam.records.problems import Problem
from kapteam.records.table import shown

#: Rows of one sheet that are shown; a bad column has an error in every row.
_ROWS = 40


@frozen
class Cell:
    """A cell as it stands in a file, and what is wrong with it."""

    text: str
    problems: tuple[Problem, ...]


@frozen
class Line:
    """A row with an error, as it stands in its file; ``problems`` are of the row as a whole."""

    number: int
    cells: tuple[Cell, ...]
    problems: tuple[Problem, ...]


@frozen
class Sheet:
    """A table with errors.

    Attributes
    ----------
    source : str
        The file, or the file and its sheet.
    header : tuple of Cell
    lines : tuple of Line
        The rows with errors.
    problems : tuple of Problem
        What is about the table as a whole.
    more : int
        How many rows with errors are not shown.
    errors : int
    """

    source: str
    header: tuple[Cell, ...]
    lines: tuple[Line, ...]
    problems: tuple[Problem, ...]
    more: int
    errors: int


def sheets(path: Path, problems: Sequence[Problem]) -> list[Sheet]:
    """The sheets with errors of the file at a path, each once; what is about no sheet comes first."""
    wrong = [p for p in problems if p.level == "error"]
    raw = _raw(path)
    by_source: dict[str, list[Problem]] = {}
    for problem in wrong:
        by_source.setdefault(problem.source or problem.table, []).append(problem)
    tables = {table.source: table for table in raw.tables.values()}
    found = [
        _sheet(tables[source], theirs) if source in tables else _listed(source, theirs)
        for source, theirs in by_source.items()
    ]
    return sorted(found, key=lambda sheet: bool(sheet.header))


def _raw(path: Path) -> RawRoster:
    """The cells as they stand; of what is no roster at all, none."""
    if path.is_dir():
        return csv.read_folder(path)
    match path.suffix.casefold():
        case ".xlsx" | ".xlsm":
            from kapteam.io.excel import read_workbook  # openpyxl is slow to load

            return read_workbook(path)
        case ".json":
            return json.read_document(path)
        case _:
            return RawRoster(path.name)


def _sheet(table: RawTable, problems: Sequence[Problem]) -> Sheet:
    header = [shown(name) if not blank(name) else "" for name in table.header]
    at: dict[int, list[Problem]] = {}
    whole: list[Problem] = []
    heads: dict[str, list[Problem]] = {}
    for problem in problems:
        if problem.row is None or problem.row == table.header_row:
            (heads.setdefault(problem.column, []) if problem.column in header else whole).append(problem)
        else:
            at.setdefault(problem.row, []).append(problem)
    rows = {number: cells for number, cells in table.rows if number in at}
    lines = []
    for number in sorted(at)[:_ROWS]:
        cells = ["" if blank(c) else shown(c) for c in rows.get(number, [])]
        cells += [""] * (len(header) - len(cells))
        theirs = at[number]
        lines.append(
            Line(
                number,
                tuple(
                    Cell(text, tuple(p for p in theirs if p.column == name))
                    for name, text in zip(header, cells, strict=False)
                ),
                tuple(p for p in theirs if p.column not in header),
            )
        )
    return Sheet(
        table.source,
        tuple(Cell(name, tuple(heads.get(name, ()))) for name in header),
        tuple(lines),
        tuple(whole),
        max(0, len(at) - _ROWS),
        len(problems),
    )


def _listed(source: str, problems: Sequence[Problem]) -> Sheet:
    """What is about no table: a practice file, a whole workbook."""
    shown_here = tuple(problems[:_ROWS])
    return Sheet(source, (), (), shown_here, len(problems) - len(shown_here), len(problems))
