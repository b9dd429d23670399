"""The solver: HiGHS asked for the best of a 0/1 program, and every answer of it checked in whole numbers."""

from __future__ import annotations

import math
import threading
import time
from typing import TYPE_CHECKING

import numpy as np
from attrs import define, evolve, field, frozen

from kapteam.columns.lookup import Index
from kapteam.sessions.program import Floats, Program, split

if TYPE_CHECKING:
    import highspy

#: What a solver may take for nought: by how much a row may be broken, and a whole number not be one.
_TOLERANCE = 1e-9
#: How far, for its size, a solver's floating-point bound may be off.
EPSILON = 1e-8
#: How far, for its size, a sum of floating-point numbers may be off, many times over.
_ROUNDING = 1e-10
#: The bound of what cannot be.
NOTHING = -(1 << 62)
#: Branches to look at in one program.
NODES = 100_000
#: Columns from which on the solver asks, now and then, whether it should stop.
_LONG = 300


@define(eq=False)
class Limits:
    """When to stop looking for something better.

    Attributes
    ----------
    deadline : float
        On the clock of :func:`time.monotonic`, in seconds.
    nodes : int
        Branches that the solver may look at in each program: a limit that is the same on every machine.
    stopped : threading.Event
        Set to stop as soon as can be.
    """

    deadline: float = math.inf
    nodes: int = NODES
    stopped: threading.Event = field(factory=threading.Event)

    @property
    def seconds(self) -> float:
        """The time left."""
        return max(0.0, self.deadline - time.monotonic())

    @property
    def over(self) -> bool:
        """Whether there is no time left."""
        return self.stopped.is_set() or self.seconds <= 0


@frozen(eq=False)
class Best:
    """What came of it.

    Attributes
    ----------
    x : array of int or None
        The best that was found; None where nothing was.
    worth : int
        Its cost.
    bound : int
        What nothing exceeds.
    feasible : bool
        Whether anything may exist: False where it is proven that nothing does.
    """

    x: Index | None
    worth: int
    bound: int
    feasible: bool = True

    @property
    def proven(self) -> bool:
        """Whether nothing is better."""
        return self.x is not None and self.worth == self.bound


@frozen(eq=False)
class Relaxed:
    """A program whose columns may be fractions, solved.

    Attributes
    ----------
    x : array of float
        By column.
    bound : float
        What no solution exceeds.
    reduced : array of float
        By column: how much of the bound one unit more of it gains (where it is negative: loses).
    """

    x: Floats
    bound: float
    reduced: Floats

    @property
    def whole(self) -> int:
        """The bound, in whole numbers."""
        return math.floor(self.bound + _off(self.bound))

    def narrowed(self, program: Program, least: int) -> Program:
        """The program, with columns fixed that every solution of so much worth has at one of their bounds."""
        lost = self.bound + _off(self.bound) - np.abs(self.reduced) < least
        return evolve(
            program,
            lower=np.where(lost & (self.reduced > 0), program.upper, program.lower),
            upper=np.where(lost & (self.reduced < 0), program.lower, program.upper),
        )


def best(
    program: Program,
    cost: Index,
    limits: Limits,
    known: Index | None = None,
    above: int | None = None,
    relaxed: Relaxed | None = None,
) -> Best:
    """The solution of a program with most of a cost.

    Parameters
    ----------
    program : Program
    cost : array of int
        By column.
    limits : Limits
    known : array of int, optional
        A solution that is there already; what is found is never worse.
    above : int, optional
        A bound that is known from elsewhere.
    relaxed : Relaxed, optional
        The program and this cost, relaxed, where that is known already.

    Notes
    -----
    A branch-and-cut search (HiGHS) on one thread, so that it goes the same way every time. Solutions are rounded and
    checked row by row in whole numbers; since every worth is a whole number, a bound less than 1 above the best found
    proves it. HiGHS is told of no known solution: given one, 1.16 may count it as better than it is in the program that
    it has made smaller, and then lose the best one. Instead, the program is relaxed first, and HiGHS is given only the
    columns that a solution better than the known one may have (reduced cost fixing).
    """
    most = int(np.maximum(cost * program.lower, cost * program.upper).sum())
    bound = most if above is None else min(above, most)
    if known is not None and not limits.over and int(cost @ known) < bound:
        relaxed = relaxed or relax(program, cost, limits)
        bound = bound if relaxed is None else min(bound, relaxed.whole)
    if known is not None and int(cost @ known) >= bound:
        return Best(known, int(cost @ known), int(cost @ known))
    if not limits.over:
        some = program if known is None or relaxed is None else relaxed.narrowed(program, int(cost @ known) + 1)
        x, high = _solve(some, cost, limits)
        bound = min(bound, high)
        if x is not None and program.holds(x) and (known is None or int(cost @ x) > int(cost @ known)):
            known = x
    if known is None:
        return Best(None, 0, bound, bound > NOTHING)
    worth = int(cost @ known)
    return Best(known, worth, max(worth, bound))


def best_of_parts(program: Program, cost: Index, limits: Limits, known: Index | None = None) -> Best:
    """As :func:`best`, of a program that may fall into parts once columns that can only be nought are left out."""
    columns, rest = program.without_nought()
    x, worth, bound = np.zeros(program.columns, np.int64), 0, 0
    for mine, part in split(rest):
        at = columns[mine]
        found = best(part, cost[at], limits, known=None if known is None else known[at])
        if found.x is None:
            return found
        x[at] = found.x
        worth, bound = worth + found.worth, bound + found.bound
    return Best(x, worth, bound)


def relax(program: Program, cost: Index, limits: Limits) -> Relaxed | None:
    """A program whose columns may be fractions, solved; None where that did not end, or there is no solution.

    Notes
    -----
    The bound is not the solver's word but worked out from its prices of the rows, and holds whatever they are: the cost
    of a solution is the prices times the rows' sums, and what the prices leave of it (the reduced cost) times ``x``.
    """
    import highspy

    solver = _solver(program, cost, whole=False)
    _stopping(solver, program, limits)
    solver.run()
    if solver.getModelStatus() != highspy.HighsModelStatus.kOptimal:
        return None
    solution = solver.getSolution()
    price = np.array(solution.row_dual, np.float64)
    price[np.isinf(program.most) & (price > 0) | np.isinf(program.least) & (price < 0)] = 0
    side = np.where(price > 0, program.most, np.where(price < 0, program.least, 0))
    priced = np.bincount(program.column, program.coefficient * price[program.row], program.columns)
    reduced = cost.astype(np.float64) - priced
    bound = float(price @ side + np.maximum(reduced * program.lower, reduced * program.upper).sum())
    return Relaxed(np.array(solution.col_value, np.float64), bound, reduced)


def highest(program: Program, cost: Index) -> float:
    """What no solution of a program exceeds, fractions of columns allowed; minus infinity where there is none."""
    found = relax(program, cost, Limits())
    return -math.inf if found is None else found.bound


def covered(program: Program, cost: Index) -> int:
    """What no solution of a program exceeds, without a solver: each column counted by one of the rows that limit it.

    The longest rows first: a row that bounds a sum bounds as much of the cost, at the dearest of its columns not yet
    counted (a solution of the dual program, made in one pass).
    """
    alone = np.maximum(cost * program.lower, cost * program.upper)
    if (program.lower < 0).any():
        return int(alone.sum())
    limited = np.isfinite(program.most)
    limited &= np.bincount(program.row, program.coefficient < 0, program.rows) == 0
    size = np.where(limited, np.diff(program.begin), 0)
    left, total = cost > 0, 0
    for row in np.argsort(-size, kind="stable")[: np.count_nonzero(size)].tolist():
        entries = slice(program.begin[row], program.begin[row + 1])
        column, weight = program.column[entries], program.coefficient[entries]
        mine = left[column] & (weight > 0)
        if not mine.any():
            continue
        column, weight = column[mine], weight[mine]
        price = int((-(-cost[column] // weight)).max())
        counted = price * int(program.most[row])
        if counted < alone[column].sum():
            left[column], total = False, total + counted
    return total + int(alone[left | (cost <= 0)].sum())


def _off(number: float) -> float:
    """How far a sum may be off that was worked out in floating-point numbers."""
    return _ROUNDING * max(1.0, abs(number))


def _stopping(solver: highspy.Highs, program: Program, limits: Limits) -> None:
    """Let a solver stop when the limits are over."""
    if math.isfinite(limits.seconds):
        solver.setOptionValue("time_limit", limits.seconds)
    if program.columns >= _LONG:

        def stop(event: highspy.HighsCallbackEvent) -> None:
            if limits.stopped.is_set():
                event.interrupt()

        solver.cbMipInterrupt += stop
        solver.cbSimplexInterrupt += stop


def _solve(program: Program, cost: Index, limits: Limits) -> tuple[Index | None, int]:
    import highspy

    solver = _solver(program, cost, whole=True)
    for name, setting in (
        ("mip_rel_gap", 0.0),
        ("mip_abs_gap", 1 - 1e-4),
        ("mip_max_nodes", limits.nodes),
    ):
        solver.setOptionValue(name, setting)
    _stopping(solver, program, limits)
    solver.run()
    status = solver.getModelStatus()
    info = solver.getInfo()
    if status == highspy.HighsModelStatus.kInfeasible:
        return None, NOTHING
    x = None
    if info.primal_solution_status == 2:
        x = np.rint(np.array(solver.getSolution().col_value)).astype(np.int64)
    high = info.mip_dual_bound
    return x, math.floor(high + EPSILON * max(1.0, abs(high))) if math.isfinite(high) else np.iinfo(np.int64).max


def _solver(program: Program, cost: Index, *, whole: bool) -> highspy.Highs:
    """HiGHS with a program, on one thread and without a word."""
    import highspy

    class Silent(highspy.Highs):
        """Made without a word: making one enables its callbacks, and that is told unless output is off before."""

        def enableCallbacks(self) -> None:
            self.setOptionValue("output_flag", False)
            super().enableCallbacks()  # type: ignore[no-untyped-call]

    solver = Silent()  # type: ignore[no-untyped-call]
    solver.setOptionValue("threads", 1)
    solver.setOptionValue("random_seed", 0)
    for name in ("primal_feasibility_tolerance", "dual_feasibility_tolerance", "mip_feasibility_tolerance"):
        solver.setOptionValue(name, _TOLERANCE)
    lp = highspy.HighsLp()
    lp.num_col_, lp.num_row_ = program.columns, program.rows
    lp.sense_ = highspy.ObjSense.kMaximize
    lp.col_cost_ = cost.astype(np.float64)
    lp.col_lower_, lp.col_upper_ = program.lower.astype(np.float64), program.upper.astype(np.float64)
    lp.row_lower_, lp.row_upper_ = program.least, program.most
    lp.a_matrix_.format_ = highspy.MatrixFormat.kRowwise
    lp.a_matrix_.start_ = program.begin.astype(np.int32)
    lp.a_matrix_.index_ = program.column.astype(np.int32)
    lp.a_matrix_.value_ = program.coefficient.astype(np.float64)
    if whole:
        lp.integrality_ = [highspy.HighsVarType.kInteger] * program.columns
    solver.passModel(lp)
    return solver
