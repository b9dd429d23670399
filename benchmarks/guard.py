"""Has anything become slower? ``python benchmarks/guard.py`` compares a small set of ratios with a committed table.

Each ratio is of kapteam's seconds to those of something that does the same kind of work, in turns with it in the same
run, so that a slower or busier machine cancels out. Seconds are seconds of processor. What seems to have moved is
measured once more, in a process of its own, and told only if both say so. This is no test: it always ends well.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter
from typing import Any

import attrs
from absences import every_absence
from attrs import frozen
from bandwidth import weeks_gathered
from command import COMMAND, environment, run_python, shipped
from confirming import promised
from hard_instances import long_row, scarce
from instances import DAY, roster
from judging import compiled, judged_from
from plain import Plain
from ratios import Ratio, Table, told
from reading import by_csv, written
from rivals import bare_flow
from rows import machine
from teams import planned, problem_of
from timing import processor_seconds, undisturbed
from week_instances import WEEK, week
from yardsticks import packing, workbook_cells

from kapteam.advice.repair import repair
from kapteam.io.read import read
from kapteam.matching.match import Plan
from kapteam.network.links import judged_links
from kapteam.records.roster import Roster
from kapteam.sessions.schedule import schedule

BASELINE = Path(__file__).with_name("baseline.json")
TURNS = 9
#: Processes whose ratios a table joins: what differs from one to the next is noise too.
_PROCESSES = 3
#: Seconds that a side of a turn takes at least: what is quicker is called several times over.
_LEAST_SECONDS = 0.02


Call = Callable[[], Any]


@frozen
class Watched:
    """One ratio: ``ready`` gives kapteam's call, and another that does the same kind of work."""

    name: str
    beside: str
    ready: Callable[[], tuple[Call, Call]]


def main() -> None:
    """Measure, compare with the table, and print; or write the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--write", action="store_true", help="write the table anew; on a quiet machine, some minutes")
    parser.add_argument("--table", type=Path, default=BASELINE, metavar="FILE", help="another table")
    parser.add_argument("--measure", action="store_true", help="print what is measured as JSON, and compare nothing")
    parser.add_argument("--only", action="append", metavar="NAME", help="one ratio; may be given again")
    asked = parser.parse_args()
    names = [one.name for one in watched(Path())]
    if unknown := [name for name in asked.only or () if name not in names]:
        parser.error(f"{unknown[0]!r} is not watched; these are: {', '.join(names)}")
    if asked.write:
        table = Table.joined([_elsewhere(asked.only) for _ in range(_PROCESSES)])
        asked.table.write_text(table.as_json(), encoding="utf-8")
        print(f"{len(table.rows)} ratios written to {asked.table}")
        return
    now = _measured(asked.only)
    if asked.measure:
        print(now.as_json())
        return
    before = Table.of(asked.table.read_text(encoding="utf-8")).only(asked.only)
    if moved := now.moved_from(before):
        now = Table.joined([now, _elsewhere(list(moved))])
    print(told(before, now))


def _elsewhere(names: list[str] | None) -> Table:
    """The same measured in a process of its own, whose memory is laid out otherwise."""
    asked = [part for name in names or () for part in ("--only", name)]
    call = [sys.executable, __file__, "--measure", *asked]
    return Table.of(subprocess.run(call, check=True, stdout=subprocess.PIPE, text=True).stdout)


def _measured(names: list[str] | None) -> Table:
    with TemporaryDirectory() as where:
        asked = [one for one in watched(Path(where)) if names is None or one.name in names]
        return Table(machine(), {one.name: _ratio(one) for one in asked})


def _ratio(one: Watched) -> Ratio:
    """The ratio over some turns, after one that does not count."""
    begin = perf_counter()
    own, other = one.ready()
    calls, other_calls = _calls(own), _calls(other)
    turns = [_spent(own, calls) / _spent(other, other_calls) for _ in range(TURNS)]
    print(f"{perf_counter() - begin:5.1f} s  {one.name}", file=sys.stderr)
    return Ratio.of(one.beside, turns)


def _calls(call: Call) -> int:
    """How many calls take long enough to be timed."""
    call()  # what is loaded or remembered once
    return max(1, min(1_000, round(_LEAST_SECONDS / max(1e-6, _spent(call, 1)))))


def _spent(call: Call, times: int) -> float:
    """Seconds of processor of one of so many calls, with the processes that they start."""
    with undisturbed():
        begin = processor_seconds()
        for _ in range(times):
            call()
        return (processor_seconds() - begin) / times


def watched(where: Path) -> Iterator[Watched]:
    """All that is watched; ``where`` is an empty folder, for files."""
    yield Watched("read a folder of CSV files, 1,000 people", "csv.reader", partial(_folder, where))
    yield Watched("read the shipped workbook", "openpyxl, its cells alone", _workbook)
    yield Watched("a roster as arrays, 4,000 people", "a plain loop over its rows", _arrays)
    yield Watched("judge links, 4,000 people", "NumPy: the two weeks of each link", _judged)
    flow = "OR-Tools, the bare flow"
    yield Watched("match, 4,000 people", flow, partial(_match, roster, 4_000))
    yield Watched("match, scarce and all equal, 4,000 people", flow, partial(_match, scarce, 4_000))
    yield Watched("match, one long row, 2,000 people", flow, partial(_match, long_row, 2_000))
    yield Watched("what confirming adds, 1,000 people", flow, partial(_after_match, promised))
    yield Watched("every absence, 1,000 people", flow, partial(_after_match, every_absence))
    program = "HiGHS, a made-up packing"
    yield Watched("repair, the shipped practice", program, _repair)
    yield Watched("schedule, 32 people, one week", program, lambda: (partial(schedule, week(32), WEEK), packing))
    run = partial(run_python, environment=environment(str(where / "compiled")))
    asked = ["match", str(shipped()), "--json", "--on", DAY.isoformat()]
    heavy = "import numpy, attrs, ortools.graph.python.min_cost_flow"
    yield Watched(
        "kapteam match --json, the shipped practice",
        "Python that imports NumPy, attrs and OR-Tools",
        lambda: (partial(run, "-c", COMMAND, *asked), partial(run, "-c", heavy)),
    )
    for name, arguments in (("import kapteam", ["import kapteam"]), ("kapteam --help", [COMMAND, "--help"])):
        calls = partial(run, "-c", *arguments), partial(run, "-c", "import attrs")
        yield Watched(name, "Python that imports attrs", lambda calls=calls: calls)


def _folder(where: Path) -> tuple[Call, Call]:
    folder = written(1_000, 0, where)
    return partial(read, folder), partial(by_csv, folder)


def _workbook() -> tuple[Call, Call]:
    workbook = shipped().with_suffix(".xlsx")
    return partial(read, workbook), partial(workbook_cells, workbook)


def _arrays() -> tuple[Call, Call]:
    of = roster(4_000)
    return partial(compiled, of), partial(Plain, of, DAY, remember=True)


def _judged() -> tuple[Call, Call]:
    facts = compiled(roster(4_000))
    ready = dict(facts.memo)  # so that no call finds what the one before remembered
    links = judged_from(attrs.evolve(facts, memo=dict(ready)))
    return lambda: judged_from(attrs.evolve(facts, memo=dict(ready))), partial(weeks_gathered, links)


def _match(make: Callable[[int], Roster], people: int) -> tuple[Call, Call]:
    links = judged_links(make(people), DAY)
    return partial(planned, links), partial(bare_flow, problem_of(links))


def _after_match(question: Callable[[Plan], Any]) -> tuple[Call, Call]:
    links = judged_links(roster(1_000), DAY)
    return partial(question, planned(links)), partial(bare_flow, problem_of(links))


def _repair() -> tuple[Call, Call]:
    return partial(repair, judged_links(read(shipped()), DAY)), packing


if __name__ == "__main__":
    main()
