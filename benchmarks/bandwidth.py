"""A bound below judging: the time to read once what the rules read, as fast as memory gives it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import attrs
import numpy as np
from numpy.typing import NDArray

from kapteam.columns.pairs import Pairs
from kapteam.network.links import Links

Columns = list[NDArray[Any]]
_NOT_COLUMNS = {"roster", "law"}
_BLOCK = 1 << 16


def columns_read(pairs: Pairs) -> Columns:
    """Every array of the facts that links are judged by, policies and trainings too, and of the links; each once.

    Of pairs that are fresh from ``candidate_pairs``: what judging works out and keeps is not in it.
    """
    found: dict[tuple[int, int], NDArray[Any]] = {}
    for array in _arrays(pairs, set()):
        found.setdefault((array.ctypes.data, array.nbytes), array)
    return [np.ascontiguousarray(array) for array in found.values() if array.nbytes]


def size(columns: Columns) -> int:
    """Their bytes."""
    return sum(column.nbytes for column in columns)


def streamed(columns: Columns) -> int:
    """Read every byte once, in the order of the memory: a sum of 64-bit words."""
    total = 0
    for column in columns:
        octets = column.reshape(-1).view(np.uint8)
        words = octets[: len(octets) // 8 * 8].view(np.uint64)
        total ^= int(np.add.reduce(words))
    return total


def weeks_gathered(links: Links) -> int:
    """Read the two weeks of each link once, wherever they are, and count the links that have a slot in both."""
    pairs, week = links.pairs, links.facts.postings.week
    one, other = pairs.prescribers.posting[pairs.prescriber], pairs.therapists.posting[pairs.therapist]
    count = 0
    for begin in range(0, len(one), _BLOCK):
        rows = slice(begin, begin + _BLOCK)
        count += int((week[one[rows]] & week[other[rows]]).any(axis=1).sum())
    return count


def _arrays(thing: Any, seen: set[int]) -> Iterator[NDArray[Any]]:
    if id(thing) in seen:
        return
    seen.add(id(thing))
    if isinstance(thing, np.ndarray):
        if thing.dtype != object:
            yield thing
        return
    parts: Sequence[Any] = ()
    if attrs.has(type(thing)):
        parts = [getattr(thing, a.name) for a in attrs.fields(type(thing)) if a.name not in _NOT_COLUMNS]
    elif isinstance(thing, dict):
        parts = list(thing.values())
    elif isinstance(thing, (list, tuple)) and thing and not isinstance(thing[0], (str, int, float)):
        parts = thing
    for part in parts:
        yield from _arrays(part, seen)
