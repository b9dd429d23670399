"""Ranks, and how far two orders agree."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray


def ranks(values: ArrayLike) -> NDArray[np.float64]:
    """The rank of each value from 1, equal values sharing the mean of their ranks.

    Examples
    --------
    >>> ranks([30, 10, 30]).tolist()
    [2.5, 1.0, 2.5]
    """
    _, place, counts = np.unique(np.asarray(values), return_inverse=True, return_counts=True)
    last = np.cumsum(counts)
    return np.asarray((last - (counts - 1) / 2)[place], np.float64)


def spearman(a: ArrayLike, b: ArrayLike) -> float | None:
    """Spearman's rank correlation; None where either has fewer than two different values."""
    # The mean rank of so many is known, whoever shares one.
    one, other = (ranks(x) - (len(np.asarray(x)) + 1) / 2 for x in (a, b))
    norm = float(np.sqrt((one**2).sum() * (other**2).sum()))
    return None if norm == 0 else float((one * other).sum()) / norm
