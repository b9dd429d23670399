"""Which changes of a roster add most teams, or sessions, for least money: a joint optimum, with the frontier."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from functools import cached_property
from typing import Any

import attrs
import numpy as np
from attrs import define, frozen

from kapteam.advice.catalogue import Catalogue
from kapteam.advice.changes import Change, Set, applied, lead
from kapteam.advice.check import Expiring, expiring
from kapteam.advice.doors import Edge, Market, Room
from kapteam.advice.frontier import frontier
from kapteam.advice.openings import Openings
from kapteam.advice.team_choices import team_choices
from kapteam.columns.logic import PASS, UNKNOWN
from kapteam.matching.match import match
from kapteam.network.links import Links
from kapteam.records.problems import UsageError
from kapteam.records.roster import Roster
from kapteam.sessions.engine import Limits


@frozen
class Weeks:
    """Weeks whose sessions are counted.

    Attributes
    ----------
    first : date
        A Monday.
    count : int
    weighed : bool
        Whether sessions count by the priority of the demand that they serve.
    """

    first: date
    count: int
    weighed: bool

    def as_dict(self) -> dict[str, Any]:
        """As the JSON contract has it."""
        return {"week": self.first.isoformat(), "weeks": self.count, "weighed": self.weighed}


@frozen(eq=False)
class Repair:
    """The cheapest changes that add so much.

    Attributes
    ----------
    adds : int
        How many more therapists are teamed, or how much more value the sessions have.
    dollars, days : int
        What all of it costs, and how long until it is done.
    changes : tuple of Change
        By what they are about.
    proven : bool
        Whether nothing cheaper of what is offered adds as many.
    """

    adds: int
    dollars: int
    days: int
    changes: tuple[Change, ...]
    proven: bool


@define(eq=False, slots=False)
class Repairs:
    """What can be repaired, and for how much: each cost at which more can be had.

    Attributes
    ----------
    links : Links
        Of the roster as it is.
    unknown : {"exclude", "allow"}
    budget : int or None
    by : date or None
    now : int
        Therapists teamed as it is, or the value of the best sessions as it is.
    offered : tuple of Change
        All that was considered.
    frontier : tuple of Repair
        The cheapest first; each adds more than the one before it.
    whole : bool
        Whether these are all; else, where very many could be added, there may be others between them.
    most : int
        What no changes of those offered add more than, within the budget.
    weeks : Weeks or None
        Those whose sessions are counted; None where teams are.
    """

    links: Links
    unknown: str
    budget: int | None
    by: date | None
    now: int
    offered: tuple[Change, ...]
    frontier: tuple[Repair, ...]
    whole: bool
    most: int
    weeks: Weeks | None = None

    @property
    def on(self) -> date:
        """The day judged."""
        return self.links.facts.day

    @cached_property
    def renewals(self) -> list[Expiring]:
        """What ends before the last step is done, and is taken to be renewed."""
        return expiring(self.links.facts, self.frontier[-1].days) if self.frontier else []

    def after(self, repair: Repair) -> Roster:
        """The roster with the changes of a repair made."""
        return applied(self.links.facts.roster, repair.changes)

    def as_dict(self) -> dict[str, Any]:
        """As the JSON contract has it."""
        return {
            "on": self.on.isoformat(),
            "for": "teams" if self.weeks is None else "sessions",
            "unknown": self.unknown,
            "budget": self.budget,
            "by": None if self.by is None else self.by.isoformat(),
            **({"teamed": self.now} if self.weeks is None else {**self.weeks.as_dict(), "value": self.now}),
            "most": self.most,
            "whole": self.whole,
            "renewals": [{**attrs.asdict(e), "expires": e.expires.isoformat()} for e in self.renewals],
            "repair": [
                {
                    "adds": r.adds, "dollars": r.dollars, "days": r.days, "proven": r.proven,
                    "remedies": [c.as_dict() for c in r.changes],
                }
                for r in self.frontier
            ],
            **self.links.supposition,
        }  # fmt: skip


#: With more links to try, even the program that finds the cheapest changes takes too long to write down.
MOST_LINKS = 1_000_000


class TooMany(UsageError):
    """There are more links to try than can be tried."""


def repair(
    links: Links,
    *,
    budget: int | None = None,
    by: date | None = None,
    unknown: str = "exclude",
    limits: Limits | None = None,
) -> Repairs:
    """The cheapest changes for each number of teams that they add.

    Parameters
    ----------
    links : Links
    budget : int, optional
        Dollars; what costs more is left out.
    by : date, optional
        What is not done by then, counted from the day judged, is left out.
    unknown : {"exclude", "allow"}
        Whether links on which a needed fact is unknown are used as it is; else finding facts out is offered as well.
    limits : Limits, optional
        When to stop looking; what is not proven then says so.

    Raises
    ------
    UsageError
        An option has no such value; ``TooMany`` where more than ``MOST_LINKS`` links would be judged.

    Notes
    -----
    All is judged on one day: what ends before the changes are done is taken to be renewed (``renewals`` names it).

    One 0/1 program: a column for each change, one for each way to open a person at a site (a set of changes), and the
    flow of the standing teams over links that are open or may be opened. Connected parts are solved apart, each for
    every number of teams that it can add, and put together by their costs.
    """
    days = days_left(links.facts.day, budget, by, unknown)
    least = UNKNOWN if unknown == "allow" else PASS
    plan = match(links, unknown=unknown)
    teamed = np.zeros(len(links.facts.people), bool)
    teamed[links.pairs.therapist_person[plan.rows]] = True
    could = Openings(links, Catalogue(links, days), least, days, teamed)
    if could.size > MOST_LINKS:
        raise TooMany(
            f"{could.size:,} links would have to be tried, with the hours that people might be given, and at most "
            f"{MOST_LINKS:,} can be: ask it of a part of the roster, such as one practice or a few sites"
        )
    market = _market(could)
    found = frontier(team_choices(market), limits or Limits(), budget)
    steps = tuple(Repair(s.adds, s.dollars, lead(s.changes), s.changes, s.proven) for s in found.steps)
    return Repairs(links, unknown, budget, by, plan.objective.teamed, market.changes, steps, found.whole, found.most)


def days_left(day: date, budget: int | None, by: date | None, unknown: str) -> int | None:
    """How many days there are until all must be done, the options being such that they can be asked."""
    if unknown not in ("exclude", "allow"):
        raise UsageError(f"unknown is one of exclude, allow; not {unknown!r}")
    if budget is not None and (not isinstance(budget, int) or budget < 0):
        raise UsageError(f"budget is a whole number of dollars, at least 0; not {budget!r}")
    if by is not None and (not isinstance(by, date) or by < day):
        raise UsageError(f"by is a date, not before the day judged ({day}); not {by!s}")
    return None if by is None else (by - day).days


def _market(could: Openings) -> Market:
    """Who may be teamed with whom, and what has to be done before."""
    pairs, facts = could.judged.pairs, could.facts
    doors: list[list[Set]] = []
    member_doors = {role: _numbered(could.ways(role), doors) for role in ("prescriber", "therapist")}
    able = np.ones(len(pairs), bool)
    for role in ("prescriber", "therapist"):
        shut = np.array([door is not None and not doors[door] for door in member_doors[role]], bool)
        able &= ~shut[could.judged.rows(role)]
    rows = np.flatnonzero(able)
    meetings, room = could.meetings(rows)
    own = [_numbered(ways, doors) for ways in (meetings, could.tied(rows))]
    edges: list[Edge] = []
    for at, row in enumerate(rows.tolist()):
        needs = [member_doors[role][int(could.judged.rows(role)[row])] for role in ("prescriber", "therapist")]
        needs += [numbers[at] for numbers in own]
        closed = tuple(sorted({door for door in needs if door is not None}))
        if all(doors[door] for door in closed):
            edges.append(Edge(int(pairs.prescriber_person[row]), int(pairs.therapist_person[row]), closed))
    capacity = {
        facts.person_code[person]: Room(base, tuple(zip(could.hours.get(person, ()), after, strict=True)))
        for person, (base, after) in room.items()
    }
    return Market(doors, edges, capacity)


def _numbered(ways: Sequence[list[Set] | None], doors: list[list[Set]]) -> list[int | None]:
    """The number of each door among all of them; None where there is none to open."""
    found: list[int | None] = []
    for one in ways:
        found.append(None if one is None else len(doors))
        if one is not None:
            doors.append(one)
    return found
