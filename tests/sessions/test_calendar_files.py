"""A plan in people's calendars: read in again and again, they show what the plan says, each session once."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import icalendar
import pytest

from clinics import document, house, morning, planned, saved, someone
from kapteam.io.ical import calendar_text
from kapteam.sessions.schedule import Schedule
from kapteam.show.events import events, per
from strategies import Written

NEW_YORK = ZoneInfo("America/New_York")
STAMP = datetime(2026, 12, 1, tzinfo=UTC)
#: Of a session: when it begins and ends, and where.
Entry = tuple[datetime, datetime, str]


class Kept:
    """A calendar that imports files as RFC 5546 has it: a name is one entry, and no lower number is listened to."""

    def __init__(self) -> None:
        self.known: dict[str, tuple[int, str, Entry]] = {}

    def read(self, text: bytes) -> None:
        for event in icalendar.Calendar.from_ical(text).walk("VEVENT"):
            number, name = int(event["SEQUENCE"]), str(event["UID"])
            if number >= self.known.get(name, (0,))[0]:
                begin, end = (event[key].dt.astimezone(UTC) for key in ("DTSTART", "DTEND"))
                self.known[name] = number, str(event["STATUS"]), (begin, end, str(event["SUMMARY"]))

    @property
    def shows(self) -> list[Entry]:
        return sorted(entry for _, status, entry in self.known.values() if status == "CONFIRMED")


def told(plan: Schedule, person: str | None = None) -> list[Entry]:
    """What a calendar should show."""
    return sorted(
        (s.start.astimezone(UTC), s.end.astimezone(UTC), f"KAP session: {s.site}")
        for s in plan.sessions
        if person is None or person in s.people
    )


def weeks() -> list[Written]:
    """A morning; then Ben is away, then back; then everybody comes two hours later, and at last nobody."""
    usual = morning()
    away = usual.copy()
    away.add("absences", practitioner="ben", start=usual.on.isoformat(), end=usual.on.isoformat())
    later = usual.copy()
    for row in later.tables["hours"]:
        begin, end = row["when"].split()[1].split("-")
        row["when"] = f"Mon {int(begin[:2]) + 2:02}:00-{int(end[:2]) + 2:02}:00"
    nobody = usual.copy()
    nobody.add("absences", practitioner="dan", start=usual.on.isoformat(), end=usual.on.isoformat())
    return [usual, away, away, later, nobody]


def test_calendars_follow_the_plan() -> None:
    everyone, of = Kept(), {id: Kept() for id in ("dan", "ana", "ben", "mia")}
    before = None
    for written in weeks():
        plan = planned(written, previous=before)
        everyone.read(calendar_text(events(plan), "all", STAMP))
        for id, theirs in per(plan, "practitioner").items():
            of[id].read(calendar_text(theirs, id, STAMP))
        assert everyone.shows == told(plan)
        for id, calendar in of.items():
            assert calendar.shows == told(plan, id), id
        before = saved(plan)
    assert everyone.shows == []


def test_two_peoples_files_share_the_name_of_a_session() -> None:
    plan = planned(morning())
    files = per(plan, "practitioner")
    assert {e.uid for e in files["dan"]} == {e.uid for e in files["ana"]} | {e.uid for e in files["ben"]}
    assert {e.uid for e in per(plan, "site")["north"]} == {e.uid for e in events(plan)}


def test_a_cancelled_session_is_told_by_the_sites_clock() -> None:
    written = morning()
    plan = planned(written, previous=saved(planned(written)), cancel=[("dan", written.on)])
    gone = events(plan)
    assert gone
    assert {e.cancelled for e in gone} == {True}
    assert {e.start.tzinfo for e in gone} == {NEW_YORK}
    assert {e.start.astimezone(UTC) for e in gone} == {s.start.astimezone(UTC) for s in planned(written).sessions}


@pytest.mark.parametrize(("monday", "until"), [(date(2026, 10, 26), "01:30"), (date(2027, 3, 8), "03:30")])
def test_dosing_ends_after_its_true_minutes(monday: date, until: str) -> None:
    written = house({"north": "NY"}, on=monday, session_minutes=180, dosing_minutes=120)
    when = {"north": "Sun 00:30-06:30; Tue 09:00-12:00"}
    someone(written, "dan", "physician", when, presence="throughout", roles="prescriber")
    someone(written, "ana", "psychologist", when)
    night = next(e for e in events(planned(written)) if e.start.weekday() == 6)
    assert f"{night.start:%H:%M}" == "00:30"
    assert night.description.splitlines()[-1] == f"Dosing until {until}"


def test_the_second_of_two_like_hours_is_read_back() -> None:
    """From 01:00 to 02:00 in the night in which the clocks go back: two sessions, an hour apart."""
    written = house({"north": "NY"}, on=date(2026, 10, 26))
    someone(written, "dan", "physician", {"north": "Sun 01:00-02:00"}, presence="throughout", roles="prescriber")
    someone(written, "ana", "psychologist", {"north": "Sun 01:00-02:00"})
    plan = planned(written)
    assert [s["start"][-6:] for s in document(plan)["sessions"]] == ["-04:00", "-05:00"]
    calendar = Kept()
    calendar.read(calendar_text(events(plan), "all", STAMP))
    assert calendar.shows == told(plan)
    assert calendar.shows[1][0] - calendar.shows[0][0] == timedelta(hours=1)
