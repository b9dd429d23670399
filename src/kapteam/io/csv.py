"""A folder with one CSV file per table, and ``practice.toml`` beside them."""

from __future__ import annotations

import csv
import io
import tomllib
from pathlib import Path

from kapteam.io.raw import RawRoster, RawTable
from kapteam.records.problems import nearest
from kapteam.records.roster import TABLES, Roster
from kapteam.records.table import cells, columns

PRACTICE = "practice.toml"


def read_folder(folder: Path) -> RawRoster:
    """Every table of a folder; files of other names are reported, not read."""
    raw = RawRoster(str(folder))
    for path in sorted(folder.iterdir()):
        name = path.name
        if name.startswith((".", "~", "_")) or path.is_dir():
            continue
        if name == PRACTICE:
            read_practice(path, raw)
        elif path.suffix.casefold() == ".csv" and path.stem in TABLES:
            _read_table(path, raw)
        elif path.suffix.casefold() == ".csv":
            raw.problem(path.stem, "there is no such table", source=name, value=name, nearest=nearest(path.stem, TABLES))
    if not raw.tables and not raw.problems:
        raw.problem("roster", "expected a folder with sites.csv, practitioners.csv, licenses.csv and hours.csv")
    return raw


def read_practice(path: Path, raw: RawRoster) -> None:
    """Put the practice file into ``raw``, or what is wrong with it."""
    text = decode(path, "practice", raw)
    if text is None:
        return
    raw.practice_source = path.name
    try:
        raw.practice = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raw.problem("practice", f"expected TOML: {error}", source=path.name)


def write_folder(roster: Roster, folder: Path) -> None:
    """Write every table that has rows, and the practice file where it differs from the defaults."""
    from kapteam.io.toml import dumps

    folder.mkdir(parents=True, exist_ok=True)
    for name, record in TABLES.items():
        rows = roster.table(name)
        if not rows:
            continue
        with (folder / f"{name}.csv").open("w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, [c.name for c in columns(record)], lineterminator="\n")
            writer.writeheader()
            writer.writerows(cells(row) for row in rows)
    practice = roster.practice.as_toml()
    if practice:
        (folder / PRACTICE).write_text(dumps(practice), encoding="utf-8")


def decode(path: Path, table: str, raw: RawRoster) -> str | None:
    """A file's text, UTF-8 with or without BOM; any other encoding is a problem that says how to mend it."""
    data = path.read_bytes()
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        raw.problem(table, "expected UTF-8, but this is UTF-16: save it as 'CSV UTF-8'", source=path.name)
        return None
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data[: error.start].count(b"\n") + 1
        raw.problem(table, f"expected UTF-8, but the byte {data[error.start]:#04x} is not: save it as 'CSV UTF-8'",
                    source=path.name, row=line)
        return None
    if "\0" in text:
        raw.problem(table, "expected a text file, but it holds NUL bytes", source=path.name)
        return None
    return text


def _read_table(path: Path, raw: RawRoster) -> None:
    text = decode(path, path.stem, raw)
    if text is None:
        return
    if not text.strip():
        raw.problem(path.stem, "the file is empty: expected a header line", source=path.name)
        return
    first, _, rest = text.partition("\n")
    if first.strip().casefold().startswith("sep=") and len(first.strip()) == 5:
        delimiter, text = first.strip()[4], rest
        offset = 1
    else:
        delimiter, offset = _delimiter(first), 0
    # Cells may hold more than the module's 128 KB (a long list of hours); a broken quote must not swallow a file.
    csv.field_size_limit(1_000_000)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    rows: list[tuple[int, list[object]]] = []
    header: list[str] = []
    try:
        for number, row in enumerate(reader, start=1 + offset):
            if not header:
                header = row
            elif any(cell.strip() for cell in row):
                rows.append((number, list(row)))
    except csv.Error as error:
        raw.problem(path.stem, f"expected CSV: {error} near line {reader.line_num + offset}", source=path.name)
        return
    raw.tables[path.stem] = RawTable(path.name, header, rows)


def _delimiter(header: str) -> str:
    """Comma; or the semicolon or tab that a European Excel writes, seen in the header, which holds no lists."""
    counts = {d: header.count(d) for d in (",", ";", "\t")}
    return max(counts, key=lambda d: (counts[d], d == ","))
