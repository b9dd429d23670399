"""Draws that depend on a seed, a topic and an NPI alone: no order of rows and no size of parts changes them."""

from __future__ import annotations

import zlib
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray


def uniform(npis: NDArray[np.int64], topic: str, seed: int) -> NDArray[np.float64]:
    """A number from 0 to below 1 for each NPI: SplitMix64, a finaliser whose every bit hangs on every bit."""
    salt = _mixed(np.array([(seed << 32) + zlib.crc32(topic.encode())], np.uint64))
    return (_mixed(npis.astype(np.uint64) ^ salt) >> np.uint64(11)).astype(np.float64) * 2.0**-53


def chosen(numbers: NDArray[np.float64], shares: Sequence[float]) -> NDArray[np.int64]:
    """Which of the shares each number falls into; as many as there are shares where it falls into none."""
    return np.searchsorted(np.cumsum(shares), numbers, side="right")


def _mixed(x: NDArray[np.uint64]) -> NDArray[np.uint64]:
    x = x + np.uint64(0x9E3779B97F4A7C15)
    x = (x ^ (x >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    x = (x ^ (x >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return x ^ (x >> np.uint64(31))
