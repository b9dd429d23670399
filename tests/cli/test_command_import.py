"""`kapteam import ical` as a process: what is left out, and what is not written over."""

from __future__ import annotations

from pathlib import Path

from asking import DAY, PRACTICE, Ask, run

CALENDAR = """BEGIN:VCALENDAR
VERSION:2.0
PRODID:-//somebody//EN
BEGIN:VEVENT
UID:dentist
DTSTART:20261208T140000Z
DTEND:20261208T150000Z
END:VEVENT
END:VCALENDAR
"""


def test_a_roster_that_is_there_is_not_written_over_without_a_word(tmp_path: Path) -> None:
    calendar, roster = tmp_path / "own.ics", tmp_path / "practice"
    calendar.write_text(CALENDAR, encoding="utf-8")
    asked = ("import", "ical", calendar, "--as", "prado", "--roster", PRACTICE, "--from", DAY, "-o", roster)
    assert run(*asked).status == 0
    before = {path.name: path.read_bytes() for path in roster.iterdir()}
    refused = run(*asked)
    assert (refused.status, "is there already" in refused.err) == (2, True)
    assert {path.name: path.read_bytes() for path in roster.iterdir()} == before
    assert run(*asked, "--force").status == 0


def test_a_plan_s_own_sessions_keep_nobody_from_the_next_plan(kapteam_says: Ask, tmp_path: Path) -> None:
    folder = tmp_path / "calendars"
    assert kapteam_says("schedule", PRACTICE, "--week", DAY, "--ics", folder, "--ics-per", "practitioner").status == 0
    own = (folder / "prado.ics").read_text(encoding="utf-8")
    assert "BEGIN:VEVENT" in own
    more = CALENDAR[CALENDAR.index("BEGIN:VEVENT") : CALENDAR.index("END:VCALENDAR")]
    both = tmp_path / "both.ics"
    both.write_text(
        own.replace("END:VCALENDAR", more.replace("\n", "\r\n") + "END:VCALENDAR"), encoding="utf-8", newline=""
    )
    told = kapteam_says("import", "ical", both, "--as", "prado", "--roster", PRACTICE, "--from", DAY, "--json").json
    assert [a["start"] for a in told["absences"]] == ["2026-12-08T09:00"]
