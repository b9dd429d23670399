"""The most value, and then the most points, of one part of a program; good from its begin, and better at every step."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from attrs import define, field
from numpy.typing import NDArray

from kapteam.columns.lookup import Index
from kapteam.sessions.engine import EPSILON, Best, Limits, Relaxed, best, covered, relax
from kapteam.sessions.greedy import filled
from kapteam.sessions.program import Program

#: What a bound may be off by, at most, where value and points are looked for in one sum.
_OFF = 0.5


@define(eq=False)
class Piece:
    """A part of a program, and what is known of it.

    Attributes
    ----------
    program : Program
    limits : Limits
    x : array of int
        The best solution so far.
    high : int
        What no value exceeds.
    most : int
        What no points exceed, of a solution with no less value than ``x``.
    """

    program: Program
    limits: Limits
    x: Index = field(init=False)
    high: int = field(init=False)
    most: int = field(init=False)
    _weight: int = field(default=0, init=False)
    _relaxed: Relaxed | None = field(default=None, init=False)
    _kept: list[Index] = field(factory=list, init=False)

    @property
    def value(self) -> Best:
        """The most value."""
        worth = int(self.program.value @ self.x)
        return Best(self.x, worth, max(worth, self.high))

    @property
    def points(self) -> Best:
        """The most points with so much value."""
        worth = int(self.program.points @ self.x)
        return Best(self.x, worth, max(worth, self.most))

    @property
    def proven(self) -> bool:
        """Whether nothing is better."""
        return self.value.proven and self.points.proven

    @property
    def unit(self) -> int:
        """All points are multiples of it."""
        return max(1, int(np.gcd.reduce(self.program.points)))

    @property
    def sum(self) -> Index:
        """One cost for both: a unit of value counts more than all points that there may be."""
        return self.program.value * self._weight + self.program.points // self.unit

    def begin(self, previous: Sequence[Index]) -> None:
        """Find a good solution at once, and bounds.

        Parameters
        ----------
        previous : sequence of array of int
            Of each part that this one stands for: the columns that are of a plan that there was before.
        """
        program = self.program
        if not program.holds(program.lower):
            raise RuntimeError("the empty plan breaks a row: please report this roster")
        self.x = program.lower
        self.high, self.most = covered(program, program.value), covered(program, program.points)
        self.better(filled(program, np.argsort(-program.value, kind="stable"), program.lower))
        self.relax()
        if self._relaxed is None:
            self.better(filled(program, np.lexsort((-program.points, _use(program))), program.lower))
        self._kept = [self.like(columns) for columns in previous]
        for x in self._kept:
            self.better(x, even=True)

    def nearest(self, number: int) -> Index:
        """The best solution: of those that are as good, what keeps most of the plan before, of one of the parts."""
        kept = self._kept[number] if self._kept else self.x
        return kept if self.worth(kept) == self.worth(self.x) else self.x

    def like(self, previous: Index) -> Index:
        """A solution that has as much of a plan before as fits, one after the other, and what fits beside it."""
        order = np.argsort(-self.program.value, kind="stable")
        first = np.isin(order, previous)
        return filled(self.program, np.r_[order[first], order[~first]], self.program.lower, always=len(previous))

    def better(self, x: Index | None, *, even: bool = False) -> None:
        """Take a solution where it is better, or where it is even as good."""
        if x is None:
            return
        was, now = self.worth(self.x), self.worth(x)
        if now > was or (even and now == was):
            self.x = x

    def worth(self, x: Index) -> tuple[int, int]:
        """The value and the points of a solution."""
        return int(self.program.value @ x), int(self.program.points @ x)

    def relax(self) -> None:
        """Bounds of value and points, and a solution near the best that may have fractions."""
        program, limits = self.program, self.limits
        for name, cost in (("high", program.value), ("most", program.points)):
            found = None if limits.over else relax(program, cost, limits)
            if found is None:
                return
            setattr(self, name, min(getattr(self, name), found.whole))
        least = int(np.minimum(program.points * program.lower, program.points * program.upper).sum())
        self._weight = (self.most - least) // self.unit + 1
        self._relaxed = relax(program, self.sum, limits)
        if self._relaxed is not None:
            near = np.round(self._relaxed.x, 3)
            self.better(filled(program, np.lexsort((-program.points, -program.value, -near)), program.lower))

    def both(self) -> None:
        """Look for most value and most points in one sum, where its numbers are not too large to prove anything."""
        program, unit = self.program, self.unit
        if self._relaxed is None or self.high * self._weight * EPSILON > _OFF or self.proven:
            return
        found = best(program, self.sum, self.limits, known=self.x, relaxed=self._relaxed)
        self.better(found.x)
        least = int(np.minimum(program.points * program.lower, program.points * program.upper).sum()) // unit
        self.high = min(self.high, (found.bound - least) // self._weight)
        self.most = min(self.most, (found.bound - self.value.worth * self._weight) * unit)

    def only_value(self) -> None:
        """Look for most value alone, where it is not proven."""
        if not self.value.proven:
            found = best(self.program, self.program.value, self.limits, known=self.x, above=self.high)
            self.better(found.x)
            self.high = found.bound

    def only_points(self) -> None:
        """Look for most points with as much value, where they are not proven."""
        if not self.points.proven:
            program = self.narrowed.with_sum(self.program.value, self.value.worth)
            found = best(program, program.points, self.limits, known=self.x, above=self.most)
            self.better(found.x)
            self.most = found.bound

    @property
    def narrowed(self) -> Program:
        """The part without what no solution has that is as good as the best found."""
        if self._relaxed is None:
            return self.program
        return self._relaxed.narrowed(self.program, int(self.sum @ self.x))

    @property
    def face(self) -> Program:
        """The part with value and points no less than what was found."""
        rows = self.narrowed.with_sum(self.program.value, self.value.worth)
        return rows.with_sum(self.program.points, self.points.worth)


def _use(program: Program) -> NDArray[np.float64]:
    """By column: the shares that it uses of what rows allow, for each unit of its value; infinite where it has none."""
    most = program.most[program.row]
    limits = (program.coefficient > 0) & np.isfinite(most) & (most > 0)
    share = np.where(limits, program.coefficient / np.where(limits, most, 1), 0)
    used = np.bincount(program.column, share, program.columns)
    worth = program.value > 0
    return np.where(worth, used / np.where(worth, program.value, 1), np.inf)
