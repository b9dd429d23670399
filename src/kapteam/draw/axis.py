"""Where an hour stands in a timetable: by real time, so that an hour that is told twice is there twice."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime, timedelta

import numpy as np
from attrs import frozen

from kapteam.records.hours import SLOT_MINUTES, SLOTS_A_DAY
from kapteam.sessions.calendar import Calendar

_HOUR = 60 // SLOT_MINUTES


@frozen
class Span:
    """A part of one day: from a quarter hour on the calendar's line up to another, which may lie between two.

    Attributes
    ----------
    day : int
        Numbered from the first day of the weeks.
    begin, end : float
        In slots of the calendar.
    """

    day: int
    begin: float
    end: float


@frozen
class Hour:
    """An hour of a day: what the clock shows, where it begins, and whether it is told again."""

    shown: int
    slot: int
    again: bool


@frozen
class Axis:
    """The hours of a site that are drawn, the same on every day of a week.

    Attributes
    ----------
    calendar : Calendar
    site : int
        A code.
    first, last : int
        Hours on the site's clock: from one, up to the other.
    ranges : dict of int to (int, int)
        By day: its slots that are drawn, from one, up to the other.
    """

    calendar: Calendar
    site: int
    first: int
    last: int
    ranges: Mapping[int, tuple[int, int]]

    @classmethod
    def over(cls, calendar: Calendar, site: int, spans: Iterable[Span], days: Iterable[int]) -> Axis:
        """The hours, whole ones, that hold every one of these spans."""
        clock, day = calendar.clock[site] % SLOTS_A_DAY, calendar.day[site]
        shown = np.concatenate([clock[int(span.begin) : int(np.ceil(span.end))] for span in spans])
        first, last = int(shown.min()) // _HOUR, -(-(int(shown.max()) + 1) // _HOUR)
        within = (clock >= first * _HOUR) & (clock < last * _HOUR)
        ranges = {}
        for one in days:
            slots = np.flatnonzero(within & (day == one))
            ranges[one] = (int(slots[0]), int(slots[-1]) + 1) if len(slots) else (0, 0)
        return cls(calendar, site, first, last, ranges)

    def hours(self, day: int) -> list[Hour]:
        """Every full hour that the clock shows on a day, in turn."""
        begin, end = self.ranges[day]
        clock = self.calendar.clock[self.site]
        found: list[Hour] = []
        for slot in range(begin, end):
            if clock[slot] % _HOUR == 0:
                shown = int(clock[slot]) % SLOTS_A_DAY // _HOUR
                found.append(Hour(shown, slot, any(h.shown == shown for h in found)))
        return found

    def plain(self, day: int) -> bool:
        """Whether no clock is changed among the hours that are drawn."""
        begin, end = self.ranges[day]
        return end - begin == (self.last - self.first) * _HOUR


def spans(calendar: Calendar, site: int, start: datetime, end: datetime) -> list[Span]:
    """The days that a time touches, by the clock of a site, and its part of each."""
    begin, stop = (_position(calendar, moment) for moment in (start, end))
    day = calendar.day[site]
    found: list[Span] = []
    edge = begin
    for slot in range(int(begin), int(np.ceil(stop))):
        upto = min(stop, slot + 1)
        if found and found[-1].day == day[slot]:
            found[-1] = Span(found[-1].day, found[-1].begin, upto)
        else:
            found.append(Span(int(day[slot]), edge, upto))
        edge = upto
    return found


def _position(calendar: Calendar, moment: datetime) -> float:
    """Where a moment is on the calendar's line, in slots."""
    return (moment.astimezone(UTC) - calendar.origin) / timedelta(minutes=SLOT_MINUTES)
