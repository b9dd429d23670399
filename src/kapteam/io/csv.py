"""A folder with one CSV file per table, and ``practice.toml`` beside them."""

from __future__ import annotations

import csv
import tomllib
from collections.abc import Iterator
from functools import partial
from importlib.util import find_spec
from itertools import chain
from pathlib import Path

from kapteam.io.csv_frame import csv_frame
from kapteam.io.formulas import inert, meant
from kapteam.io.names import unknown
from kapteam.io.raw import NOTE, RawRoster, RawTable, name_of
from kapteam.io.text import Undecodable, check_text, decode, undecodable
from kapteam.io.titles import below_title
from kapteam.io.toml_errors import in_words
from kapteam.records.problems import nearest
from kapteam.records.roster import NEEDED, TABLES, Roster
from kapteam.records.table import cells, columns

PRACTICE = "practice.toml"
#: Bytes of a folder that is read as frames, where Polars is there: below, loading it takes longer than it saves.
LARGE = 1_000_000


def read_folder(folder: Path) -> RawRoster:
    """Every table of a folder; files that look like tables of other names are reported, not read."""
    raw = RawRoster(name_of(folder))
    for path in sorted(folder.iterdir()):
        name, ending = path.name, path.suffix.casefold()
        if name.startswith((".", "~", NOTE)):
            continue
        if name == PRACTICE:
            read_practice(path, raw)
        elif ending == ".csv" and path.stem in TABLES:
            _read_table(path, raw)
        elif ending == ".csv" and not path.is_dir():
            expected, close = unknown("table", path.stem, TABLES)
            raw.problem(path.stem, expected, source=name, value=name, nearest=close)
        elif path.stem.casefold() in TABLES and ending in (".tsv", ".txt", ".xlsx", ".xls", ".ods", ".json"):
            raw.problem(path.stem.casefold(), f"expected a CSV file: {path.stem.casefold()}.csv", source=name)
        elif nearest(name, [PRACTICE], cutoff=0.8):
            raw.problem("practice", "there is no such file", source=name, value=name, nearest=(PRACTICE,))
    if sum(path.stat().st_size for path in folder.glob("*.csv")) < LARGE or find_spec("polars") is None:
        for table in raw.tables.values():
            table.frame = None
    if not raw.tables and not raw.problems:
        raw.problem("roster", "expected a folder with sites.csv, practitioners.csv, licenses.csv and hours.csv")
    return raw


def read_practice(path: Path, raw: RawRoster) -> None:
    """Put the practice file into ``raw``, or what is wrong with it."""
    raw.practice_source, raw.practice_rows = path.name, {}
    text = ""
    try:
        # A line may end as Windows ends it; TOML knows no other carriage return.
        text = decode(path).replace("\r\n", "\n")
        raw.practice = tomllib.loads(text)
    except Undecodable as error:
        raw.problem("practice", error.expected, source=path.name, row=error.line)
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        expected, line = in_words(error, text)
        raw.problem("practice", expected, source=path.name, row=line)


def write_folder(roster: Roster, folder: Path) -> None:
    """Write every table that has rows or is needed, and the practice file where it differs from the defaults.

    What an earlier roster left in the folder is written over: a table without rows keeps its header alone. A cell that
    a spreadsheet would take for a formula begins with an apostrophe, which is not read back.
    """
    from kapteam.io.toml import dumps

    folder.mkdir(parents=True, exist_ok=True)
    for name, record in TABLES.items():
        rows, path = roster.table(name), folder / f"{name}.csv"
        if not rows and name not in NEEDED and not path.exists():
            continue
        with path.open("w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, [c.name for c in columns(record)], lineterminator="\n")
            writer.writeheader()
            writer.writerows({name: inert(cell) for name, cell in cells(row).items()} for row in rows)
    practice = roster.practice.as_toml()
    if practice or (folder / PRACTICE).exists():
        (folder / PRACTICE).write_text(dumps(practice), encoding="utf-8", newline="\n")


def _read_table(path: Path, raw: RawRoster) -> None:
    """Put a table with its header into ``raw``; its rows are read when they are asked for."""
    rows = _rows(path, raw)
    number, header = next(rows, (0, []))
    if header:
        table = RawTable(path.name, header, rows, number)
        below_title(path.stem, table, raw)
        if table.header_row == 1:
            table.frame = partial(csv_frame, path, header)
        raw.add(path.stem, table)


def _rows(path: Path, raw: RawRoster) -> Iterator[tuple[int, list[str]]]:
    """Each row that is not blank, the header first; where the file cannot be read on, a problem says why."""
    number, found = 0, False
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            first, above = "", 0
            for first in file:
                if first.strip():
                    break
                above += 1
            check_text(first)
            mark = first.strip()
            if mark.casefold().startswith("sep=") and len(mark) == 5:
                reader = csv.reader(file, delimiter=mark[4], strict=True)
                above += 1
            else:
                reader = csv.reader(chain([first], file), delimiter=_delimiter(first), strict=True)
            for number, row in enumerate(reader, start=1 + above):
                if any(cell and not cell.isspace() for cell in row):
                    found = True
                    yield number, [meant(cell) if cell[:1] == "'" else cell for cell in row]
        if not found:
            raw.problem(path.stem, "the file is empty: expected a header line", source=path.name)
    except UnicodeDecodeError:
        error = undecodable(path)
        raw.problem(path.stem, error.expected, source=path.name, row=error.line)
    except Undecodable as error:
        raw.problem(path.stem, error.expected, source=path.name, row=error.line)
    except csv.Error as broken:
        where = f"after row {number}" if number else "in the first row"
        raw.problem(
            path.stem,
            f"expected CSV: {broken} {where}; look for a quote that is not closed",
            source=path.name,
        )
    except OSError as refused:
        raw.problem(path.stem, f"cannot be read: {refused.strerror}", source=path.name)


def _delimiter(header: str) -> str:
    """Comma; or the semicolon or tab that a European Excel writes, seen in the header, which holds no lists."""
    counts = {d: header.count(d) for d in (",", ";", "\t")}
    return max(counts, key=lambda d: (counts[d], d == ","))
