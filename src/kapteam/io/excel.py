"""One workbook with a sheet per table, and a sheet ``practice`` with the practice file's keys and values."""

from __future__ import annotations

import re
import warnings
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime, time
from decimal import Decimal
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING, Any

from kapteam.io.names import unknown
from kapteam.io.raw import NOTE, RawRoster, RawTable, Unreadable, name_of
from kapteam.io.sheet import flat, read_practice_sheet
from kapteam.io.titles import below_title
from kapteam.records.dates import EXCEL_EPOCH, EXCEL_EPOCH_1904, Day
from kapteam.records.kinds import LONGEST_TEXT, Cell, blank, clean
from kapteam.records.problems import UsageError
from kapteam.records.roster import NEEDED, TABLES, Roster
from kapteam.records.table import columns

if TYPE_CHECKING:
    from openpyxl import Workbook
    from openpyxl.worksheet.worksheet import Worksheet

#: The sheet that explains the template; it is for people, and not read.
ABOUT = "read me"

_FORMULA = "the formula has no value stored: open the workbook in a spreadsheet program and save it, or type the value"
_NO_WORKBOOK = "not an Excel workbook (.xlsx)"
_START = 512  # bytes that tell what a file is
_TEXT = bytes([9, 10, 13, *range(32, 127), *range(128, 256)])  # what a text file holds, in whatever encoding
_MOST_ROWS = 1_048_576
_DATE = 10  # characters of a date: where it does not fit, a spreadsheet shows ####
_KEPT = 15  # digits of a number that a spreadsheet keeps
_NOTE_WIDTH = 72  # characters


def read_workbook(path: Path) -> RawRoster:
    """Every sheet of a workbook; sheets of other names are reported, not read."""
    raw = RawRoster(name_of(path))
    try:
        written = _load(path)
        stored = _load(path, values=True) if any(_has_formula(sheet) for sheet in written.worksheets) else None
    except Exception as error:  # whatever a broken file makes the reader stumble over, it is the file's fault
        raw.problem("roster", _why(path, error), source=path.name)
        return raw
    for sheet in written.worksheets:
        name = clean(sheet.title)
        source = f"{path.name}, sheet {sheet.title}"
        if name.casefold() == ABOUT or name.startswith(NOTE):
            continue
        if name not in TABLES and name != "practice":
            if any(not blank(cell.value) for cell in sheet._cells.values()):
                expected, close = unknown("table", name, [*TABLES, "practice"])
                raw.problem(name, expected, source=source, value=sheet.title, nearest=close)
            continue
        table = _table(sheet, stored[sheet.title] if stored is not None else None, source, name, raw)
        if not table.header:
            continue
        if name == "practice":
            read_practice_sheet(table, raw)
        else:
            raw.add(name, table)
    return raw


def write_workbook(
    roster: Roster, path: Path, *, notes: Mapping[str, Sequence[Sequence[str | int | None]]] | None = None
) -> None:
    """Write every table that has rows or is needed, and the practice file where it differs from the defaults.

    Parameters
    ----------
    roster : Roster
    path : Path
    notes : mapping of str to rows, optional
        Sheets for people, which are not read back: they come first, and ``_`` is put before their names.

    Raises
    ------
    UsageError
        There are more rows or longer texts than a sheet can hold.
    """
    from openpyxl import Workbook

    book = Workbook()
    book.remove(book.worksheets[0])
    for name, rows in (notes or {}).items():
        _write_note(book, f"{NOTE}{name}", rows)
    for name in TABLES:
        if roster.table(name) or name in NEEDED:
            write_sheet(book, name, roster.table(name))
    practice = list(flat((), roster.practice.as_toml()))
    if practice:
        sheet = book.create_sheet("practice")
        for number, row in enumerate([("key", "value"), *practice], start=1):
            _write_row(sheet, number, row)
    book.save(path)


def write_sheet(book: Workbook, name: str, rows: tuple[Any, ...]) -> Worksheet:
    """A sheet with a table's header and rows; texts stay texts, whatever they look like."""
    from openpyxl.styles import Font
    from openpyxl.utils import get_column_letter

    if len(rows) >= _MOST_ROWS:
        raise UsageError(f"{name} has {len(rows):,} rows, more than a sheet can hold: write a folder or .json")
    sheet: Worksheet = book.create_sheet(name)
    declared = columns(TABLES[name])
    widths = [max(len(c.name), len(c.example), _DATE if isinstance(c.kind, Day) else 0) for c in declared]
    _write_row(sheet, 1, tuple(c.name for c in declared))
    for cell in sheet[1]:
        cell.font = Font(bold=True)
    sheet.freeze_panes = "B2"
    for number, record in enumerate(rows, start=2):
        values = tuple(_cell(c.kind, getattr(record, c.attribute)) for c in declared)
        _write_row(sheet, number, values)
        widths = [max(w, len(str(v))) if v is not None else w for w, v in zip(widths, values, strict=True)]
    for i, width in enumerate(widths, start=1):
        sheet.column_dimensions[get_column_letter(i)].width = min(44, width + 3)
    return sheet


def _write_note(book: Workbook, name: str, rows: Sequence[Sequence[str | int | None]]) -> None:
    """A sheet for people; long texts are broken into lines."""
    from openpyxl.styles import Alignment
    from openpyxl.utils import get_column_letter

    sheet: Worksheet = book.create_sheet(name)
    for number, row in enumerate(rows, start=1):
        _write_row(sheet, number, tuple(row))
        for cell in sheet[number]:
            cell.alignment = Alignment(wrap_text=True, vertical="top")
    for i in range(1, max(map(len, rows), default=0) + 1):
        longest = max(len(str(row[i - 1])) for row in rows if len(row) >= i)
        sheet.column_dimensions[get_column_letter(i)].width = min(_NOTE_WIDTH, longest + 3)


def _write_row(sheet: Worksheet, number: int, values: tuple[Any, ...]) -> None:
    """Write cells whose texts stay texts: one that begins with = is no formula."""
    for i, value in enumerate(values, start=1):
        if value is None:
            continue
        if isinstance(value, str) and len(value) > LONGEST_TEXT:
            raise UsageError(f"a cell of {sheet.title} is longer than a workbook can hold: write a folder or .json")
        cell = sheet.cell(number, i, value)
        if isinstance(value, str):
            cell.data_type = "s"
            cell.number_format = "@"
        elif isinstance(value, date):
            cell.number_format = "yyyy-mm-dd"


def _cell(kind: Any, value: Any) -> Any:
    if value is None or (isinstance(value, (int, date)) and not isinstance(value, (bool, datetime))):
        return value
    if isinstance(value, Decimal):
        # A number of more digits than a workbook keeps is written as text, which reads back exactly.
        return kind.plain(value) if len(value.normalize().as_tuple().digits) <= _KEPT else kind.show(value)
    return kind.show(value)


def _load(path: Path, *, values: bool = False) -> Workbook:
    from openpyxl import load_workbook  # slow to load, and only workbooks need it

    with warnings.catch_warnings(), path.open("rb") as file:
        # openpyxl warns of what it would lose in writing: drop-downs of another program, print settings.
        warnings.simplefilter("ignore")
        return load_workbook(file, data_only=values, keep_links=False)


def _why(path: Path, error: Exception) -> str:
    """Why a file cannot be read, in words that its writer knows: not in those of a zip archive or of XML."""
    if isinstance(error, OSError) and error.strerror:
        return f"the workbook cannot be read: {error.strerror}"
    with path.open("rb") as file:
        start = file.read(_START)
    if not start:
        return "the file is empty: expected an Excel workbook (.xlsx)"
    if start.startswith(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"):
        return f"{_NO_WORKBOOK}: it has a password or is an old .xls: save it as .xlsx without a password"
    if start.startswith(b"PK"):
        return f"{_NO_WORKBOOK}, or one that is cut off or damaged: save it again as .xlsx"
    if start.translate(None, _TEXT):
        return f"{_NO_WORKBOOK}: save it as .xlsx"
    return f"{_NO_WORKBOOK}, but a text file: CSV files are read together, one for each table"


def _has_formula(sheet: Worksheet) -> bool:
    return any(cell.data_type == "f" for cell in sheet._cells.values())


def _table(sheet: Worksheet, stored: Worksheet | None, source: str, name: str, raw: RawRoster) -> RawTable:
    in_1904 = sheet.parent is not None and sheet.parent.epoch.year == EXCEL_EPOCH_1904.year
    table = RawTable(source, [], rows := [], None, EXCEL_EPOCH_1904 if in_1904 else EXCEL_EPOCH, lettered=True)
    for number, cells in _rows(sheet, stored):
        if not table.header:
            table.header = ["" if c is None else str(c) for c in cells]
            table.header_row = number
        else:
            rows.append((number, cells))
    below_title(name, table, raw)
    for merged in sheet.merged_cells.ranges:
        if table.header_row is None or merged.max_row >= table.header_row:  # a merged title is told as a title
            expected = f"the cells {merged} are merged: unmerge them and fill each one"
            raw.problem(name, expected, source=source, row=merged.min_row)
    return table


def _rows(sheet: Worksheet, stored: Worksheet | None) -> Iterator[tuple[int, list[Cell]]]:
    """Each row that is not blank. Only cells that are there are looked at: one stray cell may be in row 1,048,576."""
    for number, row in groupby(sorted(sheet._cells.items()), key=lambda item: item[0][0]):
        cells: list[Cell] = []
        for (_, column), cell in row:
            value = _read(cell, stored)
            if not blank(value):
                cells += [None] * (column - 1 - len(cells))
                cells.append(value)
        if cells:
            yield number, cells


def _read(cell: Any, stored: Worksheet | None) -> Cell:
    value = cell.value
    if value is None:
        return None
    if cell.data_type == "f":
        found: Any = stored._cells.get((cell.row, cell.column)) if stored is not None else None
        if found is None or (found.value is None and found.data_type != "str"):
            return Unreadable(str(getattr(value, "text", value)), _FORMULA)
        cell, value = found, found.value  # a formula whose result is an empty text is a blank
    if cell.data_type == "e":
        return Unreadable(str(value), "the cell holds a spreadsheet error: mend its formula or type the value")
    if isinstance(value, str):
        return value.replace("_x000D_", "\r")  # how a workbook writes a carriage return
    if isinstance(value, datetime):
        return value.date() if value.time() == time() and not _shows_time(cell.number_format) else value
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        if abs(value) >= 10**_KEPT:
            return Unreadable(
                str(value), f"a spreadsheet keeps {_KEPT} digits: format the cell as text and type it again"
            )
        return _with_zeros(value, cell.number_format)
    return value


def _shows_time(number_format: str) -> bool:
    """Whether a format shows hours: it tells a midnight from a day, which a workbook has no value for."""
    return "h" in re.sub(r'"[^"]*"|\[\$[^\]]*\]|\\.', "", number_format).casefold()


def _with_zeros(value: float, number_format: str) -> Cell:
    """A number as the sheet shows it, where its format adds leading zeros: a ZIP code 02138 is stored as 2138."""
    if re.fullmatch(r"0{2,}", number_format) and value >= 0 and value == int(value):
        return str(int(value)).zfill(len(number_format))
    if number_format == r"00000\-0000" and value >= 0 and value == int(value):
        digits = str(int(value)).zfill(9)
        return f"{digits[:-4]}-{digits[-4:]}"
    return value
