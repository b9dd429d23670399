"""A roster's tables as Parquet: one file a table, or a folder of parts, beside any that are CSV."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from kapteam.io import csv
from kapteam.io.names import unknown
from kapteam.io.raw import NOTE, RawRoster, RawTable
from kapteam.records.problems import UsageError
from kapteam.records.roster import TABLES

if TYPE_CHECKING:
    import polars as pl

ENDING = ".parquet"
#: A column that names the scenario which made a row up: nobody's note, and every answer names it.
MADE_UP = NOTE + "made_up"


def read_folder(folder: Path) -> RawRoster:
    """Every table of a folder: ``licenses.parquet`` or ``licenses/*.parquet``; any other as ``csv.read_folder`` does.

    Raises
    ------
    UsageError
        There is a Parquet file, and nothing installed that reads it.
    """
    raw = csv.read_folder(folder)
    found = list(_tables(folder))
    if found:
        raw.problems = [p for p in raw.problems if p.table != "roster"]
    for name, source, parts in found:
        if name in TABLES:
            _add(name, source, parts, raw)
        else:
            expected, close = unknown("table", name, TABLES)
            raw.problem(name, expected, source=source, value=source, nearest=close)
    return raw


def _tables(folder: Path) -> Iterator[tuple[str, str, list[Path]]]:
    """Each table's name, the file or folder it is in, and its parts."""
    for path in sorted(folder.iterdir()):
        if path.name.startswith((".", "~", NOTE)):
            continue
        if path.is_dir():
            parts = sorted(p for p in path.glob("*" + ENDING) if not p.name.startswith((".", "~", NOTE)))
            if parts:
                yield path.name, path.name, parts
        elif path.suffix.casefold() == ENDING:
            yield path.stem, path.name, [path]


def _add(name: str, source: str, parts: list[Path], raw: RawRoster) -> None:
    """Put a table into ``raw``; its parts are read when they are asked for, one at a time."""
    try:
        import polars as pl  # an extra, and slow to load
    except ImportError:
        raise UsageError(f"{source}: Parquet is read by Polars: pip install 'kapteam[registry]'") from None
    headers: list[list[str]] = []
    for part in parts:
        where = part.name if part.name == source else f"{source}/{part.name}"
        try:
            headers.append(list(pl.read_parquet_schema(part)))
        except (pl.exceptions.PolarsError, OSError) as error:
            said = str(error).splitlines()[0] if str(error) else "it is broken"
            raw.problem(name, f"expected a Parquet file: {said}", source=where)
            return
        if headers[-1] != headers[0]:
            raw.problem(name, f"expected the same columns as {parts[0].name}", source=where)
            return
    if MADE_UP in headers[0]:
        _warn_of_made_up(name, source, parts, raw)
    whole = partial(_frame, parts)
    raw.add(name, RawTable(source, headers[0], _rows(name, source, parts, raw), None, frame=whole))


def _warn_of_made_up(name: str, source: str, parts: Sequence[Path], raw: RawRoster) -> None:
    import polars as pl

    try:
        frames = [pl.read_parquet(p, columns=[MADE_UP]) for p in parts]
    except (pl.exceptions.PolarsError, OSError):
        return  # whoever reads the rows will tell
    by = pl.concat(frames)[MADE_UP].cast(pl.String).drop_nulls()
    for scenario in by.unique().sort():
        said = f"{(by == scenario).sum():,} rows are made up by this scenario: whatever rests on them is no fact"
        raw.problem(name, said, source=source, column=MADE_UP, value=scenario, level="warning")
        raw.made_up.add(scenario)


def _frame(parts: Sequence[Path]) -> pl.DataFrame | None:
    """All parts as one; None where one cannot be read, or they hold different types: row by row it is told."""
    import polars as pl

    try:
        return pl.concat([pl.read_parquet(part) for part in parts])
    except (pl.exceptions.PolarsError, OSError):
        return None


def _rows(name: str, source: str, parts: Sequence[Path], raw: RawRoster) -> Iterator[tuple[int, list[Any]]]:
    """Each row, counted from 1 through all parts."""
    import polars as pl

    number = 0
    for part in parts:
        try:
            frame = pl.read_parquet(part)
        except (pl.exceptions.PolarsError, OSError) as error:
            raw.problem(name, f"cannot be read: {str(error).splitlines()[0]}", source=f"{source}/{part.name}")
            return
        for row in frame.iter_rows():
            number += 1
            yield number, list(row)
