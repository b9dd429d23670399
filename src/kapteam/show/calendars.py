"""A plan of sessions written for people's calendars: one file, or one for each person or site."""

from __future__ import annotations

import re
from datetime import datetime
from pathlib import Path

from kapteam.io.ical import write_calendar
from kapteam.records.problems import UsageError
from kapteam.sessions.schedule import Schedule
from kapteam.show.events import events, per


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
        for id, theirs in per(plan, whom).items():
            # An id may hold what no file name may.
            name = re.sub(r"[^\w.-]", "_", id)
            write_calendar(theirs, path / f"{name}.ics", f"KAP sessions: {id}", now)
    except OSError as error:
        raise UsageError(f"cannot write {error.filename or str(path)!r}: {error.strerror}") from None
