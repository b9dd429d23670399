"""The levels of a plan one after the other: most value, then most points, the smallest spread, the fewest changes."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from functools import cached_property

import numpy as np
from attrs import define, evolve, frozen

from kapteam.columns.lookup import Index
from kapteam.columns.parts import parts
from kapteam.sessions.engine import Best, Limits, best, highest
from kapteam.sessions.program import INFINITY, Program, split, stacked

#: Called with a level's name, how much of it is done (0 to 1), the best so far and its bound.
Progress = Callable[[str, float, int, int], None]
LEVELS = ("value", "points", "spread", "changes")


@frozen
class Level:
    """One level of the objective: what the plan reaches, what no plan exceeds, and whether that is proven.

    Of spread and changes less is better, and ``bound`` is what no plan is below.
    """

    reached: int
    bound: int
    proven: bool


@frozen(eq=False)
class Solved:
    """A solution, and how good it is.

    Attributes
    ----------
    x : array of int
        By column.
    levels : dict of str to Level
        Of ``value``, ``points``, ``spread`` and ``changes``.
    """

    x: Index
    levels: dict[str, Level]

    @property
    def optimal(self) -> bool:
        """Whether every level is proven."""
        return all(level.proven for level in self.levels.values())


@frozen(eq=False)
class Fairness:
    """Who is to have equally many sessions.

    Attributes
    ----------
    column, therapist : array of int
        Which columns seat which therapist, numbered from 0.
    therapists : int
        How many there are, also those whom no column seats.
    """

    column: Index
    therapist: Index
    therapists: int

    def counts(self, x: Index) -> Index:
        """How many sessions each has."""
        return np.bincount(self.therapist, x[self.column], self.therapists).astype(np.int64)

    def spread(self, x: Index) -> int:
        """The most less the fewest."""
        counts = self.counts(x)
        return int(counts.max() - counts.min()) if len(counts) else 0


def solve(
    program: Program,
    fairness: Fairness,
    changes: Index | None,
    limits: Limits,
    progress: Progress | None = None,
) -> Solved:
    """The best solution, level by level.

    Parameters
    ----------
    program : Program
    fairness : Fairness
    changes : array of int or None
        What one unit of each column saves of the changes from a previous plan, where there is one.
    limits : Limits
    progress : callable, optional

    Notes
    -----
    Parts of the program that share nothing are solved apart, and of equal ones (weeks like one another) one. Only the
    spread and the changes look at all parts at once: whether some spread can be had is asked of each family of parts
    that share therapists, for each number of sessions that the least busy may have.
    """
    return _Solver(program, fairness, changes, limits, progress).solved()


@define(eq=False)
class _Part:
    """A part of the program: its columns in the whole, the rows, and what was found of it."""

    columns: Index
    program: Program
    value: Best
    points: Best

    @property
    def face(self) -> Program:
        """The part with value and points no less than what was found."""
        rows = self.program.with_sum(self.program.value, self.value.worth)
        return rows.with_sum(self.program.points, self.points.worth)


class _Solver:
    """Holds what the levels share; lives for one call."""

    def __init__(
        self,
        program: Program,
        fairness: Fairness,
        changes: Index | None,
        limits: Limits,
        progress: Progress | None,
    ) -> None:
        self.program, self.fairness, self.changes = program, fairness, changes
        self.limits, self.progress = limits, progress
        self.x = program.lower.copy()
        self.parts: list[_Part] = []

    def solved(self) -> Solved:
        self.parts = self.best_parts()
        for part in self.parts:
            assert part.points.x is not None
            self.x[part.columns] = part.points.x
        value, points = (self.total(of) for of in ("value", "points"))
        levels = {"value": value, "points": evolve(points, proven=points.proven and value.proven)}
        levels["spread"] = self.spread(levels["points"].proven)
        levels["changes"] = self.fewest_changes(levels["spread"])
        return Solved(self.x, levels)

    # -- value and points: part by part --

    def best_parts(self) -> list[_Part]:
        pieces = split(self.program)
        alike: dict[bytes, int] = {}
        first = [alike.setdefault(piece.fingerprint(), i) for i, (_, piece) in enumerate(pieces)]
        distinct = sorted(set(first), key=lambda i: (-pieces[i][1].columns, i))
        found = dict[int, tuple[Best, Best]]()
        with ThreadPoolExecutor(max_workers=2) as pool:
            jobs = {pool.submit(_two_levels, pieces[i][1], self.limits): i for i in distinct}
            value = (
                None
                if self.progress is None
                else _Sum(Counter(first), {i: pieces[i][1] for i in distinct}, self.limits)
            )
            for job in as_completed(jobs):
                found[jobs[job]] = job.result()
                if self.progress is not None and value is not None:
                    value.solved(jobs[job], found[jobs[job]][0])
                    self.progress("value", *value.told)
        return [_Part(columns, piece, *found[f]) for (columns, piece), f in zip(pieces, first, strict=True)]

    def total(self, level: str) -> Level:
        bests: list[Best] = [getattr(part, level) for part in self.parts]
        return Level(sum(b.worth for b in bests), sum(b.bound for b in bests), all(b.proven for b in bests))

    # -- spread and changes: the families of parts that share therapists --

    def spread(self, proven: bool) -> Level:
        reached = self.fairness.spread(self.x)
        if reached == 0 or self.limits.over:
            return Level(reached, 0, proven and reached == 0)
        bound, floor, least = reached, 0, self.most_for_the_least
        for low in range(least + 1):
            if floor - low >= reached:
                continue  # the most cannot be less than where the least may have none
            found = self.least_for_the_most(low)
            high_bound = max((-b.bound for b in found), default=0)
            floor = max(floor, high_bound) if low == 0 else floor
            if all(b.feasible for b in found):
                bound = min(bound, high_bound - low)
            if all(b.x is not None for b in found):
                x = self.x.copy()
                for family, b in zip(self.families, found, strict=True):
                    assert b.x is not None
                    x[family.columns] = b.x[: len(family.columns)]
                if (better := self.fairness.spread(x)) < reached:
                    self.x, reached = x, better
            if self.progress is not None:
                self.progress("spread", (low + 1) / (least + 1), reached, bound)
        bound = max(bound, 0)
        return Level(reached, min(bound, reached), proven and bound >= reached)

    def least_for_the_most(self, low: int) -> list[Best]:
        """By family: how few sessions the busiest may have, where everyone has ``low`` at least; as a negative."""
        found = []
        for family in self.families:
            found.append(family.least_for_the_most(low, self.x[family.columns], self.limits))
            if not found[-1].feasible:
                break
        return found

    def fewest_changes(self, spread: Level) -> Level:
        if self.changes is None:
            return Level(0, 0, spread.proven)
        if self.limits.over:
            return Level(-int(self.changes @ self.x), -self.most_saved(), False)
        seated = self.fairness.therapists > 0
        lows = range(self.most_for_the_least + 1)
        saved, bound = int(self.changes @ self.x), None
        for low in lows:
            high = low + spread.reached if seated else None
            found = []
            for family in self.families:
                found.append(family.most_saved(self.changes, low, high, self.x[family.columns], self.limits))
                if not found[-1].feasible:
                    break
            if not all(b.feasible for b in found):
                continue
            total = sum(b.bound for b in found)
            bound = total if bound is None else max(bound, total)
            if all(b.x is not None for b in found) and (worth := sum(b.worth for b in found)) > saved:
                saved = worth
                for family, b in zip(self.families, found, strict=True):
                    assert b.x is not None
                    self.x[family.columns] = b.x
        bound = saved if bound is None else max(bound, saved)
        return Level(-saved, -bound, spread.proven and bound == saved)

    @cached_property
    def most_for_the_least(self) -> int:
        """A bound on how many sessions the least busy therapist can have; nobody gives any to one in no column."""
        seated = np.bincount(self.fairness.therapist, minlength=self.fairness.therapists) > 0
        if not self.fairness.therapists or not seated.all():
            return 0
        return min(f.most_for_the_least(self.limits) for f in self.families)

    def most_saved(self) -> int:
        assert self.changes is not None
        return int(np.maximum(self.changes, 0).sum())

    @cached_property
    def families(self) -> list[_Family]:
        """Parts that share therapists, joined."""
        part_of = np.empty(self.program.columns, np.int64)
        for number, part in enumerate(self.parts):
            part_of[part.columns] = number
        fairness = self.fairness
        number = len(self.parts)
        label = parts(number + fairness.therapists, part_of[fairness.column], number + fairness.therapist)
        found = []
        for name in np.unique(label[:number]):
            mine = [self.parts[i] for i in np.flatnonzero(label[:number] == name)]
            therapists = np.flatnonzero(label[number:] == name)
            found.append(_Family.of(mine, therapists, fairness, self.program.columns))
        return found


class _Sum:
    """The value over all parts while some of them are solved and others are not."""

    def __init__(self, copies: Mapping[int, int], pieces: Mapping[int, Program], limits: Limits) -> None:
        self.copies, self.pieces = copies, pieces
        self.most = {i: _most(piece, limits) for i, piece in pieces.items()}
        self.columns = sum(times * pieces[i].columns for i, times in copies.items())
        self.done, self.reached, self.bound = 0, 0, sum(times * self.most[i] for i, times in copies.items())

    def solved(self, part: int, value: Best) -> None:
        """Of one part more it is known."""
        times = self.copies[part]
        self.done += times * self.pieces[part].columns
        self.reached += times * value.worth
        self.bound += times * (value.bound - self.most[part])

    @property
    def told(self) -> tuple[float, int, int]:
        """The share that is done, the value so far, and what no plan exceeds."""
        return self.done / max(1, self.columns), self.reached, self.bound


def _most(part: Program, limits: Limits) -> int:
    """What the value of a part cannot exceed, without looking for a solution."""
    high = -math.inf if limits.over else highest(part, part.value)
    if not math.isfinite(high):
        high = float(np.maximum(part.value * part.lower, part.value * part.upper).sum())
    return math.floor(high + 1e-6 * max(1.0, abs(high)))


@frozen(eq=False)
class _Family:
    """Parts of the program as one: only their solutions with the best value and points.

    Attributes
    ----------
    columns : array of int
        In the whole program.
    program : Program
    seat, therapist : array of int
        Which of the columns seat which therapist, numbered from 0.
    therapists : int
    """

    columns: Index
    program: Program
    seat: Index
    therapist: Index
    therapists: int

    @classmethod
    def of(cls, mine: Sequence[_Part], therapists: Index, fairness: Fairness, whole: int) -> _Family:
        columns = np.concatenate([part.columns for part in mine])
        place = np.full(whole, -1)
        place[columns] = np.arange(len(columns))
        rows = np.isin(fairness.therapist, therapists)
        return cls(
            columns,
            stacked([part.face for part in mine]),
            place[fairness.column[rows]],
            np.searchsorted(therapists, fairness.therapist[rows]),
            len(therapists),
        )

    def between(self, low: int, high: int | None) -> Program:
        """The program with so many sessions for each therapist."""
        if not self.therapists:
            return self.program
        order = np.argsort(self.therapist, kind="stable")
        begin = np.searchsorted(self.therapist[order], np.arange(self.therapists + 1))
        return self.program.with_rows(
            begin, self.seat[order], np.ones(len(order), np.int64), np.full(self.therapists, float(low)),
            np.full(self.therapists, INFINITY if high is None else float(high)),
        )  # fmt: skip

    def most_for_the_least(self, limits: Limits) -> int:
        """A bound on how many sessions the least busy can have."""
        if not self.therapists:
            return 1 << 30
        program, cost = self._compared(self.between(0, None), -1)
        return best(program, cost, limits).bound

    def least_for_the_most(self, low: int, known: Index, limits: Limits) -> Best:
        """The fewest sessions that the busiest may have, as a negative."""
        if not self.therapists:
            return Best(known, 0, 0)
        program, cost = self._compared(self.between(low, None), 1)
        counts = np.bincount(self.therapist, known[self.seat], self.therapists)
        start = np.r_[known, int(counts.max())] if counts.min() >= low else None
        return best(program, -cost, limits, known=start)

    def most_saved(self, changes: Index, low: int, high: int | None, known: Index, limits: Limits) -> Best:
        """The most changes saved, with so many sessions for each therapist."""
        program = self.between(low, high)
        return best(program, changes[self.columns], limits, known=known if program.holds(known) else None)

    def _compared(self, program: Program, side: int) -> tuple[Program, Index]:
        """One column more, that is at least (side 1) or at most (side -1) what each therapist has; and its cost."""
        most = int(np.bincount(self.therapist, self.program.upper[self.seat], self.therapists).max())
        program = program.with_column(0, most)
        order = np.argsort(self.therapist, kind="stable")
        size = np.bincount(self.therapist, minlength=self.therapists)
        begin = np.concatenate([[0], np.cumsum(size + 1)])
        ends = np.zeros(begin[-1], bool)
        ends[begin[1:] - 1] = True
        column, weight = np.empty(begin[-1], np.int64), np.empty(begin[-1], np.int64)
        column[ends], weight[ends] = program.columns - 1, -side
        column[~ends], weight[~ends] = self.seat[order], side
        program = program.with_rows(
            begin, column, weight, np.full(self.therapists, -INFINITY), np.zeros(self.therapists)
        )
        cost = np.zeros(program.columns, np.int64)
        cost[-1] = 1
        return program, cost


def _two_levels(program: Program, limits: Limits) -> tuple[Best, Best]:
    """Most value, and among those most points."""
    nothing = program.lower if program.holds(program.lower) else None
    value = best(program, program.value, limits, known=nothing)
    if value.x is None:
        raise RuntimeError("the empty plan breaks a row: please report this roster")
    points = best(program.with_sum(program.value, value.worth), program.points, limits, known=value.x)
    return value, points
