"""Timing that stands a busy machine: calls take turns (A B A B ...), and the median of each counts."""

from __future__ import annotations

import gc
from collections.abc import Callable, Mapping
from statistics import median
from time import perf_counter
from typing import Any


class Times(dict[str, list[float]]):
    """Seconds of each of several things, over all turns and seeds."""

    def turns(self, calls: Mapping[str, Callable[[], Any]], repeats: int) -> dict[str, Any]:
        """Call each in turn, ``repeats`` times over; give what the last call of each returned."""
        answers: dict[str, Any] = {}
        for _ in range(repeats):
            for name, call in calls.items():
                answers.pop(name, None)
                gc.collect()
                gc.disable()
                begin = perf_counter()
                answers[name] = call()
                self.add(name, perf_counter() - begin)
                gc.enable()
        return answers

    def add(self, name: str, seconds: float) -> None:
        self.setdefault(name, []).append(seconds)

    def median(self, name: str) -> float:
        return median(self[name])
