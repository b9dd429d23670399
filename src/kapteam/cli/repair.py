"""``kapteam repair``: the cheapest changes that add most teams, or sessions."""

from __future__ import annotations

import time
from datetime import date
from pathlib import Path
from typing import Any

import click

from kapteam.advice.repair import Repairs, repair
from kapteam.advice.repair_sessions import repair_sessions
from kapteam.cli.interrupt import until_stopped
from kapteam.cli.load import loaded
from kapteam.cli.made_from import made_from
from kapteam.cli.options import Date, judging, provenance, unknown
from kapteam.cli.output import give_json, give_text, working
from kapteam.io.read import write as write_roster
from kapteam.records.problems import UsageError
from kapteam.sessions.calendar import MAX_WEEKS
from kapteam.sessions.engine import Limits


@click.command("repair")
@judging
@provenance
@unknown
@click.option("--for", "goal", type=click.Choice(["teams", "sessions"]), default="teams", show_default=True,
              help="What to add most of: therapists teamed, or sessions of the weeks of --week.")  # fmt: skip
@click.option("--week", metavar="DATE", type=Date(), default=None,
              help="With --for sessions: a day of the first week.  [default: the next Monday]")  # fmt: skip
@click.option("--weeks", metavar="N", type=click.IntRange(1, MAX_WEEKS), default=None,
              help="With --for sessions: how many weeks.  [default: 1]")  # fmt: skip
@click.option("--budget", metavar="DOLLARS", type=click.IntRange(0), default=None,
              help="What may be spent; the whole frontier is shown up to it.")  # fmt: skip
@click.option("--by", metavar="DATE", type=Date(), default=None,
              help="What is not done by then, counted from the day judged, is left out.")  # fmt: skip
@click.option("--time-limit", metavar="SECONDS", type=click.FloatRange(0), default=60, show_default=True,
              help="How long to look; what is not proven then says so.")  # fmt: skip
@click.option("--write", metavar="ROSTER", type=click.Path(path_type=Path), default=None,
              help="Write the roster with the last step's changes made (.xlsx, .json or a folder), to look at or to "
              "ask again.")  # fmt: skip
def command(
    as_json: bool,
    output: Path | None,
    provenance: bool,
    unknown: str,
    goal: str,
    week: date | None,
    weeks: int | None,
    budget: int | None,
    by: date | None,
    time_limit: float,
    write: Path | None,
    **asked: Any,
) -> None:
    """The cheapest changes that team most therapists, or add most sessions.

    They are registrations, riders, courses, agreements, hours on site, and answers to what nobody wrote down. Changes
    work together: the answer is the best set of them for each cost, proven. What it costs and how long it takes here is
    set in [remedies] of the practice file.
    """
    if write is not None and write.exists():
        raise UsageError(f"{str(write)!r} is there already: choose another name")
    if goal == "teams" and (week is not None or weeks is not None):
        raise UsageError("--week and --weeks are for --for sessions")
    links = loaded(**asked)
    limits = Limits(time.monotonic() + time_limit)
    options: dict[str, Any] = {"budget": budget, "by": by, "unknown": unknown}

    def look() -> Repairs:
        if goal == "teams":
            return repair(links, **options, limits=limits)
        return repair_sessions(links, week, weeks or 1, **options, limits=limits)

    with working("looking for the cheapest changes"):
        found = until_stopped(look, limits.stopped)
    if write is not None and found.frontier:
        write_roster(found.after(found.frontier[-1]), write)
        click.echo(f"wrote {write}, with {len(found.frontier[-1].changes)} changes made", err=True)
    made = made_from(
        provenance, links, "repair", **options, seconds=time_limit, sessions=goal == "sessions", week=week,
        weeks=weeks or 1,
    )  # fmt: skip
    if as_json:
        give_json(found.as_dict(), output, made)
        return
    from kapteam.show.repair import shown_repair

    give_text(shown_repair(found), output, made)
