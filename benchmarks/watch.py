"""A watch on ``schedule``: when the first plan is there, when it is within 1 percent, when each level is proven.

What each part begins with and finds is written down as it comes; what HiGHS finds meanwhile is read from its own
callbacks, which the watch adds to every solver that the engine makes. Nothing of the search is changed by it. Seconds
are seconds of processor, so that they bear a machine that is doing other things as well; ``limited`` ends a search by
the same clock.
"""

from __future__ import annotations

import math
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from time import process_time
from typing import Any
from unittest.mock import patch

import numpy as np
from attrs import define, field, frozen

from kapteam.columns.lookup import Index
from kapteam.sessions import engine, solve
from kapteam.sessions.engine import Best, Limits
from kapteam.sessions.pieces import Piece
from kapteam.sessions.program import Program
from kapteam.sessions.schedule import Schedule


@frozen
class Found:
    """A plan that was found of one part: when, and its value."""

    seconds: float
    part: int
    value: int


@define
class Watch:
    """What was seen of one run; all times are seconds of processor from its begin, of all threads together.

    Attributes
    ----------
    found : list of Found
        In the order of time.
    bounds : dict of int to int
        By part: what its value does not exceed, as it was left.
    ends : dict of str to float
        By level: when its last program ended, proven or not.
    """

    found: list[Found] = field(factory=list)
    bounds: dict[int, int] = field(factory=dict)
    ends: dict[str, float] = field(factory=dict)
    _begin: float = field(factory=process_time, init=False)
    _doing: threading.local = field(factory=threading.local, init=False)

    @property
    def seconds(self) -> float:
        """Since the begin."""
        return process_time() - self._begin

    def until(self, share: float) -> float | None:
        """When the parts' best plans first added up to so much of the final bound on value, and to something."""
        wanted, best, sum_ = max(1, math.ceil(share * sum(self.bounds.values()))), dict[int, int](), 0
        for one in self.found:
            sum_ += max(0, one.value - best.get(one.part, 0))
            best[one.part] = max(one.value, best.get(one.part, 0))
            if sum_ >= wanted:
                return one.seconds
        return None

    def looked(self, look: Callable[[Piece], None], levels: Sequence[str]) -> Callable[[Piece], None]:
        """A step of the search of one part, with a clock beside it."""

        def clocked(piece: Piece) -> None:
            self._doing.program = piece.program
            look(piece)
            self._doing.program = None
            self.bounds[id(piece.program)] = piece.value.bound
            self.ends.update(dict.fromkeys(levels, self.seconds))

        return clocked

    def best(self, program: Program, cost: Index, limits: Limits, known: Index | None = None) -> Best:
        """The engine's own, for the levels that look at all parts at once, with a clock beside it."""
        one = engine.best(program, cost, limits, known=known)
        self.ends["spread" if np.count_nonzero(cost) == 1 and cost[-1] else "changes"] = self.seconds
        return one

    def better(self, piece: Piece, x: Index | None, *, even: bool = False) -> None:
        """A part's own, and what it has then is written down."""
        _BETTER(piece, x, even=even)
        self.found.append(Found(self.seconds, id(piece.program), piece.value.worth))

    def solver(self, made: Any) -> Any:
        """A solver that tells of every plan that it finds."""
        program = getattr(self._doing, "program", None)
        if program is not None:

            def told(event: Any) -> None:
                x = np.rint(np.array(event.data_out.mip_solution)).astype(np.int64)
                self.found.append(Found(self.seconds, id(program), int(program.value @ x)))

            made.cbMipImprovingSolution += told
        return made


_BETTER = Piece.better
_STEPS = {"both": ("value", "points"), "only_value": ("value",), "only_points": ("points",)}


@contextmanager
def watched() -> Iterator[Watch]:
    """A watch on the one run of ``schedule`` within."""
    watch, own = Watch(), engine._solver

    def solver(*args: Any, **options: Any) -> Any:
        return watch.solver(own(*args, **options))

    def better(piece: Piece, x: Index | None, *, even: bool = False) -> None:
        watch.better(piece, x, even=even)

    with ExitStack() as patches:
        patches.enter_context(patch.object(engine, "_solver", solver))
        patches.enter_context(patch.object(solve, "best", watch.best))
        patches.enter_context(patch.object(Piece, "better", better))
        for name, levels in _STEPS.items():
            patches.enter_context(patch.object(Piece, name, watch.looked(getattr(Piece, name), levels)))
        yield watch


@contextmanager
def limited(seconds: float) -> Iterator[Limits]:
    """Limits that are over when the process has used so many seconds of processor more."""
    limits = Limits()
    with stopping(seconds, limits.stopped.set):
        yield limits


@contextmanager
def stopping(seconds: float, stop: Callable[[], None]) -> Iterator[None]:
    """Call ``stop`` when the process has used so many seconds of processor more."""
    until, done = process_time() + seconds, threading.Event()

    def look() -> None:
        while not done.wait(0.1):
            if process_time() > until:
                stop()

    watching = threading.Thread(target=look, daemon=True)
    watching.start()
    try:
        yield
    finally:
        done.set()
        watching.join()


def seen(watch: Watch, plan: Schedule) -> dict[str, Any]:
    """What a run came to, as it goes into JSON."""
    program, levels = plan.model.program, plan.solved.levels
    return {
        "first": watch.until(0),
        "percent": watch.until(0.99),
        "ends": watch.ends,
        "levels": {n: {"reached": v.reached, "bound": v.bound, "proven": v.proven} for n, v in levels.items()},
        "sessions": len(plan.sessions),
        "columns": program.columns,
        "rows": program.rows,
    }
