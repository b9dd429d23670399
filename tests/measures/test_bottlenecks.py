"""Bottlenecks: each cost by solving again from nothing; the graph's part by a graph that the test makes itself."""

from __future__ import annotations

import networkx as nx
import numpy as np
import pytest
from hypothesis import given
from scipy import stats

from kapteam.matching.market import market
from kapteam.matching.optimum import optimum
from kapteam.measures import betweenness as searching
from kapteam.measures import bottlenecks as module
from kapteam.measures.bottlenecks import bottlenecks
from kapteam.measures.usable import Usable
from strategies import Written, capable


@given(capable(people=(4, 8)))
def test_costs_are_those_of_a_new_solve_and_the_graph_agrees(written: Written) -> None:
    usable = Usable(written.network().links, "allow")
    found = bottlenecks(usable)
    people = usable.facts.people
    graph = nx.Graph()
    for link in usable.links:
        if link.verdict != "fail":
            graph.add_nodes_from((link.prescriber, link.therapist))
            if link.prescriber != link.therapist:
                graph.add_edge(link.prescriber, link.therapist)
    between, parts = nx.betweenness_centrality(graph), nx.number_connected_components(graph)
    assert sorted(b.practitioner for b in found.people) == [people[p] for p in usable.linked]
    for b in found.people:
        assert (b.teamed, b.points) == _cost(usable, people.index(b.practitioner))
        assert b.betweenness == pytest.approx(between[b.practitioner], rel=1e-5)
        assert b.betweenness_error == 0
        rest = graph.subgraph(set(graph) - {b.practitioner})
        assert b.articulation is (nx.number_connected_components(rest) > parts)
        partners = {
            link.therapist for link in usable.links if link.verdict != "fail" and link.prescriber == b.practitioner
        }
        assert b.partners == len(partners)
    costs = [(b.teamed, b.points) for b in found.people]
    assert costs == sorted(costs, reverse=True)
    assert set(found.only_by_matching) == {b.practitioner for b in found.people if b.teamed > 0 and not b.articulation}
    assert set(found.only_by_graph) == {b.practitioner for b in found.people if b.teamed <= 0 and b.articulation}


def test_the_two_orders_of_the_practice_disagree(practice_usable: Usable) -> None:
    found = bottlenecks(practice_usable)
    costs = stats.rankdata([b.teamed * 10**6 + b.points for b in found.people])
    between = [b.betweenness for b in found.people]
    assert found.agreement == pytest.approx(stats.spearmanr(costs, between).statistic, rel=1e-5)
    assert found.agreement < -0.5
    assert found.only_by_matching == ("whitfield", "prado", "abara")
    assert (found.exact, found.searches) == (True, 28)


def test_a_sample_of_searches_is_told_and_drawn_by_the_seed(
    practice_usable: Usable, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(searching, "EFFORT", 500)
    monkeypatch.setattr(searching, "FEW", 2)
    one, again, other = (bottlenecks(practice_usable, seed) for seed in (0, 0, 1))
    assert (one.exact, one == again) == (False, True)
    assert one.searches is not None
    assert 2 <= one.searches < 28
    assert [b.betweenness for b in one.people] != [b.betweenness for b in other.people]
    assert any(b.betweenness_error for b in one.people)
    assert [(b.practitioner, b.teamed) for b in one.people] == [(b.practitioner, b.teamed) for b in other.people]


def test_too_large_a_graph_is_left_alone_and_costs_are_told_all_the_same(
    practice_usable: Usable, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "MOST_PAIRS", 5)
    monkeypatch.setattr(searching, "EFFORT", 50)
    found = bottlenecks(practice_usable)
    assert {(b.articulation, b.betweenness, b.betweenness_error) for b in found.people} == {(None, None, None)}
    assert (found.agreement, found.only_by_matching, found.people[0].teamed) == (None, (), 4)


def _cost(usable: Usable, person: int) -> tuple[int, int]:
    pairs = usable.links.pairs
    stays = (pairs.prescriber_person[usable.rows] != person) & (pairs.therapist_person[usable.rows] != person)
    rest = market(usable.links, usable.rows[stays])
    best = optimum(rest)
    now = usable.plan.objective
    return now.teamed - int(best.sum()), now.points - int(np.sum(rest.points[best]))
