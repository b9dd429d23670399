"""Calendars: what is written reads back at the same instants; nobody is away for less time than their own says."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import icalendar
import pytest
import recurring_ical_events
from dateutil import rrule
from hypothesis import given
from hypothesis import strategies as st

from kapteam.io.ical import MAX_DAYS, Event, busy_times, calendar_text, write_calendar
from kapteam.records.people import Absence
from kapteam.records.problems import UsageError

NEW_YORK, DENVER, PHOENIX = (ZoneInfo(f"America/{city}") for city in ("New_York", "Denver", "Phoenix"))
#: Of a zone, as parameters have it.
NY = "TZID=America/New_York"
#: Mondays: of an ordinary week, and of those at whose end New York's clocks go back and forward.
PLAIN, BACK, FORWARD = date(2026, 12, 7), date(2026, 10, 26), date(2027, 3, 8)
STAMP = datetime(2026, 12, 1, 12, tzinfo=UTC)

Read = Callable[..., list[str]]


def event(*lines: str, uid: str = "one@test") -> str:
    return "\r\n".join(["BEGIN:VEVENT", f"UID:{uid}", "DTSTAMP:20260101T000000Z", *lines, "END:VEVENT", ""])


def calendar(*parts: str) -> str:
    return "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:test\r\n" + "".join(parts) + "END:VCALENDAR\r\n"


def described(name: str, winter: str, summer: str) -> str:
    """A time zone with the rules of the United States, as Outlook writes it."""

    def part(kind: str, offsets: tuple[str, str], rule: str) -> str:
        lines = [f"BEGIN:{kind}", "DTSTART:16010101T020000", f"TZOFFSETFROM:{offsets[0]}", f"TZOFFSETTO:{offsets[1]}"]
        return "\r\n".join([*lines, f"RRULE:FREQ=YEARLY;{rule}", f"END:{kind}", ""])

    autumn, spring = "BYDAY=1SU;BYMONTH=11", "BYDAY=2SU;BYMONTH=3"
    parts = part("STANDARD", (summer, winter), autumn) + part("DAYLIGHT", (winter, summer), spring)
    return f"BEGIN:VTIMEZONE\r\nTZID:{name}\r\n{parts}END:VTIMEZONE\r\n"


def shown(absences: Iterable[Absence]) -> list[str]:
    def one(moment: date) -> str:
        return moment.isoformat(timespec="minutes") if isinstance(moment, datetime) else moment.isoformat()

    return [f"{one(a.start)} {one(a.end)}" for a in absences]


@pytest.fixture
def read(tmp_path: Path) -> Read:
    """The absences of somebody at New York, unless it is said otherwise, as text."""

    def asked(
        text: str | bytes, first: date = PLAIN, days: int = 7, zones: Sequence[str] = ("America/New_York",)
    ) -> list[str]:
        file = tmp_path / "busy.ics"
        file.write_bytes(text if isinstance(text, bytes) else text.encode())
        absences = busy_times(file, "ana", zones, first, days)
        assert {a.practitioner for a in absences} <= {"ana"}
        return shown(absences)

    return asked


# --- One event ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        (("DTSTART:20261208T140000Z", "DTEND:20261208T150000Z"), ["2026-12-08T09:00 2026-12-08T10:00"]),
        ((f"DTSTART;{NY}:20261208T090000", f"DTEND;{NY}:20261208T100000"), ["2026-12-08T09:00 2026-12-08T10:00"]),
        (("DTSTART;TZID=America/Denver:20261208T090000", "DURATION:PT90M"), ["2026-12-08T11:00 2026-12-08T12:30"]),
        (("DTSTART:20261208T090000", "DTEND:20261208T100000"), ["2026-12-08T09:00 2026-12-08T10:00"]),
        (("DTSTART:20261208T090000", "DURATION:P1DT1H"), ["2026-12-08T09:00 2026-12-09T10:00"]),
        ((f"DTSTART;{NY}:20261208T090000", "DTEND;TZID=America/Denver:20261208T090000"),
         ["2026-12-08T09:00 2026-12-08T11:00"]),
        (("DTSTART;VALUE=DATE:20261208", "DTEND;VALUE=DATE:20261209"), ["2026-12-08 2026-12-08"]),
        (("DTSTART;VALUE=DATE:20261208", "DTEND;VALUE=DATE:20261211"), ["2026-12-08 2026-12-10"]),
        (("DTSTART;VALUE=DATE:20261208",), ["2026-12-08 2026-12-08"]),
        (("DTSTART;VALUE=DATE:20261208", "DTEND;VALUE=DATE:20261208"), ["2026-12-08 2026-12-08"]),
        (("DTSTART;VALUE=DATE:20261208", "DURATION:P2D"), ["2026-12-08 2026-12-09"]),
        (("DTSTART;VALUE=DATE:20261208", "DURATION:PT36H"), ["2026-12-08T00:00 2026-12-09T12:00"]),
        (("DTSTART;VALUE=DATE:20261208", f"DTEND;{NY}:20261208T120000"), ["2026-12-08T00:00 2026-12-08T12:00"]),
        ((f"DTSTART;{NY}:20261208T120000", "DTEND;VALUE=DATE:20261209"), ["2026-12-08T12:00 2026-12-09T00:00"]),
        (("DTSTART:20261208T140000Z",), []),
        (("DTSTART:20261208T140000Z", "DTEND:20261208T140000Z"), []),
    ],
)  # fmt: skip
def test_an_event_takes_the_time_that_it_says(read: Read, lines: tuple[str, ...], expected: list[str]) -> None:
    assert read(calendar(event(*lines))) == expected


@pytest.mark.parametrize(
    ("said", "busy"),
    [("STATUS:CANCELLED", False), ("TRANSP:TRANSPARENT", False), ("STATUS:TENTATIVE", True), ("TRANSP:OPAQUE", True)],
)
def test_what_is_cancelled_or_free_keeps_nobody(read: Read, said: str, busy: bool) -> None:
    text = calendar(event("DTSTART:20261208T140000Z", "DTEND:20261208T150000Z", said))
    assert bool(read(text)) is busy
    assert bool(read(text.replace(said, said.lower()))) is busy


def test_what_lasts_into_the_first_day_is_read_whole(read: Read) -> None:
    trip = calendar(event("DTSTART:20261201T120000Z", "DTEND:20261207T150000Z"))
    assert read(trip) == ["2026-12-01T07:00 2026-12-07T10:00"]
    assert read(trip, date(2026, 12, 8)) == []
    assert read(calendar(event("DTSTART;VALUE=DATE:20261130", "DTEND;VALUE=DATE:20261208"))) == [
        "2026-11-30 2026-12-07"
    ]


def test_days_are_those_of_the_practitioners_clock(read: Read) -> None:
    """Ten in the evening at New York is three in the morning of the next day in UTC."""
    text = calendar(event("DTSTART:20261208T030000Z", "DTEND:20261208T040000Z"))
    assert read(text, days=1) == ["2026-12-07T22:00 2026-12-07T23:00"]
    assert read(text, date(2026, 12, 8), days=1) == []


def test_what_never_ends_ends_some_time_after(read: Read) -> None:
    (told,) = read(calendar(event("DTSTART:20261201T120000Z", "DTEND:99991231T235959Z")))
    assert told.startswith("2026-12-01T07:00 2028-")
    (told,) = read(calendar(event("DTSTART;VALUE=DATE:20261201", "DTEND;VALUE=DATE:99991231")))
    assert told.startswith("2026-12-01 2028-")


def test_times_that_touch_are_one(read: Read) -> None:
    hours = [event(f"DTSTART:20261208T{h}0000Z", "DURATION:PT1H", uid=f"{h}@test") for h in (14, 15, 17)]
    days = [event(f"DTSTART;VALUE=DATE:202612{d:02}", uid=f"{d}d@test") for d in (9, 10, 12)]
    assert read(calendar(*hours, *days)) == [
        "2026-12-08T09:00 2026-12-08T11:00",
        "2026-12-08T12:00 2026-12-08T13:00",
        "2026-12-09 2026-12-10",
        "2026-12-12 2026-12-12",
    ]


def test_events_that_bear_one_name_by_mistake_are_all_meant(read: Read) -> None:
    events = [event(f"DTSTART:2026120{d}T140000Z", "DURATION:PT1H", uid="") for d in (8, 9)]
    assert len(read(calendar(*events))) == 2
    assert len(read(calendar(*(e.replace("UID:", "UID:0") for e in events)))) == 2


def test_of_one_name_the_newest_is_meant(read: Read) -> None:
    events = [event(f"DTSTART:2026120{d}T140000Z", "DURATION:PT1H", f"SEQUENCE:{10 - d}") for d in (8, 9)]
    assert read(calendar(*events)) == ["2026-12-08T09:00 2026-12-08T10:00"]


# --- Again and again ----------------------------------------------------------------------------------------


def starts(told: Iterable[str]) -> list[str]:
    return [one[5:16] for one in told]


@pytest.mark.parametrize(
    ("rule", "expected"),
    [
        ("RRULE:FREQ=DAILY;COUNT=2", ["12-08T09:00", "12-09T09:00"]),
        ("RRULE:FREQ=DAILY", [f"12-{d:02}T09:00" for d in range(8, 14)]),
        ("RRULE:FREQ=WEEKLY;BYDAY=TU,TH", ["12-08T09:00", "12-10T09:00"]),
        ("RRULE:FREQ=DAILY;INTERVAL=3", ["12-08T09:00", "12-11T09:00"]),
        ("RRULE:FREQ=DAILY;UNTIL=20261209T140000Z", ["12-08T09:00", "12-09T09:00"]),
        ("RRULE:FREQ=DAILY;UNTIL=20261209T135959Z", ["12-08T09:00"]),
        ("RRULE:FREQ=DAILY;UNTIL=20261209T090000", ["12-08T09:00", "12-09T09:00"]),
        ("RRULE:FREQ=DAILY;UNTIL=20261209", ["12-08T09:00", "12-09T09:00"]),
        (f"RRULE:FREQ=DAILY;COUNT=3\r\nEXDATE;{NY}:20261209T090000", ["12-08T09:00", "12-10T09:00"]),
        ("RRULE:FREQ=DAILY;COUNT=3\r\nEXDATE:20261209T140000Z", ["12-08T09:00", "12-10T09:00"]),
        ("RRULE:FREQ=DAILY;COUNT=3\r\nEXDATE;VALUE=DATE:20261209", ["12-08T09:00", "12-10T09:00"]),
        (f"RRULE:FREQ=DAILY;BYHOUR=9,14;COUNT=2\r\nEXDATE;{NY}:20261208T090000", ["12-08T14:00"]),
        (f"RDATE;{NY}:20261210T130000,20261211T090000", ["12-08T09:00", "12-10T13:00", "12-11T09:00"]),
        ("RDATE;VALUE=PERIOD:20261210T140000Z/PT3H", ["12-08T09:00", "12-10T09:00"]),
        ("RDATE;VALUE=PERIOD:20261210T140000Z/20261210T170000Z", ["12-08T09:00", "12-10T09:00"]),
        ("RRULE:FREQ=DAILY;COUNT=2\r\nSTATUS:CANCELLED", []),
    ],
)  # fmt: skip
def test_a_rule_says_when_it_happens_again(read: Read, rule: str, expected: list[str]) -> None:
    text = calendar(event(f"DTSTART;{NY}:20261208T090000", f"DTEND;{NY}:20261208T100000", rule))
    assert starts(read(text)) == expected


def test_floating_and_all_day_rules(read: Read) -> None:
    floating = event("DTSTART:20261208T090000", "DTEND:20261208T100000", "RRULE:FREQ=DAILY;UNTIL=20261209")
    assert starts(read(calendar(floating))) == ["12-08T09:00", "12-09T09:00"]
    free_fridays = event("DTSTART;VALUE=DATE:20261204", "RRULE:FREQ=WEEKLY;UNTIL=20261219T045959Z")
    assert read(calendar(free_fridays), days=30) == [f"{d} {d}" for d in ("2026-12-11", "2026-12-18")]
    on_leave = event("DTSTART;VALUE=DATE:20261201", "RRULE:FREQ=DAILY", "EXDATE;VALUE=DATE:20261209")
    assert read(calendar(on_leave), days=4)[1:] == ["2026-12-10 2026-12-10"]


def test_a_meeting_of_many_years_is_still_held(read: Read) -> None:
    old = event(f"DTSTART;{NY}:19980105T090000", f"DTEND;{NY}:19980105T100000", "RRULE:FREQ=WEEKLY;BYDAY=MO")
    assert read(calendar(old)) == ["2026-12-07T09:00 2026-12-07T10:00"]
    long = event("DTSTART:20260105T140000Z", "DURATION:P30D", "RRULE:FREQ=MONTHLY")
    assert read(calendar(long), days=1) == ["2026-12-05T09:00 2027-01-04T09:00"]


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ((f"DTSTART;{NY}:20261209T130000", "DURATION:PT1H"), ["12-08T09:00", "12-09T13:00", "12-10T09:00"]),
        ((f"DTSTART;{NY}:20261211T130000", "DURATION:PT5M"), ["12-08T09:00", "12-10T09:00", "12-11T13:00"]),
        (("STATUS:CANCELLED",), ["12-08T09:00", "12-10T09:00"]),
        (("TRANSP:TRANSPARENT", f"DTSTART;{NY}:20261209T090000"), ["12-08T09:00", "12-10T09:00"]),
    ],
)  # fmt: skip
@pytest.mark.parametrize("which", [f"RECURRENCE-ID;{NY}:20261209T090000", "RECURRENCE-ID:20261209T140000Z"])
def test_one_of_them_may_be_changed(read: Read, which: str, change: tuple[str, ...], expected: list[str]) -> None:
    usual = event(f"DTSTART;{NY}:20261208T090000", f"DTEND;{NY}:20261208T100000", "RRULE:FREQ=DAILY;COUNT=3")
    assert starts(read(calendar(usual, event(which, *change)))) == expected
    assert starts(read(calendar(event(which, *change), usual))) == expected


def test_a_change_may_hold_for_all_that_follow(read: Read) -> None:
    usual = event(f"DTSTART;{NY}:20261208T090000", f"DTEND;{NY}:20261208T100000", "RRULE:FREQ=DAILY;COUNT=4")
    which = f"RECURRENCE-ID;RANGE=THISANDFUTURE;{NY}:20261210T090000"
    later = event(which, f"DTSTART;{NY}:20261210T110000", f"DTEND;{NY}:20261210T123000")
    assert read(calendar(usual, later))[2:] == [
        "2026-12-10T11:00 2026-12-10T12:30",
        "2026-12-11T11:00 2026-12-11T12:30",
    ]
    assert starts(read(calendar(usual, event(which, "STATUS:CANCELLED")))) == ["12-08T09:00", "12-09T09:00"]


def test_a_change_alone_is_an_event(read: Read) -> None:
    """Whoever is asked to one meeting of a series is sent no more than that."""
    text = event(f"RECURRENCE-ID;{NY}:20261209T090000", f"DTSTART;{NY}:20261209T090000", "DURATION:PT1H")
    assert read(calendar(text)) == ["2026-12-09T09:00 2026-12-09T10:00"]


# --- Zones --------------------------------------------------------------------------------------------------


def at_nine(name: str) -> str:
    return event(f"DTSTART;TZID={name}:20261208T090000", f"DTEND;TZID={name}:20261208T100000")


def test_a_zone_may_have_outlooks_name_or_a_description(read: Read) -> None:
    mine, theirs = "Customized Time Zone", "Mountain Standard Time"
    assert starts(read(calendar(at_nine(theirs)))) == ["12-08T11:00"]
    assert starts(read(calendar(described(theirs, "-0700", "-0600"), at_nine(theirs)))) == ["12-08T11:00"]
    assert starts(read(calendar(described(mine, "-0700", "-0600"), at_nine(mine)))) == ["12-08T11:00"]
    assert starts(read(calendar(at_nine(mine), described(mine, "-0700", "-0600")))) == ["12-08T11:00"]
    assert starts(read(calendar(at_nine(f'"{mine}"'), described(mine, "-0600", "-0500")))) == ["12-08T10:00"]
    assert starts(read(calendar(at_nine("/vendor.example/America/Denver")))) == ["12-08T11:00"]


def test_two_calendars_may_describe_one_name_each(read: Read) -> None:
    east = calendar(described("Mine", "-0500", "-0400"), at_nine("Mine"))
    west = calendar(described("Mine", "-0800", "-0700"), at_nine("Mine"))
    assert starts(read(east + west)) == ["12-08T09:00", "12-08T12:00"]


def test_a_zone_that_nobody_knows_is_told(read: Read) -> None:
    with pytest.raises(UsageError, match="time zone 'Nowhere' is neither well-known nor described"):
        read(calendar(at_nine("Nowhere")))


def test_each_of_two_sites_clocks_shows_it(read: Read) -> None:
    zones = ("America/Denver", "America/New_York")
    assert read(calendar(event("DTSTART:20261208T140000Z", "DURATION:PT1H")), zones=zones) == [
        "2026-12-08T07:00 2026-12-08T08:00",
        "2026-12-08T09:00 2026-12-08T10:00",
    ]
    assert read(calendar(event("DTSTART:20261208T140000Z", "DURATION:PT2H")), zones=zones) == [
        "2026-12-08T07:00 2026-12-08T11:00"
    ]
    assert read(calendar(event("DTSTART:20261208T140000", "DURATION:PT1H")), zones=zones) == [
        "2026-12-08T14:00 2026-12-08T15:00"
    ]


# --- When clocks change -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        # An hour that is told twice: 05:30Z is the first 01:30, 06:15Z the second 01:15.
        (("DTSTART:20261101T053000Z", "DTEND:20261101T061500Z"), ["01:00-01:15", "01:30-02:00"]),
        (("DTSTART:20261101T050000Z", "DTEND:20261101T060000Z"), ["01:00-02:00"]),
        (("DTSTART:20261101T060000Z", "DTEND:20261101T063000Z"), ["01:00-01:30"]),
        ((f"DTSTART;{NY}:20261101T003000", f"DTEND;{NY}:20261101T023000"), ["00:30-02:30"]),
        # From the first 01:30 to 02:30 are two hours.
        ((f"DTSTART;{NY}:20261101T013000", f"DTEND;{NY}:20261101T023000"), ["01:00-02:30"]),
        (("DTSTART:20261101T013000", "DTEND:20261101T023000"), ["01:00-02:30"]),
        ((f"DTSTART;{NY}:20261101T013000", "DURATION:PT1H"), ["01:00-02:30"]),
        # Its end is the second one, or there is none.
        ((f"DTSTART;{NY}:20261101T013000", f"DTEND;{NY}:20261101T011500"), ["01:00-01:15", "01:30-02:00"]),
        ((f"DTSTART;{NY}:20261101T010000", f"DTEND;{NY}:20261101T010000"), ["01:00-02:00"]),
        (("DTSTART:20261101T013000", "DTEND:20261101T014500"), ["01:30-01:45"]),
    ],
)
def test_in_autumn_an_hour_is_told_twice(read: Read, lines: tuple[str, ...], expected: list[str]) -> None:
    told = read(calendar(event(*lines)), BACK)
    assert [f"{one[11:16]}-{one[28:]}" for one in told] == expected


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        (("DTSTART:20270314T063000Z", "DTEND:20270314T073000Z"), ["01:30-03:30"]),
        ((f"DTSTART;{NY}:20270314T013000", f"DTEND;{NY}:20270314T033000"), ["01:30-03:30"]),
        ((f"DTSTART;{NY}:20270314T013000", "DURATION:PT2H"), ["01:30-04:30"]),
        # 02:30 is not told: it is an hour and a half after 01:00 (RFC 5545, 3.3.5).
        ((f"DTSTART;{NY}:20270314T023000", f"DTEND;{NY}:20270314T024500"), ["03:30-03:45"]),
        (("DTSTART:20270314T023000", "DTEND:20270314T024500"), ["03:30-03:45"]),
        ((f"DTSTART;{NY}:20270314T013000", f"DTEND;{NY}:20270314T023000"), ["01:30-03:30"]),
    ],
)
def test_in_spring_an_hour_is_not_told(read: Read, lines: tuple[str, ...], expected: list[str]) -> None:
    told = read(calendar(event(*lines)), FORWARD)
    assert [f"{one[11:16]}-{one[28:]}" for one in told] == expected


def test_a_described_zone_leaves_out_the_hour_as_well(read: Read) -> None:
    text = event("DTSTART;TZID=Mine:20270314T023000", "DTEND;TZID=Mine:20270314T024500")
    assert read(calendar(described("Mine", "-0500", "-0400"), text), FORWARD) == ["2027-03-14T03:30 2027-03-14T03:45"]


@pytest.mark.parametrize("monday", [BACK, FORWARD])
def test_nine_stays_nine(read: Read, monday: date) -> None:
    begin = f"{monday - timedelta(days=14):%Y%m%d}"
    text = event(f"DTSTART;{NY}:{begin}T090000", f"DTEND;{NY}:{begin}T100000", "RRULE:FREQ=DAILY")
    told = read(calendar(text), monday + timedelta(days=4), days=5)
    assert [one[11:16] + one[27:] for one in told] == ["09:00T10:00"] * 5
    zulu = event(f"DTSTART:{begin}T140000Z", "DURATION:PT1H", "RRULE:FREQ=DAILY")
    hours = {one[11:16] for one in read(calendar(zulu), monday + timedelta(days=4), days=5)}
    assert hours == {"09:00", "10:00"}


def test_a_night_that_recurs_is_never_too_short(read: Read) -> None:
    """Some calendars keep its real length and some its end; in spring the one is longer, in autumn the other."""
    text = calendar(event(f"DTSTART;{NY}:20261001T230000", f"DTEND;{NY}:20261002T060000", "RRULE:FREQ=DAILY"))
    assert "2026-10-31T23:00 2026-11-01T06:00" in read(text, BACK)
    assert "2027-03-13T23:00 2027-03-14T07:00" in read(text, FORWARD)


# --- Free and busy ------------------------------------------------------------------------------------------


def test_free_and_busy_times(read: Read) -> None:
    lines = [
        "FREEBUSY:20261208T140000Z/PT1H,20261208T170000Z/20261208T180000Z",
        "FREEBUSY;FBTYPE=FREE:20261208T200000Z/PT1H",
        "FREEBUSY;FBTYPE=BUSY-TENTATIVE:20261209T140000Z/PT1H",
        "FREEBUSY;FBTYPE=BUSY-UNAVAILABLE:20261210T140000Z/PT1H",
        "FREEBUSY;FBTYPE=X-SOMETHING:20261211T140000Z/PT1H",
        "FREEBUSY:20300101T140000Z/PT1H",
    ]
    text = "\r\n".join(["BEGIN:VFREEBUSY", "UID:f@test", *lines, "END:VFREEBUSY", ""])
    assert starts(read(calendar(text))) == [
        "12-08T09:00", "12-08T12:00", "12-09T09:00", "12-10T09:00", "12-11T09:00",
    ]  # fmt: skip
    one = f"BEGIN:VFREEBUSY\r\n{lines[1]}\r\nEND:VFREEBUSY\r\n"
    assert read(calendar(one)) == []
    assert read(calendar("BEGIN:VFREEBUSY\r\nEND:VFREEBUSY\r\n")) == []


# --- Bad input ----------------------------------------------------------------------------------------------

_GOOD = calendar(event("SUMMARY:Café", "DTSTART:20261208T140000Z", "DTEND:20261208T150000Z"))


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (b"", "no iCalendar file"),
        (b"hello", "no iCalendar file"),
        (b"<!DOCTYPE html><html><body>Sign in</body></html>", "no iCalendar file"),
        (bytes(range(256)) * 40, "no iCalendar file"),
        (b"PK\x03\x04" + bytes(1000), "no iCalendar file"),
        (b"BEGIN:VCARD\r\nVERSION:3.0\r\nFN:Ana\r\nEND:VCARD\r\n", "no iCalendar file"),
        (_GOOD.encode()[:-16], "no whole iCalendar file"),
        (_GOOD.encode()[:-40], "no whole iCalendar file"),
        (_GOOD.encode() + _GOOD.encode()[:90], "no whole iCalendar file"),
        (_GOOD.replace("END:VEVENT\r\n", "").encode(), "no whole iCalendar file"),
        (b"BEGIN:VCALENDAR\r\n<html>\r\nEND:VCALENDAR\r\n", "no iCalendar file"),
    ],
)
def test_what_is_no_calendar_is_told(read: Read, content: bytes, told: str) -> None:
    with pytest.raises(UsageError, match=told) as raised:
        read(content)
    assert len(str(raised.value)) < 400


@pytest.mark.parametrize(
    "lines",
    [
        (),
        ("DTSTART:2026-12-08 09:00", "DTEND:20261208T100000"),
        ("DTSTART:20261208T140000Z", "DTEND:soon"),
        ("DTSTART:20261208T140000Z", "DURATION:an hour"),
        ("DTSTART:20261208T140000Z", "DTEND:20261208T130000Z"),
        ("DTSTART:20261208T140000Z", "DURATION:-PT1H"),
        ("DTSTART;VALUE=DATE:20261208", "DTEND;VALUE=DATE:20261207"),
        ("DTSTART:20261208T140000Z", "DTEND:20261208T150000Z", "DTEND:20261208T160000Z"),
        ("DTSTART:20261208T140000Z", "RRULE:FREQ=SOMETIMES"),
        ("DTSTART:20261208T140000Z", "RRULE:BYDAY=MO"),
        ("DTSTART:20261208T140000Z", "RRULE:FREQ=DAILY;UNTIL=never"),
        ("DTSTART:20261208T140000Z", "RRULE:FREQ=DAILY;COUNT=few"),
        ("DTSTART:20261208T140000Z", "RRULE:FREQ=DAILY;BYDAY=XX"),
        ("DTSTART:20261208T140000Z", "RRULE:FREQ=DAILY;INTERVAL=0"),
        ("DTSTART:20261208T140000Z", "RRULE:FREQ=SECONDLY"),
        ("DTSTART:20261208T140000Z", "RRULE:FREQ=MINUTELY;INTERVAL=5"),
        ("DTSTART:20261208T140000Z", "RRULE:FREQ=DAILY", "EXDATE:sometimes"),
        ("DTSTART:20261208T140000Z", "RDATE:sometimes"),
    ],
)
def test_an_event_that_cannot_be_read_is_told_and_not_left_out(read: Read, lines: tuple[str, ...]) -> None:
    with pytest.raises(UsageError, match="the event 'Rounds' cannot be read"):
        read(calendar(event("SUMMARY:Rounds", *lines)))


def test_no_such_file_and_no_such_days_are_told(read: Read, tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="cannot read"):
        busy_times(tmp_path / "nowhere.ics", "ana", ["America/New_York"], PLAIN)
    with pytest.raises(UsageError, match="cannot read"):
        busy_times(tmp_path, "ana", ["America/New_York"], PLAIN)
    for days in (0, MAX_DAYS + 1):
        with pytest.raises(UsageError, match=f"from 1 to {MAX_DAYS}"):
            read(_GOOD, days=days)
    with pytest.raises(UsageError, match="there are no 7 days"):
        read(_GOOD, date(9999, 12, 30))


def test_a_huge_calendar_is_read(read: Read) -> None:
    many = [event(f"DTSTART:20261208T{h:02}{m:02}00Z", "DURATION:PT1M", uid=f"{h}{m}@test")
            for h in range(24) for m in range(0, 60, 2)]  # fmt: skip
    daily = [event(f"DTSTART;{NY}:20100101T09{m:02}00", "DURATION:PT1M", "RRULE:FREQ=DAILY", uid=f"d{m}@test")
             for m in range(0, 10, 2)]  # fmt: skip
    assert len(read(calendar(*many, *daily))) == 720 + 7 * 5 - 5


# --- How it is written --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "content",
    [
        _GOOD.encode(),
        b"\xef\xbb\xbf" + _GOOD.encode(),
        _GOOD.encode("utf-16"),
        _GOOD.encode("latin-1"),
        _GOOD.replace("\r\n", "\n").encode(),
        b"\r\n\r\n" + _GOOD.encode(),
        _GOOD.replace("BEGIN:VCALENDAR", "begin:vcalendar").encode(),
        _GOOD.replace("20261208T14", "2026120\r\n 8T14").replace("DTEND", "DTE\r\n\tND").encode(),
        _GOOD.replace("DTSTART", "X-ODD;X-P=\"a:b\":1\r\nthis is no property\r\nDTSTART").encode(),
    ],
    ids=["plain", "bom", "utf-16", "latin-1", "lf", "blank lines", "small letters", "folded", "odd lines"],
)  # fmt: skip
def test_a_calendar_is_read_however_it_is_written(read: Read, content: bytes) -> None:
    assert read(content) == ["2026-12-08T09:00 2026-12-08T10:00"]


def test_calendars_may_be_joined(read: Read) -> None:
    bom = "\ufeff"
    text = bom + _GOOD + bom + _GOOD.replace("20261208", "20261209") + calendar()
    assert starts(read(text)) == ["12-08T09:00", "12-09T09:00"]


# --- Minute by minute ---------------------------------------------------------------------------------------


def minutes(begin: datetime, end: datetime, zone: ZoneInfo) -> Iterator[datetime]:
    """What a clock shows in each minute of a time."""
    now, last = begin.astimezone(UTC), end.astimezone(UTC)
    while now < last:
        yield now.astimezone(zone).replace(tzinfo=None, fold=0)
        now += timedelta(minutes=1)


def taken(absences: Iterable[Absence]) -> set[datetime]:
    found: set[datetime] = set()
    for absence in absences:
        assert isinstance(absence.start, datetime)
        assert isinstance(absence.end, datetime)
        for n in range((absence.end - absence.start) // timedelta(minutes=1)):
            found.add(absence.start + timedelta(minutes=n))
    return found


def told_at(moment: datetime, zone: ZoneInfo) -> bool:
    """Whether a clock shows a time at all."""
    there = moment.replace(tzinfo=zone)
    return there.astimezone(UTC).astimezone(zone).replace(tzinfo=None, fold=0) == moment


def compared(text: str, first: date, zone: ZoneInfo, expected: set[datetime], folder: Path) -> None:
    file = folder / "drawn.ics"
    file.write_text(text, encoding="utf-8", newline="")
    found = taken(busy_times(file, "ana", [zone.key], first, 7))
    begin, end = (datetime.combine(d, time()) for d in (first, first + timedelta(days=7)))
    # What overlaps the days is told whole; whether it does is seen within them.
    inside = {m for m in expected if begin <= m < end}
    assert inside <= found
    assert {m for m in found if begin <= m < end and told_at(m, zone)} <= inside


ZONES = st.sampled_from([NEW_YORK, DENVER, PHOENIX])
#: Some weeks, and about the nights in which clocks change the more often.
MONDAYS = st.sampled_from([BACK, FORWARD, BACK, FORWARD, PLAIN])


@given(MONDAYS, st.lists(st.tuples(st.integers(0, 4 * 36), st.integers(0, 4 * 12)), max_size=4), ZONES)
def test_each_minute_of_a_busy_time_is_taken(
    tmp_path_factory: pytest.TempPathFactory, monday: date, drawn: list[tuple[int, int]], zone: ZoneInfo
) -> None:
    saturday = datetime.combine(monday + timedelta(days=5), time(16), UTC)
    expected: set[datetime] = set()
    events = []
    for n, (quarter, length) in enumerate(drawn):
        begin = saturday + timedelta(minutes=15 * quarter)
        end = begin + timedelta(minutes=15 * length)
        events.append(event(f"DTSTART:{begin:%Y%m%dT%H%M%SZ}", f"DTEND:{end:%Y%m%dT%H%M%SZ}", uid=f"{n}@test"))
        expected |= set(minutes(begin, end, zone))
    compared(calendar(*events), monday, zone, expected, tmp_path_factory.getbasetemp())


@st.composite
def rules(draw: st.DrawFn) -> dict[str, object]:
    found: dict[str, object] = {"interval": draw(st.integers(1, 3))}
    found["freq"] = draw(st.sampled_from([rrule.DAILY, rrule.DAILY, rrule.WEEKLY, rrule.MONTHLY]))
    if draw(st.booleans()):
        found["byweekday"] = draw(st.lists(st.integers(0, 6), min_size=1, max_size=5, unique=True))
    if draw(st.booleans()):
        found["count"] = draw(st.integers(1, 60))
    elif draw(st.booleans()):
        found["until"] = draw(st.integers(0, 60))
    return found


@given(
    MONDAYS,
    rules(),
    st.integers(0, 24 * 4 - 1),
    st.integers(1, 40),
    st.lists(st.integers(0, 30), max_size=3),
    ZONES,
    ZONES,
)
def test_a_rule_says_what_dateutil_says(
    tmp_path_factory: pytest.TempPathFactory, monday: date, rule: dict[str, object], quarter: int, length: int,
    left_out: list[int], told: ZoneInfo, zone: ZoneInfo,
) -> None:  # fmt: skip
    start = datetime.combine(monday - timedelta(days=20), time()) + timedelta(minutes=15 * quarter)
    lasts = timedelta(minutes=15 * length)
    words = {rrule.DAILY: "DAILY", rrule.WEEKLY: "WEEKLY", rrule.MONTHLY: "MONTHLY"}
    parts = [f"FREQ={words[rule['freq']]}", f"INTERVAL={rule['interval']}"]
    if "byweekday" in rule:
        parts.append("BYDAY=" + ",".join(("MO", "TU", "WE", "TH", "FR", "SA", "SU")[d] for d in rule["byweekday"]))
    if "count" in rule:
        parts.append(f"COUNT={rule['count']}")
    if "until" in rule:
        rule["until"] = start + timedelta(days=rule["until"])
        until = rule["until"].replace(tzinfo=told).astimezone(UTC)
        parts.append(f"UNTIL={until:%Y%m%dT%H%M%SZ}")
    without = {start + timedelta(days=d) for d in left_out}
    times = {
        start,
        *rrule.rrule(dtstart=start, **rule).between(start, datetime.combine(monday, time()) + timedelta(days=9)),
    }
    expected: set[datetime] = set()
    for begin in times - without:
        real = begin.replace(tzinfo=told).astimezone(UTC)
        clock = (begin + lasts).replace(tzinfo=told).astimezone(UTC)
        expected |= set(minutes(real, max(real + lasts, clock), zone))
    name = f"TZID={told.key}"
    lines = [f"EXDATE;{name}:{d:%Y%m%dT%H%M%S}" for d in without]
    text = event(f"DTSTART;{name}:{start:%Y%m%dT%H%M%S}", f"DTEND;{name}:{start + lasts:%Y%m%dT%H%M%S}",
                 "RRULE:" + ";".join(parts), *lines)  # fmt: skip
    compared(calendar(text), monday, zone, expected, tmp_path_factory.getbasetemp())


@given(st.binary(max_size=200), st.integers(0, 500), st.booleans())
def test_no_bytes_end_in_a_traceback(
    tmp_path_factory: pytest.TempPathFactory, junk: bytes, place: int, instead: bool
) -> None:
    good = calendar(
        described("Mine", "-0500", "-0400"),
        event("DTSTART;TZID=Mine:20261208T090000", "DURATION:PT1H", "RRULE:FREQ=WEEKLY;BYDAY=TU;COUNT=9"),
    ).encode()
    file = tmp_path_factory.getbasetemp() / "junk.ics"
    file.write_bytes(good[:place] + junk + good[place + len(junk) * instead :])
    try:
        busy_times(file, "ana", ["America/New_York"], PLAIN, 7)
    except UsageError as error:
        assert str(error)  # noqa: PT017


# --- Written ------------------------------------------------------------------------------------------------


def session(start: datetime, **cells: object) -> Event:
    end = (start.astimezone(UTC) + timedelta(hours=2)).astimezone(start.tzinfo)
    return Event("one@plan", 0, start, cells.pop("end", end), **{"summary": "KAP session", **cells})


def parsed(events: Iterable[Event], name: str = "KAP sessions") -> icalendar.Calendar:
    text = calendar_text(events, name, STAMP)
    assert text.endswith(b"END:VCALENDAR\r\n")
    assert b"\r" not in text.replace(b"\r\n", b"")
    assert b"\n" not in text.replace(b"\r\n", b"")
    assert max(len(line) for line in text.split(b"\r\n")) <= 75
    text.decode("utf-8")
    found = icalendar.Calendar.from_ical(text)
    used = {
        str(p.params["TZID"]) for e in found.walk("VEVENT") for p in e.values() if "TZID" in getattr(p, "params", {})
    }
    assert {str(z["TZID"]) for z in found.walk("VTIMEZONE")} == used
    assert not [e.errors for e in found.walk() if e.errors]
    assert {c.name for c in found.walk()} <= {"VCALENDAR", "VTIMEZONE", "STANDARD", "DAYLIGHT", "VEVENT"}
    return found


def test_an_hour_that_is_told_twice_is_written_so_that_it_is_read_back() -> None:
    second = datetime(2026, 11, 1, 1, 30, tzinfo=NEW_YORK, fold=1)
    (one,) = parsed([session(second)]).walk("VEVENT")
    assert one["DTSTART"].to_ical() == b"20261101T063000Z"
    assert one["DTEND"].to_ical() == b"20261101T083000Z"
    (one,) = parsed([session(datetime(2026, 11, 1, 0, 30, tzinfo=NEW_YORK), end=second)]).walk("VEVENT")
    assert one["DTEND"].dt == second.astimezone(UTC)
    (one,) = parsed([session(second.replace(fold=0))]).walk("VEVENT")
    assert one["DTSTART"].params["TZID"] == "America/New_York"
    assert one["DTSTART"].dt.astimezone(UTC).hour == 5


@pytest.mark.parametrize("zone", [NEW_YORK, DENVER, PHOENIX])
@pytest.mark.parametrize("monday", [BACK, FORWARD])
def test_a_zone_is_described_as_it_is(zone: ZoneInfo, monday: date) -> None:
    start = datetime.combine(monday, time(9), zone)
    (told,) = parsed([session(start), session(start + timedelta(days=8))]).walk("VTIMEZONE")
    # A change comes at a time that is told by the clock as it is before it.
    changes = sorted(
        (part["DTSTART"].dt.replace(tzinfo=UTC) - part["TZOFFSETFROM"].td, part["TZOFFSETTO"].td)
        for part in told.subcomponents
    )
    for quarter in range(8 * 96):
        moment = start.astimezone(UTC) + timedelta(minutes=15 * quarter)
        assert [ahead for since, ahead in changes if since <= moment][-1] == moment.astimezone(zone).utcoffset()


def test_an_offset_without_a_name_is_written_in_utc() -> None:
    start = datetime.fromisoformat("2026-12-08T09:00:00-05:00")
    (one,) = parsed([session(start)]).walk("VEVENT")
    assert one["DTSTART"].to_ical() == b"20261208T140000Z"


def test_a_cancelled_session_is_told_as_such() -> None:
    start = datetime(2026, 12, 8, 9, tzinfo=NEW_YORK)
    found = parsed([session(start, cancelled=True), session(start)])
    assert [str(e["STATUS"]) for e in found.walk("VEVENT")] == ["CANCELLED", "CONFIRMED"]
    assert str(found["METHOD"]) == "PUBLISH"


#: What names may look like, and what they should not.
TEXTS = st.one_of(
    st.sampled_from(["Ana, MD; PhD", "a\\b\\n", "two\nlines", "<script>alert(1)</script>", "😀" * 40, "x" * 300, "\r\n",
                     "BEGIN:VEVENT", "\nEND:VEVENT\n", "a\x00b\x7f", '"quoted": yes', "ümläut " * 20]),
    st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\ufeff"), max_size=60),
)  # fmt: skip


@given(TEXTS, TEXTS, TEXTS, TEXTS)
def test_whatever_names_say_the_calendar_is_whole(name: str, summary: str, place: str, told: str) -> None:
    start = datetime(2026, 12, 8, 9, tzinfo=NEW_YORK)
    found = parsed([session(start, summary=summary, location=place, description=told)], name)
    (one,) = found.walk("VEVENT")
    for key, text in (("SUMMARY", summary), ("LOCATION", place), ("DESCRIPTION", told)):
        plain = "".join(" " if c == "\x7f" or (ord(c) < 32 and c not in "\t\n") else c
                        for c in text.replace("\r\n", "\n").replace("\r", "\n"))  # fmt: skip
        assert str(one.get(key, "")) == plain


@given(st.lists(st.tuples(MONDAYS, st.integers(0, 7 * 96), st.integers(1, 40), ZONES, st.booleans()), max_size=6))
def test_sessions_are_read_back_at_the_same_instants(
    tmp_path_factory: pytest.TempPathFactory, drawn: list[tuple[date, int, int, ZoneInfo, bool]]
) -> None:
    events = []
    for n, (monday, quarter, length, zone, named) in enumerate(drawn):
        begin = datetime.combine(monday, time(), UTC) + timedelta(minutes=15 * quarter)
        end = begin + timedelta(minutes=15 * length)
        start, until = (m.astimezone(zone) for m in (begin, end))
        if not named:
            start, until = (datetime.fromisoformat(m.isoformat()) for m in (start, until))
        events.append(Event(f"{n}@plan", n, start, until, "KAP session", cancelled=False))
    found = parsed(events)
    expected = {(e.uid, e.sequence, e.start.astimezone(UTC), e.end.astimezone(UTC)) for e in events}
    for read in (found.walk("VEVENT"), recurring_ical_events.of(found).between(2026, 2028)):
        assert {
            (str(e["UID"]), int(e["SEQUENCE"]), e["DTSTART"].dt.astimezone(UTC), e["DTEND"].dt.astimezone(UTC))
            for e in read
        } == expected
    file = tmp_path_factory.getbasetemp() / "written.ics"
    write_calendar(events, file, "KAP sessions", STAMP)
    busy = {m for e in events for m in minutes(e.start, e.end, NEW_YORK)}
    read_back = taken(busy_times(file, "ana", ["America/New_York"], BACK - timedelta(days=1), 200))
    assert busy <= read_back
    assert {m for m in read_back if told_at(m, NEW_YORK)} <= busy


def test_the_same_sessions_are_the_same_bytes_but_for_the_stamp() -> None:
    zones = (NEW_YORK, DENVER, PHOENIX, ZoneInfo("America/Chicago"), ZoneInfo("America/Los_Angeles"))
    events = [session(datetime(2026, 12, 8, 9, tzinfo=zone)) for zone in zones]
    one, again = (calendar_text(events, "KAP sessions", STAMP + timedelta(days=d)) for d in (0, 1))
    assert one == calendar_text(events, "KAP sessions", STAMP)
    assert [line for line in one.splitlines() if not line.startswith(b"DTSTAMP")] == [
        line for line in again.splitlines() if not line.startswith(b"DTSTAMP")
    ]
    named = [line for line in one.splitlines() if line.startswith(b"TZID:")]
    assert named == sorted(named)


def test_a_calendar_of_nothing_is_one() -> None:
    assert parsed([]).walk("VEVENT") == []
