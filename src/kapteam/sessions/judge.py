"""Sessions judged one by one and together, with no solver: every thing that does not hold."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import timedelta

import numpy as np
from attrs import frozen

from kapteam.columns.policies import AVAILABLE, DOSING, NONE, THROUGHOUT
from kapteam.network.judge import Judgement
from kapteam.network.links import Links
from kapteam.records.problems import UsageError, Violation
from kapteam.sessions.days import Days, Fact
from kapteam.sessions.kinds import Kind, kind_of, serves
from kapteam.sessions.onsite import OnSite
from kapteam.sessions.saved import SavedSession
from kapteam.sessions.saying import sentence

#: A session as changes are counted: site, start, prescriber, therapists, monitors.
Key = tuple[int, int, int, frozenset[int], frozenset[int]]


@frozen
class Placed:
    """A session as codes, whether or not it is lawful.

    Attributes
    ----------
    saved : SavedSession
    kind : Kind
    start, day : int
        The slot, and the local date as the calendar numbers it.
    prescriber : int
    therapists, monitors : tuple of int
    points : tuple of int
        Of each therapist's link; 0 where there is none.
    levels : tuple of int
        The presence that each therapist's link asks for; -1 where there is none.
    """

    saved: SavedSession
    kind: Kind
    start: int
    day: int
    prescriber: int
    therapists: tuple[int, ...]
    monitors: tuple[int, ...]
    points: tuple[int, ...]
    levels: tuple[int, ...]

    @property
    def sits(self) -> frozenset[int]:
        """Who sits or watches."""
        return frozenset((*self.therapists, *self.monitors))

    @property
    def in_person(self) -> bool:
        """Whether the prescriber is needed at the site."""
        return self.prescriber in self.sits or max(self.levels, default=NONE) >= DOSING

    @property
    def here(self) -> frozenset[int]:
        """Who is needed at the site."""
        return self.sits | {self.prescriber} if self.in_person else self.sits

    @property
    def everyone(self) -> frozenset[int]:
        """Who takes part."""
        return self.sits | {self.prescriber}

    @property
    def key(self) -> Key:
        """The session as changes are counted."""
        return self.kind.site, self.start, self.prescriber, frozenset(self.therapists), frozenset(self.monitors)

    @property
    def label(self) -> str:
        """Site and start, as a person names a session."""
        return _label(self.saved)


class Judge:
    """Judges the sessions of a calendar; what it looked up once it keeps.

    Beside ids of rules its violations are named ``person``, ``site``, ``protocol``, ``start``, ``end``, ``horizon``,
    ``staffing``, ``link``, ``on_site``, ``monitor``, ``points``, ``demand``, ``one_at_a_time``, ``concurrency``,
    ``max_concurrent_dosing``, ``rooms``, ``travel``, ``max_sessions_per_week`` and ``max_sessions_per_day``.
    """

    def __init__(self, days: Days, there: OnSite) -> None:
        self.days, self.there = days, there
        self.facts = days.facts(0)
        self.roster = days.roster
        self.calendar = days.calendar

    # -- reading --

    def place(self, saved: SavedSession) -> Placed | list[Violation]:
        """A saved session as codes, or why it cannot be one."""
        facts, calendar, about = self.facts, self.calendar, _label(saved)
        if saved.site not in facts.site_code:
            return [Violation("site", about, f"there is no site {saved.site!r} on the roster")]
        if missing := [p for p in saved.people if p not in facts.person_code]:
            return [Violation("person", about, f"{', '.join(missing)}: not on the roster")]
        try:
            kind = kind_of(self.roster, facts.site_code[saved.site], saved.protocol)
        except UsageError as error:
            return [Violation("protocol", about, str(error))]
        slot = calendar.slot(saved.start)
        if slot is None or not 0 <= int(calendar.day[kind.site, slot]) < calendar.days:
            off = slot is None and saved.start.minute % 15
            said = (
                "is not on the grid of 15 minutes"
                if off
                else f"is not in {_count(calendar.weeks, 'week')} from {calendar.monday}"
            )
            return [Violation("start" if off else "horizon", about, said)]
        day = int(calendar.day[kind.site, slot])
        if len(saved.prescribers) != 1:
            return [Violation("staffing", about, f"has {_count(len(saved.prescribers), 'prescriber')}, and needs 1")]
        prescriber = facts.person_code[saved.prescribers[0]]
        therapists, monitors = (
            tuple(facts.person_code[p] for p in people) for people in (saved.therapists, saved.monitors)
        )
        links = self.days.links(day, saved.protocol)
        rows = [self.days.row(day, saved.protocol, kind.site, prescriber, t) for t in therapists]
        points = tuple(0 if r is None else int(links.points[r]) for r in rows)
        levels = tuple(-1 if r is None else int(links.pairs.level[r]) for r in rows)
        return Placed(saved, kind, slot, day, prescriber, therapists, monitors, points, levels)

    # -- one by one --

    def alone(self, one: Placed) -> list[Violation]:
        """What of one session does not hold by itself."""
        return [
            *self.staffing(one), *self.links(one), *self.presence(one), *self.watching(one), *self.avoiding(one),
            *self.demand(one), *self.said(one),
        ]  # fmt: skip

    def staffing(self, one: Placed) -> Iterator[Violation]:
        """As many people as the protocol asks for, all different but for a solo."""
        asked, saved = one.kind.protocol, one.saved
        for what, people, count in (
            ("therapist", one.therapists, asked.therapists),
            ("monitor", one.monitors, asked.monitors),
        ):
            if len(people) != count:
                yield Violation("staffing", one.label, f"has {_count(len(people), what)}, and needs {count}")
        if len(set(saved.therapists)) + len(set(saved.monitors)) != len({*saved.therapists, *saved.monitors}):
            yield Violation("staffing", one.label, "has somebody who sits and watches at once")
        if len(set(one.therapists)) < len(one.therapists) or len(set(one.monitors)) < len(one.monitors):
            yield Violation("staffing", one.label, "has somebody twice")
        if one.prescriber in one.monitors:
            yield Violation("staffing", one.label, f"{saved.prescribers[0]} prescribes and watches at once")
        if self.days.concurrency(one.day)[one.prescriber] < 1:
            yield Violation("concurrency", one.label, f"{saved.prescribers[0]} may oversee no session")

    def links(self, one: Placed) -> Iterator[Violation]:
        """Each link may be used on the date of the start."""
        links = self.days.links(one.day, one.kind.name)
        for therapist in one.therapists:
            row = self.days.row(one.day, one.kind.name, one.kind.site, one.prescriber, therapist)
            who = f"{one.saved.prescribers[0]} + {self.facts.people[therapist]}"
            if row is None:
                yield Violation("link", one.label, f"{who}: there is no such link on that date")
                continue
            for judgement, verdict in blocking(links, row):
                if verdict < self.days.least:
                    yield Violation(judgement.rule.id, one.label, f"{who}: {sentence(links, judgement, row)}")

    def presence(self, one: Placed) -> Iterator[Violation]:
        """Everybody is there, on that very date, for as long as they have to be."""
        kind, who = one.kind, self.facts.people
        for person in sorted(one.sits):
            if not self.there_for(person, kind.site, one.start, kind.length):
                yield Violation("on_site", one.label, f"{who[person]} is not on site for the whole session")
        if one.prescriber in one.sits:
            return
        for level in sorted({level for level in one.levels if level > NONE}, reverse=True)[:1]:
            length = kind.length if level == THROUGHOUT else kind.dosing
            if level == AVAILABLE:
                good = bool(self.there.anywhere_starts(length)[one.prescriber, one.start])
            else:
                good = self.there_for(one.prescriber, kind.site, one.start, length)
            if not good:
                part = "the whole session" if level == THROUGHOUT else "the dosing part"
                where = "at any site" if level == AVAILABLE else "on site"
                yield Violation("on_site", one.label, f"{who[one.prescriber]} is not {where} for {part}")

    def there_for(self, person: int, site: int, start: int, length: int) -> bool:
        """Whether somebody is on site for so many slots."""
        row = int(self.there.row(np.array([person]), np.array([site]))[0])
        return bool(self.there.here[row, start : start + length].all())

    def watching(self, one: Placed) -> Iterator[Violation]:
        """Whoever watches may."""
        for person in one.monitors:
            if not self.days.monitors(one.day)[person, one.kind.site]:
                who = self.facts.people[person]
                yield Violation("monitor", one.label, f"{who} may not watch there: licence, policy, or role")

    def avoiding(self, one: Placed) -> Iterator[Violation]:
        """Nobody avoids another of the session."""
        people = sorted(one.everyone)
        for i, a in enumerate(people):
            for b in people[i + 1 :]:
                if self.days.apart(a, b):
                    yield Violation(
                        "team.ties",
                        one.label,
                        f"{self.facts.people[a]} and {self.facts.people[b]}: one avoids the other",
                    )

    def demand(self, one: Placed) -> Iterator[Violation]:
        """It serves a row of demand where its site has any."""
        number, rows = one.saved.demand, self.roster.demand
        asked = any(row.site == one.saved.site for row in rows)
        if number is None:
            if asked:
                yield Violation("demand", one.label, "serves no row of demand, and its site has some")
            elif one.kind.name is not None:
                yield Violation("protocol", one.label, "without rows of demand a site's sessions are of the default")
            return
        if not 1 <= number <= len(rows) or rows[number - 1].site != one.saved.site:
            yield Violation("demand", one.label, f"row {number} of demand is not of this site")
            return
        row = rows[number - 1]
        if row.protocol != one.kind.name:
            made, wants = one.kind.name or "the default", row.protocol or "the default"
            yield Violation("demand", one.label, f"is of protocol {made}, and row {number} asks for {wants}")
        facts = self.days.facts(one.day)
        fits = serves(facts, row)
        if not any(fits[t] for t in one.therapists):
            yield Violation("demand", one.label, f"no therapist has the modality and the language of row {number}")
        if row.therapist is not None and row.therapist not in one.saved.therapists:
            yield Violation(
                "demand", one.label, f"{row.therapist} brings the clients of row {number}, and is not in it"
            )

    def said(self, one: Placed) -> Iterator[Violation]:
        """What the plan says of the session is so."""
        saved = one.saved
        if saved.end is not None and saved.end - saved.start != timedelta(minutes=one.kind.protocol.session_minutes):
            yield Violation("end", one.label, f"ends at {saved.end.isoformat()}, not when the protocol says")
        if saved.points is not None and saved.points != sum(one.points):
            yield Violation("points", one.label, f"says {saved.points} points, and its links have {sum(one.points)}")
        open_rules = sorted({fact.rule for fact in self.unknown(one)})
        if saved.to_verify is not None and saved.to_verify != open_rules:
            rests = ", ".join(open_rules) or "nothing"
            told = ", ".join(saved.to_verify) or "nothing"
            yield Violation("to_verify", one.label, f"says that {told} is to be verified, and that is {rests}")

    def unknown(self, one: Placed) -> list[Fact]:
        """The unknown facts that it rests on."""
        return self.days.to_verify(one.day, one.kind.name, one.kind.site, one.prescriber, one.therapists, one.monitors)

    # -- together --

    def together(self, placed: Sequence[Placed]) -> list[Violation]:
        """What of several sessions does not hold between them."""
        every = (self.busy, self.travel, self.limits, self.rooms, self.rows)
        # Sessions that begin together at one site are told as one.
        return list(dict.fromkeys(violation for one in every for violation in one(placed)))

    def busy(self, placed: Sequence[Placed]) -> Iterator[Violation]:
        """Who sits or watches does nothing else meanwhile; who oversees, oversees no more than they may."""
        for person, mine in self.by_person(placed):
            who = self.facts.people[person]
            for i, one in enumerate(mine):
                for other in mine[i + 1 :]:
                    apart = other.start >= one.start + one.kind.length
                    if not apart and (person in one.sits or person in other.sits):
                        yield Violation("one_at_a_time", who, f"is in two sessions at once: {one.label}, {other.label}")
            oversees = [s for s in mine if s.prescriber == person]
            limit = self.roster.people[who].max_concurrent_dosing
            for one in oversees:
                running = [s for s in oversees if s.start <= one.start < s.start + s.kind.length]
                most = min(int(self.days.concurrency(s.day)[person]) for s in running)
                if len(running) > most:
                    said = f"oversees {_count(len(running), 'session')} at once at {one.label}, and may oversee {most}"
                    yield Violation("concurrency", who, said)
                dosing = sum(s.start <= one.start < s.start + s.kind.dosing for s in oversees)
                if limit is not None and dosing > limit:
                    said = f"has {_count(dosing, 'session')} in their dosing part at {one.label}, and may have {limit}"
                    yield Violation("max_concurrent_dosing", who, said)

    def travel(self, placed: Sequence[Placed]) -> Iterator[Violation]:
        """Between two sites there is time for the way."""
        for person, mine in self.by_person(placed):
            here = [s for s in mine if person in s.here]
            for i, one in enumerate(here):
                for other in here[i + 1 :]:
                    if one.kind.site != other.kind.site and other.start < one.start + one.kind.until_elsewhere:
                        minutes = one.kind.protocol.travel_minutes
                        said = f"has no {minutes} minutes between {one.label} and {other.label}"
                        yield Violation("travel", self.facts.people[person], said)

    def limits(self, placed: Sequence[Placed]) -> Iterator[Violation]:
        """No more sessions a week and a day than people take on."""
        spans: list[tuple[str, str, Callable[[Placed], int]]] = [
            ("max_sessions_per_week", "a week", lambda s: s.day // 7),
            ("max_sessions_per_day", "a day", lambda s: s.day),
        ]
        for person, mine in self.by_person(placed):
            id = self.facts.people[person]
            for limit, words, span in spans:
                most = getattr(self.roster.people[id], limit)
                counts: dict[int, int] = {}
                for one in mine:
                    counts[span(one)] = counts.get(span(one), 0) + 1
                for number in sorted(counts):
                    if most is not None and counts[number] > most:
                        yield Violation(
                            limit, id, f"takes part in {_count(counts[number], 'session')} {words}, of at most {most}"
                        )

    def rooms(self, placed: Sequence[Placed]) -> Iterator[Violation]:
        """No more sessions at a site than rooms, and no two in one room."""
        for site, place in enumerate(self.calendar.sites):
            here = sorted((s for s in placed if s.kind.site == site), key=lambda s: s.start)
            for i, one in enumerate(here):
                holding = [s for s in here if s.start <= one.start < s.start + s.kind.in_room]
                if len(holding) > place.rooms:
                    yield Violation(
                        "rooms", one.label, f"is one of {len(holding)} at once in {_count(place.rooms, 'room')}"
                    )
                for other in here[:i]:
                    same = one.saved.room is not None and one.saved.room == other.saved.room
                    if same and one.start < other.start + other.kind.in_room:
                        yield Violation("rooms", one.label, f"is in room {one.saved.room} together with {other.label}")

    def rows(self, placed: Sequence[Placed]) -> Iterator[Violation]:
        """No more sessions a week than a row of demand asks for."""
        counts: dict[tuple[int, int], int] = {}
        for one in placed:
            if one.saved.demand is not None:
                key = (one.saved.demand, one.day // 7)
                counts[key] = counts.get(key, 0) + 1
        for (number, week), count in sorted(counts.items()):
            if 1 <= number <= len(self.roster.demand) and count > self.roster.demand[number - 1].sessions:
                most = self.roster.demand[number - 1].sessions
                said = f"is served {_count(count, 'time')} in week {week + 1}, and asks for {most}"
                yield Violation("demand", f"row {number}", said)

    def by_person(self, placed: Sequence[Placed]) -> Iterator[tuple[int, list[Placed]]]:
        """Everyone's sessions, in the order of their starts."""
        found: dict[int, list[Placed]] = {}
        for one in sorted(placed, key=lambda s: (s.start, s.kind.site)):
            for person in one.everyone:
                found.setdefault(person, []).append(one)
        yield from sorted(found.items())


def _label(saved: SavedSession) -> str:
    return f"{saved.site} {saved.start:%Y-%m-%d %H:%M}"


def _count(number: int, one: str) -> str:
    return f"{number} {one}{'s' * (number != 1)}"


def blocking(links: Links, row: int) -> Iterator[tuple[Judgement, int]]:
    """The verdict of every rule that blocks, on one link."""
    here = np.array([row])
    for judgement in links.judged.judgements:
        if links.rulebook.blocks(judgement.rule):
            yield judgement, int(links.judged.on_links(judgement, here)[0])
