"""The network as a NetworkX graph: people are nodes, links are edges, and both say what they are."""

from __future__ import annotations

import networkx as nx
from hypothesis import given

import oracles
from strategies import Written, rosters
from tiny import add, both, change, changed, nothing

SOLO = both(change("practitioners", "pia", roles=""), change("coverage", "pia", role=""))


def test_nodes_and_edges_of_the_base_roster() -> None:
    graph = changed(nothing).network().to_networkx()
    assert isinstance(graph, nx.MultiDiGraph)
    assert graph.graph == {"on": "2026-12-07"}
    assert dict(graph.nodes["pia"]) == {
        "name": "pia",
        "specialty": "psychiatric_nursing",
        "roles": ["prescriber"],
        "prescribing": ["NY"],
        "professions": ["nurse_practitioner"],
        "modalities": [],
        "languages": [],
        "sites": ["clinic"],
        "hours_on_site": 3.0,
    }
    assert list(graph.edges(keys=True, data=True)) == [
        ("pia", "tom", "clinic", {"site": "clinic", "verdict": "pass", "points": 480, "weekly_sessions": 1})
    ]


def test_who_has_no_link_is_a_node_all_the_same() -> None:
    graph = changed(nothing).network().to_networkx()
    assert set(graph.nodes) == {"pia", "tom", "max"}
    assert graph.degree("max") == 0
    assert graph.nodes["max"]["roles"] == ["monitor"]


def test_a_prescriber_whom_the_law_stops_prescribes_nowhere() -> None:
    graph = changed(change("registrations", "pia", schedules="3")).network().to_networkx()
    assert graph.nodes["pia"]["prescribing"] == []
    unsure = changed(change("registrations", "pia", schedules="")).network().to_networkx()
    assert unsure.nodes["pia"]["prescribing"] == []


def test_a_solo_team_is_an_edge_to_oneself_and_a_second_site_a_second_edge() -> None:
    more = [add("hours", practitioner=id, site="other", when="Tue 09:00-12:00") for id in ("pia", "tom")]
    graph = changed(SOLO, *more).network().to_networkx()
    assert graph.has_edge("pia", "pia", "clinic")
    assert sorted(graph["pia"]["tom"]) == ["clinic", "other"]
    assert graph.nodes["pia"]["hours_on_site"] == 6.0


@given(rosters(people=(2, 5)))
def test_every_link_is_an_edge_and_everybody_a_node(written: Written) -> None:
    network = written.network()
    graph = network.to_networkx()
    assert sorted(graph.nodes) == sorted(network.roster.people)
    edges = [
        (k, p, t, d["verdict"], d["points"], d["weekly_sessions"]) for p, t, k, d in graph.edges(keys=True, data=True)
    ]
    assert sorted(edges) == [
        (x.site, x.prescriber, x.therapist, x.verdict, x.points, x.weekly_sessions) for x in network
    ]
    judged = written.judged()
    for id, said in graph.nodes(data=True):
        slots = sum(sum(judged.roster.week(id, site)) for site in judged.roster.sites)
        assert said["hours_on_site"] == slots / 4
        assert said["sites"] == sorted(s for s in judged.roster.sites if judged.roster.has_hours(id, s))
        assert [r for r in said["roles"] if r != "monitor"] == [
            role for role in ("prescriber", "therapist") if oracles.candidate(judged.roster, id, role)
        ]


@given(rosters(people=(2, 4)))
def test_the_graph_can_be_written_and_measured(written: Written) -> None:
    graph = written.network().to_networkx()
    document = nx.node_link_data(graph, edges="edges")
    assert nx.node_link_graph(document, edges="edges").number_of_edges() == graph.number_of_edges()
    assert nx.number_weakly_connected_components(graph) <= graph.number_of_nodes()
