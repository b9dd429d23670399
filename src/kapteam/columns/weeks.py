"""Arithmetic on weeks: many rings of 672 slots at once, each 21 words of 32 bits."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
from numpy.typing import NDArray

from kapteam.records.hours import SLOTS_A_WEEK

Words = NDArray[np.uint32]  # shape (weeks, 21); slot i is bit i % 32 of word i // 32
WORDS = SLOTS_A_WEEK // 32

_BLOCK = 16384  # weeks swept together: their slots stay in the processor's cache


def weeks_of(slots: Iterable[int]) -> Words:
    """Weeks from integers of 672 bits."""
    data = b"".join(s.to_bytes(WORDS * 4, "little") for s in slots)
    return np.frombuffer(data, dtype="<u4").astype(np.uint32).reshape(-1, WORDS)


def empty(count: int) -> Words:
    """Weeks without a slot."""
    return np.zeros((count, WORDS), np.uint32)


def full(count: int) -> Words:
    """Weeks with every slot."""
    return np.full((count, WORDS), 0xFFFFFFFF, np.uint32)


def earlier(weeks: Words, slots: int) -> Words:
    """Every slot moved ``slots`` towards Monday 00:00, around the ring."""
    words, bits = divmod(slots % SLOTS_A_WEEK, 32)
    moved = np.roll(weeks, -words, axis=1) if words else weeks
    if not bits:
        return moved
    return (moved >> np.uint32(bits)) | (np.roll(moved, -1, axis=1) << np.uint32(32 - bits))


def starts(weeks: Words, length: int) -> Words:
    """The slots from which ``length`` slots in a row are all there, around the ring."""
    found, covered = weeks, 1
    while covered < length:
        step = min(covered, length - covered)
        found = found & earlier(found, step)
        covered += step
    return found


def some(weeks: Words) -> NDArray[np.bool_]:
    """Which weeks have a slot at all."""
    return np.asarray(weeks.any(axis=1))


def slots(weeks: Words) -> NDArray[np.bool_]:
    """The weeks as booleans, shape (weeks, 672)."""
    octets = np.ascontiguousarray(weeks.astype("<u4", copy=False)).view(np.uint8)
    return np.unpackbits(octets, axis=1, bitorder="little").view(np.bool_)


def most_sessions(weeks: Words, length: int) -> NDArray[np.int32]:
    """The most starts of each week that are pairwise at least ``length`` slots apart around the ring.

    Parameters
    ----------
    weeks : array of shape (n, 21)
        The possible starts.
    length : int
        Slots of a session, at most 672.

    Returns
    -------
    array of shape (n,)

    Notes
    -----
    Taking the first start that is free, from Monday on, is best where no session crosses the week's end into
    another start. Elsewhere some optimum holds one of the first start's ``length`` successors (else the first
    start could be added, or put in the place of the one before it), so each of them is tried as the first.
    """
    result = np.zeros(len(weeks), np.int32)
    # A session that starts in the last length - 1 slots reaches into the next week.
    late = _span(SLOTS_A_WEEK - length + 1, SLOTS_A_WEEK)
    early = _span(0, length - 1)
    for begin in range(0, len(weeks), _BLOCK):
        block = weeks[begin : begin + _BLOCK]
        found = _sweep(block, length)
        crossing = np.flatnonzero((block & late).any(axis=1) & (block & early).any(axis=1))
        if len(crossing):
            found[crossing] = _around(block[crossing], length)
        result[begin : begin + _BLOCK] = found
    return result


def _span(first: int, end: int) -> Words:
    """One week with the slots from ``first`` up to ``end``."""
    return weeks_of([(1 << max(end, first)) - (1 << first)])


def _sweep(starts: Words, length: int) -> NDArray[np.int32]:
    """Take the first free start again and again, along the week: slot by slot, in all weeks at once."""
    by_word = np.ascontiguousarray(starts.T)
    somewhere = np.bitwise_or.reduce(starts, axis=0)
    count = np.zeros(len(starts), np.int32)
    free_from = np.zeros(len(starts), np.int16)
    for slot in np.flatnonzero(slots(somewhere[None])[0]):
        taken = (by_word[slot // 32] & np.uint32(1 << int(slot) % 32)).astype(bool)
        taken &= free_from <= slot
        count += taken
        np.copyto(free_from, slot + length, where=taken)
    return count


def _around(starts: Words, length: int) -> NDArray[np.int32]:
    """The most sessions of weeks whose sessions may cross the week's end: every first start that can matter."""
    ring = slots(starts)
    first, step = ring.argmax(axis=1)[:, None], np.arange(SLOTS_A_WEEK)
    before_the_end = ~_span(SLOTS_A_WEEK - length + 1, SLOTS_A_WEEK)
    best = np.zeros(len(starts), np.int32)
    for later in range(length):
        turned = np.take_along_axis(ring, (step + first + later) % SLOTS_A_WEEK, axis=1)
        octets = np.packbits(turned, axis=1, bitorder="little")
        words = octets.view("<u4").astype(np.uint32)
        best = np.maximum(best, np.where(turned[:, 0], _sweep(words & before_the_end, length), 0))
    return best
