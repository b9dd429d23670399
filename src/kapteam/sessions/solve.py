"""The levels of a plan one after the other: most value, then most points, the smallest spread, the fewest changes."""

from __future__ import annotations

from collections import Counter, deque
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import cached_property
from queue import SimpleQueue

import numpy as np
from attrs import evolve, frozen

from kapteam.columns.lookup import Index
from kapteam.columns.parts import parts
from kapteam.sessions.engine import Best, Limits, best, covered, relax
from kapteam.sessions.greedy import filled
from kapteam.sessions.pieces import Piece
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
    told = SimpleQueue[tuple[str, float, int, int] | None]()
    solver = _Solver(program, fairness, changes, limits, None if progress is None else lambda *words: told.put(words))
    with ThreadPoolExecutor(max_workers=1) as pool:
        job = pool.submit(solver.solved)
        job.add_done_callback(lambda _: told.put(None))
        try:
            while (words := told.get()) is not None:
                assert progress is not None
                progress(*words)
        except BaseException:
            limits.stopped.set()  # else the search would go on, and be waited for
            raise
    return job.result()


@frozen(eq=False)
class _Part:
    """A part of the program: its columns in the whole, and what was found of it."""

    columns: Index
    piece: Piece
    x: Index


class _Solver:
    """Holds what the levels share; lives for one call."""

    def __init__(
        self,
        program: Program,
        fairness: Fairness,
        changes: Index | None,
        limits: Limits,
        told: Progress | None,
    ) -> None:
        self.program, self.fairness = program, fairness
        self.limits, self.told = limits, told
        self.again = changes is not None
        self.saves = np.zeros(program.columns, np.int64) if changes is None else changes
        self.x = program.lower.copy()
        self.parts: list[_Part] = []

    def solved(self) -> Solved:
        self.parts = self.best_parts()
        for part in self.parts:
            self.x[part.columns] = part.x
        value, points = (self.total(of) for of in ("value", "points"))
        levels = {"value": value, "points": evolve(points, proven=points.proven and value.proven)}
        levels["spread"] = self.spread(levels["points"].proven)
        levels["changes"] = self.fewest_changes(levels["spread"])
        return Solved(self.x, levels)

    # -- value and points: part by part --

    def best_parts(self) -> list[_Part]:
        """Every part: a good plan of each first, then its most value, and its most points."""
        found = split(self.program)
        alike: dict[bytes, int] = {}
        first = [alike.setdefault(program.fingerprint(), i) for i, (_, program) in enumerate(found)]
        copies = {i: [k for k, of in enumerate(first) if of == i] for i in sorted(set(first))}
        pieces = {i: Piece(found[i][1], self.limits) for i in copies}
        before = {i: [self.before(found[k][0]) for k in those] if self.again else [] for i, those in copies.items()}
        self.each(pieces, lambda i: pieces[i].begin(before[i]))
        sum_ = _Sum(Counter(first), pieces)
        self.tell("value", *sum_.told)

        def looked(i: int) -> None:
            sum_.done(i)
            self.tell("value", *sum_.told)

        self.each(pieces, lambda i: pieces[i].both(), looked)
        self.each({i: p for i, p in pieces.items() if not p.value.proven}, lambda i: pieces[i].only_value(), looked)
        self.each({i: p for i, p in pieces.items() if not p.points.proven}, lambda i: pieces[i].only_points())
        return [
            _Part(columns, pieces[i], pieces[i].nearest(copies[i].index(k)))
            for k, ((columns, _), i) in enumerate(zip(found, first, strict=True))
        ]

    def before(self, columns: Index) -> Index:
        """Of a part: the columns that are of the plan before."""
        return np.flatnonzero(self.saves[columns] > 0)

    def each(
        self, pieces: Mapping[int, Piece], do: Callable[[int], None], then: Callable[[int], None] | None = None
    ) -> None:
        """Do something with each piece, two at a time: one goes from the largest down, one from the smallest up.

        The large ones take the time, and from small ones there is soon something to be had, if it is to be stopped.
        What comes of a piece does not look at the others, so that it does not matter which is done when.
        """
        waiting = deque(sorted(pieces, key=lambda i: (-pieces[i].program.columns, i)))
        done = SimpleQueue[int | None]()

        def work(take: Callable[[], int]) -> None:
            while True:
                try:
                    i = take()
                except IndexError:
                    return
                do(i)
                done.put(i)

        with ThreadPoolExecutor(max_workers=2) as pool:
            workers = [pool.submit(work, take) for take in (waiting.popleft, waiting.pop)]
            for worker in workers:
                worker.add_done_callback(lambda _: done.put(None))
            left = len(workers)
            while left:
                i = done.get()
                left -= i is None
                if i is not None and then is not None:
                    then(i)
        for worker in workers:
            worker.result()

    def tell(self, level: str, share: float, reached: int, bound: int) -> None:
        if self.told is not None:
            self.told(level, share, reached, bound)

    def total(self, level: str) -> Level:
        bests: list[Best] = [getattr(part.piece, level) for part in self.parts]
        return Level(sum(b.worth for b in bests), sum(b.bound for b in bests), all(b.proven for b in bests))

    # -- spread and changes: the families of parts that share therapists --

    def spread(self, proven: bool) -> Level:
        reached = self.fairness.spread(self.x)
        if reached == 0 or self.limits.over:
            return Level(reached, 0, proven and reached == 0)
        bound, floor, least = reached, 0, self.most_for_the_least
        for low in range(least + 1):
            if floor - low < reached:  # else the most cannot be little enough, for it is not less with a higher low
                high, x = self.least_for_the_most(low)
                if high is None:
                    break  # not everyone can have so many, nor more
                floor = max(floor, high)
                bound = min(bound, floor - low)
                if x is not None and (better := self.fairness.spread(x)) < reached:
                    self.x, reached = x, better
            self.tell("spread", (low + 1) / (least + 1), reached, max(bound, 0))
        bound = min(max(bound, 0), reached)
        return Level(reached, bound, proven and bound == reached)

    def least_for_the_most(self, low: int) -> tuple[int | None, Index | None]:
        """How few sessions the busiest of all may have where everyone has ``low`` at least, and a plan with few.

        The first is what it cannot be less than, or None where not everyone can have so many; the second None where no
        plan was found. Of families whose busiest has no more than that of another must have, nothing is asked.
        """
        high, x, found = 0, self.x.copy(), True
        for family in sorted(self.families, key=lambda f: -f.counts(self.x).max(initial=0)):
            counts = family.counts(x)
            if not len(counts) or (counts.min() >= low and counts.max() <= high):
                continue
            one = family.least_for_the_most(low, high, x[family.columns], self.limits)
            if not one.feasible:
                return None, None
            high = max(high, -one.bound)
            if one.x is None:
                found = False
            else:
                x[family.columns] = one.x[: len(family.columns)]
        return high, x if found else None

    def fewest_changes(self, spread: Level) -> Level:
        if not self.again:
            return Level(0, 0, spread.proven)
        self.x = self.counted()
        saved, bound = int(self.saves @ self.x), None
        if self.limits.over:
            return Level(-saved, -covered(self.program, self.saves), False)
        seated = self.fairness.therapists > 0
        for low in range(self.most_for_the_least + 1):
            high = low + spread.reached if seated else None
            found = []
            for family in self.families:
                found.append(family.most_saved(self.saves, low, high, self.x[family.columns], self.limits))
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

    def counted(self) -> Index:
        """The plan with every column raised that only tells what of the plan before is in it."""
        program = self.program
        only = (self.saves > 0) & (program.value == 0) & (program.points == 0)
        only[self.fairness.column] = False
        return filled(program, np.flatnonzero(only), self.x, always=program.columns, tries=1)

    @cached_property
    def most_for_the_least(self) -> int:
        """A bound on how many sessions the least busy therapist can have; nobody gives any to one in no column."""
        seated = np.bincount(self.fairness.therapist, minlength=self.fairness.therapists) > 0
        if not self.fairness.therapists or not seated.all():
            return 0
        most = int(self.fairness.counts(self.program.upper).min())
        for family in sorted(self.families, key=lambda f: f.program.columns):
            if most:
                most = min(most, family.most_for_the_least(self.limits))
        return most

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
    """The value over all parts while it is known of some and not yet of others."""

    def __init__(self, copies: Mapping[int, int], pieces: Mapping[int, Piece]) -> None:
        self.copies, self.pieces = copies, pieces
        self.left = dict.fromkeys(pieces)

    def done(self, part: int) -> None:
        """Of one part more it is known, as far as it will be."""
        self.left.pop(part, None)

    @property
    def told(self) -> tuple[float, int, int]:
        """The share that is done, the value so far, and what no plan exceeds."""
        whole, left = (
            sum(self.copies[i] * self.pieces[i].program.columns for i in of) for of in (self.copies, self.left)
        )
        bests = [(times, self.pieces[i].value) for i, times in self.copies.items()]
        return (
            1 - left / max(1, whole),
            sum(times * b.worth for times, b in bests),
            sum(times * b.bound for times, b in bests),
        )


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
            stacked([part.piece.face for part in mine]),
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

    def counts(self, x: Index) -> Index:
        """How many sessions each has in a plan of the whole."""
        return np.bincount(self.therapist, x[self.columns][self.seat], self.therapists).astype(np.int64)

    def most_for_the_least(self, limits: Limits) -> int:
        """A bound on how many sessions the least busy can have: that of the relaxed program."""
        most = int(np.bincount(self.therapist, self.program.upper[self.seat], self.therapists).min(initial=1 << 30))
        if not most or not self.therapists:
            return most
        program, cost = self._compared(self.between(0, None), -1)
        relaxed = relax(program, cost, limits)
        return most if relaxed is None else min(most, relaxed.whole)

    def least_for_the_most(self, low: int, least: int, known: Index, limits: Limits) -> Best:
        """The fewest sessions that the busiest may have, and not below ``least``, as a negative."""
        program, cost = self._compared(self.between(low, None), 1, least)
        counts = np.bincount(self.therapist, known[self.seat], self.therapists)
        start = np.r_[known, max(least, int(counts.max()))] if counts.min() >= low else None
        return best(program, -cost, limits, known=start)

    def most_saved(self, changes: Index, low: int, high: int | None, known: Index, limits: Limits) -> Best:
        """The most changes saved, with so many sessions for each therapist."""
        program = self.between(low, high)
        return best(program, changes[self.columns], limits, known=known if program.holds(known) else None)

    def _compared(self, program: Program, side: int, least: int = 0) -> tuple[Program, Index]:
        """One column more, that is at least (side 1) or at most (side -1) what each therapist has; and its cost."""
        most = int(np.bincount(self.therapist, self.program.upper[self.seat], self.therapists).max())
        program = program.with_column(least, max(least, most))
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
