"""Which changes of a roster add most sessions for least money, in the weeks of a calendar."""

from __future__ import annotations

import time
from datetime import date

from kapteam.advice.catalogue import Catalogue
from kapteam.advice.changes import applied, lead
from kapteam.advice.frontier import frontier
from kapteam.advice.repair import Repair, Repairs, Weeks, days_left
from kapteam.advice.session_choices import session_choices
from kapteam.network.links import Links
from kapteam.records.roster import Roster
from kapteam.sessions.calendar import Calendar, next_monday
from kapteam.sessions.days import Days
from kapteam.sessions.engine import Limits
from kapteam.sessions.most import most_value

#: For how many seconds changed rosters are asked what they add, where the time to look is over.
_ASKING = 10


def repair_sessions(
    links: Links,
    week: date | None = None,
    weeks: int = 1,
    *,
    budget: int | None = None,
    by: date | None = None,
    unknown: str = "exclude",
    limits: Limits | None = None,
) -> Repairs:
    """The cheapest changes for each value that they add to the sessions of some weeks.

    Parameters
    ----------
    links : Links
        Of the roster on the day from which lead times count.
    week : date, optional
        A day of the first week; that of the next Monday where none is given.
    weeks : int
    budget, by, unknown, limits
        As in :func:`kapteam.advice.repair.repair`.

    Raises
    ------
    UsageError
        An option has no such value.

    Notes
    -----
    The weeks are judged day by day, as if all changes were made before them: they stand for the weeks to come. The
    value is that of :func:`kapteam.sessions.schedule.schedule`: a session counts once, or by the priority of the demand
    that it serves.

    One 0/1 program: that of the calendar, over every session that some of the changes make possible, with a column for
    each change and rows that let a session be held only behind open doors (see ``session_choices``). What a step is
    said to add is then asked of the changed roster itself; where it is less or more than the program has it, as where
    hours that somebody is given are in the way of others that they had, the step says that it is not proven.
    """
    day, limits = links.facts.day, limits or Limits()
    left = days_left(day, budget, by, unknown)
    roster = links.facts.roster
    calendar = Calendar.of(tuple(sorted(roster.sites, key=lambda s: s.site)), week or next_monday(day), weeks)
    weighed = any(row.priority != 1 for row in roster.demand)
    about = Weeks(calendar.monday, weeks, weighed)

    def planned(as_it_would_be: Roster) -> Days:
        return Days.of(as_it_would_be, calendar, unknown, links.rulebook.house, links.facts.law.packs)

    days = planned(roster)
    now = most_value(days, limits)
    catalogues: list[Catalogue] = []
    for number in days.different():
        catalogues.append(Catalogue(days.links(number, None), left, catalogues[0].made if catalogues else None))
    choices = session_choices(days, catalogues, left)
    found = frontier(choices, limits, budget)
    steps: list[Repair] = []
    asking = Limits(max(limits.deadline, time.monotonic() + _ASKING), limits.nodes, limits.stopped)
    for step in reversed(found.steps):  # the one that adds most first: it is told whatever the time
        if steps and asking.over:
            break
        then = most_value(planned(applied(roster, step.changes)), Limits(nodes=limits.nodes))
        adds = then.reached - now.reached
        proven = step.proven and now.proven and then.proven and adds == step.adds
        if adds > 0 and (not steps or adds < steps[-1].adds):
            steps.append(Repair(adds, step.dollars, lead(step.changes), step.changes, proven))
    steps.reverse()
    whole = found.whole and len(steps) == len(found.steps)
    most = max([found.most, *(s.adds for s in steps)])
    return Repairs(links, unknown, budget, by, now.reached, choices.changes, tuple(steps), whole, most, about)
