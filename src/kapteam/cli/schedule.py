"""``kapteam schedule``: the best medicine sessions of some weeks."""

from __future__ import annotations

import re
import time
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import click

from kapteam.cli.interrupt import Ticker, until_stopped
from kapteam.cli.load import read_with_rules
from kapteam.cli.options import Date, reading, unknown
from kapteam.cli.output import give_json, give_text, working
from kapteam.cli.saved import read_schedule
from kapteam.records.problems import UsageError
from kapteam.sessions.calendar import MAX_WEEKS
from kapteam.sessions.engine import NODES, Limits
from kapteam.sessions.saved import SavedSchedule, SavedSession
from kapteam.sessions.schedule import Schedule, schedule


@click.command("schedule")
@reading
@unknown
@click.option("--week", type=Date(), help="A day of the first week.  [default: next Monday, or today if it is one]")
@click.option("--weeks", metavar="N", type=click.IntRange(1, MAX_WEEKS), default=1, show_default=True,
              help="How many weeks.")  # fmt: skip
@click.option("--time-limit", metavar="SECONDS", type=click.FloatRange(0), default=60, show_default=True,
              help="How long to look for something better; the plan says what of it is proven.")  # fmt: skip
@click.option("--effort", metavar="N", type=click.IntRange(1), default=NODES, show_default=True,
              help="Branches to look at in each part: a limit that is the same on every machine.")  # fmt: skip
@click.option("--previous", metavar="FILE", type=click.Path(path_type=Path),
              help="A saved plan, of which as little as can be is changed.")  # fmt: skip
@click.option("--from", "begun", metavar="DATETIME",
              help="What begins before it stays as in --previous, and nothing new begins before it.")  # fmt: skip
@click.option("--keep", multiple=True, metavar="FILE|SITE@START",
              help="Sessions that stay: all of a saved plan, or of --previous those of a site that begin at a time, "
              "such as hudson@2026-12-08T09:00. May be given again.")  # fmt: skip
@click.option("--cancel", multiple=True, metavar="PERSON@DATE",
              help="Somebody is not there on a date after all: what they do not touch of --previous stays. "
              "May be given again.")  # fmt: skip
@click.option("--csv", "as_csv", metavar="FILE", type=click.Path(path_type=Path, dir_okay=False),
              help="Write the sessions as a table as well.")  # fmt: skip
@click.option("--ics", metavar="PATH", type=click.Path(path_type=Path),
              help="Write them as iCalendar as well: a file, or a folder with --ics-per.")  # fmt: skip
@click.option("--ics-per", type=click.Choice(["practitioner", "site"]), help="One calendar for each.")
def command(
    as_json: bool,
    output: Path | None,
    time_limit: float,
    effort: int,
    week: date | None,
    weeks: int,
    unknown: str,
    previous: Path | None,
    begun: str | None,
    keep: tuple[str, ...],
    cancel: tuple[str, ...],
    as_csv: Path | None,
    ics: Path | None,
    ics_per: str | None,
    **asked: Any,
) -> int:
    """The best medicine sessions: most value, then most points, a small spread, few changes; each with its proof."""
    if ics_per and ics is None:
        raise UsageError("--ics-per needs --ics FOLDER")
    before = None if previous is None else read_schedule(previous)
    stays = [session for text in keep for session in kept(text, before)]
    cancelled = [_cancelled(text) for text in cancel]
    since = None if begun is None else _moment("--from", begun)
    roster, house = read_with_rules(**asked)
    limits = Limits(time.monotonic() + time_limit, effort)

    def plan() -> Schedule:
        return schedule(
            roster, week or _next_monday(date.today()), weeks, unknown=unknown, previous=before, keep=stays,
            cancel=cancelled, begun=since, house=house, limits=limits, progress=Ticker(_told),
        )  # fmt: skip

    with working("looking for the best sessions"):
        found = until_stopped(plan, limits.stopped)
    if as_csv is not None:
        from kapteam.io.sessions_csv import write_sessions

        write_sessions([s.as_dict() for s in found.sessions], as_csv)
    if ics is not None:
        from kapteam.show.calendars import write_calendars

        write_calendars(found, ics, ics_per, datetime.now(UTC))
    if as_json:
        give_json(found.as_dict(), output)
    else:
        from kapteam.show.week import shown_schedule

        give_text(shown_schedule(found), output)
    return 1 if found.keeping.conflicts else 0


def kept(text: str, before: SavedSchedule | None) -> list[SavedSession]:
    """The sessions that one ``--keep`` names."""
    if text.casefold().endswith(".json"):
        return read_schedule(Path(text)).sessions
    site, at, start = text.rpartition("@")
    if not at:
        raise UsageError(f"--keep {text}: expected SITE@START, such as hudson@2026-12-08T09:00, or a .json plan")
    if before is None:
        raise UsageError(f"--keep {text}: give the plan that it is in with --previous")
    moment = _moment("--keep", start)
    there = [s for s in before.sessions if s.site == site and _same(s.start, moment)]
    if not there:
        raise UsageError(f"--keep {text}: no session of --previous begins there at that time")
    return there


def _same(start: datetime, moment: datetime) -> bool:
    return start == moment if moment.tzinfo else start.replace(tzinfo=None) == moment


def _cancelled(text: str) -> tuple[str, date]:
    person, at, day = text.rpartition("@")
    if not at or not re.fullmatch(r"\d{4}-\d{2}-\d{2}", day):
        raise UsageError(f"--cancel {text}: expected PERSON@DATE, such as ana@2026-12-08")
    try:
        return person, date.fromisoformat(day)
    except ValueError:
        raise UsageError(f"--cancel {text}: there is no such day") from None


def _moment(option: str, text: str) -> datetime:
    try:
        return datetime.fromisoformat(text)
    except ValueError:
        raise UsageError(
            f"{option} {text}: expected a date-time such as 2026-12-08T09:00, by the site's clock or with its offset"
        ) from None


def _next_monday(today: date) -> date:
    return today + timedelta(days=-today.weekday() % 7)


def _told(level: str, share: float, reached: int, bound: int) -> str:
    words = {"spread": "no smaller than", "changes": "no fewer than"}.get(level, "at most")
    return f"{level}: {share:.0%} done, {reached:,} so far, {words} {bound:,}"
