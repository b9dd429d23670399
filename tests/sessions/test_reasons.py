"""Why there are no more sessions: what a reason says is so, by the oracle's own judgement of what it names."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime

import attrs
import pytest
from hypothesis import event, given
from hypothesis import strategies as st

from clinics import clinics, house, planned, saved, someone
from kapteam.rules.rulebook import OWN
from kapteam.sessions.closed import Closed
from kapteam.sessions.meets import Offer
from kapteam.sessions.schedule import Schedule
from kapteam.sessions.solve import Level
from kapteam.sessions.why import Reason, explained
from schedule_oracle import (
    Session,
    World,
    candidates,
    monday_of,
    plan_of,
    room_free,
    tally_faults,
    together_faults,
)
from strategies import Written

SMALL = clinics(people=(4, 5), slack=2, luck=3)
TEAMS = clinics(people=(4, 5), slack=2, teams=True, luck=3)

#: What the oracle calls a limit.
LIMITS = {
    "busy": "busy", "concurrency": "concurrency", "dosing": "max_concurrent_dosing", "travel": "travel",
    "rooms": "rooms", "week": "max_sessions_per_week", "day": "max_sessions_per_day", "row": "demand",
}  # fmt: skip


def able(world: World, written: Written, weeks: int) -> list[Session]:
    """Sessions that are lawful by themselves, of prescribers who may oversee any."""
    offered = candidates(written, written.on, weeks)
    return [s for s in offered if world.concurrency(s.prescribers[0], world.date_of(s))]


class Told:
    """A plan, its reasons, and a second program that knows nothing of either."""

    def __init__(self, written: Written, found: Schedule, weeks: int = 1) -> None:
        self.written, self.found, self.weeks = written, found, weeks
        self.world = World(written, written.on, weeks, "exclude")
        self.plan = plan_of(found.as_dict(why=False))
        self.facts = found.days.facts(0)
        wanted = {n for n, row in self.world.demand.items() if int(row["sessions"])}
        self.lawful = [s for s in able(self.world, written, weeks) if s.demand is None or s.demand in wanted]
        self.reasons = explained(found)

    def session(self, offer: Offer) -> Session:
        """An offer as the oracle's session."""
        calendar, site, people = self.found.days.calendar, self.facts.sites[offer.kind.site], self.facts.people
        start = calendar.moment(offer.start, offer.kind.site).astimezone(UTC)
        names = [
            tuple(sorted(people[p] for p in those)) for those in ((offer.prescriber,), offer.therapists, offer.monitors)
        ]
        for session in sorted(self.lawful, key=self.full):  # by a row that asks for more, if there is one
            people = [session.prescribers, session.therapists, session.monitors]
            same = (session.site, session.begins, session.protocol) == (site, start, offer.kind.name)
            if same and people == names and (session.demand is None or session.demand in offer.rows):
                return session
        raise AssertionError(f"{names} at {site} {start} is not lawful by itself")

    def broken(self, session: Session) -> set[tuple[str, str]]:
        """What one more session breaks beside the plan: a limit, and whose."""
        more = [*self.plan, session]
        faults = [*together_faults(self.world, more), *tally_faults(self.world, more)]
        return {self.named(fault) for fault in faults}

    def named(self, fault: str) -> tuple[str, str]:
        kind, _, rest = fault.partition(": ")
        whose = rest.partition(" sessions at ")[2].partition(" at ")[0] if kind == "rooms" else rest.split()[0]
        return LIMITS[kind], whose.rstrip(":")

    def whose(self, limit: str, code: int) -> str:
        return (
            str(code) if limit == "demand" else self.facts.sites[code] if limit == "rooms" else self.facts.people[code]
        )

    def about(self, reason: Reason, session: Session) -> bool:
        """Whether a session is one of a row of demand, of a site, or one that seats a therapist."""
        about = reason.about
        if about.startswith("row "):
            return session.demand == int(about[4:])
        return about in (session.site, *session.therapists)

    def is_of(self, reason: Reason, session: Session) -> bool:
        """Whether a session is one of what a reason says that there is no more of."""
        beside = reason.about not in self.facts.sites or self.rooms_beside(session) >= self.used(reason.about)
        return self.about(reason, session) and beside

    def used(self, site: str) -> int:
        return max((s.room for s in self.plan if s.site == site), default=0)

    def rooms_beside(self, session: Session) -> int:
        """How many rooms of its site the plan holds at once, at most, while it would hold one."""
        mine = [s for s in self.plan if s.site == session.site]
        instants = [session.begins, *(s.begins for s in mine if session.begins <= s.begins < self.free(session))]
        return max(sum(s.begins <= i < self.free(s) for s in mine) for i in instants)

    def free(self, session: Session) -> datetime:
        return room_free(self.world, session)

    def full(self, session: Session) -> bool:
        """Whether the row of demand that it serves asks for no more that week."""
        week = monday_of(self.world.date_of(session))
        same = [s for s in self.plan if s.demand == session.demand and monday_of(self.world.date_of(s)) == week]
        return session.demand is not None and len(same) >= int(self.world.demand[session.demand]["sessions"])

    def meets_own(self, reason: Reason, session: Session, names: set[str]) -> bool:
        """Whether one of some people sits in it, and meanwhile is in another of what it is about."""
        own = [s for s in self.plan if self.about(reason, s)]
        meanwhile = [s for s in own if s.begins < session.ends and session.begins < s.ends]
        return any(names & session.hands & s.people for s in meanwhile)

    def on(self, days: tuple[int, ...]) -> set[date]:
        return {self.found.days.calendar.date(day) for day in days}


def is_true(told: Told, reason: Reason) -> None:
    """A reason, by what it was found from."""
    shut = {date for days, _ in reason.closed for date in told.on(days)}
    wanted = [s for s in told.lawful if told.is_of(reason, s)]
    rest = [s for s in wanted if told.world.date_of(s) not in shut]
    assert len(rest) == len(wanted), "a session is lawful on a day that is said to be closed"
    if reason.offer is not None:
        session = told.session(reason.offer)
        assert told.is_of(reason, session)
        named = {(limit, told.whose(limit, code)) for limit, code in reason.meets}
        assert named
        assert told.broken(session) == named
    everyone = {row["practitioner"] for row in told.world.tables["practitioners"]}
    if reason.hours:
        names = {told.facts.people[code] for code in reason.hours}
        assert all(told.meets_own(reason, one, names) for one in wanted)
    elif "all that is asked for" in reason.message:
        assert all(told.full(one) or told.meets_own(reason, one, everyone) for one in wanted)
    elif reason.offer is None and not reason.closed:
        assert not wanted
    for days, why in reason.closed:
        opens(told, reason, told.on(days), why)


def opens(told: Told, reason: Reason, dates: set[date], why: Closed) -> None:
    """What closes days does: without it there are sessions that are lawful by themselves on each of them."""
    other = told.written.copy()
    protocols = [other.practice["protocol"], *other.practice["protocols"].values()]
    if why.plain:
        if not why.rules:
            other.practice["rules"] = dict.fromkeys([r.id for r in OWN], "off")
            assert not open_on(told, other, reason) & dates
        return
    if why.rules:
        other.practice["rules"] = {**other.practice.get("rules", {}), **dict.fromkeys(why.rules, "off")}
    match why.constraint:
        case "absence":
            other.tables["absences"].clear()
        case "concurrency":
            who = other.rows("practitioners", practitioner=told.facts.people[why.pair[0]])[0]
            who["max_concurrent_sessions"] = "1"
        case _ if why.rules:
            pass
        case "team.ties":
            other.tables["ties"] = [row for row in other.tables["ties"] if row["kind"] != "avoids"]
        case _ if "watch" in why.words:
            for protocol in protocols:
                protocol["monitors"] = 0
        case _:
            for protocol in protocols:
                protocol.update(therapists=1, monitors=0)
    teams = any(k.protocol.therapists > 1 or k.protocol.monitors for k in told.found.kinds)
    if (why.rules or why.constraint == "concurrency") and teams:
        for protocol in protocols:
            protocol.update(therapists=1, monitors=0)
    if protocols[0].get("therapists", 1) == 1 and teams:
        for row in other.tables["demand"]:  # nobody else has to be found for it
            row.update(modality="", language="", therapist="")
    assert dates <= open_on(told, other, reason)


def open_on(told: Told, other: Written, reason: Reason) -> set[date]:
    """The dates on which a roster has sessions that are lawful by themselves, of what a reason is about."""
    world = World(other, other.on, told.weeks, "exclude")
    offered = [s for s in able(world, other, told.weeks) if told.about(reason, s)]
    return {told.world.date_of(s) for s in offered}


def is_complete(told: Told) -> None:
    """Everything of which there is less than there might be is told, once."""
    about = [r.about for r in told.reasons]
    for number, row in told.world.demand.items():
        has = sum(s.demand == number for s in told.plan)
        assert about.count(f"row {number}") == (has < int(row["sessions"]))
    seated = {t for s in told.plan for t in s.therapists}
    for code in range(len(told.facts.people)):
        if told.facts.candidate["therapist"][code] and told.facts.people[code] not in seated:
            assert about.count(told.facts.people[code]) == 1
    for site in told.world.undated.sites:
        rooms = int(told.world.undated.sites[site].get("rooms", "") or "1")
        lawful = any(s.site == site for s in told.lawful)
        if told.used(site) < rooms and (lawful or not told.world.rows_at(site)):
            assert site in about


@given(st.one_of(SMALL, TEAMS))
def test_every_reason_is_true(written: Written) -> None:
    told = Told(written, planned(written))
    is_complete(told)
    for reason in told.reasons:
        event(f"{reason.constraint}{' and more' if reason.closed and reason.offer else ''}")
        is_true(told, reason)


GAINS = (
    (r"one room more at (\w+) would add (\d+)", "sites", "rooms"),
    (
        r"(\w+) overseeing \d+ at once(?: \(the carrier's limit\))? would add (\d+)",
        "coverage",
        "max_concurrent_sessions",
    ),
    (r"one more for (\w+) a week would add (\d+)", "practitioners", "max_sessions_per_week"),
    (r"one more for (\w+) a day would add (\d+)", "practitioners", "max_sessions_per_day"),
    (r"one more for (\w+) dosing at once would add (\d+)", "practitioners", "max_concurrent_dosing"),
)


@given(st.one_of(SMALL, TEAMS))
def test_what_one_change_would_add_is_what_it_adds(written: Written) -> None:
    found = planned(written)
    said = {(*m.groups(), table, cell) for reason in found.reasons for pattern, table, cell in GAINS
            if (m := re.search(pattern, reason.message))}  # fmt: skip
    event(f"{len(said)} changes")
    for whose, adds, table, cell in said:
        event(cell)
        other = written.copy()
        for row in other.tables[table] if table == "sites" else other.rows("practitioners", practitioner=whose):
            if table != "coverage" and whose in (row.get("site"), row.get("practitioner")):
                row[cell] = str(int(row.get(cell) or 1) + 1)
        if table == "coverage":
            code = found.days.facts(0).person_code[whose]
            more = str(int(found.days.concurrency(0)[code]) + 1)
            for row in [*other.rows("coverage", practitioner=whose), *other.rows("practitioners", practitioner=whose)]:
                row[cell] = more
        assert planned(other).objective.value == found.objective.value + int(adds)


# --- What a person reads --------------------------------------------------------------------------------------


def clinic(rooms: int = 1, when: str = "Mon 09:00-10:00", **protocol: int) -> Written:
    """Dan prescribes and Ana sits, as long as a session lasts."""
    written = house({"north": "NY"}, rooms={"north": rooms}, **protocol)
    someone(written, "dan", "physician", {"north": when}, presence="dosing", roles="prescriber")
    someone(written, "ana", "psychologist", {"north": when}, roles="therapist")
    return written


def asking(written: Written, sessions: int, **cells: str) -> Written:
    written.add("demand", site="north", sessions=str(sessions), **cells)
    return written


def beside(written: Written, id: str = "ben", **cells: str) -> Written:
    """One more therapist, as long there."""
    someone(written, id, "psychologist", {"north": written.rows("hours", practitioner="ana")[0]["when"]}, **cells)
    return written


def without_licence_after(day: str, written: Written) -> Written:
    written.rows("licenses", practitioner="dan")[0]["expires"] = day
    return written


def avoiding(written: Written) -> Written:
    written.add("ties", a="ana", b="ben", kind="avoids")
    return written


def overseeing(number: int, written: Written) -> Written:
    written.rows("practitioners", practitioner="dan")[0]["max_concurrent_sessions"] = str(number)
    return written


def watched(written: Written) -> Written:
    someone(written, "mia", "registered_nurse", {"north": "Mon 09:00-10:00"}, roles="monitor")
    return written


ENDED = "no link there may be used; nearest is dan with ana: dan has no licence in New York that allows prescribing"
IN_HOURS = "no start is left in the hours of {}: each meets a session that they are in"


@pytest.mark.parametrize(
    ("written", "weeks", "about", "said"),
    [
        (asking(clinic(), 5), 1, "row 1", f"gets 1 of 5 sessions a week: {IN_HOURS.format('ana')}"),
        (without_licence_after("2026-12-09", asking(clinic(when="Mon-Fri 09:00-11:00"), 10)), 1, "row 1",
         f"gets 6 of 10 sessions a week from 2026-12-10 on: {ENDED}"),
        (without_licence_after("2026-12-09", asking(clinic(when="Mon-Fri 09:00-11:00"), 10)), 1, "row 1",
         f"; on the other days {IN_HOURS.format('ana')}"),
        (without_licence_after("2026-12-15", clinic(when="Mon-Fri 09:00-10:00")), 2, "north",
         f"north has no sessions from 2026-12-16 on: {ENDED}"),
        (watched(beside(overseeing(2, clinic(2, monitors=1)))), 1, "ben",
         "in the way: the other sessions of mia, the only one who may watch"),
        (watched(beside(overseeing(2, clinic(2, monitors=1)))), 1, "north",
         "1 of its 2 rooms is never used: no start fits while the others are in use in the hours of mia: each meets"),
        (beside(clinic(2)), 1, "ben",
         "in the way: dan's other sessions; dan overseeing 2 at once would add 1 session"),
        (overseeing(2, beside(clinic(1))), 1, "ben",
         "in the way: the room of north; one room more at north would add 1 session"),
        (avoiding(beside(clinic(therapists=2))), 1, "ana", "ana and ben are needed for it, and one avoids the other"),
        (clinic(monitors=1), 1, "ana", "has no session: nobody may watch there, and it needs a monitor"),
        (overseeing(0, clinic()), 1, "ana", "has no session: dan may oversee no session"),
        (beside(asking(overseeing(2, clinic(2)), 1)), 1, "ben", "all that is asked for and could be held is served"),
        (beside(asking(clinic(), 1, therapist="dan")), 1, "row 1", "dan, who is to bring the clients, is no therapist"),
        (asking(clinic(), 1, language="es"), 1, "row 1", "no therapist with hours there has es"),
        (asking(clinic(), 1, language="es"), 1, "ana", "nothing asks for what they bring where they have hours"),
        (asking(clinic(), 0), 1, "ana", "nothing is asked for where they have hours"),
    ],
)  # fmt: skip
def test_the_thing_itself_is_named(written: Written, weeks: int, about: str, said: str) -> None:
    found = planned(written, weeks)
    told = Told(written, found, weeks)
    (reason,) = [r for r in told.reasons if r.about == about and said.split(": ")[0] in r.message]
    assert said in reason.message
    is_true(told, reason)


def test_weeks_of_which_the_same_is_true_are_told_together() -> None:
    found = planned(asking(clinic(), 5), 3)
    assert [r.message for r in found.reasons] == [
        f"row 1 of demand (north) gets 1 of 5 sessions a week in every week: {IN_HOURS.format('ana')}"
    ]


def test_whoever_is_away_is_named_with_the_days() -> None:
    written = asking(clinic(when="Mon-Fri 09:00-10:00"), 5)
    written.add("absences", practitioner="ana", start="2026-12-08", end="2026-12-09")
    (reason,) = planned(written).reasons
    assert reason.constraint == "absence"
    assert "a week from 2026-12-08 to 2026-12-09: ana is away; on the other days no start is left" in reason.message


def test_a_fact_that_nobody_wrote_down_is_told_as_such() -> None:
    written = asking(clinic(), 1)
    written.rows("coverage", practitioner="ana")[0]["ketamine"] = ""
    found = planned(written)
    row = next(r for r in found.reasons if r.about == "row 1")
    assert row.constraint == "malpractice.ketamine"
    assert "nobody wrote down whether ana's policy with Acorn covers KAP [malpractice.ketamine, unknown]" in row.message


def test_without_time_to_look_nothing_else_is_said_to_be_in_the_way() -> None:
    found = planned(beside(asking(clinic(2), 5)))
    # As a search has it that was ended before it found anything.
    levels = {**found.solved.levels, "value": Level(0, found.bound["value"], False)}
    found.solved = attrs.evolve(found.solved, x=0 * found.solved.x, levels=levels)
    assert not found.sessions
    assert {r.constraint for r in found.reasons} == {"search"}
    assert all("not looked for long enough" in r.message for r in found.reasons)


def test_what_has_begun_closes_no_day() -> None:
    written = asking(clinic(when="Mon-Tue 09:00-10:00"), 5)
    before = saved(planned(written))
    found = planned(written, previous=before, begun=datetime(2026, 12, 8, 0, 0))
    (reason,) = found.reasons
    assert reason.message.endswith(f"gets 2 of 5 sessions a week: {IN_HOURS.format('ana')}")
    late = planned(written, previous=before, begun=datetime(2026, 12, 9, 0, 0))
    assert [r.message.partition(": ")[2] for r in late.reasons if r.about == "row 1"] == [
        "what has begun stays as it is, and no start fits after that"
    ]


def test_of_very_many_starts_some_are_looked_at() -> None:
    found = planned(beside(asking(clinic(when="Mon-Sun 00:00-24:00"), 200)), 2)
    (reason,) = (r for r in found.reasons if r.about == "row 1")
    assert "in every week: in the way: " in reason.message
    assert "dan's other sessions" in reason.message
