"""What a person writes first: the dearest sessions first, each as early as it fits with whom it is best."""

from __future__ import annotations

from collections import Counter
from time import process_time

import numpy as np
from attrs import define, field
from questions import ANYTHING, Answer, Chosen, Question

from kapteam.sessions.kinds import Kind


def greedy(question: Question) -> Answer:
    """Row by row of demand, by priority: every start from Monday on, every link by points, taken where it fits."""
    begin, board = process_time(), _Board(question)
    found, sessions = question.found, []
    rows = [(value, number, kind, able) for kind in question.kinds for number, value, able in question.rows(kind)]
    order = np.lexsort((-found.points, found.start, found.kind))
    edges = np.searchsorted(found.kind[order], np.arange(len(question.kinds) + 1))
    place = {id(kind): i for i, kind in enumerate(question.kinds)}
    for _, number, kind, able in sorted(rows, key=lambda row: (-row[0], row[1])):
        left = len(found) if number == ANYTHING else question.roster.demand[number - 1].sessions
        mine = order[edges[place[id(kind)]] : edges[place[id(kind)] + 1]]
        for i in mine:
            if not left:
                break
            start, day = int(found.start[i]), int(found.day[i])
            prescriber, therapist = int(found.prescriber[i]), int(found.therapist[i])
            # Of two therapists one may need the prescriber there: it is taken for granted.
            needed = bool(found.in_person[i]) or kind.protocol.therapists > 1
            if not able[therapist] or not board.may(kind, start, day, prescriber, needed, therapist):
                continue
            one = _staffed(question, board, kind, start, day, prescriber, therapist, mine, number)
            if one is not None:
                board.put(one, day, needed)
                sessions.append(one)
                left -= 1
    return Answer(sessions, seconds={"value": process_time() - begin})


def _staffed(
    question: Question, board: _Board, kind: Kind, start: int, day: int, prescriber: int, therapist: int,
    mine: np.ndarray, number: int,
) -> Chosen | None:  # fmt: skip
    """The session with whoever else it needs: the first further therapists by points, the first who may watch."""
    found, asked = question.found, kind.protocol
    therapists, monitors = [therapist], list[int]()
    apart = question.avoiding
    if asked.therapists > 1:
        if therapist == prescriber:
            return None  # simpler so
        same = mine[(found.start[mine] == start) & (found.prescriber[mine] == prescriber)]
        for i in same:
            other = int(found.therapist[i])
            free = other not in therapists and other != prescriber and board.free(other, kind, start, day)
            if free and len(therapists) < asked.therapists and not any((other, t) in apart for t in therapists):
                therapists.append(other)
    for watcher, starts in question.watchers(kind, day).items() if asked.monitors else ():
        away = watcher == prescriber or watcher in therapists or start not in starts
        away = away or any((watcher, person) in apart for person in (prescriber, *therapists))
        if not away and len(monitors) < asked.monitors and board.free(watcher, kind, start, day):
            monitors.append(watcher)
    if len(therapists) < asked.therapists or len(monitors) < asked.monitors:
        return None
    return Chosen(kind, start, prescriber, tuple(therapists), tuple(monitors), number)


@define
class _Board:
    """Who does what when, and which rooms are taken, slot by slot."""

    question: Question
    sits: np.ndarray = field(init=False)
    oversees: np.ndarray = field(init=False)
    doses: np.ndarray = field(init=False)
    rooms: np.ndarray = field(init=False)
    a_week: Counter[int] = field(factory=Counter)
    a_day: Counter[tuple[int, int]] = field(factory=Counter)
    trips: dict[int, list[tuple[int, int, int, int]]] = field(factory=dict)  # site, start, end, until elsewhere

    def __attrs_post_init__(self) -> None:
        people, slots = len(self.question.people), self.question.days.calendar.slots
        self.sits = np.zeros((people, slots), bool)
        self.oversees, self.doses = (np.zeros((people, slots), np.int64) for _ in range(2))
        self.rooms = np.zeros((len(self.question.days.calendar.sites), slots), np.int64)

    def may(self, kind: Kind, start: int, day: int, prescriber: int, needed: bool, therapist: int) -> bool:
        """Whether the two fit in: rooms, time, limits and ways."""
        room = self.rooms[kind.site, start : start + kind.in_room].max()
        if room >= self.question.days.calendar.sites[kind.site].rooms:
            return False
        if not self.free(therapist, kind, start, day):
            return False
        dosing = self.question.people[prescriber].max_concurrent_dosing
        if dosing is not None and self.doses[prescriber, start : start + kind.dosing].max(initial=0) >= dosing:
            return False
        if therapist == prescriber:
            return True
        here = slice(start, start + kind.length)
        if self.sits[prescriber, here].any():
            return False
        if self.oversees[prescriber, here].max() >= self.question.at_once[prescriber]:
            return False
        return self.counted(prescriber, day) and (not needed or self.reaches(prescriber, kind, start))

    def free(self, person: int, kind: Kind, start: int, day: int) -> bool:
        """Whether somebody may sit or watch."""
        here = slice(start, start + kind.length)
        if self.sits[person, here].any() or self.oversees[person, here].any():
            return False
        return self.counted(person, day) and self.reaches(person, kind, start)

    def counted(self, person: int, day: int) -> bool:
        """Whether they may be in one more session this week and this day."""
        who = self.question.people[person]
        week, limit = self.a_week[person], who.max_sessions_per_week
        if limit is not None and week >= limit:
            return False
        return who.max_sessions_per_day is None or self.a_day[person, day] < who.max_sessions_per_day

    def reaches(self, person: int, kind: Kind, start: int) -> bool:
        """Whether there is time for the way from and to every session elsewhere."""
        end = start + kind.until_elsewhere
        return all(
            site == kind.site or start >= until or end <= other
            for site, other, _, until in self.trips.get(person, ())
        )  # fmt: skip

    def put(self, one: Chosen, day: int, needed: bool) -> None:
        """Take everybody's time, a room, and count."""
        kind, here = one.kind, slice(one.start, one.start + one.kind.length)
        self.rooms[kind.site, one.start : one.start + kind.in_room] += 1
        self.doses[one.prescriber, one.start : one.start + kind.dosing] += 1
        sitting = {*one.therapists, *one.monitors}
        for person in sitting:
            self.sits[person, here] = True
        if one.prescriber not in sitting:
            self.oversees[one.prescriber, here] += 1
        trip = (kind.site, one.start, one.start + kind.length, one.start + kind.until_elsewhere)
        for person in sitting | {one.prescriber}:
            self.a_week[person] += 1
            self.a_day[person, day] += 1
            if person in sitting or needed:
                self.trips.setdefault(person, []).append(trip)
