"""The plan as a 0/1 program: what each column decides, and one function for each thing that nobody may exceed."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property

import numpy as np
from attrs import define, evolve, field, frozen
from numpy.typing import ArrayLike

from kapteam.columns.facts import BLANK, Bools, Facts
from kapteam.columns.lookup import Index
from kapteam.records.roster import Roster
from kapteam.sessions.candidates import Candidates
from kapteam.sessions.days import Days
from kapteam.sessions.judge import Key
from kapteam.sessions.kinds import Kind, serves
from kapteam.sessions.onsite import OnSite
from kapteam.sessions.program import INFINITY, Builder, Program, cliques
from kapteam.sessions.teams import teams, watchers

#: What a person does in a session: oversees it, sits or watches in it, or sits in the one that they oversee.
OVERSEES, SITS, SITS_TOO = range(3)


@frozen
class Held:
    """A session that the plan must have, as codes.

    Attributes
    ----------
    kind, start, day : int
    prescriber : int
    therapists, monitors : tuple of int
    points : tuple of int
        Of each therapist's link.
    in_person : bool
        Whether the prescriber is needed at the site.
    demand : int or None
        The row of demand that it serves.
    """

    kind: int
    start: int
    day: int
    prescriber: int
    therapists: tuple[int, ...]
    monitors: tuple[int, ...]
    points: tuple[int, ...]
    in_person: bool
    demand: int | None


@define(eq=False)
class Table:
    """Rows of one kind of column, gathered in blocks."""

    names: tuple[str, ...]
    blocks: list[tuple[Index, ...]] = field(factory=list)

    def add(self, **columns: ArrayLike) -> None:
        """One block; every column has as many rows."""
        self.blocks.append(tuple(np.asarray(columns[name], np.int64) for name in self.names))

    def __getitem__(self, name: str) -> Index:
        place = self.names.index(name)
        return np.concatenate([b[place] for b in self.blocks]) if self.blocks else np.empty(0, np.int64)


@frozen(eq=False)
class Model:
    """The program, and what its columns stand for.

    Attributes
    ----------
    program : Program
    kinds : sequence of Kind
    sessions : Table
        Columns that are a session: ``column``, ``kind``, ``start``, ``day``, ``prescriber``, ``therapist`` (-1 where
        seats hold them), ``points``, ``mask`` (which rows of demand it fits).
    seats : Table
        Columns that put a person into a session: ``column``, ``session`` (its column), ``person``, ``monitor``.
    saved : array of int
        By column: what one unit of it saves of the changes from a previous plan, but for that plan's own sessions.
    served : Table
        Columns that count sessions served: ``column``, ``session`` (a column, or -1 for a count of several),
        ``kind``, ``week``, ``mask`` (which sessions it counts), ``row`` (of demand).
    """

    program: Program
    kinds: Sequence[Kind]
    sessions: Table
    seats: Table
    served: Table
    saved: Index

    @property
    def sitting(self) -> tuple[Index, Index]:
        """The columns that seat a therapist, and whom."""
        pairs = self.sessions["therapist"] >= 0
        sits = self.seats["monitor"] == 0
        return (
            np.r_[self.sessions["column"][pairs], self.seats["column"][sits]],
            np.r_[self.sessions["therapist"][pairs], self.seats["person"][sits]],
        )

    def chosen(self, x: Index) -> list[Chosen]:
        """The sessions of a solution, in the order of their columns."""
        sessions = self.sessions
        column = sessions["column"]
        on = np.flatnonzero(x[column] > 0)
        rows = self._rows_served(x)
        sits: dict[int, tuple[list[int], list[int]]] = {int(c): ([], []) for c in column[on]}
        seats = self.seats
        for i in np.flatnonzero(x[seats["column"]] > 0):
            sits[int(seats["session"][i])][int(seats["monitor"][i])].append(int(seats["person"][i]))
        points = _seat_points(self.program, seats, x)
        found = []
        for i in on:
            number, therapist = int(column[i]), int(sessions["therapist"][i])
            therapists, monitors = sits[number]
            found.append(
                Chosen(
                    int(sessions["kind"][i]),
                    int(sessions["start"][i]),
                    int(sessions["day"][i]),
                    int(sessions["prescriber"][i]),
                    (therapist,) if therapist >= 0 else tuple(sorted(therapists)),
                    tuple(sorted(monitors)),
                    int(sessions["points"][i]) + points.get(number, 0),
                    rows.get(number),
                )
            )
        return found

    def _rows_served(self, x: Index) -> dict[int, int]:
        """The row of demand of each session that serves one."""
        served = self.served
        rows: dict[int, int] = {}
        to_give: dict[tuple[int, int, int], list[int]] = {}
        for i in np.flatnonzero(x[served["column"]] > 0):
            session, row = int(served["session"][i]), int(served["row"][i])
            if session >= 0:
                rows[session] = row
            else:
                group = (int(served["kind"][i]), int(served["week"][i]), int(served["mask"][i]))
                to_give.setdefault(group, []).extend([row] * int(x[served["column"][i]]))
        sessions = self.sessions
        for i in np.flatnonzero((x[sessions["column"]] > 0) & (sessions["therapist"] >= 0)):
            group = (int(sessions["kind"][i]), int(sessions["day"][i]) // 7, int(sessions["mask"][i]))
            if to_give.get(group):
                rows[int(sessions["column"][i])] = to_give[group].pop(0)
        return {session: row for session, row in rows.items() if row > 0}


@frozen
class Chosen:
    """A session of a solution, as codes; ``demand`` is the row that it serves."""

    kind: int
    start: int
    day: int
    prescriber: int
    therapists: tuple[int, ...]
    monitors: tuple[int, ...]
    points: int
    demand: int | None


def model(
    days: Days,
    there: OnSite,
    kinds: Sequence[Kind],
    found: Candidates,
    held: Sequence[Held] = (),
    previous: Sequence[Key] = (),
    more: tuple[str, int] | None = None,
) -> Model:
    """The program of a horizon.

    Parameters
    ----------
    days, there, kinds, found
        What may be planned.
    held : sequence of Held
        Sessions that the plan must have.
    previous : sequence of (site, start, prescriber, therapists, monitors)
        The sessions of a previous plan: a column that is one of them saves changes.
    more : (str, int), optional
        What there is one more of than the roster says, and whose: ``rooms`` of a site, ``concurrency`` or another
        limit of a person.
    """
    return _Maker(days, there, kinds, held, more).made(found, previous)


def _seat_points(program: Program, seats: Table, x: Index) -> dict[int, int]:
    """By session: the points of those who sit in it."""
    points: dict[int, int] = {}
    column, session = seats["column"], seats["session"]
    for i in np.flatnonzero(x[column] > 0):
        points[int(session[i])] = points.get(int(session[i]), 0) + int(program.points[column[i]])
    return points


class _Maker:
    """Holds what the blocks of the program share; lives for one call."""

    def __init__(
        self, days: Days, there: OnSite, kinds: Sequence[Kind], held: Sequence[Held], more: tuple[str, int] | None
    ) -> None:
        self.days, self.there, self.kinds, self.held = days, there, kinds, held
        self.facts: Facts = days.facts(0)
        self.roster: Roster = days.roster
        self.builder = Builder()
        self.sessions = Table(("column", "kind", "start", "day", "prescriber", "therapist", "points", "mask"))
        self.seats = Table(("column", "session", "person", "monitor"))
        self.served = Table(("column", "session", "kind", "week", "mask", "row"))
        # What a person is busy with: who, what they do, from when to when, on which date, at which site.
        self.busy = Table(("column", "session", "person", "does", "start", "kind", "day"))
        self.travels = Table(("column", "person", "start", "kind"))
        self.takes_part = Table(("column", "person", "day"))
        people = [self.roster.people[id] for id in self.facts.people]
        self.max_week = np.array([_or_blank(p.max_sessions_per_week) for p in people], np.int64)
        self.max_day = np.array([_or_blank(p.max_sessions_per_day) for p in people], np.int64)
        self.max_dosing = np.array([_or_blank(p.max_concurrent_dosing) for p in people], np.int64)
        self.room_count = np.array([s.rooms for s in days.calendar.sites], np.int64)
        self.concurrency = np.array([days.concurrency(d) for d in range(days.calendar.days)])
        if more is not None:
            self.one_more(*more)
        self.length = np.array([k.length for k in kinds], np.int64)
        self.site = np.array([k.site for k in kinds], np.int64)
        self.fixed: list[int] = []  # the columns of held sessions
        self._watchers: dict[tuple[int, int], list[int]] = {}

    def one_more(self, limit: str, whose: int) -> None:
        """One room more, or one more session that somebody may take part in or oversee."""
        if limit == "concurrency":
            self.concurrency[:, whose] += 1
            return
        of = {
            "rooms": self.room_count, "max_sessions_per_week": self.max_week, "max_sessions_per_day": self.max_day,
            "max_concurrent_dosing": self.max_dosing,
        }  # fmt: skip
        of[limit][whose] += 1

    def made(self, found: Candidates, previous: Sequence[Key]) -> Model:
        pairs = np.array([k.is_pair for k in self.kinds], bool)[found.kind] if len(found) else np.empty(0, bool)
        self.of_pairs(found.take(pairs))
        self.of_slots(found.take(~pairs))
        self.of_held()
        saves = self.of_previous(previous)
        self.people()
        self.dosing()
        self.travel()
        self.caps()
        self.rooms()
        program = self.builder.program()
        # What is held is a fact: where it exceeds something by itself, nothing else may be added there.
        program = evolve(program, most=np.maximum(program.most, program.sums(program.lower)))
        saved = np.zeros(program.columns, np.int64)
        saved[self.sessions["column"]] -= 1
        saved[saves] += 2
        return Model(program, self.kinds, self.sessions, self.seats, self.served, saved)

    # -- what is decided --

    def of_pairs(self, found: Candidates) -> None:
        """A column for each session of one prescriber and one therapist."""
        if not len(found):
            return
        mask = np.zeros(len(found), np.int64)
        value = np.zeros(len(found), np.int64)
        kept = np.ones(len(found), bool)
        for number in np.unique(found.kind):
            rows = np.flatnonzero(found.kind == number)
            kind = self.kinds[number]
            if not kind.rows:
                value[rows] = 1
                continue
            which = self.fitting(kind, found.take(rows))
            kept[rows] = which.any(axis=0)
            if len(kind.rows) == 1:
                value[rows] = self.roster.demand[kind.rows[0] - 1].priority
            else:
                mask[rows] = np.unique(which.T, axis=0, return_inverse=True)[1]
        found, mask, value = found.take(kept), mask[kept], value[kept]
        column = self.builder.columns(len(found), value=value, points=found.points)
        self.sessions.add(
            column=column, kind=found.kind, start=found.start, day=found.day, prescriber=found.prescriber,
            therapist=found.therapist, points=found.points, mask=mask,
        )  # fmt: skip
        solo = found.prescriber == found.therapist
        self.does(column, found.prescriber, np.where(solo, SITS, OVERSEES), found)
        duo = np.flatnonzero(~solo)
        self.does(column[duo], found.therapist[duo], np.full(len(duo), SITS), found.take(duo))
        at = found.in_person & ~solo
        self.travels.add(column=column[at], person=found.prescriber[at], start=found.start[at], kind=found.kind[at])
        for number in np.unique(found.kind):
            rows = np.flatnonzero(found.kind == number)
            self.of_demand(self.kinds[number], number, column[rows], found.take(rows), mask[rows])

    def of_demand(self, kind: Kind, number: int, column: Index, found: Candidates, mask: Index) -> None:
        """At most so many sessions a week for each row; sessions that the same rows fit are counted together."""
        if not kind.rows:
            return
        week = found.day // 7
        if len(kind.rows) == 1:
            weeks, place = np.unique(week, return_inverse=True)
            limit = self.left(kind.rows[0], weeks)
            self.builder.rows(len(weeks), place, column, most=limit, limit="demand", whose=kind.rows[0])
            self.served.add(
                column=column, session=column, kind=np.full(len(column), number), week=week, mask=mask,
                row=np.full(len(column), kind.rows[0]),
            )  # fmt: skip
            return
        which = self.fitting(kind, found)
        groups, first, place = np.unique(week * (1 << 32) + mask, return_index=True, return_inverse=True)
        of_group, row = np.nonzero(which.T[first])
        of_week = groups[of_group] >> 32
        limit = np.array([self.left(kind.rows[r], np.array([w]))[0] for r, w in zip(row, of_week, strict=True)])
        priority = np.array([self.roster.demand[r - 1].priority for r in kind.rows])[row]
        flow = self.builder.columns(len(row), value=priority, upper=limit)
        self.served.add(
            column=flow, session=np.full(len(row), -1), kind=np.full(len(row), number), week=of_week,
            mask=groups[of_group] & ((1 << 32) - 1), row=np.array(kind.rows)[row],
        )  # fmt: skip
        # As many sessions as are counted, and each row no more often than it asks.
        self.builder.rows(
            len(groups), np.concatenate([place, of_group]), np.concatenate([column, flow]),
            np.concatenate([np.ones(len(column), np.int64), -np.ones(len(flow), np.int64)]), least=0, most=0,
        )  # fmt: skip
        asked, at = np.unique(of_week * len(kind.rows) + row, return_inverse=True)
        most = np.zeros(len(asked))
        most[at] = limit
        numbers = np.array(kind.rows)[asked % len(kind.rows)]
        self.builder.rows(len(asked), at, flow, most=most, limit="demand", whose=numbers)

    def of_slots(self, found: Candidates) -> None:
        """Where more than two people meet: a column for each session, and one for each person who may be in it."""
        if not len(found):
            return
        seats = _Slots(self.builder)
        keys = np.stack([found.kind, found.start, found.prescriber])
        edges = np.flatnonzero(np.r_[True, (keys[:, 1:] != keys[:, :-1]).any(axis=0)])
        for first, last in zip(edges, [*edges[1:], len(found)], strict=True):
            self.of_slot(seats, found.take(np.arange(first, last)))
        seats.flush()
        for limit in sorted(seats.limits):
            row, week = limit
            columns = np.array(seats.limits[limit], np.int64)
            most = self.left(row, np.array([week]))
            self.builder.rows(1, np.zeros(len(columns), np.int64), columns, most=most, limit="demand", whose=row)
        for name, rows in seats.tables.items():
            if rows:
                table: Table = getattr(self, name)
                table.add(**{key: np.array([r[key] for r in rows], np.int64) for key in table.names})

    def of_slot(self, seats: _Slots, links: Candidates) -> None:
        """The sessions that one prescriber may oversee from one start on, of one kind at one site."""
        number, start, day, prescriber = (int(x[0]) for x in (links.kind, links.start, links.day, links.prescriber))
        kind = self.kinds[number]
        asked = kind.protocol
        may = self.watchers(number, start, day)
        watchers = [w for w in may if w != prescriber and not self.days.apart(w, prescriber)]
        sitters, worth = links.therapist.tolist(), links.points.tolist()
        there = dict(zip(sitters, links.in_person.tolist(), strict=True))
        fits = {r: [t for t in sitters if self.serving(r, day)[t]] for r in kind.rows}

        def meet(row: int | None) -> bool:
            """Whether some of them could meet, and serve a row of demand where there is one."""
            must, able = ((), None) if row is None else (self.brings(row), fits[row])
            return any(True for _ in teams(kind, sitters, watchers, self.days.apart, must, able))

        rows = [r for r in kind.rows if meet(r)]
        if not rows and (kind.rows or not meet(None)):
            return
        at_once = [
            int(self.concurrency[day, prescriber]),
            int(self.room_count[kind.site]),
            len(sitters) // asked.therapists,
        ]
        if asked.monitors:
            at_once.append(len(watchers) // asked.monitors)
        previous = None
        for _ in range(min(at_once)):
            only = self.roster.demand[rows[0] - 1].priority if len(rows) == 1 else 0
            session = seats.column(value=only if kind.rows else 1)
            seats.put("sessions", column=session, kind=number, start=start, day=day, prescriber=prescriber,
                      therapist=-1, points=0, mask=0)  # fmt: skip
            if previous is not None:
                seats.row([previous, session], [1, -1], least=0)  # alike, so the first ones first
            previous = session
            sits = {t: seats.column(points=p) for t, p in zip(sitters, worth, strict=True)}
            watches = {w: seats.column() for w in watchers}
            for people, count, monitor in ((sits, asked.therapists, 0), (watches, asked.monitors, 1)):
                if people:
                    seats.row([*people.values(), session], [1] * len(people) + [-count], least=0, most=0)
                for person, column in people.items():
                    seats.row([session, column], [1, -1], least=0)
                    seats.put("seats", column=column, session=session, person=person, monitor=monitor)
                    if person != prescriber:
                        self.occupy(seats, column, session, person, SITS, number, start, day)
                        seats.put("travels", column=column, person=person, start=start, kind=number)
            members = [*sits.items(), *watches.items()]
            for i, (one, column) in enumerate(members):
                for other, beside in members[i + 1 :]:
                    if one == other or self.days.apart(one, other):
                        seats.row([column, beside, session], [1, 1, -1], most=0)
            self.occupy(seats, session, session, prescriber, OVERSEES, number, start, day)
            if prescriber in sits:
                seats.put("busy", column=sits[prescriber], session=session, person=prescriber, does=SITS_TOO,
                          start=start, kind=number, day=day)  # fmt: skip
            self.needed_at(seats, session, sits, there, prescriber, start, number)
            self.serve(seats, session, rows, fits, sits, number, day)

    def occupy(
        self, seats: _Slots, column: int, session: int, person: int, does: int, kind: int, start: int, day: int
    ) -> None:
        """Somebody is busy for a session, and takes part in it."""
        seats.put("busy", column=column, session=session, person=person, does=does, start=start, kind=kind, day=day)
        seats.put("takes_part", column=column, person=person, day=day)

    def needed_at(
        self, seats: _Slots, session: int, sits: dict[int, int], there: dict[int, bool], prescriber: int, start: int,
        kind: int,
    ) -> None:  # fmt: skip
        """When the prescriber has to be at the site: always, never, or with some of those who sit."""
        with_whom = [column for person, column in sits.items() if there[person]]
        column = session
        if not with_whom:
            return
        if len(with_whom) < len(sits):
            column = seats.column()
            for sitter in with_whom:
                seats.row([column, sitter], [1, -1], least=0)
        seats.put("travels", column=column, person=prescriber, start=start, kind=kind)

    def serve(
        self, seats: _Slots, session: int, rows: list[int], fits: dict[int, list[int]], sits: dict[int, int],
        number: int, day: int,
    ) -> None:  # fmt: skip
        """Each session serves one row of demand, by those who sit in it."""
        served: list[int] = []
        for row in rows:
            demand = self.roster.demand[row - 1]
            column = session if len(rows) == 1 else seats.column(value=demand.priority)
            served.append(column)
            seats.limits.setdefault((row, day // 7), []).append(column)
            seats.put("served", column=column, session=session, kind=number, week=day // 7, mask=0, row=row)
            if demand.therapist is not None:
                seats.row([sits[self.facts.person_code[demand.therapist]], column], [1, -1], least=0)
            if demand.modality is not None or demand.language is not None:
                able = [sits[t] for t in fits[row]]
                seats.row([*able, column], [1] * len(able) + [-1], least=0)
        if len(rows) > 1:
            seats.row([*served, session], [1] * len(served) + [-1], least=0, most=0)

    def of_held(self) -> None:
        """A column that is 1 for each session that the plan must have."""
        for one in self.held:
            kind = self.kinds[one.kind]
            if one.demand is not None:
                value = self.roster.demand[one.demand - 1].priority
            else:
                value = 0 if self.demanded[kind.site] else 1
            column = self.builder.columns(1, value=value, points=sum(one.points), lower=1)
            self.fixed.append(int(column[0]))
            alone = {"start": [one.start], "kind": [one.kind], "day": [one.day]}
            self.sessions.add(
                column=column, **alone, prescriber=[one.prescriber], therapist=[-1], points=[sum(one.points)],
                mask=[0],
            )  # fmt: skip
            solo = one.prescriber in one.therapists
            sitting = [*one.therapists, *one.monitors]
            for person in sitting:
                seat = self.builder.columns(1, lower=1)
                self.seats.add(column=seat, session=column, person=[person], monitor=[person in one.monitors])
            doing = [(one.prescriber, SITS if solo else OVERSEES)]
            doing += [(person, SITS) for person in sitting if person != one.prescriber]
            for person, does in doing:
                self.busy.add(column=column, session=column, person=[person], does=[does], **alone)
                self.takes_part.add(column=column, person=[person], day=[one.day])
                if does == SITS or one.in_person:
                    self.travels.add(column=column, person=[person], start=[one.start], kind=[one.kind])
            row = -1 if one.demand is None else one.demand
            self.served.add(column=column, session=column, kind=[one.kind], week=[one.day // 7], mask=[0], row=[row])

    def of_previous(self, previous: Sequence[Key]) -> list[int]:
        """The columns that are 1 only where a session of the previous plan is in this one too."""
        at: dict[tuple[int, int, int], list[int]] = {}
        sessions, column = self.sessions, self.sessions["column"]
        rows = zip(self.site[sessions["kind"]], sessions["start"], sessions["prescriber"], strict=True)
        for i, (site, start, prescriber) in enumerate(rows):
            at.setdefault((int(site), int(start), int(prescriber)), []).append(i)
        seated: dict[int, dict[tuple[int, bool], int]] = {}
        for seat, session, person, watches in zip(*(self.seats[name] for name in self.seats.names), strict=True):
            seated.setdefault(int(session), {})[int(person), bool(watches)] = int(seat)
        asked = {i: (k.protocol.therapists, k.protocol.monitors) for i, k in enumerate(self.kinds)}
        found = []
        for site, start, prescriber, therapists, monitors in previous:
            for i in at.get((site, start, prescriber), ()):
                therapist, number = int(sessions["therapist"][i]), int(column[i])
                if asked[int(sessions["kind"][i])] != (len(therapists), len(monitors)):
                    continue
                if therapist >= 0:
                    if therapists == {therapist}:
                        found.append(number)
                    continue
                people = [*((t, False) for t in therapists), *((m, True) for m in monitors)]
                seats = [seated[number].get(key) for key in people]
                if None in seats:
                    continue
                same = int(self.builder.columns(1)[0])
                for seat in seats:
                    assert seat is not None
                    self.builder.rows(1, np.zeros(2, np.int64), np.array([seat, same]), np.array([1, -1]), least=0)
                found.append(same)
        return found

    # -- what nobody may exceed --

    def people(self) -> None:
        """Who sits or watches is in one session at a time; who oversees, in no more than they may at once."""
        busy = self.busy
        person, start, does, day = busy["person"], busy["start"], busy["does"], busy["day"]
        if not len(person):
            return
        at_once = self.concurrency[day, person]
        row, entry, of = cliques(person, start, start + self.length[busy["kind"]])
        most = np.zeros(int(row.max()) + 1, np.int64)
        np.maximum.at(most, row, at_once[entry])
        most = np.maximum(most, 1)
        weight = np.where(does[entry] == SITS, most[row], np.where(does[entry] == SITS_TOO, most[row] - 1, 1))
        column = busy["column"][entry]
        self.at_most(row, column, weight, most, "busy", of)
        # Where sessions of two dates meet on which they may oversee differently many, the least counts.
        fewer = np.flatnonzero((at_once[entry] < most[row]) & (does[entry] == OVERSEES))
        for e in fewer:
            others = np.flatnonzero(row == row[e])
            fewer_by = most[row[e]] - at_once[entry[e]]
            weights = weight[others] + np.where(others == e, fewer_by, 0)
            own = (does[entry[others]] == SITS_TOO) & (busy["session"][entry[others]] == busy["session"][entry[e]])
            weights -= np.where(own, fewer_by, 0)
            self.builder.rows(1, np.zeros(len(others), np.int64), column[others], weights, most=most[row[e]],
                              limit="busy", whose=of[row[e]])  # fmt: skip

    def dosing(self) -> None:
        """How many sessions a prescriber oversees in their dosing part at once."""
        limited = np.flatnonzero(self.max_dosing >= 0)
        if not len(limited):
            return
        kind, start = self.sessions["kind"], self.sessions["start"]
        who = self.sessions["prescriber"]
        rows = np.flatnonzero(np.isin(who, limited))
        dosing = np.array([k.dosing for k in self.kinds])
        row, entry, of = cliques(who[rows], start[rows], start[rows] + dosing[kind[rows]])
        self.at_most(row, self.sessions["column"][rows][entry], 1, self.max_dosing[of], "max_concurrent_dosing", of)

    def travel(self) -> None:
        """Between two sites there is a way: nobody is needed at one too soon after the other.

        Of two sessions at different sites too close to one another, one begins first. At every instant, the sessions
        at one site that run then and those elsewhere that ran ``travel`` ago (or less) exclude one another pairwise.
        """
        travels = self.travels
        column, person, start, kind = (travels[name] for name in ("column", "person", "start", "kind"))
        if not len(column):
            return
        site, length = self.site[kind], self.length[kind]
        way = np.array([k.until_elsewhere - k.length for k in self.kinds])[kind]
        wide = self.concurrency.max(axis=0) > 1
        sites_of = np.unique(np.stack([person, site]), axis=1)
        several = np.flatnonzero(np.bincount(sites_of[0]) > 1)
        for who in several.tolist():
            mine = np.flatnonzero(person == who)
            for ahead in _steps(way[mine], int(length[mine].min())):
                for there in np.unique(site[mine]):
                    later = mine[site[mine] == there]
                    sooner = mine[(site[mine] != there) & (way[mine] >= ahead)]
                    begin = np.r_[start[later], start[sooner] + ahead]
                    end = begin + np.r_[length[later], length[sooner]]
                    row, entry, _ = cliques(np.zeros(len(begin), np.int64), begin, end)
                    is_later = entry < len(later)
                    both = np.bincount(row[is_later], minlength=int(row.max()) + 1).astype(bool)
                    both &= np.bincount(row[~is_later], minlength=len(both)).astype(bool)
                    kept = both[row]
                    row, entry, is_later = row[kept], entry[kept], is_later[kept]
                    row = np.unique(row, return_inverse=True)[1]
                    columns = column[np.r_[later, sooner]][entry]
                    if not len(row):
                        continue
                    row, columns, is_later = self.held_apart(row, columns, is_later)
                    if not len(row):
                        continue
                    if not wide[who]:
                        rows = np.ones(int(row.max()) + 1, np.int64)
                        self.at_most(row, columns, 1, rows, "travel", np.full(len(rows), who))
                    else:
                        self.one_place(who, row, columns, is_later)

    def held_apart(self, row: Index, column: Index, is_later: Bools) -> tuple[Index, Index, Bools]:
        """Rows but those that held sessions break by themselves; of these nothing else may be chosen."""
        held = np.isin(column, self.fixed)
        count = int(row.max()) + 1
        both = np.bincount(row[held & is_later], minlength=count) > 0
        both &= np.bincount(row[held & ~is_later], minlength=count) > 0
        if both.any():
            closed = np.unique(column[both[row] & ~held])
            self.builder.rows(len(closed), np.arange(len(closed)), closed, most=0, limit="travel")
            kept = ~both[row]
            row, column, is_later = np.unique(row[kept], return_inverse=True)[1], column[kept], is_later[kept]
        return row, column, is_later

    def one_place(self, who: int, row: Index, column: Index, here: Bools) -> None:
        """Of somebody who may oversee several at once: in each row, either any of these, or any of those."""
        count = int(row.max()) + 1
        is_here = self.builder.columns(count)
        entries = np.arange(len(row))
        rows = np.r_[entries, entries]
        columns = np.r_[column, is_here[row]]
        self.builder.rows(len(row), rows, columns, np.r_[np.ones(len(row), np.int64), np.where(here, -1, 1)],
                          most=np.where(here, 0, 1), limit="travel", whose=who)  # fmt: skip

    def caps(self) -> None:
        """How many sessions a person takes part in from Monday to Sunday, and on one date."""
        column, person, day = (self.takes_part[name] for name in ("column", "person", "day"))
        for name, limit, span in (
            ("max_sessions_per_week", self.max_week, day // 7),
            ("max_sessions_per_day", self.max_day, day),
        ):
            rows = np.flatnonzero(limit[person] >= 0)
            if len(rows):
                keys, place = np.unique(person[rows] * (1 << 20) + span[rows], return_inverse=True)
                self.at_most(place, column[rows], 1, limit[keys >> 20], name, keys >> 20)

    def rooms(self) -> None:
        """No more sessions at a site than rooms, each until its room is free again."""
        kind, start = self.sessions["kind"], self.sessions["start"]
        if not len(kind):
            return
        in_room = np.array([k.in_room for k in self.kinds])
        row, entry, of = cliques(self.site[kind], start, start + in_room[kind])
        self.at_most(row, self.sessions["column"][entry], 1, self.room_count[of], "rooms", of)

    def at_most(self, row: Index, column: Index, weight: Index | int, most: Index, limit: str, whose: Index) -> None:
        """Rows of which some are not needed: no choice of columns could break them."""
        weights = np.broadcast_to(np.asarray(weight, np.int64), row.shape)
        needed = np.bincount(row, weights, len(most)) > most
        kept = needed[row]
        number = np.cumsum(needed) - 1
        self.builder.rows(
            int(needed.sum()), number[row[kept]], column[kept], weights[kept], most=most[needed], limit=limit,
            whose=whose[needed],
        )  # fmt: skip

    # -- what the blocks ask --

    def does(self, column: Index, person: Index, does: Index, found: Candidates) -> None:
        """Somebody is busy for a session of one pair, and takes part in it."""
        self.busy.add(
            column=column, session=column, person=person, does=does, start=found.start, kind=found.kind, day=found.day
        )
        self.takes_part.add(column=column, person=person, day=found.day)
        sits = does == SITS
        self.travels.add(column=column[sits], person=person[sits], start=found.start[sits], kind=found.kind[sits])

    def left(self, row: int, weeks: Index) -> Index:
        """How many sessions of a row of demand are left in each week, beside those held."""
        taken = [sum(h.demand == row and h.day // 7 == week for h in self.held) for week in weeks.tolist()]
        return np.maximum(self.roster.demand[row - 1].sessions - np.array(taken, np.int64), 0)

    def serving(self, row: int, day: int) -> Bools:
        """By person: whether they have what a row of demand asks of a therapist on a day."""
        facts = self.days.facts(day)
        return facts.once(("serves", row), lambda: serves(facts, self.roster.demand[row - 1]))

    def fitting(self, kind: Kind, found: Candidates) -> Bools:
        """By row of a kind's demand and candidate: whether a session of it would serve that row."""
        fits = np.zeros((len(kind.rows), len(found)), bool)
        for i, row in enumerate(kind.rows):
            for day in np.unique(found.day):
                rows = np.flatnonzero(found.day == day)
                fits[i, rows] = self.serving(row, int(day))[found.therapist[rows]]
            for who in self.brings(row):
                fits[i] &= found.therapist == who
        return fits

    def brings(self, row: int) -> tuple[int, ...]:
        """Who brings the clients of a row of demand, if it names anybody."""
        who = self.roster.demand[row - 1].therapist
        return () if who is None else (self.facts.person_code[who],)

    def watchers(self, number: int, start: int, day: int) -> list[int]:
        """Who may watch a session of a kind from a start on."""
        if (number, start) not in self._watchers:
            self._watchers[number, start] = watchers(self.days, self.there, self.kinds[number], start, day)
        return self._watchers[number, start]

    @cached_property
    def demanded(self) -> Bools:
        """By site: whether there are rows of demand."""
        asked = {row.site for row in self.roster.demand}
        return np.array([site in asked for site in self.facts.sites], bool)


class _Slots:
    """Columns and rows of sessions with seats, gathered one by one."""

    def __init__(self, builder: Builder) -> None:
        self.builder, self.first = builder, builder.count
        self.value: list[int] = []
        self.points: list[int] = []
        self.entries: list[tuple[list[int], list[int]]] = []
        self.bounds: list[tuple[float, float]] = []
        self.limits: dict[tuple[int, int], list[int]] = {}  # by row of demand and week: the columns it bounds
        self.tables: dict[str, list[dict[str, int]]] = {
            name: [] for name in ("sessions", "seats", "served", "busy", "travels", "takes_part")
        }

    def column(self, value: int = 0, points: int = 0) -> int:
        self.value.append(value)
        self.points.append(points)
        return self.first + len(self.value) - 1

    def row(self, columns: list[int], weights: list[int], *, least: float = -INFINITY, most: float = INFINITY) -> None:
        self.entries.append((columns, weights))
        self.bounds.append((least, most))

    def put(self, table: str, **values: int) -> None:
        self.tables[table].append(values)

    def flush(self) -> None:
        self.builder.columns(len(self.value), value=self.value, points=self.points)
        if self.entries:
            size = [len(columns) for columns, _ in self.entries]
            column = np.array([c for columns, _ in self.entries for c in columns], np.int64)
            weight = np.array([w for _, weights in self.entries for w in weights], np.int64)
            least, most = (np.array(side) for side in zip(*self.bounds, strict=True))
            self.builder.rows(len(size), np.repeat(np.arange(len(size)), size), column, weight, least=least, most=most)


def _steps(ways: Index, shortest: int) -> list[int]:
    """Each way, and as many shorter ones that no session fits between two of them."""
    return sorted({step for way in set(ways.tolist()) for step in range(way, -1, -shortest)}, reverse=True)


def _or_blank(value: int | None) -> int:
    return BLANK if value is None else value
