"""What to mend, as one joint optimum; beside what a person would do: the best single change, again and again."""

from __future__ import annotations

import time
from collections.abc import Iterator

from instances import DAY, roster
from rows import Row, times_faster

from kapteam.advice.changes import Change, applied
from kapteam.advice.repair import Repairs, repair
from kapteam.demo import practice_folder
from kapteam.io.read import read
from kapteam.matching.match import match
from kapteam.network.links import Links, judged_links
from kapteam.records.roster import Roster
from kapteam.sessions.engine import Limits

#: Seconds that are allowed, by people; each is a goal.
GOALS = {40: 1.0, 1_000: 10.0, 10_000: 120.0}


def measured(sizes: list[int], seeds: int) -> Iterator[Row]:
    """A row for each size and seed: the whole frontier, or as much of it as is found in the time."""
    for people, seed in [(n, s) for n in sizes for s in range(1 if n == 40 else min(seeds, 2))]:
        goal = GOALS.get(people, 120.0)
        found = read(practice_folder()) if people == 40 else roster(people, seed)
        links = judged_links(found, DAY)
        begin = time.process_time()
        answer = repair(links, limits=Limits(time.monotonic() + goal))
        seconds = time.process_time() - begin
        steps = answer.frontier
        reached = steps[-1].adds if steps else 0
        kinds = "whole frontier" if answer.whole else "corners of the frontier"
        proven = sum(step.proven for step in steps)
        yield Row(
            what=f"repair: {kinds}, {len(steps)} steps, {proven} proven; {reached:,} more of at most {answer.most:,}",
            instance="the shipped practice" if people == 40 else f"{people:,} people, seed {seed}",
            links=len(links),
            seconds=seconds,
            goal=f"{goal:g} s",
            met=seconds <= goal,
        )
        if people == 40:
            yield _beside(links, answer, seconds)


def _beside(links: Links, answer: Repairs, seconds: float) -> Row:
    """The best single change for its money, taken again and again, with as much money."""
    begin = time.process_time()
    dollars = answer.frontier[-1].dollars
    adds = _one_by_one(links, list(answer.offered), dollars)
    other = time.process_time() - begin
    most = answer.frontier[-1].adds
    return Row(
        what="repair: as many as can be, for as much money",
        instance="the shipped practice",
        links=len(links),
        seconds=seconds,
        beside="the best single change again and again, matching the roster anew for each",
        other=other,
        ratio=times_faster(seconds, other),
        same="yes" if adds == most else f"no: {adds} more, not {most}",
    )


def _one_by_one(links: Links, offered: list[Change], dollars: int) -> int:
    """How many more are teamed in the end."""
    roster_, day = links.facts.roster, links.facts.day
    base = now = match(links).objective.teamed
    while True:
        gains = []
        for change in offered:
            if change.dollars <= dollars:
                teamed = match(judged_links(applied(roster_, [change]), day)).objective.teamed
                gains.append((teamed - now, -change.dollars, change.key, change))
        best = max(gains, default=None, key=lambda gain: gain[:3])
        if best is None or best[0] <= 0:
            return now - base
        roster_, dollars = applied(roster_, [best[3]]), dollars - best[3].dollars
        now += best[0]
        offered = [c for c in offered if c.key != best[2] and _still(roster_, c)]


def _still(of: Roster, change: Change) -> bool:
    """Whether what a change writes otherwise is still as it was."""
    return all(any(row is old for row in of.table(old.table)) for old, _ in change.replace)
