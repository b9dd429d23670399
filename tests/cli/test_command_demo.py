"""`kapteam demo`, and the practice that it ships with."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from asking import DAY, PRACTICE, Answer, Ask, run, validate
from jsonschema import ValidationError

import kapteam
from kapteam.demo import practice_folder, practice_workbook
from kapteam.records.people import PROFESSIONS

Demo = tuple[Answer, Path]


@pytest.fixture(scope="module")
def roster() -> kapteam.Roster:
    return kapteam.read(practice_folder())


def test_the_workbook_and_the_folder_read_equal(roster: kapteam.Roster) -> None:
    assert kapteam.read(practice_workbook()) == roster


def test_the_practice_has_everything_that_a_real_one_has(roster: kapteam.Roster) -> None:
    assert 38 <= len(roster.practitioners) <= 50
    assert len(roster.sites) == 5
    assert {s.jurisdiction for s in roster.sites} == {"NY", "NJ", "CO"}
    assert len({s.timezone for s in roster.sites}) == 2
    assert {x.profession for x in roster.licenses} == set(PROFESSIONS)
    assert {s.setting for s in roster.sites} >= {"clinic", "telehealth"}
    assert roster.demand
    assert roster.practice.protocols


def test_no_two_of_the_practice_have_one_npi(roster: kapteam.Roster) -> None:
    numbers = [p.npi for p in roster.practitioners if p.npi]
    assert len(set(numbers)) == len(numbers)


def test_the_demo_writes_the_practice_and_every_answer(written_demo: Demo) -> None:
    answer, folder = written_demo
    assert answer.status == 0
    assert {p.name for p in folder.iterdir()} >= {
        "practice", "practice.xlsx", "check.txt", "links.txt", "match.txt", "explain.txt", "links.json", "match.json",
        "schedule.txt", "schedule.json", "calendars", "repair.txt", "repair.json", "resilience.txt",
    }  # fmt: skip
    assert all(f"wrote {Path('shown') / name}" in answer.err for name in ("check.txt", "match.json"))


def test_the_demo_shows_the_plan_and_what_to_try_next(written_demo: Demo) -> None:
    answer, _ = written_demo
    assert "19 of 27 therapists are teamed" in answer.out
    assert f"kapteam check {Path('shown') / 'practice.xlsx'} --on {DAY}" in answer.out


def test_the_commands_that_the_demo_says_to_try_run(written_demo: Demo) -> None:
    answer, folder = written_demo
    for line in answer.out.split("Now try:")[1].splitlines():
        words = line.split()
        if words[:1] == ["kapteam"] and words[1] not in ("init", "app"):  # which asks, and which runs until it is ended
            assert run(*words[1:], cwd=folder.parent).status == 0, line


def test_what_the_demo_wrote_is_what_the_commands_say(written_demo: Demo, kapteam_says: Ask) -> None:
    _, folder = written_demo
    for name in ("links", "match"):
        document = json.loads((folder / f"{name}.json").read_text(encoding="utf-8"))
        validate(document, name)
        assert document == kapteam_says(name, PRACTICE, "--on", DAY, "--json").json
    week = json.loads((folder / "schedule.json").read_text(encoding="utf-8"))
    validate(week, "schedule")
    assert week == kapteam_says("schedule", PRACTICE, "--week", DAY, "--json").json
    text = (folder / "match.txt").read_text(encoding="utf-8")
    assert text == kapteam_says("match", PRACTICE, "--on", DAY).out


def test_the_plan_that_the_demo_wrote_verifies_against_the_practice_that_it_wrote(written_demo: Demo) -> None:
    _, folder = written_demo
    for plan in ("match.json", "schedule.json"):
        assert run("verify", folder / "practice.xlsx", folder / plan).status == 0


def test_a_demo_into_a_file_is_wrong_usage(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("mine", encoding="utf-8")
    assert run("demo", tmp_path / "file").status == 2
    assert (tmp_path / "file").read_text(encoding="utf-8") == "mine"


def test_with_json_the_demo_prints_one_document_and_nothing_else(tmp_path: Path) -> None:
    document = run("demo", tmp_path / "shown", "--json").json
    assert all(Path(file).exists() for file in document["files"])


def test_the_practice_as_json_is_what_the_published_schema_describes(roster: kapteam.Roster, tmp_path: Path) -> None:
    kapteam.write(roster, tmp_path / "practice.json")
    document = json.loads((tmp_path / "practice.json").read_text(encoding="utf-8"))
    validate(document, "roster")
    assert kapteam.read(tmp_path / "practice.json") == roster


@pytest.mark.parametrize(
    ("table", "change"),
    [
        ("sites", {"setting": "telehelth"}),
        ("licenses", {"licence": "x"}),
        ("hours", {"site": None}),
        ("practice", {"protocol": {"session_minute": 90}}),
    ],
    ids=["a value", "a column", "a blank that is needed", "a key of the practice file"],
)
def test_the_published_schema_refuses_what_the_reader_refuses(
    roster: kapteam.Roster, tmp_path: Path, table: str, change: dict[str, object]
) -> None:
    kapteam.write(roster, tmp_path / "practice.json")
    document = json.loads((tmp_path / "practice.json").read_text(encoding="utf-8"))
    (document[table] if table == "practice" else document[table][0]).update(change)
    (tmp_path / "practice.json").write_text(json.dumps(document), encoding="utf-8")
    with pytest.raises(ValidationError):
        validate(document, "roster")
    with pytest.raises(kapteam.RosterError):
        kapteam.read(tmp_path / "practice.json")
