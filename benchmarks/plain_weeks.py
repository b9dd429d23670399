"""Weeks as Python integers of 672 bits, one at a time: what the plain loop knows of time."""

from __future__ import annotations

SLOTS = 672
FULL = (1 << SLOTS) - 1


def earlier(week: int, slots: int) -> int:
    """Every slot moved towards Monday 00:00, around the ring."""
    slots %= SLOTS
    return (week >> slots | week << (SLOTS - slots)) & FULL


def starts(week: int, length: int) -> int:
    """The slots from which ``length`` slots in a row are all there."""
    found = week
    for step in range(1, length):
        found &= earlier(week, step)
    return found


def most_sessions(starts: int, length: int) -> int:
    """The most starts that are pairwise at least ``length`` apart around the ring."""
    if not (starts >> (SLOTS - length + 1) and starts & ((1 << length - 1) - 1)):
        return _in_a_row(starts, length)
    first, best = (starts & -starts).bit_length() - 1, 0
    for step in range(length):
        begin = (first + step) % SLOTS
        if starts >> begin & 1:
            best = max(best, _in_a_row(earlier(starts, begin) & ((1 << SLOTS - length + 1) - 1), length))
    return best


def _in_a_row(starts: int, length: int) -> int:
    """Take the first free start again and again."""
    count = 0
    while starts:
        count += 1
        after = (starts & -starts).bit_length() - 1 + length
        starts = starts >> after << after
    return count
