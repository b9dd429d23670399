"""Repairs for sessions: what is promised comes true in the plan, and nothing offered is cheaper for as much."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta
from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clinics import clinics, house, planned, someone
from kapteam.advice.changes import Change, applied
from kapteam.advice.repair import Repairs
from kapteam.advice.repair_sessions import repair_sessions
from kapteam.network.links import judged_links
from kapteam.records.problems import UsageError
from kapteam.sessions.schedule import schedule
from strategies import NO_PACKS, Written, mostly


def repaired(written: Written, **options: object) -> Repairs:
    return repair_sessions(judged_links(written.roster(), written.on, packs=NO_PACKS), **options)  # type: ignore[arg-type]


def really(found: Repairs, changes: Iterable[Change]) -> int:
    """The value of the best plan once the changes are made."""
    assert found.weeks is not None
    after = applied(found.links.facts.roster, changes)
    return schedule(after, found.weeks.first, packs=NO_PACKS, unknown=found.unknown).objective.value


@st.composite
def broken(draw: st.DrawFn) -> Written:
    """A clinic in which some of what people need is missing or not known."""
    written = draw(clinics(people=(3, 5), sites=(1, 2), days=1))
    for _ in range(draw(st.integers(1, 3))):
        table, column, values = draw(
            st.sampled_from(
                [
                    ("coverage", "ketamine", ["no", ""]),
                    ("registrations", "schedules", ["3", "2", ""]),
                    ("training", "hours", ["4", ""]),
                    ("licenses", "jurisdiction", ["TX"]),
                    ("hours", "when", [""]),
                    ("licenses", "status", ["restricted", "inactive"]),
                ]
            )
        )
        rows = written.tables[table]
        if rows:
            draw(st.sampled_from(rows))[column] = draw(st.sampled_from(values))
    return written


@given(broken(), mostly("exclude", "allow", times=3))
def test_what_is_promised_comes_true(written: Written, unknown: str) -> None:
    found = repaired(written, unknown=unknown)
    assert found.now == planned(written, unknown=unknown).objective.value
    for one in found.frontier:
        assert one.proven
        assert really(found, one.changes) - found.now == one.adds
        assert sum(c.dollars for c in one.changes) == one.dollars
    adds, dollars = [r.adds for r in found.frontier], [r.dollars for r in found.frontier]
    assert adds == sorted(set(adds))
    assert dollars == sorted(set(dollars))


def cheapest(found: Repairs) -> dict[int, int]:
    """By brute force over sets of few changes: the least cost of each value that is added."""
    size = 3 if len(found.offered) <= 8 else 2 if len(found.offered) <= 14 else 1
    least: dict[int, int] = {}
    for count in range(1, size + 1):
        for some in combinations(found.offered, count):
            hours = [c.practitioner for c in some if c.rule == "team.window"]
            if len(set(hours)) < len(hours):
                continue  # nobody is given hours twice
            adds, dollars = really(found, some) - found.now, sum(c.dollars for c in some)
            if adds > 0 and dollars < least.get(adds, 1 << 60):
                least[adds] = dollars
    return least


@given(broken(), mostly("exclude", "allow", times=3))
def test_nothing_of_what_is_offered_is_cheaper_by_brute_force(written: Written, unknown: str) -> None:
    found = repaired(written, unknown=unknown)
    reached = {r.adds: r.dollars for r in found.frontier}
    for adds, dollars in cheapest(found).items():
        assert adds <= found.most
        assert min(cost for more, cost in reached.items() if more >= adds) <= dollars


def morning() -> Written:
    """Dan is there all morning, Ana and Ben from 9 to 10 and from 10 to 11: two sessions, if all may."""
    written = house({"north": "NY"})
    someone(written, "dan", "physician", {"north": "Mon 09:00-12:00"}, presence="throughout", roles="prescriber")
    someone(written, "ana", "psychologist", {"north": "Mon 09:00-10:00"})
    someone(written, "ben", "psychologist", {"north": "Mon 10:00-11:00"})
    return written


def change(written: Written, table: str, person: str, **cells: str) -> None:
    written.rows(table, practitioner=person)[0].update(cells)


def test_one_rider_opens_every_session_of_a_prescriber() -> None:
    written = morning()
    change(written, "coverage", "dan", ketamine="no")
    (one,) = repaired(written, budget=800).frontier
    assert (one.adds, one.dollars, [c.rule for c in one.changes]) == (2, 800, ["malpractice.ketamine"])
    assert repaired(written, budget=799).frontier == ()


def test_hours_are_offered_where_time_is_short_and_rooms_bound_what_they_add() -> None:
    written = morning()
    change(written, "hours", "dan", when="Mon 09:00-10:00")
    found = repaired(written)
    (one,) = found.frontier
    assert (found.now, one.adds) == (1, 1)
    assert [(c.rule, c.practitioner) for c in one.changes] == [("team.window", "dan")]
    written.tables["sites"][0]["rooms"] = "0"
    assert repaired(written).most == 0


def test_who_lacks_only_a_policy_to_watch_is_insured_for_it() -> None:
    written = house({"north": "NY"}, monitors=1)
    someone(written, "dan", "physician", {"north": "Mon 09:00-10:00"}, presence="throughout", roles="prescriber")
    someone(written, "ana", "psychologist", {"north": "Mon 09:00-10:00"})
    someone(written, "mia", "registered_nurse", {"north": "Mon 09:00-10:00"})
    assert repaired(written).now == 1
    change(written, "coverage", "mia", ketamine="no")
    found = repaired(written)
    (one,) = found.frontier
    assert (found.now, one.adds, one.proven) == (0, 1, True)
    assert [(c.rule, c.practitioner) for c in one.changes] == [("malpractice.ketamine", "mia")]
    assert really(found, one.changes) == 1


def test_value_counts_demand_by_its_priority() -> None:
    written = morning()
    change(written, "coverage", "ben", ketamine="no")
    written.add("demand", site="north", sessions="1", priority="5", therapist="ben")
    written.add("demand", site="north", sessions="1", priority="2")
    found = repaired(written)
    assert (found.now, [r.adds for r in found.frontier]) == (2, [5])
    assert found.weeks is not None
    assert found.weeks.weighed


def test_two_weeks_are_twice_one() -> None:
    written = morning()
    change(written, "coverage", "dan", ketamine="")
    one, two = (repaired(written, budget=0, weeks=weeks).frontier for weeks in (1, 2))
    assert [(r.adds, r.dollars) for r in (*one, *two)] == [(2, 0), (4, 0)]


def test_everything_perfect_needs_nothing_and_what_no_remedy_turns_is_not_repaired() -> None:
    written = house({"north": "NY"})
    someone(written, "dan", "physician", {"north": "Mon-Sun 00:00-24:00"}, presence="throughout", roles="prescriber")
    someone(written, "ana", "psychologist", {"north": "Mon-Sun 00:00-24:00"})
    written.add("demand", site="north", sessions="3")
    found = repaired(written)
    assert (found.now, found.frontier, found.most) == (3, (), 0)
    written.add("ties", a="dan", b="ana", kind="avoids")
    found = repaired(written)
    assert (found.now, found.frontier, found.most) == (0, (), 0)


def test_what_takes_too_long_is_left_out() -> None:
    written = morning()
    change(written, "training", "ana", hours="4")
    written.practice["remedies"] = {"team.window": {"offered": False}}
    (one,) = repaired(written, by=written.on + timedelta(days=120)).frontier
    assert (one.adds, one.days, [c.rule for c in one.changes]) == (1, 120, ["ethics.kap_training"])
    assert repaired(written, by=written.on + timedelta(days=119)).frontier == ()


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({"unknown": "maybe"}, "unknown is one of"),
        ({"budget": -1}, "at least 0"),
        ({"by": date(2020, 1, 1)}, "by is a date"),
        ({"weeks": 0}, "weeks"),
    ],
)
def test_what_cannot_be_asked_is_told(options: dict[str, object], said: str) -> None:
    with pytest.raises(UsageError, match=said):
        repaired(morning(), **options)
