"""iCalendar (RFC 5545): sessions written for people's calendars, and their busy times read as absences."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from attrs import frozen

from kapteam.records.people import Absence
from kapteam.records.problems import UsageError

#: A calendar is read this far ahead: a meeting that recurs for ever has no last day.
HORIZON_DAYS = 400


@frozen
class Event:
    """One entry of a calendar.

    Attributes
    ----------
    uid : str
        Its name, for ever: a calendar that knows it updates it.
    sequence : int
        How often it was changed.
    start, end : datetime
        With their zone.
    summary, location, description : str
    cancelled : bool
        Whether it is no more.
    """

    uid: str
    sequence: int
    start: datetime
    end: datetime
    summary: str
    location: str = ""
    description: str = ""
    cancelled: bool = False


def calendar_text(events: Iterable[Event], name: str, stamp: datetime) -> bytes:
    """A calendar as iCalendar text, with the time zones that it uses.

    Parameters
    ----------
    events : iterable of Event
    name : str
        What calendars call it.
    stamp : datetime
        When it was made.
    """
    import icalendar  # slow to load, and only calendars need it

    calendar = icalendar.Calendar()
    calendar.add("prodid", "-//kapteam//kapteam//EN")
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    calendar.add("x-wr-calname", name)
    told = list(events)
    for one in told:
        event = icalendar.Event()
        event.add("uid", one.uid)
        event.add("sequence", one.sequence)
        event.add("dtstamp", stamp.astimezone(UTC))
        event.add("dtstart", one.start)
        event.add("dtend", one.end)
        event.add("summary", one.summary)
        for key in ("location", "description"):
            if text := getattr(one, key):
                event.add(key, text)
        event.add("status", "CANCELLED" if one.cancelled else "CONFIRMED")
        calendar.add_component(event)
    if told:
        year = timedelta(days=366)
        first, last = min(e.start for e in told), max(e.end for e in told)
        calendar.add_missing_timezones(first.date() - year, last.date() + year)
    return bytes(calendar.to_ical())


def write_calendar(events: Iterable[Event], path: Path, name: str, stamp: datetime) -> None:
    """Write :func:`calendar_text` to a file."""
    path.write_bytes(calendar_text(events, name, stamp))


def busy_times(
    path: Path, practitioner: str, zones: Sequence[str], first: date, days: int = HORIZON_DAYS
) -> list[Absence]:
    """The busy times of a calendar as absences of a practitioner.

    Parameters
    ----------
    path : Path
        An ``.ics`` file: events, also recurring and all-day ones, and free/busy times.
    practitioner : str
        Whose absences they are.
    zones : sequence of str
        The IANA zones of the clocks that the absences are told by: those of the practitioner's sites. Where they are
        several, a time away is as long as it takes for each of them.
    first : date
        Nothing that ends before it is read.
    days : int
        How many days are read from then on.

    Returns
    -------
    list of Absence
        In order; times that overlap or touch are one.

    Raises
    ------
    UsageError
        The file cannot be read, or is no calendar.

    Notes
    -----
    What is cancelled, or marked as free (``TRANSP:TRANSPARENT``), keeps nobody busy. A time without a zone is by the
    practitioner's own clock.
    """
    import icalendar
    import recurring_ical_events

    try:
        calendars = icalendar.Calendar.from_ical(path.read_bytes(), multiple=True)
    except OSError as error:
        raise UsageError(f"cannot read {str(path)!r}: {error.strerror}") from None
    except (ValueError, IndexError, KeyError) as error:
        raise UsageError(f"{str(path)!r} is no iCalendar file: {error}") from None
    if not calendars:
        raise UsageError(f"{str(path)!r} holds no calendar")
    where, last = [ZoneInfo(zone) for zone in zones], first + timedelta(days=days)
    spans: list[tuple[datetime, datetime]] = []
    whole: list[tuple[date, date]] = []
    for calendar in calendars:
        for event in recurring_ical_events.of(calendar, skip_bad_series=True).between(first, last):
            if _keeps_nobody(event):
                continue
            begin, end = event.start, event.end
            if isinstance(begin, datetime):
                spans.append(_clocks(begin, end, where))
            else:
                whole.append((begin, max(begin, end - timedelta(days=1))))
        for free_busy in calendar.walk("VFREEBUSY"):
            spans += [_period(p, where) for p in _periods(free_busy)]
    zero = datetime.combine(first, time())
    spans = [(a, b) for a, b in spans if b > a and b > zero]
    absences = [Absence(practitioner=practitioner, start=a, end=b) for a, b in _joined(spans)]
    absences += [Absence(practitioner=practitioner, start=a, end=b) for a, b in sorted(set(whole))]
    return sorted(absences, key=lambda a: (_moment(a.start), _moment(a.end)))


def _keeps_nobody(event: Any) -> bool:
    said = {key: str(event.get(key, "")).upper() for key in ("STATUS", "TRANSP")}
    return said["STATUS"] == "CANCELLED" or said["TRANSP"] == "TRANSPARENT"


def _periods(free_busy: Any) -> list[Any]:
    found: list[Any] = []
    said = free_busy.get("FREEBUSY", [])
    for one in said if isinstance(said, list) else [said]:
        if str(one.params.get("FBTYPE", "BUSY")).upper() != "FREE":
            found += getattr(one, "dts", [one])
    return found


def _period(period: Any, where: Sequence[ZoneInfo]) -> tuple[datetime, datetime]:
    begin, end = (period.start, period.end) if hasattr(period, "start") else (period.dt[0], period.dt[1])
    return _clocks(begin, end, where)


def _clocks(begin: datetime, end: datetime, where: Sequence[ZoneInfo]) -> tuple[datetime, datetime]:
    """A span as the clocks show it: from the earliest beginning to the latest end."""
    return min(_clock(begin, zone) for zone in where), max(_clock(end, zone) for zone in where)


def _clock(moment: datetime, where: ZoneInfo) -> datetime:
    """A moment as the practitioner's clock shows it, without a zone."""
    return moment.astimezone(where).replace(tzinfo=None, fold=0) if moment.tzinfo else moment


def _moment(day: date) -> datetime:
    return day if isinstance(day, datetime) else datetime.combine(day, time())


def _joined(spans: Sequence[tuple[datetime, datetime]]) -> list[tuple[datetime, datetime]]:
    found: list[tuple[datetime, datetime]] = []
    for begin, end in sorted(spans):
        if found and begin <= found[-1][1]:
            found[-1] = (found[-1][0], max(found[-1][1], end))
        else:
            found.append((begin, end))
    return found
