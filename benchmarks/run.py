"""Every benchmark in one run: ``python benchmarks/run.py`` prints one Markdown table.

Read the ratios; seconds depend on the machine and on what else it is doing.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator
from pathlib import Path
from time import perf_counter

import absences
import command
import confirming
import judging
import reading
import repairs
import scale
import session_plans
import team_formation
import teams
from rows import Row, as_json, as_markdown

import measures
import registry

SIZES, QUICK_SIZES = [40, 1_000, 10_000, 100_000], [40, 1_000, 10_000]
PARTS = (
    "reading",
    "judging",
    "teams",
    "confirm",
    "command",
    "sessions",
    "resilience",
    "repair",
    "measures",
    "formation",
    "registry",
    "scale",
)


def main() -> None:
    """Run what was asked for, print the table, and write it where that was asked for."""
    asked = _arguments()
    seeds = 1 if asked.quick else 3
    begin, found = perf_counter(), []
    for row in _measured(asked.only or list(PARTS), asked.sizes, seeds, quick=asked.quick):
        found.append(row)
        print(f"{perf_counter() - begin:5.0f} s  {row.instance}: {row.what.split(':')[0]}", file=sys.stderr)
    print(as_markdown(found, seeds))
    if asked.markdown:
        asked.markdown.write_text(as_markdown(found, seeds) + "\n", encoding="utf-8")
    if asked.json:
        asked.json.write_text(as_json(found, seeds) + "\n", encoding="utf-8")


def _measured(parts: list[str], asked: list[int] | None, seeds: int, *, quick: bool) -> Iterator[Row]:
    repeats = 3 if quick else 5
    sizes = asked or (QUICK_SIZES if quick else SIZES)
    if "reading" in parts:
        yield from reading.measured(reading.QUICK_SIZES if quick else reading.SIZES, seeds, repeats)
    if "judging" in parts:
        yield from judging.measured(sizes, seeds, repeats)
    if "teams" in parts:
        yield from teams.measured(sizes, seeds, repeats, quick=quick)
    if "confirm" in parts:
        yield from confirming.measured([people for people in sizes if people <= 10_000], seeds, repeats, quick=quick)
    if "command" in parts:
        yield from command.measured(repeats if quick else 2 * repeats)
    if "sessions" in parts:
        weeks = asked or (session_plans.QUICK_SIZES if quick else session_plans.SIZES)
        yield from session_plans.measured([people for people in weeks if people <= 4_000], seeds, repeats, quick=quick)
    if "resilience" in parts:
        yield from absences.measured([people for people in sizes if people <= 10_000], seeds, repeats)
    if "repair" in parts:
        yield from repairs.measured([people for people in sizes if people <= (1_000 if quick else 10_000)], seeds)
    if "measures" in parts:
        yield from measures.measured([people for people in sizes if people <= 10_000], seeds, repeats)
    if "formation" in parts:
        yield from team_formation.measured([240] if quick else [240, 960], seeds, repeats)
    if "registry" in parts:
        yield from registry.measured(registry.QUICK_SIZES if quick else registry.SIZES)
    if "scale" in parts:
        yield from scale.measured(scale.QUICK_SIZES if quick else scale.SIZES)


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--sizes", type=_sizes, metavar="N,N,...", help="how many people; 40,1000,10000,100000")
    parser.add_argument("--quick", action="store_true", help="smaller, one seed")
    parser.add_argument("--only", action="append", choices=PARTS, help="one part; may be given again")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the rows as JSON too, times in seconds")
    parser.add_argument("--markdown", type=Path, metavar="FILE", help="write the table too")
    return parser.parse_args()


def _sizes(text: str) -> list[int]:
    return [int(part) for part in text.split(",")]


if __name__ == "__main__":
    main()
