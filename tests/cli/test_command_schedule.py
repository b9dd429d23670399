"""`kapteam schedule` as a process: the plan, its files, what stays of another plan, and bad input."""

from __future__ import annotations

import csv
import json
import shutil
import unicodedata
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
    # As if another program had planned them: kapteam's own sessions keep nobody from its next plan.
    calendar.write_text(calendar.read_text(encoding="utf-8").replace("@kapteam", "@another"), encoding="utf-8")
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
        (("--keep", "hudson@"), "SITE@START"),
        (("--keep", "@2026-12-08T09:00"), "SITE@START"),
        (("--cancel", "@2026-12-08"), "PERSON@DATE"),
        (("--time-limit", "nan"), "no number of seconds"),
        (("--week", "9999-12-27"), "no calendar"),
        (("--week", "0001-01-01"), "no calendar"),
        (("--csv", "/nowhere/week.csv"), "cannot write '/nowhere/week.csv': No such file or directory"),
        (("-o", "/nowhere/week.json"), "cannot write '/nowhere/week.json': No such file or directory"),
        (("--ics", "/nowhere/week.ics"), "cannot write '/nowhere/week.ics': No such file or directory"),
        (("-o", "/"), "is a directory"),
        (("--ics", f"{PRACTICE}/hours.csv/each", "--ics-per", "site"), "Not a directory"),
        (("--csv", f"{PRACTICE}/hours.csv"), "would be overwritten"),
        (("--ics", f"{PRACTICE}/practice.toml"), "would be overwritten"),
        (("-o", f"{PRACTICE}/../practice/demand.csv"), "would be overwritten"),
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


# --- A plan that is none, files that cannot be written, what is unknown --------------------------------------


@pytest.fixture(scope="module")
def no_plan(tmp_path_factory: pytest.TempPathFactory, plan_file: Path) -> Path:
    """A plan in which what was to be kept breaks a rule."""
    folder = tmp_path_factory.mktemp("none")
    document = json.loads(plan_file.read_text(encoding="utf-8"))
    document["sessions"][0]["therapists"] = ["thorne"]
    (folder / "kept.json").write_text(json.dumps(document), encoding="utf-8")
    answer = run(
        "schedule", PRACTICE, *WEEK, "--keep", folder / "kept.json", "--ics", folder / "week.ics",
        "--csv", folder / "week.csv", "--json",
    )  # fmt: skip
    assert answer.status == 1
    (folder / "none.json").write_text(answer.out, encoding="utf-8")
    return folder


def test_a_plan_that_is_none_proves_nothing_and_writes_no_files(no_plan: Path) -> None:
    document = json.loads((no_plan / "none.json").read_text(encoding="utf-8"))
    assert (document["status"], document["proven"]) == ("infeasible", [])
    assert sorted(file.name for file in no_plan.iterdir()) == ["kept.json", "none.json"]


@pytest.mark.parametrize("option", ["--previous", "--keep"])
def test_a_plan_that_is_none_is_not_planned_on(kapteam_says: Ask, no_plan: Path, option: str) -> None:
    answer = kapteam_says("schedule", PRACTICE, *WEEK, option, no_plan / "none.json")
    assert answer.status == 2
    assert f"{option} takes a plan, and this is none" in " ".join(answer.err.split())


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no such device here")
def test_the_answer_is_given_whatever_becomes_of_the_files(tmp_path: Path) -> None:
    answer = run("schedule", PRACTICE, *WEEK, "--csv", "/dev/full", "--ics", tmp_path / "week.ics", "--json")
    assert answer.status == 2
    assert "cannot write '/dev/full'" in answer.err
    assert json.loads(answer.out)["status"] == "optimal"
    assert (tmp_path / "week.ics").exists()


def test_what_a_session_rests_on_that_is_unknown_is_told(kapteam_says: Ask, tmp_path: Path) -> None:
    asked = ("schedule", PRACTICE, *WEEK, "--unknown", "allow")
    document = kapteam_says(*asked, "--json").valid("schedule")
    open_ones = [s for s in document["sessions"] if s["to_verify"]]
    assert open_ones
    assert all(s["to_verify"] == sorted(s["to_verify"]) for s in open_ones)
    said = kapteam_says(*asked)
    assert f"To verify first (?): {len(open_ones)} sessions" in said.flat
    assert "does the policy cover KAP?" in said.flat
    saved = tmp_path / "open.json"
    saved.write_text(json.dumps(document), encoding="utf-8")
    verified = kapteam_says("verify", PRACTICE, saved, "--json").valid("verify")
    assert verified["ok"]
    assert {fact["rule"] for fact in verified["to_verify"]} == {rule for s in open_ones for rule in s["to_verify"]}
    assert f"It rests on {len(verified['to_verify'])} unknown facts." in kapteam_says("verify", PRACTICE, saved).flat
    open_ones[0]["to_verify"] = []
    saved.write_text(json.dumps(document), encoding="utf-8")
    violations = run("verify", PRACTICE, saved, "--json").valid("verify")["violations"]
    assert [v["rule"] for v in violations] == ["to_verify"]


# --- Plans of other weeks, and messages ----------------------------------------------------------------------


def test_the_weeks_are_those_of_the_previous_plan(kapteam_says: Ask, tmp_path: Path) -> None:
    two = tmp_path / "two.json"
    two.write_text(kapteam_says("schedule", PRACTICE, *WEEK, "--weeks", "2", "--json").out, encoding="utf-8")
    for words, weeks in (((), (DAY, 2)), (("--week", DAY), (DAY, 2)), (("--week", "2026-12-14"), ("2026-12-14", 1)),
                         (("--weeks", "1"), (DAY, 1)), (("--week", "2026-12-28"), ("2026-12-28", 1))):  # fmt: skip
        document = kapteam_says("schedule", PRACTICE, "--previous", two, *words, "--json").json
        assert (document["week"], document["weeks"]) == weeks, words
        assert document["objective"]["changes"] == 0 or words == ("--week", "2026-12-28")


@pytest.mark.parametrize(
    ("cancel", "said"),
    [
        ("prado@2026-12-20", "not in the weeks planned, 2026-12-07 to 2026-12-13"),
        ("prado@2027-12-08", "not in the weeks planned"),
        ("prado@2026-12-13", "in no session of the previous plan that day; they are in some on 2026-12-07, 2026-12-08"),
        ("stokes@2026-12-13", "in no session"),
    ],
)
def test_a_cancellation_that_touches_nothing_is_refused(
    kapteam_says: Ask, plan_file: Path, cancel: str, said: str
) -> None:
    answer = kapteam_says("schedule", PRACTICE, "--previous", plan_file, "--cancel", cancel)
    assert answer.status == 2
    assert f"--cancel {cancel}" in " ".join(answer.err.split())
    assert said in " ".join(answer.err.split())


def test_no_plan_of_sessions_is_told_in_plain_words(plan_file: Path, tmp_path: Path) -> None:
    document = json.loads(plan_file.read_text(encoding="utf-8"))
    for session in document["sessions"]:
        session["start"] = session["start"][:19]
    for text, said in (
        (
            run("match", PRACTICE, "--on", DAY, "--json").out,
            "no plan of `kapteam schedule --json`, but one of teams, of `kapteam match`",
        ),
        ("null", "expected an object of JSON, not null"),
        ('{"sessions": null}', "expected a list @ plan.sessions"),
        (json.dumps(document), f"@ plan.sessions[0].start (and {len(document['sessions']) - 1} more like it)"),
    ):
        (tmp_path / "other.json").write_text(text, encoding="utf-8")
        answer = run("schedule", PRACTICE, *WEEK, "--previous", tmp_path / "other.json")
        assert answer.status == 2
        assert "other.json" in " ".join(answer.err.split())
        assert said in " ".join(answer.err.split())


def test_ids_are_found_however_their_letters_are_composed(tmp_path: Path) -> None:
    folder = tmp_path / "practice"
    shutil.copytree(PRACTICE, folder)
    for file in folder.glob("*.csv"):
        file.write_text(file.read_text(encoding="utf-8").replace("prado", "prad\u00f3"), encoding="utf-8")
    apart = unicodedata.normalize("NFD", "prad\u00f3")
    assert apart != "prad\u00f3"
    plan = tmp_path / "plan.json"
    plan.write_text(run("schedule", folder, *WEEK, "--json").out, encoding="utf-8")
    assert run("schedule", folder, "--previous", plan, "--cancel", f"{apart}@2026-12-08", "--json").status == 0
    assert run("explain", folder, apart, "--on", DAY).status == 0
    assert run("match", folder, "--on", DAY, "--keep", f"{apart},lindqvist", "--json").status == 0


def test_what_begins_and_ends_is_told_and_a_clock_that_changes_is_not(kapteam_says: Ask) -> None:
    assert (
        "policy with Fernwood Guild as therapist until 2026-12-20"
        in kapteam_says("schedule", PRACTICE, *WEEK, "--weeks", "3").flat
    )
    said = kapteam_says("schedule", PRACTICE, "--week", "2027-03-08")  # the clocks go forward on its Sunday
    assert said.flat.partition("Not legal advice.")[2] == " Each day judged by its own law."
