"""`kapteam repair` as a process."""

from __future__ import annotations

from pathlib import Path

from asking import DAY, PRACTICE, Ask, run


def test_the_whole_frontier_is_a_document(kapteam_says: Ask) -> None:
    document = kapteam_says("repair", PRACTICE, "--on", DAY, "--json").valid("repair")
    steps = document["repair"]
    assert document["teamed"] == 19
    assert document["whole"]
    assert steps[-1]["adds"] == document["most"] > 0
    assert all(s["proven"] and s["dollars"] == sum(r["dollars"] for r in s["remedies"]) for s in steps)


def test_a_manager_reads_the_answer_first_and_then_what_to_do(kapteam_says: Ask) -> None:
    said = kapteam_says("repair", PRACTICE, "--on", DAY, "--budget", "500", "--by", "2027-01-30")
    assert said.status == 0
    assert said.out.startswith("19 therapists teamed as it is. 4 more are teamed for no money, in 14 days, and nothing")
    assert "within $500 by 2027-01-30" in " ".join(said.out.split())
    assert "Dr. Tomás Ruiz: Ridgeline Casualty confirms that the policy covers KAP" in said.out


def test_the_roster_as_it_would_be_teams_as_many_as_was_promised(kapteam_says: Ask, tmp_path: Path) -> None:
    written = tmp_path / "mended.xlsx"
    asked = ("repair", PRACTICE, "--on", DAY, "--budget", "400", "--write", written, "--json")
    document = run(*asked).valid("repair")
    (*_, last) = document["repair"]
    teamed = kapteam_says("match", written, "--on", DAY, "--json").json["objective"]["teamed"]
    assert teamed == document["teamed"] + last["adds"]
    assert (refused := run(*asked)).status == 2
    assert "is there already" in refused.err


def test_what_ends_meanwhile_is_named(kapteam_says: Ask) -> None:
    said = kapteam_says("repair", PRACTICE, "--on", DAY)
    assert "Taken to be renewed" in said.out
    assert "Kwame Osei (osei): NY licence (professional counselor)" in " ".join(said.out.split())


def test_wrong_options_are_told(kapteam_says: Ask) -> None:
    assert kapteam_says("repair", PRACTICE, "--budget", "-1").status == 2
    early = kapteam_says("repair", PRACTICE, "--on", DAY, "--by", "2020-01-01")
    assert (early.status, "by is a date, not before" in early.err) == (2, True)


def test_sessions_are_promised_as_the_schedule_of_the_changed_roster_has_them(
    kapteam_says: Ask, tmp_path: Path
) -> None:
    written = tmp_path / "mended.xlsx"
    asked = ("repair", PRACTICE, "--on", DAY, "--for", "sessions", "--week", DAY, "--write", written, "--json")
    document = run(*asked).valid("repair")
    (*_, last) = document["repair"]
    assert (document["for"], document["weeks"], last["proven"]) == ("sessions", 1, True)
    value = kapteam_says("schedule", written, "--week", DAY, "--json").json["objective"]["value"]
    assert value == document["value"] + last["adds"]


def test_a_manager_reads_what_more_sessions_take(kapteam_says: Ask) -> None:
    said = " ".join(kapteam_says("repair", PRACTICE, "--on", DAY, "--for", "sessions", "--budget", "0").out.split())
    assert said.startswith(f"The best sessions of the week from {DAY} have a value of 61 as it is. 7 more is added")
    assert "more value dollars days things to do" in said
    assert "Value counts each session by the priority of the demand that it serves." in said
    wrong = kapteam_says("repair", PRACTICE, "--week", DAY)
    assert (wrong.status, "--week and --weeks are for --for sessions" in wrong.err) == (2, True)
