"""A saved plan of sessions judged again without a solver: every constraint, and what it says of itself."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from zoneinfo import ZoneInfo

import attrs
import numpy as np
from attrs import frozen

from kapteam.columns.lookup import Index
from kapteam.law.packs import Packs
from kapteam.records.problems import UsageError, Violation
from kapteam.records.roster import Roster
from kapteam.rules.rule import Rule
from kapteam.sessions.calendar import Calendar, next_monday
from kapteam.sessions.days import Days
from kapteam.sessions.judge import Judge, Placed
from kapteam.sessions.kinds import protocols_of
from kapteam.sessions.onsite import on_site
from kapteam.sessions.saved import SavedSchedule, SavedSession, SavedWorth, by_site_clocks


@frozen
class OpenFact:
    """Something that nobody wrote down, and whose it is; by ids."""

    rule: str
    practitioners: tuple[str, ...]
    site: str


@frozen
class Verified:
    """What came of it.

    Attributes
    ----------
    ok : bool
    violations : tuple of Violation
    objective : SavedWorth
        As it was added up again; ``changes`` is None where no previous plan was given.
    to_verify : tuple of OpenFact
        The unknown facts that its sessions rest on, where these were allowed.
    """

    ok: bool
    violations: tuple[Violation, ...]
    objective: SavedWorth
    to_verify: tuple[OpenFact, ...] = ()


def verify(
    plan: SavedSchedule,
    roster: Roster,
    *,
    previous: SavedSchedule | None = None,
    house: Iterable[Rule] = (),
    packs: Packs | None = None,
) -> Verified:
    """Judge a saved plan against a roster, for the weeks that it was made for.

    Parameters
    ----------
    plan : SavedSchedule
        Where it does not say of which weeks it is, those from its first session to its last.
    roster : Roster
    previous : SavedSchedule, optional
        The plan from which changes are counted.
    house : iterable of Rule
    packs : Packs, optional

    Notes
    -----
    Of the plan as a whole, ``objective`` and ``bound`` are what may not hold. Nothing proves from the
    plan alone that no other is better: each level's ``bound`` is only compared with what is reached.
    """
    plan = attrs.evolve(plan, sessions=by_site_clocks(plan.sessions, roster))
    if previous is not None:
        previous = attrs.evolve(previous, sessions=by_site_clocks(previous.sessions, roster))
    week, weeks = weeks_of(plan, roster)
    calendar = Calendar.of(tuple(sorted(roster.sites, key=lambda s: s.site)), week, weeks)
    days = Days.of(roster, calendar, plan.unknown, house, packs)
    facts = days.facts(0)
    judge = Judge(days, on_site(roster, calendar, facts.person_code, facts.site_code))
    placed: list[Placed] = []
    found: list[Violation] = []
    for saved in plan.sessions:
        one = judge.place(saved)
        if isinstance(one, Placed):
            placed.append(one)
            found += judge.alone(one)
        else:
            found += one
    found += judge.together(placed)
    found += _numbering(placed)
    value = sum(_value(roster, s) for s in plan.sessions)
    spread = _spread(placed, fair_to(days))
    changes = None if previous is None else _changes(judge, placed, previous)
    points = sum(sum(one.points) for one in placed)
    objective = SavedWorth(value, len(plan.sessions), points, spread, changes)
    found += _on_document(plan, objective)
    unknown = dict.fromkeys(fact for one in placed for fact in judge.unknown(one))
    open_facts = tuple(
        OpenFact(fact.rule, tuple(facts.people[p] for p in fact.people), facts.sites[fact.site]) for fact in unknown
    )
    return Verified(not found, tuple(found), objective, open_facts)


def fair_to(days: Days) -> Index:
    """The therapists of whom none should have many more sessions than another.

    Those who have a usable link on some day of the horizon, by the default protocol or a demanded one.
    """
    names = protocols_of(days.roster)
    usable = [days.usable(day, name).therapist for day in days.different() for name in names]
    return np.unique(np.concatenate(usable))


def weeks_of(plan: SavedSchedule, roster: Roster) -> tuple[date, int]:
    """The weeks of a plan: as it says, else those in which its sessions begin by the clocks of their sites."""
    if plan.week is not None and plan.weeks is not None:
        return plan.week, plan.weeks
    zones = {s.site: ZoneInfo(str(s.timezone)) for s in roster.sites}
    dates = [s.start.astimezone(zones.get(s.site, s.start.tzinfo)).date() for s in plan.sessions]
    if not dates:
        raise UsageError("the plan has no session and does not say of which weeks it is (week, weeks)")
    first = min(dates) - timedelta(days=min(dates).weekday())
    return plan.week or first, plan.weeks or (max(dates) - (plan.week or first)).days // 7 + 1


def weeks_to_plan(
    week: date | None, weeks: int | None, previous: SavedSchedule | None, roster: Roster
) -> tuple[date, int]:
    """The weeks to plan: as they are given, else those of the previous plan, else the one from the next Monday on."""
    monday = next_monday(date.today())
    if previous is None or (week is not None and weeks is not None):
        return week or monday, 1 if weeks is None else weeks
    start, many = weeks_of(previous, roster) if previous.sessions or previous.week else (monday, 1)
    first = week or start
    rest = many - (first - start).days // 7  # from a later week on, what is left of them
    return first, (rest if 1 <= rest <= many else 1) if weeks is None else weeks


def _numbering(placed: list[Placed]) -> Iterator[Violation]:
    """Rooms are numbered from 1, the lowest free one first."""
    for one in placed:
        room = one.saved.room
        if room is None:
            continue
        busy = {
            other.saved.room
            for other in placed
            if other is not one and other.kind.site == one.kind.site
            if other.start <= one.start < other.start + other.kind.in_room
        }
        if room < 1 or (free := [r for r in range(1, room) if r not in busy]):
            said = "is numbered from 1" if room < 1 else f"is not the lowest that is free: room {free[0]} is"
            yield Violation("rooms", one.label, f"room {room} {said}")


def _value(roster: Roster, session: SavedSession) -> int:
    if session.demand is not None and 1 <= session.demand <= len(roster.demand):
        return roster.demand[session.demand - 1].priority
    return 0 if any(row.site == session.site for row in roster.demand) else 1


def _spread(placed: list[Placed], therapists: Index) -> int:
    counts = dict.fromkeys(therapists.tolist(), 0)
    for one in placed:
        for therapist in one.therapists:
            if therapist in counts:
                counts[therapist] += 1
    return max(counts.values()) - min(counts.values()) if counts else 0


def _changes(judge: Judge, placed: list[Placed], previous: SavedSchedule) -> int:
    """Sessions of one plan and not of the other, in these weeks; one with somebody who has left is of one only."""
    inside = in_weeks(judge.calendar, previous.sessions)
    before = {one.key for saved in inside if isinstance(one := judge.place(saved), Placed)}
    now = {one.key for one in placed}
    return len(inside) + len(now) - 2 * len(before & now)


def in_weeks(calendar: Calendar, sessions: Iterable[SavedSession]) -> list[SavedSession]:
    """The sessions that begin in the weeks of a calendar, by the clocks that they are told in."""
    return [s for s in sessions if 0 <= (s.start.date() - calendar.monday).days < calendar.days]


def _on_document(plan: SavedSchedule, objective: SavedWorth) -> Iterator[Violation]:
    """What the plan says it reaches is what it adds up to, and its bound is no less."""
    if plan.status == "infeasible":
        yield Violation("objective", "plan", "is infeasible: there is no plan to verify")
    for name in ("value", "sessions", "points", "spread", "changes"):
        says = getattr(plan.objective, name) if plan.objective is not None else None
        adds = getattr(objective, name)
        if says is not None and adds is not None and says != adds:
            yield Violation("objective", "plan", f"says {name} {says}, but adds up to {adds}")
    for level, side in _SIDES.items():
        bound, reached = getattr(plan.bound, level, None), getattr(objective, level)
        if reached is None:  # changes, from a plan that is not at hand: as it says
            reached = getattr(plan.objective, level, None)
        if bound is None or reached is None:
            continue
        if side * bound < side * reached or (plan.status == "optimal" and bound != reached):
            most = "at most" if side > 0 else "at least"
            yield Violation("bound", "plan", f"says that {level} can be {most} {bound}, and it is {reached}")
    if plan.gap is not None and plan.bound is not None and plan.bound.value is not None and objective.value is not None:
        gap = plan.bound.value - objective.value
        if plan.gap != gap:
            yield Violation("bound", "plan", f"says a gap of {plan.gap}, and it is {gap}")


#: The levels, and whether more of each is better (1) or less (-1).
_SIDES = {"value": 1, "points": 1, "spread": -1, "changes": -1}
