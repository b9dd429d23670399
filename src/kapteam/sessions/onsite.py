"""Who is where on real dates: weekly hours of the day, less absences, on the clock of each site."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, time, timedelta

import numpy as np
from attrs import field, frozen

from kapteam.columns.facts import Bools
from kapteam.columns.lookup import Index, both
from kapteam.records.hours import SLOT_MINUTES, SLOTS_A_DAY, SLOTS_A_WEEK
from kapteam.records.people import Absence, Hours
from kapteam.records.roster import Roster
from kapteam.sessions.calendar import Calendar


@frozen(eq=False)
class OnSite:
    """One row per person and site where hours are written, sorted by site, then person; the last row is of nobody.

    Attributes
    ----------
    calendar : Calendar
    person, site : array of int
        Codes: positions among the sorted ids.
    here : array of bool, shape (rows + 1, slots)
        Whether the person is on site in that slot.
    people : int
        How many people the roster has.
    """

    calendar: Calendar
    person: Index
    site: Index
    here: Bools = field(repr=False)
    people: int
    _memo: dict[tuple[str, int], Bools] = field(factory=dict, init=False, repr=False)

    def row(self, person: Index, site: Index) -> Index:
        """The row of each person at a site; that of nobody where there is none."""
        keys, wanted = both(self.site, self.person), both(site, person)
        if not len(keys):
            return np.zeros(len(wanted), np.int64)
        place = np.minimum(np.searchsorted(keys, wanted), len(keys) - 1)
        return np.where(keys[place] == wanted, place, len(keys))

    def starts(self, length: int) -> Bools:
        """By row: the slots from which a person is there for ``length`` slots in a row."""
        if ("here", length) not in self._memo:
            self._memo["here", length] = _starts(self.here, length)
        return self._memo["here", length]

    def anywhere_starts(self, length: int) -> Bools:
        """By person: the slots from which they have hours at some site, slot by slot, for ``length`` slots."""
        if ("anywhere", length) not in self._memo:
            somewhere = np.zeros((self.people, self.calendar.slots), bool)
            for row, person in enumerate(self.person):
                somewhere[person] |= self.here[row]
            self._memo["anywhere", length] = _starts(somewhere, length)
        return self._memo["anywhere", length]


def on_site(
    roster: Roster,
    calendar: Calendar,
    people: dict[str, int],
    places: dict[str, int],
    absences: Iterable[Absence] | None = None,
    hours: Iterable[Hours] | None = None,
) -> OnSite:
    """Compile the hours and absences of a roster.

    Parameters
    ----------
    roster : Roster
    calendar : Calendar
    people, places : dict of str to int
        The codes of ids.
    absences : iterable of Absence, optional
    hours : iterable of Hours, optional
        Instead of the roster's own.
    """
    written = [row for row in (roster.hours if hours is None else hours) if row.when is not None]
    at = sorted({(places[row.site], people[row.practitioner]) for row in written})
    number = {key: i for i, key in enumerate(at)}
    here = np.zeros((len(at) + 1, calendar.slots), bool)
    day, of_week = calendar.day, calendar.of_week
    first = calendar.monday.toordinal()
    for row in written:
        assert row.when is not None
        site = places[row.site]
        week = np.frombuffer(row.when.slots.to_bytes(SLOTS_A_WEEK // 8, "little"), np.uint8)
        there = np.unpackbits(week, bitorder="little").view(bool)[of_week[site]]
        if row.from_ is not None:
            there &= day[site] >= row.from_.toordinal() - first
        if row.until is not None:
            there &= day[site] <= row.until.toordinal() - first
        here[number[site, people[row.practitioner]]] |= there
    away: dict[int, list[tuple[int, int]]] = {}
    for absence in roster.absences if absences is None else absences:
        away.setdefault(people[absence.practitioner], []).append(_clock_of(absence, calendar.monday))
    for (site, person), i in number.items():
        for begin, end in away.get(person, ()):
            here[i] &= (calendar.clock[site] < begin) | (calendar.clock[site] >= end)
    person_codes = np.array([p for _, p in at], np.int64)
    return OnSite(calendar, person_codes, np.array([s for s, _ in at], np.int64), here, len(people))


def _clock_of(absence: Absence, monday: date) -> tuple[int, int]:
    """The quarter hours on a site's clock that an absence touches, from the first up to the one after the last."""
    begin, end = absence.start, absence.end
    if not isinstance(begin, datetime):
        begin = datetime.combine(begin, time())
    if not isinstance(end, datetime):
        end = datetime.combine(end + timedelta(days=1), time()) if end < date.max else datetime.max
    slot, zero = timedelta(minutes=SLOT_MINUTES), datetime.combine(monday, time())
    return (begin - zero) // slot, -((zero - end) // slot)


def _starts(here: Bools, length: int) -> Bools:
    found, covered = here, 1
    while covered < length:
        step = min(covered, length - covered)
        later = np.zeros_like(found)
        later[:, :-step] = found[:, step:]
        found = found & later
        covered += step
    return found


assert SLOTS_A_DAY * SLOT_MINUTES == 24 * 60
