"""The template that a practice fills in: every table with its notes, drop-downs and example rows."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from kapteam.io import csv, toml
from kapteam.io.example import example
from kapteam.io.excel import ABOUT, write_sheet
from kapteam.io.read import write
from kapteam.io.sheet import flat
from kapteam.records.dates import Day
from kapteam.records.kinds import Count, Number
from kapteam.records.practice import WEIGHTS, Protocol, Thresholds
from kapteam.records.problems import UsageError
from kapteam.records.roster import TABLES
from kapteam.records.table import Column, columns

if TYPE_CHECKING:
    from openpyxl import Workbook
    from openpyxl.worksheet.worksheet import Worksheet

_ROWS = 500  # rows that the drop-downs and the formats reach down to
_HELP = (
    "One sheet a table. The grey rows are an example, a small practice that works: write over them.",
    "Point at a column's name for what it means. A name on yellow is needed; the others may be left blank.",
    "A blank cell means that nobody knows. It never means no: write no where you know it.",
    "A row that is not there is a fact that is not so: no registration row means not registered.",
    "Sheets that you do not need may be deleted (but sites, practitioners, licenses and hours).",
    "A column or a sheet whose name begins with _ is your own note, and is not read.",
    "Then: kapteam check, kapteam match.",
)
_REFERENCES = {"practitioner": "practitioners", "with": "practitioners", "a": "practitioners", "b": "practitioners",
               "therapist": "practitioners", "site": "sites", "at_site": "sites"}  # fmt: skip


def write_template(path: Path) -> None:
    """Write a template; the ending decides, as it does for a roster.

    Raises
    ------
    UsageError
        The ending is none of ``.xlsx``, ``.json`` or a folder's.
    """
    match path.suffix.casefold():
        case ".xlsx":
            _workbook(path)
        case "":
            _folder(path)
        case ".json":
            write(example(), path)
        case other:
            raise UsageError(f"cannot write a template as {other}: use .xlsx, .json, or a folder's name")


def practice_lines() -> list[tuple[str, str, str]]:
    """Every key of the practice file that has a default: its dotted name, the default as TOML, and its meaning."""
    lines = []
    for section, record in (("protocol", Protocol), ("thresholds", Thresholds)):
        for c in columns(record):
            default = "" if c.default is None else c.kind.plain(c.default) if c.name != "solo" else c.default
            lines.append((f"{section}.{c.name}", toml.value(default), c.meaning + (f" ({c.unit})" if c.unit else "")))
    lines += [(f"weights.{k}", str(v), "the most points that this term of a link brings") for k, v in WEIGHTS.items()]
    return lines


def _folder(path: Path) -> None:
    roster = example()
    csv.write_folder(roster, path)
    for name, record in TABLES.items():
        if not roster.table(name):
            (path / f"{name}.csv").write_text(",".join(c.name for c in columns(record)) + "\n", encoding="utf-8")
    text, section = [], ""
    for key, value, meaning in practice_lines():
        here, name = key.split(".")
        if here != section:
            section = here
            text.append(f"\n[{section}]")
        text.append(f"# {name} = {value}  # {meaning}")
    head = "# Every key has this default; take away the first # of a line to set another.\n"
    carriers = "\n# What your carriers ask where the coverage rows are silent; this one is of the example.\n"
    text += [carriers + toml.dumps(roster.practice.as_toml())]
    (path / csv.PRACTICE).write_text(head + "\n".join(text), encoding="utf-8")


def _workbook(path: Path) -> None:
    from openpyxl import Workbook
    from openpyxl.styles import Font

    book = Workbook()
    about = book.worksheets[0]
    about.title = ABOUT
    about.column_dimensions["A"].width = 100
    for line in _HELP:
        about.append([line])
    roster = example()
    for name in TABLES:
        sheet = write_sheet(book, name, roster.table(name))
        for row in sheet.iter_rows(min_row=2):
            for cell in row:
                cell.font = Font(italic=True, color="808080")
        _explain_columns(book, sheet, name)
    sheet = book.create_sheet("practice")
    sheet.append(["key", "value", "_default", "_meaning"])
    for key, value, meaning in practice_lines():
        sheet.append([key, None, value, meaning])
    for key, value in flat((), roster.practice.as_toml()):
        sheet.append([key, value, None, "what your carriers ask where the coverage rows are silent"])
    for letter, width in (("A", 34), ("B", 20), ("C", 20), ("D", 70)):
        sheet.column_dimensions[letter].width = width
    book.save(path)


def _explain_columns(book: Workbook, sheet: Worksheet, name: str) -> None:
    """A note on each column's name, and a drop-down where only a few values may stand."""
    from openpyxl.comments import Comment
    from openpyxl.styles import PatternFill
    from openpyxl.utils import get_column_letter
    from openpyxl.worksheet.datavalidation import DataValidation

    for i, column in enumerate(columns(TABLES[name]), start=1):
        letter = get_column_letter(i)
        sheet.cell(1, i).comment = Comment(note(column), "kapteam", width=320, height=140)
        if column.needed:
            sheet.cell(1, i).fill = PatternFill("solid", start_color="FFF2CC")
        # As text, a leading 0 stays and 3-4 becomes no date; as a date, what is typed is shown as ISO.
        sheet.column_dimensions[letter].number_format = _format(column)
        # A program that drops a column's own format keeps that of each cell.
        for row in range(2, _ROWS + 1 if _format(column) != "General" else 2):
            if (cell := sheet.cell(row, i)).value is None:
                cell.number_format = _format(column)
        where = f"{letter}2:{letter}{_ROWS}"
        source = _choices(name, column)
        if source:
            rule = DataValidation("list", formula1=source, allow_blank=True, showErrorMessage=False)
            sheet.add_data_validation(rule)
            rule.add(where)


def _format(column: Column) -> str:
    """The number format of a column's cells."""
    if isinstance(column.kind, (Count, Number)):
        return "General"
    return "yyyy-mm-dd" if type(column.kind) is Day else "@"


def _choices(table: str, column: Column) -> str | None:
    """The list behind a drop-down: the words allowed, or the ids of another sheet."""
    of = _REFERENCES.get(column.name)
    if of is not None and of != table:
        return f"{of}!$A$2:$A${_ROWS}"
    words = '"' + ",".join(column.kind.choices) + '"'
    return words if column.kind.choices and len(words) <= 255 else None  # Excel's own limit


def note(column: Column) -> str:
    """What a column means and may hold, for its note and the reference page."""
    parts = [column.meaning + "."]
    if column.needed:
        parts.append("Needed.")
    elif column.default is not None and column.default != "":
        parts.append(f"Blank means {column.kind.show(column.default)}.")
    parts.append(
        f"Holds {column.kind.expected}." if not column.kind.choices else f"One of: {', '.join(column.kind.choices)}."
    )
    if column.unit:
        parts.append(f"In {column.unit}.")
    if column.example:
        parts.append(f"For example {column.example}")
    return " ".join(parts)
