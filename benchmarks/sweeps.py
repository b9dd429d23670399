"""What moves, and how long it takes, where sweeps, worlds and bootstraps are spread over processes.

``python benchmarks/sweeps.py [PEOPLE]`` makes a country of so many people (100,000 without a number) and prints what
docs/scale.md tells: seconds of processor for each part, bytes of each message, and two processes beside one.
"""

from __future__ import annotations

import pickle
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

from country import written
from instances import DAY

import kapteam
from kapteam.matching.match import match
from kapteam.matching.unknowns import unknowns
from kapteam.measures.usable import Usable
from kapteam.sweeps.at_work import Whole, chunk_of
from kapteam.sweeps.bootstrap import _parts, draw
from kapteam.sweeps.otherwise import outcome
from kapteam.sweeps.pool import processes
from kapteam.sweeps.scenarios import scenarios_of
from kapteam.sweeps.spread import How
from kapteam.sweeps.sweep import sweep
from kapteam.sweeps.today import Today
from kapteam.sweeps.worlds import _apart, world, worlds

T = TypeVar("T")
FREE = {name: {"ketamine": "yes", "autonomy": "independent"} for name in ("nurse_practitioner", "physician_assistant")}
PLACES = ["CO", "NJ", "NY"]


def timed(what: str, work: Callable[[], T]) -> T:
    began, clock = time.process_time(), time.perf_counter()
    found = work()
    print(f"{what:44} {time.process_time() - began:7.2f} s of processor {time.perf_counter() - clock:7.2f} s")
    return found


def size(what: str, thing: object) -> None:
    print(f"{what:44} {len(pickle.dumps(thing)):>10,} bytes")


def main(people: int) -> None:
    with tempfile.TemporaryDirectory() as folder:
        written(people, Path(folder) / "country")
        roster = timed("read", lambda: kapteam.read(Path(folder) / "country"))
    network = timed("judge", lambda: kapteam.links(roster, on=DAY))
    links = network.links
    plan = timed("match", lambda: match(links))
    print(f"{len(links):,} links, {len(plan.usable):,} usable, {plan.objective.teamed:,} teamed")

    print("\nA sweep")
    today = Today.of(plan)
    whole = timed("pack what is shared", lambda: Whole.of(today))
    size("what is shared, once to each worker", whole)
    today = timed("unpack it", whole.unpacked)
    said = {
        "scenarios": {
            "free": {"there": FREE, "where": [*PLACES, "each", "all"]},
            "ends": {"federal": {"telehealth": "no"}},
        }
    }
    asked = scenarios_of(said, PLACES)
    size("a scenario's message", (Whole(whole.name, None), [(0, asked[0])]))
    size("its answer", chunk_of(outcome, today, [(0, asked[0])]))
    for one in asked:
        timed(one.name, lambda one=one: outcome(today, one))  # type: ignore[misc]

    print("\nWorlds")
    lacks = timed("what is unknown", lambda: unknowns(links))
    print(f"{len(lacks.facts):,} facts, {len(lacks.rows):,} links")
    undecided, _ = timed("the parts that hang on it", lambda: _apart(plan, lacks, [0.5] * len(lacks.facts), 0))
    size("what is shared, once to each worker", Whole.of(undecided))
    timed("a world", lambda: world(undecided, 1))
    size("ten worlds' message", (Whole(whole.name, None), [(n, n) for n in range(10)]))
    size("their answer", chunk_of(world, undecided, [(n, n) for n in range(10)]))

    print("\nA bootstrap")
    parts = timed("parts", lambda: _parts(Usable(links), 0))
    size(f"what is shared: {len(parts.therapists):,} parts", Whole.of(parts))
    timed("1,000 draws", lambda: [draw(parts, n) for n in range(1000)])

    print("\nOne process and two")
    many = scenarios_of({"scenarios": {str(n): {"there": FREE, "where": ["each", "all"]} for n in range(5)}}, PLACES)
    here = timed("20 scenarios here", lambda: sweep(links, many))
    drawn = timed("60 worlds here", lambda: worlds(links, 60, chance=0.5))
    with processes(2) as pool:
        assert timed("20 scenarios by two", lambda: sweep(links, many, how=How(pool))).as_dict() == here.as_dict()
        assert (
            timed("60 worlds by two", lambda: worlds(links, 60, chance=0.5, how=How(pool))).as_dict() == drawn.as_dict()
        )


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 100_000)
