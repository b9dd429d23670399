"""Timing that stands a busy machine: calls take turns (A B A B ...), and the median of each counts."""

from __future__ import annotations

import gc
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from statistics import median
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
