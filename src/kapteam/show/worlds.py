"""What a Monte Carlo over unknown facts found, for a person to read."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from kapteam.show.words import count, person, rests_on
from kapteam.sweeps.worlds import InWorlds, Worlds

_SHOWN = 60  # rows: more are for a program, which asks for --json


def shown_worlds(found: Worlds) -> Iterator[Any]:
    """The answer, the chances it was asked with, and those whose team hangs on unknown facts."""
    from rich.table import Table
    from rich.text import Text

    yield Text(headline(found), style="bold")
    if found.worlds < found.asked:
        yield Text(f"Stopped: {found.worlds:,} of {found.asked:,} worlds were drawn.", style="bold")
    yield Text()
    yield from _chances(found)
    facts, hang = found.links.facts, [p for p in found.people if 0 < p.worlds < found.worlds]
    hang.sort(key=lambda p: (-p.worlds, p.practitioner, p.role))
    if hang:
        yield Text("Teamed in some worlds and not in others", style="bold")
        table = Table(box=None, pad_edge=False, padding=(0, 1, 0, 2), header_style="dim")
        for name in ("", "as", "share", "between", "today"):
            table.add_column(name, justify="right" if name == "share" else "left", overflow="fold")
        for p in hang[:_SHOWN]:
            today = "teamed" if p.today else ""
            table.add_row(person(facts, p.practitioner), p.role, f"{p.share:.1%}", _between(p), today)
        yield table
        if len(hang) > _SHOWN:
            yield Text(f"  ... and {len(hang) - _SHOWN:,} more: --json has them all")
        yield Text()
    yield Text(_others(found), style="dim")
    yield Text(rests_on(found.links), style="dim")


def headline(found: Worlds) -> str:
    """The answer in one line."""
    teamed, worlds = found.teamed, count(found.worlds, "world")
    therapists = count(int(found.links.facts.candidate["therapist"].sum()), "therapist")
    if not found.chances:
        return f"No fact that blocks a link is unknown: {teamed.today:,} of {therapists} are teamed in every world."
    if teamed.least == teamed.most:
        return f"{teamed.least:,} of {therapists} are teamed in each of {worlds} (today {teamed.today:,})."
    return (
        f"{teamed.mean:,.1f} of {therapists} are teamed on average over {worlds}, from {teamed.least:,} to "
        f"{teamed.most:,}; in nine of ten {teamed.quantiles['0.05']:,} to {teamed.quantiles['0.95']:,} "
        f"(today {teamed.today:,})."
    )


def _chances(found: Worlds) -> Iterator[Any]:
    from rich.table import Table
    from rich.text import Text

    if not found.chances:
        return
    yield Text("Supposed, not known: the chance that a fact nobody wrote down turns out well", style="bold")
    table = Table(box=None, pad_edge=False, padding=(0, 1, 0, 2), show_header=False)
    for chance in found.chances:
        table.add_row(chance.rule, f"{chance.chance:g}", f"of {count(chance.facts, 'person', 'people')}")
    yield table
    yield Text()


def _between(p: InWorlds) -> str:
    return f"{p.low:.1%} and {p.high:.1%}"


def _others(found: Worlds) -> str:
    """How many are in a team whatever the world, or in none."""
    therapists = [p for p in found.people if p.role == "therapist"]
    always = sum(p.worlds == found.worlds for p in therapists)
    never = sum(p.worlds == 0 for p in therapists)
    return (
        f"{count(always, 'therapist')} teamed in every world drawn, {never:,} in none. Shares lie between the two with "
        f"{found.level:.0%} confidence (Wilson); seed {found.seed}."
    )
