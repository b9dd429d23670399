"""Weeks of starts as runs of a day: what two weeks have in common is then a handful of comparisons of octets.

Nearly everybody is at a place once or twice a day. The starts of such a day are one or two runs, each its first and its
last slot; the first runs of all seven days fit in two words of 64 bits, and the second ones in two more.
"""

from __future__ import annotations

from functools import reduce
from itertools import pairwise

import numpy as np
from attrs import frozen
from numpy.typing import NDArray

from kapteam.columns import weeks
from kapteam.columns.lookup import Index
from kapteam.records.hours import SLOTS_A_DAY, SLOTS_A_WEEK

Octets = NDArray[np.uint64]
Counts = NDArray[np.int32]
Word = NDArray[np.uint32]  # one of a day's words, shape (weeks, 7)

#: What a row of ``Days.flags`` may say.
TWICE, MORE, OVERNIGHT = 1, 2, 4

_DAYS = SLOTS_A_WEEK // SLOTS_A_DAY
_WORDS = SLOTS_A_DAY // 32  # of a day
_NO_FIRST, _NO_LAST = 255, 0  # of a run that has nothing in common with any
_EVERY_OTHER, _ADD_UP = np.uint64(0x00FF00FF00FF00FF), np.uint64(0x0001000100010001)
_BLOCK = 1 << 14  # rows at once: what is worked out of them stays in the processor's cache


@frozen(eq=False)
class Days:
    """Weeks of starts, one per row, as runs of consecutive slots that end with the day.

    Attributes
    ----------
    once, again : array of shape (2, n)
        The first and the last slot of each day's first run, and of its second: an octet a day, Monday's the lowest.
        A run that there is not has nothing in common with any.
    flags : array of uint8, shape (n,)
        Whether some day has a second run (``TWICE``), or a third, which is not here (``MORE``); whether a run goes on
        into the next day and is here as two (``OVERNIGHT``).
    """

    once: Octets
    again: Octets
    flags: NDArray[np.uint8]

    @classmethod
    def of(cls, starts: weeks.Words) -> Days:
        """The runs of weeks of starts."""
        blocks = [cls(*_runs(starts[begin : begin + _BLOCK])) for begin in range(0, max(1, len(starts)), _BLOCK)]
        return cls.joined(*blocks)

    def __len__(self) -> int:
        return len(self.flags)

    @classmethod
    def joined(cls, *parts: Days) -> Days:
        """The rows of several, one after the other."""
        return cls(
            np.concatenate([part.once for part in parts], axis=1),
            np.concatenate([part.again for part in parts], axis=1),
            np.concatenate([part.flags for part in parts]),
        )

    def filled(self, rows: NDArray[np.bool_]) -> Days:
        """The same, but for some rows, in which every slot is a start."""
        every = Days.of(weeks.full(1))
        return Days(
            np.where(rows, every.once, self.once),
            np.where(rows, every.again, self.again),
            np.where(rows, every.flags, self.flags),
        )


def common_sessions(one: Days, left: Index, other: Days, right: Index, length: int) -> Counts:
    """How many sessions start in common runs of two weeks, for each of many pairs of rows; 0 where no start is common.

    Parameters
    ----------
    one, other : Days
    left, right : array of int, shape (n,)
        Rows of the one and of the other.
    length : int
        Slots of a session.

    Returns
    -------
    array of shape (n,)
        Of each common run as many as fit in it one after the other, summed. That is the most that fit at all where
        common runs are further than a session apart, and no run is missing or cut at midnight.
    """
    found = _in_runs(one.once, left, other.once, right, length)
    twice = np.flatnonzero((one.flags[left] | other.flags[right]) & TWICE)
    if len(twice):
        left, right = left[twice], right[twice]
        for x, y in ((one.once, other.again), (one.again, other.once), (one.again, other.again)):
            found[twice] += _in_runs(x, left, y, right, length)
    return found


def _in_runs(one: Octets, left: Index, other: Octets, right: Index, length: int) -> Counts:
    """The same of one run a day of either."""
    first = np.maximum(one[0][left].view(np.uint8), other[0][right].view(np.uint8))
    last = np.minimum(one[1][left].view(np.uint8), other[1][right].view(np.uint8))
    some = first <= last
    last -= first
    last //= np.uint8(min(length, SLOTS_A_DAY))
    last += np.uint8(1)
    last *= some
    octets = last.view(np.uint64)
    pairs = (octets & _EVERY_OTHER) + (octets >> np.uint64(8) & _EVERY_OTHER)
    return np.asarray(pairs * _ADD_UP >> np.uint64(48), np.int32)


def _runs(starts: weeks.Words) -> tuple[Octets, Octets, NDArray[np.uint8]]:
    """The arrays of :class:`Days`."""
    days = starts.reshape(len(starts), _DAYS, _WORDS)
    words = [np.ascontiguousarray(days[:, :, word]) for word in range(_WORDS)]
    one, top = np.uint32(1), np.uint32(31)
    nothing = np.zeros_like(words[0])
    first = [w & ~(w << one | under >> top) for under, w in pairwise([nothing, *words])]
    last = [w & ~(w >> one | over << top) for w, over in pairwise([*words, nothing])]
    once = _packed(_lowest(first), _lowest(last))
    first, last = _without_lowest(first), _without_lowest(last)
    again = _packed(_lowest(first), _lowest(last))
    overnight = words[-1] >> top & np.roll(words[0], -1, axis=1) & one
    more = _some(_without_lowest(first))
    flags = TWICE * _some(first) | MORE * more | OVERNIGHT * overnight.any(axis=1)
    return once, again, flags.astype(np.uint8)


def _some(words: list[Word]) -> NDArray[np.bool_]:
    """The weeks that have a bit in some word."""
    return np.asarray(reduce(np.bitwise_or, words).any(axis=1))


def _lowest(words: list[Word]) -> NDArray[np.uint8]:
    """The lowest bit that is set of each day, and one more than the highest where none is."""
    found = np.zeros(words[0].shape, np.uint8)
    for number, word in enumerate(words):
        bit = np.bitwise_count((word & (~word + np.uint32(1))) - np.uint32(1))  # 32 of an empty word
        found += np.where(found == 32 * number, bit, np.uint8(0))
    return found


def _without_lowest(words: list[Word]) -> list[Word]:
    """Each day's bits without the lowest."""
    left, empty = [], np.ones(words[0].shape, bool)
    for word in words:
        left.append(np.where(empty, word & (word - np.uint32(1)), word))
        empty &= word == 0
    return left


def _packed(first: NDArray[np.uint8], last: NDArray[np.uint8]) -> Octets:
    """First and last slots of a run a day; what is beyond the day is no run."""
    octets = np.empty((2, len(first), 8), np.uint8)
    octets[0], octets[1] = _NO_FIRST, _NO_LAST
    octets[0, :, :_DAYS] = np.where(first < SLOTS_A_DAY, first, np.uint8(_NO_FIRST))
    octets[1, :, :_DAYS] = np.where(last < SLOTS_A_DAY, last, np.uint8(_NO_LAST))
    return octets.view(np.uint64)[:, :, 0]
