"""The weeks that are planned, as one line of quarter hours, and what every site's clock shows on it."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import numpy as np
from attrs import field, frozen

from kapteam.columns.facts import Bools
from kapteam.columns.lookup import Index
from kapteam.records.hours import SLOT_MINUTES, SLOTS_A_DAY, SLOTS_A_WEEK
from kapteam.records.places import Site
from kapteam.records.problems import UsageError

#: Whole days on the line before the first Monday and after the last Sunday, for clocks far from UTC and long sessions.
_BEFORE, _AFTER = 2, 4
#: A plan reaches a year ahead at most: who is on site when is not known further.
MAX_WEEKS = 53

_SLOT = timedelta(minutes=SLOT_MINUTES)


@frozen(eq=False)
class Calendar:
    """A horizon of whole weeks, from a Monday on.

    A slot is a quarter hour of real time, numbered from ``origin``. A day is numbered from the first Monday, by the
    clock of a site: on the day that clocks go back it has 100 slots, on the day that they go forward 92.

    Attributes
    ----------
    monday : date
        The first day.
    weeks : int
    sites : tuple of Site
        Sorted by id.
    slots : int
        How many slots the line has.
    clock : array of int, shape (sites, slots)
        What a site's clock shows: quarter hours since its first Monday 00:00; it may be negative.
    """

    monday: date
    weeks: int
    sites: tuple[Site, ...]
    slots: int
    clock: Index = field(repr=False)

    @classmethod
    def of(cls, sites: tuple[Site, ...], day: date, weeks: int) -> Calendar:
        """The weeks from the Monday of a day's week on.

        Raises
        ------
        UsageError
            There are no weeks, or more than a year of them, or they are too near the first or the last year there is.
        """
        if isinstance(weeks, bool) or not isinstance(weeks, int) or not 1 <= weeks <= MAX_WEEKS:
            raise UsageError(f"weeks is a whole number from 1 to {MAX_WEEKS}, not {weeks!r}")
        if not 1 < day.year < date.max.year - 1:
            raise UsageError(f"there is no calendar of the week of {day}: the years 2 to {date.max.year - 2} have one")
        monday = day - timedelta(days=day.weekday())
        days = 7 * weeks + _BEFORE + _AFTER
        clocks = {zone: _clock(zone, monday, days) for zone in sorted({str(s.timezone) for s in sites})}
        rows = [clocks[str(s.timezone)] for s in sites]
        slots = days * SLOTS_A_DAY
        return cls(monday, weeks, sites, slots, np.array(rows, np.int64).reshape(len(sites), slots))

    @property
    def days(self) -> int:
        """How many days are planned."""
        return 7 * self.weeks

    @property
    def day(self) -> Index:
        """By site and slot: the number of the local day."""
        return self.clock // SLOTS_A_DAY

    @property
    def of_week(self) -> Index:
        """By site and slot: the quarter hour of a typical week."""
        return self.clock % SLOTS_A_WEEK

    @property
    def planned(self) -> Bools:
        """By site and slot: whether a session may start there."""
        day = self.day
        return (day >= 0) & (day < self.days)

    def date(self, day: int) -> date:
        """The date of a day's number."""
        return self.monday + timedelta(days=int(day))

    def moment(self, slot: int, site: int) -> datetime:
        """The beginning of a slot, on a site's clock, with its offset."""
        return (self.origin + int(slot) * _SLOT).astimezone(ZoneInfo(str(self.sites[site].timezone)))

    def slot(self, moment: datetime) -> int | None:
        """The slot that begins at a moment, or None where none does."""
        slot, rest = divmod(moment.astimezone(UTC) - self.origin, _SLOT)
        return slot if not rest and 0 <= slot < self.slots else None

    @property
    def origin(self) -> datetime:
        """The beginning of slot 0."""
        return _origin(self.monday)


def _origin(monday: date) -> datetime:
    return datetime.combine(monday - timedelta(days=_BEFORE), time(), UTC)


def _clock(zone: str, monday: date, days: int) -> Index:
    """What a zone's clock shows on the line."""
    where, origin = ZoneInfo(zone), _origin(monday)

    def ahead(slot: int) -> int:
        offset = (origin + slot * _SLOT).astimezone(where).utcoffset() or timedelta()
        return offset // _SLOT

    ends = [ahead(day * SLOTS_A_DAY) for day in range(days + 1)]
    offset = np.repeat(np.array(ends[:-1], np.int64), SLOTS_A_DAY)
    for day in range(days):
        if ends[day] != ends[day + 1]:  # the clocks are changed within
            slots = range(day * SLOTS_A_DAY, (day + 1) * SLOTS_A_DAY)
            offset[slots.start : slots.stop] = [ahead(slot) for slot in slots]
    return np.asarray(np.arange(days * SLOTS_A_DAY) + offset - _BEFORE * SLOTS_A_DAY)


def next_monday(day: date) -> date:
    """The first Monday from a day on; the last there is near the end of the calendar."""
    ahead = -day.weekday() % 7
    return day + timedelta(days=ahead if (date.max - day).days >= ahead else -day.weekday())
