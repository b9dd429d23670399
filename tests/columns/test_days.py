"""Weeks as runs of a day give what the same weeks give slot by slot, whatever hours people keep."""

from __future__ import annotations

import itertools
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kapteam.columns import weeks
from kapteam.columns.days import MORE, OVERNIGHT, TWICE, Days, common_sessions
from kapteam.columns.pairs import Pairs
from kapteam.records.hours import SLOTS_A_DAY, SLOTS_A_WEEK, WeeklyHours
from strategies import Written

#: Runs of slots: of a day, of a night, over the week's end, of several days.
RUNS = st.lists(
    st.tuples(st.integers(0, SLOTS_A_WEEK - 1), st.sampled_from([1, 2, 5, 12, 14, 24, 40, 200])), max_size=7
)
#: Hours of a practice: once a day or, around noon, twice.
OFFICE = st.lists(
    st.tuples(st.integers(0, 6), st.sampled_from([24, 32, 36, 50, 56]), st.sampled_from([8, 12, 13, 20, 30])),
    max_size=7,
)


def slots_of(runs: list[tuple[int, int]]) -> frozenset[int]:
    return frozenset((first + i) % SLOTS_A_WEEK for first, length in runs for i in range(length))


def office(runs: list[tuple[int, int, int]]) -> frozenset[int]:
    return frozenset(SLOTS_A_DAY * day + first + i for day, first, length in runs for i in range(length))


WEEKS = st.one_of(RUNS.map(slots_of), OFFICE.map(office), st.just(frozenset(range(SLOTS_A_WEEK))))


def words(many: list[frozenset[int]]) -> weeks.Words:
    return weeks.weeks_of(sum(1 << slot for slot in slots) for slots in many)


def runs_by_hand(slots: frozenset[int]) -> list[list[tuple[int, int]]]:
    """Of each day the first and last slot of every run."""
    found: list[list[tuple[int, int]]] = []
    for day in range(7):
        here = sorted(slot - SLOTS_A_DAY * day for slot in slots if slot // SLOTS_A_DAY == day)
        groups = itertools.groupby(enumerate(here), lambda pair: pair[1] - pair[0])
        found.append([(run[0], run[-1]) for _, group in groups for run in [[slot for _, slot in group]]])
    return found


@given(st.lists(WEEKS, min_size=1, max_size=4))
def test_the_runs_of_each_day_are_there(many: list[frozenset[int]]) -> None:
    days = Days.of(words(many))
    octets = {name: getattr(days, name)[:, :, None].view(np.uint8) for name in ("once", "again")}
    for row, slots in enumerate(many):
        by_day = runs_by_hand(slots)
        for place, name in enumerate(("once", "again")):
            for day, runs in enumerate(by_day):
                first, last = (int(octets[name][end, row, day]) for end in (0, 1))
                assert (first, last) == (runs[place] if len(runs) > place else (255, 0))
            assert octets[name][0, row, 7] > octets[name][1, row, 7]
        most = max(len(runs) for runs in by_day)
        overnight = any(
            {SLOTS_A_DAY * (day + 1) - 1, SLOTS_A_DAY * (day + 1) % SLOTS_A_WEEK} <= slots for day in range(7)
        )
        assert int(days.flags[row]) == TWICE * (most > 1) + MORE * (most > 2) + OVERNIGHT * overnight


@given(st.lists(WEEKS, min_size=2, max_size=6), st.integers(1, 120))
def test_weeks_that_are_all_here_have_the_most_sessions_that_fit_in_both(
    hours: list[frozenset[int]], length: int
) -> None:
    starts = weeks.starts(words(hours), length)
    days = Days.of(starts)
    left, right = (np.array(side) for side in zip(*itertools.product(range(len(hours)), repeat=2), strict=True))
    found = common_sessions(days, left, days, right, length)
    both = starts[left] & starts[right]
    told = (days.flags[left] | days.flags[right]) & MORE == 0
    assert (found > 0)[told].tolist() == weeks.some(both)[told].tolist()
    told &= (days.flags[right] & OVERNIGHT) == 0
    assert found[told].tolist() == weeks.most_sessions(both, length)[told].tolist()


def test_a_week_of_two_runs_a_day_is_compared_run_by_run() -> None:
    morning_and_evening, midday = office([(0, 32, 16), (0, 64, 30)]), office([(0, 40, 40)])
    days = Days.of(weeks.starts(words([morning_and_evening, midday]), 8))
    assert days.flags.tolist() == [TWICE, 0]
    assert common_sessions(days, np.array([0, 0]), days, np.array([1, 0]), 8).tolist() == [3, 5]


PRESENCE = ["", "none", "available", "dosing", "throughout"]


@st.composite
def clinics(draw: st.DrawFn) -> Written:
    """Prescribers whose policies ask every kind of presence, and therapists, at two sites an hour apart."""
    tables: dict[str, list[dict[str, Any]]] = {
        "sites": [
            {"site": "east", "jurisdiction": "NY", "supply": "stock"},
            {"site": "west", "jurisdiction": "IL", "supply": "stock"},
        ],
        "practitioners": [], "licenses": [], "coverage": [], "hours": [],
    }  # fmt: skip
    for role, count in (("prescriber", draw(st.integers(1, 5))), ("therapist", draw(st.integers(1, 4)))):
        for number in range(count):
            id = f"{role[0]}{number}"
            roles = draw(st.sampled_from([role, role, "prescriber;therapist"]))
            tables["practitioners"].append({"practitioner": id, "roles": roles})
            tables["coverage"].append({
                "practitioner": id, "carrier": "Acorn", "ketamine": "yes",
                "presence": draw(st.sampled_from(PRESENCE if role == "prescriber" else PRESENCE[:2])),
            })  # fmt: skip
            for site in draw(st.sets(st.sampled_from(["east", "west"]), min_size=1)):
                slots = draw(WEEKS)
                unwritten = not slots or draw(st.integers(0, 5)) == 0
                when = "" if unwritten else str(WeeklyHours(sum(1 << slot for slot in slots)))
                tables["hours"].append({"practitioner": id, "site": site, "when": when})
    minutes = draw(st.sampled_from([(180, 60), (180, 180), (45, 15), (300, 90)]))
    protocol = {"session_minutes": minutes[0], "dosing_minutes": minutes[1], "solo": True}
    return Written(tables, {"protocol": protocol})


def slot_by_slot(pairs: Pairs, *, unwritten: bool) -> weeks.Words:
    return pairs.starts(np.arange(len(pairs)), prescriber_unwritten=unwritten, therapist_unwritten=unwritten)


@given(clinics())
@settings(max_examples=60)
def test_links_fit_as_they_do_slot_by_slot(written: Written) -> None:
    pairs = written.network().links.pairs
    if not len(pairs):
        return
    starts = slot_by_slot(pairs, unwritten=False)
    fits, might = weeks.some(starts), weeks.some(slot_by_slot(pairs, unwritten=True))
    assert pairs.fits.tolist() == np.where(fits, 1, np.where(might, 0, -1)).tolist()
    assert pairs.weekly_sessions.tolist() == weeks.most_sessions(starts, pairs.facts.session).tolist()


def test_two_doses_in_one_shift_of_the_therapist_are_one_session() -> None:
    tables = {
        "sites": [{"site": "s", "jurisdiction": "NY", "supply": "stock"}],
        "practitioners": [{"practitioner": "p", "roles": "prescriber"}, {"practitioner": "t", "roles": "therapist"}],
        "coverage": [{"practitioner": "p", "carrier": "Acorn", "presence": "dosing"}],
        "hours": [
            {"practitioner": "p", "site": "s", "when": "Mon 09:00-10:00; Mon 11:00-12:00"},
            {"practitioner": "t", "site": "s", "when": "Mon 08:00-18:00"},
        ],
    }
    assert Written(tables, {}).network().links.pairs.weekly_sessions.tolist() == [1]


@pytest.mark.parametrize("hours", [
    "Mon 20:00-24:00; Tue 00:00-05:00",  # one night, twice a day
    "Mon 08:00-12:00; Mon 13:00-17:00; Mon 18:00-22:00",
    "Mon-Sun 00:00-24:00",
])  # fmt: skip
@pytest.mark.parametrize("presence", PRESENCE)
def test_nights_and_days_of_three_shifts(hours: str, presence: str) -> None:
    tables = {
        "sites": [{"site": "s", "jurisdiction": "NY", "supply": "stock"}],
        "practitioners": [{"practitioner": "p", "roles": "prescriber"}, {"practitioner": "t", "roles": "therapist"}],
        "coverage": [{"practitioner": "p", "carrier": "Acorn", "presence": presence}],
        "hours": [
            {"practitioner": "p", "site": "s", "when": hours},
            {"practitioner": "t", "site": "s", "when": "Mon 07:00-24:00; Tue 00:00-04:00"},
        ],
    }
    pairs = Written(tables, {}).network().links.pairs
    starts = slot_by_slot(pairs, unwritten=False)
    assert weeks.some(starts).all()
    assert pairs.weekly_sessions.tolist() == weeks.most_sessions(starts, pairs.facts.session).tolist()
