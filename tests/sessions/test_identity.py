"""A session keeps its name from plan to plan: unique, the same in whatever order, and never with a lower number."""

from __future__ import annotations

import random
from collections.abc import Sequence
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import attrs
from attrs import frozen
from hypothesis import given
from hypothesis import strategies as st

from kapteam.sessions.identity import Identity, identities

NEW_YORK = ZoneInfo("America/New_York")
MONDAY = datetime(2026, 12, 7, 9, tzinfo=NEW_YORK)


@frozen
class Told:
    """A session, as far as its name goes."""

    site: str = "north"
    start: datetime = MONDAY
    prescribers: Sequence[str] = ("dan",)
    therapists: Sequence[str] = ("ana",)
    monitors: Sequence[str] = ()
    end: datetime | None = None
    room: int | None = 1
    protocol: str | None = None
    uid: str | None = None
    sequence: int = 0


def told(sessions: Sequence[Told], before: Sequence[Told] = ()) -> list[Told]:
    """The sessions with their names, as the next plan finds them."""
    named, _ = identities(sessions, before)
    return [attrs.evolve(s, uid=i.uid, sequence=i.sequence) for s, (i, _) in zip(sessions, named, strict=True)]


def as_shown(session: Told) -> Told:
    """What calendars show of it."""
    return attrs.evolve(session, therapists=sorted(session.therapists), uid=None, sequence=0)


@st.composite
def a_session(draw: st.DrawFn) -> Told:
    start = MONDAY + timedelta(hours=draw(st.integers(0, 3)), days=draw(st.sampled_from([0, 0, 0, 1, 7])))
    return Told(
        draw(st.sampled_from(["north", "south"])),
        start,
        (draw(st.sampled_from(["dan", "eve"])),),
        tuple(draw(st.lists(st.sampled_from(["ana", "ben", "cas"]), min_size=1, max_size=2, unique=True))),
        tuple(draw(st.sampled_from([(), ("mia",)]))),
        start + timedelta(hours=draw(st.sampled_from([2, 2, 3]))),
        draw(st.sampled_from([1, 1, 2])),
        draw(st.sampled_from([None, None, "group"])),
    )


#: A plan has no two sessions that are the same people at once.
plans = st.lists(a_session(), max_size=6, unique_by=lambda s: (s.site, s.start, s.prescribers, s.therapists))


# --- By hand ------------------------------------------------------------------------------------------------


def test_a_session_that_is_as_it_was_keeps_name_and_number() -> None:
    before = told([Told()])
    assert told([Told()], before) == before


def test_a_session_that_moved_keeps_its_name() -> None:
    (before,) = told([Told()])
    (now,) = told([Told(start=MONDAY + timedelta(hours=2))], [before])
    assert (now.uid, now.sequence) == (before.uid, 1)
    (again,) = told([Told()], [now])
    assert (again.uid, again.sequence) == (before.uid, 2)


def test_a_session_that_is_no_more_is_told_with_a_higher_number() -> None:
    (before,) = told([Told(sequence=3)], [Told(uid="x@y", sequence=3)])
    named, gone = identities([], [before])
    assert named == []
    assert gone == [(before, Identity("x@y", 4))]


def test_what_a_calendar_shows_of_a_session_is_part_of_it() -> None:
    end = MONDAY + timedelta(hours=3)
    before = told([Told(end=end)])
    for change in ({"end": end + timedelta(hours=1)}, {"room": 2}, {"protocol": "group"}):
        (now,) = told([attrs.evolve(Told(end=end), **change)], before)
        assert (now.uid, now.sequence) == (before[0].uid, 1)


def test_a_plan_that_says_less_is_no_other_plan() -> None:
    before = Told(uid="x@y", room=None, end=None)
    assert told([Told(end=MONDAY + timedelta(hours=3))], [before])[0].sequence == 0


def test_a_session_that_comes_back_is_told_again() -> None:
    """A calendar that knows that a name is cancelled does not listen to a lower number of it any more."""
    (before,) = told([Told(sequence=2)], [Told(uid=told([Told()])[0].uid, sequence=2)])
    _, [(_, cancelled)] = identities([], [before])
    gone = attrs.evolve(before, sequence=cancelled.sequence)
    named, still_gone = identities([Told()], [], [gone])
    assert named == [(Identity(str(before.uid), 4), None)]
    assert still_gone == []
    assert identities([], [], [gone]) == ([], [(gone, cancelled)])


def test_a_name_that_two_sessions_bear_is_given_to_one() -> None:
    copied = [Told(uid="x@y"), Told(therapists=("ben",), uid="x@y")]
    now = told([Told(), Told(therapists=("ben",))], copied)
    assert len({s.uid for s in now}) == 2
    assert "x@y" in {s.uid for s in now}


def test_sessions_without_a_name_get_one_each() -> None:
    before = [Told(), Told(start=MONDAY + timedelta(days=1)), Told(uid=told([Told()])[0].uid, therapists=("ben",))]
    _, gone = identities([], before)
    assert len({i.uid for _, i in gone}) == 3


def test_two_starts_in_an_hour_that_is_told_twice_are_two_sessions() -> None:
    hour = datetime(2026, 11, 1, 1, tzinfo=NEW_YORK)
    sessions = [Told(start=hour, end=hour.replace(fold=1)), Told(start=hour.replace(fold=1))]
    before = told(sessions)
    assert len({s.uid for s in before}) == 2
    saved = [attrs.evolve(s, end=s.end and datetime.fromisoformat(s.end.isoformat())) for s in before]
    assert [(s.uid, s.sequence) for s in told(sessions, saved)] == [(s.uid, s.sequence) for s in before]


# --- Drawn --------------------------------------------------------------------------------------------------


@given(st.lists(plans, min_size=1, max_size=5))
def test_names_are_unique_and_numbers_never_fall(chain: list[list[Told]]) -> None:
    before: list[Told] = []
    cancelled: list[Told] = []
    highest: dict[str, int] = {}
    for sessions in chain:
        named, gone = identities(sessions, before, cancelled)
        now = [attrs.evolve(s, uid=i.uid, sequence=i.sequence) for s, (i, _) in zip(sessions, named, strict=True)]
        everyone = [i for i, _ in named] + [i for _, i in gone]
        assert len({i.uid for i in everyone}) == len(everyone)
        assert set(highest) <= {i.uid for i in everyone}
        assert all(i.sequence >= highest.get(i.uid, 0) for i in everyone)
        known = {str(s.uid) for s in before}
        for session, (identity, was) in zip(now, named, strict=True):
            assert (was is not None) == (identity.uid in known)
            as_it_was = was is not None and as_shown(session) == as_shown(was)
            assert not as_it_was or identity.sequence == highest[identity.uid]
            assert as_it_was or identity.uid not in highest or identity.sequence > highest[identity.uid]
        assert all(i.sequence > highest[i.uid] for s, i in gone if s in before)
        cancelled = [attrs.evolve(s, uid=i.uid, sequence=i.sequence) for s, i in gone]
        highest |= {i.uid: i.sequence for i in everyone}
        before = now


@given(plans, plans, st.randoms(use_true_random=False))
def test_the_order_of_sessions_says_nothing(old: list[Told], new: list[Told], chance: random.Random) -> None:
    before = told(old)
    expected = {(s.site, s.start, s.prescribers, s.therapists): s for s in told(new, before)}
    chance.shuffle(before)
    chance.shuffle(new)
    assert {(s.site, s.start, s.prescribers, s.therapists): s for s in told(new, before)} == expected


@given(plans)
def test_the_same_plan_again_changes_nothing(sessions: list[Told]) -> None:
    before = told(sessions)
    now, gone = identities(sessions, before)
    assert [i for i, _ in now] == [Identity(str(s.uid), s.sequence) for s in before]
    assert gone == []
