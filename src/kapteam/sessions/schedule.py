"""The best sessions of some weeks: the plan, its proof, and what was to be kept."""

from __future__ import annotations

import math
import time
from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime, timedelta
from functools import cached_property
from typing import Any

import attrs
import numpy as np
from attrs import define, frozen

from kapteam.columns.lookup import Index
from kapteam.law.packs import Packs
from kapteam.records.hours import SLOTS_A_DAY
from kapteam.records.people import Absence
from kapteam.records.problems import UsageError
from kapteam.records.roster import Roster
from kapteam.rules.rule import Rule
from kapteam.sessions.calendar import Calendar
from kapteam.sessions.candidates import Candidates, candidates
from kapteam.sessions.days import Days, Fact
from kapteam.sessions.engine import NODES, Limits
from kapteam.sessions.identity import Identity, identities
from kapteam.sessions.kept import Conflict, Keeping, keeping
from kapteam.sessions.kinds import Kind, kinds_of
from kapteam.sessions.model import Model, model
from kapteam.sessions.onsite import OnSite, on_site
from kapteam.sessions.rooms import rooms
from kapteam.sessions.saved import SavedSchedule, SavedSession, by_site_clocks, feasible
from kapteam.sessions.solve import Fairness, Level, Progress, Solved, solve
from kapteam.sessions.starts import starting_early
from kapteam.sessions.verify import fair_to, in_weeks
from kapteam.sessions.why import reasons


@frozen
class Session:
    """One medicine session.

    Attributes
    ----------
    site : str
    room : int
        Numbered from 1.
    start, end : datetime
        On the site's clock, with the offset.
    prescribers, therapists, monitors : tuple of str
    protocol : str or None
        A name in ``[protocols]``; None is the default.
    demand : int or None
        The row of demand that it serves, numbered from 1.
    points : int
        The sum of its links' points.
    to_verify : tuple of str
        The rules, sorted, of which an unknown fact has to be verified before it is held.
    uid : str
        Its name in calendars; the same in the next plan where it is the same session.
    sequence : int
        How often it was changed since it was first planned.
    """

    site: str
    room: int
    start: datetime
    end: datetime
    prescribers: tuple[str, ...]
    therapists: tuple[str, ...]
    monitors: tuple[str, ...]
    protocol: str | None
    demand: int | None
    points: int
    to_verify: tuple[str, ...] = ()
    uid: str = ""
    sequence: int = 0

    @property
    def people(self) -> tuple[str, ...]:
        """Everyone in it, each once."""
        return tuple(dict.fromkeys([*self.prescribers, *self.therapists, *self.monitors]))

    def as_dict(self) -> dict[str, Any]:
        """As the JSON contract has it."""
        return {
            "site": self.site,
            "room": self.room,
            "start": self.start.isoformat(),
            "end": self.end.isoformat(),
            "prescribers": list(self.prescribers),
            "therapists": list(self.therapists),
            "monitors": list(self.monitors),
            "protocol": self.protocol,
            "demand": self.demand,
            "points": self.points,
            "to_verify": list(self.to_verify),
            "uid": self.uid,
            "sequence": self.sequence,
        }


@frozen
class Worth:
    """What a plan reaches, level by level; ``sessions`` is how many it has."""

    value: int
    sessions: int
    points: int
    spread: int
    changes: int


@define(eq=False, slots=False, repr=False)
class Schedule:
    """The best sessions of some weeks.

    Attributes
    ----------
    days : Days
        The roster, the calendar and the law of each day.
    there : OnSite
    kinds : list of Kind
    model : Model
    found : Candidates
    keeping : Keeping
        What was to be kept, and what stands against it.
    solved : Solved
    previous : SavedSchedule or None
        The plan from which as little as can be was changed.
    """

    days: Days
    there: OnSite
    kinds: list[Kind]
    model: Model
    found: Candidates
    keeping: Keeping
    solved: Solved
    previous: SavedSchedule | None

    @property
    def status(self) -> str:
        """``optimal`` where every level is proven, ``feasible`` where one is not, ``infeasible`` as told in reasons."""
        if self.keeping.conflicts:
            return "infeasible"
        return "optimal" if self.solved.optimal else "feasible"

    @property
    def objective(self) -> Worth:
        """What the plan reaches."""
        levels = self.solved.levels
        return Worth(
            levels["value"].reached, len(self.sessions), levels["points"].reached, levels["spread"].reached,
            levels["changes"].reached,
        )  # fmt: skip

    @property
    def bound(self) -> dict[str, int]:
        """What no plan exceeds in value and points; what none is below in spread and changes."""
        return {name: level.bound for name, level in self.solved.levels.items()}

    @property
    def gap(self) -> int:
        """How much value a better plan might have."""
        return self.solved.levels["value"].bound - self.solved.levels["value"].reached

    @property
    def proven(self) -> tuple[str, ...]:
        """The levels that are proven, in order; none where what was to be kept breaks a rule."""
        if self.keeping.conflicts:
            return ()
        return tuple(name for name, level in self.solved.levels.items() if level.proven)

    @cached_property
    def reasons(self) -> list[Conflict]:
        """Why what was to be kept cannot be; else why there are no more sessions."""
        return self.keeping.conflicts or reasons(self)

    @cached_property
    def to_verify(self) -> list[tuple[Fact, int]]:
        """The unknown facts that its sessions rest on, and in how many of them each is needed; the most first."""
        count: dict[Fact, int] = {}
        facts = self.days.facts(0)
        for s in self.sessions:
            start = self.days.calendar.slot(s.start)
            site = facts.site_code[s.site]
            assert start is not None
            people = [[facts.person_code[p] for p in those] for those in (s.prescribers, s.therapists, s.monitors)]
            day = int(self.days.calendar.clock[site, start]) // SLOTS_A_DAY
            for fact in self.days.to_verify(day, s.protocol, site, people[0][0], people[1], people[2]):
                count[fact] = count.get(fact, 0) + 1
        return sorted(count.items(), key=lambda one: (-one[1], one[0].people, one[0].site, one[0].rule))

    @property
    def sessions(self) -> tuple[Session, ...]:
        """By start, site and room."""
        return self._told[0]

    @property
    def cancelled(self) -> tuple[Session, ...]:
        """The sessions of the previous plan, in these weeks, that are no more."""
        return self._told[1]

    @property
    def was(self) -> dict[str, SavedSession]:
        """By uid: what a session was in the previous plan."""
        return self._told[2]

    @cached_property
    def _told(self) -> tuple[tuple[Session, ...], tuple[Session, ...], dict[str, SavedSession]]:
        sessions = _sessions(self.days, self.kinds, self.model, self.solved.x)
        cancelled = [] if self.previous is None else in_weeks(self.days.calendar, self.previous.cancelled)
        named, gone = identities(sessions, self._before, cancelled)
        told = [attrs.evolve(s, uid=i.uid, sequence=i.sequence) for s, (i, _) in zip(sessions, named, strict=True)]
        was = {i.uid: before for i, before in named if before is not None}
        return tuple(told), tuple(_cancelled(saved, identity) for saved, identity in gone), was

    @property
    def _before(self) -> list[SavedSession]:
        """The sessions of the previous plan that begin in these weeks, by the clock that they are told in."""
        return [] if self.previous is None else in_weeks(self.days.calendar, self.previous.sessions)

    def as_dict(self, *, why: bool = True) -> dict[str, Any]:
        """The plan as its JSON contract has it; ``why`` says whether with the reasons, which take a while."""
        return {
            "status": self.status,
            "week": self.days.calendar.monday.isoformat(),
            "weeks": self.days.calendar.weeks,
            "unknown": self.days.unknown,
            "objective": attrs.asdict(self.objective),
            "bound": self.bound,
            "gap": self.gap,
            "proven": list(self.proven),
            "sessions": [s.as_dict() for s in self.sessions],
            "cancelled": [s.as_dict() for s in self.cancelled],
            "reasons": [attrs.asdict(c) for c in self.reasons] if why else [],
            **self.days.roster.supposition,
        }

    def __repr__(self) -> str:
        worth, calendar = self.objective, self.days.calendar
        return (
            f"<Schedule from {calendar.monday} for {calendar.weeks} week{'s' * (calendar.weeks != 1)}: "
            f"{worth.sessions} session{'s' * (worth.sessions != 1)}, {worth.points:,} points, {self.status}>"
        )


def schedule(
    roster: Roster,
    week: date,
    weeks: int = 1,
    *,
    unknown: str = "exclude",
    previous: SavedSchedule | None = None,
    keep: Iterable[SavedSession] = (),
    cancel: Iterable[tuple[str, date]] = (),
    begun: datetime | None = None,
    seconds: float | None = None,
    nodes: int | None = None,
    house: Iterable[Rule] = (),
    packs: Packs | None = None,
    limits: Limits | None = None,
    progress: Progress | None = None,
) -> Schedule:
    """The best sessions: most value, then most points, then the smallest spread, then the fewest changes.

    Parameters
    ----------
    roster : Roster
    week : date
        A day of the first week.
    weeks : int
    unknown : {"exclude", "allow"}
        Whether links on which a needed fact is unknown are used.
    previous : SavedSchedule, optional
        The plan from which as little as can be is changed.
    keep : iterable of SavedSession
        Sessions that must stay as they are.
    cancel : iterable of (practitioner, date)
        Who is not there on a date after all: what they do not touch of ``previous`` stays as it is.
    begun : datetime, optional
        What begins before it is left as it is in ``previous``, and nothing else begins before it. Without an offset
        it is told by the clock of each site.
    seconds : float, optional
        How long to look for something better.
    nodes : int, optional
        How many branches to look at in each part: a limit that is the same on every machine.
    house : iterable of Rule
    packs : Packs, optional
    limits : Limits, optional
        Instead of ``seconds`` and ``nodes``; its ``stopped`` may be set by another thread.
    progress : callable, optional

    Returns
    -------
    Schedule
        With ``status`` ``infeasible`` where what is to be kept breaks a rule.

    Raises
    ------
    UsageError
        An option has no such value, a cancellation touches nothing, or a plan is infeasible or of another roster.
    """
    if unknown not in ("exclude", "allow"):
        raise UsageError(f"unknown is one of exclude, allow; not {unknown!r}")
    if limits is None:
        limits = Limits(math.inf if seconds is None else time.monotonic() + seconds, nodes or NODES)
    cancel = [(roster.person(id).practitioner, day) for id, day in cancel]
    if previous is not None:
        previous = attrs.evolve(previous, sessions=by_site_clocks(feasible(previous, "--previous").sessions, roster))
    roster = _without(roster, cancel)
    sites = tuple(sorted(roster.sites, key=lambda s: s.site))
    calendar = Calendar.of(sites, week, weeks)
    days = Days.of(roster, calendar, unknown, house, packs)
    facts = days.facts(0)
    there = on_site(roster, calendar, facts.person_code, facts.site_code)
    kinds = kinds_of(roster, facts.site_code)
    held = keeping(days, there, kinds, previous, by_site_clocks(keep, roster), cancel, begun)
    kinds = held.kinds
    found = _candidates(days, there, kinds, held)
    problem = model(days, there, kinds, found, held.held, held.previous)
    changes = problem.saved if previous is not None else None
    solved = solve(problem.program, _fairness(days, problem), changes, limits, progress)
    if previous is not None:
        level = solved.levels["changes"]
        count = len(in_weeks(calendar, previous.sessions))
        level = Level(level.reached + count, max(0, level.bound + count), level.proven)
        solved = attrs.evolve(solved, levels={**solved.levels, "changes": level})
    return Schedule(days, there, kinds, problem, found, held, solved, previous)


def _without(roster: Roster, cancel: Iterable[tuple[str, date]]) -> Roster:
    """The roster with those absent who are cancelled."""
    away = [Absence(practitioner=id, start=day, end=day) for id, day in cancel]
    return roster.with_absences(away) if away else roster


def _candidates(days: Days, there: OnSite, kinds: Sequence[Kind], held: Keeping) -> Candidates:
    found = candidates(days, there, kinds[: held.own_kinds])
    if held.not_before is not None and len(found):
        site = np.array([k.site for k in kinds])[found.kind]
        found = found.take(found.start >= held.not_before[site])
    return starting_early(days, there, kinds[: held.own_kinds], found, held.matters)


def _fairness(days: Days, problem: Model) -> Fairness:
    therapists = fair_to(days)
    column, person = problem.sitting
    # Someone who sits in a session that has begun, and may not be used any more, is nobody's to be fair to.
    known = np.isin(person, therapists)
    return Fairness(column[known], np.searchsorted(therapists, person[known]), len(therapists))


def _sessions(days: Days, kinds: Sequence[Kind], problem: Model, x: Index) -> tuple[Session, ...]:
    """The sessions of a solution, each with the row of demand that it serves and a room."""
    facts, calendar = days.facts(0), days.calendar
    chosen = problem.chosen(x)
    by_site: dict[int, list[int]] = {}
    order = sorted(range(len(chosen)), key=lambda i: (chosen[i].start, chosen[i].prescriber, chosen[i].therapists))
    for i in order:
        by_site.setdefault(kinds[chosen[i].kind].site, []).append(i)
    found = []
    for site, mine in by_site.items():
        free = [chosen[i].start + kinds[chosen[i].kind].in_room for i in mine]
        for i, room in zip(mine, rooms([chosen[i].start for i in mine], free), strict=True):
            one, kind = chosen[i], kinds[chosen[i].kind]
            open_facts = days.to_verify(one.day, kind.name, site, one.prescriber, one.therapists, one.monitors)
            start = calendar.moment(one.start, site)
            end = start.astimezone(UTC) + timedelta(minutes=kind.protocol.session_minutes)
            found.append(
                Session(
                    facts.sites[site],
                    room,
                    start,
                    end.astimezone(start.tzinfo),
                    (facts.people[one.prescriber],),
                    tuple(sorted(facts.people[t] for t in one.therapists)),
                    tuple(sorted(facts.people[m] for m in one.monitors)),
                    kind.name,
                    one.demand,
                    one.points,
                    tuple(sorted({fact.rule for fact in open_facts})),
                )
            )
    return tuple(sorted(found, key=lambda s: (s.start.astimezone(UTC), s.site, s.room)))


def _cancelled(saved: SavedSession, identity: Identity) -> Session:
    return Session(
        saved.site, saved.room or 0, saved.start, saved.end or saved.start, tuple(saved.prescribers),
        tuple(saved.therapists), tuple(saved.monitors), saved.protocol, saved.demand, saved.points or 0,
        tuple(saved.to_verify or ()), identity.uid, identity.sequence,
    )  # fmt: skip
