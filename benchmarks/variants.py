"""Other ways to write and to solve the same week, for the study: each changes one thing of ``schedule``.

Those that write the program otherwise are context managers around a run of ``schedule``; those that solve it otherwise
take its program.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from itertools import combinations
from time import process_time
from typing import Any
from unittest.mock import patch

import numpy as np
from attrs import frozen
from watch import stopping

from kapteam.columns.lookup import Index
from kapteam.sessions import model, schedule, solve
from kapteam.sessions.candidates import Candidates
from kapteam.sessions.engine import Limits, best, highest
from kapteam.sessions.model import OVERSEES, SITS
from kapteam.sessions.program import INFINITY, Program, split, stacked
from kapteam.sessions.solve import Fairness


@frozen
class Ended:
    """Where a solver ended: what it reached and proved, and after how many processor seconds."""

    reached: int
    bound: int
    seconds: float

    @property
    def proven(self) -> bool:
        """Whether nothing is better."""
        return self.reached == self.bound


# -- the program written otherwise --


@contextmanager
def every_start() -> Iterator[None]:
    """A column for every quarter hour from which a session fits."""

    def all_of_them(there: Any, kinds: Any, found: Candidates, *_: Any) -> Any:
        return np.ones(len(found), bool)

    with patch.object(schedule, "early_starts", all_of_them):
        yield


@contextmanager
def whole() -> Iterator[None]:
    """All parts in one program."""

    def one(program: Program) -> list[tuple[Index, Program]]:
        return [(np.arange(program.columns), program)]

    with patch.object(solve, "split", one):
        yield


@contextmanager
def big_m() -> Iterator[None]:
    """Ways between sites by a big number: while one is at a session, as many as one likes elsewhere, or none."""

    def travel(self: Any) -> None:
        column, person, start, kind = (self.travels[name] for name in ("column", "person", "start", "kind"))
        if not len(column):
            return
        site = self.site[kind]
        until = start + np.array([k.until_elsewhere for k in self.kinds])[kind]
        pairs = np.unique(np.stack([person, site]), axis=1)
        for who in np.flatnonzero(np.bincount(pairs[0]) > 1):
            mine = np.flatnonzero(person == who)
            for i in mine:
                too_close = (start[mine] < until[i]) & (start[i] < until[mine]) & (site[mine] != site[i])
                others = column[mine[too_close]]
                if len(others):
                    entries = np.r_[others, column[i]]
                    weight = np.r_[np.ones(len(others), np.int64), len(others)]
                    at = np.zeros(len(entries), np.int64)
                    self.builder.rows(1, at, entries, weight, most=len(others), limit="travel", whose=who)

    with patch.object(model._Maker, "travel", travel):
        yield


@contextmanager
def tuples() -> Iterator[None]:
    """A column for every choice of people of a session with more than two."""
    with patch.object(model._Maker, "of_slots", _of_tuples):
        yield


def _of_tuples(self: Any, found: Candidates) -> None:
    if not len(found):
        return
    keys = np.stack([found.kind, found.start, found.prescriber])
    edges = np.flatnonzero(np.r_[True, (keys[:, 1:] != keys[:, :-1]).any(axis=0)])
    serving: dict[tuple[int, int], list[int]] = {}
    for first, last in zip(edges, [*edges[1:], len(found)], strict=True):
        _of_one(self, found.take(np.arange(first, last)), serving)
    for (row, week), columns in serving.items():
        most = self.left(row, np.array([week]))
        self.builder.rows(1, np.zeros(len(columns), np.int64), np.array(columns), most=most, limit="demand", whose=row)


def _of_one(self: Any, links: Candidates, serving: dict[tuple[int, int], list[int]]) -> None:
    """Every choice of people that a prescriber may be with from one start on."""
    number, start, day, prescriber = (int(x[0]) for x in (links.kind, links.start, links.day, links.prescriber))
    kind = self.kinds[number]
    assert len(kind.rows) == 1, "a choice of people serves one row"
    row = kind.rows[0]
    able, worth = self.serving(row, day), dict(zip(links.therapist.tolist(), links.points.tolist(), strict=True))
    needs_prescriber = dict(zip(links.therapist.tolist(), links.in_person.tolist(), strict=True))
    watchers = [w for w in self.watchers(kind, start, day) if w != prescriber]
    chosen = []
    for sitters in combinations(worth, kind.protocol.therapists):
        for watching in combinations(watchers, kind.protocol.monitors):
            everyone = {prescriber, *sitters, *watching}
            alone = len({*sitters, *watching}) < len(sitters) + len(watching)
            apart = any(self.apart(a, b) for a, b in combinations(sorted(everyone), 2))
            if not alone and not apart and any(able[t] for t in sitters):
                chosen.append((sitters, watching))
    if not chosen:
        return
    columns = self.builder.columns(
        len(chosen), value=self.roster.demand[row - 1].priority, points=[sum(worth[t] for t in s) for s, _ in chosen]
    )
    for column, (sitters, watching) in zip(columns.tolist(), chosen, strict=True):
        at = {"column": [column], "start": [start], "kind": [number]}
        self.sessions.add(**at, day=[day], prescriber=[prescriber], therapist=[-1], points=[0], mask=[0])
        for person in dict.fromkeys((prescriber, *sitters, *watching)):
            sits = person in sitters or person in watching
            does = SITS if sits else OVERSEES
            self.busy.add(**at, session=[column], person=[person], does=[does], day=[day])
            self.takes_part.add(column=[column], person=[person], day=[day])
            if sits or any(needs_prescriber[t] for t in sitters):
                self.travels.add(**at, person=[person])
    serving.setdefault((row, day // 7), []).extend(columns.tolist())


# -- the program solved otherwise --


def weighted(program: Program, limits: Limits) -> Ended:
    """Value and points in one sum, part by part: one of value is worth more than all points that there can be."""
    begin, reached, bound = process_time(), 0, 0
    for _, part in split(program):
        large = int(highest(part, part.points)) + 2
        found = best(part, part.value * large + part.points, limits, known=part.lower)
        reached, bound = reached + found.worth, bound + found.bound
    return Ended(reached, bound, process_time() - begin)


def min_max(program: Program, fairness: Fairness, x: Index, limits: Limits) -> Ended:
    """The smallest spread in one program: the most less the fewest, among the plans with ``x``'s value and points."""
    faces, pieces = [], split(program)
    for columns, part in pieces:
        rows = part.with_sum(part.value, int(part.value @ x[columns]))
        faces.append(rows.with_sum(part.points, int(part.points @ x[columns])))
    begin = process_time()
    place = np.empty(program.columns, np.int64)
    place[np.concatenate([columns for columns, _ in pieces])] = np.arange(program.columns)
    made = stacked(faces)
    top = int(fairness.counts(program.upper).max())
    made = made.with_column(0, top).with_column(0, top)
    high, low = made.columns - 2, made.columns - 1
    count = fairness.therapists
    seat, who = place[fairness.column], fairness.therapist
    for side, extreme in ((1, high), (-1, low)):
        row = np.r_[who, np.arange(count)]
        column = np.r_[seat, np.full(count, extreme)]
        weight = np.r_[np.full(len(seat), side), np.full(count, -side)]
        order = np.lexsort((column, row))
        edges = np.searchsorted(row[order], np.arange(count + 1))
        made = made.with_rows(edges, column[order], weight[order], np.full(count, -INFINITY), np.zeros(count))
    cost = np.zeros(made.columns, np.int64)
    cost[high], cost[low] = -1, 1
    found = best(made, cost, limits)
    return Ended(-found.worth, -found.bound, process_time() - begin)


def cp_sat(program: Program, seconds: float, workers: int) -> Sequence[Ended]:
    """The very rows given to CP-SAT: value, and, where it is proven, points."""
    from ortools.sat.python import cp_model

    begin, cp = process_time(), cp_model.CpModel()
    x = [cp.new_int_var(int(a), int(b), "") for a, b in zip(program.lower, program.upper, strict=True)]
    for row in range(program.rows):
        entries = slice(program.begin[row], program.begin[row + 1])
        terms = cp_model.LinearExpr.weighted_sum(
            [x[c] for c in program.column[entries].tolist()], program.coefficient[entries].tolist()
        )
        least, most = float(program.least[row]), float(program.most[row])
        if np.isfinite(least):
            cp.add(terms >= int(least))
        if np.isfinite(most):
            cp.add(terms <= int(most))
    solver = cp_model.CpSolver()
    solver.parameters.num_workers = workers
    ended = list[Ended]()
    for cost in (program.value, program.points):
        worth = cp_model.LinearExpr.weighted_sum(x, cost.tolist())
        cp.maximize(worth)
        with stopping(seconds, solver.stop_search):
            status = solver.solve(cp)
        known = status in (cp_model.OPTIMAL, cp_model.FEASIBLE)
        reached = round(solver.objective_value) if known else 0
        ended.append(Ended(reached, round(solver.best_objective_bound), process_time() - begin))
        if status != cp_model.OPTIMAL:
            break
        found = [solver.value(one) for one in x]
        cp.add(worth >= reached)
        cp.clear_hints()  # type: ignore[no-untyped-call]
        for one, at in zip(x, found, strict=True):
            cp.add_hint(one, at)
    return ended
