"""Arithmetic on weeks, slot by slot: the ring of 672 quarter hours, and clocks that differ."""

from __future__ import annotations

import itertools
from datetime import date

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import oracles
from kapteam.columns import weeks
from kapteam.columns.members import anywhere_starts, week_starts
from kapteam.records.hours import SLOTS_A_WEEK, WeeklyHours
from strategies import WINTER, Written, rosters

RING = SLOTS_A_WEEK


def ring(slots: set[int]) -> weeks.Words:
    """One week of these slots."""
    return weeks.weeks_of([sum(1 << slot for slot in slots)])


def slots_of(week: weeks.Words) -> set[int]:
    return set(np.flatnonzero(weeks.slots(week)[0]).tolist())


#: A few runs of slots, some of them over the week's end.
SLOTS = st.lists(st.tuples(st.integers(0, RING - 1), st.integers(1, 60)), max_size=5).map(
    lambda runs: {(first + i) % RING for first, length in runs for i in range(length)}
)
SPARSE = st.sets(st.integers(0, RING - 1), max_size=9)
EDGE = st.sets(
    st.sampled_from([0, 1, 2, 3, 5, 8, 12, 13, 20, 640, 650, 660, 661, 665, 668, 669, 670, 671]), max_size=12
)


@given(SLOTS)
def test_a_week_holds_the_slots_it_was_made_of(slots: set[int]) -> None:
    assert slots_of(ring(slots)) == slots
    assert weeks.some(ring(slots)).tolist() == [bool(slots)]


@given(SLOTS, st.integers(-RING, 2 * RING))
def test_earlier_moves_every_slot_around_the_ring(slots: set[int], by: int) -> None:
    assert slots_of(weeks.earlier(ring(slots), by)) == {(slot - by) % RING for slot in slots}


@given(SLOTS, st.integers(1, 100))
def test_starts_are_the_slots_from_which_the_whole_length_is_there(slots: set[int], length: int) -> None:
    expected = {s for s in range(RING) if all((s + i) % RING in slots for i in range(length))}
    assert slots_of(weeks.starts(ring(slots), length)) == expected


@pytest.mark.parametrize("length", [1, 12, 31, 32, 33, 96, 671, 672])
def test_a_full_week_has_every_start_and_an_empty_one_none(length: int) -> None:
    assert slots_of(weeks.starts(weeks.full(1), length)) == set(range(RING))
    assert slots_of(weeks.starts(weeks.empty(1), length)) == set()
    assert weeks.most_sessions(weeks.full(1), length).tolist() == [RING // length]
    assert weeks.most_sessions(weeks.empty(1), length).tolist() == [0]


def most_by_hand(starts: set[int], length: int) -> int:
    """Every set of starts tried, the largest first."""
    for size in range(len(starts), 0, -1):
        for chosen in itertools.combinations(sorted(starts), size):
            gaps = [b - a for a, b in itertools.pairwise(chosen)] + [chosen[0] + RING - chosen[-1]]
            if size == 1 or min(gaps) >= length:
                return size
    return 0


@given(st.one_of(SPARSE, EDGE), st.integers(1, 96))
def test_most_sessions_is_the_largest_set_of_starts_that_do_not_overlap(starts: set[int], length: int) -> None:
    assert weeks.most_sessions(ring(starts), length).tolist() == [most_by_hand(starts, length)]


@given(SLOTS, st.integers(1, 40))
def test_most_sessions_of_many_starts_is_the_oracle_s_packing(starts: set[int], length: int) -> None:
    assert weeks.most_sessions(ring(starts), length).tolist() == [oracles.largest_packing(starts, length)]


@given(SLOTS, st.integers(1, 40))
def test_of_throughout_it_is_the_sum_over_runs_of_the_sessions_that_each_holds(slots: set[int], length: int) -> None:
    if len(slots) == RING:
        runs = [RING]
    else:
        begin = next(i for i in range(RING) if i not in slots)
        turned = "".join("x" if (begin + i) % RING in slots else " " for i in range(RING))
        runs = [len(run) for run in turned.split()]
    starts = weeks.starts(ring(slots), length)
    assert weeks.most_sessions(starts, length).tolist() == [sum(run // length for run in runs)]


@given(SLOTS, st.integers(1, 40), st.integers(0, RING - 1))
def test_a_turned_week_holds_as_many_sessions(starts: set[int], length: int, by: int) -> None:
    turned = weeks.earlier(ring(starts), by)
    assert weeks.most_sessions(turned, length).tolist() == weeks.most_sessions(ring(starts), length).tolist()


@given(st.lists(st.one_of(SLOTS, SPARSE, EDGE), min_size=2, max_size=6), st.integers(1, 40))
def test_many_weeks_at_once_are_each_as_alone(many: list[set[int]], length: int) -> None:
    together = np.vstack([ring(slots) for slots in many])
    starts = weeks.starts(together, length)
    assert starts.tolist() == [weeks.starts(ring(slots), length)[0].tolist() for slots in many]
    alone = [weeks.most_sessions(ring(slots), length)[0] for slots in many]
    assert weeks.most_sessions(together, length).tolist() == alone


@pytest.mark.parametrize(
    ("starts", "length", "most"),
    [
        ({0, 12, 24}, 12, 3),
        ({0, 11, 22, 33}, 12, 2),
        ({664, 0, 3}, 12, 1),  # Sunday 22:00 reaches to Monday 01:00
        ({664, 4}, 12, 2),  # and a session at 01:00 is after it
        ({671, 10, 11, 22}, 12, 2),
        (set(range(RING)), 12, 56),
        ({5}, 672, 1),
        ({5, 341}, 336, 2),
        ({5, 341}, 337, 1),
    ],
)
def test_sessions_around_sunday_midnight(starts: set[int], length: int, most: int) -> None:
    assert weeks.most_sessions(ring(starts), length).tolist() == [most]


@given(rosters(people=(2, 4)), st.integers(1, 12))
@settings(max_examples=20)
def test_the_starts_anywhere_are_the_oracle_s_in_absolute_time(written: Written, length: int) -> None:
    network, judged = written.network(), written.judged()
    facts = network.links.facts
    for unwritten in (False, True):
        found = weeks.slots(anywhere_starts(facts, length, unwritten=unwritten))
        for code, id in enumerate(facts.people):
            anywhere = judged.roster.week_anywhere(id, 0, blank_is_all=unwritten)
            assert set(np.flatnonzero(found[code]).tolist()) == oracles.fits(anywhere, None, length, 0)
        here = weeks.slots(week_starts(facts, length, unwritten=unwritten))
        for row, (person, site) in enumerate(zip(facts.postings.person, facts.postings.site, strict=True)):
            week = judged.roster.week(facts.people[person], facts.sites[site], blank_is_all=unwritten)
            assert set(np.flatnonzero(here[row]).tolist()) == oracles.fits(week, None, length, 0)
        assert not here[-1].any()  # of those without hours


@pytest.mark.parametrize(
    ("day", "place", "zone", "behind"),
    [
        ("2026-12-07", "NY", "", 5), ("2026-07-06", "NY", "", 4),
        ("2026-12-07", "AZ", "", 7), ("2026-07-06", "AZ", "", 7),
        ("2026-03-07", "CO", "", 7), ("2026-03-08", "CO", "", 6),  # by noon the clock has changed
        ("2026-11-01", "CA", "", 8), ("2026-12-07", "TX", "America/Denver", 7), ("2026-07-06", "HI", "", 10),
    ],
)  # fmt: skip
def test_a_clock_is_read_at_noon_of_the_day_judged(day: str, place: str, zone: str, behind: int) -> None:
    tables = {
        "sites": [{"site": "s", "jurisdiction": place, "supply": "patient", "timezone": zone}],
        "practitioners": [{"practitioner": "p"}],
        "hours": [{"practitioner": "p", "site": "s", "when": "Mon 09:00-10:00"}],
    }
    facts = Written(tables, {}, date.fromisoformat(day)).network().links.facts
    assert facts.offset.tolist() == [-4 * behind]
    utc = slots_of(anywhere_starts(facts, 4))
    assert utc == {4 * (9 + behind)}


@given(SLOTS.filter(bool))
def test_weekly_hours_are_read_back_from_their_own_words(slots: set[int]) -> None:
    hours = WeeklyHours(sum(1 << slot for slot in slots))
    week = oracles.weekly_hours(str(hours))
    assert {i for i, there in enumerate(week) if there} == slots == set(WeeklyHours.of(str(hours)))
    assert WINTER.weekday() == 0
