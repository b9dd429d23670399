"""A lawful solution of a program at once: columns one after the other, each with what it needs, where no row breaks."""

from __future__ import annotations

import numpy as np

from kapteam.columns.lookup import Index
from kapteam.sessions.program import Program

#: Columns that are tried, at most, until one is raised with what it needs.
_TRIES = 40


def filled(program: Program, order: Index, x: Index, *, always: int = 0, tries: int = _TRIES) -> Index:
    """A solution that has all that another one has, and as much more as fits.

    Parameters
    ----------
    program : Program
    order : array of int
        The columns to be raised, in this order; others are raised only where one of these needs them.
    x : array of int
        A solution.
    always : int, default 0
        So many columns, the first of the order, are taken wherever they fit; the others where value, or with no less
        value the points, become more.

    Notes
    -----
    Columns are raised and never lowered. One that needs others (a session its people, what is served a session that
    serves it) is raised with them: a row that breaks is mended by the first column of the order that can, and what that
    one breaks likewise, with a few steps back. A column that could not be raised once cannot be later, so each is tried
    until it fails, and no more: the work is that of reading the program but for the steps back.
    """
    return _Filler(program, order, x, tries).filled(always)


class _Filler:
    """Holds the sums of the rows while columns are raised; lives for one call."""

    def __init__(self, program: Program, order: Index, x: Index, tries: int) -> None:
        self.program, self.order, self.x, self.tries = program, order, x.copy(), tries
        self.sums = program.sums(x)
        self.least, self.most = program.least, program.most
        # Entries by column. A row holds a column once: what a row says of it twice is added up.
        key, place = np.unique(program.column * max(1, program.rows) + program.row, return_inverse=True)
        self.coefficient = np.bincount(place, program.coefficient, len(key)).astype(np.int64)
        self.row = key % max(1, program.rows)
        self.begin = np.searchsorted(key, np.arange(program.columns + 1) * max(1, program.rows)).tolist()
        # What the sum of a row may be while others of it may still be raised to bring it back.
        relief = program.coefficient * program.upper[program.column]
        row = program.row
        self.high = self.most + np.bincount(row, np.maximum(-relief, 0), program.rows)
        self.low = self.least - np.bincount(row, np.maximum(relief, 0), program.rows)
        self.size = np.diff(program.begin)
        self.rank = np.full(program.columns, len(order))
        self.rank[order] = np.arange(len(order))
        self.dead = np.zeros(program.columns, bool)
        self.broken: set[int] = set()
        self.left = 0
        self.trail: list[int] = []

    def filled(self, always: int) -> Index:
        worth = (self.program.value > 0) | (self.program.points > 0)
        worth[self.order[:always]] = True
        for place, column in enumerate(self.order.tolist()):
            while worth[column] and not self.dead[column]:
                self.trail, self.left = [], self.tries
                if not self.taken(column):
                    self.dead[column] = True
                elif place >= always and not self.gains():
                    self.dead[column] = True
                    for other in reversed(self.trail):
                        self.add(other, -1)
        return self.x

    def gains(self) -> bool:
        """Whether what was raised is worth something."""
        value, points = (int(of[self.trail].sum()) for of in (self.program.value, self.program.points))
        return (value, points) > (0, 0)

    def taken(self, column: int) -> bool:
        """Raise a column, and what it needs; False, and nothing is raised, where that was not found."""
        if self.left <= 0 or not self.fits(column):
            return False
        self.left -= 1
        self.add(column, 1)
        self.trail.append(column)
        if self.mended():
            return True
        self.trail.pop()
        self.add(column, -1)
        return False

    def mended(self) -> bool:
        """Raise what mends the rows that are broken."""
        if not self.broken:
            return True
        row = min(self.broken, key=lambda r: (self.size[r], r))
        entries = slice(self.program.begin[row], self.program.begin[row + 1])
        side = 1 if self.sums[row] < self.least[row] else -1
        able = self.program.column[entries][self.program.coefficient[entries] * side > 0]
        able = able[~self.dead[able]]
        return any(self.taken(column) for column in able[np.argsort(self.rank[able], kind="stable")].tolist())

    def fits(self, column: int) -> bool:
        """Whether a column can be raised, as far as its rows tell by themselves."""
        if self.x[column] >= self.program.upper[column]:
            return False
        mine = slice(self.begin[column], self.begin[column + 1])
        rows = self.row[mine]
        sums = self.sums[rows] + self.coefficient[mine]
        return bool(((sums <= self.high[rows]) & (sums >= self.low[rows])).all())

    def add(self, column: int, by: int) -> None:
        mine = slice(self.begin[column], self.begin[column + 1])
        rows = self.row[mine]
        sums = self.sums[rows] + by * self.coefficient[mine]
        self.sums[rows] = sums
        self.x[column] += by
        self.broken.difference_update(rows.tolist())
        self.broken.update(rows[(sums < self.least[rows]) | (sums > self.most[rows])].tolist())
