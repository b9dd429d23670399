"""A plan of sessions read back from its JSON, whoever wrote it."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, timedelta, timezone
from typing import Any
from zoneinfo import ZoneInfo

import attrs
from attrs import frozen

from kapteam.records.problems import UsageError
from kapteam.records.roster import Roster
from kapteam.records.saved import structured


@frozen
class SavedSession:
    """One session of a saved plan, as the JSON contract has it."""

    site: str
    start: datetime
    prescribers: list[str]
    therapists: list[str]
    monitors: list[str] = attrs.field(factory=list)
    end: datetime | None = None
    room: int | None = None
    protocol: str | None = None
    demand: int | None = None
    points: int | None = None
    to_verify: list[str] | None = None
    uid: str | None = None
    sequence: int = 0

    @property
    def people(self) -> tuple[str, ...]:
        """Everyone in it, each once."""
        return tuple(dict.fromkeys([*self.prescribers, *self.therapists, *self.monitors]))


@frozen
class SavedWorth:
    """What a saved plan says it reaches; what it does not say is None."""

    value: int | None = None
    sessions: int | None = None
    points: int | None = None
    spread: int | None = None
    changes: int | None = None


@frozen
class SavedSchedule:
    """What a `schedule` document must hold to be judged again, or planned on; the rest of it is not needed."""

    sessions: list[SavedSession]
    objective: SavedWorth | None = None
    bound: SavedWorth | None = None
    gap: int | None = None
    status: str | None = None
    week: date | None = None
    weeks: int | None = None
    unknown: str = "exclude"
    cancelled: list[SavedSession] = attrs.field(factory=list)


def is_schedule(document: Any) -> bool:
    """Whether a document looks like a plan of sessions, and not like one of standing teams."""
    return isinstance(document, dict) and "sessions" in document and "teams" not in document


def saved_schedule(document: Any) -> SavedSchedule:
    """Read a plan's JSON document.

    Raises
    ------
    UsageError
        It is a plan of teams, or something that is needed is missing or of the wrong kind; every place is named.
    """
    if isinstance(document, dict) and "teams" in document:
        raise UsageError("this is no plan of `kapteam schedule --json`, but one of teams, of `kapteam match`")
    return structured(document, SavedSchedule, "kapteam schedule")


def feasible(plan: SavedSchedule, option: str) -> SavedSchedule:
    """A plan that may be kept or changed.

    Raises
    ------
    UsageError
        It is none, since what was to be kept broke a rule.
    """
    if plan.status == "infeasible":
        raise UsageError(f"{option} takes a plan, and this is none: it says that nothing keeps what was to be kept")
    return plan


def by_site_clocks(sessions: Iterable[SavedSession], roster: Roster) -> list[SavedSession]:
    """Sessions told by the clocks of their sites, by whatever clock they were saved; of other sites as they are."""
    zones = {s.site: ZoneInfo(str(s.timezone)) for s in roster.sites}
    return [_by_clock(s, zones[s.site]) if s.site in zones else s for s in sessions]


def _by_clock(session: SavedSession, zone: ZoneInfo) -> SavedSession:
    end = None if session.end is None else _told_by(session.end, zone)
    return attrs.evolve(session, start=_told_by(session.start, zone), end=end)


def _told_by(moment: datetime, zone: ZoneInfo) -> datetime:
    """A moment by a clock, with its offset alone: moments of one zone would be compared by what the clock shows."""
    there = moment.astimezone(zone)
    return there.replace(tzinfo=timezone(there.utcoffset() or timedelta()), fold=0)
