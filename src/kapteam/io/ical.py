"""iCalendar (RFC 5545): sessions written for people's calendars, and their busy times read as absences."""

from __future__ import annotations

import re
import warnings
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from pathlib import Path
from typing import Any, TypeVar
from zoneinfo import ZoneInfo

from attrs import define, field, frozen

from kapteam.records.people import Absence
from kapteam.records.problems import UsageError

#: A calendar is read this far ahead: a meeting that recurs for ever has no last day.
HORIZON_DAYS = 400
#: As many days as are read at most.
MAX_DAYS = 3660

_DAY = timedelta(days=1)
_SECOND = timedelta(seconds=1)
_END_OF_DAY = time(23, 59, 59)
# What an event must tell in a way that can be read: without it nobody knows when somebody is busy.
_TIMES = frozenset({"DTSTART", "DTEND", "DURATION", "RRULE", "RDATE", "EXDATE", "RECURRENCE-ID"})
# How often nobody meets; so many times would take for ever to read.
_TOO_OFTEN = frozenset({"SECONDLY", "MINUTELY"})
# What no text of a calendar may hold (RFC 5545, 3.3.11).
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f]")

D = TypeVar("D", date, datetime)


#: How the names of kapteam's own sessions end.
OWN = "@kapteam"


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
    tentative : bool
        Whether it is only thought of.
    """

    uid: str
    sequence: int
    start: datetime
    end: datetime
    summary: str
    location: str = ""
    description: str = ""
    cancelled: bool = False
    tentative: bool = False


# --- Written ------------------------------------------------------------------------------------------------


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
    calendar.add("x-wr-calname", icalendar.vText(_plain(name)))
    told = list(events)
    for zone in sorted({zone for one in told if (zone := _named_zone(one)) is not None}):
        calendar.add_component(_described(ZoneInfo(zone), min(e.start for e in told), max(e.end for e in told)))
    for one in told:
        where = UTC if (zone := _named_zone(one)) is None else ZoneInfo(zone)
        event = icalendar.Event()
        event.add("uid", _plain(one.uid))
        event.add("sequence", one.sequence)
        event.add("dtstamp", stamp.astimezone(UTC))
        event.add("dtstart", one.start.astimezone(where))
        event.add("dtend", one.end.astimezone(where))
        event.add("summary", _plain(one.summary))
        for key in ("location", "description"):
            if text := _plain(getattr(one, key)):
                event.add(key, text)
        event.add("status", "CANCELLED" if one.cancelled else "TENTATIVE" if one.tentative else "CONFIRMED")
        calendar.add_component(event)
    return bytes(calendar.to_ical())


def write_calendar(events: Iterable[Event], path: Path, name: str, stamp: datetime) -> None:
    """Write :func:`calendar_text` to a file."""
    path.write_bytes(calendar_text(events, name, stamp))


def _named_zone(event: Event) -> str | None:
    """The zone by whose clock an event is told; None where it is told in UTC.

    A time that a clock shows twice means the first one (RFC 5545, 3.3.5), so that the second one has no name there;
    neither has a clock of which no more is known than how far it is ahead.
    """
    zone = event.start.tzinfo
    if not isinstance(zone, ZoneInfo) or zone.key == "UTC":
        return None
    for moment in (event.start, event.end):
        there = moment.astimezone(zone)
        if there.fold and there.utcoffset() != there.replace(fold=0).utcoffset():
            return None
    return zone.key


def _described(zone: ZoneInfo, first: datetime, last: datetime) -> Any:
    """A time zone from a year before one moment until a year after another: when its clock is changed, and how."""
    import icalendar

    found = icalendar.Timezone()
    found.add("tzid", zone.key)
    begin, year = first.astimezone(UTC).replace(hour=0, minute=0, second=0, microsecond=0), timedelta(days=366)
    for moment in (begin - year, *_changes(zone, begin - year, last.astimezone(UTC) + year)):
        # A change is told by the clock as it is before it (RFC 5545, 3.6.5).
        old, new = _ahead(zone, moment - _SECOND), _ahead(zone, moment)
        after = moment.astimezone(zone)
        part = icalendar.TimezoneDaylight() if after.dst() else icalendar.TimezoneStandard()
        part.add("dtstart", (moment + old).replace(tzinfo=None))
        part.add("tzoffsetfrom", old)
        part.add("tzoffsetto", new)
        part.add("tzname", after.tzname())
        found.add_component(part)
    return found


def _changes(zone: ZoneInfo, begin: datetime, end: datetime) -> Iterator[datetime]:
    """The moments in UTC at which a zone's clock is changed."""
    while begin < end:
        until = begin + _DAY
        if _ahead(zone, begin) != _ahead(zone, until):
            low, high = begin, until
            while high - low > _SECOND:
                middle = low + (high - low) // 2 // _SECOND * _SECOND
                low, high = (middle, high) if _ahead(zone, middle) == _ahead(zone, begin) else (low, middle)
            yield high
        begin = until


def _ahead(zone: ZoneInfo, moment: datetime) -> timedelta:
    return moment.astimezone(zone).utcoffset() or timedelta()


def _plain(text: str) -> str:
    """Text without what no calendar may hold."""
    return _CONTROL.sub(" ", text.replace("\r\n", "\n").replace("\r", "\n"))


# --- Read ---------------------------------------------------------------------------------------------------


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
        several, a time away is told by each of them.
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
        The file cannot be read, or is no calendar, or says of an event what cannot be understood.

    Notes
    -----
    What is cancelled, or marked as free (``TRANSP:TRANSPARENT``), keeps nobody busy; nor do the sessions that kapteam
    itself has planned, which the next plan may move. A time without a zone is by the
    practitioner's own clock. Nobody is away for less time than their calendar says: what may be meant in two ways is
    read as the longer one, and an hour that a clock shows twice is taken both times.
    """
    try:
        last = first + timedelta(days=days)
        # An event may begin and end at any time; clocks are told for some time around only.
        early, late = first - timedelta(days=HORIZON_DAYS), last + timedelta(days=HORIZON_DAYS)
    except OverflowError:
        raise UsageError(f"there are no {days} days from {first} on") from None
    if not 1 <= days <= MAX_DAYS:
        raise UsageError(f"days is a whole number from 1 to {MAX_DAYS}, not {days}")
    spans: list[tuple[datetime, datetime]] = []
    whole: list[tuple[date, date]] = []
    for busy in _all_busy(path, first, last):
        if isinstance(busy.start, datetime):
            for zone in map(ZoneInfo, zones):
                begin, end = busy.between(zone, *(_midnight(d).replace(tzinfo=UTC) for d in (early, late)))
                spans += _shown(begin, end, zone)
        else:
            whole.append((max(busy.start, early), min(late, busy.start + min(busy.clock, late - busy.start))))
    timed = _joined((a, b) for a, b in spans if a < _midnight(last) and b > _midnight(first))
    dated = [(a, b - _DAY) for a, b in _joined((a, b) for a, b in whole if a < last and b > first)]
    absences = [Absence(practitioner=practitioner, start=a, end=b) for a, b in (*timed, *dated)]
    return sorted(absences, key=lambda a: (_midnight(a.start), _midnight(a.end)))


@frozen
class _Busy:
    """Once busy: from when on, and for how long.

    Attributes
    ----------
    start : date or datetime
        A day; or a moment, with its zone or by the practitioner's own clock.
    clock, real : timedelta
        The length by the clock that it is told by, and in real time: they differ where the clock is changed meanwhile,
        and of an event that recurs some calendars keep the one and some the other.
    """

    start: date
    clock: timedelta
    real: timedelta

    def between(self, zone: ZoneInfo, early: datetime, late: datetime) -> tuple[datetime, datetime]:
        """The first and the last moment in UTC, where clocks without a name are those of a zone."""
        assert isinstance(self.start, datetime)
        start = self.start if self.start.tzinfo else self.start.replace(tzinfo=zone)
        begin = _utc(start)
        try:
            end = max(begin + self.real, _utc(start + self.clock))
        except OverflowError:  # beyond the last year
            end = late
        return max(begin, early), min(end, late)


def _all_busy(path: Path, first: date, last: date) -> Iterator[_Busy]:
    """What keeps somebody busy between two dates, and perhaps some time before and after."""
    for calendar in _calendars(path):
        zones = _Zones({str(z.get("TZID")): z for z in calendar.walk("VTIMEZONE")})
        named: dict[str, list[Any]] = {}
        for event in calendar.walk("VEVENT"):
            name = str(event.get("UID") or id(event))
            if not name.endswith(OWN):
                named.setdefault(name, []).append(event)
        what = "a free/busy time"
        try:
            for free_busy in calendar.walk("VFREEBUSY"):
                yield from _periods(free_busy)
            for events in named.values():
                what = f"the event {str(events[0].get('SUMMARY') or events[0].get('UID') or 'without a name')!r}"
                yield from _Series(events, zones).between(first, last)
        except Exception as error:  # libraries that read what anybody may have written raise whatever comes
            raise UsageError(f"{str(path)!r}: {what} cannot be read: {error}") from None


def _calendars(path: Path) -> list[Any]:
    import icalendar

    try:
        text = _decoded(path.read_bytes())
    except OSError as error:
        raise UsageError(f"cannot read {str(path)!r}: {error.strerror}") from None
    begun = len(re.findall(r"^BEGIN:VCALENDAR[ \t]*\r?$", text, re.IGNORECASE | re.MULTILINE))
    if not begun:
        raise UsageError(f"{str(path)!r} is no iCalendar file: no line of it says BEGIN:VCALENDAR")
    try:
        with warnings.catch_warnings():
            # Of a zone's name such as /vendor/America/New_York the vendor is left out.
            warnings.simplefilter("ignore")
            found = [c for c in icalendar.Calendar.from_ical(text, multiple=True) if c.name == "VCALENDAR"]
    except Exception as error:  # the parser raises whatever comes
        raise UsageError(f"{str(path)!r} is no iCalendar file: {str(error)[:200]}") from None
    if len(found) != begun:
        raise UsageError(f"{str(path)!r} is no whole iCalendar file: an END is missing")
    return found


def _decoded(content: bytes) -> str:
    """Text in UTF-8, as it should be, or in what else calendars come in."""
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        return content.decode("utf-16", "replace")
    # Files may have been joined, each with its mark of the byte order.
    return content.decode("utf-8", "replace").replace("\ufeff", "")


def _periods(free_busy: Any) -> Iterator[_Busy]:
    said = free_busy.get("FREEBUSY", [])
    for one in said if isinstance(said, list) else [said]:
        if str(one.params.get("FBTYPE", "BUSY")).upper() != "FREE":
            for period in getattr(one, "dts", [one]):
                yield _lasting(*((period.start, period.end) if hasattr(period, "start") else period.dt))


@define
class _Zones:
    """The time zones that a calendar describes, which are made when they are asked for."""

    described: Mapping[str, Any]
    made: dict[str, tzinfo] = field(factory=dict)

    def told(self, value: Any, params: Mapping[str, Any]) -> Any:
        """A date or a time in its zone; a zone with a well-known name is that one, however the file describes it."""
        name = str(params.get("TZID", ""))
        if not name or not isinstance(value, datetime) or isinstance(value.tzinfo, ZoneInfo):
            return value
        if name not in self.described:
            raise ValueError(f"its time zone {name!r} is neither well-known nor described in the file")
        if name not in self.made:
            self.made[name] = self.described[name].to_tz(lookup_tzid=False)
        return value.replace(tzinfo=self.made[name])

    def of(self, event: Any, key: str) -> Any:
        """The one date or time that an event tells by a name."""
        return self.told(event[key].dt, event[key].params)

    def all_of(self, event: Any, key: str) -> list[Any]:
        """The dates or times, or periods of two, that an event tells by a name."""
        said = event.get(key, [])
        found: list[Any] = []
        for one in said if isinstance(said, list) else [said]:
            for value in (each.dt for each in one.dts):
                period = isinstance(value, tuple)
                found.append(tuple(self.told(v, one.params) for v in value) if period else self.told(value, one.params))
        return found


@frozen
class _Series:
    """The events of one name: what happens, perhaps again and again, and what of it was changed."""

    events: list[Any]
    zones: _Zones

    def between(self, first: date, last: date) -> Iterator[_Busy]:
        """What of it keeps somebody busy between two dates, and perhaps more."""
        for event in self.events:
            if broken := sorted({name for name, _ in event.errors if name in _TIMES}):
                raise ValueError(f"its {broken[0]} is not as RFC 5545 has it")
        changed = [e for e in self.events if "RECURRENCE-ID" in e]
        for event in _newest(changed, lambda e: self.zones.of(e, "RECURRENCE-ID")):
            yield from self.once(event)
        # Where several bear one name by mistake, and none is newer, all of them are meant.
        for event in _newest([e for e in self.events if "RECURRENCE-ID" not in e], lambda _: None):
            recurs = "RRULE" in event or "RDATE" in event
            yield from self.recurring(event, changed, first, last) if recurs else self.once(event)

    def once(self, event: Any) -> list[_Busy]:
        """An event that happens once."""
        return [] if _keeps_nobody(event) else [self.busy(event)]

    def recurring(self, event: Any, changed: Sequence[Any], first: date, last: date) -> Iterator[_Busy]:
        """An event that happens again and again, but for what was changed."""
        import icalendar
        import recurring_ical_events

        if _keeps_nobody(event):
            return
        usual = self.busy(event)
        zone = usual.start.tzinfo if isinstance(usual.start, datetime) else None

        def clock(value: Any) -> Any:
            """A time as the clock of the event shows it."""
            if isinstance(value, datetime) and value.tzinfo is not None:
                return (value if zone is None else value.astimezone(UTC).astimezone(zone)).replace(tzinfo=None)
            return value

        # A change may hold for all that follow.
        since: list[tuple[Any, _Busy | None]] = [(clock(usual.start), usual)]
        for one in changed:
            if one["RECURRENCE-ID"].params.get("RANGE") == "THISANDFUTURE":
                busy = None if _keeps_nobody(one) else self.busy(one)
                since.append((clock(self.zones.of(one, "RECURRENCE-ID")), busy))
        since.sort(key=lambda pair: _midnight(pair[0]))
        most = max(abs(clock(b.start) - when) + max(b.clock, b.real) for when, b in since if b is not None)
        margin = min(most, timedelta(days=MAX_DAYS)) + 2 * _DAY
        early, late = first - margin, last + margin
        # All is told by one clock, without its zone: that leaves nothing to be compared that is told in two ways.
        plain = icalendar.Event()
        plain.add("dtstart", clock(usual.start))
        rules = event.get("RRULE", [])
        rules = rules if isinstance(rules, list) else [rules]
        plain["RRULE"] = [_rule(rule, clock, usual.start) for rule in rules]
        more = self.zones.all_of(event, "RDATE")
        left_out = [self.zones.of(e, "RECURRENCE-ID") for e in changed] + self.zones.all_of(event, "EXDATE")
        for key, values in (("RDATE", [v for v in more if not isinstance(v, tuple)]), ("EXDATE", left_out)):
            if values:
                plain[key] = [icalendar.vDDDLists([clock(v)]) for v in values]
        yield from (_lasting(*v) for v in more if isinstance(v, tuple))
        for one in recurring_ical_events.of(plain).between(early, late):
            start = one["DTSTART"].dt
            when, busy = [s for s in since if _midnight(s[0]) <= _midnight(start)][-1]
            if busy is not None:
                start += clock(busy.start) - when
                yield _Busy(start.replace(tzinfo=zone) if zone else start, busy.clock, busy.real)

    def busy(self, event: Any) -> _Busy:
        """When an event begins, and how long it lasts."""
        if "DTSTART" not in event:
            raise ValueError("it does not say when it begins")
        start = self.zones.of(event, "DTSTART")
        if "DTEND" in event:
            return _lasting(start, self.zones.of(event, "DTEND"))
        usual = timedelta() if isinstance(start, datetime) else _DAY
        return _lasting(start, event["DURATION"].dt if "DURATION" in event else usual)


def _lasting(start: Any, end: Any) -> _Busy:
    """Busy from a day or a moment on, until another one or for some time."""
    if isinstance(end, timedelta):
        busy = _Busy(_midnight(start) if end % _DAY else start, end, end)
    else:
        start, end = _like(start, end), _like(end, start)
        shown = real = end - start
        if not isinstance(start, datetime):
            shown = real = real or _DAY
        elif start.tzinfo is not None:
            # An end that the clock shows twice is the second one where the first is no end.
            end = end if _utc(end) > _utc(start) else end.replace(fold=1)
            shown = end.astimezone(UTC).astimezone(start.tzinfo).replace(tzinfo=None) - start.replace(tzinfo=None)
            real = _utc(end) - _utc(start)
        busy = _Busy(start, shown, real)
    if busy.real < timedelta():
        raise ValueError("it ends before it begins")
    return busy


def _newest(events: Sequence[Any], what: Callable[[Any], object]) -> list[Any]:
    """Of the events that are the same thing, those that were changed most often."""
    most: dict[object, int] = {}
    for event in events:
        most[what(event)] = max(_sequence(event), most.get(what(event), 0))
    return [e for e in events if _sequence(e) == most[what(e)]]


def _sequence(event: Any) -> int:
    said = event.get("SEQUENCE", 0)
    return said if isinstance(said, int) else 0


def _keeps_nobody(event: Any) -> bool:
    said = {key: str(event.get(key, "")).upper() for key in ("STATUS", "TRANSP")}
    return said["STATUS"] == "CANCELLED" or said["TRANSP"] == "TRANSPARENT"


def _rule(rule: Any, clock: Callable[[Any], Any], start: date) -> Any:
    """A rule whose last time is told by the clock of the event; a last day is so to its end."""
    import icalendar

    if _TOO_OFTEN & {str(often).upper() for often in rule.get("FREQ", ())}:
        raise ValueError("it recurs by the minute")
    if any(every < 1 for every in rule.get("INTERVAL", ())):
        raise ValueError("it recurs every 0 times")
    told = icalendar.vRecur(rule)
    if "UNTIL" in rule:
        until = clock(rule["UNTIL"][0])
        if not isinstance(start, datetime):
            until = until.date() if isinstance(until, datetime) else until
        elif not isinstance(until, datetime):
            until = datetime.combine(until, _END_OF_DAY)
        told["UNTIL"] = [until]
    return told


def _like(value: Any, other: Any) -> Any:
    """A day as its midnight where the other one is a time, and a time without a zone as one in the other's."""
    if not isinstance(other, datetime):
        return value
    value = _midnight(value)
    return value if value.tzinfo else value.replace(tzinfo=other.tzinfo)


def _utc(moment: datetime) -> datetime:
    """A moment in UTC."""
    there = moment.astimezone(UTC)
    if there.astimezone(moment.tzinfo).replace(tzinfo=None) != moment.replace(tzinfo=None):
        # A time that the clock leaves out is told by what it was ahead before (RFC 5545, 3.3.5).
        there = moment.replace(tzinfo=UTC) - ((moment - _DAY).utcoffset() or timedelta())
    return there


def _shown(begin: datetime, end: datetime, zone: ZoneInfo) -> list[tuple[datetime, datetime]]:
    """What a zone's clock shows from one moment to another: where it is put back meanwhile some of it twice."""
    if begin >= end:
        return []
    lasts = end - begin
    shown, until = (m.astimezone(zone).replace(tzinfo=None, fold=0) for m in (begin, end))
    if lasts <= _SECOND or (lasts <= _DAY and until - shown == lasts):
        return [(shown, shown + lasts)]
    middle = begin + lasts // 2 // _SECOND * _SECOND
    before, after = _shown(begin, middle, zone), _shown(middle, end, zone)
    # What a clock leaves out when it is put forward parts nothing.
    before[-1] = (before[-1][0], max(before[-1][1], after[0][0]))
    return _joined([*before, *after])


def _midnight(day: date) -> datetime:
    return day if isinstance(day, datetime) else datetime.combine(day, time())


def _joined(spans: Iterable[tuple[D, D]]) -> list[tuple[D, D]]:
    found: list[tuple[D, D]] = []
    for begin, end in sorted(set(spans)):
        if found and begin <= found[-1][1]:
            found[-1] = (found[-1][0], max(found[-1][1], end))
        else:
            found.append((begin, end))
    return found
