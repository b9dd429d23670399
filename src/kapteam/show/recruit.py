"""Whom to hire, for a person to read: who adds most, what a second one adds, and what the first must bring."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from kapteam.advice.hire import Gain, Hire
from kapteam.advice.profiles import THERAPISTS, ToAsk
from kapteam.advice.recruit import Recruited
from kapteam.columns.facts import Facts
from kapteam.records.zones import state_name
from kapteam.rules.words import listed, spoken
from kapteam.show.words import count, place, rests_on

_LATER = ("a 2nd", "a 3rd", "a 4th", "a 5th")


def shown_recruit(found: Recruited) -> Iterator[Any]:
    """The answer, the hires beside one another, what the first needs, what to ask."""
    from rich.padding import Padding
    from rich.text import Text

    facts = found.plan.links.facts
    yield Text(headline(found), style="bold")
    if found.why:
        yield Text(f"None teams more of the people who are already here: {found.why}.")
    yield Text()
    if found.hires:
        yield _table(facts, found.hires)
        yield Text()
        yield Text("The first needs", style="bold")
        for need in found.hires[0].needs:
            yield Padding(Text(f"· {need}"), (0, 0, 0, 2))
        if found.hires[0].also:
            yield Padding(Text(f"{_or(found.hires[0].also)} would add as much, but needs more"), (0, 0, 0, 2))
        yield Text()
    if found.to_ask:
        yield Text("To ask: not compared, for it is not known whether they may", style="bold")
        for ask in found.to_ask:
            yield Padding(Text(_question(ask)), (0, 0, 0, 2))
        yield Text()
    if found.hires:
        yield Text("  the rows of each hire, and what each needs: --json", style="dim")
    yield Text(rests_on(found.plan.links), style="dim")


def headline(found: Recruited) -> str:
    """The answer in one line."""
    facts = found.plan.links.facts
    therapists = int(facts.candidate["therapist"].sum())
    now = f"{found.objective.teamed} of {count(therapists, 'therapist')} "
    now += f"{'is' if found.objective.teamed == 1 or therapists == 1 else 'are'} teamed"
    if not found.hires:
        return f"{now}, and no hire adds anything."
    first = found.hires[0]
    gain = first.gains[0]
    adds = f"adds {count(gain.points, 'point')}"
    if gain.teamed:
        yours = f", {gain.of_the_roster or 'none'} of them already here" if gain.of_the_roster != gain.teamed else ""
        adds = f"teams {gain.teamed} more{yours}"
    where = f" at {place(facts, first.profile.site)}" if first.profile.site else ""
    return f"{now}. Hire {who(first)}{where}: that {adds}."


def who(hire: Hire) -> str:
    """Whom to hire, in words."""
    profile, said = hire.profile, _or(hire.professions)
    match profile.role:
        case "therapist":
            return "a therapist" if hire.professions == THERAPISTS else f"{said} as therapist"
        case "both":
            return f"{said} who prescribes and sits"
        case "collaborator":
            return f"{said} of {state_name(profile.jurisdiction)} who signs agreements"
    return f"{said} as prescriber"


def _or(professions: Sequence[str]) -> str:
    return listed([f"a {spoken(p)}" for p in professions], "or")


def _table(facts: Facts, hires: Sequence[Hire]) -> Any:
    from rich.console import Group
    from rich.padding import Padding
    from rich.table import Table

    further = max(len(hire.gains) for hire in hires) - 1
    table = Table(box=None, pad_edge=False, padding=(0, 1, 0, 2), header_style="dim")
    table.add_column("", min_width=30, overflow="fold")
    for name in ("teams", "of yours", "points", *_LATER[:further]):
        table.add_column(name, justify="right", no_wrap=True)
    for hire in hires:
        profile, gain = hire.profile, hire.gains[0]
        where = f"{place(facts, profile.site)}, {profile.when}" if profile.site else "no hours on site"
        steps = [_step(a, b) for a, b in zip(hire.gains, hire.gains[1:], strict=False)][: len(_LATER)]
        steps += ["-"] * (min(further, len(_LATER)) - len(steps))
        first = [f"{number:+,}" for number in (gain.teamed, gain.of_the_roster, gain.points)]
        table.add_row(Group(who(hire), Padding(where, (0, 0, 0, 2))), *first, *steps)
    return table


def _step(before: Gain, after: Gain) -> str:
    """What one more of the same adds: people where it teams more, else points."""
    teamed, points = after.teamed - before.teamed, after.points - before.points
    return f"{teamed:+,}" if teamed else f"{points:+,} points"


def _question(ask: ToAsk) -> str:
    known = {
        "unknown": "nothing that kapteam knows says",
        "limited": "only on a condition",
        "route": f"only {ask.note}, and [protocol] names no route",
    }[ask.known]
    note = f": {ask.note.rstrip('.')}" if ask.note and ask.known != "route" else ""
    return f"may a {spoken(ask.profession)} prescribe ketamine in {state_name(ask.jurisdiction)}? ({known}{note})"
