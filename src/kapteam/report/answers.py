"""What a report says, asked once: the plan, the weeks, what would help, and what ends."""

from __future__ import annotations

import time
from datetime import date

from attrs import frozen

from kapteam.advice.check import Expiring, expiring
from kapteam.advice.ending import ended
from kapteam.advice.repair import Repairs, TooMany, repair
from kapteam.columns.logic import PASS, UNKNOWN
from kapteam.matching.match import Plan
from kapteam.matching.reoptimise import Solved
from kapteam.sessions.calendar import next_monday
from kapteam.sessions.engine import Limits
from kapteam.sessions.schedule import Schedule, schedule

#: Links above which what an end costs is not worked out: each end is a new judgement of all of them.
MOST_LINKS = 20_000


@frozen
class Ending(Expiring):
    """Something that ends soon, and what is lost if it is not renewed, after the best re-match.

    Attributes
    ----------
    teamed, points : int or None
        None where that was not worked out.
    """

    teamed: int | None = None
    points: int | None = None


@frozen(eq=False)
class Answers:
    """All that a report tells.

    Attributes
    ----------
    plan : Plan
    schedule : Schedule or None
        None where there is nothing to plan a week of.
    repairs : Repairs or None
        None where there is no plan to add to, or too much to try.
    endings : tuple of Ending
        The soonest first.
    within : int
        How many days were looked ahead.
    untried : str
        Why no repairs were looked for, where they might have been.
    """

    plan: Plan
    schedule: Schedule | None
    repairs: Repairs | None
    endings: tuple[Ending, ...]
    within: int
    untried: str = ""


def answers(
    plan: Plan,
    *,
    week: date | None = None,
    weeks: int = 1,
    within: int = 60,
    planned: Schedule | None = None,
    limits: Limits | None = None,
) -> Answers:
    """Ask all that a report tells.

    Parameters
    ----------
    plan : Plan
        The standing teams.
    week : date, optional
        A day of the first week to plan; the first Monday from the day judged on where none is given.
    weeks : int
        How many.
    within : int
        Days to look ahead for what ends.
    planned : Schedule, optional
        A plan of the same roster's sessions, to be told instead of a new one.
    limits : Limits, optional
        How long to look for better weeks and repairs; what is not proven then says so.
    """
    links, limits = plan.links, limits or Limits()
    roster, on = links.facts.roster, links.facts.day
    if planned is None and roster.hours:
        half = Limits(time.monotonic() + limits.seconds / 2, limits.nodes, limits.stopped)  # the rest is for repairs
        planned = schedule(
            roster, week or next_monday(on), weeks, unknown=plan.unknown, house=links.rulebook.house,
            packs=links.facts.law.packs, limits=half,
        )  # fmt: skip
    mended, untried = None, ""
    if not plan.conflicts:
        try:
            mended = repair(links, unknown=plan.unknown, limits=limits)
        except TooMany as error:
            untried = str(error)
    return Answers(plan, planned, mended, tuple(_endings(plan, within)), within, untried)


def _endings(plan: Plan, within: int) -> list[Ending]:
    links = plan.links
    if plan.conflicts or plan.max_partners > 1 or len(links) > MOST_LINKS:
        return [Ending(e.practitioner, e.what, e.expires) for e in expiring(links.facts, within)]
    solved = Solved.of(plan, most_points=sum(links.facts.law.practice.weights.values()))
    least = UNKNOWN if plan.unknown == "allow" else PASS
    found = [
        Ending(e.practitioner, e.what, e.expires, solved.teamed - after.teamed, solved.points - after.points)
        for e, after in ended(links, solved, least, within)
    ]
    return sorted(found, key=lambda e: (e.expires, e.practitioner or "", e.what))
