"""The same roster gives the same bytes: whatever the order of its rows, the seed of hashes or the threads."""

from __future__ import annotations

import csv
import random
from pathlib import Path

import pytest
from asking import DAY, PRACTICE, Ask, run

from kapteam.demo import practice_workbook

MATCH = ("--on", DAY, "--json")


def test_shuffled_rows_and_columns_give_the_same_plan(kapteam_says: Ask, practice: Path) -> None:
    draw = random.Random(1)
    for path in sorted(practice.glob("*.csv")):
        with path.open(encoding="utf-8", newline="") as file:
            rows = list(csv.DictReader(file))
        header = list(rows[0])
        draw.shuffle(header)
        if path.stem != "demand":  # a row of demand is known by its number
            draw.shuffle(rows)
        with path.open("w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, header)
            writer.writeheader()
            writer.writerows(rows)
    assert run("match", practice, *MATCH).out == kapteam_says("match", PRACTICE, *MATCH).out


@pytest.mark.parametrize(
    "env",
    [
        {"PYTHONHASHSEED": "0", "OMP_NUM_THREADS": "1"},
        {"PYTHONHASHSEED": "4242", "OMP_NUM_THREADS": "2"},
        {"PYTHONHASHSEED": "7", "LC_ALL": "C", "TZ": "Asia/Tokyo", "PYTHONUTF8": "0"},
    ],
    ids=lambda env: " ".join(f"{k}={v}" for k, v in env.items()),
)
def test_neither_hashes_nor_threads_nor_the_locale_change_a_byte(kapteam_says: Ask, env: dict[str, str]) -> None:
    assert run("match", PRACTICE, *MATCH, env=env).out == kapteam_says("match", PRACTICE, *MATCH).out


def test_the_workbook_and_the_folder_give_the_same_plan(kapteam_says: Ask) -> None:
    for command in ("match", "links"):
        assert kapteam_says(command, practice_workbook(), *MATCH).out == kapteam_says(command, PRACTICE, *MATCH).out


def test_the_text_is_the_same_in_every_locale(kapteam_says: Ask) -> None:
    env = {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONIOENCODING": "ascii", "COLUMNS": "40", "TERM": "dumb"}
    assert run("match", PRACTICE, "--on", DAY, env=env).out == kapteam_says("match", PRACTICE, "--on", DAY).out


def test_another_salt_may_change_who_but_never_how_many(kapteam_says: Ask, practice: Path) -> None:
    file = practice / "practice.toml"
    text = file.read_text(encoding="utf-8")
    file.write_text(text.replace("[protocol]", '[protocol]\ndraw = "spring"', 1), encoding="utf-8")
    salted = run("match", practice, *MATCH).valid("match")
    assert salted["objective"] == kapteam_says("match", PRACTICE, *MATCH).json["objective"]
