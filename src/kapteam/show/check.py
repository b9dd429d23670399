"""Problems, eligibility and what ends soon, for a person to read."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Any

from kapteam.advice.check import Eligibility, Expiring
from kapteam.network.links import Links
from kapteam.records.problems import Problem, RosterError
from kapteam.show.bounds import COMMAND, Bounds
from kapteam.show.words import MARKS, count, person, place, rests_on

_EACH = 5  # problems of one kind that are shown; a bad column has one in every row


def shown_problems(problems: Sequence[Problem], bounds: Bounds = COMMAND) -> Iterator[Any]:
    """Problems grouped by file, column and kind, the first of each kind shown."""
    lines = list(_lines(problems))
    yield from bounds.first(lines)
    yield from bounds.more(len(lines))


def _lines(problems: Sequence[Problem]) -> Iterator[Any]:
    from rich.text import Text

    kinds = Counter(_kind(p) for p in problems)
    shown: Counter[tuple[str, ...]] = Counter()
    for p in problems:
        shown[_kind(p)] += 1
        if shown[_kind(p)] <= _EACH:
            line = Text()
            line.append("✗ " if p.level == "error" else "! ", style="red" if p.level == "error" else "yellow")
            line.append(str(p))
            yield line
        if shown[_kind(p)] == kinds[_kind(p)] > _EACH:
            yield Text(
                f"  ... and {kinds[_kind(p)] - _EACH:,} more like this in {p.source or p.table}, {p.column or 'rows'}"
            )


def shown_errors(error: RosterError) -> Iterator[Any]:
    """A roster that cannot be used: its problems, and how many errors there are."""
    from rich.text import Text

    yield from shown_problems(error.problems)
    errors = sum(p.level == "error" for p in error.problems)
    yield Text(f"{count(errors, 'error')}: mend and try again; nothing was judged.", style="bold")


def shown_check(
    links: Links,
    warnings: Sequence[Problem],
    eligible: Eligibility,
    ends: Sequence[Expiring],
    within: int,
    bounds: Bounds = COMMAND,
) -> Iterator[Any]:
    """The roster is good: who may do what where, and what ends soon."""
    from rich.table import Table
    from rich.text import Text

    facts = links.facts
    yield Text(f"No errors; {count(len(warnings), 'warning')}.", style="bold")
    yield from shown_problems(warnings, bounds)
    yield Text()
    table = Table(box=None, pad_edge=False, padding=(0, 1, 0, 1), header_style="dim")
    for name in ("", "role", "person", "what is in the way"):
        table.add_column(name, overflow="fold")
    site = None
    for e in bounds.first(eligible.by_site()):
        if e.site != site:
            site = e.site
            table.add_row("", "", Text(place(facts, site), style="bold"))
        mark, style = MARKS[e.verdict]
        blocking = [f for f in e.findings if f.severity == "block"]
        failing = [f for status in ("fail", "unknown") for f in blocking if f.status == status]
        why = failing[0].message if failing else ""
        why += f" (and {len(failing) - 1} more)" if len(failing) > 1 else ""
        table.add_row(Text(mark, style=style), e.role, person(facts, e.practitioner), why)
    yield table
    yield from bounds.more(len(eligible))
    yield Text()
    yield Text(
        f"Ends within {count(within, 'day')}" if ends else f"Nothing ends within {count(within, 'day')}.",
        style="bold",
    )
    for x in bounds.first(ends):
        who = f"{person(facts, x.practitioner)}: " if x.practitioner else ""
        yield Text(f"  {x.expires}  {who}{x.what}")
    yield from bounds.more(len(ends))
    yield Text()
    yield Text(rests_on(links), style="dim")


def _kind(problem: Problem) -> tuple[str, ...]:
    return (problem.level, problem.source, problem.table, problem.column or "", problem.expected)
