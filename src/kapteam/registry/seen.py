"""The NPIs that were taken, as bits: all there can be in 125 MB, of which only the pages that are used are held."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray


class Seen:
    """A set of NPIs whose check digits fit, so that the first nine digits tell them apart."""

    def __init__(self) -> None:
        self._bits = np.zeros(10**9 // 8, np.uint8)

    def holds(self, npis: NDArray[np.int64]) -> NDArray[np.bool_]:
        """Whether each of them is in."""
        nine = npis // 10
        found: NDArray[np.bool_] = (self._bits[nine >> 3] >> (nine & 7) & 1).astype(np.bool_)
        return found

    def add(self, npis: NDArray[np.int64]) -> None:
        """Put them in."""
        nine = npis // 10
        np.bitwise_or.at(self._bits, nine >> 3, np.left_shift(1, nine & 7).astype(np.uint8))
