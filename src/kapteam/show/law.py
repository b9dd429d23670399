"""What the packs know of a place, for a person to read."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import Any

from kapteam.law.coverage import Change, Coverage
from kapteam.law.entries import Entry
from kapteam.records.zones import state_name
from kapteam.rules.words import spoken
from kapteam.show.words import NOT_ADVICE, count


def shown_entries(entries: Sequence[Entry], day: date) -> Iterator[Any]:
    """Entries by jurisdiction and subject: those in force on the day, then what was and what will be."""
    from rich.padding import Padding
    from rich.text import Text

    about: tuple[str, str] | None = None
    for e in entries:
        if (e.jurisdiction, e.subject) != about:
            about = (e.jurisdiction, e.subject)
            place = "Federal law" if e.jurisdiction == "US" else state_name(e.jurisdiction)
            yield Text(f"{place}: {spoken(e.subject) or 'the whole place'}", style="bold")
        line = Text("  " if e.in_force(day) else "  (not on this day) ")
        line.append(f"{spoken(e.key)} = {value(e)}")
        line.append(f"  {dates(e)}{e.confidence} confidence, checked {e.checked}", style="dim")
        yield line
        for said in (e.note, e.source):
            if said:
                yield Padding(Text(said, style="dim"), (0, 0, 0, 6))
    yield Text()
    yield Text(f"{count(len(entries), 'entry', 'entries')}, seen from {day}. {NOT_ADVICE}", style="dim")


def shown_coverage(found: Mapping[str, Coverage], unknown: Sequence[tuple[str, str]], day: date) -> Iterator[Any]:
    """What is known, how sure."""
    from rich.table import Table
    from rich.text import Text

    table = Table(box=None, pad_edge=False, padding=(0, 1, 0, 1), header_style="dim")
    for name in ("", "cells", "known", "high", "medium", "low"):
        table.add_column(name, justify="right" if name else "left")
    for what, c in found.items():
        table.add_row(spoken(what), *(str(n) for n in (c.cells, c.known, c.high, c.medium, c.low)))
    yield table
    yield Text()
    if unknown:
        cells = ", ".join(f"{j} {spoken(p)}" for j, p in unknown)
        yield Text(f"Authority unknown: {cells}.")
    yield Text(f"Seen from {day}. {NOT_ADVICE}", style="dim")


def shown_changes(changes: Sequence[Change]) -> Iterator[Any]:
    """What is stated otherwise, a line each."""
    from rich.text import Text

    for c in changes:
        old, new = (("nothing" if e is None else value(e)) for e in (c.old, c.new))
        about = " ".join(w for w in (c.jurisdiction, spoken(c.subject), spoken(c.key)) if w)
        yield Text(f"{about}: {old} -> {new}")
        source = c.new or c.old
        if source is not None:
            yield Text(f"      {source.source}", style="dim")
    yield Text(f"{count(len(changes), 'change')}.", style="bold")


def value(entry: Entry) -> str:
    """A value as people say it."""
    return spoken(entry.value) if isinstance(entry.value, str) else " or ".join(map(spoken, entry.value))


def dates(entry: Entry) -> str:
    """From when until when, where it is known."""
    begins = f"from {entry.from_} " if entry.from_ else ""
    ends = f"until {entry.until} " if entry.until else ""
    return f"{begins}{ends}".rstrip() + ", " if begins or ends else ""
