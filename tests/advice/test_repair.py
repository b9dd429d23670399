"""Repairs: what is promised comes true, and nothing cheaper of what is offered does as well."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta
from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kapteam.advice import frontier
from kapteam.advice.changes import Change, applied
from kapteam.advice.repair import Repairs, repair
from kapteam.demo import practice_folder
from kapteam.io.read import read
from kapteam.matching.match import match
from kapteam.network.links import Links, judged_links
from kapteam.records.problems import UsageError
from strategies import NO_PACKS, WINTER, Written, capable, rosters
from tiny import add, both, change, changed, law, practice, without


def repaired(written: Written, **options: object) -> Repairs:
    return repair(written.network().links, **options)  # type: ignore[arg-type]


def really(links: Links, changes: Iterable[Change], unknown: str = "exclude") -> int:
    """How many are teamed once the changes are made."""
    after = applied(links.facts.roster, changes)
    return match(judged_links(after, links.facts.day, packs=NO_PACKS), unknown=unknown).objective.teamed


def together(changes: Iterable[Change]) -> bool:
    """Whether nobody is given hours twice."""
    hours = [c.practitioner for c in changes if c.rule == "team.window"]
    return len(set(hours)) == len(hours)


def cheapest(found: Repairs, size: int) -> dict[int, int]:
    """By brute force, of at most so many changes: the least cost of each number that is added."""
    least: dict[int, int] = {}
    for count in range(1, size + 1):
        for some in combinations(found.offered, count):
            if not together(some):
                continue
            adds = really(found.links, some, found.unknown) - found.now
            dollars = sum(c.dollars for c in some)
            if adds > 0 and dollars < least.get(adds, 1 << 60):
                least[adds] = dollars
    return least


ROSTERS = st.one_of(rosters(people=(2, 4)), capable(people=(2, 4)))


@given(ROSTERS, st.sampled_from(["exclude", "exclude", "allow"]))
def test_what_is_promised_comes_true(written: Written, unknown: str) -> None:
    found = repaired(written, unknown=unknown)
    for one in found.frontier:
        assert one.proven
        assert really(found.links, one.changes, unknown) - found.now == one.adds
        assert sum(c.dollars for c in one.changes) == one.dollars
    adds, dollars = [r.adds for r in found.frontier], [r.dollars for r in found.frontier]
    assert adds == sorted(set(adds))
    assert dollars == sorted(set(dollars))
    assert found.most == max([0, *adds])


@given(ROSTERS, st.sampled_from(["exclude", "exclude", "allow"]))
def test_nothing_of_what_is_offered_is_cheaper_by_brute_force(written: Written, unknown: str) -> None:
    found = repaired(written, unknown=unknown)
    offered = len(found.offered)
    size = offered if offered <= 6 else 2 if offered <= 20 else 1
    reached = {r.adds: r.dollars for r in found.frontier}
    for adds, dollars in cheapest(found, size).items():
        assert adds <= found.most
        assert min(cost for more, cost in reached.items() if more >= adds) <= dollars


def test_one_registration_opens_every_link_of_a_prescriber() -> None:
    more = [add("practitioners", practitioner=f"t{i}", roles="therapist") for i in range(3)]
    more += [
        add(table, practitioner=f"t{i}", **cells)
        for i in range(3)
        for table, cells in (
            ("licenses", {"jurisdiction": "NY", "profession": "psychologist"}),
            ("coverage", {"carrier": "Birch", "ketamine": "yes"}),
            ("training", {"kind": "kap", "hours": "40"}),
            ("hours", {"site": "clinic", "when": "Mon 09:00-17:00"}),
        )
    ]
    written = changed(
        *more, without("registrations", "pia", issuer="dea"), change("practitioners", "pia", max_therapists="4")
    )
    (one,) = repaired(written).frontier
    assert one.adds == 4
    assert [(c.rule, c.practitioner, c.place) for c in one.changes] == [("legal.site_registration", "pia", "clinic")]
    assert (one.dollars, one.days) == (888, 42)


def test_a_budget_of_nothing_is_for_what_costs_nothing() -> None:
    ask = changed(change("coverage", "tom", ketamine=""))
    (free,) = repaired(ask, budget=0).frontier
    assert [(c.rule, c.ask, c.dollars) for c in free.changes] == [("malpractice.ketamine", True, 0)]
    rider = changed(change("coverage", "tom", ketamine="no"))
    assert repaired(rider, budget=0).frontier == ()
    assert repaired(rider, budget=799).frontier == ()
    (one,) = repaired(rider, budget=800).frontier
    assert one.dollars == 800


def test_what_takes_too_long_is_left_out() -> None:
    course = changed(change("training", "tom", hours="8"))
    links = course.network().links
    day = links.facts.day
    (one,) = repair(links, by=day + timedelta(days=120)).frontier
    assert one.days == 120
    assert repair(links, by=day + timedelta(days=119)).frontier == ()


def test_a_registration_waits_for_the_licence() -> None:
    moved = changed(change("licenses", "pia", jurisdiction="CO"), without("registrations", "pia", issuer="dea"))
    (one,) = repaired(moved, budget=None).frontier
    rules = {c.rule: c.days for c in one.changes}
    assert one.days == rules["legal.license"] + rules["legal.site_registration"] == 90 + 42


def test_everything_perfect_needs_nothing() -> None:
    found = repaired(changed())
    assert (found.now, found.frontier, found.most) == (1, (), 0)


def test_what_no_remedy_turns_is_not_repaired() -> None:
    assert repaired(changed(law("ketamine", "no"))).frontier == ()
    assert repaired(changed(add("ties", a="pia", b="tom", kind="avoids"))).frontier == ()


def test_the_practice_sets_what_remedies_cost_and_which_are_offered() -> None:
    rider = change("coverage", "tom", ketamine="no")
    own = practice("remedies", {"malpractice.ketamine": {"dollars": 5, "days": 2}})
    (one,) = repaired(changed(rider, own)).frontier
    assert (one.dollars, one.days, one.changes[0].basis) == (5, 2, "the practice file")
    never = practice("remedies", {"malpractice.ketamine": {"offered": False}})
    assert repaired(changed(rider, never)).frontier == ()


def test_two_rules_that_fail_on_a_link_are_mended_together_or_not_at_all() -> None:
    both_fail = changed(both(change("coverage", "tom", ketamine="no"), change("training", "tom", hours="8")))
    found = repaired(both_fail)
    (one,) = found.frontier
    assert {c.rule for c in one.changes} == {"malpractice.ketamine", "ethics.kap_training"}
    assert repaired(both_fail, budget=one.dollars - 1).frontier == ()


def test_where_very_many_could_be_added_each_corner_is_as_good_as_it_says(monkeypatch: pytest.MonkeyPatch) -> None:
    roster = read(practice_folder())
    links = judged_links(roster, WINTER)
    whole = {r.adds: r.dollars for r in repair(links).frontier}
    monkeypatch.setattr(frontier, "EACH", 2)
    corners = repair(links)
    assert not corners.whole
    assert corners.frontier[-1].adds == max(whole)
    assert all(whole[r.adds] == r.dollars and r.proven for r in corners.frontier)
    for budget in (0, 500, 2_000, 5_000):
        within = repair(links, budget=budget)
        reached = max(adds for adds, dollars in whole.items() if dollars <= budget)
        assert within.frontier[-1].dollars <= budget
        assert within.frontier[-1].adds <= reached <= within.most


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({"unknown": "maybe"}, "unknown is one of"),
        ({"budget": -1}, "at least 0"),
        ({"by": date(2020, 1, 1)}, "by is a date"),
        ({"budget": "2000"}, "whole number"),
        ({"by": "2027-03-01"}, "by is a date"),
    ],
)
def test_what_cannot_be_asked_is_told(options: dict[str, object], said: str) -> None:
    with pytest.raises(UsageError, match=said):
        repaired(changed(), **options)


def test_more_links_than_can_be_tried_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    network = changed(without("hours", "tom")).network()
    monkeypatch.setattr("kapteam.advice.repair.MOST_LINKS", 0)
    with pytest.raises(UsageError, match=r"^\d links would have to be tried, .* at most 0 can be: ask it of a part"):
        network.repair()
