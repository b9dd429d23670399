"""Repairs: what is promised comes true, and nothing cheaper of what is offered does as well."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kapteam.advice.changes import Change, applied
from kapteam.advice.repair import Repairs, repair
from kapteam.matching.match import match
from kapteam.network.links import Links, judged_links
from kapteam.records.problems import UsageError
from strategies import NO_PACKS, Written, capable, rosters
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
            adds = really(found.links, some, found.unknown) - found.teamed
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
        assert really(found.links, one.changes, unknown) - found.teamed == one.adds
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
