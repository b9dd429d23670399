"""`kapteam recruit`: the answer in words, the document, and its rows pasted into the practice."""

from __future__ import annotations

import csv
import json
from pathlib import Path

from asking import DAY, PRACTICE, Ask, run

ON = ("--on", DAY)


def test_the_answer_comes_first_then_what_a_second_one_adds_and_what_the_first_needs(kapteam_says: Ask) -> None:
    answer = kapteam_says("recruit", PRACTICE, *ON)
    assert answer.status == 0
    assert answer.flat.startswith("19 of 27 therapists are teamed. Hire a physician who prescribes and sits at ")
    assert "already here" in answer.flat
    for words in ("of yours", "a 2nd", "The first needs", "· life support", "To ask", "Not legal advice."):
        assert words in answer.flat
    assert "may a physician assistant prescribe ketamine in New Jersey? (only on a condition" in answer.flat


def test_the_document_is_as_its_schema_says_and_sorted_by_the_first_gain(kapteam_says: Ask) -> None:
    document = kapteam_says("recruit", PRACTICE, *ON, "--json").valid("recruit")
    first = [hire["gains"][0] for hire in document["recruit"]]
    keys = [(g["of_the_roster"], g["teamed"], g["points"]) for g in first]
    assert keys == sorted(keys, reverse=True)
    assert len(keys) == 10
    assert document["objective"]["teamed"] == 19
    assert all(g["hires"] == n for hire in document["recruit"] for n, g in enumerate(hire["gains"], start=1))


def test_the_rows_added_to_the_practice_team_as_many_more_as_was_told(kapteam_says: Ask, practice: Path) -> None:
    document = kapteam_says("recruit", PRACTICE, *ON, "--json").valid("recruit")
    hire = document["recruit"][0]
    for table, rows in hire["rows"].items():
        path = practice / f"{table}.csv"
        with path.open(encoding="utf-8", newline="") as file:
            header = next(csv.reader(file))
        with path.open("a", encoding="utf-8", newline="") as file:
            for row in rows:
                cells = [row.get(name, "") for name in header]
                csv.writer(file).writerow([";".join(c) if isinstance(c, list) else c for c in cells])
    again = run("match", practice, *ON, "--json").json["objective"]
    gain, now = hire["gains"][0], document["objective"]
    assert again == {"teamed": now["teamed"] + gain["teamed"], "points": now["points"] + gain["points"]}


def test_a_site_a_role_and_how_many_leave_out_the_rest(kapteam_says: Ask) -> None:
    options = ("--site", "montclair", "--role", "prescriber", "--hires", "1", "--best", "2")
    document = kapteam_says("recruit", PRACTICE, *ON, *options, "--json").valid("recruit")
    assert [(h["site"], h["role"], len(h["gains"])) for h in document["recruit"]] == [
        ("montclair", "prescriber", 1)
    ] * 2


def test_therapists_of_every_licence_are_one_entry(kapteam_says: Ask) -> None:
    answer = kapteam_says("recruit", PRACTICE, *ON, "--role", "therapist")
    assert "Hire a therapist at" in answer.flat
    assert "as psychologist, clinical social worker, marriage family therapist or professional counselor" in answer.flat
    assert "a therapist takes a place, and prescribers give them" in answer.flat


def test_what_nobody_could_add_is_told_with_the_reason_and_exit_status_1(kapteam_says: Ask) -> None:
    answer = kapteam_says("recruit", PRACTICE, *ON, "--role", "collaborator")
    assert answer.status == 1
    assert "no hire adds anything" in answer.flat
    assert "no agreement whose signature would add anything" in answer.flat


def test_unknown_links_may_be_used(kapteam_says: Ask) -> None:
    document = kapteam_says("recruit", PRACTICE, *ON, "--unknown", "allow", "--json").valid("recruit")
    assert document["unknown"] == "allow"
    assert document["objective"]["teamed"] > 19


def test_wrong_usage_is_told(kapteam_says: Ask) -> None:
    for words, said in (
        (("--site", "hudsn"), "did you mean 'hudson'?"),
        (("--role", "monitor"), "'monitor' is not one of"),
        (("--hires", "0"), "0 is not in the range"),
    ):
        answer = kapteam_says("recruit", PRACTICE, *words, *ON)
        assert answer.status == 2
        assert said in answer.err


def test_the_same_roster_gives_the_same_bytes(kapteam_says: Ask) -> None:
    words = ("recruit", PRACTICE, *ON, "--json")
    assert run(*words, env={"PYTHONHASHSEED": "7"}).out == kapteam_says(*words).out
    assert json.loads(kapteam_says(*words).out)["on"] == DAY
