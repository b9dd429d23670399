"""Why ``schedule`` is made as it is: ``python benchmarks/planning_study.py`` measures what else it might have been.

It prints the tables of ``docs/engines.md``. Everything is asked of the weeks of ``week_instances.py``; what is compared
runs one after the other in one process, once, within 60 seconds. Seconds are seconds of processor, of all threads
together, so that they bear a machine that is doing other things as well.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, nullcontext
from typing import Any
from unittest.mock import patch

import numpy as np
from optional_intervals import optional_intervals
from questions import Question
from rows import machine
from variants import Ended, big_m, cp_sat, every_start, min_max, tuples, weighted, whole
from watch import Watch, limited, watched
from week_instances import BEYOND_PLAIN, FEATURES, WEEK, changed, week
from week_process import saved

from kapteam.records.roster import Roster
from kapteam.sessions import schedule as module
from kapteam.sessions.schedule import Schedule, schedule
from kapteam.sessions.solve import Fairness

_LIMIT = 60.0
#: A table: its heads, and its rows for some numbers of people.
Table = tuple[Sequence[str], Callable[[Sequence[int]], Iterator[Sequence[str]]]]


def main() -> None:
    """Print every table, or those asked for."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--only", action="append", choices=list(_TABLES), help="one table; may be given again")
    parser.add_argument("--people", type=lambda text: [int(x) for x in text.split(",")], default=[40, 200])
    asked = parser.parse_args()
    for name in asked.only or _TABLES:
        heads, rows = _TABLES[name]
        print(f"\n{name}\n\n| {' | '.join(heads)} |\n|{'---|' * len(heads)}", flush=True)
        for row in rows(asked.people):
            print(f"| {' | '.join(row)} |", flush=True)
    of = machine()
    print(f"\n{of.pop('cores')} cores; {', '.join(f'{name} {number}' for name, number in of.items())}")


# -- one run of schedule --


def _run(roster: Roster, context: AbstractContextManager[None] | None = None, **options: Any) -> tuple[Schedule, Watch]:
    """A plan within a limit of time, all four levels."""
    with context or nullcontext(), limited(_LIMIT) as limits, watched() as watch:
        return schedule(roster, WEEK, limits=limits, **options), watch


def _two_levels(roster: Roster, context: AbstractContextManager[None] | None = None) -> tuple[Schedule, Watch]:
    """A plan whose spread nobody asks for, so that only value and points are looked for."""
    nobody = Fairness(np.empty(0, np.int64), np.empty(0, np.int64), 0)
    with patch.object(module, "_fairness", lambda *_: nobody):
        return _run(roster, context)


def _size(plan: Schedule) -> tuple[str, str]:
    return f"{plan.model.program.columns:,}", f"{plan.model.program.rows:,}"


def _ended(plan: Schedule, watch: Watch, level: str) -> str:
    """The seconds to the proof of a level, or what was left."""
    one = plan.solved.levels[level]
    if one.proven:
        return f"{max(watch.ends.get(name, 0) for name in ('value', level)):.2f}"
    if level == "points" and not plan.solved.levels["value"].proven:
        return "-"
    return f"not in {_LIMIT:.0f} s ({one.reached:,}, bound {one.bound:,})"


def _one(end: Ended) -> str:
    return f"{end.seconds:.2f}{'' if end.proven else f', not proven ({end.reached:,}, bound {end.bound:,})'}"


def _agree(plans: Sequence[Schedule]) -> str:
    proven = [p.solved.levels for p in plans if p.solved.levels["points"].proven]
    worth = {(levels["value"].reached, levels["points"].reached) for levels in proven}
    return "yes" if len(worth) == 1 else "**no**" if worth else "not known"


# -- the tables --


def _against(
    names: Sequence[str], context: Callable[[], AbstractContextManager[None]], without: Sequence[str] = ()
) -> Table:
    """A table of ``schedule`` and one other way to write its program."""

    def rows(sizes: Sequence[int]) -> Iterator[Sequence[str]]:
        for people in sizes:
            roster = week(people, without=without)
            plans = []
            for name, make in zip(names, (nullcontext, context), strict=True):
                plan, watch = _two_levels(roster, make())
                plans.append(plan)
                ends = [_ended(plan, watch, level) for level in ("value", "points")]
                yield [f"{people:,}", name, *_size(plan), *ends, _agree(plans) if len(plans) > 1 else ""]

    return ("people", "", "columns", "rows", "value, s", "points, s", "same answer"), rows


def _intervals(sizes: Sequence[int]) -> Iterator[Sequence[str]]:
    for people in sizes:
        roster = week(people)
        plan, watch = _two_levels(roster)
        levels = [_ended(plan, watch, level) for level in ("value", "points")]
        yield [f"{people:,}", "interval cliques, HiGHS, 1 thread a part", *levels]
        for workers in (1, 2):
            answer = optional_intervals(Question.of(roster), _LIMIT, workers)
            told = [
                f"{answer.seconds[level]:.2f}" if level in answer.proven else f"> {_LIMIT:.0f} (bound {bound:,})"
                for level, bound in (("value", answer.value_bound), ("points", answer.points_bound))
                if bound is not None
            ]
            yield [f"{people:,}", f"optional intervals, CP-SAT, workers: {workers}", *told, *["-"] * (2 - len(told))]


def _rows_alike(sizes: Sequence[int]) -> Iterator[Sequence[str]]:
    for people in sizes:
        plan, watch = _two_levels(week(people))
        levels = [_ended(plan, watch, level) for level in ("value", "points")]
        yield [f"{people:,}", "HiGHS, 1 thread a part", *levels]
        for workers in (1, 2):
            ends = [_one(end) for end in cp_sat(plan.model.program, _LIMIT, workers)]
            yield [f"{people:,}", f"CP-SAT, workers: {workers}", *ends, *["-"] * (2 - len(ends))]


def _one_sum(sizes: Sequence[int]) -> Iterator[Sequence[str]]:
    for people in sizes:
        plan, watch = _two_levels(week(people))
        yield [f"{people:,}", "level by level, two parts at once", _ended(plan, watch, "points")]
        with limited(_LIMIT) as limits:
            yield [f"{people:,}", "one sum, part after part", _one(weighted(plan.model.program, limits))]


def _spread(sizes: Sequence[int]) -> Iterator[Sequence[str]]:
    for people in sizes:
        plan, watch = _run(week(people))
        levels = plan.solved.levels
        took = watch.ends["spread"] - watch.ends["points"]
        seconds = f"{took:.2f}" if levels["spread"].proven else f"> {took:.0f} (bound {levels['spread'].bound})"
        yield [f"{people:,}", "least for each low", str(levels["spread"].reached), seconds]
        fairness = module._fairness(plan.days, plan.model)
        with limited(_LIMIT) as limits:
            end = min_max(plan.model.program, fairness, plan.solved.x, limits)
        yield [f"{people:,}", "one min-max program", str(end.reached), _one(end)]


def _features(sizes: Sequence[int]) -> Iterator[Sequence[str]]:
    people = max(sizes)
    for without in [(), *((feature,) for feature in FEATURES)]:
        plan, watch = _run(week(people, without=without))
        ends = [_ended(plan, watch, level) for level in ("value", "points", "spread")]
        yield ["without " + without[0] if without else "everything", *_size(plan), *ends]
    plan, _ = _run(week(people))
    later, watch = _run(changed(week(people)), previous=saved(plan))
    ends = [_ended(later, watch, level) for level in ("value", "points", "spread")]
    changes = _ended(later, watch, "changes")
    yield [f"planned again, some away (changes: {changes} s)", *_size(later), *ends]


_TABLES: dict[str, Table] = {
    "starts": _against(("early starts", "every quarter hour"), every_start),
    "starts, a plainer week": _against(("early starts", "every quarter hour"), every_start, BEYOND_PLAIN),
    "intervals": (("people", "", "value, s", "points, s"), _intervals),
    "travel": _against(("cliques", "big M"), big_m),
    "seats": _against(("a seat for each person", "a column for each choice of people"), tuples),
    "parts": _against(("part by part", "whole"), whole),
    "one sum": (("people", "", "value and points, s"), _one_sum),
    "spread": (("people", "", "spread", "seconds"), _spread),
    "same rows": (("people", "", "value, s", "points, s"), _rows_alike),
    "features": (("200 people", "columns", "rows", "value, s", "points, s", "spread, s"), _features),
}


if __name__ == "__main__":
    main()
