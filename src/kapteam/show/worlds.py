"""What a Monte Carlo over unknown facts found, for a person to read."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from kapteam.matching.confirm import IfConfirmed
from kapteam.show.plan import to_ask
from kapteam.show.words import count, person, rests_on
from kapteam.sweeps.one_person import OneInWorlds, Share
from kapteam.sweeps.worlds import Drawn, InWorlds, Worlds

_NAMED = 3  # people whose facts have one chance
_SHOWN = 60  # rows: more are for a program, which asks for --json


def shown_worlds(found: Worlds) -> Iterator[Any]:
    """The answer, the chances it was asked with, and those whose team hangs on unknown facts."""
    from rich.table import Table
    from rich.text import Text

    yield Text(headline(found), style="bold")
    if found.worlds < found.asked:
        yield Text(_stopped(found), style="bold")
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
        yield from _more(len(hang))
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


def _chances(found: Drawn) -> Iterator[Any]:
    from rich.table import Table
    from rich.text import Text

    facts = found.links.facts
    if found.chances:
        yield Text("Supposed, not known: the chance that a fact nobody wrote down turns out well", style="bold")
        table = Table(box=None, pad_edge=False, padding=(0, 1, 0, 2), show_header=False)
        for chance in found.chances:
            named = [person(facts, one) for one in chance.people[:_NAMED]]
            more = len(chance.people) - len(named)
            told = ", ".join(named) + (f" and {more:,} more" if more else "")
            table.add_row(chance.rule, f"{chance.chance:g}", told)
        yield table
    if found.unused:
        yield Text(f"A chance was given, and nothing is unknown: {', '.join(found.unused)}.")
    if found.chances or found.unused:
        yield Text()


def shown_one_in_worlds(found: OneInWorlds) -> Iterator[Any]:
    """The person's share, the chances it was asked with, and the facts that it hangs on."""
    from rich.table import Table
    from rich.text import Text

    facts = found.links.facts
    for one in found.people:
        yield Text(_share_of(found, one), style="bold")
    if found.worlds < found.asked:
        yield Text(_stopped(found), style="bold")
    yield Text()
    yield from _chances(found)
    told = [h for h in found.hangs_on if h.shows or h.practitioner == found.practitioner]
    if told:
        yield Text("Teamed, where a fact turns out well and where it does not", style="bold")
        table = Table(box=None, pad_edge=False, padding=(0, 1, 0, 2), header_style="dim")
        for name in ("", "as", "well", "badly"):
            table.add_column(name, justify="right" if name in ("well", "badly") else "left", overflow="fold")
        for h in told[:_SHOWN]:
            asked = to_ask(facts, IfConfirmed(h.practitioner, h.rule, 0, 0))
            table.add_row(f"{asked} ({h.practitioner})", h.role, _of(h.well), _of(h.badly))
        yield table
        yield from _more(len(told))
    if rest := len(found.hangs_on) - len(told):
        yield Text(f"{count(rest, 'unknown fact')} near them: no difference that so many worlds show.")
    if found.hangs_on:
        yield Text()
        yield Text(f"Intervals have {found.level:.0%} confidence (Wilson); seed {found.seed}.", style="dim")
    yield Text(rests_on(found.links), style="dim")


def _more(rows: int) -> Iterator[Any]:
    from rich.text import Text

    if rows > _SHOWN:
        yield Text(f"  ... and {rows - _SHOWN:,} more: --json has them all")


def _share_of(found: OneInWorlds, one: InWorlds) -> str:
    name = f"{person(found.links.facts, one.practitioner)}, {one.role}"
    today = "teamed" if one.today else "not teamed"
    if one.settled:
        always = "in every world" if one.share else "in no world"
        return f"{name}: teamed {always}; no unknown fact can change it (today {today})."
    return (
        f"{name}: teamed in {one.share:.1%} of {count(found.worlds, 'world')}, between {_between(one)} (today {today})."
    )


def _of(share: Share | None) -> str:
    return "" if share is None else f"{share.share:.1%}"


def _stopped(found: Drawn) -> str:
    return f"Stopped, not complete: {found.worlds:,} of {found.asked:,} worlds were drawn."


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
