"""The guard against becoming slower: its committed table is of what it measures, and measuring gives a ratio."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from guard import BASELINE, watched
from ratios import Table

NAME = "match, 4,000 people"


def test_the_committed_table_is_of_what_is_measured(tmp_path: Path) -> None:
    table = Table.of(BASELINE.read_text(encoding="utf-8"))
    assert {name: row.beside for name, row in table.rows.items()} == {x.name: x.beside for x in watched(tmp_path)}
    assert all(0 < row.low <= row.ratio <= row.high for row in table.rows.values())


def test_a_ratio_is_measured_and_a_table_that_says_otherwise_is_told_of(tmp_path: Path) -> None:
    measured = Table.of(_guard("--measure", "--only", NAME))
    assert list(measured.rows) == [NAME]
    row = measured.rows[NAME]
    assert 0 < row.low <= row.ratio <= row.high
    other, text = tmp_path / "table.json", measured.as_json()
    for number in {row.ratio, row.low, row.high}:
        text = text.replace(f": {number}", f": {number / 1_000}")
    committed = Table.of(BASELINE.read_text(encoding="utf-8"))
    other.write_text(Table(measured.machine, {**committed.rows, **Table.of(text).rows}).as_json(), encoding="utf-8")
    said = _guard("--only", NAME, "--table", str(other))
    assert said.startswith("1 of 1 ratios moved by more than their noise:")
    assert said.rstrip().endswith("slower |")  # and not a word of the others, which nobody asked for


def test_a_name_that_is_not_watched_is_an_error() -> None:
    with pytest.raises(subprocess.CalledProcessError) as refused:
        _guard("--only", "the weather")
    assert "'the weather' is not watched; these are: read a folder" in refused.value.stderr


def _guard(*asked: str) -> str:
    call = [sys.executable, str(BASELINE.with_name("guard.py")), *asked]
    return subprocess.run(call, check=True, capture_output=True, text=True).stdout
