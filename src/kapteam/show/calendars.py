"""A plan of sessions written for people's calendars: one file, or one for each person or site."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from datetime import datetime
from hashlib import sha256
from pathlib import Path

import attrs

from kapteam.io.ical import Event, write_calendar
from kapteam.records.problems import UsageError
from kapteam.sessions.schedule import Schedule
from kapteam.show.events import events, per


def file_names(ids: Iterable[str]) -> dict[str, str]:
    """A file's name for each id, without what no file name may hold; no two are the same on any disk.

    Examples
    --------
    >>> file_names(["ana", "a b", "A_B"])
    {'ana': 'ana', 'a b': 'a_b-c8687a08', 'A_B': 'A_B-6c1908f9'}
    """
    plain = {id: re.sub(r"[^\w.-]", "_", id) for id in ids}
    count = Counter(name.casefold() for name in plain.values())
    return {
        id: name if count[name.casefold()] == 1 else f"{name}-{sha256(id.encode()).hexdigest()[:8]}"
        for id, name in plain.items()
    }


def write_calendars(plan: Schedule, path: Path, whom: str | None, now: datetime) -> None:
    """Write a plan as iCalendar.

    Parameters
    ----------
    plan : Schedule
    path : Path
        A file; a folder where there is one for each.
    whom : {"practitioner", "site"} or None
        For each of whom there is a calendar; None for one of all.
    now : datetime
        The moment that the calendars say they were made at.

    Raises
    ------
    UsageError
        The file or the folder cannot be written.
    """
    try:
        if whom is None:
            write_calendar(events(plan), path, "KAP sessions", now)
            return
        path.mkdir(parents=True, exist_ok=True)
        roster = plan.days.roster
        names = file_names(roster.people if whom == "practitioner" else roster.places)
        for id, theirs in per(plan, whom).items():
            write_calendar(theirs, path / f"{names[id]}.ics", f"KAP sessions: {id}", now)
    except OSError as error:
        raise UsageError(f"cannot write {error.filename or str(path)!r}: {error.strerror}") from None


def write_what_if(plan: Schedule, path: Path, now: datetime) -> None:
    """Write a plan that was only thought of as iCalendar, so that no calendar takes it for what will be.

    Its sessions are tentative and have names of their own: to read them in changes no session that is in a calendar
    already, and those that the plan cancels stay there.

    Parameters
    ----------
    plan : Schedule
    path : Path
    now : datetime
        The moment that the calendar says it was made at.
    """
    thought_of = [_thought_of(event) for event in events(plan) if not event.cancelled]
    write_calendar(thought_of, path, "What if: KAP sessions", now)


def _thought_of(event: Event) -> Event:
    return attrs.evolve(event, uid=f"what-if-{event.uid}", summary=f"What if: {event.summary}", tentative=True)
