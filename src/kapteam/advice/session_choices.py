"""Which changes to make, for more sessions: the program of a calendar in which changes open doors.

A session is a candidate if some of the changes make it one. It needs the doors of its links (who may be what at the
site) and hours of everyone in it; each door opens by any of its sets of changes.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cached_property
from itertools import chain, combinations

import numpy as np
from attrs import define, field

from kapteam.advice.catalogue import Catalogue
from kapteam.advice.changes import Change, Set
from kapteam.advice.choices import Choices, hours_once
from kapteam.advice.openings import Openings
from kapteam.advice.worlds import Asked, judged
from kapteam.columns.facts import Bools
from kapteam.columns.lookup import Index
from kapteam.columns.policies import AVAILABLE, DOSING, THROUGHOUT
from kapteam.records.people import Hours
from kapteam.sessions.candidates import Candidates, candidates
from kapteam.sessions.days import Days, Usable
from kapteam.sessions.kinds import Kind, kinds_of
from kapteam.sessions.model import Model, model
from kapteam.sessions.onsite import OnSite, on_site
from kapteam.sessions.program import Builder, cliques
from kapteam.sessions.starts import beginnings, from_elsewhere, starting_early

#: Of so many changes of somebody every set is tried on whether they may watch.
_TRIED = 7


def session_choices(days: Days, catalogues: Sequence[Catalogue], lead: int | None) -> Choices:
    """The program of a calendar with a column for each change.

    Parameters
    ----------
    days : Days
        Of the roster as it is.
    catalogues : sequence of Catalogue
        Of each of ``days.different()``; they share what they made.
    lead : int or None
        In days; what takes longer is not offered.
    """
    return _Maker(days, catalogues, lead).made()


@define(eq=False, slots=False)
class _Could(Days):
    """Days on which every link may be used that changes may open, and those may watch who may by changes."""

    opened: dict[tuple[int, str | None], Usable] = field(factory=dict, init=False)
    may_watch: dict[int, Bools] = field(factory=dict, init=False)

    def usable(self, day: int, protocol: str | None) -> Usable:
        """The links that could be used on a day."""
        return self.opened[self.first_alike[day], protocol]

    def monitors(self, day: int) -> Bools:
        """Who could watch on a day, by person and site."""
        return self.may_watch[self.first_alike[day]]


class _Maker:
    """Holds what the steps share; lives for one call."""

    def __init__(self, days: Days, catalogues: Sequence[Catalogue], lead: int | None) -> None:
        self.days, self.lead = days, lead
        self.facts, self.calendar, self.roster = days.facts(0), days.calendar, days.roster
        self.catalogues = dict(zip(days.different(), catalogues, strict=True))
        self.kinds: list[Kind] = kinds_of(self.roster, self.facts.site_code)
        self.could = _Could(self.roster, self.calendar, days.unknown, days.house, days.packs, days.first_alike)
        self.could._links.update(days._links)
        self.first = self.openings(0, None, None)
        self.doors: list[list[Set]] = []
        self.number: dict[frozenset[Set], int] = {}
        # By day, protocol and link: its doors; by day and person at a site: the door of one who watches.
        self.link_doors: dict[tuple[int, str | None], dict[tuple[int, int, int], tuple[int, ...]]] = {}
        self.watch_doors: dict[int, dict[tuple[int, int], int]] = {}

    def openings(self, day: int, protocol: str | None, hours: Openings | None) -> Openings:
        """Who could be where on a day, and by which changes."""
        settled = np.zeros(len(self.facts.people), bool)
        links = self.days.links(day, protocol)
        return Openings(links, self.catalogues[day], self.days.least, self.lead, settled, moving=False, given=hours)

    def made(self) -> Choices:
        for day in self.days.different():
            for name in {k.name: None for k in self.kinds}:
                self.open_links(day, name)
        watched = any(k.protocol.monitors for k in self.kinds)
        for day in self.days.different() if watched else ():
            self.open_watching(day)
        found = self.all_candidates()
        problem = model(self.could, self.there, self.kinds, found)
        return self.with_changes(problem)

    def door(self, ways: Sequence[Set]) -> int:
        """The number of a door that opens by any of some sets."""
        key = frozenset(ways)
        if key not in self.number:
            self.number[key] = len(self.doors)
            self.doors.append(sorted(key, key=lambda way: sorted(c.key for c in way)))
        return self.number[key]

    # -- whose doors --

    def open_links(self, day: int, name: str | None) -> None:
        """The links that could be used on a day, and their doors."""
        could = self.openings(day, name, self.first)
        pairs, roles = could.judged.pairs, ("prescriber", "therapist")
        ways = {role: could.ways(role) for role in roles}
        able = np.ones(len(pairs), bool)
        for role in roles:
            shut = np.array([w is not None and not w for w in ways[role]], bool)
            able &= ~shut[could.judged.rows(role)] if len(shut) else able
        rows = np.flatnonzero(able)
        kept, doors = [], {}
        for row, tied in zip(rows.tolist(), could.tied(rows), strict=True):
            needs = [ways[role][int(could.judged.rows(role)[row])] for role in roles] + [tied]
            closed = [need for need in needs if need is not None]
            if all(closed):
                kept.append(row)
                triple = int(pairs.site[row]), int(pairs.prescriber_person[row]), int(pairs.therapist_person[row])
                doors[triple] = tuple(sorted({self.door(need) for need in closed}))
        at = np.array(kept, np.int64)
        self.could.opened[day, name] = Usable(
            pairs.site[at], pairs.prescriber_person[at], pairs.therapist_person[at], np.zeros(len(at), np.int64),
            pairs.level[at],
        )  # fmt: skip
        self.link_doors[day, name] = doors

    def open_watching(self, day: int) -> None:
        """Who could watch on a day, and by which changes: of those of theirs that speak of licences and policies."""
        good = self.days.monitors(day).copy()
        members, watching = self.days.monitoring(day), self.days.watching(day)
        offered: dict[str, dict[tuple[str, ...], Change]] = {}
        for change in {c.key: c for ways in self.doors for way in ways for c in way}.values():
            if change.rule in _OF_WATCHING:
                offered.setdefault(change.practitioner, {})[change.key] = change
        asked: list[Asked] = []
        about: list[tuple[int, int]] = []
        for row, (person, site) in enumerate(zip(members.person.tolist(), members.site.tolist(), strict=True)):
            if good[person, site]:
                continue
            id, place = self.facts.people[person], self.facts.sites[site]
            mine = dict(offered.get(id, {}))
            for judgement in watching:
                verdict = int(judgement.verdicts[row])
                if verdict < self.days.least and judgement.rule.id.startswith("malpractice."):
                    more = self.catalogues[day].policy(judgement.rule.id, verdict, "monitor", id)
                    mine |= {c.key: c for c in more}
            for way in _subsets([mine[key] for key in sorted(mine)][:_TRIED]):
                asked.append(Asked("monitor", id, place, way))
                about.append((person, site))
        ways: dict[tuple[int, int], list[Set]] = {}
        passes = judged(self.days.links(day, None), asked, self.days.least).tolist()
        for one, key, passed in zip(asked, about, passes, strict=True):
            if passed and not any(way <= one.changes for way in ways.get(key, ())):
                ways.setdefault(key, []).append(one.changes)
        self.watch_doors[day] = {key: self.door(sets) for key, sets in sorted(ways.items())}
        for key in ways:
            good[key] = True
        self.could.may_watch[day] = good

    # -- whose hours --

    @cached_property
    def hours(self) -> list[tuple[int, int, Change, Hours]]:
        """Of each change that gives hours: the person, the site, and the row that it writes."""
        found = []
        for id, mine in self.first.hours.items():
            for change in mine:
                row = change.add[0] if change.add else change.replace[0][1]
                found.append((self.facts.person_code[id], self.facts.site_code[change.place], change, row))
        return found

    def where(self, rows: Iterable[Hours] | None = None) -> OnSite:
        """Who is where by the hours as they are, or by these."""
        return on_site(self.roster, self.calendar, self.facts.person_code, self.facts.site_code, hours=rows)

    @cached_property
    def as_is(self) -> OnSite:
        """Who is where as it is."""
        return self.where()

    @cached_property
    def there(self) -> OnSite:
        """Who is where if everybody is given all hours that are offered."""
        return self.where([*self.roster.hours, *(row for _, _, _, row in self.hours)])

    @cached_property
    def with_hours(self) -> OnSite:
        """For each of the changes a row of its own: when that person is at its site once it is made."""
        here = [self.where([row]).here[:1] for _, _, _, row in self.hours]
        person, site = (np.array([h[i] for h in self.hours], np.int64) for i in range(2))
        rows = np.concatenate([*here, np.zeros((1, self.calendar.slots), bool)])
        rows[:-1] |= self.as_is.here[self.as_is.row(person, site)]
        return OnSite(self.calendar, person, site, rows, len(self.facts.people))

    @cached_property
    def given(self) -> Mapping[tuple[int, int], list[int]]:
        """The changes of each person at each site, and at any (-1)."""
        found: dict[tuple[int, int], list[int]] = {}
        for number, (person, site, _, _) in enumerate(self.hours):
            found.setdefault((person, site), []).append(number)
            found.setdefault((person, -1), []).append(number)
        return found

    def covering(self, person: int, site: int, length: int, start: Index) -> list[int | None]:
        """By start: the door of hours that let somebody be there for so long; None where they are as it is.

        A site of -1 is any.
        """
        if site >= 0:
            row = self.as_is.row(np.array([person]), np.array([site]))[0]
            now, then = self.as_is.starts(length)[row], self.with_hours.starts(length)
        else:
            now, then = self.as_is.anywhere_starts(length)[person], self._anywhere(length)
        numbers = self.given.get((person, site), [])
        open_by = then[numbers][:, start] if numbers else np.zeros((0, len(start)), bool)
        found: list[int | None] = []
        known: dict[bytes, int] = {}
        for i, at in enumerate(start.tolist()):
            if now[at]:
                found.append(None)
                continue
            key = open_by[:, i].tobytes()
            if key not in known:
                some = np.flatnonzero(open_by[:, i]).tolist()
                known[key] = self.door([frozenset([self.hours[numbers[n]][2]]) for n in some])
            found.append(known[key])
        return found

    def _anywhere(self, length: int) -> Bools:
        """By change: the slots from which the person has hours at some site for so long, once it is made."""
        key = ("anywhere, each", length)
        memo = self.with_hours._memo
        if key not in memo:
            somewhere = np.zeros((len(self.hours), self.calendar.slots), bool)
            for number, (person, _, _, _) in enumerate(self.hours):
                mine = self.as_is.here[np.flatnonzero(self.as_is.person == person)]
                somewhere[number] = self.with_hours.here[number] | mine.any(axis=0)
            people, sites = np.arange(len(self.hours)), np.zeros(len(self.hours), np.int64)
            rows = np.concatenate([somewhere, np.zeros((1, self.calendar.slots), bool)])
            memo[key] = OnSite(self.calendar, people, sites, rows, len(self.hours)).starts(length)[:-1]
        return memo[key]

    # -- what could be held --

    def all_candidates(self) -> Candidates:
        """Every session that some of the changes make possible."""
        found = candidates(self.could, self.there, self.kinds)
        remote = from_elsewhere(self.there, self.kinds, found)
        also = beginnings(self.as_is, remote) | beginnings(self.with_hours, remote)
        found = starting_early(self.could, self.there, self.kinds, found, also)
        self.needs_of = self.needs(found)
        open_ = np.array([all(self.doors[d] for d in doors) for doors in self.needs_of.values()], bool)
        return found.take(open_)

    def needs(self, found: Candidates) -> dict[tuple[int, int, int, int], tuple[int, ...]]:
        """By kind, start, prescriber and therapist: the doors before such a session."""
        kind, start, day = found.kind, found.start, found.day
        level = self.level(found)
        needs: list[set[int]] = [set() for _ in range(len(found))]
        solo = found.prescriber == found.therapist
        site = np.array([k.site for k in self.kinds], np.int64)[kind]
        for lengths, who, at, rows in (
            ([k.length for k in self.kinds], found.therapist, site, np.ones(len(found), bool)),
            ([k.length for k in self.kinds], found.prescriber, site, (level == THROUGHOUT) & ~solo),
            ([k.dosing for k in self.kinds], found.prescriber, site, (level == DOSING) & ~solo),
            ([k.dosing for k in self.kinds], found.prescriber, np.full_like(site, -1), (level == AVAILABLE) & ~solo),
        ):
            some = np.flatnonzero(rows)
            keys = np.stack([who[some], at[some], kind[some]])
            groups, place = np.unique(keys, axis=1, return_inverse=True)
            for number in range(groups.shape[1]):
                mine = some[place.reshape(-1) == number]
                person, where, of = groups[:, number].tolist()
                for i, door in zip(mine.tolist(), self.covering(person, where, lengths[of], start[mine]), strict=True):
                    if door is not None:
                        needs[i].add(door)
        keyed = {}
        for i in range(len(found)):
            k = int(kind[i])
            first = self.days.first_alike[int(day[i])]
            triple = int(site[i]), int(found.prescriber[i]), int(found.therapist[i])
            doors = needs[i] | set(self.link_doors[first, self.kinds[k].name][triple])
            keyed[k, int(start[i]), triple[1], triple[2]] = tuple(sorted(doors))
        return keyed

    def level(self, found: Candidates) -> Index:
        """The presence that each asks of the prescriber."""
        level = np.zeros(len(found), np.int64)
        site = np.array([k.site for k in self.kinds], np.int64)
        for number, kind in enumerate(self.kinds):
            for day in np.unique(found.day[found.kind == number]).tolist():
                rows = np.flatnonzero((found.kind == number) & (found.day == day))
                usable = self.could.usable(day, kind.name)
                people = len(self.facts.people)
                keys = (usable.site * people + usable.prescriber) * people + usable.therapist
                order = np.argsort(keys)
                wanted = (site[number] * people + found.prescriber[rows]) * people + found.therapist[rows]
                level[rows] = usable.level[order[np.searchsorted(keys[order], wanted)]]
        return level

    # -- the program --

    def with_changes(self, problem: Model) -> Choices:
        """The program with the changes, their sets, and the rows that keep doors shut."""
        behind = list(self.behind(problem))
        used = sorted({door for door, _, _, _, _ in behind})
        changes = {c.key: c for door in used for way in self.doors[door] for c in way}
        ordered = tuple(changes[key] for key in sorted(changes))
        builder = Builder.of(problem.program)
        column = builder.columns(len(ordered))
        number = {c.key: int(at) for c, at in zip(ordered, column, strict=True)}
        opens: dict[int, list[int]] = {}
        both: dict[Set, int] = {}
        row, entry, weight, rows = [], [], [], 0
        for door in used:
            for way in self.doors[door]:
                if len(way) == 1:
                    opens.setdefault(door, []).append(number[next(iter(way)).key])
                    continue
                if way not in both:
                    both[way] = int(builder.columns(1)[0])
                    for change in sorted(way, key=lambda c: c.key):  # it is open only with each of its changes
                        row += [rows, rows]
                        entry += [number[change.key], both[way]]
                        weight += [1, -1]
                        rows += 1
                opens.setdefault(door, []).append(both[way])
            if len(opens.get(door, ())) > 1:  # many sessions are behind it: one column tells all of them
                (is_open,) = builder.columns(1).tolist()
                row += [rows] * (len(opens[door]) + 1)
                entry += [*opens[door], is_open]
                weight += [*([1] * len(opens[door])), -1]
                rows += 1
                opens[door] = [is_open]
        for door, columns, room in self.crowds(problem, behind):
            ways = opens.get(door, [])
            row += [rows] * (len(ways) + len(columns))
            entry += [*ways, *columns]
            weight += [*([room] * len(ways)), *([-1] * len(columns))]
            rows += 1
        builder.rows(rows, np.array(row, np.int64), np.array(entry, np.int64), np.array(weight, np.int64), least=0)
        hours_once(builder, ordered, column.tolist())
        return Choices(builder.program(), ordered, column)

    def behind(self, problem: Model) -> Iterator[tuple[int, int, int, int, int]]:
        """Each door and each column behind it: who can be in one such session at a time, its start and its kind."""
        sessions, seats = problem.sessions, problem.seats
        of_session = {}
        for column, kind, start, day, prescriber, therapist in zip(
            *(sessions[name].tolist() for name in ("column", "kind", "start", "day", "prescriber", "therapist")),
            strict=True,
        ):
            of_session[column] = (kind, start, day, prescriber)
            if therapist >= 0:
                for door in self.needs_of[kind, start, prescriber, therapist]:
                    yield door, column, therapist, start, kind
        for column, session, person, watches in zip(
            *(seats[name].tolist() for name in ("column", "session", "person", "monitor")), strict=True
        ):
            kind, start, day, prescriber = of_session[session]
            if not watches:
                doors: Iterable[int] = self.needs_of[kind, start, prescriber, person]
            else:
                doors = self.watching(day, kind, start, person)
            for door in doors:
                yield door, column, person, start, kind

    def watching(self, day: int, kind: int, start: int, person: int) -> list[int]:
        """The doors before somebody who watches."""
        site = self.kinds[kind].site
        door = self.watch_doors[self.days.first_alike[day]].get((person, site))
        hours = self.covering(person, site, self.kinds[kind].length, np.array([start]))[0]
        return [d for d in (door, hours) if d is not None]

    def crowds(
        self, problem: Model, behind: Sequence[tuple[int, int, int, int, int]]
    ) -> Iterator[tuple[int, list[int], int]]:
        """Each door with columns behind it of which no more than so many can be chosen.

        One of each person at a time: that alone keeps the door shut. The others follow, but hold for fractions as well:
        behind a door that is half open there is half a prescriber, half of each room, half of the demand.
        """
        if not behind:
            return
        door, column, person, start, kind = (np.array(side, np.int64) for side in zip(*behind, strict=True))
        length, in_room = (np.array([getattr(k, n) for k in self.kinds], np.int64) for n in ("length", "in_room"))
        end = start + length[kind]
        yield from _at_once(door, person, column, start, end, np.ones(len(door), np.int64), least=0)
        sessions = problem.sessions
        pair = sessions["therapist"] >= 0
        place = np.full(problem.program.columns, -1)
        place[sessions["column"][pair]] = np.flatnonzero(pair)
        mine = np.flatnonzero(place[column] >= 0)
        door, column, start, kind, end = (x[mine] for x in (door, column, start, kind, end))
        at = place[column]
        prescriber, therapist, day = (sessions[n][at] for n in ("prescriber", "therapist", "day"))
        at_once = np.max([self.days.concurrency(d) for d in self.days.different()], axis=0)
        yield from _at_once(door, prescriber, column, start, end, at_once[prescriber])
        site = np.array([k.site for k in self.kinds], np.int64)[kind]
        rooms = np.array([s.rooms for s in self.calendar.sites], np.int64)
        yield from _at_once(door, site, column, start, start + in_room[kind], rooms[site])
        asked = np.array([sum(self.roster.demand[r - 1].sessions for r in k.rows) for k in self.kinds], np.int64)
        some = np.array([bool(k.rows) for k in self.kinds], bool)[kind]
        yield from _in_all(door[some], kind[some], day[some] // 7, column[some], asked[kind[some]])
        people = [self.roster.people[id].max_sessions_per_week for id in self.facts.people]
        a_week = np.array([-1 if most is None else most for most in people], np.int64)
        for who in (prescriber, therapist):
            some = a_week[who] >= 0
            yield from _in_all(door[some], who[some], day[some] // 7, column[some], a_week[who[some]])


def _at_once(
    door: Index, group: Index, column: Index, start: Index, end: Index, most: Index, least: int = 1
) -> Iterator[tuple[int, list[int], int]]:
    """For each door and group, the columns at each instant of which only so many can be chosen, where there are more.

    Where there are no more than ``least`` times as many, they are left out.
    """
    if not len(door):
        return
    _, place = np.unique(np.stack([door, group]), axis=1, return_inverse=True)
    row, entry, _ = cliques(place.reshape(-1), start, end)
    first = np.flatnonzero(np.diff(row, prepend=-1))
    for begin, stop in zip(first, [*first[1:], len(row)], strict=True):
        rows = entry[begin:stop]
        room = int(most[rows[0]])
        if len(rows) > least * room:
            yield int(door[rows[0]]), column[rows].tolist(), room


def _in_all(door: Index, group: Index, week: Index, column: Index, most: Index) -> Iterator[tuple[int, list[int], int]]:
    """For each door, group and week, the columns of which only so many can be chosen, where there are more."""
    if not len(door):
        return
    _, place = np.unique(np.stack([door, group, week]), axis=1, return_inverse=True)
    place = place.reshape(-1)
    order = np.argsort(place, kind="stable")
    first = np.flatnonzero(np.diff(place[order], prepend=-1))
    for begin, stop in zip(first, [*first[1:], len(order)], strict=True):
        rows = order[begin:stop]
        if len(rows) > most[rows[0]]:
            yield int(door[rows[0]]), column[rows].tolist(), int(most[rows[0]])


def _subsets(changes: Sequence[Change]) -> Iterator[Set]:
    """Every set of them but none, the smallest first."""
    sizes = range(1, len(changes) + 1)
    return map(frozenset, chain.from_iterable(combinations(changes, size) for size in sizes))


#: The rules of which a change may turn whether somebody may watch.
_OF_WATCHING = ("legal.license", "legal.therapy_license", "malpractice.cover", "malpractice.ketamine")
