"""Programs of whole numbers: instants that matter, parts, and the best solution against every one there is."""

from __future__ import annotations

from itertools import product

import numpy as np
from attrs import evolve
from hypothesis import given
from hypothesis import strategies as st
from ortools.sat.python import cp_model

from clinics import wide
from kapteam.columns.lookup import Index
from kapteam.sessions.engine import NOTHING, Limits, best
from kapteam.sessions.program import Builder, Program, cliques, split, stacked
from kapteam.sessions.rooms import rooms
from programs import programs, solutions

# --- Instants -----------------------------------------------------------------------------------------------

INTERVALS = st.lists(st.tuples(st.integers(0, 2), st.integers(0, 12), st.integers(1, 6)), max_size=9)


@wide(4)
@given(INTERVALS)
def test_the_instants_that_matter_are_the_largest_sets_that_meet(intervals: list[tuple[int, int, int]]) -> None:
    group, begin, length = (np.array(x, np.int64) for x in zip(*intervals, strict=True)) if intervals else _NONE
    row, interval, of = cliques(group, begin, begin + length)
    found = [frozenset(interval[row == r].tolist()) for r in range(len(of))]
    at_instants = {
        frozenset(i for i, (g, b, n) in enumerate(intervals) if g == which and b <= instant < b + n)
        for which in range(3)
        for instant in range(20)
    }
    largest = {s for s in at_instants if s and not any(s < other for other in at_instants)}
    assert largest <= set(found) <= at_instants
    assert len(found) == len(set(found))
    assert [intervals[min(s)][0] for s in found] == of.tolist()


_NONE = tuple(np.empty(0, np.int64) for _ in range(3))


@wide(4)
@given(st.lists(st.tuples(st.integers(0, 12), st.integers(1, 6)), max_size=8))
def test_no_more_rooms_are_given_than_are_held_at_once(sessions: list[tuple[int, int]]) -> None:
    held = sorted(sessions)
    begin, free = [b for b, _ in held], [b + n for b, n in held]
    given_ = rooms(begin, free)
    at_once = [sum(b <= instant < f for b, f in zip(begin, free, strict=True)) for instant in range(20)]
    assert max(given_, default=0) == max(at_once, default=0)
    for i, room in enumerate(given_):
        busy = {given_[j] for j in range(i) if free[j] > begin[i]}
        assert room == min(set(range(1, len(held) + 1)) - busy)


# --- Programs -----------------------------------------------------------------------------------------------


@wide(4)
@given(programs(), st.data())
def test_a_solution_holds_if_it_is_one(program: Program, data: st.DataObject) -> None:
    lawful = {tuple(x) for x in solutions(program)}
    bounds = zip(program.lower.tolist(), program.upper.tolist(), strict=True)
    some = [data.draw(st.integers(low - 1, high + 1)) for low, high in bounds]
    assert program.holds(np.array(some, np.int64)) == (tuple(some) in lawful)
    assert all(program.holds(np.array(x, np.int64)) for x in lawful)


@wide(4)
@given(programs())
def test_the_best_solution_is_the_best_of_all(program: Program) -> None:
    every = solutions(program)
    found = best(program, program.value, Limits())
    if not every:
        assert (found.x, found.feasible, found.bound <= NOTHING) == (None, False, True)
        return
    assert found.x is not None
    assert program.holds(found.x)
    assert found.proven
    assert found.worth == found.bound == max(int(program.value @ x) for x in every) == int(program.value @ found.x)


@wide(4)
@given(programs(), st.data())
def test_what_is_known_is_never_lost(program: Program, data: st.DataObject) -> None:
    every = solutions(program)
    if not every:
        return
    known = data.draw(st.sampled_from(every))
    most = max(int(program.value @ x) for x in every)
    for nodes, over in ((100_000, False), (100_000, True)):
        limits = Limits(nodes=nodes)
        if over:
            limits.stopped.set()
        found = best(program, program.value, limits, known=known)
        assert found.x is not None
        assert program.holds(found.x)
        assert int(program.value @ known) <= found.worth <= most <= found.bound
        assert over or found.proven


@given(programs(columns=(8, 20), rows=14))
def test_on_larger_programs_a_second_engine_finds_the_same(program: Program) -> None:
    found = best(program, program.points, Limits())
    other = by_cp_sat(program, program.points)
    assert (found.worth if found.x is not None else None) == other
    assert found.feasible == (other is not None)


def by_cp_sat(program: Program, cost: Index) -> int | None:
    model = cp_model.CpModel()
    bounds = zip(program.lower.tolist(), program.upper.tolist(), strict=True)
    x = [model.new_int_var(low, high, f"x{i}") for i, (low, high) in enumerate(bounds)]
    for r in range(program.rows):
        entries = range(program.begin[r], program.begin[r + 1])
        total = sum(int(program.coefficient[e]) * x[program.column[e]] for e in entries)
        if np.isfinite(program.least[r]):
            model.add(total >= int(program.least[r]))
        if np.isfinite(program.most[r]):
            model.add(total <= int(program.most[r]))
    model.maximize(sum(int(c) * one for c, one in zip(cost, x, strict=True)))
    solver = cp_model.CpSolver()
    solver.parameters.num_workers = 1
    status = solver.solve(model)
    return round(solver.objective_value) if status == cp_model.OPTIMAL else None


# --- Parts --------------------------------------------------------------------------------------------------


@wide(4)
@given(st.lists(programs(columns=(1, 4), rows=3), min_size=1, max_size=3))
def test_the_parts_of_a_program_share_nothing_and_are_all_of_it(apart: list[Program]) -> None:
    whole = stacked(apart)
    pieces = split(whole)
    assert sorted(c for columns, _ in pieces for c in columns.tolist()) == list(range(whole.columns))
    assert sum(piece.rows for _, piece in pieces) == whole.rows
    home = {c: n for n, (columns, _) in enumerate(pieces) for c in columns.tolist()}
    for r in range(whole.rows):
        assert len({home[c] for c in whole.column[whole.begin[r] : whole.begin[r + 1]].tolist()}) == 1
    for columns, piece in pieces:
        assert len(split(piece)) == 1
        for name in ("lower", "upper", "value", "points"):
            assert (getattr(piece, name) == getattr(whole, name)[columns]).all()
    if whole.columns <= 8:
        lawful = {tuple(x) for x in solutions(whole)}
        joined = set()
        for parts_ in product(*(solutions(piece) for _, piece in pieces)):
            x = np.empty(whole.columns, np.int64)
            for (columns, _), part in zip(pieces, parts_, strict=True):
                x[columns] = part
            joined.add(tuple(x))
        assert joined == lawful


@given(programs())
def test_equal_parts_have_the_same_fingerprint_and_another_bound_makes_another(program: Program) -> None:
    twice = [piece.fingerprint() for _, piece in split(stacked([program, program]))]
    assert all(twice.count(print_) % 2 == 0 for print_ in twice)
    other = evolve(program, upper=program.upper + np.eye(1, program.columns, dtype=np.int64)[0])
    assert other.fingerprint() != program.fingerprint() == evolve(program).fingerprint()


@given(programs(), st.integers(-2, 6))
def test_one_more_row_keeps_those_that_are_worth_enough(program: Program, least: int) -> None:
    kept = [tuple(x) for x in solutions(program) if int(program.value @ x) >= least]
    assert [tuple(x) for x in solutions(program.with_sum(program.value, least))] == kept
    wider = program.with_column(0, 1)
    assert len(solutions(wider)) == 2 * len(solutions(program))


def test_a_program_without_rows_falls_apart_into_its_columns() -> None:
    builder = Builder()
    builder.columns(2, value=[3, -1], upper=2)
    program = builder.program()
    assert [columns.tolist() for columns, _ in split(program)] == [[0], [1]]
    found = best(program, program.value, Limits())
    assert found.x is not None
    assert (found.x.tolist(), found.worth, found.proven) == ([2, 0], 6, True)
    assert split(Builder().program()) == []
