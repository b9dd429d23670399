"""The solver: HiGHS asked for the best of a 0/1 program, and every answer of it checked in whole numbers."""

from __future__ import annotations

import math
import threading
import time
from typing import TYPE_CHECKING

import numpy as np
from attrs import define, field, frozen

from kapteam.columns.lookup import Index
from kapteam.sessions.program import Program

if TYPE_CHECKING:
    import highspy

#: How far a solver's floating-point bound may be off.
_EPSILON = 1e-6
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


def best(program: Program, cost: Index, limits: Limits, known: Index | None = None, above: int | None = None) -> Best:
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

    Notes
    -----
    A branch-and-cut search (HiGHS) on one thread, so that it goes the same way every time. Solutions are rounded and
    checked row by row in whole numbers; since every worth is a whole number, a bound less than 1 above the best found
    proves it. HiGHS is told of no known solution: given one, 1.16 may count it as better than it is in the program that
    it has made smaller, and then lose the best one.
    """
    most = int(np.maximum(cost * program.lower, cost * program.upper).sum())
    bound = most if above is None else min(above, most)
    if known is not None and int(cost @ known) >= bound:
        return Best(known, int(cost @ known), int(cost @ known))
    if not limits.over:
        x, high = _solve(program, cost, limits)
        bound = min(bound, high)
        if x is not None and program.holds(x) and (known is None or int(cost @ x) > int(cost @ known)):
            known = x
    if known is None:
        return Best(None, 0, bound, bound > NOTHING)
    worth = int(cost @ known)
    return Best(known, worth, max(worth, bound))


def highest(program: Program, cost: Index) -> float:
    """What no solution of a program exceeds, fractions of columns allowed; minus infinity where there is none."""
    import highspy

    solver = _solver(program, cost, whole=False)
    solver.run()
    status = solver.getModelStatus()
    return float(solver.getObjectiveValue()) if status == highspy.HighsModelStatus.kOptimal else -math.inf


def _solve(program: Program, cost: Index, limits: Limits) -> tuple[Index | None, int]:
    import highspy

    solver = _solver(program, cost, whole=True)
    for name, setting in (
        ("mip_rel_gap", 0.0),
        ("mip_abs_gap", 1 - 1e-4),
        ("mip_max_nodes", limits.nodes),
    ):
        solver.setOptionValue(name, setting)
    if math.isfinite(limits.seconds):
        solver.setOptionValue("time_limit", limits.seconds)
    if program.columns >= _LONG:

        def stop(event: highspy.HighsCallbackEvent) -> None:
            if limits.stopped.is_set():
                event.interrupt()

        solver.cbMipInterrupt += stop
        solver.cbSimplexInterrupt += stop
    solver.run()
    status = solver.getModelStatus()
    info = solver.getInfo()
    if status == highspy.HighsModelStatus.kInfeasible:
        return None, NOTHING
    x = None
    if info.primal_solution_status == 2:
        x = np.rint(np.array(solver.getSolution().col_value)).astype(np.int64)
    high = info.mip_dual_bound
    return x, math.floor(high + _EPSILON * max(1.0, abs(high))) if math.isfinite(high) else np.iinfo(np.int64).max


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
