"""The best sessions of a week: when ``schedule`` has a plan and when each level is proven, beside other planners.

Seconds are seconds of processor, of all threads together.
"""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from pathlib import Path
from resource import RUSAGE_CHILDREN, getrusage
from statistics import median
from tempfile import TemporaryDirectory
from typing import Any

from attrs import frozen
from command import COMMAND, environment, shipped
from greedy import greedy
from jobshop import jobshop
from optional_intervals import optional_intervals
from questions import Answer, Judged, Question, judged
from rows import Row, times_faster
from week_instances import BEYOND_PLAIN, week
from week_process import planned

SIZES, QUICK_SIZES = [40, 200, 1_000, 4_000], [40, 200]
GREEDY, CP_SAT = "greedy, as by hand", "CP-SAT, optional intervals"
_PROCESS = Path(__file__).with_name("week_process.py")
_GOAL_SHIPPED = 3.0
_GIGABYTES = 4.0
#: The goals by people and level: in how many seconds it is to be proven, and in what words.
_GOALS = {
    (200, "changes"): (10, "all four levels proven in 10 s"),
    (1_000, "points"): (20, "value and points proven in 20 s"),
    (1_000, "spread"): (60, "proven in 60 s"),
    (4_000, "points"): (180, f"value and points proven in 180 s and {_GIGABYTES:g} GB"),
}


@frozen
class _Run:
    """One seed's week: what kapteam took in a process of its own, and what the others found of it.

    Attributes
    ----------
    own : dict
        As ``week_process.py`` prints it.
    links : int
        Those that may be used, by the default protocol, on the first day.
    others : dict of str to (Answer, Judged)
    """

    own: dict[str, Any]
    links: int
    others: dict[str, tuple[Answer, Judged]]


def measured(sizes: Sequence[int], seeds: int, repeats: int, *, quick: bool) -> Iterator[Row]:
    """The rows of the shipped practice, and of made-up weeks of each size."""
    yield _shipped(repeats)
    for people in sizes:
        yield from _week(people, range(1 if quick or people > 200 else min(2, seeds)), quick=quick)
    for people in sizes:
        if people <= (40 if quick else 200):
            yield _plainer_week(people)


def _shipped(repeats: int) -> Row:
    """The command as a whole process, on the practice that ships."""
    asked = ["schedule", str(shipped()), "--week", "2026-12-07", "--weeks", "4", "--json"]
    with TemporaryDirectory() as compiled:

        def run() -> dict[str, Any]:
            call = [sys.executable, "-c", COMMAND, *asked]
            done = subprocess.run(call, check=True, capture_output=True, text=True, env=environment(compiled))
            plan: dict[str, Any] = json.loads(done.stdout)
            return plan

        plan = run()  # the first one had to compile
        seconds = median(_spent(run) for _ in range(repeats))
    proven = len(plan["proven"])
    return Row(
        what=f"kapteam schedule --json: {plan['objective']['sessions']} sessions, {proven} of 4 levels proven",
        instance="the shipped practice, 4 weeks",
        seconds=seconds,
        goal=f"all four levels in {_GOAL_SHIPPED:g} s",
        met=proven == 4 and seconds < _GOAL_SHIPPED,
    )


def _week(people: int, seeds: Sequence[int], *, quick: bool) -> Iterator[Row]:
    """A made-up week, and, of few people, the same week planned again."""
    limit = 20 if quick else 180 if people > 1_000 else 60
    rival_limit = 10 if quick else 0 if people > 1_000 else 60
    again = people <= 200
    reasons = people <= 40 and not quick  # it takes a minute
    runs = [_run(people, seed, limit, rival_limit, again=again, reasons=reasons and not seed) for seed in seeds]
    firsts = [run.own["first"] for run in runs]
    columns, rows = (round(median(first[name] for first in firsts)) for name in ("columns", "rows"))
    make = partial(_row, people, limit, runs)
    yield make("first", f"first plan ({columns:,} columns, {rows:,} rows)", GREEDY)
    yield make("percent", "within 1% of the bound on value")
    for level, rival in (("value", CP_SAT), ("points", CP_SAT), ("spread", "")):
        yield make(level, f"{level} proven", rival)
    if again:
        yield make("changes", "planned again when some are away, all four levels proven")
    if known := [run.own["reasons"] for run in runs if "reasons" in run.own]:
        yield Row(what="schedule: why there are no more sessions", instance=_name(people), seconds=median(known))


def _run(people: int, seed: int, limit: float, rival_limit: float, *, again: bool, reasons: bool) -> _Run:
    """Each planner once, in turn."""
    asked = [sys.executable, str(_PROCESS), str(people), str(seed), str(limit)]
    asked += ["--again"] if again else []
    asked += ["--reasons"] if reasons else []
    own = json.loads(subprocess.run(asked, check=True, capture_output=True, text=True).stdout)
    question = Question.of(week(people, seed))
    planners: dict[str, Callable[[], Answer]] = {GREEDY: partial(greedy, question)}
    if rival_limit:
        planners[CP_SAT] = partial(optional_intervals, question, rival_limit)
    answers = {name: planner() for name, planner in planners.items()}
    others = {name: (answer, judged(question, answer)) for name, answer in answers.items()}
    return _Run(own, len(question.days.usable(0, None)), others)


def _row(people: int, limit: float, runs: Sequence[_Run], step: str, what: str, rival: str = "") -> Row:
    """One step of kapteam's, and how far a rival is then.

    Parameters
    ----------
    people : int
    limit : float
    runs : sequence of _Run
    step : str
        ``first``, ``percent``, or a level.
    what : str
    rival : str
    """
    seen = [run.own["again" if step == "changes" else "first"] for run in runs]
    ends = [one[step] if step in ("first", "percent") else _proven(one, step) for one in seen]
    there = [end for end in ends if end is not None]
    seconds = median(there) if len(there) == len(ends) else None
    if seconds is None:
        what += f": not in {limit:.0f} s{''.join(_left(one, step) for one in seen)}"
    told, other = "", None
    if theirs := [run.others[rival] for run in runs if rival in run.others]:
        level = "points" if step == "points" else "value"
        told = "; ".join(dict.fromkeys(_told(*one, run, level) for one, run in zip(theirs, runs, strict=True)))
        if rival == GREEDY or all(level in answer.proven for answer, _ in theirs):
            other = median(answer.seconds[level] for answer, _ in theirs)
    goal, words = _GOALS.get((people, step), (None, ""))
    met = None
    if goal is not None:
        memory = max(run.own["peak"] for run in runs) / 1e9
        what += f", {memory:.1f} GB of memory"
        met = seconds is not None and seconds < goal and memory < _GIGABYTES
    return Row(
        what=f"schedule: {what}",
        instance=_name(people),
        links=round(median(run.links for run in runs)),
        seconds=seconds,
        beside=rival if theirs else "",
        other=other,
        ratio=times_faster(seconds, other) if seconds and other else "",
        same=told,
        goal=words,
        met=met,
    )


def _name(people: int) -> str:
    return f"{people:,} people, one week"


def _plainer_week(people: int, limit: float = 20) -> Row:
    """A week without what PyJobShop has no words for."""
    question = Question.of(week(people, without=BEYOND_PLAIN))
    plan, own = planned(question.roster, 60)
    answer = jobshop(question, limit)
    found, seconds = judged(question, answer), _proven(own, "value")
    if "value" in answer.proven:
        told = "yes" if found.lawful and found.value == plan.objective.value else "**no**"
    else:
        told = f"ended by its limit: {found.value:,} where kapteam has {plan.objective.value:,}"
        told += f"; at most {answer.value_bound:,}" if found.lawful else "; **breaks a rule**"
    other = answer.seconds["value"] if "value" in answer.proven else None
    return Row(
        what="schedule: value proven",
        instance=f"{people:,} people, a plainer week",
        links=len(question.days.usable(0, None)),
        seconds=seconds,
        beside="PyJobShop, tasks with modes",
        other=other,
        ratio=times_faster(seconds, other) if seconds and other else "",
        same=told,
    )


def _told(answer: Answer, found: Judged, run: _Run, level: str) -> str:
    """How a rival's answer compares at a level; what it proves must lie within what kapteam proves."""
    own = run.own["first"]["levels"]
    if not found.lawful:
        return "**breaks a rule**"
    if level in answer.proven:
        theirs = found.value if level == "value" else found.points
        if not own[level]["reached"] <= theirs <= own[level]["bound"]:
            return "**no**"
        return "yes" if own[level]["proven"] else f"{theirs:,} where kapteam has {own[level]['reached']:,}"
    if level == "points" and "value" not in answer.proven:
        return "its value is not proven"
    bound, reached = (answer.value_bound, found.value) if level == "value" else (answer.points_bound, found.points)
    said = f"{reached:,} where kapteam has {own[level]['reached']:,}"
    return said if bound is None else f"ended by its limit: {said}; at most {bound:,}"


def _proven(seen: dict[str, Any], level: str) -> float | None:
    """When a level was proven, which is not before those that count more."""
    names = list(seen["levels"])
    if not seen["levels"][level]["proven"]:
        return None
    end: float = max(seen["ends"].get(name, 0.0) for name in names[: names.index(level) + 1])
    return end


def _left(seen: dict[str, Any], step: str) -> str:
    """What was reached when the time was over, where it is this level that was being looked at."""
    level = step if step in seen["levels"] else "value"
    names = list(seen["levels"])
    one, before = seen["levels"][level], names[: names.index(level)]
    if one["proven"] or not all(seen["levels"][name]["proven"] for name in before):
        return ""
    side = "at least" if level in ("spread", "changes") else "at most"
    return f"; {level} {one['reached']:,}, {side} {one['bound']:,}"


def _spent(call: Callable[[], Any]) -> float:
    """Seconds of processor of the processes that a call starts."""
    begin = getrusage(RUSAGE_CHILDREN)
    call()
    end = getrusage(RUSAGE_CHILDREN)
    return end.ru_utime - begin.ru_utime + end.ru_stime - begin.ru_stime
