"""Betweenness beside NetworkX's: exact where every search is made, unbiased and with an honest error where not."""

from __future__ import annotations

import networkx as nx
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kapteam.measures import betweenness as module
from kapteam.measures.betweenness import Betweenness, betweenness


def of(graph: nx.Graph[int], seed: int = 0) -> Betweenness | None:
    """The betweenness of a graph whose nodes are whole numbers."""
    component = np.full(max(graph, default=0) + 1, -1)
    for part in nx.connected_components(graph):
        component[list(part)] = min(part)
    pairs = np.array(sorted(tuple(sorted(pair)) for pair in graph.edges), np.int64).reshape(-1, 2)
    twice = np.concatenate([pairs, pairs[::2, ::-1]])  # two who prescribe and sit are a pair both ways round
    return betweenness(np.array(sorted(graph), np.int64), twice[:, 0], twice[:, 1], component, seed)


def exactly(graph: nx.Graph[int], seed: int = 0) -> Betweenness:
    found = of(graph, seed)
    assert found is not None
    return found


@st.composite
def graphs(draw: st.DrawFn) -> nx.Graph[int]:
    """Several parts, people without a partner, and codes that nobody has."""
    nodes = draw(st.lists(st.integers(0, 40), min_size=1, max_size=24, unique=True))
    two = st.tuples(st.sampled_from(nodes), st.sampled_from(nodes)).filter(lambda pair: pair[0] != pair[1])
    graph: nx.Graph[int] = nx.Graph()
    graph.add_nodes_from(nodes)
    graph.add_edges_from(draw(st.lists(two, max_size=40)) if len(nodes) > 1 else [])
    return graph


@given(graphs())
def test_every_search_gives_what_networkx_gives(graph: nx.Graph[int]) -> None:
    found = exactly(graph)
    assert (found.exact, found.searches) == (True, len(graph))
    expected = nx.betweenness_centrality(graph)
    assert found.share[sorted(graph)] == pytest.approx([expected[v] for v in sorted(graph)], abs=1e-12)
    assert found.share.sum() == pytest.approx(sum(expected.values()))  # nobody else has any
    assert not found.error.any()


@given(graphs(), st.integers(0, 7))
def test_searches_made_a_few_at_once_give_the_same(graph: nx.Graph[int], few: int) -> None:
    whole = exactly(graph)
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(module, "_AT_ONCE", 1 << few)
        assert exactly(graph).share == pytest.approx(whole.share, abs=1e-12)


@pytest.fixture(scope="module")
def large() -> nx.Graph[int]:
    """Two large parts of different shapes, and many small ones."""
    parts = [nx.barabasi_albert_graph(300, 2, seed=1), nx.random_labeled_tree(200, seed=2)]
    return nx.disjoint_union_all([*parts, *(nx.path_graph(5) for _ in range(40))])


def test_an_estimate_is_right_on_average_and_its_error_is_how_far_it_is_off(
    large: nx.Graph[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = exactly(large)
    cost = sum(len(p) + 2 * large.subgraph(p).size() for p in nx.connected_components(large) if len(p) > 100)
    monkeypatch.setattr(module, "EFFORT", 100 * cost + 40 * 5 * 13)
    found = [exactly(large, seed) for seed in range(200)]
    assert {(f.exact, f.searches) for f in found} == {(False, 2 * 100 + 40 * 5)}
    shares, errors = np.array([f.share for f in found]), np.array([f.error for f in found])
    small = np.arange(500, 700)
    assert shares[:, small] == pytest.approx(np.tile(whole.share[small], (200, 1)), abs=1e-12)
    assert not errors[:, small].any()
    busy = np.argsort(-whole.share)[:60]
    off = shares[:, busy] - whole.share[busy]
    spread = np.sqrt((off**2).mean(axis=0))
    assert np.abs(off.mean(axis=0) / spread).max() < 4 / np.sqrt(200)  # no more than chance: 4 standard errors
    assert np.sqrt((errors[:, busy] ** 2).mean(axis=0)) / spread == pytest.approx(np.ones(60), abs=0.25)
    within = np.abs(off) <= 1.96 * errors[:, busy]
    assert 0.9 < within.mean() < 0.98
    assert (shares <= 1).all()


def test_the_middle_of_a_star_has_all_of_it_whoever_is_drawn(monkeypatch: pytest.MonkeyPatch) -> None:
    star: nx.Graph[int] = nx.star_graph(99)
    monkeypatch.setattr(module, "EFFORT", 70 * (100 + 2 * 99))
    for seed in range(5):
        found = exactly(star, seed)
        assert (found.searches, found.share[0], found.error[0]) == (70, pytest.approx(1), 0)


def test_one_seed_gives_one_sample_and_too_few_searches_give_none(
    large: nx.Graph[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "EFFORT", 200_000)
    one, again, other = exactly(large, 3), exactly(large, 3), exactly(large, 4)
    assert (one.share == again.share).all()
    assert (one.share != other.share).any()
    monkeypatch.setattr(module, "EFFORT", 60 * 2_000)
    assert of(large) is None
    assert exactly(nx.path_graph(50)).exact  # a small one has no need of many


def test_nobody_with_a_partner_has_none() -> None:
    graph: nx.Graph[int] = nx.empty_graph(3)
    assert not exactly(graph).share.any()
    assert exactly(nx.empty_graph(0)).searches == 0
