"""A roster from a path and back, in whichever of the three formats."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from os import PathLike, fspath
from pathlib import Path

from kapteam.io import csv, json, parquet
from kapteam.io.assemble import assemble
from kapteam.io.raw import RawRoster
from kapteam.records.practice import Practice
from kapteam.records.problems import Problem, UsageError
from kapteam.records.roster import Roster


def read(
    path: str | PathLike[str],
    *,
    practice: str | PathLike[str] | None = None,
    check: Callable[[Practice], Iterable[Problem]] | None = None,
) -> Roster:
    """Read a roster: a workbook, a folder of CSV or Parquet files, or a JSON document.

    Parameters
    ----------
    path : path
        ``.xlsx``, ``.json``, or a folder.
    practice : path, optional
        A practice file (TOML) to use instead of the roster's own.
    check : function, optional
        Finds further problems in the practice file, to be told with all the others.

    Returns
    -------
    Roster

    Raises
    ------
    RosterError
        With every problem of the whole roster, each with its file, row, column and value.
    UsageError
        There is nothing at the path, it is none of the three, or it may not be read.
    """
    where = Path(fspath(path))
    try:
        raw = _raw(where)
    except OSError as error:  # a folder whose names may not be listed, a path through a file
        raise UsageError(f"cannot read {str(where)!r}: {error.strerror or error}") from None
    if practice is not None:
        file = Path(fspath(practice))
        if not file.is_file():
            raise UsageError(f"there is no practice file {str(file)!r}")
        raw.problems = [p for p in raw.problems if p.table != "practice"]
        raw.practice = {}
        csv.read_practice(file, raw)
    if any(table.frame is not None for table in raw.tables.values()):
        from kapteam.io.columnar import assemble_columns  # NumPy is slow to load

        return assemble_columns(raw, check)
    return assemble(raw, check)


def write(roster: Roster, path: str | PathLike[str]) -> None:
    """Write a roster; :func:`read` reads it back equal.

    The ending decides: ``.xlsx``, ``.json``, or a folder of CSV files where there is none.

    Raises
    ------
    UsageError
        The ending is none of these, or a workbook cannot hold so much.
    """
    where = Path(fspath(path))
    if where.is_dir():
        csv.write_folder(roster, where)
        return
    match where.suffix.casefold():
        case ".xlsx":
            from kapteam.io.excel import write_workbook  # openpyxl is slow to load

            write_workbook(roster, where)
        case ".json":
            json.write_document(roster, where)
        case "":
            csv.write_folder(roster, where)
        case other:
            raise UsageError(f"cannot write a roster as {other}: use .xlsx, .json, or a folder's name")


def _raw(path: Path) -> RawRoster:
    if path.is_dir():
        return parquet.read_folder(path)
    if not path.exists():
        raise UsageError(f"there is no file or folder {str(path)!r}")
    match path.suffix.casefold():
        case ".xlsx" | ".xlsm":
            from kapteam.io.excel import read_workbook  # openpyxl is slow to load

            return read_workbook(path)
        case ".json":
            return json.read_document(path)
        case ".csv" | ".toml":
            raise UsageError(f"{str(path)!r} is one file of a roster: name the folder that holds it")
        case _:
            raise UsageError(
                f"{str(path)!r} is no roster: expected an .xlsx workbook, a .json file or a folder of CSV or "
                "Parquet files"
            )
