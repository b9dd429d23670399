"""The week as a ring of 672 slots of 15 minutes, in the site's local time."""

from __future__ import annotations

import re
from collections.abc import Iterator

from attrs import field, frozen

from kapteam.records.kinds import Cell, Kind, as_text, plain
from kapteam.records.meant_hours import meant_hours
from kapteam.records.problems import Misread, nearest

SLOT_MINUTES = 15
SLOTS_A_DAY = 24 * 60 // SLOT_MINUTES
SLOTS_A_WEEK = 7 * SLOTS_A_DAY
DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")

_DASHES = str.maketrans("‐‑‒–—−", "------")
_DAY = {d.casefold(): i for i, d in enumerate(DAYS)}
_FULL = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_RANGE = re.compile(r"(?P<days>[^\s0-9][^0-9]*?)\s+(?P<start>[0-9]{1,2}:[0-9]{2})\s*-\s*(?P<end>[0-9]{1,2}:[0-9]{2})")


@frozen(order=False)
class WeeklyHours:
    """A set of 15-minute slots of a typical week.

    Attributes
    ----------
    slots : int
        672 bits: bit ``i`` is the slot that begins ``15 i`` minutes after Monday 00:00.

    Examples
    --------
    >>> WeeklyHours.of("Mon,Wed 10:00-13:00").minutes
    360
    >>> str(WeeklyHours.of("Fri-Mon 09:00-10:00"))
    'Mon,Fri-Sun 09:00-10:00'
    """

    slots: int = field(default=0)

    @slots.validator
    def _within_a_week(self, _: object, slots: int) -> None:
        if not 0 <= slots < 1 << SLOTS_A_WEEK:
            raise ValueError(f"expected a set of slots 0 to {SLOTS_A_WEEK - 1}, as bits")

    @classmethod
    def of(cls, text: str) -> WeeklyHours:
        """Read ``Mon-Thu 09:00-17:00; Fri 09:00-13:00``.

        Raises
        ------
        Misread
            With what is wrong in words: the range, the day, the grid, an end before its start.
        """
        words = plain(text).translate(_DASHES)
        try:
            return cls(_slots(words))
        except Misread as error:
            meant = meant_hours(words)
            try:
                close = str(cls(_slots(meant))) if meant else ""
            except Misread:
                close = ""  # a time off the grid is off it however it is written
            raise Misread(error.expected, [close] if close else error.nearest) from None

    @property
    def minutes(self) -> int:
        """Minutes a week."""
        return self.slots.bit_count() * SLOT_MINUTES

    def __or__(self, other: WeeklyHours) -> WeeklyHours:
        return WeeklyHours(self.slots | other.slots)

    def __and__(self, other: WeeklyHours) -> WeeklyHours:
        return WeeklyHours(self.slots & other.slots)

    def __bool__(self) -> bool:
        return bool(self.slots)

    def __iter__(self) -> Iterator[int]:
        """The slots, in order, from Monday 00:00."""
        return (i for i in range(SLOTS_A_WEEK) if self.slots >> i & 1)

    def __str__(self) -> str:
        by_range: dict[tuple[int, int], list[int]] = {}
        for day in range(7):
            for start, end in _runs(self.slots >> day * SLOTS_A_DAY & ((1 << SLOTS_A_DAY) - 1)):
                by_range.setdefault((start, end), []).append(day)
        ranges = sorted(by_range.items(), key=lambda item: (item[1][0], item[0]))
        return "; ".join(f"{_days(days)} {_clock(start)}-{_clock(end)}" for (start, end), days in ranges)


class When(Kind):
    """Weekly hours; nothing means that nobody wrote them down."""

    expected = "hours such as Mon-Thu 09:00-17:00; Fri 09:00-13:00, on a 15-minute grid"

    def parse(self, cell: Cell) -> WeeklyHours:
        """A week, or its text."""
        if not isinstance(cell, WeeklyHours):
            return self.read(as_text(cell, self.expected))
        if not cell:
            raise Misread(f"expected {self.expected}; nobody works no hours: leave the row out")
        return cell

    def read(self, text: str) -> WeeklyHours:
        """See :meth:`WeeklyHours.of`."""
        return WeeklyHours.of(text)


def _slots(text: str) -> int:
    """The slots of all ranges of a week."""
    parts = [part.strip() for part in text.split(";") if part.strip()]
    slots = 0
    for part in parts:
        slots |= _range(part, f" in {part!r}" if len(parts) > 1 else "")
    if not slots:
        raise Misread("expected hours such as Mon-Thu 09:00-17:00; Fri 09:00-13:00")
    return slots


def _range(part: str, where: str) -> int:
    """The slots of one range, such as ``Mon-Tue,Fri 09:00-12:00``; ``where`` says which of several it is."""
    match = _RANGE.fullmatch(part)
    if not match:
        raise Misread(f"expected days and a range such as Mon-Thu 09:00-17:00{where}")
    start, end = _slot(match["start"]), _slot(match["end"])
    if start >= SLOTS_A_DAY:
        raise Misread("expected a start before 24:00")
    if end <= start:
        raise Misread(
            f"expected an end after the start{where}: write a night as two ranges, "
            "such as Fri 22:00-24:00; Sat 00:00-06:00"
        )
    day_bits = ((1 << end - start) - 1) << start
    return sum(day_bits << day * SLOTS_A_DAY for day in _day_set(match["days"]))


def _day_set(text: str) -> set[int]:
    days: set[int] = set()
    for item in text.split(","):
        ends = [_day(word.strip()) for word in item.split("-")]
        if len(ends) > 2:
            raise Misread(f"expected a day or a range of days, such as Mon-Thu, not {item.strip()!r}")
        first, last = ends[0], ends[-1]
        days |= {(first + i) % 7 for i in range((last - first) % 7 + 1)}
    return days


def _day(word: str) -> int:
    found = _DAY.get(word.casefold())
    if found is None:
        close = [DAYS[i] for i, full in enumerate(_FULL) if full.casefold().startswith(word.casefold()) and word]
        raise Misread(f"expected days as {' '.join(DAYS)}, not {word!r}", close[:1] or nearest(word, DAYS))
    return found


def _slot(clock: str) -> int:
    hour, minute = (int(p) for p in clock.split(":"))
    if hour > 24 or minute > 59 or (hour == 24 and minute):
        raise Misread(f"expected times from 00:00 to 24:00, not {clock}")
    if minute % SLOT_MINUTES:
        raise Misread(f"expected times on a 15-minute grid, not {clock}")
    return hour * 4 + minute // SLOT_MINUTES


def _runs(day: int) -> list[tuple[int, int]]:
    """The first slot of each run of a day, and the one after its last."""
    return [match.span() for match in re.finditer("1+", f"{day:b}"[::-1])]


def _days(days: list[int]) -> str:
    """Days as ranges of three or more and single ones: ``Mon,Wed-Fri``."""
    words, i = [], 0
    while i < len(days):
        j = i
        while j + 1 < len(days) and days[j + 1] == days[j] + 1:
            j += 1
        words.append(DAYS[days[i]] if i == j else f"{DAYS[days[i]]}{',' if j == i + 1 else '-'}{DAYS[days[j]]}")
        i = j + 1
    return ",".join(words)


def _clock(slot: int) -> str:
    return f"{slot // 4:02}:{slot % 4 * SLOT_MINUTES:02}"
