"""Rosters for `schedule`: small ones that an oracle can plan as well, and larger ones for a second engine.

Everybody may do their part unless something is drawn that stands against it; windows are short and near one another,
so that few starts fit, and those that do get in each other's way.
"""

from __future__ import annotations

import json
import random
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime, time, timedelta
from typing import Any

from attrs import define
from hypothesis import settings
from hypothesis import strategies as st

import oracles
from kapteam.sessions.saved import SavedSchedule, saved_schedule
from kapteam.sessions.schedule import Schedule, schedule
from kapteam.sessions.verify import Verified, verify
from schedule_oracle import Session
from strategies import NO_PACKS, WINTER, Row, Written, mostly


def wide(times: int) -> settings:
    """A search that is wide rather than deep: so many times what other property tests look at."""
    return settings(max_examples=times * settings.get_profile(settings.get_current_profile_name()).max_examples)


# --- By hand ------------------------------------------------------------------------------------------------


def house(
    sites: Mapping[str, str],
    *,
    on: date = WINTER,
    rooms: Mapping[str, int] | None = None,
    protocols: Mapping[str, Mapping[str, Any]] | None = None,
    **protocol: Any,
) -> Written:
    """A practice with these sites (each with its state) and nobody yet; an hour a session, half of it dosing."""
    places = sorted(set(sites.values()))
    law = {"state_registration": "no", "nurse_practitioner": {"ketamine": "yes", "autonomy": "independent"}}
    return Written(
        {
            "sites": [
                {"site": site, "jurisdiction": place, "supply": "patient", "rooms": str((rooms or {}).get(site, 1))}
                for site, place in sites.items()
            ],
            "practitioners": [], "licenses": [], "registrations": [], "coverage": [], "training": [], "hours": [],
            "absences": [], "agreements": [], "ties": [], "demand": [],
        },
        {
            "protocol": {"session_minutes": 60, "dosing_minutes": 30, **protocol},
            "protocols": {name: dict(own) for name, own in (protocols or {}).items()},
            "federal": {"telehealth": "yes"},
            "jurisdictions": {place: dict(law) for place in places},
            "modalities": {"parts": {"complementary": True}},
        },
        on,
    )  # fmt: skip


def someone(
    written: Written,
    id: str,
    profession: str,
    hours: Mapping[str, str] | None = None,
    *,
    presence: str = "",
    training: str = "16",
    **cells: str,
) -> None:
    """One more, who may do all that the profession allows at every site."""
    written.add("practitioners", practitioner=id, **cells)
    for place in sorted({row["jurisdiction"] for row in written.tables["sites"]}):
        written.add("licenses", practitioner=id, jurisdiction=place, profession=profession)
        if profession in ("physician", "nurse_practitioner"):
            written.add("registrations", practitioner=id, jurisdiction=place, schedules="3N")
    written.add("coverage", practitioner=id, carrier="Acorn", ketamine="yes", presence=presence)
    if training:
        written.add("training", practitioner=id, kind="kap", hours=training, practicum="no")
    for site, when in (hours or {}).items():
        written.add("hours", practitioner=id, site=site, when=when)


def morning() -> Written:
    """Dan all morning; Ana at 9, Ben from 10 to 12; Mia watches, if anything."""
    written = house({"north": "NY"}, protocols={"group": {"therapists": 2}})
    someone(written, "dan", "physician", {"north": "Mon 09:00-12:00"}, presence="dosing", roles="prescriber")
    someone(written, "ana", "psychologist", {"north": "Mon 09:00-10:00"})
    someone(written, "ben", "psychologist", {"north": "Mon 10:00-12:00"})
    someone(written, "mia", "registered_nurse", {"north": "Mon 09:00-12:00"})
    return written


# --- Asking -------------------------------------------------------------------------------------------------


def planned(written: Written, weeks: int = 1, **options: Any) -> Schedule:
    """The best sessions from the roster's day on."""
    return schedule(written.roster(), written.on, weeks, packs=NO_PACKS, **options)


def document(found: Schedule) -> dict[str, Any]:
    """A plan's JSON without the reasons why there is no more of it, which take longer than the plan."""
    return found.as_dict(why=False)


def saved(plan: Schedule | Mapping[str, Any]) -> SavedSchedule:
    """A plan after a round trip through its JSON."""
    told = document(plan) if isinstance(plan, Schedule) else plan
    return saved_schedule(json.loads(json.dumps(told)))


def as_json(session: Session) -> dict[str, Any]:
    """A session of the oracle, as JSON has it."""
    cells = dict(vars(session))
    for moment in ("start", "end"):
        cells[moment] = cells[moment] if isinstance(cells[moment], str) else cells[moment].isoformat()
    fields = ("site", "room", "start", "end", "prescribers", "therapists", "monitors", "protocol", "demand", "points")
    return {key: cells[key] for key in fields}


def saved_sessions(sessions: Iterable[Session], on: date, weeks: int = 1, unknown: str = "exclude") -> SavedSchedule:
    """Sessions of the oracle as a saved plan."""
    told = [as_json(session) for session in sessions]
    return saved({"sessions": told, "week": on.isoformat(), "weeks": weeks, "unknown": unknown})


def judged(written: Written, plan: SavedSchedule, **options: Any) -> Verified:
    """What kapteam's checker says of a plan."""
    return verify(plan, written.roster(), packs=NO_PACKS, **options)


def worth(found: Schedule) -> tuple[int, int, int]:
    """The levels that do not look at another plan."""
    return found.objective.value, found.objective.points, found.objective.spread


# --- Small ones, for the oracle -----------------------------------------------------------------------------

#: A winter week, and the weeks in which the clocks go back and forward (Arizona's do neither).
AUTUMN, SPRING = date(2026, 10, 26), date(2027, 3, 8)
_LANGUAGES = ("", "en", "en", "en;es")
_KINDS = {
    "short": {"session_minutes": 45, "dosing_minutes": 15},
    "pair": {"therapists": 2},
    "watched": {"monitors": 1},
    "group": {"therapists": 2, "monitors": 1, "session_minutes": 75},
    "stay": {"session_minutes": 100, "dosing_minutes": 50, "turnover_minutes": 10},
}


def rarely(times: int) -> st.SearchStrategy[bool]:
    """Once in so many draws, and one more."""
    return mostly(False, True, times=times)


@define
class Base:
    """Where and when almost everything happens: windows begin around one instant, told by each site's clock."""

    day: int
    slot: int
    ahead: Mapping[str, int]

    def window(self, site: str, begin: int, length: int) -> str:
        """A window from so many quarter hours after the base on; over midnight in two parts."""
        first = self.day * 96 + self.slot + self.ahead[site] + begin
        parts, end = [], first + length
        while first < end:
            day, stop = first // 96, min(end, (first // 96 + 1) * 96)
            clock = [f"{s // 4:02}:{s % 4 * 15:02}" for s in (first - day * 96, stop - day * 96)]
            parts.append(f"{_DAYS[day % 7]} {clock[0]}-{clock[1]}")
            first = stop
        return "; ".join(parts)


def window(day: int, first: int, length: int) -> str:
    """So many quarter hours of a day."""
    begin, end = (f"{slot // 4:02}:{slot % 4 * 15:02}" for slot in (first, first + length))
    return f"{_DAYS[day]} {begin}-{end}"


_DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
#: How far a state's clock is ahead of New York's in winter, in quarter hours.
_AHEAD = {"NY": 0, "CO": -8, "AZ": -8, "CA": -12}


@st.composite
def clinics(
    draw: st.DrawFn,
    *,
    people: tuple[int, int] = (4, 6),
    sites: tuple[int, int] = (1, 2),
    slack: int = 4,
    days: int = 2,
    teams: bool = False,
    luck: int = 1,
) -> Written:
    """A small roster of people who may do their part, with much that stands in each other's way.

    The more luck, the less is wrong with a person or a place; what is short stays short.
    """
    on = draw(mostly(WINTER, AUTUMN, SPRING, times=4))
    places = ["NY", *draw(st.lists(st.sampled_from(["NY", "CO", "AZ", "CA"]), min_size=1, max_size=1))]
    names = [f"s{n + 1}" for n in range(draw(st.integers(*sites)))]
    where = dict(zip(names, places, strict=False))
    session = draw(st.sampled_from([60, 60, 45, 100, 180, 50]))
    written = house(
        where,
        on=on,
        rooms={site: draw(mostly(2, 1, 1, 1, 3, 3, 0, times=5 * luck)) for site in names},
        session_minutes=session,
        dosing_minutes=draw(st.sampled_from([15, 30, 40, session])),
        turnover_minutes=draw(mostly(0, 10, 15, 30, times=2)),
        travel_minutes=draw(st.sampled_from([30, 0, 15, 60, 100])),
        therapists=draw(st.sampled_from([2, 2, 1]) if teams else mostly(1, 2, times=4)),
        monitors=draw(st.sampled_from([0, 0, 1]) if teams else mostly(0, 1, times=6)),
        solo=draw(mostly(True, False, times=4)),
    )
    written.practice["protocols"] = {
        name: {**own, "dosing_minutes": min(own.get("dosing_minutes", 30), own.get("session_minutes", session))}
        for name, own in _KINDS.items()
    }
    if draw(rarely(3)):
        written.practice["weights"] = dict.fromkeys(oracles.WEIGHTS, 0)
    if draw(rarely(7)):
        written.practice["rules"] = {"team.ties": draw(st.sampled_from(["warn", "off"]))}
    if draw(rarely(5)):
        written.practice["jurisdictions"]["NY"]["presence"] = draw(st.sampled_from(["available", "dosing"]))
    demanded(draw, written, names, luck)
    asked = {written.practice["protocols"].get(row.get("protocol", ""), {}).get("session_minutes", session)
             for row in written.tables["demand"]} | {session}  # fmt: skip
    length = -(-max(asked) // 15)
    base = Base(
        draw(mostly(0, 6, 2, times=3)) if on == WINTER else draw(mostly(6, 0, times=4)),
        draw(st.sampled_from([36, 36, 40, 92, 4, 6])),
        {site: _AHEAD[place] for site, place in where.items()},
    )
    for number in range(draw(st.integers(*people))):
        member(draw, written, number, base, length, slack, days, luck)
    between(draw, written)
    return written


def member(
    draw: st.DrawFn, written: Written, number: int, base: Base, length: int, slack: int, days: int, luck: int
) -> None:
    """One more: the first prescribes, the second sits; the others whatever they like."""
    id = "abcdefgh"[number]
    kind = _FIRST[number] if number < len(_FIRST) else draw(st.sampled_from(_REST))
    profession, roles = kind
    sites = [row["site"] for row in written.tables["sites"]]
    hours: dict[str, str] = {}
    for site in draw(mostly(sites, sites[:1], sites[-1:], times=2 * luck)):
        begin, more = draw(st.sampled_from([0, 0, 0, 1, -1, 2])), draw(st.integers(0, slack))
        windows = [base.window(site, begin, length + more)]
        if days > 1 and draw(rarely(2)):
            windows.append(base.window(site, 96 + begin, length + draw(st.integers(0, 1))))
        hours[site] = "; ".join(windows)
    prescribes = profession in ("physician", "nurse_practitioner")
    cells = {
        "roles": roles,
        "modalities": draw(st.sampled_from(["", "", "parts"])),
        "languages": draw(st.sampled_from(_LANGUAGES)),
        "max_sessions_per_week": draw(mostly("", "1", "2", "3", "0", times=12 * luck)),
        "max_sessions_per_day": draw(mostly("", "1", "2", times=6)),
        "max_concurrent_sessions": draw(mostly("2", "", "", "3", "3", "1", "0", times=5 * luck)) if prescribes else "",
        "max_concurrent_dosing": draw(mostly("", "1", "2", times=3)) if prescribes else "",
    }
    someone(
        written, id, profession, hours,
        presence=draw(st.sampled_from(["throughout", "dosing", "dosing", "available", "none", ""]))
        if prescribes else draw(mostly("", "available", times=5)),
        training=draw(st.sampled_from(["16", "16", "32", "80"])),
        **cells,
    )  # fmt: skip
    edges(draw, written, id, base, luck)
    if draw(rarely(5 * luck)):
        written.tables["absences"].append({"practitioner": id, **draw(away(written.on, base))})


_FIRST = (("physician", "prescriber"), ("psychologist", "therapist"))
_REST = (
    ("physician", ""),
    ("physician", "prescriber;therapist"),
    ("physician", "prescriber"),
    ("nurse_practitioner", "prescriber;monitor"),
    ("psychologist", "therapist"),
    ("psychologist", "therapist"),
    ("registered_nurse", "monitor"),
    ("physician", "therapist;monitor"),
)


def edges(draw: st.DrawFn, written: Written, id: str, base: Base, luck: int) -> None:
    """Dates that begin or end within the weeks, and cells that nobody wrote."""
    day = written.on + timedelta(days=base.day)
    cut = draw(st.sampled_from([9] * 14 * luck + list(range(9))))
    if cut == 0:
        written.rows("licenses", practitioner=id)[0]["expires"] = day.isoformat()
    elif cut == 1:
        written.rows("coverage", practitioner=id)[0]["effective"] = (day + timedelta(days=1)).isoformat()
    elif cut in (2, 3):
        held = written.rows("coverage", practitioner=id)[0]
        later = {**held, "effective": (day + timedelta(days=1)).isoformat()}
        held["expires"] = day.isoformat()
        one = draw(st.sampled_from([held, later]))
        one.update(draw(st.sampled_from([{"max_concurrent_sessions": "1"}, {"presence": "dosing"}])))
        written.tables["coverage"].append(later)
    elif cut == 4:
        written.rows("hours", practitioner=id)[0]["until"] = day.isoformat()
    elif cut == 5:
        written.rows("hours", practitioner=id)[0]["from"] = (day + timedelta(days=1)).isoformat()
    elif cut == 6:
        written.rows("coverage", practitioner=id)[0]["ketamine"] = ""
    elif cut == 7:
        written.rows("training", practitioner=id)[0]["hours"] = ""
    elif cut == 8:
        written.add("training", practitioner=id, kind="modality", name="parts", completed=day.isoformat())


@st.composite
def away(draw: st.DrawFn, on: date, base: Base) -> Row:
    """Off for a day, or for some minutes of it, on the grid or off it."""
    day = on + timedelta(days=base.day + draw(mostly(0, 1, times=3)))
    if draw(st.booleans()):
        return {"start": day.isoformat(), "end": (day + timedelta(days=draw(st.integers(0, 1)))).isoformat()}
    begin = datetime.combine(day, time()) + timedelta(minutes=15 * base.slot + draw(st.sampled_from([0, 15, 20, 60])))
    end = begin + timedelta(minutes=draw(st.sampled_from([1, 15, 30, 50])))
    return {"start": begin.isoformat(timespec="minutes"), "end": end.isoformat(timespec="minutes")}


def demanded(draw: st.DrawFn, written: Written, sites: Sequence[str], luck: int) -> None:
    """Up to three rows at each site; where there is none a site takes whatever comes."""
    for site in sites:
        for _ in range(draw(st.sampled_from([0, 0, 1, 2, 2, 3]))):
            written.add(
                "demand",
                site=site,
                sessions=draw(mostly("2", "1", "4", "0", times=5 * luck)),
                priority=draw(mostly("", "1", "2", "3", times=3)),
                protocol=draw(mostly("", *_KINDS, times=5 * luck)),
                therapist=draw(mostly("", "b", "c", times=8 * luck)),
                modality=draw(mostly("", "parts", times=6 * luck)),
                language=draw(mostly("", "en", times=6 * luck)),
            )


def between(draw: st.DrawFn, written: Written) -> None:
    """Who would rather, and who would rather not."""
    ids = [row["practitioner"] for row in written.tables["practitioners"]]
    for _ in range(draw(st.integers(0, 2))):
        one, other = draw(st.lists(st.sampled_from(ids), min_size=2, max_size=2, unique=True))
        written.add("ties", a=one, b=other, kind=draw(st.sampled_from(["prefers", "worked_with", "avoids"])))


@st.composite
def otherwise(draw: st.DrawFn, written: Written) -> Written:
    """A slightly different roster of the same people, sites and rows of demand."""
    other = written.copy()
    for _ in range(draw(st.integers(1, 4))):
        change(draw, other)
    return other


def change(draw: st.DrawFn, other: Written) -> None:
    """One thing about one of the people or places."""
    people = other.tables["practitioners"]
    one = draw(st.sampled_from(people[:3]))
    id = one["practitioner"]
    what = draw(
        st.sampled_from(["training", "later", "hours", "later", "cap", "hours", "away", "once", "rooms", "avoids"])
    )
    mine = other.rows("hours", practitioner=id)
    if what == "hours" and mine:
        other.tables["hours"].remove(draw(st.sampled_from(mine)))
    elif what == "later" and mine:
        begin = datetime.combine(other.on, time(9)) + timedelta(days=draw(st.sampled_from([0, 6])))
        end = begin + timedelta(minutes=draw(st.sampled_from([15, 30, 45])))
        other.add("absences", practitioner=id, start=begin.isoformat(), end=end.isoformat())
    elif what == "cap":
        one["max_sessions_per_day"] = draw(st.sampled_from(["", "1", "2"]))
    elif what == "rooms":
        draw(st.sampled_from(other.tables["sites"]))["rooms"] = draw(st.sampled_from(["1", "2", "3"]))
    elif what == "away":
        day = (other.on + timedelta(days=draw(st.sampled_from([0, 6])))).isoformat()
        other.add("absences", practitioner=id, start=day, end=day)
    elif what == "once":
        one["max_concurrent_sessions"] = draw(st.sampled_from(["1", "2"]))
    elif what == "training":
        for row in other.rows("training", practitioner=id):
            row["hours"] = draw(st.sampled_from(["80", "16"]))
    elif what == "avoids":
        other.add("ties", a=people[0]["practitioner"], b=people[-1]["practitioner"], kind="avoids")


# --- Larger ones, for a second engine -----------------------------------------------------------------------


def district(seed: int, people: int, sites: Sequence[str] = ("NY", "NY", "CO"), **protocol: Any) -> Written:
    """A few clinics whose people work hours of their own: everybody may, and only time and rooms are short.

    Points do not look at a typical week, so that a second engine can tell them from the tables.
    """
    chance = random.Random(seed)
    where = {f"s{n + 1}": place for n, place in enumerate(sites)}
    rooms = {site: chance.randint(1, 3) for site in where}
    protocol = {"session_minutes": 120, "turnover_minutes": 15, "travel_minutes": 45, **protocol}
    written = house(where, rooms=rooms, **protocol)
    written.practice["weights"] = {"time": 0}
    for number in range(people):
        prescribes = number % 4 == 0
        hours: dict[str, str] = {}
        for site in chance.sample(sorted(where), 2 if chance.random() < 0.3 else 1):
            windows = []
            for day in sorted(chance.sample(range(5), chance.randint(2, 4))):
                first = chance.randrange(32, 44) + _AHEAD[where[site]] % 8
                windows.append(window(day, first, chance.randrange(9, 24)))
            hours[site] = "; ".join(windows)
        someone(
            written, f"q{number:02}", "physician" if prescribes else "psychologist", hours,
            presence="throughout" if prescribes else "",
            training=str(chance.randrange(16, 90)),
            roles="prescriber" if prescribes else "therapist",
            max_concurrent_sessions=str(chance.choice([1, 1, 2, 3])) if prescribes else "",
            max_sessions_per_week=chance.choice(["", "", "1", "2", "3"]),
        )  # fmt: skip
    ids = [row["practitioner"] for row in written.tables["practitioners"]]
    for _ in range(people // 3):
        one, other = chance.sample(ids, 2)
        written.add("ties", a=one, b=other, kind=chance.choice(["prefers", "worked_with", "avoids"]))
    return written
