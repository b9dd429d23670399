"""The starts that matter: no plan is better than the best one in which every session begins as early as it can."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from kapteam.columns.facts import Bools
from kapteam.sessions.candidates import Candidates
from kapteam.sessions.days import Days
from kapteam.sessions.kinds import Kind
from kapteam.sessions.onsite import OnSite


def starting_early(days: Days, there: OnSite, kinds: Sequence[Kind], found: Candidates, also: Bools) -> Candidates:
    """The candidates that begin at a start that matters; see :func:`early_starts`."""
    dosing = np.array([_or_large(days.roster.people[id].max_concurrent_dosing) for id in days.facts(0).people])
    most = np.max([days.concurrency(day) for day in days.different()], axis=0)
    return found.take(early_starts(there, kinds, found, also, dosing < most))


def early_starts(there: OnSite, kinds: Sequence[Kind], found: Candidates, also: Bools, few_dosing: Bools) -> Bools:
    """Which candidates begin at a start that matters.

    Parameters
    ----------
    there, kinds, found
        The candidates, and what they were made of.
    also : array of bool, shape (sites, slots)
        Further starts that matter: where a session of another plan begins, or lets go of something.
    few_dosing : array of bool, shape (people,)
        Who oversees fewer sessions in their dosing part at once than sessions.

    Returns
    -------
    array of bool
        By candidate.

    Notes
    -----
    Take a best plan and move its sessions, but those of the other plan, a quarter hour earlier one at a time, on the
    same date and with the same people, while no rule breaks. Value, points and everyone's count stay. Where it stops,
    each session begins where its date begins, where somebody's time on site begins, or when another session lets go
    of something: at its end (a person, a prescriber's attention), at the end of its dosing part, of its turnover, or
    of the way to another site. So the starts that matter grow from the first two by the lengths of sessions, as the
    *normal patterns* of cutting and packing do (Christofides and Whitlock 1977).
    """
    if not len(found):
        return np.empty(0, bool)
    site_of = np.array([k.site for k in kinds])
    possible = np.zeros((len(kinds), there.calendar.slots), bool)
    possible[found.kind, found.start] = True
    remote = from_elsewhere(there, kinds, found)
    matters = beginnings(there, remote) | also
    nearby = _nearby(there, remote)
    afar: Bools = np.asarray(remote.any(axis=1))
    doses = np.zeros(len(also), bool)
    doses[site_of[found.kind[few_dosing[found.prescriber]]]] = True
    grown = np.zeros_like(possible)
    while True:
        fresh: Bools = possible & matters[site_of] & ~grown
        if not fresh.any():
            break
        grown |= fresh
        for number, kind in enumerate(kinds):
            starts: Bools = fresh[number]
            if not starts.any():
                continue
            for step in {kind.length, kind.in_room, kind.dosing if doses[kind.site] else kind.length}:
                matters[kind.site] |= _later(starts, step)
            for site in np.flatnonzero(nearby[kind.site]).tolist():
                lets_go = {kind.until_elsewhere}
                if afar[site] or afar[kind.site]:
                    lets_go |= {kind.length, kind.dosing if doses[site] else kind.length}
                for step in lets_go:
                    matters[site] |= _later(starts, step)
    return np.asarray(grown[found.kind, found.start])


def from_elsewhere(there: OnSite, kinds: Sequence[Kind], found: Candidates) -> Bools:
    """By site and person: whether somebody could oversee a session there from elsewhere."""
    site_of = np.array([k.site for k in kinds], np.int64)
    remote = np.zeros((len(there.calendar.sites), there.people), bool)
    remote[site_of[found.kind[~found.in_person]], found.prescriber[~found.in_person]] = True
    return remote


def beginnings(there: OnSite, remote: Bools) -> Bools:
    """By site: where a date begins, and where the time begins of somebody who is there or oversees from elsewhere."""
    day, here = there.calendar.day, there.here[:-1]
    begins = np.zeros(day.shape, bool)
    begins[:, 1:] = day[:, 1:] != day[:, :-1]
    arrives = here.copy()
    arrives[:, 1:] &= ~here[:, :-1]
    for row, site in enumerate(there.site.tolist()):
        begins[site] |= arrives[row]
    for person in np.flatnonzero(remote.any(axis=0)):
        for row in np.flatnonzero(there.person == person).tolist():
            begins[remote[:, person]] |= arrives[row]
    return begins


def _nearby(there: OnSite, remote: Bools) -> Bools:
    """By two sites: whether somebody could be in a session at either."""
    at = remote.copy()
    at[there.site, there.person] = True
    shared = (at.astype(np.float32) @ at.T.astype(np.float32)) > 0
    np.fill_diagonal(shared, False)
    return np.asarray(shared)


def _later(starts: Bools, step: int) -> Bools:
    moved = np.zeros_like(starts)
    moved[step:] = starts[:-step]
    return moved


def _or_large(value: int | None) -> int:
    return 1 << 30 if value is None else value
