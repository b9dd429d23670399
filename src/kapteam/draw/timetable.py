"""A timetable of one week: a band for each room of a site, a column for each day, and sessions to scale."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, timedelta
from functools import cached_property

import numpy as np
from attrs import define, frozen

from kapteam.draw.axis import Axis, Hour, Span, spans
from kapteam.draw.demand import serves, told, wanted
from kapteam.draw.marks import Group, Mark, Path, Rect, Text, within
from kapteam.draw.text import wrapped
from kapteam.records.hours import SLOT_MINUTES
from kapteam.rules.words import listed
from kapteam.sessions.schedule import Schedule, Session
from kapteam.show.words import count, place

_GUTTER = 92.0
_NARROW = 46.0  # a day on which nothing is held, at least
_WIDE = 240.0  # any other, at most
_DATED = 66.0  # a column that has room for its date
_TOLD = 54.0  # an hour told within a column
_HEAD = 54.0
_SMALL = 10.5
_LINE = 13.0
_BETWEEN = 8.0  # two rooms
#: Pixels of an hour, at least and at most: as many as it takes to write in the shortest session.
_LEAST, _MOST = 17.0, 46.0


@frozen
class _Held:
    """A session and its part of each day of the week."""

    session: Session
    spans: tuple[Span, ...]
    whole: tuple[float, float]


@define(eq=False, slots=False)
class Timetable:
    """Lays out one week, site by site; lives for one picture."""

    schedule: Schedule
    week: int
    left: float
    right: float
    why: bool

    @cached_property
    def held(self) -> list[_Held]:
        """Every session that touches the week."""
        calendar, found = self.schedule.days.calendar, []
        for s in self.schedule.sessions:
            parts = spans(calendar, self._code[s.site], s.start, s.end)
            mine = tuple(p for p in parts if p.day // 7 == self.week)
            if mine:
                found.append(_Held(s, mine, (parts[0].begin, parts[-1].end)))
        return found

    def sessions_at(self, site: int | None) -> list[Session]:
        """The same, as sessions; of one site, or of all."""
        return [one.session for one in self.held if site is None or self._code[one.session.site] == site]

    @cached_property
    def unmet(self) -> dict[int, tuple[int, int]]:
        """By row of demand, from 1: how many sessions of the week it gets, and how many it asks for."""
        days = self.schedule.days
        got: dict[int, int] = {}
        for s in self.schedule.sessions:
            day = (s.start.date() - days.calendar.monday).days
            if s.demand is not None and day // 7 == self.week:
                got[s.demand] = got.get(s.demand, 0) + 1
        return {
            number: (got.get(number, 0), row.sessions)
            for number, row in enumerate(days.roster.demand, start=1)
            if got.get(number, 0) < row.sessions
        }

    def unmet_at(self, site: int | None) -> dict[int, tuple[int, int]]:
        """Those of one site, or of all."""
        demand = self.schedule.days.roster.demand
        return {n: found for n, found in self.unmet.items() if site is None or self._code[demand[n - 1].site] == site}

    def site(self, site: int, top: float) -> tuple[list[Mark], float]:
        """The marks of a site's part, and where it ends."""
        here = [h for h in self.held if self._code[h.session.site] == site]
        marks: list[Mark] = [*self._head(site, here, top)]
        y = top + (_HEAD if here else 32.0)
        if here:
            axis = Axis.over(self.schedule.days.calendar, site, (s for h in here for s in h.spans), self._days)
            hour = self._hour(here)
            high = max(self._high(axis, day, hour) for day in self._days)
            used = max(h.session.room for h in here)
            bands = {room: y + (room - 1) * (high + _BETWEEN) for room in range(1, used + 1)}
            for room, band in bands.items():
                marks += self._band(axis, band, hour, f"room {room}" if self._rooms(site) > 1 else "")
            marks += self._there(axis, site, bands.values(), hour)
            marks += [self._block(axis, h, bands[h.session.room], hour) for h in here]
            # In front, since hours are told in a column where a session may be.
            marks += [mark for band in bands.values() for mark in self._changed(axis, band, hour)]
            y += used * (high + _BETWEEN) + 4
        for words, kind in self._notes(site, here):
            marks += self._note(words, kind, y)
            y += 4 + _LINE * len(wrapped(words, self.right - self.left - _GUTTER, _SMALL))
        return marks, y + 8

    # -- where things are --

    @cached_property
    def _code(self) -> dict[str, int]:
        return self.schedule.days.facts(0).site_code

    @cached_property
    def _days(self) -> list[int]:
        return [7 * self.week + i for i in range(7)]

    @cached_property
    def _columns(self) -> dict[int, tuple[float, float]]:
        """Each day's left edge and width: a day on which nothing is held needs little room."""
        busy = {span.day for h in self.held for span in h.spans}
        if not busy:
            busy = set(self._days)
        room, idle = self.right - self.left - _GUTTER, 7 - len(busy)
        wide = (room - _NARROW * idle) / len(busy)
        wide = min(wide, max(_WIDE, room / 7)) if idle else wide
        narrow = (room - wide * len(busy)) / idle if idle else 0.0
        found, x = {}, self.left + _GUTTER
        for day in self._days:
            found[day] = x, wide if day in busy else narrow
            x += found[day][1]
        return found

    def _rooms(self, site: int) -> int:
        return self.schedule.days.calendar.sites[site].rooms

    def _hour(self, here: Sequence[_Held]) -> float:
        """Pixels of an hour: so many that the shortest session has room for its people."""
        lines = max(1 + len(h.session.prescribers) + len(h.session.therapists) + len(h.session.monitors) for h in here)
        shortest = min((h.whole[1] - h.whole[0]) * SLOT_MINUTES / 60 for h in here)
        return min(_MOST, max(_LEAST, (min(lines, 5) * _LINE + 7) / shortest))

    def _high(self, axis: Axis, day: int, hour: float) -> float:
        begin, end = axis.ranges[day]
        return (end - begin) * hour * SLOT_MINUTES / 60

    # -- what is drawn --

    def _head(self, site: int, here: Sequence[_Held], top: float) -> Iterator[Mark]:
        days = self.schedule.days
        facts = days.facts(0)
        yield Path(((self.left, top), (self.right, top)), "rule")
        starts = sum(h.spans[0].begin == h.whole[0] for h in here)
        said = count(starts, "session") if starts else "no session this week"
        name = within(self.left, top + 21, place(facts, facts.sites[site]), self.right - self.left - 160, 14, bold=True)
        yield name
        yield Text(name.box.right + 10, top + 21, said, _SMALL, "quiet")
        if not here:
            return
        for day, (x, wide) in self._columns.items():
            told = f"{days.calendar.date(day):%a %m-%d}" if wide >= _DATED else f"{days.calendar.date(day):%a}"
            yield Text(x + 5, top + 44, told, _SMALL, "quiet number")

    def _band(self, axis: Axis, top: float, hour: float, name: str) -> Iterator[Mark]:
        """A room's empty band: its days and hours."""
        if name:
            yield Text(self.left, top + 11, name, _SMALL, "number")
        slot = hour * SLOT_MINUTES / 60
        for day in self._days:
            x, wide = self._columns[day]
            begin, end = axis.ranges[day]
            yield Rect(x, top, wide, (end - begin) * slot, "frame")
            if not axis.plain(day):
                lines = [y for y, _ in self._hours(axis, day, top, slot) if y > top]
                yield from (Path(((x, y), (x + wide, y)), "rule hour") for y in lines)
        plain = [day for day in self._days if axis.plain(day)]
        every = 1 if hour >= 14 else 2
        for y, h in self._hours(axis, plain[0], top, slot) if plain else ():
            if y > top:
                yield from (Path(((x, y), (to, y)), "rule hour") for x, to in self._runs(plain))
            if h.shown % every == 0:
                yield Text(self.left + _GUTTER - 6, y + 9, f"{h.shown:02}:00", 9, "quiet number", "end")

    def _changed(self, axis: Axis, top: float, hour: float) -> Iterator[Mark]:
        """The hours of a day on which clocks are changed, told in its own column."""
        for day in self._days:
            if axis.plain(day):
                continue
            x, wide = self._columns[day]
            for y, h in self._hours(axis, day, top, hour * SLOT_MINUTES / 60):
                words = f"{h.shown:02}:00{' again' * h.again}"
                yield within(x + wide - 5, y + 10, words, min(_TOLD, wide - 10), 9, "quiet number", "end")

    def _hours(self, axis: Axis, day: int, top: float, slot: float) -> list[tuple[float, Hour]]:
        """Every full hour of a day, and where it begins."""
        begin, _ = axis.ranges[day]
        return [(top + (h.slot - begin) * slot, h) for h in axis.hours(day)]

    def _runs(self, days: Iterable[int]) -> Iterator[tuple[float, float]]:
        """From where to where days lie side by side."""
        run: tuple[float, float] | None = None
        for day in days:
            x, wide = self._columns[day]
            if run is not None and abs(run[1] - x) < 0.01:
                run = run[0], x + wide
                continue
            if run is not None:
                yield run
            run = x, x + wide
        if run is not None:
            yield run

    def _block(self, axis: Axis, held: _Held, top: float, hour: float) -> Group:
        """A session: a block on each day that it touches."""
        s, slot = held.session, hour * SLOT_MINUTES / 60
        protocol = self.schedule.days.roster.practice.named(s.protocol)
        dosed = held.whole[0] + protocol.dosing_minutes / SLOT_MINUTES
        marks: list[Mark] = []
        for number, span in enumerate(held.spans):
            x, wide = self._columns[span.day]
            begin, _ = axis.ranges[span.day]
            y, high = top + (span.begin - begin) * slot, (span.end - span.begin) * slot
            x, wide, y, high = x + 1.5, wide - 3, y + 0.75, high - 1.5
            marks += [Rect(x, y, wide, high, "block", 2.5), Rect(x, y, wide, high, "tint", 2.5)]
            if dosed > span.begin:
                part = min(high, (min(dosed, span.end) - span.begin) * slot)
                marks += [Rect(x, y, wide, part, "dosing", 2.5), Rect(x, y, 3.5, part, "dosing edge")]
            room = wide - 12 if axis.plain(span.day) else wide - 12 - _TOLD
            marks += self._words(held, number > 0 or span.begin > held.whole[0], x + 8, y, room, high)
        full = self._full(s)
        data = (
            ("uid", s.uid), ("site", s.site), ("room", str(s.room)),
            ("people", json.dumps([*s.people], ensure_ascii=False)),
        )  # fmt: skip
        kind = "session to-verify" if s.to_verify else "session"
        return Group(tuple(marks), kind, data, full, full, button=True)

    def _words(self, held: _Held, later: bool, x: float, y: float, room: float, high: float) -> Iterator[Mark]:
        """As many lines as the block holds: when, and who."""
        s, people = held.session, self.schedule.days.roster.people
        names = [people[p].label for p in s.prescribers]
        others = ["alone, as both"] if s.therapists == s.prescribers else [people[t].label for t in s.therapists]
        watching = [f"watched by {people[m].label}" for m in s.monitors]
        when = f"… until {s.end:%H:%M}" if later else f"{s.start:%H:%M}–{s.end:%H:%M}{' ?' * bool(s.to_verify)}"
        holds = int((high - 3) // _LINE)
        lines = [(when, "number quiet"), *((n, "") for n in (*names, *others, *watching))]
        if holds < len(lines):
            lines = [(when, "number quiet"), (" + ".join((*names, *others, *watching)), "")]
        if holds < 2:
            lines = [(" ".join((when, *names, *others)), "")]
        for i, (words, kind) in enumerate(lines[: max(1, holds)] if high >= 10 else []):
            yield within(x, y + 11.5 + i * _LINE, words, room, _SMALL, kind)

    def _full(self, s: Session) -> str:
        """A session in one sentence."""
        roster = self.schedule.days.roster

        def named(ids: Iterable[str]) -> str:
            return listed([roster.people[id].label for id in ids])

        who = f"{named(s.prescribers)}, alone, as both" if s.therapists == s.prescribers else (
            f"{named(s.prescribers)} with {named(s.therapists)}"
        )  # fmt: skip
        if s.monitors:
            who += f", watched by {named(s.monitors)}"
        minutes = timedelta(minutes=roster.practice.named(s.protocol).dosing_minutes)
        dosing = (s.start.astimezone(UTC) + minutes).astimezone(s.start.tzinfo)
        said = f"{roster.places[s.site].label}, room {s.room}, {s.start:%a %Y-%m-%d %H:%M}–{s.end:%H:%M}: {who}"
        said += f"; dosing until {dosing:%H:%M}"
        purpose = serves(roster, s)
        said += f"; for {purpose}" * bool(purpose)
        return said + ("; to be verified first" if s.to_verify else "")

    def _there(self, axis: Axis, site: int, bands: Iterable[float], hour: float) -> Iterator[Mark]:
        """For each person with hours here: when they are on site, hidden until a page shows it."""
        tops = list(bands)
        there, facts = self.schedule.there, self.schedule.days.facts(0)
        slot = hour * SLOT_MINUTES / 60
        for row in (there.site == site).nonzero()[0]:
            marks: list[Mark] = []
            for day in self._days:
                begin, end = axis.ranges[day]
                x, wide = self._columns[day]
                here = there.here[row, begin:end]
                edges = np.flatnonzero(np.diff(here.astype(np.int8), prepend=0, append=0))
                for first, last in edges.reshape(-1, 2).tolist():
                    marks += [Rect(x, top + first * slot, wide, (last - first) * slot, "hours") for top in tops]
            if marks:
                id = facts.people[int(there.person[row])]
                yield Group(tuple(marks), "there", (("person", id), ("site", facts.sites[site])), layer=True)

    def _notes(self, site: int, here: Sequence[_Held]) -> Iterator[tuple[str, str]]:
        """What is not met of what is asked for here, and which rooms stay empty."""
        roster = self.schedule.days.roster
        for number, (gets, asks) in self.unmet_at(site).items():
            said = self._reasons.get(f"row {number}") or (
                f"{wanted(roster, number)} gets {gets} of {count(asks, 'session')} a week"
            )
            yield said, "gap"
        used, rooms = max((h.session.room for h in here), default=0), self._rooms(site)
        if here and used < rooms:
            yield f"room{'s' * (rooms - used > 1)} {listed([str(r) for r in range(used + 1, rooms + 1)])}: not used", ""

    def _note(self, words: str, kind: str, y: float) -> Iterator[Mark]:
        lines = wrapped(words, self.right - self.left - _GUTTER, _SMALL)
        if kind:
            yield Path(((self.left + _GUTTER - 8, y - 1), (self.left + _GUTTER - 8, y + _LINE * len(lines) - 1)), kind)
            yield Text(self.left, y + 9, "not met", _SMALL, "fail")
        for i, line in enumerate(lines):
            yield Text(self.left + _GUTTER, y + 9 + i * _LINE, line, _SMALL, "" if kind else "quiet")

    @cached_property
    def _reasons(self) -> dict[str, str]:
        found: dict[str, str] = {}
        for reason in self.schedule.reasons if self.why and self.unmet else []:
            found.setdefault(reason.about, told(self.schedule.days.roster, reason))
        return found
