"""What to do for more teams or sessions, to read: how many for how much, then each thing to ask and to do."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from kapteam.advice.changes import Change
from kapteam.advice.repair import Repair, Repairs, Weeks
from kapteam.show.words import count, money, person, rests_on

_STEPS = 12  # of the frontier; the JSON has them all


def shown_repair(found: Repairs) -> Iterator[Any]:
    """The answer, the frontier, and what the step that adds most takes."""
    from rich.text import Text

    yield Text(answer(found), style="bold")
    yield Text()
    if found.frontier:
        yield from _frontier(found)
        yield from _to_do(found.frontier[-1])
        yield from _renewals(found)
        yield Text("Each adds what it says only together with the others of its step.", style="dim")
    if found.weeks is not None and found.weeks.weighed:
        yield Text("Value counts each session by the priority of the demand that it serves.", style="dim")
    yield Text(rests_on(found.links), style="dim")


def answer(found: Repairs) -> str:
    """The answer in a line or two."""
    weeks = found.weeks
    if weeks is None:
        now, adds, more = f"{count(found.now, 'therapist')} teamed as it is.", "teams more", _teamed
    elif weeks.weighed:
        now = f"The best sessions {_of(weeks)} have a value of {found.now:,} as it is."
        adds, more = "adds more", _of_value
    else:
        now, adds, more = f"{count(found.now, 'session')} {_of(weeks)} as it is.", "adds more", _sessions
    if not found.frontier:
        if not found.offered:
            return f"{now} Nothing that could be mended {'would team' if weeks is None else 'would add'} more."
        if found.most:
            return f"{now} Nothing was found in time; at most {found.most:,} more could be{_within(found)}."
        return f"{now} Nothing of what could be mended {adds}{_within(found)}."
    best = found.frontier[-1]
    cost = money(best.dollars) if best.dollars else "no money"
    gained = f"{more(best.adds)} for {cost}"
    if not best.proven:
        return f"{now} {gained}; at most {found.most:,} more could be{_within(found)}, and a cheaper way may be missed."
    most = "" if found.most > best.adds else f", and nothing{_within(found)} {adds}"
    return f"{now} {gained}, in {count(best.days, 'day')}{most} (proven)."


def _teamed(adds: int) -> str:
    return f"{adds:,} more {'is' if adds == 1 else 'are'} teamed"


def _of_value(adds: int) -> str:
    return f"{adds:,} more is added"


def _sessions(adds: int) -> str:
    return f"{adds:,} more {'session is' if adds == 1 else 'sessions are'} held"


def _of(weeks: Weeks) -> str:
    first = f"from {weeks.first}"
    return f"of the week {first}" if weeks.count == 1 else f"of {weeks.count} weeks {first}"


def _within(found: Repairs) -> str:
    within = "" if found.budget is None else f" within ${found.budget:,}"
    return within if found.by is None else f"{within} by {found.by}"


def _frontier(found: Repairs) -> Iterator[Any]:
    from rich.table import Table
    from rich.text import Text

    table = Table(box=None, pad_edge=False, padding=(0, 1, 0, 2), header_style="dim")
    more = "more teamed" if found.weeks is None else "more value" if found.weeks.weighed else "more sessions"
    for name in (more, "dollars", "days", "things to do"):
        table.add_column(name, justify="right")
    table.add_column("")
    steps = found.frontier
    shown = steps if len(steps) <= _STEPS else (*steps[: _STEPS - 1], steps[-1])
    for one in shown:
        asks = sum(c.ask for c in one.changes)
        said = f"{count(asks, 'answer')} hoped for" if asks else ""
        said += "" if one.proven else ("; " if said else "") + "not proven least"
        table.add_row(f"{one.adds:,}", f"{one.dollars:,}", str(one.days), str(len(one.changes)), said)
    yield table
    if not found.whole:
        yield Text("  corners of the frontier: there are steps between them", style="dim")
    if len(steps) > len(shown):
        yield Text(f"  and {len(steps) - len(shown)} more: --json has them all", style="dim")
    yield Text()


def _to_do(step: Repair) -> Iterator[Any]:
    from rich.table import Table
    from rich.text import Text

    asks = [c for c in step.changes if c.ask]
    does = [c for c in step.changes if not c.ask]
    yield Text(f"What it takes for {step.adds:,} more", style="bold")
    for title, changes in (("ask, and hope that", asks), ("do", does)):
        if not changes:
            continue
        yield Text(f" {title}", style="dim")
        table = Table(box=None, show_header=False, pad_edge=False, padding=(0, 1, 0, 2))
        table.add_column("", overflow="fold")
        table.add_column("", justify="right", no_wrap=True)
        table.add_column("", justify="right", no_wrap=True)
        for change in _in_order(changes):
            table.add_row(change.words, money(change.dollars), count(change.days, "day"))
        yield table
    yield Text()


def _renewals(found: Repairs) -> Iterator[Any]:
    """What has to be renewed meanwhile, or less is gained."""
    from rich.table import Table
    from rich.text import Text

    if not found.renewals:
        return
    yield Text("Taken to be renewed: it ends before all of this is done", style="bold")
    table = Table(box=None, show_header=False, pad_edge=False, padding=(0, 1, 0, 2))
    for _ in range(2):
        table.add_column("", overflow="fold")
    for e in found.renewals[:_STEPS]:
        who = f"{person(found.links.facts, e.practitioner)}: " if e.practitioner else ""
        table.add_row(e.expires.isoformat(), who + e.what)
    yield table
    if len(found.renewals) > _STEPS:
        yield Text(f"  and {len(found.renewals) - _STEPS} more: kapteam check ROSTER --within DAYS", style="dim")
    yield Text("What it costs if one of them is not: kapteam resilience ROSTER", style="dim")
    yield Text()


def _in_order(changes: Sequence[Change]) -> list[Change]:
    """What takes longest first: it has to begin first."""
    return sorted(changes, key=lambda c: (-c.days, c.key))
