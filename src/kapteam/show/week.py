"""A plan of sessions in the order that a manager reads: the answer, the week by site, what is not met and why."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import date
from itertools import groupby
from typing import TYPE_CHECKING, Any

from kapteam.advice.check import expiring
from kapteam.columns.facts import Facts
from kapteam.law.day import FEDERAL
from kapteam.sessions.days import Days
from kapteam.sessions.schedule import Schedule, Session
from kapteam.show.bounds import COMMAND, Bounds
from kapteam.show.plan import question, warned
from kapteam.show.words import NOT_ADVICE, asked_for, count, made_up, person, place

if TYPE_CHECKING:
    from rich.table import Table

_TOLD = 40  # reasons that are told to a person; the JSON has them all
_CHANGES = 4  # what begins or ends in the weeks


def shown_schedule(plan: Schedule, bounds: Bounds = COMMAND) -> Iterator[Any]:
    """The parts of a plan, as rich renderables."""
    from rich.text import Text

    yield Text(answer(plan), style="bold")
    yield from warned(plan.days.links(0, None).rulebook)
    if plan.keeping.conflicts:
        for conflict in plan.keeping.conflicts:
            yield Text(f"  {conflict.message}  [{conflict.constraint}]")
        return
    yield Text(_levels(plan))
    yield Text()
    facts = plan.days.facts(0)
    by_site = Counter(s.site for s in plan.sessions)
    for site in facts.sites:
        here = [s for s in bounds.first(plan.sessions) if s.site == site]
        if here:
            yield Text(f"{place(facts, site)}   {count(by_site[site], 'session')}", style="bold")
            yield _timetable(facts, here, several=facts.roster.places[site].rooms > 1)
            yield Text()
    if len(plan.sessions) > bounds.rows:
        yield from bounds.more(len(plan.sessions))
        yield Text()
    yield from _each(plan, facts, bounds)
    yield from _to_verify(plan, facts)
    if plan.cancelled:
        yield Text("No more", style="bold")
        for session in plan.cancelled:
            people = " + ".join(session.people)
            yield Text(f"  {session.site} {session.start:%a %Y-%m-%d %H:%M}  {people}")
        yield Text()
    yield from _reasons(plan)
    yield Text(_rests_on(plan), style="dim")


def answer(plan: Schedule) -> str:
    """The answer in one line."""
    calendar, worth = plan.days.calendar, plan.objective
    when = f"from {calendar.monday}"
    when = f"in the week {when}" if calendar.weeks == 1 else f"in {calendar.weeks} weeks {when}"
    if plan.keeping.conflicts:
        return f"No plan {when} keeps what was to be kept:"
    sessions = count(worth.sessions, "session")
    of = f", worth {worth.value:,}" if worth.value != worth.sessions else ""
    if plan.solved.levels["value"].proven:
        return f"{sessions} {when}{of}, and no plan has more (proven)."
    return f"{sessions} {when}{of}; no plan is worth more than {plan.bound['value']:,} (a gap of {plan.gap:,})."


def _levels(plan: Schedule) -> str:
    levels, said = plan.solved.levels, []
    for name in ("points", "spread", "changes"):
        if name == "changes" and plan.previous is None:
            continue
        level = levels[name]
        side = "at most" if name == "points" else "at least"
        proof = "proven" if level.proven else f"not proven: {side} {level.bound:,}"
        told = {
            "points": f"{level.reached:,} points",
            "spread": f"the busiest therapist has {count(level.reached, 'session')} more than the least busy",
            "changes": f"{count(level.reached, 'change')} from the previous plan",
        }[name]
        said.append(f"{told} ({proof})")
    return "; ".join(said) + "."


def _timetable(facts: Facts, sessions: list[Session], *, several: bool) -> Table:
    from rich.table import Table

    table = Table(box=None, show_header=True, pad_edge=False, padding=(0, 1, 0, 2), header_style="dim")
    watched = any(s.monitors for s in sessions)
    kinds = any(s.protocol or s.demand for s in sessions)
    columns = ["", "time", *(["room"] if several else []), "prescriber", "therapist"]
    columns += [*(["monitor"] if watched else []), *(["for"] if kinds else [])]
    for name in columns:
        table.add_column(name, overflow="fold", no_wrap=name in ("", "time", "room"))
    for day, those in groupby(sessions, key=lambda s: s.start.date()):
        for i, s in enumerate(those):
            solo = s.therapists == s.prescribers
            who = "alone, as both" if solo else ", ".join(_name(facts, t) for t in s.therapists)
            row = [f"{day:%a %m-%d}" if i == 0 else "", f"{s.start:%H:%M}-{s.end:%H:%M}"]
            row += [str(s.room)] if several else []
            row += [_name(facts, s.prescribers[0]), f"{who} ?" if s.to_verify else who]
            row += [", ".join(_name(facts, m) for m in s.monitors)] if watched else []
            row += [asked_for(facts, s)] if kinds else []
            table.add_row(*row)
    return table


def _name(facts: Facts, id: str) -> str:
    return facts.roster.people[id].label


def _each(plan: Schedule, facts: Facts, bounds: Bounds) -> Iterator[Any]:
    """Who has how many sessions."""
    from rich.table import Table
    from rich.text import Text

    counts = {role: Counter(p for s in plan.sessions for p in getattr(s, role)) for role in _ROLES}
    people = sorted({p for c in counts.values() for p in c}, key=lambda p: (-counts["therapists"][p], p))
    if not people:
        return
    yield Text("Sessions each", style="bold")
    table = Table(box=None, show_header=True, pad_edge=False, padding=(0, 1, 0, 2), header_style="dim")
    shown = [role for role in _ROLES if counts[role]]
    table.add_column("")
    for role in shown:
        table.add_column(_ROLES[role], justify="right")
    for id in bounds.first(people):
        table.add_row(person(facts, id), *(str(counts[role][id] or "") for role in shown))
    yield table
    yield from bounds.more(len(people))
    yield Text()


_ROLES = {"prescribers": "prescribes", "therapists": "sits", "monitors": "watches"}


def _to_verify(plan: Schedule, facts: Facts) -> Iterator[Any]:
    """The unknown facts that sessions rest on, as questions."""
    from rich.table import Table
    from rich.text import Text

    if not plan.to_verify:
        return
    marked = sum(bool(s.to_verify) for s in plan.sessions)
    rests = "rests on a fact that nobody wrote down" if marked == 1 else "rest on facts that nobody wrote down"
    yield Text(f"To verify first (?): {count(marked, 'session')} {rests}", style="bold")
    table = Table(box=None, show_header=False, pad_edge=False, padding=(0, 1, 0, 2))
    for fact, sessions in plan.to_verify:
        who = " and ".join(person(facts, facts.people[code]) for code in fact.people)
        table.add_row(
            f"{who} at {place(facts, facts.sites[fact.site])}", question(fact.rule), count(sessions, "session")
        )
    yield table
    yield Text()


def _reasons(plan: Schedule) -> Iterator[Any]:
    from rich.text import Text

    if not plan.reasons:
        return
    yield Text("Why not more", style="bold")
    for reason in plan.reasons[:_TOLD]:
        yield Text(f"  {reason.message}")
    if len(plan.reasons) > _TOLD:
        yield Text(f"  and {len(plan.reasons) - _TOLD} more: kapteam schedule ... --json", style="dim")
    yield Text()


def _rests_on(plan: Schedule) -> str:
    """What the plan rests on, and what of it begins or ends in the weeks that are planned."""
    days = plan.days
    changes = sorted({*_ends(days), *_begins(days)})
    shown = "; ".join(f"{words} {verb} {day}" for day, words, verb in changes[:_CHANGES])
    more = f"; and {len(changes) - _CHANGES} more" if len(changes) > _CHANGES else ""
    begins = f" In these weeks: {shown}{more}." if changes else ""
    return " ".join(filter(None, [f"{NOT_ADVICE} Each day judged by its own law.{begins}", made_up(days.roster)]))


def _ends(days: Days) -> Iterator[tuple[date, str, str]]:
    """What ends within the weeks, so that the next day may be judged otherwise."""
    facts, calendar = days.facts(0), days.calendar
    for one in expiring(facts, calendar.days - 2):
        who = f"{person(facts, one.practitioner)}: " if one.practitioner else ""
        yield one.expires, f"{who}{one.what}", "until"


def _begins(days: Days) -> Iterator[tuple[date, str, str]]:
    """What begins within the weeks, after the first day."""
    facts, calendar = days.facts(0), days.calendar
    first, last = calendar.monday, calendar.date(calendar.days - 1)
    for table, cell, what in _BEGINNING:
        for row in days.roster.table(table):
            begin = getattr(row, cell)
            if begin is not None and first < begin <= last:
                whose = person(facts, row.practitioner) if row.practitioner else row.site
                yield begin, f"{whose}: {what}", "from"
    for place_ in (FEDERAL, *facts.jurisdictions):
        for entry in facts.law.packs.entries(place_):
            if entry.from_ is not None and first < entry.from_ <= last:
                yield entry.from_, f"law of {place_}: {entry.key.replace('_', ' ')}", "from"


#: Where a row says from when on it holds, and what it is then.
_BEGINNING = (
    ("licenses", "issued", "a licence"),
    ("registrations", "issued", "a registration"),
    ("coverage", "effective", "a policy"),
    ("agreements", "effective", "an agreement"),
    ("training", "completed", "a training"),
    ("hours", "from_", "hours"),
)
