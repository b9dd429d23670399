"""Published ways to find a team, and the exact search, against every team there is."""

from __future__ import annotations

from fractions import Fraction
from random import Random
from typing import Any

import networkx as nx
import pytest
from hypothesis import given
from hypothesis import strategies as st
from team_oracle import cost_of, every_cost, ways_of

from clinics import house, someone
from kapteam.baselines import (
    Experts,
    ExpertTeam,
    best_leader,
    enhanced_steiner,
    exact,
    made_graph,
    nearest_to_seed,
    rarest_first,
)
from kapteam.matching.communication import COSTS
from kapteam.matching.form import form
from kapteam.network.closeness import distances
from kapteam.records.problems import UsageError

FINDS = {"diameter": rarest_first, "sum": nearest_to_seed, "mst": enhanced_steiner, "leader": best_leader}
LENGTHS = [1, 1, 1, 2, 3, 0.5, 0.1, 0.7, 0]


@st.composite
def graphs(draw: st.DrawFn) -> nx.Graph[str]:
    """A few people, not always joined, who hold one to three of four skills."""
    names = "abcdefg"[: draw(st.integers(2, 7))]
    graph: nx.Graph[str] = nx.Graph()
    for name in names:
        graph.add_node(name, skills=draw(st.lists(st.sampled_from("wxyz"), max_size=3, unique=True)))
    graph.nodes[draw(st.sampled_from(names))]["skills"] += ["w"]
    for _ in range(draw(st.integers(0, 12))):
        a, b = draw(st.lists(st.sampled_from(names), min_size=2, max_size=2, unique=True))
        graph.add_edge(a, b, length=draw(st.sampled_from(LENGTHS)))
    return graph


def held_in(graph: nx.Graph[str]) -> list[str]:
    return sorted({skill for _, skills in graph.nodes(data="skills") for skill in skills})


def seats_of(team: ExpertTeam) -> list[Any]:
    return list(team.holders.values())


@given(graphs(), st.sampled_from(COSTS))
def test_the_exact_search_finds_the_least_cost_of_all_teams(graph: nx.Graph[str], measure: str) -> None:
    found = exact(Experts.of(graph), held_in(graph), measure)
    assert found.proven
    assert found.cost == found.bound == found.team.cost(measure)
    assert found.cost == pytest.approx(float(min(every_cost(graph, held_in(graph), measure))), rel=1e-12)


@given(graphs(), st.sampled_from([*FINDS.values()]), st.sampled_from([None, *COSTS]))
def test_a_team_covers_what_is_asked_and_costs_what_it_says(graph: nx.Graph[str], find: Any, best: str | None) -> None:
    experts, asked = Experts.of(graph), held_in(graph)
    team = exact(experts, asked, best).team if best else find(experts, asked)
    assert list(team.holders) == asked
    assert all(skill in graph.nodes[person]["skills"] for skill, person in team.holders.items())
    far, seats = ways_of(graph), seats_of(team)
    everyone = [*seats, *(experts.names[code] for code in team.connectors)]
    leaders = list(graph) if team.leader is None else [experts.names[team.leader]]
    assert set(team.people) == {*everyone, *(() if team.leader is None else leaders)}
    costs = {
        "diameter": cost_of(far, "diameter", seats),
        "sum": cost_of(far, "sum", seats),
        "mst": cost_of(far, "mst", everyone),
        "leader": min(cost_of(far, "leader", seats, leader) for leader in leaders),
    }
    assert team.as_dict()["costs"] == {m: pytest.approx(float(cost), rel=1e-12) for m, cost in costs.items()}


@given(graphs(), st.sampled_from(COSTS))
def test_no_published_way_is_better_than_the_best_or_worse_than_its_guarantee(
    graph: nx.Graph[str], measure: str
) -> None:
    experts, asked = Experts.of(graph), held_in(graph)
    found, least = FINDS[measure](experts, asked).units(measure), exact(experts, asked, measure).team.units(measure)
    assert found >= least
    if measure != "mst":
        assert found <= {"diameter": 2, "sum": 2, "leader": 1}[measure] * least


def test_a_tree_of_enhanced_steiner_may_be_longer_by_any_factor() -> None:
    graph = nx.Graph()
    for name, skills in {"a": "xy", "b": "x", "c": "y", "d": "z", "e": "z"}.items():
        graph.add_node(name, skills=list(skills))
    graph.add_edge("b", "c", length=1)
    graph.add_edge("c", "d", length=1)
    graph.add_edge("a", "d", length=1000)
    graph.add_edge("e", "d", length=5000)
    experts = Experts.of(graph)
    assert enhanced_steiner(experts, ["x", "y", "z"]).cost("mst") == 1000  # with a, who holds two of them
    assert exact(experts, ["x", "y", "z"], "mst").cost == 2


def test_a_team_of_people_whom_no_way_joins_is_as_far_apart_as_any_can_be() -> None:
    graph = nx.Graph([("a", "b", {"length": 2})])
    for name, skill in {"a": "x", "b": "y", "c": "z", "d": "z"}.items():
        graph.add_node(name, skills=[skill])
    experts = Experts.of(graph)
    for find, measure in ((enhanced_steiner, "mst"), (rarest_first, "diameter")):
        team = find(experts, ["x", "y", "z"])
        assert team.people == ("a", "b", "c")
        assert team.cost(measure) == exact(experts, ["x", "y", "z"], measure).cost
    assert rarest_first(experts, ["x", "z"]).cost("diameter") == 4 * 2  # people times the longest tie


@given(graphs(), st.randoms(use_true_random=False), st.sampled_from(COSTS))
def test_the_order_in_which_a_graph_was_written_changes_nothing(
    graph: nx.Graph[str], order: Random, measure: str
) -> None:
    nodes, edges = list(graph.nodes(data=True)), list(graph.edges(data=True))
    order.shuffle(nodes)
    order.shuffle(edges)
    other: nx.Graph[str] = nx.Graph()
    other.add_nodes_from(nodes)
    other.add_edges_from((v, u, said) for u, v, said in edges)
    one, two = (Experts.of(g) for g in (graph, other))
    asked = held_in(graph)
    assert FINDS[measure](one, asked) == FINDS[measure](two, asked[::-1])
    assert exact(one, asked, measure).team == exact(two, asked[::-1], measure).team


@pytest.mark.parametrize("measure", ["sum", "diameter"])
def test_a_search_that_is_cut_says_what_no_team_is_better_than(measure: str) -> None:
    graph = made_graph(60, 4, 6, seed=1)
    experts, asked = Experts.of(graph), [f"s{number}" for number in range(6)]
    whole = exact(experts, asked, measure)
    assert whole.proven
    cuts = [exact(experts, asked, measure, effort=effort) for effort in (1, 2, 5, 20)]
    assert all(cut.bound <= whole.cost <= cut.cost for cut in cuts)
    assert all(cut.proven == (cut.bound == cut.cost) for cut in cuts)
    assert not cuts[0].proven
    assert any(cut.bound > 0 for cut in cuts)


@pytest.mark.parametrize("measure", COSTS)
def test_the_exact_search_agrees_with_itself_on_larger_graphs(measure: str) -> None:
    # A subset of the skills never costs more, and one search is no better than another's own team.
    experts = Experts.of(made_graph(150, 6, 20, seed=3))
    asked = ["s1", "s4", "s8", "s11"]
    cost = exact(experts, asked, measure).team.units(measure)
    assert exact(experts, asked[:3], measure).team.units(measure) <= cost
    assert all(exact(experts, asked, other).team.units(measure) >= cost for other in COSTS)


WEIGHTS = st.sampled_from(["", "2", "0.5", "3", "0"])


@given(st.data())
def test_the_distances_and_costs_are_those_of_form(data: st.DataObject) -> None:
    written = house({"s1": "NY"})
    people = "pqabcd"
    for id in people:
        someone(written, id, "physician" if id in "pq" else "psychologist", {"s1": "Mon 09:00-17:00"})
    for _ in range(data.draw(st.integers(0, 9))):
        a, b = data.draw(st.lists(st.sampled_from(people), min_size=2, max_size=2, unique=True))
        kind = data.draw(st.sampled_from(["worked_with", "prefers", "worked_with", "avoids"]))
        written.add("ties", a=a, b=b, kind=kind, weight=data.draw(WEIGHTS))
    network = written.network()
    experts = Experts.of_ties(network.to_networkx("ties"), {id: [id] for id in people})
    theirs = distances(network.links.facts)
    for a in range(len(people)):
        for b in range(len(people)):
            own = Fraction(experts.distances.between(a, b), experts.distances.unit)
            assert own == Fraction(theirs.between(a, b), theirs.unit)
    for measure in COSTS:
        teams = form(network.links, therapists=2, monitors=0, cost=measure, best=50).teams
        for team in teams:
            codes = {id: experts.names.index(id) for id in (team.prescriber, *team.therapists)}
            same = ExpertTeam(experts, codes, leader=codes[team.prescriber])
            assert team.cost == pytest.approx(same.cost(measure))
        # What rules allow costs no less than the best of all: each of these teams has a physician and a psychologist.
        roles = {id: ["physician" if id in "pq" else "psychologist"] for id in people}
        least = exact(Experts.of_ties(network.to_networkx("ties"), roles), ["physician", "psychologist"], measure)
        assert all(least.cost <= team.cost for team in teams)


def test_skills_are_read_from_the_nodes_of_a_network() -> None:
    written = house({"s1": "NY"})
    someone(written, "ana", "psychologist", {"s1": "Mon 09:00-17:00"}, modalities="parts;trauma", languages="en;es")
    someone(written, "ben", "psychologist", {"s1": "Mon 09:00-17:00"}, modalities="parts")
    written.add("ties", a="ana", b="ben", kind="worked_with", weight="2")
    ties = written.network().to_networkx("ties")
    assert Experts.of_ties(ties).skills == (frozenset({"parts", "trauma"}), frozenset({"parts"}))
    assert Experts.of_ties(ties, "languages").skills == (frozenset({"en", "es"}), frozenset())
    assert exact(Experts.of_ties(ties), ["trauma"], "sum").team.people == ("ana",)
    assert Experts.of_ties(ties).distances.as_number(Experts.of_ties(ties).distances.between(0, 1)) == 0.5


def test_a_made_graph_is_connected_clustered_and_the_same_each_time() -> None:
    graph = made_graph(200, 8, 20, seed=5)
    again, other = made_graph(200, 8, 20, seed=5), made_graph(200, 8, 20, seed=6)
    assert list(graph.nodes(data=True)) == list(again.nodes(data=True))
    assert list(graph.edges(data=True)) == list(again.edges(data=True)) != list(other.edges(data=True))
    assert nx.is_connected(graph)
    clusters = [{node for node, cluster in graph.nodes(data="cluster") if cluster == one} for one in range(8)]
    assert nx.community.modularity(graph, clusters) > 0.4
    assert all(0 <= length < 1 for _, _, length in graph.edges(data="length"))


def _asked(skills: Any = ("x",), measure: str = "sum", **options: Any) -> Any:
    return exact(Experts.of(nx.path_graph("ab"), {"a": ["x"], "b": ["y"]}), skills, measure, **options)


@pytest.mark.parametrize(
    ("ask", "said"),
    [
        (lambda: _asked([]), "name one at least"),
        (lambda: _asked("xy"), "a list of names, not the text 'xy'"),
        (lambda: _asked(["x", "xx"]), "nobody holds the skill 'xx'; did you mean 'x'?"),
        (lambda: _asked(measure="mean"), "cost is one of sum, diameter, leader, mst; not 'mean'"),
        (lambda: _asked(effort=0), "effort is a whole number, at least 1; not 0"),
        (lambda: Experts.of(nx.DiGraph([("a", "b")])), "directions"),
        (lambda: Experts.of(nx.Graph([("a", "b", {"length": -1})])), "the length of an edge is a number, at least 0"),
        (lambda: Experts.of(nx.Graph([("a", "b", {"length": "far"})])), "at least 0; not 'far'"),
        (lambda: Experts.of(nx.Graph([("a", "b", {"length": float("nan")})])), "at least 0; not nan"),
        (lambda: Experts.of(nx.Graph([("a", "b")]), {"a": "emdr"}), "the skills of 'a' are a list of texts"),
        (lambda: Experts.of(nx.Graph([("a", "b")]), {"a": [1]}), "the skills of 'a' are a list of texts"),
        (lambda: _asked().team.cost("mean"), "cost is one of sum, diameter, leader, mst; not 'mean'"),
    ],
)
def test_what_cannot_be_asked_is_told(ask: Any, said: str) -> None:
    with pytest.raises(UsageError, match=said.replace("?", r"\?")):
        ask()


def test_a_shortest_tree_is_for_eight_skills_at_most() -> None:
    skills = [f"s{number}" for number in range(9)]
    with pytest.raises(UsageError, match="for 8 skills at most, not for 9"):
        exact(Experts.of(nx.path_graph("ab"), {"a": skills}), skills, "mst")
