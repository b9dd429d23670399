"""The oracle of `schedule` against examples that were worked out on paper, and against every plan there is.

Dan, a physician, prescribes; Ana and Ben, psychologists, sit; Mia, a nurse, monitors. A session is an hour, and half
of it is dosing. A link's points are 30 (16 of 80 hours of training, of 150) and 50 for each of up to 5 sessions that
a typical week of the two holds.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from schedule_oracle import (
    Objective,
    Session,
    World,
    best,
    best_plan,
    candidates,
    check,
    number_faults,
    objective,
    report,
    spread,
    tally_faults,
    together_faults,
)
from strategies import Written
from tiny import Change, add, change, practice

MONDAY = "2026-12-07"
NINE_TO_ELEVEN = ("Mon 09:00-11:00",) * 3


def town(*changes: Change, hours: Sequence[str] = NINE_TO_ELEVEN) -> Written:
    """The roster, with the hours of Dan, Ana and Ben at `north` (none: not there), after some changes."""
    names = ("dan", "ana", "ben")
    written = Written(
        {
            "sites": [{"site": s, "jurisdiction": "NY", "supply": "patient"} for s in ("north", "south")],
            "practitioners": [
                {"practitioner": "dan", "roles": "prescriber"},
                {"practitioner": "ana", "roles": "therapist"},
                {"practitioner": "ben", "roles": "therapist"},
                {"practitioner": "mia"},
            ],
            "licenses": [
                {"practitioner": "dan", "jurisdiction": "NY", "profession": "physician"},
                {"practitioner": "ana", "jurisdiction": "NY", "profession": "psychologist"},
                {"practitioner": "ben", "jurisdiction": "NY", "profession": "psychologist"},
                {"practitioner": "mia", "jurisdiction": "NY", "profession": "registered_nurse"},
            ],
            "registrations": [{"practitioner": "dan", "jurisdiction": "NY", "schedules": "3N"}],
            "coverage": [
                {"practitioner": id, "carrier": "Acorn", "ketamine": "yes", "presence": presence}
                for id, presence in (("dan", "dosing"), ("ana", ""), ("ben", ""), ("mia", ""))
            ],
            "training": [{"practitioner": id, "kind": "kap", "hours": "16", "practicum": "no"} for id in names],
            "hours": [
                {"practitioner": id, "site": "north", "when": when}
                for id, when in zip(names, hours, strict=True)
                if when
            ],
            "absences": [],
            "ties": [],
            "demand": [],
        },
        {
            "protocol": {"session_minutes": 60, "dosing_minutes": 30},
            "protocols": {"pair": {"therapists": 2}, "watched": {"monitors": 1}},
            "federal": {"telehealth": "yes"},
            "jurisdictions": {"NY": {"state_registration": "no"}},
            "modalities": {"parts": {"complementary": True}},
        },
    )
    for make in changes:
        make(written)
    return written


def at(clock: str, therapist: str = "ana", /, day: str = MONDAY, offset: str = "-05:00", **other: Any) -> Session:
    """A session of an hour from that clock on, of Dan and one therapist at `north`."""
    hour, minute = clock.split(":")
    end = f"{int(hour) + 1:02}:{minute}"
    made = Session(
        site="north",
        room=1,
        start=f"{day}T{clock}:00{offset}",
        end=f"{day}T{end}:00{offset}",
        prescribers=("dan",),
        therapists=(therapist,),
        monitors=(),
        protocol=None,
        demand=None,
        points=130,
    )
    return replace(made, **other)


def kinds(written: Written, *plan: Session, week: str = MONDAY, unknown: str = "exclude") -> set[str]:
    """The kinds of what is wrong."""
    return {fault.split(":")[0] for fault in check(written, plan, week, 1, unknown=unknown)}


rooms = change("sites", "north", rooms="2")
two_at_once = change("practitioners", "dan", max_concurrent_sessions="2")
none_asked = change("coverage", "dan", presence="none")


# --- The best plan, on paper --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        # Two hours, one room, one prescriber: 9 and 10, one each, and a link has 30 + 2 x 50 points.
        ([], (2, 260, 0)),
        # Ben's 32 hours of training make his link worth 160: points go before fairness.
        ([change("training", "ben", hours="32")], (2, 320, 2)),
        ([rooms], (2, 260, 0)),
        ([two_at_once], (2, 260, 0)),
        ([rooms, two_at_once], (4, 520, 0)),
        # A policy's say counts as well.
        ([rooms, two_at_once, change("coverage", "dan", max_concurrent_sessions="1")], (2, 260, 0)),
        # Dosing one at a time: Ana at 9 and 10, Ben at 9:30, or the other way round.
        ([rooms, two_at_once, change("practitioners", "dan", max_concurrent_dosing="1")], (3, 390, 1)),
        # Ben is away from 10:20 to 10:40: he has 9 only; his typical week is as it was.
        ([rooms, two_at_once, add("absences", practitioner="ben", start=f"{MONDAY}T10:20", end=f"{MONDAY}T10:40")],
         (3, 390, 1)),
        # Dan is away at the end of both hours: half an hour of dosing is all that is asked of him.
        ([add("absences", practitioner="dan", start=f"{MONDAY}T09:30", end=f"{MONDAY}T10:00"),
          add("absences", practitioner="dan", start=f"{MONDAY}T10:30", end=f"{MONDAY}T11:00")], (2, 260, 0)),
        # A quarter hour of turnover leaves room for one.
        ([practice("protocol/turnover_minutes", 15)], (1, 130, 1)),
        # One session a week each; the weekly sessions of a link are 1 too.
        ([change("practitioners", "ana", max_sessions_per_week="1"),
          change("practitioners", "ben", max_sessions_per_week="1")], (2, 160, 0)),
        ([change("practitioners", "dan", max_sessions_per_day="1")], (1, 130, 1)),
        # Two therapists sit together: both links count.
        ([practice("protocol/therapists", 2)], (2, 520, 0)),
        ([practice("protocol/therapists", 2), add("ties", a="ana", b="ben", kind="avoids")], (0, 0, 0)),
        ([practice("protocol/monitors", 1)], (0, 0, 0)),
        ([practice("protocol/monitors", 1), add("hours", practitioner="mia", site="north", when="Mon 09:30-11:00")],
         (1, 130, 1)),
        # Two of a row with priority 3 are asked for by Ben's clients, one of another one.
        ([add("demand", site="north", sessions="1", priority="3", therapist="ben"),
          add("demand", site="north", sessions="5")], (4, 260, 0)),
        ([add("demand", site="north", sessions="1")], (1, 130, 1)),
        ([add("demand", site="north", sessions="5", protocol="pair"),
          add("demand", site="north", sessions="1", priority="2")], (3, 390, 1)),
    ],
)  # fmt: skip
def test_a_monday_morning(changes: list[Change], expected: tuple[int, int, int]) -> None:
    written = town(*changes)
    found, plan = best_plan(written, MONDAY, 1)
    assert found == Objective(*expected, 0)
    assert check(written, plan, MONDAY, 1) == []
    assert objective(written, plan, MONDAY, 1) == found


@pytest.mark.parametrize(("south", "sessions"), [("10:15-11:15", 1), ("10:30-11:30", 2)])
def test_half_an_hour_of_travel(south: str, sessions: int) -> None:
    hours = add("hours", practitioner="ana", site="south", when=f"Mon {south}")
    written = town(none_asked, hours, hours=("", "Mon 09:00-10:00", ""))
    assert best(written, MONDAY, 1) == (sessions, 80 * sessions, 0, 0)


def test_a_prescriber_of_whom_no_presence_is_asked_does_not_travel() -> None:
    hours = add("hours", practitioner="ben", site="south", when="Mon 10:00-11:00")
    assert best(town(none_asked, hours, hours=("", "Mon 09:00-10:00", "")), MONDAY, 1).value == 2
    there = add("hours", practitioner="dan", site="south", when="Mon 10:00-11:00")
    written = town(hours, there, hours=("Mon 09:00-10:00", "Mon 09:00-10:00", ""))
    assert best(written, MONDAY, 1).value == 1
    plan = [at("09:00", points=80), at("10:00", "ben", site="south", points=80)]
    assert kinds(written, *plan) == {"travel"}


def test_an_hour_that_comes_twice_is_on_site_twice() -> None:
    written = town(hours=("Sun 01:00-02:00", "Sun 01:00-02:00", ""))
    found, plan = best_plan(written, "2026-10-26", 1)
    assert found == (2, 160, 0, 0)
    starts = [s.start if isinstance(s.start, str) else s.start.isoformat() for s in plan]
    assert starts == ["2026-11-01T01:00:00-04:00", "2026-11-01T01:00:00-05:00"]


def test_a_skipped_hour_has_no_slots() -> None:
    written = town(hours=("Sun 01:00-04:00", "Sun 01:00-04:00", ""))
    found, plan = best_plan(written, "2027-03-08", 1)
    assert found == (2, 2 * 180, 0, 0)
    assert [(s.begins.hour, s.ends.hour) for s in plan] == [(6, 7), (7, 8)]
    assert kinds(written, at("02:00", day="2027-03-14", points=180), week="2027-03-08") == {"offset"}


def test_hours_and_policies_end_on_their_day() -> None:
    until = change("hours", "dan", until="2026-12-08")
    written = town(until, hours=("Mon-Wed 09:00-10:00", "Mon-Wed 09:00-10:00", ""))
    found, plan = best_plan(written, "2026-12-10", 1)  # any day of the week
    assert found == (2, 2 * 180, 0, 0)
    assert [s.begins.day for s in plan] == [7, 8]
    assert best(written, MONDAY, 2).value == 2


def test_who_is_to_be_within_reach_may_be_at_another_site_in_another_zone() -> None:
    far = [
        add("sites", site="west", jurisdiction="CA", supply="patient"),
        change("coverage", "dan", presence="available"),
    ]
    hours = add("hours", practitioner="dan", site="west", when="Mon 06:15-06:45")
    found, plan = best_plan(town(*far, hours, hours=("", "Mon 09:00-11:00", "")), MONDAY, 1)
    assert found == (1, 80, 0, 0)
    assert plan[0].begins.isoformat() == "2026-12-07T14:15:00+00:00"
    away = add("absences", practitioner="dan", start=f"{MONDAY}T06:30", end=f"{MONDAY}T06:31")
    assert best(town(*far, hours, away, hours=("", "Mon 09:00-11:00", "")), MONDAY, 1).value == 0


def test_one_who_prescribes_and_sits_is_in_one_session() -> None:
    solo = [
        change("practitioners", "dan", roles="", max_concurrent_sessions="2"),
        change("sites", "north", rooms="2"),
    ]
    written = town(*solo)
    assert best(written, MONDAY, 1) == (4, 520, 2, 0)  # Ana and Ben with Dan, twice; Dan sits in none
    both = [at("09:00", "dan"), at("09:00", "ben", room=2)]
    assert kinds(written, *both) == {"busy"}
    assert kinds(written, both[0]) == set()
    assert kinds(town(*solo, practice("protocol/solo", False)), both[0]) == {"link", "points"}


def test_changes_are_the_sessions_of_one_plan_alone() -> None:
    written = town()
    before = [at("09:00", "ben"), at("10:00", "ana")]
    assert best(written, MONDAY, 1, previous=before) == (2, 260, 0, 0)
    assert objective(written, [at("09:00"), at("10:00", "ben")], MONDAY, 1, before) == (2, 260, 0, 4)
    fair = town(change("training", "ben", hours="32"))
    assert best(fair, MONDAY, 1, previous=before) == (2, 320, 2, 2)
    assert report(written, before[:1], MONDAY, 1, before) == {
        "value": 1, "sessions": 1, "points": 130, "spread": 1, "changes": 1
    }  # fmt: skip


# --- What is wrong with a plan, on paper --------------------------------------------------------------------


def language(*speakers: str) -> list[Change]:
    return [change("practitioners", id, languages="en;es") for id in speakers]


asks = add("demand", site="north", sessions="1", modality="parts", language="es")
away = add("absences", practitioner="ana", start=MONDAY, end=MONDAY)
watch = [practice("protocol/monitors", 1), add("hours", practitioner="mia", site="north", when="Mon 09:00-11:00")]
ROOMY = [rooms, two_at_once]


@pytest.mark.parametrize(
    ("changes", "plan", "expected"),
    [
        ([], [at("09:00"), at("10:00", "ben")], set()),
        ([], [at("09:15")], set()),
        ([], [at("09:10")], {"grid"}),
        ([], [at("08:45")], {"presence"}),
        ([], [at("10:15")], {"presence"}),
        ([], [at("09:00", end=f"{MONDAY}T10:15:00-05:00")], {"length"}),
        ([], [at("09:00", start="2026-12-07T14:00:00+00:00")], {"offset"}),
        ([], [at("09:00", day="2026-12-14")], {"horizon"}),
        ([], [at("09:00", points=131)], {"points"}),
        ([], [at("09:00", "zoe")], {"name"}),
        ([], [at("09:00", "mia", points=0)], {"link", "presence"}),
        ([], [at("09:00", therapists=("ana", "ben"), points=260)], {"people"}),
        ([], [at("09:00", monitors=("ben",))], {"people", "monitor"}),
        ([], [at("09:00", protocol="pair", therapists=("ana", "ben"), points=260)], {"protocol"}),
        ([away], [at("09:00")], {"presence"}),
        ([], [at("09:00"), at("09:45", "ben")], {"rooms", "concurrency", "number"}),
        ([rooms], [at("09:00"), at("09:45", "ben", room=2)], {"concurrency"}),
        (ROOMY, [at("09:00"), at("09:45", "ben", room=2)], set()),
        (ROOMY, [at("09:00", room=2), at("09:00", "ben", room=1)], set()),
        (ROOMY, [at("09:00", room=2), at("09:45", "ben", room=1)], {"number"}),
        (ROOMY, [at("09:00"), at("09:45", room=2)], {"busy"}),
        (ROOMY, [at("09:00"), at("10:00", room=2)], {"number"}),
        ([practice("protocol/turnover_minutes", 10)], [at("09:00"), at("10:00", "ben")], {"rooms", "number"}),
        ([change("practitioners", "ana", max_sessions_per_day="1")], [at("09:00"), at("10:00")], {"day"}),
        ([change("practitioners", "dan", max_sessions_per_week="1")],
         [at("09:00", points=80), at("10:00", points=80)], {"week"}),
        (watch, [at("09:00", monitors=("mia",))], set()),
        (watch, [at("09:00", monitors=("mia",), points=130), at("10:00")], {"people"}),
        ([*watch, change("licenses", "mia", status="telehealth")], [at("09:00", monitors=("mia",))], {"monitor"}),
        ([*watch, change("coverage", "mia", role="therapist")], [at("09:00", monitors=("mia",))], {"monitor"}),
        ([*watch, add("ties", a="mia", b="dan", kind="avoids")], [at("09:00", monitors=("mia",))], {"avoids"}),
        ([*watch, *ROOMY], [at("09:00", monitors=("mia",)), at("09:30", "ben", monitors=("mia",), room=2)], {"busy"}),
        ([asks], [at("09:00")], {"demand"}),
        ([asks, *language("ana")], [at("09:00", demand=1)], {"demand"}),
        ([asks, *language("ana"), add("training", practitioner="ana", kind="modality", name="parts")],
         [at("09:00", demand=1, points=280)], set()),
        ([asks, *language("ana"), add("training", practitioner="ana", kind="modality", name="parts")],
         [at("09:00", demand=1, points=280), at("10:00", demand=1, points=280)], {"row"}),
        # The words on two therapists are not the words on one.
        ([add("demand", site="north", sessions="1", modality="parts", language="es", protocol="pair"),
          *language("ana"), change("practitioners", "ben", modalities="parts")],
         [at("09:00", demand=1, protocol="pair", therapists=("ana", "ben"), points=410)], {"demand"}),
        ([add("demand", site="north", sessions="1", therapist="ben")], [at("09:00", demand=1)], {"demand"}),
        ([add("demand", site="south", sessions="1")], [at("09:00", demand=1)], {"demand"}),
    ],
)  # fmt: skip
def test_what_is_wrong_with_a_plan(changes: list[Change], plan: list[Session], expected: set[str]) -> None:
    assert kinds(town(*changes), *plan) == expected


def test_what_is_unknown_is_used_where_it_is_allowed() -> None:
    blank = change("coverage", "mia", ketamine="")
    written = town(*watch, blank, change("coverage", "ana", ketamine=""))
    plan = at("09:00", monitors=("mia",))
    assert kinds(written, plan) == {"monitor", "link"}
    assert kinds(written, plan, unknown="allow") == set()


# --- The best plan, against every plan ----------------------------------------------------------------------


def every_plan(world: World, offered: Sequence[Session]) -> Iterator[list[Session]]:
    """Take each candidate or leave it; what is wrong with a part is wrong with the whole."""
    if not offered:
        yield []
        return
    for plan in every_plan(world, offered[1:]):
        yield plan
        more = [offered[0], *plan]
        if not together_faults(world, more) and not tally_faults(world, more):
            yield more


@st.composite
def towns(draw: st.DrawFn) -> Written:
    """Some of everything that a plan may trip over."""

    def maybe(*makes: Change) -> list[Change]:
        return [make for make in makes if draw(st.integers(0, 2)) == 0]

    when = st.sampled_from(["Mon 09:00-11:00", "Mon 09:00-10:15", "Mon 10:00-11:30; Tue 09:00-10:00", ""])
    changes = maybe(
        rooms,
        two_at_once,
        change("coverage", "dan", presence=draw(st.sampled_from(["none", "available", "throughout"]))),
        change("practitioners", "dan", roles=""),
        change("practitioners", "dan", max_concurrent_dosing="1"),
        change("practitioners", "ana", max_sessions_per_week="1"),
        change("practitioners", "ben", max_sessions_per_day="1"),
        change("training", "ben", hours="32"),
        practice("protocol/turnover_minutes", 20),
        practice("protocol/travel_minutes", draw(st.sampled_from([0, 15, 60]))),
        practice("protocol/therapists", 2),
        practice("protocol/session_minutes", 50),
        add("hours", practitioner="ana", site="south", when=draw(when)),
        add("hours", practitioner="dan", site="south", when="Mon 10:00-12:00"),
        add("hours", practitioner="mia", site="north", when="Mon 09:00-10:30"),
        add("demand", site="north", sessions="1", priority="2", protocol="watched"),
        add("demand", site="north", sessions=draw(st.sampled_from(["1", "2"]))),
        add("demand", site="south", sessions="2", therapist=draw(st.sampled_from(["ana", "ben"]))),
        add("absences", practitioner="ben", start=f"{MONDAY} 09:50", end="2026-12-07"),
    )
    return town(*changes, hours=(draw(when), draw(when), draw(when)))


@given(towns(), st.sampled_from([15, 30, 60]), st.booleans(), st.data())
def test_no_plan_beats_the_best_one(written: Written, step: int, again: bool, data: st.DataObject) -> None:
    offered = candidates(written, MONDAY, 1, step=step)
    assume(1 < len(offered) <= 16)
    world = World(written, date.fromisoformat(MONDAY), 1, "exclude")
    plans = list(every_plan(world, offered))
    previous = data.draw(st.sampled_from(plans)) if again else None
    before = {s.same for s in previous or []}
    fair = world.fair()

    def worth(plan: list[Session]) -> tuple[int, int, int, int]:
        changes = len({s.same for s in plan} ^ before) if again else 0
        return sum(map(world.worth, plan)), sum(s.points for s in plan), -spread(fair, plan), -changes

    value, points, minus_spread, minus_changes = max(map(worth, plans))
    found, plan = best_plan(written, MONDAY, 1, step=step, previous=previous)
    assert found == (value, points, -minus_spread, -minus_changes)
    assert objective(written, plan, MONDAY, 1, previous) == found
    assert check(written, plan, MONDAY, 1) == []
    assert number_faults(world, plan) == []
