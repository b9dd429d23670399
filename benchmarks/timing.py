"""Timing that stands a busy machine: calls take turns (A B A B ...), and the median of each counts."""

from __future__ import annotations

import gc
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from resource import RUSAGE_CHILDREN, RUSAGE_SELF, getrusage
from statistics import median, quantiles
from time import perf_counter
from typing import Any


@contextmanager
def undisturbed() -> Iterator[None]:
    """Without the garbage collector, which would walk through the whole roster in the middle of a turn."""
    gc.disable()
    try:
        yield
    finally:
        gc.enable()


def processor_seconds() -> float:
    """Seconds of processor that this process and those that it waited for have spent, of all threads."""
    used = [getrusage(of) for of in (RUSAGE_SELF, RUSAGE_CHILDREN)]
    return sum(of.ru_utime + of.ru_stime for of in used)


class Times(dict[str, list[float]]):
    """Seconds of each of several things, over all turns and seeds."""

    def turns(self, calls: Mapping[str, Callable[[], Any]], repeats: int) -> dict[str, Any]:
        """Call each in turn, ``repeats`` times over; give what the last call of each returned."""
        answers: dict[str, Any] = {}
        for _ in range(repeats):
            for name, call in calls.items():
                answers.pop(name, None)
                with undisturbed():
                    begin = perf_counter()
                    answers[name] = call()
                    self.add(name, perf_counter() - begin)
        return answers

    def add(self, name: str, seconds: float) -> None:
        self.setdefault(name, []).append(seconds)

    def median(self, name: str) -> float:
        return median(self[name])

    def ratio(self, one: str, other: str) -> float:
        """The median of :meth:`ratios`; of those that took no turns together, the ratio of the medians."""
        return median(self.ratios(one, other) or [self.median(one) / self.median(other)])

    def ratios(self, one: str, other: str) -> list[float]:
        """Seconds of one over seconds of another, turn by turn; none where they did not take the same turns."""
        if len(self[one]) != len(self[other]):
            return []
        return [a / b for a, b in zip(self[one], self[other], strict=True)]


def middle_half(ratios: Sequence[float]) -> tuple[float, float] | None:
    """The quartiles of the ratios of some turns; none of fewer than three."""
    if len(ratios) < 3:
        return None
    low, _, high = quantiles(ratios, n=4, method="inclusive")
    return low, high
