"""Joining arrays by key: the rows of a table that belong to each of many subjects, and the best of them."""

from __future__ import annotations

import numpy as np
from attrs import frozen
from numpy.typing import NDArray

Index = NDArray[np.int64]


_SECOND = 1 << 31  # above every code of a person, a place or a jurisdiction


def both(first: Index, second: Index) -> Index:
    """One key for two codes; keys sort by the first, then by the second."""
    return first * _SECOND + second


def apart(keys: Index) -> tuple[Index, Index]:
    """The two codes of each key."""
    return keys // _SECOND, keys % _SECOND


def join(left: Index, right: Index) -> tuple[Index, Index]:
    """Every pair of positions at which two arrays of keys agree, in the order of ``left``, then of ``right``."""
    order = np.argsort(right, kind="stable")
    ranked = right[order]
    begin = np.searchsorted(ranked, left, side="left")
    count = np.searchsorted(ranked, left, side="right") - begin
    lefts = np.repeat(np.arange(len(left)), count)
    within = np.arange(len(lefts)) - np.repeat(np.cumsum(count) - count, count)
    return lefts, order[np.repeat(begin, count) + within]


def found_at(keys: Index, wanted: Index) -> Index:
    """Where each wanted key stands among sorted ones, each there once; -1 where it does not."""
    if not len(keys):
        return np.full(len(wanted), -1)
    place = np.minimum(np.searchsorted(keys, wanted), len(keys) - 1)
    return np.where(keys[place] == wanted, place, -1)


@frozen(eq=False)
class Best:
    """For each key the greatest of its values; a key that is not there has none.

    Attributes
    ----------
    keys : array
        Sorted, each once.
    values : array
        As many.
    """

    keys: Index
    values: NDArray[np.int64]

    @classmethod
    def of(cls, keys: Index, values: NDArray[np.generic], *, union: bool = False) -> Best:
        """Group values by key: their maximum, or the union of their bits."""
        unique, place = np.unique(keys, return_inverse=True)
        start = 0 if union else np.iinfo(np.int64).min
        best = np.full(len(unique), start, np.int64)
        (np.bitwise_or if union else np.maximum).at(best, place, values.astype(np.int64))
        return cls(unique.astype(np.int64), best)

    def at(self, keys: NDArray[np.generic], default: int) -> NDArray[np.int64]:
        """The value of each key, ``default`` where it has none."""
        if not len(self.keys):
            return np.full(len(keys), default, np.int64)
        place = np.minimum(np.searchsorted(self.keys, keys), len(self.keys) - 1)
        return np.where(self.keys[place] == keys, self.values[place], default)
