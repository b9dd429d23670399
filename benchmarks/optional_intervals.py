"""CP-SAT with optional intervals, as the shift-scheduling and job-shop examples of OR-Tools have it.

A session that may be is an optional interval with a start of its own; who may sit or watch in it has an optional
interval with the same start. Nobody's intervals overlap (``no_overlap``, or ``cumulative`` where a prescriber may
oversee several), rooms are ``cumulative``, and between two sites one of two sessions comes first. A link may have as
many sessions on a day as fit one after the other.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from itertools import combinations
from time import process_time
from typing import Any

import numpy as np
from attrs import define, field, frozen
from ortools.sat.python import cp_model
from questions import ANYTHING, Answer, Chosen, Question
from watch import stopping

from kapteam.columns.lookup import Index
from kapteam.sessions.candidates import Candidates
from kapteam.sessions.kinds import Kind


def optional_intervals(question: Question, seconds: float, workers: int = 2) -> Answer:
    """Most value, then most points, each within a limit of processor seconds.

    Parameters
    ----------
    question : Question
    seconds : float
        For each of the two levels.
    workers : int
    """
    begin = process_time()
    model = _Model(question)
    solver = cp_model.CpSolver()
    solver.parameters.num_workers = workers
    model.cp.maximize(sum(model.value))
    proven, ends = list[str](), dict[str, float]()
    with stopping(seconds, solver.stop_search):
        status = solver.solve(model.cp)
    ends["value"] = process_time() - begin
    if status not in (cp_model.OPTIMAL, cp_model.FEASIBLE):
        return Answer([], value_bound=round(solver.best_objective_bound), seconds=ends)
    sessions, bound = model.chosen(solver), round(solver.best_objective_bound)
    if status == cp_model.FEASIBLE:
        return Answer(sessions, bound, None, (), ends)
    proven.append("value")
    model.cp.add(sum(model.value) >= round(solver.objective_value))
    model.hint(solver)
    model.cp.maximize(sum(model.points))
    with stopping(seconds, solver.stop_search):
        status = solver.solve(model.cp)
    ends["points"] = process_time() - begin
    points_bound = round(solver.best_objective_bound)
    if status in (cp_model.OPTIMAL, cp_model.FEASIBLE):
        sessions = model.chosen(solver)
    if status == cp_model.OPTIMAL:
        proven.append("points")
    return Answer(sessions, bound, points_bound, tuple(proven), ends)


@frozen(eq=False)
class _Session:
    """A session that may be, and the literals of who is in it and of which row it serves."""

    kind: Kind
    prescriber: int
    present: Any
    start: Any
    sits: dict[int, Any]
    watches: dict[int, Any]
    serves: dict[int, Any]


@define(eq=False)
class _Model:
    """The CP-SAT model of a week."""

    question: Question
    cp: Any = field(factory=cp_model.CpModel)
    sessions: list[_Session] = field(factory=list)
    value: list[Any] = field(factory=list)
    points: list[Any] = field(factory=list)
    # By person and day: intervals, and how much of a prescriber's attention each takes (None: all of it).
    busy: dict[tuple[int, int], list[tuple[Any, int | None]]] = field(factory=lambda: defaultdict(list))
    doses: dict[tuple[int, int], list[Any]] = field(factory=lambda: defaultdict(list))
    rooms: dict[tuple[int, int], list[Any]] = field(factory=lambda: defaultdict(list))
    rows: dict[int, list[Any]] = field(factory=lambda: defaultdict(list))
    takes_part: dict[tuple[int, int], list[Any]] = field(factory=lambda: defaultdict(list))
    trips: dict[tuple[int, int], list[tuple[Kind, Any, Any]]] = field(factory=lambda: defaultdict(list))

    def __attrs_post_init__(self) -> None:
        for kind, day, prescriber, found in self.question.groups():
            if kind.is_pair:
                for therapist in np.unique(found.therapist):
                    link = found.take(found.therapist == therapist)
                    self.alike(kind, day, prescriber, link, one_after_another(link.start, kind.length))
            else:
                times = one_after_another(np.unique(found.start), kind.length)
                rooms = self.question.days.calendar.sites[kind.site].rooms
                side_by_side = min(int(self.question.at_once[prescriber]), rooms)
                self.alike(kind, day, prescriber, found, times * side_by_side)
        self.limits()

    def alike(self, kind: Kind, day: int, prescriber: int, found: Candidates, count: int) -> None:
        """Sessions of the same people, of which the first ones are held first."""
        before = None
        for _ in range(count):
            one = self.session(kind, day, prescriber, found)
            if one is None:
                return
            if before is not None:
                self.cp.add_implication(one.present, before.present)
            before = one

    def session(self, kind: Kind, day: int, prescriber: int, found: Candidates) -> _Session | None:
        cp, asked = self.cp, kind.protocol
        watchers = self.question.watchers(kind, day)
        watchers.pop(prescriber, None)
        sitters = np.unique(found.therapist).tolist()
        rows = [(n, v, able) for n, v, able in self.question.rows(kind) if any(able[t] for t in sitters)]
        if not rows or len(sitters) < asked.therapists or len(watchers) < asked.monitors:
            return None
        present, start = cp.new_bool_var(""), cp.new_int_var_from_domain(_domain(found.start), "")
        one = _Session(kind, prescriber, present, start, {}, {}, {})
        needed_with = []
        for therapist in sitters:
            link = found.take(found.therapist == therapist)
            one.sits[therapist] = literal = present if kind.is_pair else cp.new_bool_var("")
            if not kind.is_pair:
                cp.add_linear_expression_in_domain(start, _domain(link.start)).only_enforce_if(literal)
            self.points.append(int(link.points[0]) * literal)
            if link.in_person[0]:
                needed_with.append(literal)
        for watcher, slots in watchers.items():
            one.watches[watcher] = literal = cp.new_bool_var("")
            cp.add_linear_expression_in_domain(start, _domain(slots)).only_enforce_if(literal)
        if not kind.is_pair:
            self.staffed(one)
        self.occupied(one, day, needed_with)
        self.served(one, rows)
        self.sessions.append(one)
        return one

    def staffed(self, one: _Session) -> None:
        """As many as the protocol asks for, all different, none who avoids another."""
        cp, asked = self.cp, one.kind.protocol
        cp.add(sum(one.sits.values()) == asked.therapists * one.present)
        cp.add(sum(one.watches.values()) == asked.monitors * one.present)
        members = [*one.sits.items(), *one.watches.items()]
        for (a, in_a), (b, in_b) in combinations(members, 2):
            if a == b or (a, b) in self.question.avoiding:
                cp.add_at_most_one(in_a, in_b)
        for watcher, literal in one.watches.items():
            if (watcher, one.prescriber) in self.question.avoiding:
                cp.add(literal == 0)

    def occupied(self, one: _Session, day: int, needed_with: Sequence[Any]) -> None:
        """Everybody's time, the room, and where somebody is needed."""
        cp, kind, prescriber = self.cp, one.kind, one.prescriber

        def interval(literal: Any, length: int) -> Any:
            return cp.new_optional_fixed_size_interval_var(one.start, length, literal, "")

        self.rooms[kind.site, day].append(interval(one.present, kind.in_room))
        self.doses[prescriber, day].append(interval(one.present, kind.dosing))
        solo = kind.is_pair and prescriber in one.sits
        self.takes_part[prescriber, day].append(one.present)
        if not solo:
            self.busy[prescriber, day].append((interval(one.present, kind.length), 1))
        for person, literal in (*one.sits.items(), *one.watches.items()):
            own = person == prescriber and not solo
            attention = int(self.question.at_once[person]) - 1 if own else None
            self.busy[person, day].append((interval(literal, kind.length), attention))
            if person != prescriber:
                self.takes_part[person, day].append(literal)
                self.trips[person, day].append((kind, one.start, literal))
        if kind.is_pair and needed_with:
            self.trips[prescriber, day].append((kind, one.start, one.present))
        elif needed_with:
            for literal in needed_with:
                self.trips[prescriber, day].append((kind, one.start, literal))

    def served(self, one: _Session, rows: list[tuple[int, int, Any]]) -> None:
        """Each session serves one row that one of its therapists is able to."""
        for number, value, able in rows:
            literal = one.present if len(rows) == 1 else self.cp.new_bool_var("")
            one.serves[number] = literal
            self.value.append(value * literal)
            if number != ANYTHING:
                self.rows[number].append(literal)
            with_it = [sits for therapist, sits in one.sits.items() if able[therapist]]
            if len(with_it) < len(one.sits):
                self.cp.add_bool_or(with_it).only_enforce_if(literal)
        if len(rows) > 1:
            self.cp.add(sum(one.serves.values()) == one.present)

    def limits(self) -> None:
        """What nobody may exceed."""
        cp, question = self.cp, self.question
        for (person, _), intervals in self.busy.items():
            most = max(1, int(question.at_once[person]))
            if most == 1:
                cp.add_no_overlap([one for one, attention in intervals if attention != 0])
            else:
                demands = [most if attention is None else attention for _, attention in intervals]
                cp.add_cumulative([one for one, _ in intervals], demands, most)
        for (person, _), intervals in self.doses.items():
            limit = question.people[person].max_concurrent_dosing
            if limit is not None:
                cp.add_cumulative(intervals, [1] * len(intervals), limit)
        for (site, _), intervals in self.rooms.items():
            cp.add_cumulative(intervals, [1] * len(intervals), question.days.calendar.sites[site].rooms)
        for number, literals in self.rows.items():
            cp.add(sum(literals) <= question.roster.demand[number - 1].sessions)
        weeks: dict[int, list[Any]] = defaultdict(list)
        for (person, _), literals in self.takes_part.items():
            weeks[person] += literals
            self.at_most(literals, question.people[person].max_sessions_per_day)
        for person, literals in weeks.items():
            self.at_most(literals, question.people[person].max_sessions_per_week)
        for trips in self.trips.values():
            for one, other in combinations(trips, 2):
                if one[0].site != other[0].site:
                    self.apart(one, other)

    def apart(self, one: tuple[Kind, Any, Any], other: tuple[Kind, Any, Any]) -> None:
        """Of two sessions at different sites one comes first, and leaves time for the way."""
        (kind, start, present), (kind_2, start_2, present_2) = one, other
        first = self.cp.new_bool_var("")
        self.cp.add(start + kind.until_elsewhere <= start_2).only_enforce_if(present, present_2, first)
        self.cp.add(start_2 + kind_2.until_elsewhere <= start).only_enforce_if(present, present_2, ~first)

    def at_most(self, literals: Iterable[Any], limit: int | None) -> None:
        if limit is not None:
            self.cp.add(sum(literals) <= limit)

    def hint(self, solver: Any) -> None:
        """The plan that was found, for the next level to begin with."""
        self.cp.clear_hints()
        for index in range(len(self.cp.proto.variables)):
            variable = self.cp.get_int_var_from_proto_index(index)
            self.cp.add_hint(variable, solver.value(variable))

    def chosen(self, solver: Any) -> list[Chosen]:
        return [
            Chosen(
                one.kind,
                solver.value(one.start),
                one.prescriber,
                tuple(t for t, literal in one.sits.items() if solver.value(literal)),
                tuple(w for w, literal in one.watches.items() if solver.value(literal)),
                next(row for row, literal in one.serves.items() if solver.value(literal)),
            )
            for one in self.sessions
            if solver.value(one.present)
        ]


def _domain(slots: Index) -> Any:
    return cp_model.Domain.from_values(np.unique(slots).tolist())


def one_after_another(starts: Index, length: int) -> int:
    """How many sessions fit, one after the other."""
    count, free = 0, -1
    for start in starts.tolist():
        if start >= free:
            count, free = count + 1, start + length
    return count
