"""A search that is stopped has a lawful plan, no worse than a greedy one, and tells truly how good it is."""

from __future__ import annotations

from threading import Event, Thread, current_thread
from typing import Any

import numpy as np
import pytest
from hypothesis import event, given
from hypothesis import strategies as st

from clinics import clinics, district, judged, planned, saved, wide
from kapteam.columns.lookup import Index
from kapteam.sessions.engine import Limits, covered, relax
from kapteam.sessions.greedy import filled
from kapteam.sessions.program import Program
from kapteam.sessions.solve import Fairness, solve
from programs import programs, solutions
from strategies import Written

NOBODY = Fairness(np.empty(0, np.int64), np.empty(0, np.int64), 0)


def stopped() -> Limits:
    limits = Limits()
    limits.stopped.set()
    return limits


def with_nothing(program: Program) -> bool:
    return program.holds(program.lower)


# --- Greedy -------------------------------------------------------------------------------------------------


@wide(4)
@given(programs(), st.randoms(use_true_random=False))
def test_what_is_filled_is_a_solution_with_all_that_there_was(program: Program, chance: Any) -> None:
    every = solutions(program)
    if not every:
        return
    order = np.array(chance.sample(range(program.columns), program.columns))
    x = chance.choice(every)
    found = filled(program, order, x)
    assert program.holds(found)
    assert (found >= x).all()
    assert worth(program, found) >= worth(program, x)
    everything = filled(program, order, x, always=program.columns)
    assert program.holds(everything)
    more = [y for y in every if (y >= everything).all() and (y != everything).any()]
    assert not more  # six columns are fewer than the tries


@wide(4)
@given(programs())
def test_bounds_without_a_search_are_bounds(program: Program) -> None:
    every = solutions(program)
    if not every:
        return
    for cost in (program.value, program.points):
        most = max(int(cost @ x) for x in every)
        relaxed = relax(program, cost, Limits())
        assert relaxed is not None
        assert most <= relaxed.whole
        assert most <= covered(program, cost) <= int(np.maximum(cost * program.lower, cost * program.upper).sum())
        narrow = relaxed.narrowed(program, most)
        assert all(narrow.holds(x) for x in every if int(cost @ x) == most)


def worth(program: Program, x: Index) -> tuple[int, int]:
    return int(program.value @ x), int(program.points @ x)


# --- Every level, against every solution -------------------------------------------------------------------


@wide(4)
@given(programs(), st.data())
def test_all_four_levels_are_the_best_there_are(program: Program, data: st.DataObject) -> None:
    if not with_nothing(program):
        return
    count = program.columns
    therapists = data.draw(st.integers(0, 3))
    seats = data.draw(st.lists(st.integers(0, count - 1), unique=True)) if therapists else []
    whose = [data.draw(st.integers(0, therapists - 1)) for _ in seats]
    fairness = Fairness(np.array(seats, np.int64), np.array(whose, np.int64), therapists)
    saves = data.draw(st.none() | st.lists(st.integers(-1, 2), min_size=count, max_size=count))
    changes = None if saves is None else np.array(saves, np.int64)

    def levels(x: Index) -> tuple[int, ...]:
        return (*worth(program, x), -fairness.spread(x), 0 if changes is None else int(changes @ x))

    expected = max(levels(x) for x in solutions(program))
    found = solve(program, fairness, changes, Limits())
    reached = [level.reached for level in found.levels.values()]
    assert found.optimal
    assert program.holds(found.x)
    assert (*reached[:2], -reached[2], -reached[3]) == levels(found.x) == expected
    assert [level.bound for level in found.levels.values()] == reached


@wide(4)
@given(programs(), st.data())
def test_without_time_the_plan_is_lawful_and_what_is_told_of_it_is_true(program: Program, data: st.DataObject) -> None:
    if not with_nothing(program):
        return
    every = solutions(program)
    changes = np.array(data.draw(st.lists(st.integers(-1, 2), min_size=program.columns, max_size=program.columns)))
    order = np.argsort(-program.value, kind="stable")
    for given_ in (None, changes):
        found = solve(program, NOBODY, given_, stopped())
        assert program.holds(found.x)
        assert worth(program, found.x) >= worth(program, filled(program, order, program.lower))
        for level, cost in (("value", program.value), ("points", program.points)):
            one = found.levels[level]
            assert one.reached == int(cost @ found.x)
            better = [x for x in every if worth(program, x) >= worth(program, found.x)]
            assert one.bound >= max(int(cost @ x) for x in better)
        if given_ is not None:
            assert -found.levels["changes"].reached == int(given_ @ found.x)
            assert -found.levels["changes"].bound >= max(int(given_ @ x) for x in every)


# --- Plans --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_without_time_most_sessions_are_there(seed: int) -> None:
    written = district(seed, 24)
    best, found = planned(written), planned(written, seconds=0)
    assert judged(written, saved(found)).violations == ()
    assert found.objective.value >= 0.8 * best.objective.value
    assert found.objective.value <= best.objective.value <= found.bound["value"]
    assert found.status == "feasible"


@given(clinics(teams=True, people=(4, 6)))
def test_without_time_more_than_two_meet_lawfully(written: Written) -> None:
    found = planned(written, seconds=0)
    event(f"{min(len(found.sessions), 3)} sessions")
    assert judged(written, saved(found)).violations == ()
    best = planned(written).objective
    assert found.objective.value <= best.value <= found.bound["value"]


@given(clinics(teams=True, people=(4, 6), luck=3))
def test_without_time_the_plan_before_stays_where_it_is_as_good(written: Written) -> None:
    before = planned(written)
    again = planned(written, seconds=0, previous=saved(before))
    assert (again.objective.value, again.objective.points) == (before.objective.value, before.objective.points)
    assert again.objective.changes == 0
    assert [s.as_dict() for s in again.sessions] == [s.as_dict() for s in before.sessions]


def test_without_time_changes_are_counted_as_they_are() -> None:
    written = district(1, 16)
    before = planned(written)
    first = before.sessions[0]
    gone = (first.therapists[0], first.start.date())
    found = planned(written, seconds=0, previous=saved(before), cancel=[gone])
    was, now = ({(s.site, s.start, *s.people) for s in plan.sessions} for plan in (before, found))
    assert found.objective.changes == len(was ^ now)
    away = written.copy()
    away.add("absences", practitioner=gone[0], start=gone[1].isoformat(), end=gone[1].isoformat())
    assert judged(away, saved(found), previous=saved(before)).objective.changes == found.objective.changes


# --- Order and interruption ---------------------------------------------------------------------------------


def test_the_same_plan_comes_of_the_same_effort() -> None:
    written = district(4, 24)
    plans = [planned(written, nodes=1) for _ in range(3)]
    assert len({str(plan.as_dict(why=False)) for plan in plans}) == 1


def test_who_interrupts_is_not_kept_waiting() -> None:
    limits = Limits()

    def interrupted(*_: object) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        planned(district(1, 16), limits=limits, progress=interrupted)
    assert limits.stopped.is_set()


def test_progress_is_told_by_the_thread_that_asks() -> None:
    told, ended = list[Thread](), Event()

    def ask() -> None:
        planned(district(1, 16), progress=lambda *_: told.append(current_thread()))
        ended.set()

    asking = Thread(target=ask)
    asking.start()
    asking.join()
    assert ended.is_set()
    assert set(told) == {asking}
