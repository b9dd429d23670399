"""A file of postal codes and where they lie: CSV or tab-separated, also the Census Bureau's Gazetteer of ZCTAs."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Sequence
from os import PathLike, fspath
from pathlib import Path

from kapteam.io.text import Undecodable, decode
from kapteam.records.centroids import Centroids, Point, five_digits
from kapteam.records.kinds import Number, blank, plain
from kapteam.records.problems import Misread, UsageError

# What each column may be called; of several that are there, the first in this order is read.
_NAMES = {
    "code": ("geoid", "zip", "zipcode", "zip_code", "zcta", "zcta5", "zcta5ce20", "postal_code", "place", "code"),
    "lat": ("intptlat", "lat", "latitude"),
    "lon": ("intptlong", "lon", "lng", "long", "longitude"),
}
_KINDS = {"lat": Number(-90, 90), "lon": Number(-180, 180)}
_DIGITS = 5


def read_centroids(path: str | PathLike[str]) -> Centroids:
    """Read a point for each postal code.

    Parameters
    ----------
    path : str or path
        A text file with a header and columns named zip, lat and lon (or GEOID, INTPTLAT, INTPTLONG); comma, semicolon,
        tab or ``|`` between cells. The Gazetteer of ZIP Code Tabulation Areas reads as it is.

    Returns
    -------
    Centroids

    Raises
    ------
    UsageError
        It cannot be read, or a cell of it cannot; the message names the row.

    Notes
    -----
    A spreadsheet takes ``01002`` for the number 1002. Where no code of the file begins with a 0 it has done so with all
    of them, and shorter ones get their zeros back; beside codes that kept theirs, a shorter one is an error, for nobody
    knows which digit it lost.
    """
    file = Path(fspath(path))
    try:
        text = decode(file)
    except Undecodable as error:
        raise UsageError(f"{file}{'' if error.line is None else f', row {error.line}'}: {error.expected}") from None
    return centroids_of(file, text)


def centroids_of(file: Path, text: str) -> Centroids:
    """The points in the text of a file; raises as :func:`read_centroids` does."""
    try:
        return _centroids(file, list(_rows(text)))
    except csv.Error as broken:
        raise UsageError(f"{file}: expected CSV: {broken}; look for a quote that is not closed") from None


def _rows(text: str) -> Iterator[tuple[int, list[str]]]:
    """Each row that is not blank with its number, the header first."""
    header = text.lstrip().partition("\n")[0]
    delimiter = max(",;\t|", key=lambda sign: (header.count(sign), sign == ","))
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    for row in reader:
        if any(not blank(cell) for cell in row):
            yield reader.line_num, row


def _centroids(file: Path, rows: Sequence[tuple[int, list[str]]]) -> Centroids:
    places = _places(file, rows[0][1] if rows else [])
    codes = [plain(_cell(file, line, row, "code", places)) for line, row in rows[1:]]
    whole = any(code.startswith("0") for code in codes)
    points: dict[str, Point] = {}
    first: dict[str, int] = {}
    mended = 0
    for (line, row), written in zip(rows[1:], codes, strict=True):
        lost = written.isascii() and written.isdigit() and 3 <= len(written) < _DIGITS
        if lost and whole:
            raise UsageError(
                f"{file}, row {line}: {written!r} lacks a digit: expected {_DIGITS}; other codes of this file kept "
                f"their leading 0, so nobody knows whether {written.zfill(_DIGITS)!r} is meant"
            )
        code = five_digits(written.zfill(_DIGITS) if lost else written)
        if code is None:
            raise UsageError(f"{file}, row {line}: {written!r}: expected a ZIP code of {_DIGITS} digits, such as 80302")
        point = _number(file, line, row, "lat", places), _number(file, line, row, "lon", places)
        if points.setdefault(code, point) != point:
            raise UsageError(
                f"{file}, row {line}: {code} stands in row {first[code]} with another place: write it once"
            )
        first.setdefault(code, line)
        mended += lost
    if not points:
        raise UsageError(f"{file}: expected a row for each ZIP code, and there is none")
    return Centroids(points, mended)


def _places(file: Path, header: Sequence[str]) -> dict[str, int]:
    """Where each column stands."""
    named = {plain(name).casefold(): place for place, name in reversed([*enumerate(header)])}
    found = {
        column: named[next(name for name in names if name in named)]
        for column, names in _NAMES.items()
        if any(name in named for name in names)
    }
    lacking = [column for column in _NAMES if column not in found]
    if lacking:
        raise UsageError(
            f"{file}: expected a header with the columns zip, lat, lon (or GEOID, INTPTLAT, INTPTLONG); there is no "
            + ", ".join("zip" if column == "code" else column for column in lacking)
        )
    return found


def _cell(file: Path, line: int, row: Sequence[str], column: str, places: dict[str, int]) -> str:
    place = places[column]
    if place >= len(row) or blank(row[place]):
        raise UsageError(
            f"{file}, row {line}: {'zip' if column == 'code' else column} is blank: every row needs all three"
        )
    return row[place]


def _number(file: Path, line: int, row: Sequence[str], column: str, places: dict[str, int]) -> float:
    cell = _cell(file, line, row, column, places)
    try:
        return float(_KINDS[column].read(cell))
    except Misread as error:
        raise UsageError(f"{file}, row {line}: {column} {plain(cell)!r}: {error.expected}") from None
