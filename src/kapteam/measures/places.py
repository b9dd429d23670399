"""Where people live: places with a population, as they stand in a table of their own."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from attrs import frozen

from kapteam.records.kinds import Count, Number, Text, blank, clean
from kapteam.records.problems import Misread, UsageError

_KINDS = {"place": Text(), "lat": Number(-90, 90), "lon": Number(-180, 180), "population": Count(0, 10**9)}


@frozen
class Place:
    """A place where people live.

    Attributes
    ----------
    place : str
    latitude, longitude : float
        Degrees, WGS 84.
    population : int
    """

    place: str
    latitude: float
    longitude: float
    population: int


def places_of(rows: Iterable[Mapping[str, str | None]], source: str = "places") -> tuple[Place, ...]:
    """Read the rows of a table with the columns place, lat, lon and population; other columns are not looked at.

    Parameters
    ----------
    rows : iterable of mapping
        From column to cell, in the order of the file; the first is row 2, below the header.
    source : str
        What the file is called, for what is said of it.

    Raises
    ------
    UsageError
        A column is missing, a cell is blank or cannot be read, or a place stands there twice.
    """
    found: dict[str, Place] = {}
    for line, row in enumerate(rows, start=2):
        lacking = [column for column in _KINDS if column not in row]
        if lacking:
            raise UsageError(f"{source}: expected the columns {', '.join(_KINDS)}; there is no {', '.join(lacking)}")
        name, lat, lon, population = (_cell(source, line, column, row[column]) for column in _KINDS)
        if name in found:
            raise UsageError(f"{source}, row {line}: the place {name!r} stands there twice: write it once")
        found[name] = Place(name, float(lat), float(lon), int(population))
    return tuple(found.values())


def _cell(source: str, line: int, column: str, cell: str | None) -> Any:
    if cell is None or blank(cell):
        raise UsageError(f"{source}, row {line}: {column} is blank: every place needs {', '.join(_KINDS)}")
    try:
        return _KINDS[column].read(cell)
    except Misread as error:
        raise UsageError(f"{source}, row {line}: {column} {clean(cell)!r}: {error.expected}") from None
