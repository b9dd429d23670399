"""A country judged and matched, from Parquet on disk to its answer on disk: each size in a fresh process."""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from itertools import pairwise
from pathlib import Path
from time import perf_counter, process_time
from typing import Any, TypeVar

from country import written
from instances import DAY
from judging import peak
from rows import Row

T = TypeVar("T")

SIZES, QUICK_SIZES = [10_000, 100_000, 1_000_000], [10_000, 100_000]
_GOAL_SECONDS, _GOAL_BYTES, _GOAL_PEOPLE = 120.0, 8e9, 1_000_000


def measured(sizes: list[int]) -> Iterator[Row]:
    """A row a size: seconds by the clock and of processor, the most memory held, and the share of each step."""
    told = []
    for people in sizes:
        with tempfile.TemporaryDirectory() as where:
            folder = Path(where) / "country"
            written(people, folder)
            asked = [sys.executable, __file__, str(folder), str(Path(where) / "answer")]
            told.append(json.loads(subprocess.run(asked, check=True, capture_output=True, text=True).stdout))
        yield _row(people, told[-1])
    for (fewer, one), (more, other) in pairwise(zip(sizes, told, strict=True)):
        yield Row(
            what="how it grows",
            instance=f"{fewer:,} to {more:,} people",
            ratio=f"{other['cpu'] / one['cpu']:.1f}x the time, {other['peak'] / one['peak']:.1f}x the memory for "
            f"{other['links'] / one['links']:.1f}x the links",
        )


def _row(people: int, told: dict[str, Any]) -> Row:
    whole = sum(told["steps"].values())
    shares = ", ".join(f"{step} {100 * seconds / whole:.0f}%" for step, seconds in told["steps"].items())
    met = told["clock"] < _GOAL_SECONDS and told["peak"] < _GOAL_BYTES
    return Row(
        what=f"match, Parquet to Parquet, proven, fresh process; {told['cpu']:.1f} s of processor: {shares}",
        instance=f"{people:,} people, {told['usable']:,} links may be used",
        links=told["links"],
        seconds=told["clock"],
        beside=f"{told['peak'] / 1e9:.2f} GB at most",
        ratio=f"{told['links'] / told['cpu']:,.0f} links a processor second",
        goal="a million people and 20 million links in 2 minutes and 8 GB" if people >= _GOAL_PEOPLE else "",
        met=met if people >= _GOAL_PEOPLE else None,
    )


def _answer(folder: Path, to: Path) -> dict[str, Any]:
    """What ``kapteam match FOLDER --tables TO`` does, step by step."""
    begin = perf_counter()
    steps: dict[str, float] = {}

    def step(name: str, call: Callable[[], T]) -> T:
        before = process_time()
        found = call()
        steps[name] = steps.get(name, 0) + process_time() - before
        return found

    from kapteam.cli.give_tables import give_tables
    from kapteam.columns.facts import compile_facts
    from kapteam.io.read import read
    from kapteam.matching.match import match
    from kapteam.network.candidates import candidate_pairs
    from kapteam.network.judge import judge_pairs
    from kapteam.network.links import Links
    from kapteam.rules.rulebook import Rulebook

    steps["loading"] = process_time()
    roster = step("reading", lambda: read(folder))
    facts = step("columns", lambda: compile_facts(roster, DAY))
    pairs = step("candidates", lambda: candidate_pairs(facts))
    links = Links(step("judging", lambda: judge_pairs(pairs, Rulebook.of(roster.practice))))
    step("judging", lambda: (links.verdicts, links.points))
    plan = step("matching", lambda: match(links))
    step("reasons and writing", lambda: give_tables(plan, to))
    return {
        "clock": perf_counter() - begin, "cpu": process_time(), "peak": peak(), "steps": steps, "links": len(links),
        "usable": len(plan.usable), "teamed": plan.objective.teamed,
    }  # fmt: skip


if __name__ == "__main__":
    print(json.dumps(_answer(Path(sys.argv[1]), Path(sys.argv[2]))))
