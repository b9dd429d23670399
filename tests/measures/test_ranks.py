"""Ranks and their correlation: as SciPy has them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from kapteam.measures.ranks import ranks, spearman

few = st.integers(0, 4)


@given(st.lists(st.tuples(few, few), min_size=2, max_size=12))
def test_as_scipy_finds_them(values: list[tuple[int, int]]) -> None:
    a, b = ([v[i] for v in values] for i in (0, 1))
    assert ranks(a).tolist() == stats.rankdata(a).tolist()
    found = spearman(a, b)
    if len(set(a)) == 1 or len(set(b)) == 1:
        assert found is None
    else:
        assert found == pytest.approx(stats.spearmanr(a, b).statistic, abs=1e-12)


def test_nothing_correlates_with_nothing() -> None:
    assert spearman([], []) is None
    assert spearman([1], [1]) is None
