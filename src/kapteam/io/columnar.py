"""From frames to a roster of columns: each distinct cell read once, and records made only of rows that may be wrong.

What a cell may hold, and every message, is the business of the records' own kinds and of ``assemble``: here those rows
are picked that could have an error or a warning, and ``assemble`` reads them, and whom they name, as ever.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any, cast

import attrs
import numpy as np
from attrs import define
from numpy.typing import NDArray

from kapteam.io.assemble import TableReader, assemble
from kapteam.io.raw import RawRoster
from kapteam.io.suspects import PERSONS, Mask, suspects
from kapteam.records.checks import UNREAD
from kapteam.records.columnar import Coded, ColumnarRoster, Read
from kapteam.records.identifiers import Npi, npis_fit
from kapteam.records.kinds import Cell, Id, Kind, Text, blank
from kapteam.records.practice import Practice
from kapteam.records.problems import Misread, Problem, RosterError
from kapteam.records.roster import NEEDED, TABLES, Roster
from kapteam.records.table import Column, columns

if TYPE_CHECKING:
    import polars as pl

#: Rows in all up to which a roster with anything odd in it is read as records from the start.
FEW_ROWS = 20_000
_BAD = -2  # a cell that cannot be read; -1 is a blank
#: What an id or a free text is read as it stands: printable ASCII with no space around it.
_AS_IT_STANDS = r"^[!-~]([ -~]*[!-~])?$"
_LONG = 1_000  # characters: a longer text is read with care


def assemble_columns(raw: RawRoster, check: Callable[[Practice], Iterable[Problem]] | None = None) -> Roster:
    """The roster that raw tables hold, of which some have a frame: as ``assemble`` gives it, with its errors.

    Raises
    ------
    RosterError
        As :func:`kapteam.io.assemble.assemble`.
    """
    if _refused(raw) or any(name not in raw.tables for name in NEEDED):
        return assemble(raw, check)
    read = _Reading(raw)
    for name in TABLES:
        if name in raw.tables:
            whole = raw.tables[name].frame if name in PERSONS else None
            frame = None if whole is None else whole()
            read.by_columns(name, frame) if frame is not None else read.by_records(name)
    if _refused(raw):
        return assemble(raw, check)  # a part broke off while it was read
    tables = {name: read.tables.get(name, Read(record, 0, {})) for name, record in TABLES.items()}
    sites = tables["sites"].records(np.flatnonzero(~read.odd["sites"]).tolist())
    places = {site.site: (site.jurisdiction, site.timezone) for site in sites}
    odd = suspects(tables, places, read.people)
    for name, rows in odd.items():
        rows |= read.odd.get(name, False)
    if sum(map(len, tables.values())) <= FEW_ROWS and (read.headers or any(rows.any() for rows in odd.values())):
        return assemble(raw, check)
    if read.headers:
        raise RosterError([*raw.problems, *read.headers])
    seen = assemble(read.cut(odd, tables), check, read.readers)
    return ColumnarRoster(tables, seen.practice, seen.warnings, read.origin(), seen.made_up)


def _refused(raw: RawRoster) -> bool:
    return any(p.level == "error" for p in raw.problems)


@define
class _Reading:
    """The tables as they are read, and what was odd in them.

    Attributes
    ----------
    tables : dict of str to Read
    odd : dict of str to array of bool
        By table: the rows with a cell that cannot be read, or lacks.
    people : int
        How many ids of practitioners there are; a code above is of an id that a row names and nobody has.
    headers : list of Problem
        What is wrong with the names of columns.
    readers : dict of str to TableReader
        Of the tables that are read row by row.
    """

    raw: RawRoster
    tables: dict[str, Read] = attrs.Factory(dict)
    odd: dict[str, Mask] = attrs.Factory(dict)
    people: int = 0
    headers: list[Problem] = attrs.Factory(list)
    readers: dict[str, TableReader] = attrs.Factory(dict)
    _frames: dict[str, pl.DataFrame] = attrs.Factory(dict)
    _kept: dict[str, list[tuple[int, list[Cell]]]] = attrs.Factory(dict)
    _numbers: dict[str, Sequence[int]] = attrs.Factory(dict)
    _ids: dict[str, _Ids] = attrs.Factory(lambda: {"practitioners": _Ids(), "sites": _Ids()})

    def by_records(self, name: str) -> None:
        """Read a table row by row."""
        table = self.raw.tables[name]
        self._kept[name] = list(table.rows)
        table.rows = self._kept[name]
        reader = self.readers[name] = TableReader(name, TABLES[name], table, {})
        reader.read()
        odd = np.zeros(len(reader.records), bool)
        odd[[row - 1 for row in reader.partial]] = True
        coded = {}
        for column in columns(TABLES[name]):
            cells = (getattr(record, column.attribute) for record in reader.records)
            found = Coded.of(None if cell is UNREAD else cell for cell in cells)
            if type(column.kind) is Id:
                found = self._ids[_whose(column)].shared(found)
            coded[column.attribute] = found
        self._add(name, Read(TABLES[name], len(reader.records), coded), reader.numbers, odd)
        self.headers += [p for p in reader.problems if p.row in (None, table.header_row)]

    def by_columns(self, name: str, frame: pl.DataFrame) -> None:
        """Read a table column by column."""
        record, table = TABLES[name], self.raw.tables[name]
        reader = TableReader(name, record, attrs.evolve(table, rows=()), {})
        _, placed = reader.header()
        self.headers += reader.problems
        coded: dict[str, Coded] = {}
        odd = np.zeros(len(frame), bool)
        filled = np.zeros(len(frame), bool)
        for place, column, _ in placed:
            series = frame.to_series(place)
            names = type(column.kind) is Id
            found = self._ids[_whose(column)].coded(series) if names else _coded(series, column.kind)
            odd |= found.codes == _BAD
            filled |= found.codes != -1
            coded[column.attribute] = Coded(np.maximum(found.codes, -1), found.values)
        for column in columns(record):
            if column.needed and column.attribute in coded:
                odd |= coded[column.attribute].codes == -1
        rows = np.flatnonzero(filled)  # the others are blank rows, or hold notes alone
        self._frames[name] = frame
        if len(rows) < len(frame):
            coded = {attribute: found.take(rows) for attribute, found in coded.items()}
        first = 1 + (table.header_row or 0)
        every = len(rows) == len(frame)
        numbers = range(first, first + len(frame)) if every else (rows + first).tolist()
        self._add(name, Read(record, len(rows), coded), numbers, odd[rows])

    def _add(self, name: str, table: Read, numbers: Sequence[int], odd: Mask) -> None:
        self.tables[name], self._numbers[name], self.odd[name] = table, numbers, odd
        if name == "practitioners":
            self.people = len(self._ids["practitioners"].values)

    def origin(self) -> dict[str, tuple[str, Sequence[int]]]:
        """By table: the file, and the row of each record there."""
        return {name: (self.raw.tables[name].source, numbers) for name, numbers in self._numbers.items()}

    def cut(self, odd: Mapping[str, Mask], tables: Mapping[str, Read]) -> RawRoster:
        """The rows that may be wrong, all others of the same people, and the people whom these name."""
        named = np.zeros(len(self._ids["practitioners"].values) + 1, bool)  # the last: a blank
        for name, rows in odd.items():
            for attribute in PERSONS[name]:
                named[tables[name][attribute].codes[rows]] = True
        named[-1] = False
        taken = {}
        referred = named.copy()
        referred[:1] = True  # somebody: a roster without a practitioner is another error
        for name, rows in odd.items():
            if name != "practitioners":
                taken[name] = rows | named[tables[name][PERSONS[name][0]].codes]
                for attribute in PERSONS[name]:
                    referred[tables[name][attribute].codes[taken[name]]] = True
        for name in self._kept:
            for column in columns(TABLES[name]):
                if type(column.kind) is Id and _whose(column) == "practitioners":
                    referred[tables[name][column.attribute].codes] = True
        referred[-1] = False
        taken["practitioners"] = odd["practitioners"] | referred[tables["practitioners"]["practitioner"].codes]
        cut = attrs.evolve(self.raw, tables={}, problems=list(self.raw.problems))
        for name, table in self.raw.tables.items():
            of = self._kept[name] if name in self._kept else list(self._rows(name, np.flatnonzero(taken[name])))
            cut.tables[name] = attrs.evolve(table, rows=of)
        return cut

    def _rows(self, name: str, rows: NDArray[np.int64]) -> Iterator[tuple[int, list[Cell]]]:
        numbers = [self._numbers[name][row] for row in rows.tolist()]
        first = 1 + (self.raw.tables[name].header_row or 0)
        frame = self._frames[name][[number - first for number in numbers]]
        return zip(numbers, map(list, frame.iter_rows()), strict=True)


@define
class _Ids:
    """The ids of one table, each once: every column that names one has their places for codes."""

    values: list[str] = attrs.Factory(list)
    place: dict[str, int] = attrs.Factory(dict)
    _of_text: pl.Enum | None = None  # those that were known when a column of a frame first named one

    def shared(self, found: Coded) -> Coded:
        """A column with the common codes."""
        places = np.array([*map(self._number, found.values), _BAD, -1], np.int32)  # where -2 and -1 point
        return Coded(places[found.codes], self.values)

    def coded(self, texts: pl.Series) -> Coded:
        """A column of a frame: what is known already is found without a Python object for it."""
        import polars as pl

        if texts.dtype != pl.String:
            return self.shared(_coded(texts, _ID))
        if not self.values:
            found = _coded(texts, _ID)
            self.values.extend(found.values)
            self.place.update({value: place for place, value in enumerate(self.values)})
            return Coded(found.codes, self.values)
        if self._of_text is None:
            self._of_text = pl.Enum(self.values)
        codes = texts.cast(self._of_text, strict=False).to_physical().cast(pl.Int32).fill_null(-1).to_numpy().copy()
        others = np.flatnonzero((codes < 0) & texts.is_not_null().to_numpy())
        if len(others):
            codes[others] = self.shared(_coded(texts.gather(others), _ID)).codes
        return Coded(codes, self.values)

    def _number(self, value: str) -> int:
        if value not in self.place:
            self.place[value] = len(self.values)
            self.values.append(value)
        return self.place[value]


_ID = Id()


def _whose(column: Column) -> str:
    return "sites" if column.name in ("site", "at_site") else "practitioners"


def _coded(series: pl.Series, kind: Kind) -> Coded:
    """A column of a frame, each distinct cell read once by its kind."""
    import polars as pl

    if series.dtype in (pl.Categorical, pl.Enum):
        series = series.cast(pl.String)
    if series.dtype == pl.String:
        distinct = series.drop_nulls().unique()
        codes = series.cast(pl.Enum(distinct)).to_physical().cast(pl.Int32).fill_null(-1).to_numpy()
        if _stand_as_they_are(distinct, kind):
            return Coded(codes, cast("Sequence[str]", distinct))  # a text is made of one when it is asked for
    elif series.dtype.is_integer() or series.dtype in (pl.Date, pl.Boolean):
        distinct = series.drop_nulls().unique()
        numbers = pl.Series(range(len(distinct)), dtype=pl.Int32)
        codes = series.replace_strict(distinct, numbers, default=-1, return_dtype=pl.Int32).to_numpy()
    else:
        return _one_by_one(series.to_list(), kind)
    return _parsed(codes, distinct.to_list(), kind)


def _stand_as_they_are(distinct: pl.Series, kind: Kind) -> bool:
    """Whether each text is read as itself, seen without reading any by itself."""
    if type(kind) in (Id, Text):
        return bool(distinct.str.contains(_AS_IT_STANDS).all() and (distinct.str.len_bytes() <= _LONG).all())
    if type(kind) is Npi and distinct.str.contains("^[0-9]{10}$").all():
        return bool(npis_fit(distinct.cast(int).to_numpy()).all())
    return False


def _one_by_one(cells: list[Cell], kind: Kind) -> Coded:
    """Any cells, lists among them."""
    place: dict[str, int] = {}
    codes = np.array([place.setdefault(repr(cell), len(place)) for cell in cells], np.int32)
    first = dict(zip(codes[::-1].tolist(), reversed(cells), strict=True))
    return _parsed(codes, [first[code] for code in range(len(place))], kind)


def _parsed(codes: NDArray[np.int32], cells: list[Cell], kind: Kind) -> Coded:
    """Codes of cells as codes of what those are read as."""
    values: dict[Any, int] = {}
    read = np.empty(len(cells) + 1, np.int32)
    for place, cell in enumerate(cells):
        read[place] = -1
        if not blank(cell):
            try:
                value = kind.parse(cell)
            except Misread:
                read[place] = _BAD
                continue
            if value != ():
                read[place] = values.setdefault(value, len(values))
    read[-1] = -1
    return Coded(read[codes], list(values))
