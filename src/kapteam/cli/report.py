"""``kapteam report``: all of it in one file that opens from disk."""

from __future__ import annotations

import sys
import time
from datetime import date
from pathlib import Path
from typing import Any

import click

from kapteam.cli.files import Given
from kapteam.cli.interrupt import until_stopped
from kapteam.cli.load import loaded
from kapteam.cli.options import Date, days_ahead, judging, unknown
from kapteam.cli.output import give_json, give_plain, tell_problems, working
from kapteam.cli.schedule import Seconds
from kapteam.matching.match import match
from kapteam.records.problems import RosterError, UsageError
from kapteam.sessions.calendar import MAX_WEEKS
from kapteam.sessions.engine import Limits


@click.command("report")
@judging
@unknown
@click.option("--week", type=Date(),
              help="A day of the first week planned.  [default: the first Monday from the day judged on]")  # fmt: skip
@click.option("--weeks", metavar="N", type=click.IntRange(1, MAX_WEEKS), default=1, show_default=True,
              help="How many weeks are planned.")  # fmt: skip
@days_ahead
@click.option("--time-limit", metavar="SECONDS", type=Seconds(), default=20, show_default=True,
              help="How long to look for better sessions and repairs; what is not proven then says so.")  # fmt: skip
def command(
    as_json: bool, output: Path | None, unknown: str, week: date | None, weeks: int, within: int, time_limit: float,
    **asked: Any,
) -> int:  # fmt: skip
    """Teams, network, week, who is left out, what would help and what ends, as one HTML file that needs nothing else.

    It opens from disk in any browser, asks nothing of any network, and prints. Of a roster with errors it is the page
    of its errors, so that nobody takes an earlier report for this one. Without -o it goes to standard output; with
    --json what was written is told there.
    """
    if output is not None:
        Given(asked["roster"], [asked["practice"], asked["rules"]]).may_write("-o", output)
    elif as_json or sys.stdout.isatty():
        raise UsageError("a report goes to a file: give -o FILE, such as -o report.html")
    from kapteam.report.page import errors_page, report  # slow to load, and not needed for the help

    try:
        links = loaded(**asked)
    except RosterError as error:
        give_plain(errors_page(error.problems, of=_called(asked["roster"])), output)
        tell_problems(error, as_json)
        return 1
    limits = Limits(time.monotonic() + time_limit)
    with working("putting the report together"):
        plan = match(links, unknown=unknown)
        page = until_stopped(
            lambda: report(plan, week=week, weeks=weeks, within=within, limits=limits, of=_called(asked["roster"])),
            limits.stopped,
        )
    give_plain(page, output)
    if as_json:
        give_json({"on": plan.on.isoformat(), "file": str(output), **links.supposition})
    return 0


def _called(roster: str) -> str:
    """The name of the file or the folder, and not where it is."""
    return Path(roster).resolve().name
