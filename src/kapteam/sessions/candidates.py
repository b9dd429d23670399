"""Who could begin a session where and when: every usable link at every start that fits it on real dates."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from attrs import fields, frozen

from kapteam.columns.facts import Bools
from kapteam.columns.lookup import Index
from kapteam.columns.policies import AVAILABLE, DOSING, THROUGHOUT
from kapteam.sessions.days import Days, Usable
from kapteam.sessions.kinds import Kind
from kapteam.sessions.onsite import OnSite

_BLOCK = 1 << 14  # links whose days are looked at together


@frozen(eq=False)
class Candidates:
    """One row per kind, start and link, in that order.

    Attributes
    ----------
    kind, start, day, prescriber, therapist, points : array of int
        ``day`` is the local date of the start, as the calendar numbers it.
    in_person : array of bool
        Whether the prescriber is needed at the site.
    """

    kind: Index
    start: Index
    day: Index
    prescriber: Index
    therapist: Index
    points: Index
    in_person: Bools

    def __len__(self) -> int:
        return len(self.kind)

    def take(self, rows: Index | Bools) -> Candidates:
        """Some of the rows."""
        return Candidates(*(getattr(self, f.name)[rows] for f in fields(Candidates)))


def candidates(days: Days, there: OnSite, kinds: Sequence[Kind], from_slot: int = 0) -> Candidates:
    """Every candidate of the horizon that begins at ``from_slot`` or later."""
    calendar = days.calendar
    local_day = calendar.day
    parts: list[Candidates] = []
    for number, kind in enumerate(kinds):
        for day in range(calendar.days):
            slots = np.flatnonzero(local_day[kind.site] == day)
            slots = slots[slots >= from_slot]
            usable = days.usable(day, kind.name)
            rows = np.flatnonzero(usable.site == kind.site)
            # A prescriber who may oversee no session at all oversees none.
            rows = rows[days.concurrency(day)[usable.prescriber[rows]] > 0]
            for begin in range(0, len(rows), _BLOCK):
                block = rows[begin : begin + _BLOCK]
                fits = fits_at(there, kind, usable, block, slots)
                link, slot = np.nonzero(fits)
                link = block[link]
                parts.append(
                    Candidates(
                        np.full(len(link), number),
                        slots[slot],
                        np.full(len(link), day),
                        usable.prescriber[link],
                        usable.therapist[link],
                        usable.points[link],
                        (usable.level[link] >= DOSING) | (usable.prescriber[link] == usable.therapist[link]),
                    )
                )
    if not parts:
        nothing = np.empty(0, np.int64)
        return Candidates(nothing, nothing, nothing, nothing, nothing, nothing, np.empty(0, bool))
    found = Candidates(*(np.concatenate([getattr(p, f.name) for p in parts]) for f in fields(Candidates)))
    return found.take(np.lexsort((found.therapist, found.prescriber, found.start, found.kind)))


def fits_at(there: OnSite, kind: Kind, usable: Usable, rows: Index, slots: Index) -> Bools:
    """By link and slot: whether the start fits."""
    prescriber, therapist, level = usable.prescriber[rows], usable.therapist[rows], usable.level[rows]
    site = np.full(len(rows), kind.site)
    fits = there.starts(kind.length)[np.ix_(there.row(therapist, site), slots)]
    other = prescriber != therapist  # one person who is both is there as the therapist has to be
    for asked, length in ((THROUGHOUT, kind.length), (DOSING, kind.dosing)):
        these = np.flatnonzero((level == asked) & other)
        if len(these):
            at = there.row(prescriber[these], site[these])
            fits[these] &= there.starts(length)[np.ix_(at, slots)]
    these = np.flatnonzero((level == AVAILABLE) & other)
    if len(these):
        fits[these] &= there.anywhere_starts(kind.dosing)[np.ix_(prescriber[these], slots)]
    return fits
