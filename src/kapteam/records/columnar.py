"""A roster as columns: of each a code for every row, and the few values that the codes stand for."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import cached_property
from typing import Any, Protocol

import numpy as np
from attrs import Factory, define, field, frozen
from numpy.typing import NDArray

from kapteam.records.people import Absence
from kapteam.records.practice import Practice
from kapteam.records.problems import Problem
from kapteam.records.roster import TABLES, Roster
from kapteam.records.table import built

Codes = NDArray[np.int32]


@frozen(eq=False)
class Coded:
    """One column.

    Attributes
    ----------
    codes : array of int, shape (rows,)
        The place of each row's value in ``values``; -1 for a blank.
    values : sequence
        Each value once; some may stand in no row.
    """

    codes: Codes
    values: Sequence[Any]

    def mapped(self, of: Callable[[Any], int], blank: int = -1) -> NDArray[np.int64]:
        """A number for each row: what ``of`` gives for its value, asked once for each."""
        numbers = np.empty(len(self.values) + 1, np.int64)
        numbers[:-1] = np.fromiter(map(of, self.values), np.int64, len(self.values))
        numbers[-1] = blank  # where code -1 points
        return numbers[self.codes]

    def each(self, rows: NDArray[np.int64] | slice = slice(None)) -> list[Any]:
        """The values themselves, of all rows or of some; None for a blank."""
        codes = self.codes[rows].tolist()
        if len(codes) < len(self.values):  # of a few rows it would take long to go through all values
            return [None if code < 0 else self.values[code] for code in codes]
        values = [*self.values, None]
        return [values[code] for code in codes]

    def at(self, row: int) -> Any:
        """The value of one row; None for a blank."""
        code = int(self.codes[row])
        return None if code < 0 else self.values[code]

    def take(self, rows: NDArray[np.int64]) -> Coded:
        """Some of the rows."""
        return Coded(self.codes[rows], self.values)

    @classmethod
    def of(cls, values: Iterable[Any]) -> Coded:
        """Code values; None is a blank."""
        number: dict[Any, int] = {None: 0}
        codes = [number.setdefault(value, len(number)) for value in values]
        return cls(np.array(codes, np.int32) - np.int32(1), list(number)[1:])


class Columns(Protocol):
    """The columns of one table, by the attribute of its record."""

    def __len__(self) -> int: ...

    def __getitem__(self, attribute: str) -> Coded: ...

    def record(self, row: int) -> Any:
        """One row as a record."""
        ...


@define(eq=False)
class OfRecords:
    """The columns of records, coded when they are first asked for."""

    records: Sequence[Any]
    _coded: dict[str, Coded] = Factory(dict)

    def __len__(self) -> int:
        return len(self.records)

    def __getitem__(self, attribute: str) -> Coded:
        if attribute not in self._coded:
            self._coded[attribute] = Coded.of([getattr(record, attribute) for record in self.records])
        return self._coded[attribute]

    def record(self, row: int) -> Any:
        """One row as a record."""
        return self.records[row]


@frozen(eq=False)
class Read:
    """The columns of a file.

    Attributes
    ----------
    of : type
        The class of the table's rows.
    rows : int
    coded : mapping of str to Coded
        By attribute; what is not there has its default in every row.
    """

    of: type
    rows: int
    coded: Mapping[str, Coded]
    _made: dict[int, Any] = field(factory=dict, init=False, repr=False)

    def __len__(self) -> int:
        return self.rows

    def __reduce__(self) -> tuple[Any, ...]:
        return Read, (self.of, self.rows, self.coded)

    def __getitem__(self, attribute: str) -> Coded:
        found = self.coded.get(attribute)
        default = getattr(built(self.of, {}, check=False), attribute)
        if found is None:
            found = Coded(np.full(self.rows, -1, np.int32), ())
        if default is None or default == ():
            return found
        values = list(found.values)
        if default not in values:
            values.append(default)
        return Coded(np.where(found.codes < 0, np.int32(values.index(default)), found.codes), values)

    def record(self, row: int) -> Any:
        """One row as a record: the same one whenever it is asked for."""
        return self._made[row] if row in self._made else self.records([row])[0]

    def records(self, rows: Iterable[int] | None = None) -> tuple[Any, ...]:
        """The rows, or some of them, as records: the same ones as one by one."""
        wanted = range(self.rows) if rows is None else list(rows)
        new = np.array([row for row in wanted if row not in self._made], np.int64)
        columns = {name: coded.each(new) for name, coded in self.coded.items()}
        for place, row in enumerate(new.tolist()):
            cells = {name: value for name, values in columns.items() if (value := values[place]) is not None}
            self._made[row] = built(self.of, cells, check=False)
        return tuple(self._made[row] for row in wanted)


def columns_of(roster: Roster) -> Mapping[str, Columns]:
    """The columns of each table, by its name."""
    if isinstance(roster, ColumnarRoster):
        return roster.columns
    return {name: OfRecords(roster.table(name)) for name in TABLES}


class ColumnarRoster(Roster):
    """A roster that was read as columns: a table's records are made when somebody first asks for them.

    Judging and matching never do, so that a country fits where its records would not.
    """

    columns: Mapping[str, Read]

    def __init__(
        self,
        columns: Mapping[str, Read],
        practice: Practice,
        warnings: Iterable[Problem] = (),
        origin: Mapping[str, tuple[str, Sequence[int]]] | None = None,
        made_up: Iterable[str] = (),
    ) -> None:
        for name, value in (
            ("columns", columns), ("practice", practice), ("warnings", tuple(warnings)), ("origin", origin or {}),
            ("made_up", tuple(made_up)),
        ):  # fmt: skip
            object.__setattr__(self, name, value)

    @cached_property
    def as_records(self) -> Roster:
        """The same with a record for every row."""
        rows: dict[str, Any] = {name: self.table(name) for name in TABLES}
        return Roster(**rows, practice=self.practice).read_from(self.origin, self.warnings, self.made_up)

    def table(self, name: str) -> tuple[Any, ...]:
        """The rows of one table, by its name in the format."""
        made = self.__dict__.setdefault("_made", {})
        if name not in made:
            made[name] = self.columns[name].records()
        return made[name]  # type: ignore[no-any-return]

    def with_absences(self, more: Iterable[Absence]) -> Roster:
        """The same roster, with further absences of people who are on it."""
        return self.as_records.with_absences(more)

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Roster):
            return NotImplemented
        return self.practice == other.practice and all(self.table(name) == other.table(name) for name in TABLES)

    def __hash__(self) -> int:
        return hash((self.practice, *(self.table(name) for name in TABLES)))

    def _length(self, table: str) -> int:
        return len(self.columns[table])

    def __reduce__(self) -> tuple[Any, ...]:
        return ColumnarRoster, (self.columns, self.practice, self.warnings, self.origin, self.made_up)


def _rows_of(name: str) -> property:
    """A table's rows as an attribute, as any roster has it."""
    return property(lambda roster: roster.table(name))


for _name in TABLES:
    setattr(ColumnarRoster, _name, _rows_of(_name))
