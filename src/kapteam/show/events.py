"""A plan of sessions as entries of people's calendars."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, timedelta
from zoneinfo import ZoneInfo

from kapteam.columns.facts import Facts
from kapteam.io.ical import Event
from kapteam.sessions.schedule import Schedule, Session
from kapteam.show.words import person


def events(plan: Schedule, of: Iterable[tuple[Session, bool]] | None = None) -> list[Event]:
    """The sessions of a plan, and those that it cancels, as calendar entries.

    Parameters
    ----------
    plan : Schedule
    of : iterable of (Session, bool), optional
        These only, each with whether it is cancelled; all otherwise.
    """
    facts = plan.days.facts(0)
    return [_event(plan, facts, session, gone) for session, gone in (everything(plan) if of is None else of)]


def everything(plan: Schedule) -> list[tuple[Session, bool]]:
    """Every session of a plan, and those that it cancels, each with whether it is cancelled."""
    return [*((s, False) for s in plan.sessions), *((s, True) for s in plan.cancelled)]


def per(plan: Schedule, whom: str) -> dict[str, list[Event]]:
    """One calendar for each ``practitioner`` or ``site`` that has any entry, by id."""
    roster = plan.days.roster
    ids = [p.practitioner for p in roster.practitioners] if whom == "practitioner" else [s.site for s in roster.sites]
    found: dict[str, list[tuple[Session, bool]]] = {id: [] for id in ids}
    for session, gone in everything(plan):
        was = plan.was.get(session.uid)
        for id in session.people if whom == "practitioner" else (session.site,):
            if id in found:
                found[id].append((session, gone))
        # Whoever was in it before and is not any more has it taken off their calendar.
        left = () if was is None else (*was.people,) if whom == "practitioner" else (was.site,)
        for id in left:
            if id in found and id not in session.people and id != session.site:
                found[id].append((session, True))
    return {id: events(plan, those) for id, those in found.items() if those}


def _event(plan: Schedule, facts: Facts, session: Session, gone: bool) -> Event:
    site = facts.roster.places.get(session.site)
    where = session.site if site is None else site.label
    known = facts.roster.people

    def names(ids: Iterable[str]) -> str:
        return ", ".join(person(facts, id) if id in known else id for id in ids)

    lines = [f"Prescriber: {names(session.prescribers)}", f"Therapist: {names(session.therapists)}"]
    if session.monitors:
        lines.append(f"Monitor: {names(session.monitors)}")
    if session.room:
        lines.append(f"Room {session.room}")
    if session.protocol:
        lines.append(f"Protocol: {session.protocol}")
    protocol = plan.days.roster.practice.protocols.get(session.protocol or "", plan.days.roster.practice.protocol)
    # A saved plan tells how far the clock is ahead, and not which clock it is.
    clock = session.start.tzinfo if site is None else ZoneInfo(str(site.timezone))
    dosing = session.start.astimezone(UTC) + timedelta(minutes=protocol.dosing_minutes)
    lines.append(f"Dosing until {dosing.astimezone(clock):%H:%M}")
    what = f"KAP session ({session.protocol})" if session.protocol else "KAP session"
    address = f", {site.address}" if site is not None and site.address else ""
    return Event(
        session.uid, session.sequence, session.start.astimezone(clock), session.end.astimezone(clock),
        f"{what}: {where}", f"{where}{address}", "\n".join(lines), gone,
    )  # fmt: skip
