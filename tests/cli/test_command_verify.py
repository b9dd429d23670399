"""`kapteam verify`: a good plan, a tampered one, one of another day, and no plan at all."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from asking import DAY, PRACTICE, Ask, run


def _less(plan: Any) -> None:
    plan["teams"][0]["therapists"].pop()


def _more_points(plan: Any) -> None:
    plan["teams"][0]["therapists"][0]["points"] += 1


def _another_link(plan: Any) -> None:
    hudson = next(t for t in plan["teams"] if t["prescriber"] == "prado")
    hudson["therapists"][0]["practitioner"] = "bell"


def _twice(plan: Any) -> None:
    plan["teams"].append(plan["teams"][0])


def _over_capacity(plan: Any) -> None:
    salida = next(t for t in plan["teams"] if t["prescriber"] == "begay")
    salida["therapists"].append({**salida["therapists"][0], "practitioner": "lightfoot"})


def _cheaper(plan: Any) -> None:
    prices = plan["certificate"]["therapists"]
    prices[next(t for t in sorted(prices) if prices[t])] -= 1


def _beyond_all_numbers(plan: Any) -> None:
    plan["certificate"]["teamed_worth"] = 10**30
    prices = plan["certificate"]["therapists"]
    prices[next(iter(prices))] = -(10**30)


def _unproven(plan: Any) -> None:
    plan["certificate"] = None


TAMPERED: dict[str, tuple[Callable[[Any], None], str]] = {
    "a therapist less": (_less, "objective"),
    "a point more": (_more_points, "points"),
    "a link that fails": (_another_link, "legal.therapy_license"),
    "a team twice": (_twice, "units"),
    "more than a prescriber can take": (_over_capacity, "capacity"),
    "a price that does not pay": (_cheaper, "certificate"),
    "prices that no machine word holds": (_beyond_all_numbers, "certificate"),
    "no proof": (_unproven, "certificate"),
}


def test_a_plan_of_match_is_good_and_proven(kapteam_says: Ask, plan_file: Path) -> None:
    answer = kapteam_says("verify", PRACTICE, plan_file, "--json")
    assert answer.status == 0
    document = answer.valid("verify")
    assert document["ok"]
    assert document["proven"]
    assert document["objective"] == json.loads(plan_file.read_text(encoding="utf-8"))["objective"]
    text = kapteam_says("verify", PRACTICE, plan_file)
    assert text.status == 0
    assert text.out.startswith("Good: 19 teamed")


@pytest.mark.parametrize("how", TAMPERED)
def test_a_tampered_plan_is_found_out(plan_file: Path, tmp_path: Path, how: str) -> None:
    tamper, rule = TAMPERED[how]
    plan = json.loads(plan_file.read_text(encoding="utf-8"))
    tamper(plan)
    (tmp_path / "tampered.json").write_text(json.dumps(plan), encoding="utf-8")
    answer = run("verify", PRACTICE, tmp_path / "tampered.json", "--json")
    assert answer.status == 1
    document = answer.valid("verify")
    assert not document["ok"]
    assert rule in {v["rule"] for v in document["violations"]}


def test_a_plan_judged_on_another_day_breaks_what_ended(kapteam_says: Ask, plan_file: Path) -> None:
    answer = kapteam_says("verify", PRACTICE, plan_file, "--on", "2027-01-15", "--json")
    assert answer.status == 1
    broken = {(v["rule"], v["subject"]) for v in answer.valid("verify")["violations"]}
    assert ("malpractice.cover", "abara + chen at hudson") in broken
    assert ("legal.therapy_license", "prado + osei at hudson") in broken
    assert ("legal.evaluation", "marchetti + haddad at tele-ny") in broken


def test_a_plan_is_judged_on_the_day_that_it_was_made_for(plan_file: Path, tmp_path: Path) -> None:
    plan = json.loads(plan_file.read_text(encoding="utf-8"))
    plan["on"] = "2027-01-15"
    (tmp_path / "later.json").write_text(json.dumps(plan), encoding="utf-8")
    assert run("verify", PRACTICE, tmp_path / "later.json").status == 1
    assert run("verify", PRACTICE, tmp_path / "later.json", "--on", DAY).status == 0


def test_a_plan_that_allowed_the_unknown_is_verified_as_such(kapteam_says: Ask, tmp_path: Path) -> None:
    made = kapteam_says("match", PRACTICE, "--on", DAY, "--unknown", "allow", "--json").out
    (tmp_path / "allowed.json").write_text(made, encoding="utf-8")
    assert run("verify", PRACTICE, tmp_path / "allowed.json").status == 0


def test_a_plan_with_two_partners_or_a_pair_held_is_verified_too(kapteam_says: Ask, tmp_path: Path) -> None:
    for i, options in enumerate((("--max-partners", "2"), ("--keep", "abara,lindqvist"))):
        file = tmp_path / f"{i}.json"
        file.write_text(kapteam_says("match", PRACTICE, "--on", DAY, *options, "--json").out, encoding="utf-8")
        assert run("verify", PRACTICE, file, "--json").valid("verify")["proven"], options


@pytest.mark.parametrize(
    "text",
    ["", "{", "[]", '{"on": "2026-12-07"}', '{"on": 3, "objective": {}, "teams": [{}]}'],
    ids=["nothing", "half", "a list", "only a day", "wrong kinds"],
)
def test_garbage_is_no_plan_and_that_is_wrong_usage(tmp_path: Path, text: str) -> None:
    (tmp_path / "garbage.json").write_text(text, encoding="utf-8")
    answer = run("verify", PRACTICE, tmp_path / "garbage.json")
    assert answer.status == 2
    assert "garbage.json" in answer.err or "no plan" in answer.err
    assert answer.out == ""


def test_a_violation_is_told_in_words(plan_file: Path, tmp_path: Path) -> None:
    plan = json.loads(plan_file.read_text(encoding="utf-8"))
    _less(plan)
    (tmp_path / "less.json").write_text(json.dumps(plan), encoding="utf-8")
    answer = run("verify", PRACTICE, tmp_path / "less.json")
    assert answer.status == 1
    assert "SavedObjective" not in answer.out


# --- Of sessions ----------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def week_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    file = tmp_path_factory.mktemp("week") / "week.json"
    file.write_text(run("schedule", PRACTICE, "--week", DAY, "--json").out, encoding="utf-8")
    return file


@pytest.mark.parametrize(
    ("level", "step", "side"), [("value", -1, "at most"), ("points", -27502, "at most"), ("spread", 1, "at least")]
)
def test_a_bound_of_any_level_must_fit_what_is_reached(
    week_file: Path, tmp_path: Path, level: str, step: int, side: str
) -> None:
    plan = json.loads(week_file.read_text(encoding="utf-8"))
    plan["bound"][level] += step
    plan["status"] = "feasible"
    plan["gap"] = plan["bound"]["value"] - plan["objective"]["value"]
    (tmp_path / "bound.json").write_text(json.dumps({**plan, "gap": max(0, plan["gap"])}), encoding="utf-8")
    answer = run("verify", PRACTICE, tmp_path / "bound.json", "--json")
    assert answer.status == 1
    told = answer.valid("verify")["violations"][0]
    assert told["rule"] == "bound"
    assert f"{level} can be {side} {plan['bound'][level]}" in told["message"]


def test_of_a_proven_plan_every_bound_is_what_is_reached(week_file: Path, tmp_path: Path) -> None:
    plan = json.loads(week_file.read_text(encoding="utf-8"))
    for level, step in (("points", 1), ("spread", -1)):
        other = {**plan, "bound": {**plan["bound"], level: plan["bound"][level] + step}}
        (tmp_path / "loose.json").write_text(json.dumps(other), encoding="utf-8")
        assert run("verify", PRACTICE, tmp_path / "loose.json").status == 1
        other["status"] = "feasible"
        (tmp_path / "loose.json").write_text(json.dumps(other), encoding="utf-8")
        assert run("verify", PRACTICE, tmp_path / "loose.json").status == 0


@pytest.mark.parametrize("year", ["0001", "9999"])
def test_a_session_in_a_year_without_a_calendar_is_told(week_file: Path, tmp_path: Path, year: str) -> None:
    plan = json.loads(week_file.read_text(encoding="utf-8"))
    for cells in ({"start": f"{year}-01-01T00:00:00+00:00"}, {"end": f"{year}-12-31T23:59:00-05:00"}):
        other = {**plan, "sessions": [{**plan["sessions"][0], **cells}]}
        (tmp_path / "far.json").write_text(json.dumps(other), encoding="utf-8")
        answer = run("verify", PRACTICE, tmp_path / "far.json")
        assert answer.status == 2
        assert "expected a time from the year 2 to the year 9998" in " ".join(answer.err.split())
