"""`kapteam check`: problems, eligibility, what ends soon."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest
from asking import DAY, PRACTICE, Ask, run

CHECK = ("check", PRACTICE, "--on", DAY)


@pytest.fixture(scope="module")
def checked(kapteam_says: Ask) -> Any:
    return kapteam_says(*CHECK, "--json").valid("check")


def test_a_good_roster_has_no_errors(kapteam_says: Ask, checked: Any) -> None:
    assert checked["errors"] == []
    assert kapteam_says(*CHECK).out.startswith("No errors; ")


def test_each_is_judged_in_each_role_at_each_site_of_theirs(checked: Any) -> None:
    verdicts = {(e["practitioner"], e["role"], e["site"]): e["verdict"] for e in checked["eligibility"]}
    assert verdicts["prado", "prescriber", "hudson"] == "pass"
    assert verdicts["prado", "prescriber", "montclair"] == "fail"
    assert verdicts["delgado", "prescriber", "boulder"] == "unknown"
    assert verdicts["stokes", "monitor", "boulder"] == "pass"
    assert not any(person == "lark" for person, _, _ in verdicts)


def test_what_ends_is_told_in_order_and_as_far_ahead_as_asked(kapteam_says: Ask, checked: Any) -> None:
    ends = [date.fromisoformat(e["expires"]) for e in checked["expiring"]]
    assert ends == sorted(ends)
    assert date(2026, 12, 31) in ends
    short = kapteam_says(*CHECK, "--within", "14", "--json").valid("check")["expiring"]
    assert [e["practitioner"] for e in short] == ["chen"]
    assert kapteam_says(*CHECK, "--within", "0", "--json").valid("check")["expiring"] == []


def test_the_federal_law_that_ends_is_nobodys(checked: Any) -> None:
    (law,) = [e for e in checked["expiring"] if e["practitioner"] is None]
    assert law["expires"] == "2026-12-31"
    assert "telehealth" in law["what"]


def test_a_name_that_nobody_has_heard_of_is_a_warning(checked: Any) -> None:
    (warning,) = [w for w in checked["warnings"] if w["table"] == "training"]
    assert warning["value"] == "Weekend introduction to KAP"
    assert "that kapteam has not heard of" in warning["message"]
    assert warning["nearest"] == []


def test_who_stands_on_the_telehealth_law_is_a_warning_with_its_last_day(checked: Any) -> None:
    (warning,) = [w for w in checked["warnings"] if w["column"] == "telehealth"]
    assert "marchetti at tele-ny" in warning["message"]
    assert "until 2026-12-31" in warning["message"]


def test_a_privilege_of_a_state_that_is_not_known_to_issue_any_is_a_warning(checked: Any) -> None:
    (warning,) = [w for w in checked["warnings"] if w["table"] == "licenses"]
    assert "Counseling Compact" in warning["message"]


def test_someone_without_a_licence_or_hours_is_a_warning(practice: Path) -> None:
    for table in ("licenses", "hours"):
        path = practice / f"{table}.csv"
        rows = path.read_text(encoding="utf-8").splitlines(keepends=True)
        path.write_text("".join(r for r in rows if not r.startswith("chen,")), encoding="utf-8")
    warnings = run("check", practice, "--on", DAY, "--json").json["warnings"]
    said = [w["message"] for w in warnings if w["value"] == "chen"]
    assert ["no licence row" in said[0], "no hours row" in said[1]] == [True, True]


@pytest.mark.parametrize("kind", ["practice", "practice.xlsx"])
def test_a_warning_names_the_row_as_a_spreadsheet_counts_it(kapteam_says: Ask, kind: str) -> None:
    lines = (Path(PRACTICE) / "training.csv").read_text(encoding="utf-8").splitlines()
    row = next(i for i, line in enumerate(lines, start=1) if "Weekend introduction to KAP" in line)
    warnings = kapteam_says("check", Path(PRACTICE).with_name(kind), "--on", DAY, "--json").json["warnings"]
    (warning,) = [w for w in warnings if w["table"] == "training"]
    assert (warning["row"], bool(warning["source"])) == (row, True)


def test_every_problem_of_the_roster_is_said_at_once(practice: Path) -> None:
    for name, good, bad in (
        ("licenses.csv", "2028-06-30", "06/30/2028"),
        ("hours.csv", "Mon-Wed 09:00-16:00", "Mon-Wed 09:00-16:07"),
        ("practitioners.csv", "2457128983", "2457128984"),
        ("practice.toml", "session_minutes = 180", "session_minute = 180"),
        ("absences.csv", "prado,", "pardo,"),
    ):
        text = (practice / name).read_text(encoding="utf-8")
        assert good in text, name
        (practice / name).write_text(text.replace(good, bad, 1), encoding="utf-8")
    answer = run("check", practice, "--on", DAY, "--json")
    assert answer.status == 1
    told = {(p["source"], p["row"], p["column"]): p["nearest"] for p in answer.valid("check")["errors"]}
    assert told["licenses.csv", 2, "expires"] == ["2028-06-30"]
    assert ("hours.csv", 2, "when") in told
    assert ("practitioners.csv", 2, "npi") in told
    assert told["practice.toml", None, "protocol.session_minute"] == ["session_minutes"]
    assert told["absences.csv", 2, "practitioner"] == ["prado"]


def test_errors_are_the_answer_of_check_so_they_stand_on_standard_output(practice: Path) -> None:
    (practice / "hours.csv").unlink()
    answer = run("check", practice, "--on", DAY)
    assert answer.status == 1
    assert "every roster needs this table" in answer.flat
    assert answer.err == ""


def test_a_missing_table_is_named(practice: Path) -> None:
    (practice / "hours.csv").unlink()
    assert "hours" in run("check", practice, "--on", DAY).out.split("row")[0]


def test_two_hundred_errors_of_one_kind_are_not_two_hundred_lines(practice: Path) -> None:
    training = practice / "training.csv"
    text = training.read_text(encoding="utf-8")
    training.write_text(text.replace(",kap,", ",kpa,").replace(",life_support,", ",lifesupport,"), encoding="utf-8")
    answer = run("check", practice, "--on", DAY)
    assert answer.status == 1
    assert "more like this in training.csv, kind" in answer.flat
    assert len(answer.out.splitlines()) < 40
