"""A plan of sessions read back from its JSON, whoever wrote it."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

import attrs
from attrs import frozen

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


def is_schedule(document: Any) -> bool:
    """Whether a document looks like a plan of sessions, and not like one of standing teams."""
    return isinstance(document, dict) and "sessions" in document and "teams" not in document


def saved_schedule(document: Any) -> SavedSchedule:
    """Read a plan's JSON document.

    Raises
    ------
    UsageError
        Something that is needed is missing or of the wrong kind; every place is named.
    """
    return structured(document, SavedSchedule, "kapteam schedule")
