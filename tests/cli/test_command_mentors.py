"""`kapteam mentors`: who could consult for whom, as a process."""

from __future__ import annotations

import json
from pathlib import Path

from asking import DAY, PRACTICE, Ask, run

import kapteam

ON = ("--on", DAY)


def test_the_answer_comes_first_then_who_takes_whom(kapteam_says: Ask) -> None:
    answer = kapteam_says("mentors", PRACTICE, *ON)
    assert answer.status == 0
    assert answer.flat.startswith("11 of 11 who sit without mentorship or consultation can have a mentor")
    assert "Leo Brandt (brandt)" in answer.out
    assert "Asked of a mentor: an active licence of a therapy profession where the other works" in answer.flat


def test_the_document_is_as_the_schema_says_and_adds_up(kapteam_says: Ask) -> None:
    document = kapteam_says("mentors", PRACTICE, *ON, "--json").valid("mentors")
    assert list(document) == ["on", "objective", "mentors", "without", "to_ask"]
    taken = [mentee for m in document["mentors"] for mentee in m["mentees"]]
    assert len(taken) == len(set(taken)) == document["objective"]["served"] == 11
    assert document["objective"]["squares"] == sum(m["load"] ** 2 for m in document["mentors"])
    solano = next(m for m in document["mentors"] if m["mentor"] == "solano")
    assert (solano["load"], solano["already"]) == (3, ["kowalczyk", "raman", "vang"])
    for m in document["mentors"]:
        assert m["load"] == len(m["already"]) + len(m["mentees"])
        assert set(m["mentees"]) <= set(m["could"])


def test_a_limit_leaves_some_without_and_says_why(kapteam_says: Ask) -> None:
    document = kapteam_says("mentors", PRACTICE, "--load", 1, *ON, "--json").valid("mentors")
    assert [(w["practitioner"], w["why"]) for w in document["without"]] == [("calloway", "no_room")]
    answer = kapteam_says("mentors", PRACTICE, "--load", 1, *ON)
    assert "Left without" in answer.out
    assert "no room: all who could have 1 or more (--load)" in answer.flat


def test_a_licence_of_any_state_widens_who_could(kapteam_says: Ask) -> None:
    here = kapteam_says("mentors", PRACTICE, *ON, "--json").json
    anywhere = kapteam_says("mentors", PRACTICE, "--anywhere", *ON, "--json").valid("mentors")
    for near, wide in zip(here["mentors"], anywhere["mentors"], strict=True):
        assert set(near["could"]) <= set(wide["could"])
    assert anywhere["objective"]["squares"] <= here["objective"]["squares"]


def test_more_hours_asked_leave_fewer_mentors(kapteam_says: Ask) -> None:
    document = kapteam_says("mentors", PRACTICE, "--hours", 500, *ON, "--json").valid("mentors")
    assert "solano" not in [m["mentor"] for m in document["mentors"]]
    assert "500 hours of KAP training" in kapteam_says("mentors", PRACTICE, "--hours", 500, *ON).flat


def _without_practicum(practice: Path, word: str) -> None:
    rows = (practice / "training.csv").read_text(encoding="utf-8").splitlines()
    column = rows[0].split(",").index("practicum")
    cells = [row.split(",") for row in rows]
    for row in cells[1:]:
        row[column] = word
    (practice / "training.csv").write_text("\n".join(map(",".join, cells)) + "\n", encoding="utf-8")


def test_where_nobody_qualifies_the_status_says_so_and_the_nearest_is_named(practice: Path) -> None:
    _without_practicum(practice, "no")
    answer = run("mentors", practice, *ON)
    assert answer.status == 1
    assert answer.out.startswith("0 of 11 who sit")
    assert "nobody could. Nearest is" in answer.flat
    assert "who had no practicum" in answer.flat


def test_what_nobody_wrote_down_is_to_ask_and_used_only_where_it_is_allowed(practice: Path) -> None:
    _without_practicum(practice, "")
    document = run("mentors", practice, *ON, "--json").valid("mentors")
    assert document["mentors"] == []
    assert {w["why"] for w in document["without"]} == {"to_ask"}
    assert {rule for a in document["to_ask"] for rule in a["rules"]} == {"ethics.practicum"}
    answer = run("mentors", practice, *ON)
    assert "Ask first" in answer.out
    assert "did a training of theirs have a practicum?" in answer.flat
    allowed = run("mentors", practice, "--unknown", "allow", *ON, "--json").valid("mentors")
    assert allowed["objective"]["served"] == 11
    assert all(m["to_verify"] == ["ethics.practicum"] for m in allowed["mentors"])


def test_wrong_numbers_are_wrong_usage(kapteam_says: Ask) -> None:
    answer = kapteam_says("mentors", PRACTICE, "--load", 0, *ON)
    assert answer.status == 2
    assert "--load" in answer.err


def test_where_everybody_is_served_that_is_the_answer(tmp_path: Path) -> None:
    kapteam.write(kapteam.example(), tmp_path / "roster.json")
    document = json.loads((tmp_path / "roster.json").read_text(encoding="utf-8"))
    document["training"].append({"practitioner": "ana", "kind": "mentorship"})
    (tmp_path / "roster.json").write_text(json.dumps(document), encoding="utf-8")
    answer = run("mentors", tmp_path / "roster.json", *ON)
    assert (answer.status, answer.out.splitlines()[0]) == (0, "Everyone who sits has mentorship or consultation.")
