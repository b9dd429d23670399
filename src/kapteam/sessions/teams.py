"""Who could meet in one session: as many as sit and watch in it, none of whom avoids another."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Sequence

import numpy as np

from kapteam.sessions.days import Days
from kapteam.sessions.kinds import Kind
from kapteam.sessions.onsite import OnSite

#: Those who sit, and those who watch.
Team = tuple[tuple[int, ...], tuple[int, ...]]


def teams(
    kind: Kind,
    sitters: Sequence[int],
    watchers: Sequence[int],
    apart: Callable[[int, int], bool],
    must: Collection[int] = (),
    able: Collection[int] | None = None,
) -> Iterator[Team]:
    """Every choice of those who sit and watch in a session of a kind, the first of each list first.

    Parameters
    ----------
    kind : Kind
    sitters, watchers : sequence of int
        Who could; none of them avoids the prescriber.
    apart : callable
        Whether one of two people avoids the other.
    must : collection of int
        Who has to sit in it.
    able : collection of int, optional
        Of whom one has to sit in it.
    """
    seats, watching = kind.protocol.therapists, kind.protocol.monitors
    if len(watchers) < watching or len(sitters) < seats or not set(must) <= set(sitters):
        return
    ordered = [*must, *(t for t in sitters if t not in must)]
    for therapists in _groups(ordered, seats, apart, ()):
        if len(must) and not set(must) <= set(therapists):
            return  # whoever has to sit comes first: no later choice has them all
        if able is None or not set(able).isdisjoint(therapists):
            others = [w for w in watchers if w not in therapists]
            for monitors in _groups(others, watching, apart, therapists):
                yield therapists, monitors


def _groups(
    people: Sequence[int], size: int, apart: Callable[[int, int], bool], beside: tuple[int, ...]
) -> Iterator[tuple[int, ...]]:
    """Choices of so many people, in their order, none of whom avoids another or somebody ``beside``."""
    if not size:
        yield ()
        return
    for i in range(len(people) - size + 1):
        one = people[i]
        if not any(apart(one, other) for other in beside):
            for rest in _groups(people[i + 1 :], size - 1, apart, (*beside, one)):
                yield (one, *rest)


def watchers(days: Days, there: OnSite, kind: Kind, start: int, day: int) -> list[int]:
    """Who may watch a session of a kind from a start on, and is there for all of it."""
    if not kind.protocol.monitors:
        return []
    may = np.flatnonzero(days.monitors(day)[:, kind.site])
    at = there.row(may, np.full(len(may), kind.site))
    found: list[int] = may[there.starts(kind.length)[at, start]].tolist()
    return found
