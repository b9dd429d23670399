"""A second, slow and plain program for `schedule`: what is wrong with a plan, what it is worth, what the best one is.

Written from SEMANTICS alone, on top of the oracle of links. Days are real dates, moments are instants in UTC, a
person's presence is looked up quarter hour by quarter hour in rows of text, and a plan is judged session by
session, pair by pair, instant by instant. `best` asks the very same predicates. It takes valid rosters only.

    plan = plan_of(answer)                       # the JSON of `schedule`, or a list of Session
    check(written, plan, "2026-12-07", 1)        # every violation; an empty list: none
    objective(written, plan, "2026-12-07", 1)    # (value, points, spread, changes)
    best(written, "2026-12-07", 1)               # the same of the best plan there is, for tiny rosters
    best_plan(written, "2026-12-07", 1, keep=some, since=moment)   # with these sessions, and no other before then

A violation begins with its kind and a colon: `name`, `offset`, `grid`, `horizon`, `length`, `people`, `avoids`,
`link`, `presence`, `monitor`, `demand`, `protocol`, `points`, `busy`, `travel`, `rooms`, `number`, `concurrency`,
`dosing`, `week`, `day`, `row`.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from functools import cached_property
from itertools import combinations
from typing import Any, NamedTuple, Protocol
from zoneinfo import ZoneInfo

import oracles
from oracles import AVAILABLE, DOSING, FAIL, NONE, PASS, THROUGHOUT, UNKNOWN, clean, items

MONITORING = (
    "physician",
    "nurse_practitioner",
    "clinical_nurse_specialist",
    "nurse_anesthetist",
    "physician_assistant",
    "registered_nurse",
)
QUARTER = timedelta(minutes=oracles.SLOT)
DAY = timedelta(days=1)

Tally = tuple[str, str | int, date]  # what is counted, of whom or of which row, in the week or on the day


class Source(Protocol):
    """A roster of text cells, as `strategies.Written` is."""

    @property
    def tables(self) -> oracles.Tables:
        """Rows of text by table."""

    @property
    def practice(self) -> oracles.Practice:
        """What practice.toml holds."""


@dataclass(frozen=True)
class Book:
    """A roster of text cells, where there is no other one at hand."""

    tables: oracles.Tables
    practice: oracles.Practice


@dataclass(frozen=True)
class Session:
    """One session of a plan, as the JSON of `schedule` has it; moments are aware, or ISO text with an offset."""

    site: str
    room: int
    start: datetime | str
    end: datetime | str
    prescribers: tuple[str, ...]
    therapists: tuple[str, ...]
    monitors: tuple[str, ...]
    protocol: str | None
    demand: int | None
    points: int

    @cached_property
    def begins(self) -> datetime:
        """The instant of its start, in UTC."""
        return instant(self.start)

    @cached_property
    def ends(self) -> datetime:
        """The instant of its end, in UTC."""
        return instant(self.end)

    @cached_property
    def hands(self) -> frozenset[str]:
        """Those who sit or monitor: they have this session alone."""
        return frozenset(self.therapists) | frozenset(self.monitors)

    @cached_property
    def people(self) -> frozenset[str]:
        """Everybody in it."""
        return self.hands | frozenset(self.prescribers)

    @cached_property
    def same(self) -> tuple[object, ...]:
        """What makes it the same session in two plans: site, start and people."""
        roles = (frozenset(self.prescribers), frozenset(self.therapists), frozenset(self.monitors))
        return (self.site, self.begins, *roles)


Entry = Session | Mapping[str, Any]  # a session, or one as JSON has it
Given = Sequence[Entry] | Mapping[str, Any]  # a plan, as sessions or as JSON has it


class Objective(NamedTuple):
    """In the order in which it counts; of spread and changes less is better."""

    value: int
    points: int
    spread: int
    changes: int


def instant(moment: datetime | str) -> datetime:
    """A moment in UTC, where a difference of two is true minutes."""
    read = datetime.fromisoformat(moment) if isinstance(moment, str) else moment
    if read.utcoffset() is None:
        raise ValueError(f"a moment without an offset: {moment}")
    return read.astimezone(UTC)


def session_of(entry: Entry) -> Session:
    """A session from what JSON holds; names are compared as cells are."""
    cells = vars(entry) if isinstance(entry, Session) else entry
    prescribers, therapists, monitors = (
        tuple(clean(person) for person in cells[role] or ()) for role in ("prescribers", "therapists", "monitors")
    )
    protocol = cells["protocol"]
    return Session(
        site=clean(cells["site"]),
        room=cells["room"],
        start=cells["start"],
        end=cells["end"],
        prescribers=prescribers,
        therapists=therapists,
        monitors=monitors,
        protocol=None if protocol is None else clean(protocol),
        demand=cells["demand"],
        points=cells["points"],
    )


def plan_of(plan: Given) -> list[Session]:
    """A plan from the JSON of `schedule`, or from its list of sessions."""
    entries = plan["sessions"] if isinstance(plan, Mapping) else plan
    return [session_of(entry) for entry in entries]


def day_of(day: date | str) -> date:
    """A date, or an ISO text of one."""
    return date.fromisoformat(day) if isinstance(day, str) else day


def monday_of(day: date) -> date:
    """The Monday of its week."""
    return day - day.weekday() * DAY


# --- The practice on real dates -----------------------------------------------------------------------------


class World:
    """A roster, a horizon, and whether unknown links are used."""

    def __init__(self, roster: Source, week: date | str, weeks: int, unknown: str) -> None:
        """Clean every cell and read what no date changes."""
        self.tables: dict[str, list[oracles.Row]] = {
            name: [{clean(key): clean(cell) for key, cell in row.items()} for row in rows]
            for name, rows in roster.tables.items()
        }
        self.practice = roster.practice
        self.monday = monday_of(day_of(week))
        self.days = [self.monday + n * DAY for n in range(7 * weeks)]
        self.allowed = (PASS, UNKNOWN) if unknown == "allow" else (PASS,)
        self.undated = oracles.Roster(self.tables, self.practice, self.monday, None)
        self.demand = dict(enumerate(self.tables.get("demand", []), start=1))
        self.protocols = {clean(name): dict(own) for name, own in self.practice.get("protocols", {}).items()}
        self._judged: dict[str, oracles.Judged] = {}
        self._of_day: dict[tuple[date, str | None], oracles.Judged] = {}
        self._there: dict[tuple[str, str, datetime], bool] = {}
        self._weeks: dict[str, list[bool]] = {}
        self._concurrency: dict[tuple[str, date], int] = {}
        self._levels: dict[tuple[date, str, str, str], int] = {}
        self._minutes: dict[tuple[str | None, str], timedelta] = {}
        self._zones: dict[str, ZoneInfo] = {}
        self._listed: dict[tuple[date, str | None], dict[oracles.Triple, oracles.Link]] = {}

    # Settings

    def setting(self, protocol: str | None, key: str) -> int:
        """A number of a protocol; what it does not write is the default protocol's, else kapteam's."""
        defaults = {"session_minutes": 180, "dosing_minutes": 60, "turnover_minutes": 0, "therapists": 1, "monitors": 0}
        own = self.protocols[protocol] if protocol else {}
        return int({**defaults, **self.practice.get("protocol", {}), **own}[key])

    def minutes(self, protocol: str | None, key: str) -> timedelta:
        """A number of minutes of a protocol."""
        if (protocol, key) not in self._minutes:
            self._minutes[protocol, key] = timedelta(minutes=self.setting(protocol, key))
        return self._minutes[protocol, key]

    @cached_property
    def travel(self) -> timedelta:
        """Between any two sites."""
        return timedelta(minutes=int(self.practice.get("protocol", {}).get("travel_minutes", 30)))

    # Clocks

    def zone(self, site: str) -> ZoneInfo:
        """As written, or the one zone of the jurisdiction."""
        if site not in self._zones:
            place = self.undated.place(site)
            own = self.undated.sites[site].get("timezone", "")
            self._zones[site] = ZoneInfo(own or next(zone for zone in oracles.ZONES if place in oracles.ZONES[zone]))
        return self._zones[site]

    def clock(self, site: str, moment: datetime) -> datetime:
        """The site's wall clock at an instant."""
        return moment.astimezone(self.zone(site))

    def date_of(self, session: Session) -> date:
        """The local date of its start."""
        return self.clock(session.site, session.begins).date()

    # Presence

    def there(self, person: str, site: str, moment: datetime) -> bool:
        """On site in the quarter hour that begins then: hours of that local date, and no absence touches it."""
        key = (person, site, moment)
        if key not in self._there:
            clock = self.clock(site, moment).replace(tzinfo=None)
            self._there[key] = self._has_hours(person, site, clock) and not self._is_away(person, clock)
        return self._there[key]

    def _has_hours(self, person: str, site: str, clock: datetime) -> bool:
        slot = clock.weekday() * 96 + (clock.hour * 60 + clock.minute) // oracles.SLOT
        return any(
            (row["practitioner"], row["site"]) == (person, site)
            and oracles.in_force(row, "hours", clock.date())
            and self._week(row.get("when", ""))[slot]
            for row in self.tables.get("hours", [])
        )

    def _week(self, when: str) -> list[bool]:
        if when not in self._weeks:
            self._weeks[when] = oracles.weekly_hours(when)
        return self._weeks[when]

    def _is_away(self, person: str, clock: datetime) -> bool:
        """Whole days with both dates, or half-open times on the clock of the site that is asked about."""
        return any(
            row["practitioner"] == person
            and away_from(row["start"]) < clock + QUARTER
            and clock < away_until(row["end"])
            for row in self.tables.get("absences", [])
        )

    def all_there(self, person: str, site: str, begins: datetime, slots: int) -> bool:
        """On site for so many quarter hours of true time."""
        return all(self.there(person, site, begins + n * QUARTER) for n in range(slots))

    def reachable(self, person: str, begins: datetime, slots: int) -> bool:
        """Quarter hour by quarter hour with hours at some site."""
        moments = [begins + n * QUARTER for n in range(slots)]
        return all(any(self.there(person, site, moment) for site in self.undated.sites) for moment in moments)

    # Verdicts

    def judged(self, on: date, protocol: str | None) -> oracles.Judged:
        """The roster of a day under a protocol; days on which the same rows are in force are judged once."""
        if (on, protocol) not in self._of_day:
            r = oracles.Roster(self.tables, self.practice, on, protocol)
            key = repr((protocol, r.tables, [r.offset(site) for site in r.sites]))
            if key not in self._judged:
                self._judged[key] = oracles.Judged(r)
            self._of_day[on, protocol] = self._judged[key]
        return self._of_day[on, protocol]

    def listed(self, on: date, protocol: str | None) -> dict[oracles.Triple, oracles.Link]:
        """The links of a day under a protocol."""
        if (on, protocol) not in self._listed:
            links = self.judged(on, protocol).links
            self._listed[on, protocol] = {(x["site"], x["prescriber"], x["therapist"]): x for x in links}
        return self._listed[on, protocol]

    def usable(self, on: date, protocol: str | None) -> set[oracles.Triple]:
        """Those of them that may be used."""
        return {triple for triple, link in self.listed(on, protocol).items() if link["verdict"] in self.allowed}

    def level(self, session: Session, prescriber: str, therapist: str) -> int:
        """The presence level of one of its links."""
        on = self.date_of(session)
        key = (on, session.site, prescriber, therapist)  # no protocol has a say in it
        if key not in self._levels:
            r = self.judged(on, session.protocol).roster
            self._levels[key] = oracles.level(r, prescriber, therapist, session.site)
        return self._levels[key]

    def may_monitor(self, person: str, site: str, on: date) -> bool:
        """A candidate for the role, licensed there, and covered in that role where that is a block."""
        judged = self.judged(on, None)
        r = judged.roster
        willing = items(r.cell(person, "roles"))
        held = {row["profession"] for row in r.every_license if row["practitioner"] == person}
        is_candidate = "monitor" in willing if willing else bool(held & set(MONITORING))
        licensed = any(
            row["profession"] in MONITORING and (row.get("status", "") or "active") in ("active", "privilege")
            for row in r.rows("licenses", practitioner=person, jurisdiction=r.place(site))
        )
        covered = oracles.malpractice_of_member(r, person, "monitor")
        blocking = [status for rule, status in covered.items() if judged.severity(rule) == "block"]
        stops = {FAIL, UNKNOWN} - set(self.allowed)
        return is_candidate and licensed and not stops & set(blocking)

    def concurrency(self, prescriber: str, on: date) -> int:
        """The smaller of their own (blank: 1) and their policy's of the day (blank, or no policy: no say)."""
        if (prescriber, on) not in self._concurrency:
            r = self.judged(on, None).roster
            own = r.number(prescriber, "max_concurrent_sessions")
            held = oracles.policy(r, prescriber, "prescriber")
            says = [1 if own is None else own, held.max_concurrent_sessions if held else None]
            self._concurrency[prescriber, on] = min(limit for limit in says if limit is not None)
        return self._concurrency[prescriber, on]

    # Demand

    def rows_at(self, site: str) -> dict[int, oracles.Row]:
        """The demand rows of a site by their numbers in the table."""
        return {number: row for number, row in self.demand.items() if row["site"] == site}

    def worth(self, session: Session) -> int:
        """The priority of its row, else 1."""
        row = self.demand.get(session.demand or 0, {})
        return int(row.get("priority", "") or "1")

    def points(self, session: Session) -> int:
        """Those of all its links on that date, whatever their verdicts; a link that is not listed has none."""
        links = self.listed(self.date_of(session), session.protocol)
        triples = [(session.site, p, t) for p in session.prescribers for t in session.therapists]
        return sum(links[triple]["points"] for triple in triples if triple in links)

    def tallies(self, session: Session) -> dict[Tally, int]:
        """What is counted with it, and how many there may be."""
        on = self.date_of(session)
        limits: dict[Tally, int] = {}
        for person in session.people:
            for what, when in (("week", monday_of(on)), ("day", on)):
                limit = self.undated.number(person, f"max_sessions_per_{what}")
                if limit is not None:
                    limits[what, person, when] = limit
        if session.demand is not None:
            limits["row", session.demand, monday_of(on)] = int(self.demand[session.demand]["sessions"])
        return limits

    def fair(self) -> list[str]:
        """The therapists with a usable link on some day of the horizon, under the default or a demanded protocol."""
        asked = {None} | {row.get("protocol", "") or None for row in self.demand.values()}
        found = {t for on in self.days for protocol in asked for _, _, t in self.usable(on, protocol)}
        return sorted(found)


def away_from(cell: str) -> datetime:
    """Where an absence begins: a date at its midnight."""
    return datetime.fromisoformat(cell)


def away_until(cell: str) -> datetime:
    """Where an absence ends: a date is away to the end of its day."""
    end = datetime.fromisoformat(cell)
    return end + DAY if len(cell) == len("2026-12-07") else end


# --- One session --------------------------------------------------------------------------------------------


def session_faults(world: World, session: Session) -> list[str]:
    """What is wrong with a session by itself, but for its room."""
    return [f"{fault} [{session.site} {session.start}]" for fault in _faults(world, session)]


def _faults(w: World, s: Session) -> Iterator[str]:
    unknown = list(_names(w, s))
    if unknown:
        yield from unknown
        return
    yield from _moments(w, s)
    yield from _staff(w, s)
    yield from _links(w, s)
    yield from _monitors(w, s)
    yield from _demand(w, s)
    if s.points != w.points(s):
        yield f"points: {s.points} are said, its links have {w.points(s)}"


def _names(w: World, s: Session) -> Iterator[str]:
    if s.site not in w.undated.sites:
        yield f"name: there is no site {s.site!r}"
    if s.protocol is not None and s.protocol not in w.protocols:
        yield f"name: there is no protocol {s.protocol!r}"
    if s.demand is not None and s.demand not in w.demand:
        yield f"name: there is no demand row {s.demand}"
    for person in sorted(s.people - set(w.undated.people)):
        yield f"name: there is nobody {person!r}"


def _moments(w: World, s: Session) -> Iterator[str]:
    """On the grid of the site's clock, in the horizon, and as long as the protocol says in true minutes."""
    clock = w.clock(s.site, s.begins)
    if (clock.minute % oracles.SLOT, clock.second, clock.microsecond) != (0, 0, 0):
        yield f"grid: {clock.time()} is not on a quarter hour"
    if clock.date() not in w.days:
        yield f"horizon: {clock.date()} is not in it"
    if s.ends - s.begins != w.minutes(s.protocol, "session_minutes"):
        yield f"length: {s.ends - s.begins} is not {w.minutes(s.protocol, 'session_minutes')}"
    for moment in (s.start, s.end):
        if isinstance(moment, str):
            written, true = datetime.fromisoformat(moment), w.clock(s.site, instant(moment))
            if written.utcoffset() != true.utcoffset():
                yield f"offset: {moment} is {true.isoformat()} there"


def _staff(w: World, s: Session) -> Iterator[str]:
    """So many as the protocol asks for; all different, but who prescribes may sit as well."""
    asked = {
        "prescribers": (s.prescribers, 1),
        "therapists": (s.therapists, w.setting(s.protocol, "therapists")),
        "monitors": (s.monitors, w.setting(s.protocol, "monitors")),
    }
    for role, (people, count) in asked.items():
        if len(people) != count or len(set(people)) != count:
            yield f"people: {list(people)} are not {count} {role}"
    others = set(s.prescribers) | set(s.therapists)
    if twice := sorted(set(s.monitors) & others):
        yield f"people: {twice} monitor and do something else"
    if w.undated.severity["team.ties"] == "block":
        for one, other in combinations(sorted(s.people), 2):
            if oracles.joined(w.undated, one, other, ("avoids",)):
                yield f"avoids: {one} and {other}"


def _links(w: World, s: Session) -> Iterator[str]:
    """Every link is usable on the local date of the start, and the start fits it."""
    usable = w.usable(w.date_of(s), s.protocol)
    for prescriber in s.prescribers:
        for therapist in s.therapists:
            if (s.site, prescriber, therapist) not in usable:
                yield f"link: {prescriber} and {therapist} are not usable on {w.date_of(s)}"
            if not fits(w, s, prescriber, therapist):
                yield f"presence: the start does not fit {prescriber} and {therapist}"


def fits(w: World, s: Session, prescriber: str, therapist: str) -> bool:
    """The therapist is there all along, and the prescriber as the link's presence level asks."""
    length = oracles.slots(w.setting(s.protocol, "session_minutes"))
    dosing = oracles.slots(w.setting(s.protocol, "dosing_minutes"))
    if not w.all_there(therapist, s.site, s.begins, length):
        return False
    level = NONE if prescriber == therapist else w.level(s, prescriber, therapist)
    if level == AVAILABLE:
        return w.reachable(prescriber, s.begins, dosing)
    needed = {NONE: 0, DOSING: dosing, THROUGHOUT: length}[level]
    return w.all_there(prescriber, s.site, s.begins, needed)


def _monitors(w: World, s: Session) -> Iterator[str]:
    length = oracles.slots(w.setting(s.protocol, "session_minutes"))
    for person in s.monitors:
        if not w.may_monitor(person, s.site, w.date_of(s)):
            yield f"monitor: {person} may not monitor on {w.date_of(s)}"
        if not w.all_there(person, s.site, s.begins, length):
            yield f"presence: {person} monitors and is not there all along"


def _demand(w: World, s: Session) -> Iterator[str]:
    """Where a site has demand rows a session serves one; elsewhere it is of the default protocol."""
    rows = w.rows_at(s.site)
    if not rows:
        if s.demand is not None:
            yield f"demand: row {s.demand} is not of this site"
        if s.protocol is not None:
            yield f"protocol: {s.protocol}, where nobody asks for one"
        return
    if s.demand not in rows:
        yield f"demand: {s.demand} is no row of this site"
        return
    row = rows[s.demand]
    if (row.get("protocol", "") or None) != s.protocol:
        yield f"protocol: {s.protocol}, and the row asks for {row.get('protocol', '') or None}"
    if row.get("therapist", "") and row["therapist"] not in s.therapists:
        yield f"demand: {row['therapist']} is not among the therapists"
    r = w.judged(w.date_of(s), s.protocol).roster
    modality, language = row.get("modality", ""), row.get("language", "")
    if not any(
        (not modality or modality in oracles.modalities_of(r, therapist))
        and (not language or language in items(r.cell(therapist, "languages")))
        for therapist in s.therapists
    ):
        yield f"demand: no therapist has both {modality or 'any modality'} and {language or 'any language'}"


# --- Sessions beside one another ----------------------------------------------------------------------------


def together_faults(world: World, plan: Sequence[Session]) -> list[str]:
    """What is wrong between sessions at the same or nearly the same time; a part of a plan has never more."""
    pairs = [fault for one, other in combinations(plan, 2) for fault in _pair(world, one, other)]
    return [*pairs, *_rooms(world, plan), *_overseeing(world, plan)]


def _pair(w: World, one: Session, other: Session) -> Iterator[str]:
    """Who sits or monitors has nothing else meanwhile; who is needed at two sites has the time to travel."""
    overlap = one.begins < other.ends and other.begins < one.ends
    apart = other.begins >= one.ends + w.travel or one.begins >= other.ends + w.travel
    for person in sorted(one.people & other.people):
        if overlap and person in one.hands | other.hands:
            yield f"busy: {person} at {one.start} and at {other.start}"
        if one.site != other.site and not apart and is_needed(w, one, person) and is_needed(w, other, person):
            yield f"travel: {person} from {one.site} at {one.start} to {other.site} at {other.start}"


def is_needed(w: World, s: Session, person: str) -> bool:
    """At the site: who sits or monitors; who prescribes from the level of dosing up."""
    if person in s.hands:
        return True
    return person in s.prescribers and any(w.level(s, person, therapist) >= DOSING for therapist in s.therapists)


def room_free(w: World, s: Session) -> datetime:
    """When the next session may have the room."""
    return s.ends + w.minutes(s.protocol, "turnover_minutes")


def _rooms(w: World, plan: Sequence[Session]) -> Iterator[str]:
    """The most sessions are there at some start."""
    for s in plan:
        rooms = int(w.undated.sites[s.site].get("rooms", "") or "1")
        held = [x for x in plan if x.site == s.site and x.begins <= s.begins < room_free(w, x)]
        if len(held) > rooms:
            yield f"rooms: {len(held)} sessions at {s.site} at {s.start} have {rooms}"


def _overseeing(w: World, plan: Sequence[Session]) -> Iterator[str]:
    """Whole sessions at once, and dosing parts at once; the most are there at some start."""
    for s in plan:
        for person in s.prescribers:
            own = [x for x in plan if person in x.prescribers and x.begins <= s.begins]
            at_once = [x for x in own if s.begins < x.ends]
            if not at_once:  # it ends before it begins: a fault of its length, told elsewhere
                continue
            least = min(w.concurrency(person, w.date_of(x)) for x in at_once)
            if len(at_once) > least:
                yield f"concurrency: {person} oversees {len(at_once)} sessions at {s.start}, at most {least}"
            dosing = [x for x in own if s.begins < x.begins + w.minutes(x.protocol, "dosing_minutes")]
            limit = w.undated.number(person, "max_concurrent_dosing")
            if limit is not None and len(dosing) > limit:
                yield f"dosing: {person} has {len(dosing)} sessions dosing at {s.start}, at most {limit}"


def tally_faults(world: World, plan: Sequence[Session]) -> list[str]:
    """Too many in a week, on a day or of a demand row."""
    counts, limits = Counter[Tally](), dict[Tally, int]()
    for session in plan:
        limits |= world.tallies(session)
        counts.update(world.tallies(session).keys())
    over = sorted((tally for tally in counts if counts[tally] > limits[tally]), key=str)
    return [f"{what}: {whose} {when}: {counts[what, whose, when]} sessions" for what, whose, when in over]


def number_faults(world: World, plan: Sequence[Session]) -> list[str]:
    """Rooms are numbered from 1, the lowest free one first; among sessions of one start in any order."""
    faults: list[str] = []
    for site, start in sorted({(s.site, s.begins) for s in plan}):
        here = [s for s in plan if s.site == site]
        starting = [s for s in here if s.begins == start]
        taken = {s.room for s in here if s.begins < start < room_free(world, s)}
        free = [room for room in range(1, len(here) + len(taken) + 1) if room not in taken][: len(starting)]
        got = sorted(s.room for s in starting)
        if got != free:
            faults.append(f"number: rooms {got} at {site} at {starting[0].start}, the lowest free are {free}")
    return faults


# --- A plan -------------------------------------------------------------------------------------------------


def check(
    roster: Source,
    plan: Given,
    week: date | str,
    weeks: int,
    *,
    unknown: str = "exclude",
) -> list[str]:
    """Every violation of a plan."""
    world, sessions = World(roster, week, weeks, unknown), plan_of(plan)
    faults = [fault for session in sessions for fault in session_faults(world, session)]
    if any(fault.startswith("name:") for fault in faults):
        return faults  # the others cannot be judged beside what is not there
    return [
        *faults,
        *together_faults(world, sessions),
        *tally_faults(world, sessions),
        *number_faults(world, sessions),
    ]


def objective(
    roster: Source,
    plan: Given,
    week: date | str,
    weeks: int,
    previous: Given | None = None,
    *,
    unknown: str = "exclude",
) -> Objective:
    """What a plan is worth; its points are those of the links, whatever it says itself."""
    return _objective(World(roster, week, weeks, unknown), plan_of(plan), previous)


def report(
    roster: Source,
    plan: Given,
    week: date | str,
    weeks: int,
    previous: Given | None = None,
    *,
    unknown: str = "exclude",
) -> dict[str, int]:
    """As the JSON of `schedule` has it, the number of sessions too."""
    found = objective(roster, plan, week, weeks, previous, unknown=unknown)
    return {**found._asdict(), "sessions": len(plan_of(plan))}


def _objective(world: World, plan: Sequence[Session], previous: Given | None) -> Objective:
    now = {session.same for session in plan}
    before = None if previous is None else {session.same for session in plan_of(previous)}
    return Objective(
        sum(world.worth(session) for session in plan),
        sum(world.points(session) for session in plan),
        spread(world.fair(), plan),
        0 if before is None else len(now ^ before),
    )


def spread(fair: Sequence[str], plan: Iterable[Session]) -> int:
    """The most minus the least sessions that one of these sits in."""
    sat = Counter(therapist for session in plan for therapist in session.therapists)
    counts = [sat[therapist] for therapist in fair]
    return max(counts, default=0) - min(counts, default=0)


# --- The best plan ------------------------------------------------------------------------------------------


def candidates(
    roster: Source, week: date | str, weeks: int, *, unknown: str = "exclude", step: int = 15
) -> list[Session]:
    """Every session that is right by itself, by start; its room is not given yet (0)."""
    return _candidates(World(roster, week, weeks, unknown), step)


def _candidates(world: World, step: int) -> list[Session]:
    found = [
        session
        for site in world.undated.sites
        for on in world.days
        for begins in _starts(world, site, on, step)
        for session in _drafts(world, site, on, begins)
        if not session_faults(world, session)
    ]
    return sorted(found, key=lambda s: (s.begins, s.site, s.prescribers, s.therapists, s.monitors, s.demand or 0))


def _starts(world: World, site: str, on: date, step: int) -> Iterator[datetime]:
    """The instants of a local date whose wall clock is on the grid; of a repeated hour both."""
    midnight = datetime.combine(on, time(), world.zone(site)).astimezone(UTC)
    for n in range(26 * 4):
        clock = world.clock(site, midnight + n * QUARTER)
        if clock.date() == on and (clock.hour * 60 + clock.minute) % step == 0:
            yield midnight + n * QUARTER


def _drafts(world: World, site: str, on: date, begins: datetime) -> Iterator[Session]:
    """Every choice of row and people who might do: who is not there at the start is not even tried."""
    rows = {number: row.get("protocol", "") or None for number, row in world.rows_at(site).items()}
    asked: list[tuple[int | None, str | None]] = [*rows.items()] if rows else [(None, None)]
    watching = [p for p in sorted(world.undated.people) if world.there(p, site, begins)]
    if not watching:
        return
    for number, protocol in asked:
        end = (begins + world.minutes(protocol, "session_minutes")).astimezone(world.zone(site))
        links = [link for link in sorted(world.usable(on, protocol)) if link[0] == site]
        sitting = sorted({t for _, _, t in links if world.there(t, site, begins)})
        for prescriber in sorted({p for _, p, _ in links}):
            for therapists in combinations(sitting, world.setting(protocol, "therapists")):
                others = [p for p in watching if p != prescriber and p not in therapists]
                for monitors in combinations(others, world.setting(protocol, "monitors")):
                    draft = Session(
                        site,
                        0,
                        world.clock(site, begins),
                        end,
                        (prescriber,),
                        therapists,
                        monitors,
                        protocol,
                        number,
                        0,
                    )
                    yield replace(draft, points=world.points(draft))


def numbered(world: World, plan: Iterable[Session]) -> list[Session]:
    """The sessions by start, each in the lowest free room."""
    placed: list[Session] = []
    for session in sorted(plan, key=lambda s: s.begins):
        taken = {x.room for x in placed if x.site == session.site and session.begins < room_free(world, x)}
        placed.append(replace(session, room=next(n for n in range(1, len(taken) + 2) if n not in taken)))
    return placed


def best(
    roster: Source,
    week: date | str,
    weeks: int,
    *,
    unknown: str = "exclude",
    previous: Given | None = None,
    step: int = 15,
) -> Objective:
    """What the best plan is worth."""
    return best_plan(roster, week, weeks, unknown=unknown, previous=previous, step=step)[0]


def best_plan(
    roster: Source,
    week: date | str,
    weeks: int,
    *,
    unknown: str = "exclude",
    previous: Given | None = None,
    step: int = 15,
    keep: Iterable[Session] = (),
    since: datetime | None = None,
) -> tuple[Objective, list[Session]]:
    """The best of all plans, or of those with some sessions and no other before a moment, and its worth.

    The candidates are taken or left one by one, by start. A half plan (of the candidates so far) goes on only
    where it can still come to the most value and points; and of two that leave the same open and in which
    everybody sits equally often, the one that spares more changes. What is to be kept must be right by itself.
    """
    world = World(roster, week, weeks, unknown)
    kept = {(session.same, session.demand) for session in keep}
    offered = [
        session
        for session in _candidates(world, step)
        if since is None or session.begins >= since or (session.same, session.demand) in kept
    ]
    must = frozenset(n for n, session in enumerate(offered) if (session.same, session.demand) in kept)
    if len(must) < len(kept):
        raise ValueError("a session that is to be kept is not right by itself")
    fair = world.fair()
    before = {session.same for session in plan_of(previous)} if previous is not None else set()
    search = _Search(world, offered, must)
    halves = [Half((), NOTHING, (0, 0), 0)]
    optimum = search.most(0, NOTHING)
    for n, session in enumerate(offered):
        best_halves: dict[object, Half] = {}
        for half in halves:
            spared = half.spared + (1 if session.same in before else -1)
            grown = [] if n in must else [Half(half.plan, search.left(n, half.past), half.worth, half.spared)]
            if search.allowed(n, half.past):
                worth = _sum(half.worth, search.worth[n])
                grown.append(Half((*half.plan, n), search.taken(n, half.past), worth, spared))
            for one in grown:
                sat = Counter(therapist for index in one.plan for therapist in offered[index].therapists)
                key = (one.past, tuple(sat[therapist] for therapist in fair))
                reaches = _sum(one.worth, search.most(n + 1, one.past)) == optimum
                if reaches and (key not in best_halves or one.spared > best_halves[key].spared):
                    best_halves[key] = one
        halves = list(best_halves.values())
    plans = [(half.spared, [offered[index] for index in half.plan]) for half in halves]
    _, chosen = max(plans, key=lambda one: (-spread(fair, one[1]), one[0]))
    plan = numbered(world, chosen)
    return _objective(world, plan, previous), plan


@dataclass(frozen=True)
class Past:
    """All of a half plan that a later session may meet: by number, those whose people or room are not free yet;
    and how many there are of what a later one counts to."""

    near: frozenset[int]
    counts: frozenset[tuple[Tally, int]]


NOTHING = Past(frozenset(), frozenset())
NEVER = (-(10**9), 0)


@dataclass(frozen=True)
class Half:
    """A plan of the candidates so far, by number; `spared` is the changes that it spares."""

    plan: tuple[int, ...]
    past: Past
    worth: tuple[int, int]
    spared: int


def _sum(one: tuple[int, int], other: tuple[int, int]) -> tuple[int, int]:
    return one[0] + other[0], one[1] + other[1]


class _Search:
    """What a plan so far leaves open; candidates go by number, and what was found out once is kept."""

    def __init__(self, world: World, offered: Sequence[Session], must: frozenset[int]) -> None:
        self.world, self.offered, self.must = world, offered, must
        self.worth = [(world.worth(session), session.points) for session in offered]
        self._limits = [world.tallies(session) for session in offered]
        self._later = [frozenset[Tally]().union(*self._limits[n:]) for n in range(len(offered) + 1)]
        self._most: dict[tuple[int, Past], tuple[int, int]] = {}
        self._together: dict[tuple[int, frozenset[int]], bool] = {}
        self._apart: dict[tuple[int, int], bool] = {}

    def most(self, n: int, past: Past) -> tuple[int, int]:
        """The most value, then points, that the candidates from the nth on can add."""
        if n == len(self.offered):
            return (0, 0)
        if (n, past) not in self._most:
            ways = [NEVER] if n in self.must else [self.most(n + 1, self.left(n, past))]
            if self.allowed(n, past):
                ways.append(_sum(self.worth[n], self.most(n + 1, self.taken(n, past))))
            self._most[n, past] = max(ways)
        return self._most[n, past]

    def allowed(self, n: int, past: Past) -> bool:
        """The nth may be taken: nothing is wrong with it beside those that it may meet, nor with the counts."""
        if (n, past.near) not in self._together:
            self._together[n, past.near] = self._fit(n, sorted(past.near))
        counts = dict(past.counts)
        return self._together[n, past.near] and all(
            counts.get(key, 0) < limit for key, limit in self._limits[n].items()
        )

    def _fit(self, n: int, near: Sequence[int]) -> bool:
        """Nothing is wrong between the nth and these: between any two, and between all of them."""
        for m in near:
            if (m, n) not in self._apart:
                self._apart[m, n] = bool(together_faults(self.world, [self.offered[m], self.offered[n]]))
            if self._apart[m, n]:
                return False
        return not together_faults(self.world, [*(self.offered[m] for m in near), self.offered[n]])

    def left(self, n: int, past: Past) -> Past:
        """The past of the next one, where the nth was left."""
        if n + 1 == len(self.offered):
            return NOTHING
        moment = self.offered[n + 1].begins
        near = frozenset(m for m in past.near if _may_meet(self.world, self.offered[m], moment))
        return Past(near, frozenset((key, count) for key, count in past.counts if key in self._later[n + 1]))

    def taken(self, n: int, past: Past) -> Past:
        """The past of the next one, where the nth was taken."""
        counts = Counter(dict(past.counts))
        counts.update(self._limits[n].keys())
        return self.left(n, Past(past.near | {n}, frozenset(counts.items())))


def _may_meet(world: World, session: Session, moment: datetime) -> bool:
    """It still holds its room, or its people on their way, at the moment when another one starts."""
    return moment < room_free(world, session) or moment < session.ends + world.travel
