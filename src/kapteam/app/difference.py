"""What a what-if changes: teams, sessions, hours and money, before against after, in words."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import UTC, date

import attrs
from attrs import frozen

from kapteam.advice.changes import lead
from kapteam.app.edits import Hire
from kapteam.app.whatif import WhatIf
from kapteam.columns.facts import in_force
from kapteam.matching.match import Plan
from kapteam.records.hours import SLOT_MINUTES
from kapteam.records.roster import Roster
from kapteam.sessions.saved import SavedSession
from kapteam.sessions.schedule import Schedule, Session
from kapteam.show.words import count

MINUS = "\N{MINUS SIGN}"


@frozen
class Figure:
    """One number before and after.

    Attributes
    ----------
    name : str
    before, after : int
    """

    name: str
    before: int
    after: int

    @property
    def change(self) -> str:
        """Its change with its sign, or that there is none."""
        return signed(self.after - self.before) if self.after != self.before else "as before"


@frozen
class Place:
    """One therapist's place: with whom and where.

    Attributes
    ----------
    site, prescriber, therapist : str
    points, weekly_sessions : int
    mark : {"same", "gone", "new"}
    """

    site: str
    prescriber: str
    therapist: str
    points: int
    weekly_sessions: int
    mark: str


@frozen
class Meeting:
    """A session before and after.

    Attributes
    ----------
    before : SavedSession or Session or None
    after : Session or None
    mark : {"same", "moved", "gone", "new"}
    """

    before: SavedSession | Session | None
    after: Session | None
    mark: str


def teams_said(before: Plan, after: Plan) -> list[str]:
    """What becomes of the teams, in words; nothing where all is as before."""
    teamed, points = (
        after.objective.teamed - before.objective.teamed,
        after.objective.points - before.objective.points,
    )
    if teamed:
        return [f"{signed(teamed)} teamed"]
    if points:
        return [f"{signed(points)} points in the teams"]
    return ["other teams, as many"] if pairs(before) != pairs(after) else []


def week_said(before: Schedule, after: Schedule) -> list[str]:
    """What becomes of the week, in words; nothing where all is as before."""
    b, a = before.objective, after.objective
    found = [f"{signed(a.sessions - b.sessions)} {_word('session', a.sessions - b.sessions)}"] * (
        a.sessions != b.sessions
    )
    if a.value != b.value and a.sessions == b.sessions:
        found.append(f"{signed(a.value - b.value)} in the sessions' worth")
    marks = Counter(m.mark for m in meetings(before, after))
    if marks["moved"]:
        found.append(f"{count(marks['moved'], 'session')} changed")
    if a.sessions == b.sessions and marks["new"]:
        found.append(f"{count(marks['new'], 'session')} new, {marks['gone']:,} no more")
    return found


def costs_said(before: Roster, world: WhatIf, on: date) -> list[str]:
    """What it takes, in words: hours of people, dollars, days."""
    found = [
        f"{signed_hours(minutes)} a week of {world.roster.people[person].label}"
        for person, minutes in hours_changed(before, world.roster, on).items()
    ]
    dollars, days = sum(c.dollars for c in world.changes), lead(world.changes)
    found += [f"${dollars:,}"] * bool(dollars)
    found += [f"in {count(days, 'day')}"] * bool(days)
    found += ["hiring not counted"] * any(isinstance(e, Hire) and e not in world.idle for e in world.edits)
    return found


def rests_said(hoped: int, after: Plan, idle: Sequence[str]) -> str:
    """What of it rests on something unknown, and what makes no difference; empty where nothing does either.

    Parameters
    ----------
    hoped : int
        Answers on which it rests, and nobody has given.
    after : Plan
    idle : sequence of str
        Changes that make no difference, in words.
    """
    open_places = sum(bool(p.to_verify) for team in after.teams for p in team.therapists)
    parts = [f"{count(hoped, 'answer')} hoped for, which nobody has given yet"] * bool(hoped)
    parts += [f"unknown facts in {count(open_places, 'place')}, to be verified first"] * bool(open_places)
    said = [f"This rests on {' and on '.join(parts)}."] * bool(parts)
    if idle:
        said.append(
            f"{count(len(idle), 'change')} {'makes' if len(idle) == 1 else 'make'} no difference: {'; '.join(idle)}."
        )
    return " ".join(said)


def hours_changed(before: Roster, after: Roster, on: date) -> dict[str, int]:
    """By person of whom they change: the minutes a week on site that come (or go, if negative)."""
    was, now = _minutes(before, on), _minutes(after, on)
    people = {person: now[person] - was[person] for person in sorted({*was, *now}) if person in before.people}
    return {person: change for person, change in people.items() if change}


def same_teams(one: Plan, other: Plan) -> bool:
    """Whether two plans have the same teams, worth the same."""
    return (one.objective, one.teams) == (other.objective, other.teams)


def same_worth(one: Schedule, other: Schedule) -> bool:
    """Whether two weeks are worth the same; how much each changes of the week as it is does not count."""
    return attrs.evolve(one.objective, changes=0) == attrs.evolve(other.objective, changes=0)


def pairs(plan: Plan) -> set[tuple[str, str, str]]:
    """The site, prescriber and therapist of each place."""
    return {(t.site, t.prescriber, p.practitioner) for t in plan.teams for p in t.therapists}


def places(plan: Plan, other: Plan, mark: str) -> dict[str, dict[str, list[Place]]]:
    """The places of a plan by site and prescriber; ``mark`` is that of those which the other plan has not."""
    theirs = pairs(other)
    found: dict[str, dict[str, list[Place]]] = {}
    for team in plan.teams:
        found.setdefault(team.site, {})[team.prescriber] = [
            Place(
                team.site, team.prescriber, p.practitioner, p.points, p.weekly_sessions,
                "same" if (team.site, team.prescriber, p.practitioner) in theirs else mark,
            )
            for p in team.therapists
        ]  # fmt: skip
    return found


def meetings(before: Schedule, after: Schedule) -> list[Meeting]:
    """The sessions of both weeks, each once, by start: what it was and what it is."""
    found: list[Meeting] = []
    if before is after:
        return [Meeting(s, s, "same") for s in after.sessions]
    for session in after.sessions:
        was = after.was.get(session.uid)
        mark = "new" if was is None else "moved" if session.sequence > was.sequence else "same"
        found.append(Meeting(was, session, mark))
    found += [Meeting(gone, None, "gone") for gone in after.cancelled]
    return sorted(found, key=_when)


def figures(before: Plan, after: Plan) -> list[Figure]:
    """The numbers of the teams."""
    b, a = before.objective, after.objective
    return [Figure("therapists teamed", b.teamed, a.teamed), Figure("points of the teams", b.points, a.points)]


def week_figures(before: Schedule, after: Schedule) -> list[Figure]:
    """The numbers of the week."""
    b, a = before.objective, after.objective
    return [Figure("sessions in the week", b.sessions, a.sessions), Figure("worth of sessions", b.value, a.value)]


def signed(number: int) -> str:
    """A number with its sign.

    Examples
    --------
    >>> signed(2), signed(-1200)
    ('+2', '−1,200')
    """
    return f"{'+' if number > 0 else MINUS}{abs(number):,}"


def signed_hours(minutes: int) -> str:
    """Minutes as hours with their sign.

    Examples
    --------
    >>> signed_hours(-60), signed_hours(150)
    ('−1 hour', '+2.5 hours')
    """
    hours = f"{abs(minutes) / 60:g}"
    return f"{'+' if minutes > 0 else MINUS}{hours} {'hour' if hours == '1' else 'hours'}"


def _minutes(roster: Roster, on: date) -> Counter[str]:
    slots: dict[tuple[str, str], int] = {}
    for row in roster.hours:
        if row.when is not None and in_force(on, row.from_, row.until):
            key = row.practitioner, row.site
            slots[key] = slots.get(key, 0) | row.when.slots
    found: Counter[str] = Counter()
    for (person, _), week in slots.items():
        found[person] += week.bit_count() * SLOT_MINUTES
    return found


def _when(meeting: Meeting) -> tuple[str, str, str]:
    session = meeting.after or meeting.before
    assert session is not None
    return session.start.astimezone(UTC).isoformat(), session.site, "".join(session.therapists)


def _word(word: str, number: int) -> str:
    return word if abs(number) == 1 else f"{word}s"
