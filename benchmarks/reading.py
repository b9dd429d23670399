"""Reading a roster, every cell checked, beside reading the same files unchecked."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory

from instances import roster
from rows import Row, sides, times_as_long
from timing import Times

from kapteam.io.read import read, write
from kapteam.records.roster import TABLES

#: People; a roster has some seven rows for each.
SIZES, QUICK_SIZES = [1_000, 14_000], [1_000]
_GOAL = 5.0


def measured(sizes: list[int], seeds: int, repeats: int) -> Iterator[Row]:
    """The rows of each size, as a folder of CSV files; the goal is of the largest."""
    for people in sizes:
        times, rows, octets = Times(), [], []
        for seed in range(seeds if people < 10_000 else 1):
            with TemporaryDirectory() as where:
                folder = written(people, seed, Path(where))
                octets.append(sum(path.stat().st_size for path in folder.glob("*.csv")))
                calls = {"kapteam": partial(read, folder)}
                calls |= {"polars": partial(by_polars, folder), "csv": partial(by_csv, folder)}
                found = times.turns(calls, repeats)["kapteam"]
                rows.append(sum(len(found.table(name)) for name in TABLES))
        count = round(median(rows))
        row = partial(
            Row,
            what="read a folder, every cell checked",
            instance=f"{count:,} rows, {median(octets) / 1e6:.1f} MB of CSV",
        )
        polars = sides(times, "polars", times_as_long)
        large = people == max(SIZES)
        yield row(
            beside="pl.read_csv of each file, unchecked, all cores",
            **polars,
            goal=f"at most {_GOAL:g}x" if large else "",
            met=times.ratio("kapteam", "polars") <= _GOAL if large else None,
        )
        yield row(beside="csv.reader over each file, unchecked", **sides(times, "csv", times_as_long))


def written(people: int, seed: int, where: Path) -> Path:
    """A made-up roster as a folder of CSV files."""
    folder = where / f"{people}-{seed}"
    write(roster(people, seed), folder)
    return folder


def by_polars(folder: Path) -> dict[str, object]:
    """Each file as a data frame, types guessed."""
    import polars as pl  # slow to load, and only this needs it

    return {path.stem: pl.read_csv(path, infer_schema_length=1_000) for path in sorted(folder.glob("*.csv"))}


def by_csv(folder: Path) -> dict[str, list[list[str]]]:
    """Each file as lists of text."""
    found = {}
    for path in sorted(folder.glob("*.csv")):
        with path.open(encoding="utf-8", newline="") as file:
            found[path.stem] = list(csv.reader(file))
    return found
