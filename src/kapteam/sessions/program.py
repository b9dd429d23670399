"""A 0/1 program as sparse arrays, built block by block, and its parts that share nothing."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from attrs import define, evolve, field, frozen
from numpy.typing import ArrayLike, NDArray

from kapteam.columns.facts import Bools
from kapteam.columns.lookup import Index
from kapteam.columns.parts import parts

Floats = NDArray[np.float64]
INFINITY = np.inf
#: What a row may be there for; "" is what a session itself needs.
LIMITS = (
    "", "demand", "busy", "max_concurrent_dosing", "travel", "max_sessions_per_week", "max_sessions_per_day", "rooms",
)  # fmt: skip


@frozen(eq=False)
class Program:
    """Whole numbers between bounds that satisfy rows; every cost is to be made as great as can be.

    Attributes
    ----------
    lower, upper : array of int, shape (columns,)
    value, points : array of int, shape (columns,)
        What one unit of a column is worth, at the two levels.
    begin : array of int, shape (rows + 1,)
        Where each row's entries begin.
    column, coefficient : array of int
        The entries, row by row.
    least, most : array of float, shape (rows,)
        Bounds of each row's sum.
    limit, whose : array of int, shape (rows,)
        What a row is there for, as a position in ``LIMITS``, and the code of the person, site or row of demand.
    """

    lower: Index
    upper: Index
    value: Index
    points: Index
    begin: Index
    column: Index
    coefficient: Index
    least: Floats
    most: Floats
    limit: Index
    whose: Index

    @property
    def columns(self) -> int:
        """How many columns there are."""
        return len(self.lower)

    @property
    def rows(self) -> int:
        """How many rows there are."""
        return len(self.least)

    @property
    def row(self) -> Index:
        """The row of each entry."""
        return np.repeat(np.arange(self.rows), np.diff(self.begin))

    def with_rows(self, begin: Index, column: Index, coefficient: Index, least: Floats, most: Floats) -> Program:
        """The same with further rows."""
        return Program(
            self.lower,
            self.upper,
            self.value,
            self.points,
            np.concatenate([self.begin, self.begin[-1] + begin[1:]]),
            np.concatenate([self.column, column]),
            np.concatenate([self.coefficient, coefficient]),
            np.concatenate([self.least, least]),
            np.concatenate([self.most, most]),
            np.concatenate([self.limit, np.zeros(len(least), np.int64)]),
            np.concatenate([self.whose, np.full(len(least), -1)]),
        )

    def without_rows(self, dropped: Bools) -> Program:
        """The same without some of the rows' bounds."""
        least, most = np.where(dropped, -INFINITY, self.least), np.where(dropped, INFINITY, self.most)
        return evolve(self, least=least, most=most)

    def with_sum(self, cost: Index, least: float, most: float = INFINITY) -> Program:
        """The same with one more row: a weighted sum of columns between two bounds."""
        column = np.flatnonzero(cost)
        return self.with_rows(
            np.array([0, len(column)]), column, cost[column], np.array([float(least)]), np.array([float(most)])
        )

    def shut(self, closed: Bools) -> Program:
        """The same with some columns at nought, and with them all that they alone would let be more.

        A row that is at least nought lets its negative columns be no more than its positive ones; where these are all
        at nought, so are those.
        """
        upper = np.where(closed, 0, self.upper)
        row = self.row
        opens = (self.coefficient > 0) & (self.least[row] >= 0)
        needs = (self.coefficient < 0) & (self.least[row] >= 0)
        while True:
            room = np.bincount(row[opens], self.coefficient[opens] * upper[self.column[opens]], self.rows)
            lost = self.column[needs & (room[row] <= 0)]
            if not upper[lost].any():
                return evolve(self, upper=np.maximum(upper, self.lower))
            upper[lost] = 0

    def without_nought(self) -> tuple[Index, Program]:
        """The columns that can be more than nought, and the program of these alone."""
        kept = (self.upper != 0) | (self.lower != 0)
        entries = kept[self.column]
        count = np.bincount(self.row[entries], minlength=self.rows)
        columns = np.flatnonzero(kept)
        return columns, Program(
            self.lower[columns],
            self.upper[columns],
            self.value[columns],
            self.points[columns],
            np.concatenate([[0], np.cumsum(count)]),
            (np.cumsum(kept) - 1)[self.column[entries]],
            self.coefficient[entries],
            self.least,
            self.most,
            self.limit,
            self.whose,
        )

    def with_column(self, lower: int, upper: int) -> Program:
        """The same with one more column, in no row and worth nothing."""
        more = [np.r_[a, b] for a, b in ((self.lower, lower), (self.upper, upper), (self.value, 0), (self.points, 0))]
        return evolve(self, lower=more[0], upper=more[1], value=more[2], points=more[3])

    def sums(self, x: Index) -> Index:
        """What each row adds up to."""
        return np.bincount(self.row, self.coefficient * x[self.column], self.rows).astype(np.int64)

    def holds(self, x: Index) -> bool:
        """Whether every bound and every row is kept."""
        sums = self.sums(x)
        within = (x >= self.lower).all() and (x <= self.upper).all()
        return bool(within and (sums >= self.least).all() and (sums <= self.most).all())

    def fingerprint(self) -> bytes:
        """Equal for programs that are equal in everything."""
        arrays = (
            self.lower, self.upper, self.value, self.points, self.begin, self.column, self.coefficient, self.least,
            self.most, self.limit, self.whose,
        )  # fmt: skip
        return b"|".join(np.ascontiguousarray(a).tobytes() for a in arrays)


@define(eq=False)
class Builder:
    """Gathers columns and rows; numbers columns as they come."""

    count: int = 0
    _columns: list[tuple[Index, Index, Index, Index]] = field(factory=list)
    _rows: int = 0
    _entries: list[tuple[Index, Index, Index]] = field(factory=list)
    _bounds: list[tuple[Floats, Floats]] = field(factory=list)
    _reasons: list[tuple[Index, Index]] = field(factory=list)

    @classmethod
    def of(cls, program: Program) -> Builder:
        """One that has a program already, and adds to it."""
        whole = cls(program.columns, rows=program.rows)
        whole._columns.append((program.lower, program.upper, program.value, program.points))
        whole._entries.append((program.row, program.column, program.coefficient))
        whole._bounds.append((program.least, program.most))
        whole._reasons.append((program.limit, program.whose))
        return whole

    def columns(
        self, count: int, *, value: ArrayLike = 0, points: ArrayLike = 0, upper: ArrayLike = 1, lower: ArrayLike = 0
    ) -> Index:
        """Add columns; their numbers."""
        filled = [np.broadcast_to(np.asarray(a, np.int64), (count,)) for a in (lower, upper, value, points)]
        self._columns.append((filled[0], filled[1], filled[2], filled[3]))
        self.count += count
        return np.arange(self.count - count, self.count)

    def rows(
        self,
        count: int,
        row: Index,
        column: Index,
        coefficient: ArrayLike = 1,
        *,
        least: ArrayLike = -INFINITY,
        most: ArrayLike = INFINITY,
        limit: str = "",
        whose: ArrayLike = -1,
    ) -> None:
        """Add rows by their entries; ``row`` counts from 0 within these."""
        reason = np.full(count, LIMITS.index(limit)), np.broadcast_to(np.asarray(whose, np.int64), (count,))
        self._reasons.append(reason)
        self._entries.append((row + self._rows, column, np.broadcast_to(np.asarray(coefficient, np.int64), row.shape)))
        self._bounds.append(
            (
                np.broadcast_to(np.asarray(least, np.float64), (count,)),
                np.broadcast_to(np.asarray(most, np.float64), (count,)),
            )
        )
        self._rows += count

    def program(self) -> Program:
        """All of it."""
        lower, upper, value, points = (_joined([c[i] for c in self._columns]) for i in range(4))
        row, column, coefficient = (_joined([e[i] for e in self._entries]) for i in range(3))
        order = np.lexsort((column, row))
        begin = np.searchsorted(row[order], np.arange(self._rows + 1))
        least, most = (np.concatenate([*(b[i] for b in self._bounds), np.empty(0)]) for i in range(2))
        limit, whose = (_joined([r[i] for r in self._reasons]) for i in range(2))
        return Program(lower, upper, value, points, begin, column[order], coefficient[order], least, most, limit, whose)


def split(program: Program) -> list[tuple[Index, Program]]:
    """The parts of a program that share no row, each with its columns' numbers in the whole."""
    if not program.columns:
        return []
    row = program.row
    part = parts(program.columns + program.rows, program.column, program.columns + row)
    found = []
    order = np.argsort(part[: program.columns], kind="stable")
    names, begin = np.unique(part[: program.columns][order], return_index=True)
    row_part = part[program.columns :]
    row_order = np.argsort(row_part, kind="stable")
    row_begin = np.searchsorted(row_part[row_order], names)
    row_end = np.searchsorted(row_part[row_order], names, side="right")
    place = np.empty(program.columns, np.int64)
    ends = [*begin[1:], program.columns]
    for first, last, row_first, row_last in zip(begin, ends, row_begin, row_end, strict=True):
        columns = order[first:last]
        place[columns] = np.arange(len(columns))
        rows = row_order[row_first:row_last]
        found.append((columns, _part(program, columns, rows, place)))
    return found


def stacked(programs: Sequence[Program]) -> Program:
    """Programs side by side as one: the columns of the second after those of the first, and so on."""
    columns = np.cumsum([0, *(p.columns for p in programs)])
    entries = np.cumsum([0, *(len(p.column) for p in programs)])

    def beside(name: str) -> NDArray[Any]:
        return np.concatenate([getattr(p, name) for p in programs])

    return Program(
        beside("lower"),
        beside("upper"),
        beside("value"),
        beside("points"),
        np.concatenate([*(p.begin[:-1] + e for p, e in zip(programs, entries, strict=False)), entries[-1:]]),
        np.concatenate([p.column + c for p, c in zip(programs, columns, strict=False)]),
        beside("coefficient"),
        beside("least"),
        beside("most"),
        beside("limit"),
        beside("whose"),
    )


def _part(program: Program, columns: Index, rows: Index, place: Index) -> Program:
    size = program.begin[rows + 1] - program.begin[rows]
    begin = np.concatenate([[0], np.cumsum(size)])
    entries = np.repeat(program.begin[rows] - begin[:-1], size) + np.arange(begin[-1])
    return Program(
        program.lower[columns],
        program.upper[columns],
        program.value[columns],
        program.points[columns],
        begin,
        place[program.column[entries]],
        program.coefficient[entries],
        program.least[rows],
        program.most[rows],
        program.limit[rows],
        program.whose[rows],
    )


def _joined(arrays: list[Index]) -> Index:
    return np.concatenate(arrays) if arrays else np.empty(0, np.int64)


def cliques(group: Index, begin: Index, end: Index) -> tuple[Index, Index, Index]:
    """Which intervals of a group cover each instant that matters.

    Parameters
    ----------
    group, begin, end : array of int
        Of each interval; it does not hold its end.

    Returns
    -------
    row, interval : array of int
        The entries: an instant, counted from 0, and an interval that covers it.
    of : array of int
        The group of each instant.

    Notes
    -----
    Intervals that meet pairwise share an instant at which one of them begins, so no other instants are needed; those
    whose intervals all cover the next one are left out. Sorting is all the work: ``O(n log n)`` and the entries.
    """
    if not len(group):
        nothing = np.empty(0, np.int64)
        return nothing, nothing, nothing
    long = int(end.max()) + 1
    first, last = group * long + begin, group * long + end
    instants = np.unique(first)
    ended = np.searchsorted(np.sort(last), instants, side="right")
    kept = np.ones(len(instants), bool)
    same = instants[1:] // long == instants[:-1] // long
    kept[:-1] = ~same | (ended[1:] > ended[:-1])
    low = np.searchsorted(instants, first)
    high = np.searchsorted(instants, last)  # the instants from low up to high are covered
    before = np.concatenate([[0], np.cumsum(kept)])
    count = before[high] - before[low]
    interval = np.repeat(np.arange(len(group)), count)
    within = np.arange(len(interval)) - np.repeat(np.cumsum(count) - count, count)
    row = np.repeat(before[low], count) + within
    order = np.argsort(row, kind="stable")
    return row[order], interval[order], instants[kept] // long
