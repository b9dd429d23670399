"""``kapteam schedule``: the best medicine sessions of some weeks."""

from __future__ import annotations

import math
import re
import time
from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import click

from kapteam.api.provenance import Asked
from kapteam.cli.files import Given
from kapteam.cli.interrupt import Ticker, until_stopped
from kapteam.cli.load import read_with_rules
from kapteam.cli.options import Date, provenance, reading, unknown
from kapteam.cli.output import give_json, give_text, working
from kapteam.cli.saved import read_schedule
from kapteam.records.problems import UsageError
from kapteam.records.roster import Roster
from kapteam.sessions.calendar import MAX_WEEKS
from kapteam.sessions.engine import NODES, Limits
from kapteam.sessions.saved import SavedSchedule, SavedSession, by_site_clocks, feasible
from kapteam.sessions.schedule import Schedule, schedule
from kapteam.sessions.verify import weeks_to_plan


class Seconds(click.FloatRange):
    """So many seconds: any number from 0 on."""

    def __init__(self) -> None:
        super().__init__(0)

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> float:
        """Read a number, or fail as click's own types do: what is no number lies in no range."""
        number: float = super().convert(value, param, ctx)
        if math.isnan(number):
            self.fail(f"{value!r} is no number of seconds", param, ctx)
        return number


@click.command("schedule")
@reading
@provenance
@unknown
@click.option("--week", type=Date(),
              help="A day of the first week.  [default: that of --previous; else next Monday, or today]")  # fmt: skip
@click.option("--weeks", metavar="N", type=click.IntRange(1, MAX_WEEKS), default=None,
              help="How many weeks.  [default: to the end of --previous; else 1]")  # fmt: skip
@click.option("--time-limit", metavar="SECONDS", type=Seconds(), default=60, show_default=True,
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
    provenance: bool,
    time_limit: float,
    effort: int,
    week: date | None,
    weeks: int | None,
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
    given = Given(asked["roster"], [asked["practice"], asked["rules"]])
    for option, path in (("-o", output), ("--csv", as_csv), ("--ics", ics)):
        if path is not None:
            given.may_write(option, path, folder=option == "--ics" and ics_per is not None)
    before = None if previous is None else read_schedule(previous, "--previous")
    cancelled = [_cancelled(text) for text in cancel]
    since = None if begun is None else _moment("--from", begun)
    roster, house = read_with_rules(**asked)
    first, many = weeks_to_plan(week, weeks, before, roster)
    stays = [session for text in keep for session in kept(text, before, roster)]
    limits = Limits(time.monotonic() + time_limit, effort)
    options: dict[str, Any] = {
        "unknown": unknown, "previous": before, "keep": stays, "cancel": cancelled, "begun": since,
    }  # fmt: skip

    def plan() -> Schedule:
        return schedule(roster, first, many, **options, house=house, limits=limits, progress=Ticker(_told))

    with working("looking for the best sessions"):
        found = until_stopped(plan, limits.stopped)

    asks = options | {"seconds": time_limit, "effort": effort}
    asked_of = Asked.of_weeks(roster, house, "schedule", first, many, asks)

    def answer() -> None:
        made = asked_of.provenance() if provenance else None
        if as_json:
            give_json(found.as_dict(), output, made)
            return
        from kapteam.show.week import shown_schedule

        give_text(shown_schedule(found), output, made)

    def table() -> None:
        from kapteam.io.sessions_csv import write_sessions

        if as_csv is not None:
            try:
                write_sessions([s.as_dict() for s in found.sessions], as_csv)
            except OSError as error:
                raise UsageError(f"cannot write {str(as_csv)!r}: {error.strerror}") from None

    def calendars() -> None:
        from kapteam.show.calendars import write_calendars

        if ics is not None:
            write_calendars(found, ics, ics_per, datetime.now(UTC))

    # The answer took a while: it is given whatever becomes of the files.
    _all_of([answer] if found.keeping.conflicts else [answer, table, calendars])
    return 1 if found.keeping.conflicts else 0


def _all_of(steps: Sequence[Callable[[], None]]) -> None:
    """Take every step, and tell then what went wrong first."""
    wrong: list[UsageError] = []
    for step in steps:
        try:
            step()
        except UsageError as error:
            wrong.append(error)
    if wrong:
        raise wrong[0]


def kept(text: str, before: SavedSchedule | None, roster: Roster) -> list[SavedSession]:
    """The sessions that one ``--keep`` names."""
    if text.casefold().endswith(".json"):
        return feasible(read_schedule(Path(text), "--keep"), "--keep").sessions
    site, at, start = text.rpartition("@")
    if not at or not site or not start:
        raise UsageError(f"--keep {text}: expected SITE@START, such as hudson@2026-12-08T09:00, or a .json plan")
    if before is None:
        raise UsageError(f"--keep {text}: give the plan that it is in with --previous")
    site, moment = roster.place(site).site, _moment("--keep", start)
    there = [s for s in by_site_clocks(before.sessions, roster) if s.site == site and _same(s.start, moment)]
    if not there:
        raise UsageError(f"--keep {text}: no session of --previous begins there at that time")
    return there


def _same(start: datetime, moment: datetime) -> bool:
    return start == moment if moment.tzinfo else start.replace(tzinfo=None) == moment


def _cancelled(text: str) -> tuple[str, date]:
    person, _, day = text.rpartition("@")
    if not person or not re.fullmatch(r"\d{4}-\d{2}-\d{2}", day):
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


def _told(level: str, share: float, reached: int, bound: int) -> str:
    words = {"spread": "no smaller than", "changes": "no fewer than"}.get(level, "at most")
    gap = f" (gap {abs(bound - reached) / reached:.1%})" if reached else ""
    return f"{level}: {share:.0%} done, {reached:,} so far, {words} {bound:,}{gap}"
