"""What can be saved from the page: the roster as changed, the plans, the calendar, the report."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from attrs import frozen

from kapteam.io.read import write
from kapteam.matching.match import Plan
from kapteam.records.problems import UsageError
from kapteam.records.roster import Roster
from kapteam.sessions.engine import Limits
from kapteam.sessions.schedule import Schedule
from kapteam.show.calendars import write_calendars


@frozen
class Saved:
    """A file to be saved: its name, what kind of file it is, and what it holds."""

    name: str
    media: str
    content: bytes


def roster_file(roster: Roster) -> Saved:
    """The roster as a workbook."""
    media = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    return Saved("roster.xlsx", media, _written("roster.xlsx", lambda path: write(roster, path)))


def plan_file(plan: Plan) -> Saved:
    """The teams as `kapteam match --json` gives them."""
    return Saved("teams.json", "application/json", _document(plan.as_dict()))


def week_file(week: Schedule) -> Saved:
    """The sessions as `kapteam schedule --json` gives them."""
    _possible(week)
    return Saved("week.json", "application/json", _document(week.as_dict()))


def calendar_file(week: Schedule, now: datetime) -> Saved:
    """The sessions as a calendar."""
    _possible(week)
    content = _written("week.ics", lambda path: write_calendars(week, path, None, now))
    return Saved("week.ics", "text/calendar; charset=utf-8", content)


def report_file(plan: Plan, week: date, limits: Limits) -> Saved:
    """The report on the teams and that week, as one file."""
    from kapteam.report.page import report  # only who saves one needs it

    return Saved("report.html", "text/html; charset=utf-8", report(plan, week=week, limits=limits).encode())


def _possible(week: Schedule) -> None:
    if week.keeping.conflicts:
        raise UsageError("there is no plan to save: what has begun breaks a rule")


def _document(document: Any) -> bytes:
    return (json.dumps(document, ensure_ascii=False, indent=1) + "\n").encode()


def _written(name: str, write_to: Callable[[Path], None]) -> bytes:
    """What a file would hold, which is written to a folder that is gone afterwards."""
    with TemporaryDirectory(prefix="kapteam-") as folder:
        path = Path(folder) / name
        write_to(path)
        return path.read_bytes()
