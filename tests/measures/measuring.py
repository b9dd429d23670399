"""Usable links without a roster: people by code, pairs between them, and who has room."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import product

import numpy as np
from hypothesis import strategies as st

from kapteam.columns.lookup import Index
from kapteam.matching.market import Market, Used

Pairs = tuple[tuple[int, int], ...]


@st.composite
def pair_sets(draw: st.DrawFn, prescribers: int = 5, therapists: int = 6) -> Pairs:
    """Some pairs of few prescribers (codes from 0) and few therapists (codes above them), each once."""
    every = list(product(range(prescribers), range(prescribers, prescribers + therapists)))
    return tuple(sorted(draw(st.lists(st.sampled_from(every), max_size=18, unique=True))))


def ends(pairs: Sequence[tuple[int, int]]) -> tuple[Index, Index]:
    """The two ends of pairs as arrays."""
    one, other = np.array(pairs, np.int64).reshape(-1, 2).T
    return one, other


def all_plans(problem: Market) -> Iterator[Used]:
    """Every plan of a small market in which each therapist has one partner at most."""
    edges = [np.flatnonzero(problem.therapist == t).tolist() for t in range(len(problem.therapists))]
    for choice in product(*([None, *own] for own in edges)):
        chosen = [e for e in choice if e is not None]
        load = Counter(problem.prescriber[chosen].tolist())
        if all(load[p] <= problem.capacity[p] for p in load):
            used = np.zeros(len(problem.row), bool)
            used[chosen] = True
            yield used
