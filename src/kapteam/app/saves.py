"""What can be saved from the page: the roster as changed, the plans, the calendar, the report."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from datetime import date, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from attrs import frozen

from kapteam.app.tried import Tried, note
from kapteam.io.excel import write_workbook
from kapteam.matching.match import Plan
from kapteam.records.problems import UsageError
from kapteam.records.roster import Roster
from kapteam.sessions.engine import Limits
from kapteam.sessions.schedule import Schedule
from kapteam.show.calendars import write_calendars, write_what_if


@frozen
class Saved:
    """A file to be saved: its name, what kind of file it is, and what it holds."""

    name: str
    media: str
    content: bytes


#: What the name of a file begins with that holds what was tried, not what is.
WHAT_IF = "what-if-"


def roster_file(roster: Roster, tried: Sequence[Tried] = ()) -> Saved:
    """The roster as a workbook; a sheet that is not read back lists what was tried."""
    media = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    notes = {"what_if": note(tried)} if tried else {}
    content = _written("roster.xlsx", lambda path: write_workbook(roster, path, notes=notes))
    return Saved(_name("roster.xlsx", tried), media, content)


def plan_file(plan: Plan, tried: Sequence[Tried] = ()) -> Saved:
    """The teams as `kapteam match --json` gives them."""
    return Saved(_name("teams.json", tried), "application/json", _document(plan.as_dict()))


def week_file(week: Schedule, tried: Sequence[Tried] = ()) -> Saved:
    """The sessions as `kapteam schedule --json` gives them."""
    _possible(week)
    return Saved(_name("week.json", tried), "application/json", _document(week.as_dict()))


def calendar_file(week: Schedule, now: datetime, tried: Sequence[Tried] = ()) -> Saved:
    """The sessions as a calendar; where something was tried they are tentative."""
    _possible(week)

    def write(path: Path) -> None:
        if tried:
            write_what_if(week, path, now)
        else:
            write_calendars(week, path, None, now)

    return Saved(_name("week.ics", tried), "text/calendar; charset=utf-8", _written("week.ics", write))


def report_file(plan: Plan, week: date, limits: Limits, of: str, tried: Sequence[Tried] = ()) -> Saved:
    """The report on the teams and that week of a roster that is called so; it says what was tried."""
    from kapteam.report.page import report  # only who saves one needs it

    text = report(plan, week=week, limits=limits, of=of, tried=[t.sentence for t in tried])
    return Saved(_name("report.html", tried), "text/html; charset=utf-8", text.encode())


def _name(name: str, tried: Sequence[Tried]) -> str:
    return f"{WHAT_IF}{name}" if tried else name


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
