"""What makes a session the same one in the next plan, so that a calendar updates it and does not show it twice."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from hashlib import sha256
from typing import Protocol, TypeVar

from attrs import frozen


class Held(Protocol):
    """What of a session its identity is made from."""

    @property
    def site(self) -> str: ...  # noqa: D102
    @property
    def start(self) -> datetime: ...  # noqa: D102
    @property
    def prescribers(self) -> Sequence[str]: ...  # noqa: D102
    @property
    def therapists(self) -> Sequence[str]: ...  # noqa: D102
    @property
    def monitors(self) -> Sequence[str]: ...  # noqa: D102


class Known(Held, Protocol):
    """A session that may have been told before."""

    @property
    def uid(self) -> str | None: ...  # noqa: D102
    @property
    def sequence(self) -> int: ...  # noqa: D102


S = TypeVar("S", bound=Held)
K = TypeVar("K", bound=Known)

# What a session that was changed still shares with what it was, the most telling first.
_SHARES: tuple[Callable[[Held], object], ...] = (
    lambda s: (s.site, _instant(s), frozenset(s.therapists)),
    lambda s: (s.site, _instant(s), frozenset(s.prescribers)),
    lambda s: (s.site, s.start.date(), frozenset(s.therapists)),
    lambda s: (s.start.isocalendar()[:2], frozenset(s.therapists)),
    lambda s: (s.site, _instant(s)),
)


@frozen
class Identity:
    """A session's name in calendars, and how often it was changed since it was first told."""

    uid: str
    sequence: int = 0


def identities(
    sessions: Sequence[S], before: Sequence[K]
) -> tuple[list[tuple[Identity, K | None]], list[tuple[K, Identity]]]:
    """The identity of each session and what it was before, and the sessions that are no more, each with its own.

    A session that is as it was keeps its name; one of which something is left keeps it with a higher number; any other
    is new, and named by a hash of its site, start and people.
    """
    found: dict[int, tuple[Identity, K | None]] = {}
    open_before = {i: Identity(s.uid or _name(s), s.sequence) for i, s in enumerate(before)}
    open_now = list(range(len(sessions)))
    for number, share in enumerate((_whole, *_SHARES)):
        there: dict[object, list[int]] = {}
        for i in open_before:
            there.setdefault(share(before[i]), []).append(i)
        for now in list(open_now):
            same = there.get(share(sessions[now]))
            if same:
                old = same.pop(0)
                was = open_before.pop(old)
                found[now] = (was if number == 0 else Identity(was.uid, was.sequence + 1)), before[old]
                open_now.remove(now)
    taken = {i.uid for i in (*(i for i, _ in found.values()), *open_before.values())}
    for now in open_now:
        name = _name(sessions[now])
        while name in taken:  # an earlier session bore it and has moved on
            name = _hashed(name)
        taken.add(name)
        found[now] = Identity(name), None
    gone = [(before[i], Identity(was.uid, was.sequence + 1)) for i, was in sorted(open_before.items())]
    return [found[i] for i in range(len(sessions))], gone


def _whole(session: Held) -> object:
    people = (session.prescribers, session.therapists, session.monitors)
    return session.site, _instant(session), tuple(frozenset(p) for p in people)


def _instant(session: Held) -> datetime:
    """The start in UTC: two starts in an hour that is told twice are equal by the clock."""
    return session.start.astimezone(UTC)


def _name(session: Held) -> str:
    people = ("+".join(sorted(p)) for p in (session.prescribers, session.therapists, session.monitors))
    return _hashed("\x1f".join((session.site, _instant(session).isoformat(), *people)))


def _hashed(text: str) -> str:
    return f"{sha256(text.encode()).hexdigest()[:32]}@kapteam"
