"""Who may be teamed with whom, and which doors have to be opened before: the question that repairs answer."""

from __future__ import annotations

from functools import cached_property

from attrs import define, frozen

from kapteam.advice.changes import Change, Set


@frozen
class Edge:
    """A link that is open, or is once every door before it is.

    Attributes
    ----------
    prescriber, therapist : int
    doors : tuple of int
    """

    prescriber: int
    therapist: int
    doors: tuple[int, ...]


@frozen(eq=False)
class Room:
    """How many therapists a prescriber can take: as it is, and with each of some changes; -1: no limit."""

    now: int
    after: tuple[tuple[Change, int], ...] = ()


@define(eq=False, slots=False)
class Market:
    """Who may be teamed with whom, and what has to be done before.

    Attributes
    ----------
    doors : list of list of (set of Change)
        Each opens by any one of its sets.
    edges : list of Edge
    room : dict of int to Room
        By prescriber.
    """

    doors: list[list[Set]]
    edges: list[Edge]
    room: dict[int, Room]

    @cached_property
    def changes(self) -> tuple[Change, ...]:
        """Every change that opens something or makes room, sorted by what it is about."""
        used = {c.key: c for e in self.edges for d in e.doors for way in self.doors[d] for c in way}
        prescribers = {e.prescriber for e in self.edges}
        more = {c.key: c for p in prescribers for c, room in self.room[p].after if room != self.room[p].now}
        found = {**used, **more}
        return tuple(found[key] for key in sorted(found))

    def reduced(self) -> Market:
        """The same question with less in it.

        Hours that cost no less than others of the same person, and open and make room for no more, are never needed. A
        prescriber who has room for everybody who might come binds nobody; so a therapist who can go to one of these
        as it is always has a place, and is left out. Doors that open by the same sets are one.
        """
        doors, room = self._without(self._dominated())
        first: dict[frozenset[Set], int] = {}
        same = [first.setdefault(frozenset(ways), number) for number, ways in enumerate(doors)]
        edges = [
            Edge(e.prescriber, e.therapist, tuple(sorted({same[d] for d in e.doors})))
            for e in self.edges
            if all(doors[d] for d in e.doors)
        ]
        while True:
            come: dict[int, set[int]] = {}
            for e in edges:
                come.setdefault(e.prescriber, set()).add(e.therapist)
            spare = {p for p, those in come.items() if _least(room[p]) >= len(those)}
            settled = {e.therapist for e in edges if e.prescriber in spare and not e.doors}
            if not settled:
                free = {p: Room(-1) for p in spare}
                return Market(doors, edges, {**room, **free})
            # Whoever has a place for certain takes it from a prescriber who has room for all the others beside.
            placed: dict[int, int] = {}
            for e in edges:
                if e.therapist in settled and e.prescriber in spare and not e.doors:
                    placed.setdefault(e.therapist, e.prescriber)
            for p in placed.values():
                room[p] = _less(room[p])
            edges = [e for e in edges if e.therapist not in settled]

    def _without(self, dropped: set[tuple[str, ...]]) -> tuple[list[list[Set]], dict[int, Room]]:
        doors = [[way for way in ways if not any(c.key in dropped for c in way)] for ways in self.doors]
        room = {p: Room(r.now, tuple(x for x in r.after if x[0].key not in dropped)) for p, r in self.room.items()}
        return doors, room

    def _dominated(self) -> set[tuple[str, ...]]:
        """Hours beside which others of the same person are as good and cost no more."""
        ways: dict[tuple[str, ...], set[tuple[int, Set]]] = {}
        hours: dict[str, dict[tuple[str, ...], Change]] = {}
        for number in {d for e in self.edges for d in e.doors}:
            for way in self.doors[number]:
                for change in way:
                    if change.rule == "team.window":
                        hours.setdefault(change.practitioner, {})[change.key] = change
                        ways.setdefault(change.key, set()).add((number, way - {change}))
        after: dict[tuple[str, ...], int] = {}
        now: dict[str, int] = {}
        for room in self.room.values():
            for change, count in room.after:
                after[change.key], now[change.practitioner] = _many(count), _many(room.now)
                hours.setdefault(change.practitioner, {})[change.key] = change
        dropped: set[tuple[str, ...]] = set()
        for person, mine in hours.items():
            order = sorted(mine.values(), key=lambda c: (c.dollars, -len(ways.get(c.key, ())), c.key))
            kept: list[Change] = []
            for change in order:
                opens, makes = ways.get(change.key, set()), after.get(change.key, 0)
                useless = not opens and makes <= now.get(person, 0)
                better = any(opens <= ways.get(k.key, set()) and makes <= after.get(k.key, 0) for k in kept)
                if useless or better:
                    dropped.add(change.key)
                else:
                    kept.append(change)
        return dropped


def _many(room: int) -> int:
    """How many there is room for; very many without a limit."""
    return 1 << 40 if room < 0 else room


def _least(room: Room) -> int:
    """The least that there is ever room for."""
    return min(map(_many, (room.now, *(after for _, after in room.after))))


def _less(room: Room) -> Room:
    """Room for one less."""
    return Room(room.now - (room.now > 0), tuple((c, n - (n > 0)) for c, n in room.after))
