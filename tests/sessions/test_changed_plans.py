"""A plan that was told before: as little of it as can be is changed, and what is to stay does."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import assume, event, given
from hypothesis import strategies as st

import oracles
from clinics import (
    as_json,
    clinics,
    document,
    house,
    judged,
    morning,
    otherwise,
    planned,
    saved,
    saved_sessions,
    someone,
    worth,
)
from kapteam.records.problems import UsageError
from kapteam.sessions.schedule import Schedule
from schedule_oracle import (
    Session,
    World,
    best_plan,
    candidates,
    check,
    plan_of,
    session_faults,
    tally_faults,
    together_faults,
)
from strategies import WINTER as MONDAY
from strategies import Written

SMALL = clinics(people=(4, 5), slack=2, luck=5)
TEAMS = clinics(people=(4, 6), slack=2, teams=True, luck=5)


def levels(found: Schedule) -> tuple[int, ...]:
    return (*worth(found), found.objective.changes)


def same(sessions: list[Session]) -> set[tuple[object, ...]]:
    return {session.same for session in sessions}


def is_lawful(written: Written, sessions: list[Session]) -> bool:
    """By themselves and together, whatever room they are in."""
    world = World(written, written.on, 1, "exclude")
    alone = [fault for session in sessions for fault in session_faults(world, session)]
    return not alone and not together_faults(world, sessions) and not tally_faults(world, sessions)


def agrees(written: Written, found: Schedule, expected: tuple[int, ...], **options: Any) -> None:
    assert found.status == "optimal"
    assert found.proven == ("value", "points", "spread", "changes")
    assert levels(found) == expected
    assert check(written, document(found), written.on, 1) == []
    assert judged(written, saved(found), **options).violations == ()


# --- Fewest changes -----------------------------------------------------------------------------------------


@given(st.one_of(SMALL, TEAMS), st.data())
def test_as_few_sessions_as_can_be_change(written: Written, data: st.DataObject) -> None:
    other = data.draw(otherwise(written))
    before = planned(other)
    previous = saved(before)
    expected, _ = best_plan(written, written.on, 1, previous=document(before))
    found = planned(written, previous=previous)
    event(f"{min(expected.changes, 4)} changes of {min(len(before.sessions), 3)}")
    agrees(written, found, expected, previous=previous)


@given(st.one_of(SMALL, TEAMS), st.data())
def test_a_plan_that_is_no_good_any_more_is_still_what_changes_are_counted_from(
    written: Written, data: st.DataObject
) -> None:
    offered = candidates(data.draw(otherwise(written)), written.on, 1)
    assume(offered)
    some = data.draw(st.lists(st.sampled_from(offered), min_size=1, max_size=5, unique_by=lambda s: s.same))
    previous = saved_sessions(some, written.on)
    expected, _ = best_plan(written, written.on, 1, previous=some)
    found = planned(written, previous=previous)
    event(f"{min(expected.changes, 4)} changes of {len(some)}")
    agrees(written, found, expected, previous=previous)


@given(SMALL)
def test_the_best_plan_is_not_changed_at_all(written: Written) -> None:
    before = planned(written)
    again = planned(written, previous=saved(before))
    assert again.objective.changes == 0
    assert document(again) == document(before)


def test_who_has_left_has_one_session_less() -> None:
    written = house({"north": "NY"}, on=MONDAY)
    someone(written, "dan", "physician", {"north": "Mon 09:00-11:00"}, presence="dosing", roles="prescriber")
    someone(written, "ana", "psychologist", {"north": "Mon 09:00-10:00"})
    someone(written, "ben", "psychologist", {"north": "Mon 10:00-11:00"})
    before = planned(written)
    for rows in written.tables.values():
        rows[:] = [row for row in rows if row.get("practitioner") != "ben"]
    found = planned(written, previous=saved(before))
    assert (len(before.sessions), levels(found)) == (2, (1, 80, 0, 1))
    assert judged(written, saved(found), previous=saved(before)).ok


def test_who_may_sit_and_watch_is_told_by_what_they_did() -> None:
    written = house({"north": "NY"}, on=MONDAY, monitors=1)
    someone(written, "dan", "physician", {"north": "Mon 09:00-10:00"}, presence="dosing", roles="prescriber")
    for id in ("ana", "ben"):
        someone(written, id, "physician", {"north": "Mon 09:00-10:00"}, roles="therapist;monitor")
    (one,) = plan_of(document(planned(written)))
    swapped = replace(one, therapists=one.monitors, monitors=one.therapists)
    for before in (one, swapped):
        found = planned(written, previous=saved_sessions([before], MONDAY))
        assert (found.objective.changes, same(plan_of(document(found)))) == (0, same([before]))


@pytest.mark.parametrize("length", ["short", "long"])
def test_equal_worth_does_not_mean_equally_many_sessions(length: str) -> None:
    written = house({"north": "NY"}, on=MONDAY, protocols={"long": {"session_minutes": 120}})
    written.practice["weights"] = dict.fromkeys(oracles.WEIGHTS, 0)
    someone(written, "dan", "physician", {"north": "Mon 09:00-13:00"}, presence="dosing", roles="prescriber")
    for id in ("ana", "ben"):
        someone(written, id, "psychologist", {"north": "Mon 09:00-13:00"})
    written.add("demand", site="north", sessions="2", priority="2", protocol="long")
    written.add("demand", site="north", sessions="4")
    who = {"short": {9: "ana", 10: "ben", 11: "ana", 12: "ben"}, "long": {9: "ana", 11: "ben"}}[length]
    wanted = [(datetime(2026, 12, 7, hour + 5, tzinfo=UTC), (id,)) for hour, id in who.items()]
    offered = [s for s in candidates(written, MONDAY, 1) if (s.protocol is None) == (length == "short")]
    before = [s for s in offered if (s.begins, s.therapists) in wanted]
    found = planned(written, previous=saved_sessions(before, MONDAY))
    assert levels(found) == (4, 0, 0, 0)
    assert same(plan_of(document(found))) == same(before)


def test_a_fair_plan_stays_fair_where_somebody_can_have_no_session() -> None:
    written = house({"north": "NY"}, on=MONDAY)
    someone(written, "dan", "physician", {"north": "Mon 09:00-13:00"}, presence="dosing", roles="prescriber")
    for id in ("ana", "ben", "cyd"):
        someone(written, id, "psychologist", {"north": "Mon 09:00-13:00"})
    written.add("absences", practitioner="cyd", start="2026-12-07", end="2026-12-07")
    offered = [s for s in candidates(written, MONDAY, 1) if s.begins.minute == 0]
    before = [s for s in offered if s.therapists == (("ben",) if s.begins.hour == 14 else ("ana",))]
    found = planned(written, previous=saved_sessions(before, MONDAY))
    assert levels(found) == (4, 920, 2, 2)
    assert judged(written, saved(found)).ok


# --- Kept sessions ------------------------------------------------------------------------------------------


@given(st.one_of(SMALL, TEAMS), st.data())
def test_sessions_to_be_kept_are_kept_and_the_rest_is_the_best(written: Written, data: st.DataObject) -> None:
    offered = candidates(written, written.on, 1)
    assume(offered)
    some = data.draw(st.lists(st.sampled_from(offered), min_size=1, max_size=2, unique_by=lambda s: s.same))
    assume(is_lawful(written, some))
    expected, _ = best_plan(written, written.on, 1, keep=some)
    found = planned(written, keep=saved_sessions(some, written.on).sessions)
    event(f"{min(len(found.sessions), 4)} sessions, {len(some)} kept")
    agrees(written, found, expected)
    assert same(some) <= same(plan_of(document(found)))


@given(st.one_of(SMALL, TEAMS), st.data())
def test_what_cannot_be_kept_is_told(written: Written, data: st.DataObject) -> None:
    offered = candidates(data.draw(otherwise(written)), written.on, 1)
    assume(offered)
    some = data.draw(st.lists(st.sampled_from(offered), min_size=1, max_size=3, unique_by=lambda s: s.same))
    found = planned(written, keep=saved_sessions(some, written.on).sessions)
    lawful = is_lawful(written, some)
    event("lawful" if lawful else "unlawful")
    assert (found.status != "infeasible") == lawful
    assert bool(found.keeping.conflicts) != lawful
    assert all(c.about and c.constraint and c.about in c.message for c in found.keeping.conflicts)


@pytest.mark.parametrize(
    ("change", "constraint", "about"),
    [
        ({"start": "2026-12-07T08:45:00-05:00", "end": "2026-12-07T09:45:00-05:00"}, "on_site", "north 2026-12-07 08:45"),  # noqa: E501
        ({"therapists": ["ben"]}, "on_site", "north 2026-12-07 09:00"),
        ({"therapists": ["zoe"]}, "person", "north 2026-12-07 09:00"),
        ({"therapists": ["mia"]}, "link", "north 2026-12-07 09:00"),
        ({"therapists": ["ana", "ben"]}, "staffing", "north 2026-12-07 09:00"),
        ({"demand": 3}, "demand", "north 2026-12-07 09:00"),
        ({"protocol": "group"}, "protocol", "north 2026-12-07 09:00"),
        ({"start": "2026-12-14T09:00:00-05:00", "end": "2026-12-14T10:00:00-05:00"}, "horizon", "north 2026-12-14 09:00"),  # noqa: E501
        ({"start": "2026-12-07T09:10:00-05:00", "end": "2026-12-07T10:10:00-05:00"}, "start", "north 2026-12-07 09:10"),
    ],
)  # fmt: skip
def test_why_a_session_cannot_be_kept(change: dict[str, Any], constraint: str, about: str) -> None:
    written = morning()
    one = {"site": "north", "room": 1, "start": "2026-12-07T09:00:00-05:00", "end": "2026-12-07T10:00:00-05:00",
           "prescribers": ["dan"], "therapists": ["ana"], "monitors": [], "protocol": None, "demand": None,
           "points": 80}  # fmt: skip
    assert planned(written, keep=saved({"sessions": [one]}).sessions).status == "optimal"
    found = planned(written, keep=saved({"sessions": [{**one, **change}]}).sessions)
    assert found.status == "infeasible"
    assert (about, constraint) in [(c.about, c.constraint) for c in found.keeping.conflicts]
    assert found.as_dict()["status"] == "infeasible"


def test_who_does_what_is_part_of_a_kept_session() -> None:
    written = house({"north": "NY"}, rooms={"north": 2})
    for id in ("dan", "cyd"):
        someone(written, id, "physician", {"north": "Mon 09:00-10:00"}, presence="dosing")
    ways = [s for s in candidates(written, MONDAY, 1) if s.prescribers != s.therapists]
    assert {(s.prescribers, s.therapists) for s in ways} == {(("cyd",), ("dan",)), (("dan",), ("cyd",))}
    found = planned(written, keep=saved_sessions(ways, MONDAY).sessions)
    assert (found.status, {c.constraint for c in found.keeping.conflicts}) == ("infeasible", {"one_at_a_time"})


# --- Cancelled and begun ------------------------------------------------------------------------------------


@given(st.one_of(SMALL, TEAMS), st.data())
def test_a_cancellation_leaves_what_it_does_not_touch(written: Written, data: st.DataObject) -> None:
    before = planned(written)
    plan = plan_of(document(before))
    assume(plan)
    world = World(written, written.on, 1, "exclude")
    one = data.draw(st.sampled_from(plan))
    person, day = data.draw(st.sampled_from(sorted(one.people))), world.date_of(one)
    found = planned(written, previous=saved(before), cancel=[(person, day)])
    after = plan_of(document(found))
    untouched = [s for s in plan if person not in s.people or world.date_of(s) != day]
    away = written.copy()
    away.add("absences", practitioner=person, start=day.isoformat(), end=day.isoformat())
    # Else one reaches into that day, or was overseen from elsewhere, by hours that are no more.
    if is_lawful(away, untouched):
        assert same(untouched) <= same(after)
        expected, _ = best_plan(away, written.on, 1, keep=untouched, previous=document(before))
        event(f"{len(untouched)} of {len(plan)} untouched, {min(expected.changes, 3)} changes")
        agrees(away, found, expected, previous=saved(before))


@given(st.one_of(SMALL, TEAMS), st.data())
def test_what_has_begun_stays_and_nothing_else_begins_before_then(written: Written, data: st.DataObject) -> None:
    before = planned(data.draw(otherwise(written)))
    plan = plan_of(document(before))
    assume(plan)
    after = data.draw(st.sampled_from([0, 1, 15, 16, 60]))
    moment = data.draw(st.sampled_from(plan)).begins + timedelta(minutes=after)
    past = [s for s in plan if s.begins < moment]
    found = planned(written, previous=saved(before), begun=moment)
    assert same([s for s in plan_of(document(found)) if s.begins < moment]) == same(past)
    if is_lawful(written, past):
        expected, _ = best_plan(written, written.on, 1, keep=past, since=moment, previous=document(before))
        event(f"{len(past)} of {len(plan)} begun, {min(expected.changes, 3)} changes")
        agrees(written, found, expected, previous=saved(before))


def test_without_an_offset_every_site_s_own_clock_tells_what_has_begun() -> None:
    written = house({"east": "NY", "west": "CA"}, on=MONDAY)
    for site in ("east", "west"):
        someone(written, f"dan {site}", "physician", {site: "Mon 09:00-11:00"}, presence="dosing", roles="prescriber")
        someone(written, f"ana {site}", "psychologist", {site: "Mon 09:00-11:00"})
    before = planned(written)
    late = planned(written, previous=saved({**document(before), "sessions": []}), begun=datetime(2026, 12, 7, 9, 15))
    assert [(s.site, s.start.hour, s.start.minute) for s in late.sessions] == [("east", 9, 15), ("west", 9, 15)]
    utc = datetime(2026, 12, 7, 14, 15, tzinfo=UTC)
    late = planned(written, previous=saved({**document(before), "sessions": []}), begun=utc)
    assert [(s.site, s.start.hour, s.start.minute) for s in late.sessions] == [
        ("east", 9, 15), ("west", 9, 0), ("west", 10, 0)
    ]  # fmt: skip


def test_nothing_has_begun_or_is_cancelled_of_no_plan() -> None:
    for options in ({"begun": datetime(2026, 12, 7, 9)}, {"cancel": [("ana", MONDAY)]}):
        with pytest.raises(UsageError, match="previous"):
            planned(morning(), **options)
    with pytest.raises(UsageError, match="zoe"):
        planned(morning(), cancel=[("zoe", MONDAY)])


def test_a_plan_of_another_practice_is_no_plan_to_start_from() -> None:
    stranger = as_json(plan_of(document(planned(morning())))[0])
    stranger.update(prescribers=["zoe"], therapists=["yan"], site="south")
    with pytest.raises(UsageError, match="another roster"):
        planned(morning(), previous=saved({"sessions": [stranger]}))


# --- What has begun, whatever the roster says now -------------------------------------------------------------


@given(st.one_of(SMALL, TEAMS), st.data())
def test_what_has_begun_is_no_conflict(written: Written, data: st.DataObject) -> None:
    other = data.draw(otherwise(written))
    before = planned(other)
    plan = plan_of(document(before))
    assume(plan)
    moment = data.draw(st.sampled_from(plan)).begins + timedelta(minutes=1)
    past = [s for s in plan if s.begins < moment]
    found = planned(written, previous=saved(before), begun=moment)
    assert found.status == "optimal"
    now = plan_of(document(found))
    assert same(past) <= same(now)
    world = World(written, written.on, 1, "exclude")
    new = [s for s in now if s.same not in same(past)]
    assert not [fault for s in new for fault in session_faults(world, s)]
    # Whatever does not hold, does not hold of what has begun alone.
    forgiven = {*together_faults(world, past), *tally_faults(world, past)}
    event(f"{len(forgiven)} forgiven, {min(len(new), 3)} new")
    assert {*together_faults(world, now), *tally_faults(world, now)} <= forgiven


def test_fewer_rooms_from_today_on_leave_what_has_begun() -> None:
    written = house({"north": "NY"}, rooms={"north": 2})
    for n in (1, 2):
        someone(written, f"dan{n}", "physician", {"north": "Mon 09:00-11:00"}, presence="dosing", roles="prescriber")
        someone(written, f"ana{n}", "psychologist", {"north": "Mon 09:00-11:00"})
    before = planned(written)
    assert len(before.sessions) == 4
    written.tables["sites"][0]["rooms"] = "1"
    found = planned(written, previous=saved(before), begun=datetime(2026, 12, 7, 9, 30))
    assert (found.status, [s.start.hour for s in found.sessions]) == ("optimal", [9, 9, 10])


def test_who_is_between_two_sites_against_the_rules_already_goes_to_no_third_session() -> None:
    written = house({"north": "NY", "south": "NY"}, rooms={"north": 3, "south": 3}, travel_minutes=30)
    for site in ("north", "south"):
        for n in (1, 2, 3):
            someone(written, f"{site}{n}", "psychologist", {site: "Mon 09:00-12:00"})
    someone(written, "dan", "physician", {"north": "Mon 09:00-12:00", "south": "Mon 09:00-12:00"}, presence="dosing",
            roles="prescriber", max_concurrent_sessions="3")  # fmt: skip
    some = [s for s in candidates(written, written.on, 1) if s.begins == datetime(2026, 12, 7, 14, tzinfo=UTC)]
    both = [next(s for s in some if s.therapists == (f"{site}1",)) for site in ("north", "south")]
    found = planned(written, previous=saved_sessions(both, MONDAY), begun=datetime(2026, 12, 7, 9, 15))
    assert found.status == "optimal"
    later = [s for s in found.sessions if s.start.hour * 60 + s.start.minute < 10 * 60]
    assert len(later) == 2, "while two are overseen at two sites at once, no third is"


# --- What cannot be asked -------------------------------------------------------------------------------------


def test_a_cancellation_that_touches_nothing_is_refused() -> None:
    before = saved(planned(morning()))
    for day, said in ((MONDAY + timedelta(days=1), "some on 2026-12-07"), (MONDAY + timedelta(days=7), "not in the")):
        with pytest.raises(UsageError, match=said):
            planned(morning(), previous=before, cancel=[("ana", day)])
    with pytest.raises(UsageError, match="in no session"):
        planned(morning(), previous=before, cancel=[("mia", MONDAY)])


def test_a_plan_that_is_none_is_not_planned_on() -> None:
    one = as_json(plan_of(document(planned(morning())))[0])
    none = planned(morning(), keep=saved({"sessions": [{**one, "therapists": ["mia"]}]}).sessions)
    assert (none.status, none.proven) == ("infeasible", ())
    with pytest.raises(UsageError, match="this is none"):
        planned(morning(), previous=saved(none))


def test_a_plan_is_told_by_the_clocks_of_its_sites_whatever_clock_it_was_saved_by() -> None:
    before = document(planned(morning()))
    for session in before["sessions"]:
        for key in ("start", "end"):
            session[key] = datetime.fromisoformat(session[key]).astimezone(UTC).isoformat()
    away = morning()
    away.add("absences", practitioner="dan", start="2026-12-07", end="2026-12-07")
    found = planned(away, previous=saved(before))
    assert next(s.start.isoformat() for s in found.cancelled) == "2026-12-07T09:00:00-05:00"
    kept = planned(away, keep=saved(before).sessions)
    assert {c.about for c in kept.keeping.conflicts} >= {"north 2026-12-07 09:00"}


def test_an_absence_may_last_for_ever() -> None:
    written = morning()
    written.add("absences", practitioner="ana", start="2026-12-01", end="9999-12-31")
    assert {p for s in planned(written).sessions for p in s.therapists} == {"ben"}


def test_what_two_sessions_break_together_is_told_once() -> None:
    written = house({"north": "NY"}, rooms={"north": 2})
    for n in (1, 2):
        someone(written, f"dan{n}", "physician", {"north": "Mon 09:00-10:00"}, presence="dosing", roles="prescriber")
        someone(written, f"ana{n}", "psychologist", {"north": "Mon 09:00-10:00"})
    both = planned(written)
    written.tables["sites"][0]["rooms"] = "1"
    found = planned(written, keep=saved(both).sessions)
    assert [c.message for c in found.keeping.conflicts] == ["north 2026-12-07 09:00 is one of 2 at once in 1 room"]


def test_a_cancelled_session_that_comes_back_is_told_with_a_higher_number() -> None:
    written = morning()
    first = saved(planned(written))
    day = written.on
    without = planned(written, previous=first, cancel=[("dan", day)])
    assert len(without.cancelled) == len(first.sessions) > 0
    again = planned(written, previous=saved(without))
    numbers = {s.uid: s.sequence for s in without.cancelled}
    assert {s.uid for s in again.sessions} == set(numbers)
    assert all(s.sequence > numbers[s.uid] for s in again.sessions)
