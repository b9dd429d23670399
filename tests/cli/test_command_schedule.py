"""`kapteam schedule` as a process: the plan, its files, what stays of another plan, and bad input."""

from __future__ import annotations

import csv
import json
from pathlib import Path
from typing import Any

import pytest
from asking import DAY, PRACTICE, Ask, run

WEEK = ("--week", DAY)


@pytest.fixture(scope="module")
def plan_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    file = tmp_path_factory.mktemp("plan") / "plan.json"
    file.write_text(run("schedule", PRACTICE, *WEEK, "--json").out, encoding="utf-8")
    return file


def sessions(document: Any) -> set[tuple[Any, ...]]:
    return {(s["site"], s["start"], *s["prescribers"], *s["therapists"], *s["monitors"]) for s in document["sessions"]}


def test_the_shipped_practice_is_proven_at_every_level(kapteam_says: Ask) -> None:
    document = kapteam_says("schedule", PRACTICE, *WEEK, "--weeks", "4", "--json").valid("schedule")
    assert document["status"] == "optimal"
    assert document["proven"] == ["value", "points", "spread", "changes"]
    assert document["gap"] == 0
    assert len(document["sessions"]) == document["objective"]["sessions"]
    assert any("row 9" in r["about"] and r["constraint"] == "monitor" for r in document["reasons"])


def test_the_week_is_told_by_site(kapteam_says: Ask) -> None:
    said = kapteam_says("schedule", PRACTICE, *WEEK)
    assert said.status == 0
    assert "no plan has more (proven)" in said.flat
    for words in ("Hudson clinic (NY)", "Mon 12-07", "09:00-12:00", "Why not more", "Not legal advice"):
        assert words in said.out


def test_a_plan_verifies_and_a_moved_session_does_not(kapteam_says: Ask, plan_file: Path, tmp_path: Path) -> None:
    assert kapteam_says("verify", PRACTICE, plan_file, "--json").valid("verify")["ok"]
    document = json.loads(plan_file.read_text(encoding="utf-8"))
    document["sessions"][0]["start"] = document["sessions"][0]["start"].replace("T09:00", "T05:00")
    moved = tmp_path / "moved.json"
    moved.write_text(json.dumps(document), encoding="utf-8")
    answer = kapteam_says("verify", PRACTICE, moved, "--json")
    assert answer.status == 1
    assert {"on_site", "end"} <= {v["rule"] for v in answer.valid("verify")["violations"]}


def test_the_same_plan_again_changes_nothing(kapteam_says: Ask, plan_file: Path) -> None:
    again = kapteam_says("schedule", PRACTICE, *WEEK, "--previous", plan_file, "--json").valid("schedule")
    assert again["objective"]["changes"] == 0
    assert [s["uid"] for s in again["sessions"]] == [s["uid"] for s in json.loads(plan_file.read_text())["sessions"]]
    assert {s["sequence"] for s in again["sessions"]} == {0}


def test_a_cancellation_keeps_what_it_does_not_touch(kapteam_says: Ask, plan_file: Path) -> None:
    before = json.loads(plan_file.read_text(encoding="utf-8"))
    document = kapteam_says(
        "schedule", PRACTICE, *WEEK, "--previous", plan_file, "--cancel", "prado@2026-12-08", "--json"
    ).valid("schedule")
    touched = {s for s in sessions(before) if "prado" in s and s[1].startswith("2026-12-08")}
    assert touched
    assert sessions(before) - touched <= sessions(document)
    assert not any("prado" in s and s[1].startswith("2026-12-08") for s in sessions(document))


def test_what_has_begun_stays(kapteam_says: Ask, plan_file: Path) -> None:
    document = kapteam_says(
        "schedule", PRACTICE, *WEEK, "--previous", plan_file, "--from", "2026-12-09T00:00", "--json"
    ).valid("schedule")
    early = {s for s in sessions(json.loads(plan_file.read_text())) if s[1] < "2026-12-09"}
    assert early == {s for s in sessions(document) if s[1] < "2026-12-09"}


def test_a_kept_session_that_is_unlawful_is_told(kapteam_says: Ask, plan_file: Path, tmp_path: Path) -> None:
    document = json.loads(plan_file.read_text(encoding="utf-8"))
    document["sessions"] = document["sessions"][:1]
    document["sessions"][0]["therapists"] = ["thorne"]
    kept = tmp_path / "kept.json"
    kept.write_text(json.dumps(document), encoding="utf-8")
    answer = kapteam_says("schedule", PRACTICE, *WEEK, "--keep", kept, "--json")
    assert answer.status == 1
    told = answer.valid("schedule")
    assert told["status"] == "infeasible"
    assert told["reasons"]


def test_a_table_and_calendars(kapteam_says: Ask, tmp_path: Path) -> None:
    table, folder = tmp_path / "week.csv", tmp_path / "calendars"
    answer = kapteam_says(
        "schedule", PRACTICE, *WEEK, "--csv", table, "--ics", folder, "--ics-per", "practitioner", "--json"
    )
    document = answer.json
    with table.open(encoding="utf-8", newline="") as file:
        assert len(list(csv.DictReader(file))) == len(document["sessions"])
    people = {p for s in document["sessions"] for key in ("prescribers", "therapists", "monitors") for p in s[key]}
    assert {f.stem for f in folder.iterdir()} == people
    text = (folder / "prado.ics").read_text(encoding="utf-8")
    assert text.count("BEGIN:VEVENT") == sum("prado" in s["prescribers"] for s in document["sessions"])
    assert "TZID:America/New_York" in text


def test_busy_times_become_absences(kapteam_says: Ask, tmp_path: Path) -> None:
    calendar = tmp_path / "all.ics"
    kapteam_says("schedule", PRACTICE, *WEEK, "--ics", calendar, "--json")
    answer = kapteam_says("import", "ical", calendar, "--as", "prado", "--roster", PRACTICE, "--from", DAY)
    assert answer.out.splitlines()[0] == "practitioner,start,end"
    assert "prado,2026-12-07T09:00" in answer.out


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("--cancel", "prado@2026-12-08"), "--previous"),
        (("--cancel", "prado"), "PERSON@DATE"),
        (("--from", "noon"), "2026-12-08T09:00"),
        (("--keep", "hudson@2026-12-08T09:00"), "--previous"),
        (("--ics-per", "site"), "--ics FOLDER"),
        (("--weeks", "0"), "1<=x<=53"),
        (("--weeks", "261"), "1<=x<=53"),
        (("--previous", "nowhere.json"), "cannot read"),
    ],
)
def test_wrong_usage_is_told(kapteam_says: Ask, words: tuple[str, ...], told: str) -> None:
    answer = kapteam_says("schedule", PRACTICE, *WEEK, *words)
    assert answer.status == 2
    assert told in " ".join(answer.err.split())


def test_a_plan_of_another_roster_is_told(kapteam_says: Ask, plan_file: Path, tmp_path: Path) -> None:
    document = json.loads(plan_file.read_text(encoding="utf-8"))
    for session in document["sessions"]:
        session["therapists"] = ["nobody"]
    other = tmp_path / "other.json"
    other.write_text(json.dumps(document), encoding="utf-8")
    answer = kapteam_says("schedule", PRACTICE, *WEEK, "--previous", other)
    assert answer.status == 2
    assert "another roster" in answer.err
