"""Pairs that are to be kept stay, the rest is the best there is beside them, and what stands against them is said."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

import oracles
from kapteam.records.problems import UsageError
from strategies import Written, capable, rosters
from tiny import add, both, change, changed, nothing, without

ANY = st.one_of(rosters(people=(2, 5)), capable(people=(3, 6)))


def usable(written: Written, unknown: str) -> list[dict[str, Any]]:
    allowed = ("pass", "unknown") if unknown == "allow" else ("pass",)
    return [link for link in written.judged().links if link["verdict"] in allowed]


@given(ANY, st.sampled_from(["exclude", "allow"]), st.integers(1, 2), st.data())
def test_the_plan_keeps_the_pairs_and_is_the_best_that_does(
    written: Written, unknown: str, partners: int, data: st.DataObject
) -> None:
    links = usable(written, unknown)
    assume(0 < len(links) <= 12)
    kept = data.draw(st.lists(st.sampled_from(links), min_size=1, max_size=2, unique_by=str))
    wanted = [(x["prescriber"], x["therapist"], x["site"]) for x in kept]
    judged = written.judged()
    room = {x["prescriber"]: oracles.capacity(judged, x["prescriber"]) for x in links}
    plans = [plan for plan in oracles.every_matching(links, room, partners) if all(link in plan for link in kept)]
    network = written.network()
    result = network.match(unknown=unknown, max_partners=partners, keep=wanted)
    if not plans:
        assert result.status == "infeasible"
        assert result.as_dict()["conflicts"]
        assert (result.teams, result.certificate, result.unmatched) == ((), None, [])
        return
    best = max((len(plan), sum(link["points"] for link in plan)) for plan in plans)
    assert result.status == "optimal"
    assert (result.objective.teamed, result.objective.points) == best
    placed = {(t.prescriber, x.practitioner, t.site) for t in result.teams for x in t.therapists}
    assert set(wanted) <= placed
    assert sorted(map(tuple, result.as_dict()["held"])) == sorted(set(wanted))
    assert network.verify(json.loads(result.to_json())).violations == ()


@given(ANY)
def test_to_keep_a_whole_plan_changes_nothing(written: Written) -> None:
    network = written.network()
    free = network.match()
    every = [(t.prescriber, x.practitioner, t.site) for t in free.teams for x in t.therapists]
    kept = network.match(keep=every)
    assert (kept.objective, kept.teams, kept.status) == (free.objective, free.teams, "optimal")
    assert network.verify(kept).ok


@given(ANY)
def test_to_keep_nothing_is_no_condition(written: Written) -> None:
    network = written.network()
    assert network.match(keep=[]).as_dict() == network.match().as_dict()


@given(ANY, st.data())
def test_a_plan_with_kept_pairs_is_refused_once_one_of_them_is_gone(written: Written, data: st.DataObject) -> None:
    network = written.network()
    links = [link for link in network if link.verdict == "pass"]
    assume(links)
    link = data.draw(st.sampled_from(links))
    document = network.match(keep=[(link.prescriber, link.therapist, link.site)]).as_dict()
    assume(document["status"] == "optimal")
    for team in document["teams"]:
        if (team["site"], team["prescriber"]) == (link.site, link.prescriber):
            team["therapists"] = [x for x in team["therapists"] if x["practitioner"] != link.therapist]
    found = network.verify(document)
    assert "was to be kept, and is not in the plan" in {v.message for v in found.violations}


def conflicts(*changes: Any, keep: Any = (("pia", "tom"),), **options: Any) -> list[tuple[str, str]]:
    result = changed(*changes).network().match(keep=keep, **options)
    assert result.status == ("infeasible" if result.plan.conflicts else "optimal")
    assert result.objective.teamed == 0 or not result.plan.conflicts
    return [(c.about, c.rule) for c in result.plan.conflicts]


def test_a_pair_that_may_work_together_is_kept_without_a_word() -> None:
    assert conflicts(nothing) == []
    assert conflicts(nothing, keep=[("pia", "tom", "clinic")]) == []
    assert conflicts(nothing, keep=[("pia", "tom"), ("pia", "tom"), ("pia", "tom", "clinic")]) == []


@pytest.mark.parametrize(
    ("rule", "case"),
    [
        ("team.ties", add("ties", a="tom", b="pia", kind="avoids")),
        ("legal.registration", change("registrations", "pia", schedules="3", at_site="")),
        ("malpractice.ketamine", change("coverage", "tom", ketamine="")),  # unknown is not allowed
        ("not_listed", without("hours", "tom")),
        ("capacity", change("practitioners", "pia", max_therapists="0")),
    ],
)  # fmt: skip
def test_what_stands_against_a_pair_is_named(rule: str, case: Any) -> None:
    ((about, found),) = conflicts(case, change("sites", "clinic", supply="patient"))
    assert found == rule
    assert about == ("pia" if rule == "capacity" else "pia + tom")


def test_an_unknown_pair_is_kept_where_unknown_is_allowed() -> None:
    assert conflicts(change("coverage", "tom", ketamine=""), unknown="allow") == []


SECOND = both(
    add("practitioners", practitioner="per", roles="prescriber"),
    add("licenses", practitioner="per", jurisdiction="NY", profession="physician"),
    add("registrations", practitioner="per", jurisdiction="NY", schedules="3N", at_site="clinic"),
    add("registrations", practitioner="per", jurisdiction="NY", schedules="3N", issuer="state"),
    add("coverage", practitioner="per", carrier="Acorn", ketamine="yes"),
    add("hours", practitioner="per", site="clinic", when="Mon 09:00-12:00"),
)


def test_a_therapist_has_as_many_kept_partners_as_partners_are_allowed() -> None:
    keep = [("pia", "tom"), ("per", "tom")]
    assert conflicts(SECOND, keep=keep) == [("tom", "units")]
    assert conflicts(SECOND, keep=keep, max_partners=2) == []


@pytest.mark.parametrize("keep", [("nobody", "tom"), ("pia", "nobody"), ("pia", "tom", "nowhere")])
def test_a_pair_of_people_who_are_not_on_the_roster_cannot_be_asked_for(keep: tuple[str, ...]) -> None:
    with pytest.raises(UsageError, match="on the roster"):
        changed(nothing).network().match(keep=[keep])


@pytest.mark.parametrize("options", [{"unknown": "maybe"}, {"max_partners": 0}])
def test_an_option_that_has_no_such_value_is_refused(options: dict[str, Any]) -> None:
    with pytest.raises(UsageError):
        changed(nothing).network().match(**options)


def test_a_pair_cannot_be_kept_at_two_sites_at_once() -> None:
    tables = {
        "sites": [{"site": s, "jurisdiction": "NY", "supply": "patient"} for s in ("s1", "s2")],
        "practitioners": [{"practitioner": "pia", "roles": "prescriber"}, {"practitioner": "tom"}],
        "licenses": [
            {"practitioner": "pia", "jurisdiction": "NY", "profession": "physician"},
            {"practitioner": "tom", "jurisdiction": "NY", "profession": "psychologist"},
        ],
        "registrations": [{"practitioner": "pia", "jurisdiction": "NY", "schedules": "3N"}],
        "coverage": [{"practitioner": p, "carrier": "Acorn", "ketamine": "yes"} for p in ("pia", "tom")],
        "training": [{"practitioner": "tom", "kind": "kap", "hours": "40"}],
        "hours": [
            {"practitioner": p, "site": s, "when": f"{day} 09:00-15:00"}
            for p in ("pia", "tom")
            for s, day in (("s1", "Mon"), ("s2", "Tue"))
        ],
    }
    written = Written(tables, {"jurisdictions": {"NY": {"state_registration": "no"}}})
    result = written.network().match(max_partners=2, keep=[("pia", "tom", "s1"), ("pia", "tom", "s2")])
    assert [(c.rule, "a pair counts once" in c.message) for c in result.plan.conflicts] == [("units", True)]
