"""Real dates, worked out on paper: clocks that change, nights, laws and licences that end, people who are away."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from clinics import AUTUMN, SPRING, document, house, judged, planned, saved, someone
from kapteam.sessions.schedule import Schedule, schedule
from schedule_oracle import best, check
from strategies import SHIPPED, Written

#: Mondays of the weeks in which the clocks of New York go back and forward, each on its Sunday, and of the year's end.
BACK, FORWARD, YEAR_END = AUTUMN, SPRING, date(2026, 12, 28)


def pair(when: str, on: date, place: str = "NY", **protocol: Any) -> Written:
    """Dan prescribes and Ana sits at `north`, at the same hours."""
    written = house({"north": place}, on=on, **{"session_minutes": 180, "dosing_minutes": 60, **protocol})
    someone(written, "dan", "physician", {"north": when}, presence="throughout", roles="prescriber")
    someone(written, "ana", "psychologist", {"north": when}, roles="therapist")
    return written


def asked(written: Written, weeks: int = 1) -> Schedule:
    """The plan, which both checkers find lawful, and no other is better than."""
    found = planned(written, weeks)
    assert found.status == "optimal"
    assert check(written, document(found), written.on, weeks) == []
    assert judged(written, saved(found)).ok
    expected = best(written, written.on, weeks)
    assert (found.objective.value, found.objective.points, found.objective.spread) == expected[:3]
    return found


def told(found: Schedule) -> list[str]:
    return [f"{s.start.isoformat(timespec='minutes')} {s.end.isoformat(timespec='minutes')}" for s in found.sessions]


# --- Clocks -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("on", "sessions"),
    [
        (date(2026, 10, 19), 2),  # six hours
        (BACK, 2),  # seven
        (FORWARD, 1),  # five
        (date(2027, 3, 15), 2),
    ],
)
def test_a_night_is_as_long_as_it_is(on: date, sessions: int) -> None:
    assert len(asked(pair("Sun 00:00-06:00", on)).sessions) == sessions


def test_an_hour_more_is_room_for_a_session_more() -> None:
    when = "Sun 00:00-05:00"  # six hours on that Sunday alone
    assert len(asked(pair(when, BACK)).sessions) == 2
    assert len(asked(pair(when, date(2026, 10, 19))).sessions) == 1


def test_a_session_over_the_change_lasts_its_true_minutes() -> None:
    back = asked(pair("Tue 09:00-12:00; Sun 00:30-02:30", BACK))  # three hours that night, and a typical Tuesday
    assert told(back)[1:] == ["2026-11-01T00:30-04:00 2026-11-01T02:30-05:00"]
    forward = asked(pair("Sun 00:30-04:30", FORWARD))
    assert told(forward) == ["2027-03-14T00:30-05:00 2027-03-14T04:30-04:00"]


def test_a_session_that_fits_that_one_night_alone_fits_no_typical_week() -> None:
    assert asked(pair("Sun 00:30-02:30", BACK)).sessions == ()


def test_an_afternoon_is_told_by_the_new_clock() -> None:
    (one,) = asked(pair("Sun 13:00-18:00", FORWARD)).sessions
    assert one.start.isoformat() == "2027-03-14T13:00:00-04:00"
    assert one.start.utctimetuple()[3:5] == (17, 0)
    (one,) = asked(pair("Sun 13:00-18:00", BACK)).sessions
    assert one.start.utctimetuple()[3:5] == (18, 0)
    late = asked(pair("Sun 15:00-18:00", FORWARD)).sessions[0]
    assert (late.end.isoformat(), late.end.utctimetuple()[3:5]) == ("2027-03-14T18:00:00-04:00", (22, 0))


def test_arizona_changes_no_clock() -> None:
    for on in (BACK, FORWARD):
        assert len(asked(pair("Sun 00:00-06:00", on, "AZ")).sessions) == 2


@pytest.mark.parametrize(("on", "starts"), [(BACK, ["01:00-04:00", "01:00-05:00"]), (FORWARD, [])])
def test_the_hour_that_comes_twice_or_never(on: date, starts: list[str]) -> None:
    when = "Sun 01:00-02:00" if on == BACK else "Sun 02:00-03:00"
    found = asked(pair(when, on, session_minutes=60))
    assert [s.start.isoformat(timespec="minutes")[11:] for s in found.sessions] == starts


def test_sessions_are_told_in_the_order_in_which_they_begin() -> None:
    written = house({"north": "NY"}, on=BACK, rooms={"north": 2})
    when = {"north": "Sun 01:00-02:00"}
    someone(written, "dan", "physician", when, presence="throughout", roles="prescriber", max_concurrent_sessions="2")
    for id in ("ana", "ben"):
        someone(written, id, "psychologist", when)
    found = asked(written)
    assert [s.start.isoformat()[-6:] for s in found.sessions] == ["-04:00", "-04:00", "-05:00", "-05:00"]
    again = planned(written, previous=saved(found))
    assert [s.sequence for s in again.sessions] == [0, 0, 0, 0]
    assert again.cancelled == ()


def test_a_night_goes_on_over_midnight() -> None:
    found = asked(pair("Tue 22:30-24:00; Wed 00:00-01:30", date(2026, 12, 7)))
    assert told(found) == ["2026-12-08T22:30-05:00 2026-12-09T01:30-05:00"]
    sunday = asked(pair("Sun 22:30-24:00; Mon 00:00-01:30", date(2026, 12, 7)))
    assert told(sunday) == ["2026-12-13T22:30-05:00 2026-12-14T01:30-05:00"]


def test_two_zones_meet_at_one_instant() -> None:
    written = house({"east": "NY", "west": "CA"}, on=date(2026, 12, 7), travel_minutes=0)
    someone(written, "dan", "physician", presence="available", roles="prescriber")
    written.add("hours", practitioner="dan", site="west", when="Mon 09:00-10:00")
    someone(written, "ana", "psychologist", {"east": "Mon 09:00-13:00"})
    found = asked(written)
    assert told(found) == ["2026-12-07T12:00-05:00 2026-12-07T13:00-05:00"]


# --- What ends within the week ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("table", "cells", "days"),
    [
        ("licenses", {"expires": "2026-12-09"}, [7, 8, 9]),
        ("licenses", {"issued": "2026-12-09"}, [9, 10, 11]),
        ("registrations", {"expires": "2026-12-08"}, [7, 8]),
        ("coverage", {"effective": "2026-12-11"}, [11]),
        ("hours", {"until": "2026-12-07"}, [7]),
        ("hours", {"from": "2026-12-10"}, [10, 11]),
    ],
)
def test_nobody_works_beyond_their_dates(table: str, cells: dict[str, str], days: list[int]) -> None:
    written = pair("Mon-Fri 09:00-12:00", date(2026, 12, 7))
    written.rows(table, practitioner="dan")[0].update(cells)
    assert [s.start.day for s in asked(written).sessions] == days


def test_a_session_goes_by_the_law_of_the_day_on_which_it_begins() -> None:
    written = pair("Wed 22:30-24:00; Thu 00:00-01:30", date(2026, 12, 7))
    written.rows("licenses", practitioner="dan")[0]["expires"] = "2026-12-09"
    assert len(asked(written).sessions) == 1


def test_hours_that_end_at_midnight_are_no_hours_after_it() -> None:
    written = pair("Wed 22:30-24:00; Thu 00:00-01:30", date(2026, 12, 7))
    written.rows("hours", practitioner="dan")[0]["until"] = "2026-12-09"
    assert asked(written).sessions == ()


@pytest.mark.parametrize(("unknown", "days"), [("exclude", [28, 29, 30, 31]), ("allow", [28, 29, 30, 31, 1, 2, 3])])
def test_when_the_federal_law_on_telehealth_ends_nobody_knows(unknown: str, days: list[int]) -> None:
    """The fourth extension of the federal flexibilities ends with 2026-12-31, by kapteam's own packs."""
    written = pair("Mon-Sun 09:00-12:00", YEAR_END)
    written.tables["sites"][0]["setting"] = "telehealth"
    del written.practice["federal"]
    found = schedule(written.roster(), YEAR_END, unknown=unknown, packs=SHIPPED)
    assert [s.start.day for s in found.sessions] == days


# --- Away ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("start", "end", "starts"),
    [
        ("2026-12-07", "2026-12-07", []),
        ("2026-12-06", "2026-12-08", []),
        ("2026-12-08", "2026-12-09", ["09:00", "10:00", "11:00"]),
        ("2026-12-07T10:00", "2026-12-07T11:00", ["09:00", "11:00"]),
        ("2026-12-07T10:20", "2026-12-07T10:21", ["09:00", "10:30"]),
        ("2026-12-07T09:10", "2026-12-07T10:50", ["11:00"]),
        ("2026-12-07T12:00", "2026-12-07", ["09:00", "10:00", "11:00"]),
        ("2026-12-07", "2026-12-07T10:00", ["10:00", "11:00"]),
    ],
)
def test_an_absence_takes_out_every_quarter_hour_that_it_touches(start: str, end: str, starts: list[str]) -> None:
    written = pair("Mon 09:00-12:00", date(2026, 12, 7), session_minutes=60)
    written.add("absences", practitioner="ana", start=start, end=end)
    assert [f"{s.start:%H:%M}" for s in asked(written).sessions] == starts


def test_an_absence_is_read_on_the_clock_of_each_site() -> None:
    written = house({"east": "NY", "west": "CA"}, on=date(2026, 12, 7), travel_minutes=0)
    hours = {"east": "Mon 09:00-10:00", "west": "Mon 09:00-10:00"}
    someone(written, "dan", "physician", hours, presence="throughout", roles="prescriber")
    someone(written, "ana", "psychologist", hours)
    assert len(asked(written).sessions) == 2
    written.add("absences", practitioner="ana", start="2026-12-07T09:00", end="2026-12-07T10:00")
    assert asked(written).sessions == ()


def test_of_whom_no_presence_is_asked_may_be_away() -> None:
    written = pair("Mon 09:00-12:00", date(2026, 12, 7))
    written.add("absences", practitioner="dan", start="2026-12-07", end="2026-12-07")
    assert asked(written).sessions == ()
    written.rows("coverage", practitioner="dan")[0]["presence"] = "none"
    assert len(asked(written).sessions) == 1


def test_two_weeks_are_two_weeks() -> None:
    written = pair("Mon 09:00-12:00; Wed 09:00-12:00", date(2026, 12, 7))
    written.rows("practitioners", practitioner="ana")[0]["max_sessions_per_week"] = "1"
    found = asked(written, 2)
    assert sorted(s.start.isocalendar().week for s in found.sessions) == [50, 51]
