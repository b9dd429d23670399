"""A roster as Parquet reads as its CSV does: equal rows, the same errors."""

from __future__ import annotations

import csv
import shutil
from pathlib import Path

import attrs
import polars as pl
import pytest

import kapteam
from kapteam.demo import practice_folder
from kapteam.records.problems import Problem, RosterError


def as_parquet(folder: Path, to: Path, parts: int = 1) -> Path:
    """The tables of a CSV folder as Parquet, and its practice file."""
    to.mkdir()
    for path in folder.glob("*.csv"):
        with path.open(encoding="utf-8", newline="") as file:
            head, *rows = csv.reader(file)
        frame = pl.DataFrame(rows, schema=dict.fromkeys(head, pl.String), orient="row")
        if parts == 1:
            frame.write_parquet(to / f"{path.stem}.parquet")
            continue
        (to / path.stem).mkdir()
        for i in range(parts):
            size = -(-len(frame) // parts)
            frame[i * size : (i + 1) * size].write_parquet(to / path.stem / f"part-{i}.parquet")
    shutil.copy(folder / "practice.toml", to)
    return to


@pytest.mark.parametrize("parts", [1, 3])
def test_the_same_roster(parts: int, tmp_path: Path) -> None:
    folder = as_parquet(practice_folder(), tmp_path / "roster", parts)
    assert kapteam.read(folder) == kapteam.read(practice_folder())


def test_tables_of_both_kinds_stand_together_but_no_table_twice(tmp_path: Path) -> None:
    folder = as_parquet(practice_folder(), tmp_path / "roster")
    (folder / "hours.parquet").unlink()
    shutil.copy(practice_folder() / "hours.csv", folder)
    assert kapteam.read(folder) == kapteam.read(practice_folder())
    shutil.copy(practice_folder() / "sites.csv", folder)
    with pytest.raises(RosterError, match="the table stands twice"):
        kapteam.read(folder)


def problems(folder: Path) -> list[Problem]:
    with pytest.raises(RosterError) as found:
        kapteam.read(folder)
    return list(found.value.problems)


def test_the_same_errors(tmp_path: Path) -> None:
    """Of cells, references and columns; a row is counted without a header's line."""
    broken = tmp_path / "csv"
    shutil.copytree(practice_folder(), broken)
    for name, old, new in (
        ("licenses", ",physician,", ",doctor,"), ("practitioners", "2215717002", "2215717003"),
        ("hours", "09:00-17:00", "9 to 5"), ("sites", "hudson", "hudsen"), ("coverage", "ketamine", "ketamin"),
    ):  # fmt: skip
        path = broken / f"{name}.csv"
        text = path.read_text(encoding="utf-8")
        assert old in text
        path.write_text(text.replace(old, new, 1), encoding="utf-8")
    of_csv, of_parquet = problems(broken), problems(as_parquet(broken, tmp_path / "parquet"))
    assert len(of_csv) > 5

    def placed(p: Problem, less: int) -> Problem:
        rows = [None if r is None or p.table == "practice" else r - less for r in (p.row, p.also)]
        row = None if rows[0] == 0 else rows[0]
        return attrs.evolve(p, row=row, also=rows[1], source=p.source.partition(".")[0])

    assert {placed(p, 0) for p in of_parquet} == {placed(p, 1) for p in of_csv}


def test_files_that_are_no_parquet_and_tables_that_are_none(tmp_path: Path) -> None:
    folder = as_parquet(practice_folder(), tmp_path / "roster", 3)
    (folder / "hours" / "part-1.parquet").write_bytes(b"half of it")
    pl.DataFrame({"a": [1]}).write_parquet(folder / "licences.parquet")
    pl.DataFrame({"practitioner": ["x"]}).write_parquet(folder / "ties" / "part-1.parquet")
    said = {(p.source, p.expected.partition(":")[0]): p.nearest for p in problems(folder)}
    assert said["hours/part-1.parquet", "expected a Parquet file"] == ()
    assert said["licences.parquet", "there is no such table"] == ("licenses",)
    assert ("ties/part-1.parquet", "expected the same columns as part-0.parquet") in said
