"""One workbook with a sheet per table, and a sheet ``practice`` with the practice file's keys and values."""

from __future__ import annotations

import tomllib
import zipfile
from collections.abc import Iterator
from datetime import date, datetime, time
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any

from kapteam.io import toml
from kapteam.io.raw import RawRoster, RawTable, Unreadable
from kapteam.records.kinds import Cell, blank, clean
from kapteam.records.problems import nearest
from kapteam.records.roster import TABLES, Roster
from kapteam.records.table import columns

if TYPE_CHECKING:
    from openpyxl import Workbook
    from openpyxl.worksheet.worksheet import Worksheet

#: The sheet that explains the template; it is for people, and not read.
ABOUT = "read me"

_FORMULA = "the formula has no value stored: open the workbook in a spreadsheet program and save it, or type the value"


def read_workbook(path: Path) -> RawRoster:
    """Every sheet of a workbook; sheets of other names are reported, not read."""
    from openpyxl import load_workbook  # slow to load, and only workbooks need it
    from openpyxl.utils.exceptions import InvalidFileException

    raw = RawRoster(str(path))
    try:
        written = load_workbook(path)
    except (InvalidFileException, zipfile.BadZipFile, KeyError, ValueError, OSError, EOFError, SyntaxError) as error:
        raw.problem("roster", f"expected an Excel workbook (.xlsx): {error or type(error).__name__}", source=path.name)
        return raw
    values: Workbook | None = None
    for sheet in written.worksheets:
        name = clean(sheet.title)
        source = f"{path.name}, sheet {sheet.title}"
        if name.casefold() == ABOUT or name.startswith("_"):
            continue
        if name not in TABLES and name != "practice":
            if any(not blank(cell.value) for row in sheet.iter_rows() for cell in row):
                raw.problem(name, "there is no such table", source=source, value=sheet.title,
                            nearest=nearest(name, [*TABLES, "practice"]))
            continue
        if values is None and _has_formula(sheet):
            values = load_workbook(path, data_only=True)
        table = _table(sheet, values[sheet.title] if values is not None else None, source, name, raw)
        if name == "practice":
            _practice(table, raw)
        elif table.header:
            raw.tables[name] = table
    return raw


def write_workbook(roster: Roster, path: Path) -> None:
    """Write every table that has rows, and the practice file where it differs from the defaults."""
    from openpyxl import Workbook

    book = Workbook()
    book.remove(book.worksheets[0])
    for name in TABLES:
        if roster.table(name):
            write_sheet(book, name, roster.table(name))
    practice = list(_flat((), roster.practice.as_toml()))
    if practice:
        sheet = book.create_sheet("practice")
        for row in [("key", "value"), *practice]:
            sheet.append(row)
            _as_text(sheet)
    book.save(path)


def write_sheet(book: Workbook, name: str, rows: tuple[Any, ...]) -> Worksheet:
    """A sheet with a table's header and rows; texts stay texts, whatever they look like."""
    from openpyxl.styles import Font
    from openpyxl.utils import get_column_letter

    sheet: Worksheet = book.create_sheet(name)
    declared = columns(TABLES[name])
    sheet.append([c.name for c in declared])
    for cell in sheet[1]:
        cell.font = Font(bold=True)
    sheet.freeze_panes = "B2"
    for record in rows:
        sheet.append([_cell(c.kind, getattr(record, c.attribute)) for c in declared])
        _as_text(sheet)
    for i, column in enumerate(declared, start=1):
        shown = [len(column.name), *(len(str(row[i - 1].value or "")) for row in sheet.iter_rows(min_row=2))]
        sheet.column_dimensions[get_column_letter(i)].width = min(44, max(shown) + 3)
    return sheet


def _cell(kind: Any, value: Any) -> Any:
    if value is None or isinstance(value, (int, date)) and not isinstance(value, (bool, datetime)):
        return value
    if isinstance(value, Decimal):
        number = kind.plain(value)
        return number if isinstance(number, (int, float)) else str(number)
    return kind.show(value)


def _as_text(sheet: Worksheet) -> None:
    """Keep the texts of the last row texts: one that begins with = is no formula."""
    for cell in sheet[sheet.max_row]:
        if isinstance(cell.value, str):
            cell.data_type = "s"
            cell.number_format = "@"
        elif isinstance(cell.value, date):
            cell.number_format = "yyyy-mm-dd"


def _has_formula(sheet: Worksheet) -> bool:
    return any(cell.data_type == "f" for row in sheet.iter_rows() for cell in row)


def _table(sheet: Worksheet, values: Worksheet | None, source: str, name: str, raw: RawRoster) -> RawTable:
    for merged in sheet.merged_cells.ranges:
        raw.problem(name, f"the cells {merged} are merged: unmerge them and fill each one", source=source,
                    row=merged.min_row)
    table = RawTable(source, [], [])
    for number, row in enumerate(sheet.iter_rows(), start=1):
        cells = [_read(cell, values) for cell in row]
        while cells and blank(cells[-1]):
            cells.pop()
        if not table.header:
            table.header = [c if isinstance(c, str) else "" if c is None else str(c) for c in cells]
        elif cells:
            table.rows.append((number, cells))
    return table


def _read(cell: Any, values: Worksheet | None) -> Cell:
    value = cell.value
    if cell.data_type == "f":
        stored = values[cell.coordinate] if values is not None else None
        if stored is None or stored.value is None:
            return Unreadable(str(value), _FORMULA)
        cell, value = stored, stored.value
    if cell.data_type == "e":
        return Unreadable(str(value), "the cell holds a spreadsheet error: mend its formula or type the value")
    if isinstance(value, datetime) and "h" not in cell.number_format.casefold() and value.time() == time():
        return value.date()  # a workbook has no plain dates: the format tells a day from a midnight
    return value


def _practice(table: RawTable, raw: RawRoster) -> None:
    """The sheet's ``protocol.session_minutes`` | ``180`` as the nested mapping of a TOML file."""
    raw.practice_source = table.source
    if [clean(h).casefold() for h in table.header[:2]] != ["key", "value"]:
        raw.problem("practice", "expected two columns, key and value", source=table.source, row=1)
        return
    nested: dict[str, Any] = {}
    for number, cells in table.rows:
        key, value = cells[0], cells[1] if len(cells) > 1 else None
        if blank(key) or isinstance(value, Unreadable):
            raw.problem("practice", "expected a key such as protocol.session_minutes, and its value",
                        source=table.source, row=number, value=str(value))
            continue
        if blank(value):
            continue
        try:
            _merge(nested, tomllib.loads(f"{clean(str(key))} = {_toml_value(value)}"))
        except (tomllib.TOMLDecodeError, KeyError) as error:
            raw.problem("practice", f"expected a key such as protocol.session_minutes: {error}",
                        source=table.source, row=number, value=str(key))
    raw.practice = nested


def _toml_value(value: Cell) -> str:
    """A cell as a TOML value: what reads as one is one (``["a", "b"]``, ``true``), all else is text."""
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    if not isinstance(value, str):
        return toml.value(value)
    try:
        tomllib.loads(f"x = {value}")
    except tomllib.TOMLDecodeError:
        return toml.value(value)
    return value


def _merge(into: dict[str, Any], new: dict[str, Any]) -> None:
    for key, value in new.items():
        if isinstance(value, dict) and isinstance(into.get(key), dict):
            _merge(into[key], value)
        elif key in into:
            raise KeyError(f"{key} stands twice")
        else:
            into[key] = value


def _flat(path: tuple[str, ...], data: dict[str, Any]) -> Iterator[tuple[str, Any]]:
    for name, value in data.items():
        if isinstance(value, dict):
            yield from _flat((*path, name), value)
        else:
            plain = isinstance(value, int) and not isinstance(value, bool)
            yield ".".join(toml.key(p) for p in (*path, name)), value if plain else toml.value(value)
