"""A plan is judged without a solver, and as a second program judges it: lawful or not."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest
from hypothesis import assume, event, given
from hypothesis import strategies as st

from clinics import clinics, document, judged, morning, planned, saved, saved_sessions
from schedule_oracle import Session, World, best_plan, candidates, check, numbered, plan_of
from strategies import Written

ANY = st.one_of(clinics(slack=2), clinics(slack=2, teams=True))


def agree(written: Written, sessions: Sequence[Session]) -> bool:
    """Both say the same of a plan; whether it is lawful."""
    faults = check(written, sessions, written.on, 1)
    found = judged(written, saved_sessions(sessions, written.on)).violations
    assert bool(faults) == bool(found), (faults, found, sessions)
    return not faults


# --- Plans of any sessions ----------------------------------------------------------------------------------


@given(ANY, st.data())
def test_any_few_sessions_are_judged_alike(written: Written, data: st.DataObject) -> None:
    offered = candidates(written, written.on, 1)
    assume(len(offered) > 1)
    some = data.draw(st.lists(st.sampled_from(offered), min_size=1, max_size=4, unique_by=lambda s: s.same))
    lawful = agree(written, numbered(World(written, written.on, 1, "exclude"), some))
    event(f"{len(some)} sessions: {'lawful' if lawful else 'unlawful'}")


# --- Plans with one thing changed ---------------------------------------------------------------------------


def moved(s: Session, minutes: int) -> Session:
    """Begun later, by true minutes and told by the site's clock."""
    assert isinstance(s.start, datetime)
    assert isinstance(s.end, datetime)
    begins, ends = (m + timedelta(minutes=minutes) for m in (s.begins, s.ends))
    return replace(s, start=begins.astimezone(s.start.tzinfo), end=ends.astimezone(s.start.tzinfo))


MUTATIONS = (
    "start", "start", "end", "sitter", "prescriber", "watcher", "room", "points", "row", "protocol", "site", "twice",
    "left out",
)  # fmt: skip


@st.composite
def mutations(draw: st.DrawFn, world: World, plan: Sequence[Session]) -> tuple[str, list[Session]]:
    """One session changed, doubled or left out; its points are those of its links, unless they are what is changed."""
    n = draw(st.integers(0, len(plan) - 1))
    one, people = plan[n], sorted(world.undated.people)
    what = draw(st.sampled_from(MUTATIONS))
    if what == "left out":
        return what, [*plan[:n], *plan[n + 1 :]]
    if what == "start":
        other = moved(one, draw(st.sampled_from([15, -15, 30, -30, 60, -60, 5, 24 * 60, 7 * 24 * 60])))
    elif what == "end":
        assert isinstance(one.end, datetime)
        other = replace(one, end=one.end + timedelta(minutes=draw(st.sampled_from([15, -15, 1]))))
    elif what == "sitter":
        other = replace(one, therapists=(draw(st.sampled_from(people)), *one.therapists[1:]))
    elif what == "prescriber":
        other = replace(one, prescribers=(draw(st.sampled_from(people)),))
    elif what == "watcher":
        other = replace(one, monitors=draw(st.sampled_from([(), (draw(st.sampled_from(people)),)])))
    elif what == "room":
        other = replace(one, room=draw(st.sampled_from([one.room + 1, one.room - 1, 9])))
    elif what == "points":
        return what, [*plan[:n], replace(one, points=one.points + 1), *plan[n + 1 :]]
    elif what == "row":
        other = replace(one, demand=draw(st.sampled_from([None, 1, 2, 3, 4, 99])))
    elif what == "protocol":
        other = replace(one, protocol=draw(st.sampled_from([None, "short", "pair", "watched", "stay"])))
    elif what == "site":
        other = replace(one, site=draw(st.sampled_from(sorted(world.undated.sites))))
    else:
        return what, [*plan, replace(one, room=one.room + draw(st.integers(0, 1)))]
    return what, [*plan[:n], replace(other, points=world.points(other)), *plan[n + 1 :]]


@given(ANY, st.data())
def test_a_plan_with_one_thing_changed_is_judged_alike(written: Written, data: st.DataObject) -> None:
    _, plan = best_plan(written, written.on, 1)
    assume(plan)
    assert agree(written, plan)
    for _ in range(3):
        what, changed = data.draw(mutations(World(written, written.on, 1, "exclude"), plan))
        lawful = agree(written, changed)
        event(f"{what}: {'lawful' if lawful else 'unlawful'}")
        if what in ("points", "end", "twice"):
            assert not lawful


@given(ANY, st.sampled_from(["exclude", "allow"]))
def test_what_kapteam_plans_it_finds_lawful(written: Written, unknown: str) -> None:
    found = planned(written, unknown=unknown)
    again = judged(written, saved(found))
    assert again.violations == ()
    assert (again.objective.value, again.objective.points) == (found.objective.value, found.objective.points)
    assert (again.objective.sessions, again.objective.spread) == (len(found.sessions), found.objective.spread)


@given(ANY)
def test_a_plan_of_the_second_program_is_worth_the_same_here(written: Written) -> None:
    expected, plan = best_plan(written, written.on, 1)
    found = judged(written, saved_sessions(plan, written.on))
    assert found.ok
    assert (found.objective.value, found.objective.points, found.objective.spread) == expected[:3]


# --- What a plan says of itself -----------------------------------------------------------------------------


@pytest.mark.parametrize("key", ["value", "sessions", "points", "spread"])
@given(written=clinics(slack=1))
def test_a_plan_that_boasts_is_found_out(written: Written, key: str) -> None:
    told = document(planned(written))
    told["objective"] = {**told["objective"], key: told["objective"][key] + 1}
    assert [v.rule for v in judged(written, saved(told)).violations] == ["objective"]


@pytest.mark.parametrize(
    ("said", "rules"),
    [
        ({"bound": {"value": 0}}, ["bound", "bound"]),
        ({"gap": 1}, ["bound"]),
        ({"bound": {"value": 9}, "gap": 6, "status": "feasible"}, []),
        ({"bound": {"value": 9}, "gap": 6}, ["bound"]),
        ({"status": "infeasible"}, ["objective"]),
    ],
)
def test_a_bound_must_fit_what_is_reached(said: dict[str, Any], rules: list[str]) -> None:
    told = {**document(planned(morning())), **said}
    assert [v.rule for v in judged(morning(), saved(told)).violations] == rules


def test_a_plan_need_not_say_of_which_weeks_it_is() -> None:
    told = document(planned(morning()))
    short = {"sessions": told["sessions"]}
    assert judged(morning(), saved(short)).ok
    assert judged(morning(), saved({**short, "week": "2026-11-30", "weeks": 2})).ok
    early = judged(morning(), saved({**short, "week": "2026-11-30", "weeks": 1}))
    assert {v.rule for v in early.violations} == {"horizon"}
    assert plan_of(short)
