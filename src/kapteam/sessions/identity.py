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
    @property
    def end(self) -> datetime | None: ...  # noqa: D102
    @property
    def room(self) -> int | None: ...  # noqa: D102
    @property
    def protocol(self) -> str | None: ...  # noqa: D102


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
    sessions: Sequence[S], before: Sequence[K], cancelled: Sequence[K] = ()
) -> tuple[list[tuple[Identity, K | None]], list[tuple[K, Identity]]]:
    """The identity of each session and what it was before, and the sessions that are no more, each with its own.

    A session that is as it was keeps its name; one of which something is left keeps it with a higher number; any other
    is new, and named by a hash of its site, start and people. In which order they come makes no difference.

    Parameters
    ----------
    sessions : sequence
        Of the plan that is told now.
    before : sequence
        Of the plan that was told before.
    cancelled : sequence
        Sessions that were told to be no more: the same one again bears the same name with a higher number, for whoever
        knows that a name is cancelled listens to no lower one. Those that do not come back stay among what is no more.
    """
    found: dict[int, tuple[Identity, K | None]] = {}
    taken: set[str] = set()
    open_before: dict[int, Identity] = {}
    for i in sorted(_ordered(before), key=lambda i: before[i].uid is None):
        open_before[i] = Identity(_free(before[i].uid or _name(before[i]), taken), before[i].sequence)
    open_now = _ordered(sessions)
    for number, share in enumerate((_whole, *_SHARES)):
        there: dict[object, list[int]] = {}
        for i in open_before:
            there.setdefault(share(before[i]), []).append(i)
        for now in list(open_now):
            same = there.get(share(sessions[now]))
            if same:
                old = same.pop(0)
                was = open_before.pop(old)
                changed = number > 0 or not _shown_alike(sessions[now], before[old])
                found[now] = Identity(was.uid, was.sequence + changed), before[old]
                open_now.remove(now)
    dead = {c.uid: c for c in cancelled if c.uid and c.uid not in taken}
    for now in open_now:
        name = _free(_name(sessions[now]), taken)
        again = dead.pop(name, None)
        found[now] = Identity(name, 0 if again is None else again.sequence + 1), None
    gone = [(before[i], Identity(was.uid, was.sequence + 1)) for i, was in sorted(open_before.items())]
    gone += [(c, Identity(uid, c.sequence)) for uid, c in dead.items()]
    return [found[i] for i in range(len(sessions))], gone


def _ordered(sessions: Sequence[Held]) -> list[int]:
    """The positions of sessions by start and name."""
    return sorted(range(len(sessions)), key=lambda i: (_instant(sessions[i]), _name(sessions[i])))


def _free(name: str, taken: set[str]) -> str:
    """The name, or one made of it where another session bears it; from now on it is taken."""
    while name in taken:
        name = _hashed(name)
    taken.add(name)
    return name


def _shown_alike(now: Held, was: Held) -> bool:
    """Whether calendars show the same of two sessions of the same people at the same time, as far as both tell it."""
    ends, rooms = [_utc(s.end) for s in (now, was) if s.end is not None], [s.room for s in (now, was) if s.room]
    return now.protocol == was.protocol and len(set(ends)) <= 1 and len(set(rooms)) <= 1


def _whole(session: Held) -> object:
    people = (session.prescribers, session.therapists, session.monitors)
    return session.site, _instant(session), tuple(frozenset(p) for p in people)


def _instant(session: Held) -> datetime:
    return _utc(session.start)


def _utc(moment: datetime) -> datetime:
    """A moment in UTC: two in an hour that is told twice are equal by the clock, and unequal to the same elsewhere."""
    return moment.astimezone(UTC)


def _name(session: Held) -> str:
    people = ("+".join(sorted(p)) for p in (session.prescribers, session.therapists, session.monitors))
    return _hashed("\x1f".join((session.site, _instant(session).isoformat(), *people)))


def _hashed(text: str) -> str:
    return f"{sha256(text.encode()).hexdigest()[:32]}@kapteam"
