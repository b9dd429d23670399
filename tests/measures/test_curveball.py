"""Random graphs with the same degrees: every degree as before, and every graph as likely as any other."""

from __future__ import annotations

from collections import Counter
from itertools import combinations, product

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from measuring import Pairs, ends, pair_sets
from scipy import stats

from kapteam.measures.curveball import same_degrees

_DRAWS_A_GRAPH = 40


@given(pair_sets(), st.integers(0, 1000))
def test_all_degrees_are_as_before_and_no_edge_is_there_twice(pairs: Pairs, seed: int) -> None:
    left, right = ends(pairs)
    new = same_degrees(left, right, np.random.default_rng(seed))
    assert len(set(zip(left.tolist(), new.tolist(), strict=True))) == len(pairs)
    assert Counter(new.tolist()) == Counter(right.tolist())
    assert (left, right)[0].tolist() == ends(pairs)[0].tolist()


@given(pair_sets(), st.integers(0, 1000))
def test_the_same_numbers_make_the_same_graph(pairs: Pairs, seed: int) -> None:
    one, other = (same_degrees(*ends(pairs), np.random.default_rng([seed, 3])).tolist() for _ in range(2))
    assert one == other


@pytest.mark.parametrize(
    ("rows", "columns"),
    [((2, 1, 1), (2, 1, 1)), ((2, 2, 1), (2, 1, 1, 1)), ((2, 2, 2, 2), (2, 2, 2, 2)), ((3, 2), (2, 1, 1, 1))],
    ids=str,
)
def test_every_graph_is_as_likely_as_any_other(rows: tuple[int, ...], columns: tuple[int, ...]) -> None:
    graphs = _all_graphs(rows, columns)
    left, right = ends(sorted(graphs[-1]))
    drawn: Counter[frozenset[tuple[int, int]]] = Counter()
    for draw in range(_DRAWS_A_GRAPH * len(graphs)):
        new = same_degrees(left, right, np.random.default_rng([7, draw]))
        drawn[frozenset(zip(left.tolist(), new.tolist(), strict=True))] += 1
    assert set(drawn) == set(graphs)
    # The seeds are fixed: this cannot fail by chance, only if the frequencies are far from equal.
    assert stats.chisquare([drawn[g] for g in graphs]).pvalue > 0.01


def test_too_few_trades_are_seen_by_that_test() -> None:
    graphs = _all_graphs((2, 2, 2, 2), (2, 2, 2, 2))
    left, right = ends(sorted(graphs[0]))
    drawn = Counter(
        tuple(same_degrees(left, right, np.random.default_rng([7, draw]), trades=0).tolist()) for draw in range(900)
    )
    assert len(drawn) < len(graphs)


def _all_graphs(rows: tuple[int, ...], columns: tuple[int, ...]) -> list[frozenset[tuple[int, int]]]:
    """Every bipartite graph of these degrees."""
    return [
        frozenset((r, c) for r, own in enumerate(chosen) for c in own)
        for chosen in product(*(combinations(range(len(columns)), degree) for degree in rows))
        if tuple(sum(c in own for own in chosen) for c in range(len(columns))) == columns
    ]
