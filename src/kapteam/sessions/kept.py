"""What of other plans stays: sessions that have begun, those to be kept, those that a cancellation does not touch."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, datetime, timedelta

import attrs
import numpy as np
from attrs import frozen

from kapteam.columns.facts import Bools
from kapteam.columns.lookup import Index
from kapteam.records.hours import SLOT_MINUTES
from kapteam.records.problems import UsageError, Violation
from kapteam.sessions.days import Days
from kapteam.sessions.judge import Judge, Key, Placed
from kapteam.sessions.kinds import Kind
from kapteam.sessions.model import Held
from kapteam.sessions.onsite import OnSite
from kapteam.sessions.saved import SavedSchedule, SavedSession


@frozen
class Conflict:
    """Why a session that was to be kept cannot be; an entry of ``reasons``.

    Attributes
    ----------
    about : str
        The session, or the person, by ids.
    constraint : str
        The rule that it breaks, or what else of the plan it does not keep.
    message : str
    """

    about: str
    constraint: str
    message: str


@frozen(eq=False)
class Keeping:
    """What of other plans stays.

    Attributes
    ----------
    kinds : list of Kind
        Every kind of session; those that only held sessions are of come last.
    own_kinds : int
        How many of them new sessions may be of.
    held : list of Held
        Sessions that the plan must have.
    previous : list of Key
        The sessions of the previous plan in these weeks.
    not_before : array of int or None
        By site: the first slot at which a new session may begin.
    matters : array of bool, shape (sites, slots)
        Starts that matter for the sake of other plans.
    conflicts : list of Conflict
    """

    kinds: list[Kind]
    own_kinds: int
    held: list[Held]
    previous: list[Key]
    not_before: Index | None
    matters: Bools
    conflicts: list[Conflict]


def keeping(
    days: Days,
    there: OnSite,
    kinds: Sequence[Kind],
    previous: SavedSchedule | None,
    keep: Sequence[SavedSession],
    cancel: Sequence[tuple[str, date]],
    begun: datetime | None,
) -> Keeping:
    """Decide what stays.

    Raises
    ------
    UsageError
        A previous plan is needed and not given, or is of another roster.
    """
    if previous is None and (cancel or begun is not None):
        raise UsageError("--cancel and --from start from a plan that exists: give it with --previous")
    return _Keeper(days, there, list(kinds)).kept(previous, keep, cancel, begun)


class _Keeper:
    """Holds what the steps share; lives for one call."""

    def __init__(self, days: Days, there: OnSite, kinds: list[Kind]) -> None:
        self.days, self.kinds, self.own = days, kinds, len(kinds)
        self.judge = Judge(days, there)
        self.calendar = days.calendar

    def kept(
        self,
        previous: SavedSchedule | None,
        keep: Sequence[SavedSession],
        cancel: Sequence[tuple[str, date]],
        begun: datetime | None,
    ) -> Keeping:
        before = list(self.placed_before(previous)) if previous is not None else []
        first = self.not_before(begun)
        past = [one for one in before if first is not None and one.start < first[one.kind.site]]
        wanted, conflicts = self.placed_to_keep(keep, past)
        for person, day in cancel:
            self.hits(before, person, day)
        if cancel:
            wanted += self.untouched(before, past, wanted, cancel)
        conflicts += [_conflict(v) for one in wanted for v in self.judge.alone(_unsaid(one))]
        if not conflicts:
            conflicts += [_conflict(v) for v in self.beside(past, wanted)]
        held = [self.held(one) for one in past + wanted]
        matters = np.zeros((len(self.calendar.sites), self.calendar.slots), bool)
        for one in before:
            matters[one.kind.site, one.start] = True
        for one in past + wanted:
            self.lets_go(matters, one)
        if first is not None:
            matters[np.arange(len(first)), first] = True
        return Keeping(self.kinds, self.own, held, [one.key for one in before], first, matters, conflicts)

    def placed_before(self, previous: SavedSchedule) -> Iterator[Placed]:
        """The sessions of the previous plan in these weeks; those with somebody who has left cannot stay."""
        known = 0
        for saved in previous.sessions:
            placed = self.judge.place(saved)
            if isinstance(placed, Placed):
                yield placed
            known += not {v.rule for v in placed} & {"site", "person"} if isinstance(placed, list) else 1
        if previous.sessions and not known:
            first = previous.sessions[0]
            raise UsageError(
                f"the previous plan is of another roster: nobody of {', '.join(first.people)} at {first.site} is here"
            )

    def placed_to_keep(self, keep: Sequence[SavedSession], past: list[Placed]) -> tuple[list[Placed], list[Conflict]]:
        found: list[Placed] = []
        conflicts: list[Conflict] = []
        seen = {one.key for one in past}
        for saved in keep:
            placed = self.judge.place(saved)
            if isinstance(placed, list):
                conflicts += map(_conflict, placed)
            elif placed.key not in seen:
                seen.add(placed.key)
                found.append(placed)
        return found, conflicts

    def hits(self, before: list[Placed], person: str, day: date) -> None:
        """Refuse a cancellation that touches nothing."""
        code, calendar = self.judge.facts.person_code[person], self.calendar
        mine = sorted({calendar.date(one.day) for one in before if code in one.everyone})
        if day in mine:
            return
        last = calendar.date(calendar.days - 1)
        if not calendar.monday <= day <= last:
            raise UsageError(f"--cancel {person}@{day}: that is not in the weeks planned, {calendar.monday} to {last}")
        others = f"; they are in some on {', '.join(map(str, mine))}" if mine else ""
        raise UsageError(f"--cancel {person}@{day}: they are in no session of the previous plan that day{others}")

    def beside(self, past: Sequence[Placed], others: Sequence[Placed]) -> list[Violation]:
        """What does not hold with some sessions that would hold without: what has begun is so, whatever it breaks."""
        forgiven = set(self.judge.together([_unsaid(one) for one in past]))
        return [v for v in self.judge.together([_unsaid(one) for one in (*past, *others)]) if v not in forgiven]

    def untouched(
        self, before: list[Placed], past: list[Placed], kept: list[Placed], cancel: Sequence[tuple[str, date]]
    ) -> list[Placed]:
        """What a cancellation leaves as it is: all that the person is not in on that date, and that still holds."""
        seen, found = {one.key for one in (*past, *kept)}, list[Placed]()
        gone = {(self.judge.facts.person_code[person], day) for person, day in cancel}
        for one in before:
            touched = any((person, self.calendar.date(one.day)) in gone for person in one.everyone)
            if not touched and one.key not in seen and not self.judge.alone(_unsaid(one)):
                found.append(one)
        while bad := self.beside(past, [*kept, *found]):
            # Something else of the roster has changed as well: the last session that it hits is planned anew.
            hit = {v.subject for v in bad}
            at = [i for i, o in enumerate(found) if o.label in hit or hit & {*o.saved.people, f"row {o.saved.demand}"}]
            if not at:
                break
            found.pop(at[-1])
        return found

    def not_before(self, begun: datetime | None) -> Index | None:
        """By site: the first slot that begins at the moment or later."""
        if begun is None:
            return None
        calendar = self.calendar
        if begun.tzinfo is None:
            zero = datetime.combine(calendar.monday, datetime.min.time())
            clock = -((zero - begun) // timedelta(minutes=SLOT_MINUTES))
            first = (calendar.clock >= clock).argmax(axis=1)
            return np.where((calendar.clock >= clock).any(axis=1), first, calendar.slots - 1)
        slot = -((calendar.origin - begun) // timedelta(minutes=SLOT_MINUTES))
        return np.full(len(calendar.sites), min(max(slot, 0), calendar.slots - 1))

    def held(self, one: Placed) -> Held:
        number = next((i for i, k in enumerate(self.kinds) if (k.site, k.name) == (one.kind.site, one.kind.name)), None)
        if number is None:
            self.kinds.append(one.kind)
            number = len(self.kinds) - 1
        row = one.saved.demand
        rows = self.judge.roster.demand
        fits = row is not None and 1 <= row <= len(rows) and rows[row - 1].site == one.saved.site
        return Held(
            number, one.start, one.day, one.prescriber, one.therapists, one.monitors, one.points, one.in_person,
            row if fits else None,
        )  # fmt: skip

    def lets_go(self, matters: Bools, one: Placed) -> None:
        """Mark where a session that stays lets go of a room, or of somebody."""
        kind = one.kind
        for length in (kind.length, kind.dosing, kind.until_elsewhere):
            matters[:, one.start + length] = True
        matters[kind.site, one.start + kind.in_room] = True


def _unsaid(one: Placed) -> Placed:
    """The session without what its plan says of room and points: those are found anew."""
    return attrs.evolve(one, saved=attrs.evolve(one.saved, room=None, points=None))


def _conflict(violation: Violation) -> Conflict:
    return Conflict(violation.subject, violation.rule, f"{violation.subject} {violation.message}")
