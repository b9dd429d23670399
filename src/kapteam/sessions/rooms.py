"""Which room each session is in: the lowest that is free."""

from __future__ import annotations

from collections.abc import Sequence


def rooms(begin: Sequence[int], free: Sequence[int]) -> list[int]:
    """The room of each session of one site, numbered from 1.

    Parameters
    ----------
    begin, free : sequence of int
        When each begins, in order, and when its room is free again.

    Notes
    -----
    Never more rooms than sessions that hold one at some instant.
    """
    until: list[int] = []
    given: list[int] = []
    for start, end in zip(begin, free, strict=True):
        room = next((i for i, busy in enumerate(until) if busy <= start), len(until))
        until[room:] = [end, *until[room + 1 :]]
        given.append(room + 1)
    return given
