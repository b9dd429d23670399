"""Coverage, redundancy, structure, capacity and complementarity: by counting what the oracle judges."""

from __future__ import annotations

from collections import Counter

import networkx as nx
import pytest
from hypothesis import given

import oracles
from kapteam.measures.capacity import capacity
from kapteam.measures.complementarity import complementarity
from kapteam.measures.coverage import coverage
from kapteam.measures.redundancy import redundancy
from kapteam.measures.structure import structure
from kapteam.measures.usable import Usable
from strategies import Written, capable, rosters


def _both(written: Written) -> tuple[oracles.Judged, Usable, Usable]:
    links = written.network().links
    return written.judged(), Usable(links), Usable(links, "allow")


def _counted(written: Written) -> None:
    judged, now, then = _both(written)
    r = judged.roster
    usable = [x for x in judged.links if x["verdict"] == "pass"]
    more = [x for x in judged.links if x["verdict"] != "fail"]
    therapists = {p for p in r.people if oracles.candidate(r, p, "therapist")}
    prescribers = {p for p in r.people if oracles.candidate(r, p, "prescriber")}
    found = coverage(now, then)
    assert found.network.therapists == len(therapists)
    assert found.network.covered == len({x["therapist"] for x in usable})
    assert found.network.covered_with_unknown == len({x["therapist"] for x in more})
    for site in found.sites:
        assert site.therapists == sum(r.has_hours(t, site.of) for t in therapists)
        assert site.covered == len({x["therapist"] for x in usable if x["site"] == site.of})
        assert site.covered_with_unknown == len({x["therapist"] for x in more if x["site"] == site.of})
    assert {s.of for s in found.sites} == {s for s in r.sites if any(r.has_hours(t, s) for t in therapists)}
    hours = {p: sum(sum(r.week(p, s)) for s in r.sites) / 4 for p in prescribers}
    assert found.hours == sum(hours.values())
    assert found.hours_covered == sum(hours[p] for p in {x["prescriber"] for x in usable})
    assert found.hours_covered_with_unknown == sum(hours[p] for p in {x["prescriber"] for x in more})
    partners = Counter(t for _, t in {(x["prescriber"], x["therapist"]) for x in usable})
    expected = Counter(partners.get(t, 0) for t in therapists)
    assert {k: n for k, n in enumerate(redundancy(now).counts) if n} == dict(expected)
    for least in (2, 3):
        assert redundancy(now).at_least(least) == sum(n for k, n in expected.items() if k >= least)
    shape = structure(now)
    graph = nx.Graph([(x["prescriber"], x["therapist"]) for x in usable])
    assert list(shape.components) == sorted(map(len, nx.connected_components(graph)), reverse=True)
    assert (shape.candidates, shape.usable) == (len(judged.links), len(usable))
    assert shape.pairs == len({(x["prescriber"], x["therapist"]) for x in usable})
    degrees = Counter(p for p, _ in {(x["prescriber"], x["therapist"]) for x in usable})
    assert {k: n for k, n in enumerate(shape.degrees) if n} == dict(Counter(degrees.get(p, 0) for p in prescribers))


@given(rosters(people=(2, 6)))
def test_counts_are_those_of_the_oracle(written: Written) -> None:
    _counted(written)


@given(capable())
def test_counts_are_those_of_the_oracle_where_much_passes(written: Written) -> None:
    _counted(written)


@given(capable())
def test_complementary_pairs_bring_each_what_the_other_has_not(written: Written) -> None:
    judged, now, _ = _both(written)
    r = judged.roster
    of = {p: {m for m in oracles.modalities_of(r, p) if oracles.is_complementary(r, m)} for p in r.people}
    pairs = {(x["prescriber"], x["therapist"]) for x in judged.links if x["verdict"] == "pass"}
    two = [(p, t) for p, t in pairs if p != t]
    found, teams = complementarity(now)
    assert found.count == len(two)
    assert found.one_adds == sum(bool(of[t] - of[p]) for p, t in two)
    assert found.complementary == sum(bool(of[t] - of[p] and of[p] - of[t]) for p, t in two)
    planned = [(t.prescriber, x.practitioner) for t in now.plan.teams for x in t.therapists]
    assert teams.count == sum(p != t for p, t in planned)
    assert teams.complementary == sum(bool(of[t] - of[p] and of[p] - of[t]) for p, t in planned if p != t)


@given(capable())
def test_sessions_of_a_site_are_those_of_its_teams(written: Written) -> None:
    _sessions_counted(Usable(written.network().links))


def test_of_the_teams_of_a_prescriber_the_one_with_most_sessions_is_sure(practice_usable: Usable) -> None:
    _sessions_counted(practice_usable)
    found = capacity(practice_usable)
    assert [(s.site, s.sessions_at_least, s.sessions_at_most) for s in found.sites][:2] == [
        ("boulder", 7, 19),
        ("hudson", 10, 18),
    ]


def _sessions_counted(now: Usable) -> None:
    found = capacity(now)
    most: Counter[str] = Counter()
    best: dict[str, int] = {}
    for team in now.plan.teams:
        most[team.site] += sum(t.weekly_sessions for t in team.therapists)
        best[team.prescriber] = max([best.get(team.prescriber, 0), *(t.weekly_sessions for t in team.therapists)])
    linked = {link.site for link in now.links if link.verdict == "pass"}
    assert {s.site for s in found.sites} == linked
    assert {s.site: s.sessions_at_most for s in found.sites} == {s: most[s] for s in linked}
    assert sum(s.sessions_at_least for s in found.sites) == sum(best.values())
    assert all(s.sessions_at_least <= s.sessions_at_most for s in found.sites)


def test_staff_hours_of_a_session_are_as_law_policies_and_protocol_ask(practice_usable: Usable) -> None:
    found = capacity(practice_usable)
    pairs, rows = practice_usable.links.pairs, practice_usable.plan.rows
    asked = {0: 0.0, 1: 0.0, 2: 1.0, 3: 3.0}
    hours = [3.0 if pairs.solo[row] else asked[int(pairs.level[row])] for row in rows]
    assert found.prescriber_hours == pytest.approx(sum(hours) / len(hours), rel=1e-5)
    assert (found.therapist_hours, found.monitor_hours) == (3, 0)
