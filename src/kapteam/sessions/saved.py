"""A plan of sessions read back from its JSON, whoever wrote it."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

import attrs
from attrs import frozen

from kapteam.records.problems import UsageError


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
    import cattrs  # only a saved plan needs it
    from cattrs.strategies import configure_union_passthrough

    converter = cattrs.Converter(forbid_extra_keys=False)
    configure_union_passthrough(str | None, converter)
    converter.register_structure_hook(datetime, lambda value, _: _moment(value))
    converter.register_structure_hook(date, lambda value, _: date.fromisoformat(_text(value)))
    converter.register_structure_hook(int, lambda value, _: _whole(value))
    converter.register_structure_hook(str, lambda value, _: _text(value))
    try:
        return converter.structure(document, SavedSchedule)
    except Exception as error:  # cattrs gathers errors of every kind into groups
        reasons = "; ".join(cattrs.transform_error(error, path="plan"))
        raise UsageError(f"this is no plan of `kapteam schedule --json`: {reasons}") from None


def _moment(value: Any) -> datetime:
    moment = datetime.fromisoformat(_text(value))
    if moment.tzinfo is None:
        raise ValueError(f"expected a time with its offset, such as 2026-12-07T09:00:00-05:00, not {value!r}")
    return moment


def _whole(value: Any) -> int:
    if isinstance(value, bool) or not isinstance(value, int):
        raise TypeError(f"expected a whole number, not {value!r}")
    return value


def _text(value: Any) -> str:
    if not isinstance(value, str):
        raise TypeError(f"expected text, not {value!r}")
    return value
