"""The graphs of a network: each says what its schema declares, and what the answers and the oracle say."""

from __future__ import annotations

from datetime import date
from typing import Any

import networkx as nx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import oracles
from clinics import clinics
from kapteam.advice.mentors import mentors
from kapteam.graphs.schema import KINDS, Attribute, attributes
from kapteam.graphs.view import to_networkx
from kapteam.matching.match import match
from kapteam.network.links import Links
from kapteam.records.problems import UsageError
from same_graphs import graphs_of
from strategies import Written, capable, rosters
from tiny import add, both, change, changed, nothing, without

FEW = settings(max_examples=settings.default.max_examples // 3)
SOLO = both(change("practitioners", "pia", roles=""), change("coverage", "pia", role=""))


def links_of(written: Written) -> Links:
    return written.network().links


def is_of(value: Any, declared: Attribute) -> bool:
    """Whether a value is of the declared type, or a None that means something."""
    if value is None:
        return declared.none != ""
    if declared.type == "list of text":
        return type(value) is list and all(type(item) is str for item in value)
    if declared.type == "text by text":
        return type(value) is dict and all(type(x) is str for pair in value.items() for x in pair)
    types = {"text": str, "whole number": int, "number": float, "yes or no": bool, "date": date}
    return type(value) is types[declared.type]


def check_schema(graph: nx.Graph[str]) -> None:
    """Every node and edge says all that is declared, nothing else, and each of its type."""
    kind = graph.graph["kind"]
    assert type(graph).__name__ == KINDS[kind].graph
    owned = {
        "graph": [graph.graph],
        "node": [said for _, said in graph.nodes(data=True)],
        "edge": [said for *_, said in graph.edges(data=True)],
    }
    for owner, rows in owned.items():
        declared = attributes(kind, owner)  # type: ignore[arg-type]
        for said in rows:
            assert list(said) == [a.name for a in declared]
            for a in declared:
                assert is_of(said[a.name], a), f"{kind}, {owner}, {a.name}: {said[a.name]!r} is no {a.type}"


def expected_node(judged: oracles.Judged, id: str) -> dict[str, Any]:
    """What a node says of somebody, by the oracle."""
    r = judged.roster
    licenses = r.rows("licenses", practitioner=id)
    prescribes = oracles.candidate(r, id, "prescriber")
    where = {s for s in r.sites if r.has_hours(id, s) and prescribes} | {s for s, p, _ in judged.listed if p == id}
    legal: dict[str, list[str]] = {}
    for site in where:
        found = [f for f in judged.alone(id, "prescriber", site) if f.rule.startswith("legal.")]
        blocking = [f.status for f in found if judged.severity(f.rule) == "block"]
        legal.setdefault(r.place(site), []).append(oracles.both(*blocking))
    return {
        "label": r.cell(id, "name") or id,
        "professions": sorted({row["profession"] for row in licenses}),
        "modalities": sorted(oracles.modalities_of(r, id)) or None,
        "licensed": sorted(
            {row["jurisdiction"] for row in licenses if row.get("status", "") not in ("inactive", "suspended")}
        ),
        "prescribing": {place: oracles.best(verdicts) for place, verdicts in sorted(legal.items())},
        "sites": sorted(s for s in r.sites if r.has_hours(id, s)),
        "hours_on_site": sum(sum(r.week(id, s)) for s in r.sites) / 4,
        "hours_unknown_at": sorted(s for s in r.sites if r.unwritten(id, s)),
        "capacity": oracles.capacity(judged, id) if prescribes else None,
        "max_sessions_per_week": r.number(id, "max_sessions_per_week"),
        "teamed": None,
    }


@FEW
@given(rosters(people=(2, 5)))
def test_every_graph_says_what_its_schema_declares(written: Written) -> None:
    links = links_of(written)
    for graph in graphs_of(links, match(links)).values():
        check_schema(graph)


@FEW
@given(clinics())
def test_every_graph_of_a_clinic_says_what_its_schema_declares(written: Written) -> None:
    for graph in graphs_of(links_of(written)).values():
        check_schema(graph)


@given(rosters(people=(2, 5)))
def test_nodes_say_what_the_oracle_finds(written: Written) -> None:
    judged, graph = written.judged(), to_networkx(links_of(written))
    assert list(graph.nodes) == sorted(judged.roster.people)
    for id, said in graph.nodes(data=True):
        expected = expected_node(judged, id)
        assert {name: said[name] for name in expected} == expected
        roles = [role for role in said["roles"] if role != "monitor"]
        assert roles == [role for role in ("prescriber", "therapist") if oracles.candidate(judged.roster, id, role)]


@given(rosters(people=(2, 5)), st.sampled_from(["exclude", "allow"]))
def test_edges_are_the_listed_links_with_the_rules_behind_their_verdicts(written: Written, unknown: str) -> None:
    judged, graph = written.judged(), to_networkx(links_of(written), unknown=unknown)
    edges = {(k, p, t): said for p, t, k, said in graph.edges(keys=True, data=True)}  # type: ignore[call-overload]
    assert set(edges) == set(judged.listed)
    usable = ("pass", "unknown") if unknown == "allow" else ("pass",)
    for link in judged.links:
        site, p, t = link["site"], link["prescriber"], link["therapist"]
        found = judged.all_findings(p, t, site)
        assert edges[site, p, t] == {
            "site": site,
            "verdict": link["verdict"],
            "points": link["points"],
            "weekly_sessions": link["weekly_sessions"],
            "capacity": link["weekly_sessions"] if link["verdict"] in usable else 0,
            "rules_fail": sorted({f.rule for f in judged.blocks(found, "fail")}),
            "rules_unknown": sorted({f.rule for f in judged.blocks(found, "unknown")}),
            "teamed": None,
        }


@pytest.mark.parametrize(("kind", "mine", "other"), [("prescribers", 1, 2), ("therapists", 2, 1)])
@given(capable())
def test_projections_are_those_of_networkx(kind: str, mine: int, other: int, written: Written) -> None:
    links = links_of(written)
    usable = [(x.site, x.prescriber, x.therapist, x.weekly_sessions) for x in links if x.verdict == "pass"]
    whole: nx.Graph[Any] = nx.Graph()
    graph = to_networkx(links, kind)
    whole.add_nodes_from([*(("mine", id) for id in graph), ("other", "")])  # NetworkX wants somebody on both sides
    whole.add_edges_from((("mine", x[mine]), ("other", x[other])) for x in usable)
    expected = nx.bipartite.weighted_projected_graph(whole, [("mine", id) for id in graph])
    assert {frozenset(e[:2]): e[2] for e in graph.edges(data="shared_partners")} == {
        frozenset(id for _, id in e[:2]): e[2] for e in expected.edges(data="weight")
    }
    for a, b, most in graph.edges(data="shared_sessions"):
        together = [
            min(x[3], y[3]) for x in usable for y in usable if (x[mine], y[mine]) == (a, b)
            if (x[0], x[other]) == (y[0], y[other])
        ]  # fmt: skip
        assert most == sum(together)


@FEW
@given(rosters(people=(3, 6)))
def test_consultation_is_what_mentors_finds_and_what_is_agreed(written: Written) -> None:
    links = links_of(written)
    graph, answer = to_networkx(links, "consultation"), mentors(links)
    verdicts = {(u, v): said["verdict"] for u, v, said in graph.edges(data=True)}
    assert {e for e, verdict in verdicts.items() if verdict == "pass"} == {
        (m.mentor, mentee) for m in answer.mentors for mentee in m.could
    }
    assert {e for e, verdict in verdicts.items() if verdict == "unknown"} == {
        (a.mentor, mentee) for a in answer.to_ask for mentee in a.mentees
    }
    for ask in answer.to_ask:
        clear = {rule for mentee in ask.mentees for rule in graph.edges[ask.mentor, mentee]["rules_unknown"]}
        assert clear == set(ask.rules)
    agreed: dict[tuple[str, str], set[str]] = {}
    for row in written.judged().roster.rows("agreements"):
        agreed.setdefault((row["with"], row["practitioner"]), set()).add(row["kind"])
    said = {(u, v): x["agreements"] for u, v, x in graph.edges(data=True) if x["agreements"]}
    assert said == {edge: sorted(kinds) for edge, kinds in agreed.items()}


@FEW
@given(rosters(people=(2, 6)))
def test_ties_are_those_of_the_roster(written: Written) -> None:
    links = links_of(written)
    strongest: dict[tuple[str, ...], float] = {}
    for tie in links.facts.roster.ties:
        key = (*sorted((tie.a, tie.b)), tie.kind)
        strongest[key] = max(strongest.get(key, 0), float(tie.weight))
    graph: Any = to_networkx(links, "ties")
    assert {(u, v, k): said["weight"] for u, v, k, said in graph.edges(keys=True, data=True)} == strongest
    assert all(k == said["kind"] for _, _, k, said in graph.edges(keys=True, data=True))


@FEW
@given(capable())
def test_a_plan_is_its_teams(written: Written) -> None:
    network = written.network()
    for result in (network.match(), network.match(unknown="allow")):
        graph: Any = to_networkx(network.links, "plan", plan=result.plan)
        told = result.as_dict()
        places = {(t["site"], t["prescriber"], p["practitioner"]): p for t in told["teams"] for p in t["therapists"]}
        assert {(k, u, v) for u, v, k in graph.edges(keys=True)} == set(places)
        for u, v, k, said in graph.edges(keys=True, data=True):
            place = places[k, u, v]
            assert said["rules_unknown"] == place["to_verify"]
            assert said["points"] == place["points"]
            assert said["teamed"]
            assert said["capacity"] == place["weekly_sessions"]
        left_out = {u["practitioner"] for u in told["unmatched"]}
        teamed = {id for id, yes in graph.nodes(data="teamed") if yes}
        assert teamed == {id for _, *two in places for id in two}
        assert not teamed & left_out
        assert graph.graph["unknown"] == told["unknown"]
        assert {e for e in to_networkx(network.links, plan=result.plan).edges(data="teamed") if e[2]} == {
            (u, v, True) for u, v, _ in graph.edges(keys=True)
        }


def test_the_base_roster_in_full() -> None:
    graph: Any = to_networkx(links_of(changed(nothing)))
    assert graph.graph == {"kind": "links", "on": date(2026, 12, 7), "protocol": None, "unknown": "exclude"}
    assert graph.nodes["pia"] == {
        "label": "pia",
        "roles": ["prescriber"],
        "professions": ["nurse_practitioner"],
        "specialty": "psychiatric_nursing",
        "modalities": None,
        "languages": None,
        "licensed": ["NY"],
        "prescribing": {"NY": "pass"},
        "sites": ["clinic"],
        "hours_on_site": 3.0,
        "hours_unknown_at": [],
        "capacity": 1,
        "max_sessions_per_week": None,
        "teamed": None,
    }
    assert list(graph.edges(keys=True)) == [("pia", "tom", "clinic")]
    assert graph.degree("max") == 0


def test_prescribing_is_a_verdict_by_jurisdiction() -> None:
    for schedules, verdict in (("3N", "pass"), ("3", "fail"), ("", "unknown")):
        graph = to_networkx(links_of(changed(change("registrations", "pia", schedules=schedules))))
        assert graph.nodes["pia"]["prescribing"] == {"NY": verdict}
    assert graph.nodes["tom"]["prescribing"] == {}


def test_of_several_sites_of_one_jurisdiction_the_best_verdict_counts() -> None:
    # The site called other keeps stock, and nobody is registered there.
    graph = to_networkx(links_of(changed(add("hours", practitioner="pia", site="other", when="Tue 09:00-12:00"))))
    assert graph.nodes["pia"]["sites"] == ["clinic", "other"]
    assert graph.nodes["pia"]["prescribing"] == {"NY": "pass"}


def test_hours_that_nobody_wrote_down_are_no_hours_and_are_named() -> None:
    graph = to_networkx(links_of(changed(change("hours", "tom", when=""))))
    assert (graph.nodes["tom"]["hours_on_site"], graph.nodes["tom"]["hours_unknown_at"]) == (0.0, ["clinic"])


def test_a_solo_link_is_a_loop_and_a_second_site_a_second_edge() -> None:
    more = [add("hours", practitioner=id, site="other", when="Tue 09:00-12:00") for id in ("pia", "tom")]
    graph: Any = to_networkx(links_of(changed(SOLO, *more)))
    assert graph.has_edge("pia", "pia", "clinic")
    assert sorted(graph["pia"]["tom"]) == ["clinic", "other"]


def test_a_solo_team_shares_its_therapist_with_another_prescriber() -> None:
    ida = [
        add("practitioners", practitioner="ida", roles="prescriber"),
        add("licenses", practitioner="ida", jurisdiction="NY", profession="physician"),
        add("registrations", practitioner="ida", jurisdiction="NY", at_site="clinic", schedules="3N"),
        add("registrations", practitioner="ida", issuer="state", jurisdiction="NY", schedules="III"),
        add("coverage", practitioner="ida", role="prescriber", carrier="Acorn", ketamine="yes", presence="dosing"),
        add("hours", practitioner="ida", site="clinic", when="Mon 09:00-12:00"),
        add("training", practitioner="pia", kind="kap", hours="40"),
    ]
    graph = to_networkx(links_of(changed(SOLO, *ida)), "prescribers")
    assert graph.edges["ida", "pia"] == {"shared_partners": 2, "shared_sessions": 2}


def test_a_roster_without_links_is_a_graph_of_its_people() -> None:
    for graph in graphs_of(links_of(changed(without("hours")))).values():
        assert graph.number_of_edges() == 0 or graph.graph["kind"] == "consultation"
        assert len(graph) > 0


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ({"kind": "prescriber"}, "did you mean 'prescribers'"),
        ({"kind": "plan"}, "make one first"),
        ({"kind": "links", "unknown": "maybe"}, "exclude, allow"),
    ],
)
def test_what_cannot_be_asked_is_told(asked: dict[str, str], said: str) -> None:
    with pytest.raises(UsageError, match=said):
        to_networkx(links_of(changed(nothing)), **asked)  # type: ignore[arg-type]
