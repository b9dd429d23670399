"""The same tables under another practice file."""

from __future__ import annotations

import json
import shutil
from datetime import date
from pathlib import Path

import pytest

import kapteam
from kapteam.demo import practice_folder
from kapteam.records.practice import Practice
from kapteam.records.problems import RosterError, UsageError
from kapteam.records.roster import TABLES

DAY = date(2026, 12, 7)


def test_the_tables_stay_and_the_answers_are_those_of_the_other_file(tmp_path: Path) -> None:
    roster = kapteam.read(practice_folder())
    own = {"federal": {"telehealth": "no"}}
    other = roster.with_practice({**roster.practice.as_toml(), **own})
    assert all(other.table(name) == roster.table(name) for name in TABLES)
    assert other == roster.with_practice(Practice.of({**roster.practice.as_toml(), **own}))
    assert roster.with_practice(roster.practice) == roster
    written = Path(shutil.copytree(practice_folder(), tmp_path / "other"))
    with (written / "practice.toml").open("a", encoding="utf-8") as file:
        file.write('\n[federal]\ntelehealth = "no"\n')
    read = kapteam.read(written)
    assert json.dumps(kapteam.links(other, on=DAY).as_dict()) == json.dumps(kapteam.links(read, on=DAY).as_dict())
    assert kapteam.links(other, on=DAY).as_dict() != kapteam.links(roster, on=DAY).as_dict()


def test_problems_still_name_the_row_of_the_file_that_was_read(tmp_path: Path) -> None:
    folder = Path(shutil.copytree(practice_folder(), tmp_path / "practice"))
    with (folder / "hours.csv").open("a", encoding="utf-8") as file:
        file.write("prado,montclair,Tue 09:00-12:00,,\n")
    roster = kapteam.read(folder)
    assert roster.warnings
    other = roster.with_practice({**roster.practice.as_toml(), "thresholds": {"kap_training_hours": 20}})
    assert other.origin == roster.origin
    assert [(w.source, w.row) for w in other.warnings if w.table == "hours"] == [
        (w.source, w.row) for w in roster.warnings if w.table == "hours"
    ]


def test_a_row_whose_protocol_is_gone_and_a_wrong_key_are_errors() -> None:
    roster = kapteam.read(practice_folder())
    assert any(row.protocol for row in roster.demand)
    with pytest.raises(RosterError, match="protocol"):
        roster.with_practice({})
    with pytest.raises(RosterError, match="protocl"):
        roster.with_practice({"protocl": {}})


@pytest.mark.parametrize("wrong", ["practice.toml", None, ["protocol"]])
def test_what_is_no_practice_is_told_with_how_a_file_is_read(wrong: object) -> None:
    with pytest.raises(UsageError, match=r"expected a Practice, or a mapping .*kapteam\.read\(ROSTER, practice=FILE\)"):
        kapteam.example().with_practice(wrong)  # type: ignore[arg-type]
