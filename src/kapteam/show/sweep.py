"""What a policy sweep found, for a person to read: the scenarios beside today, the best first."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from kapteam.show.words import count, rests_on
from kapteam.sweeps.sweep import Made, Swept

_SHOWN = 60  # rows: more are for a program, which asks for --json


def shown_sweep(found: Swept) -> Iterator[Any]:
    """The answer, then a line for each scenario that changes something, and the names of the others."""
    from rich.table import Table
    from rich.text import Text

    yield Text(headline(found), style="bold")
    if found.not_done:
        done, all_ = len(found.made), len(found.made) + len(found.not_done)
        yield Text(f"Stopped: {done:,} of {count(all_, 'scenario')} were judged.", style="bold")
    yield Text()
    now, changing = found.today, [one for one in found.made if one.changes]
    table = Table(box=None, pad_edge=False, padding=(0, 1, 0, 2), header_style="dim")
    table.add_column("", overflow="fold")
    for name in ("teamed", "", "points", "", "links", "", "with a partner", ""):
        table.add_column(name, justify="right", no_wrap=True)
    table.add_row(
        "as it is", f"{now.teamed:,}", "", f"{now.points:,}", "", f"{now.links_usable:,}", "",
        f"{now.therapists_covered:,}", "",
    )  # fmt: skip
    for one in changing[:_SHOWN]:
        table.add_row(one.scenario.name, *_cells(one))
    yield table
    if len(changing) > _SHOWN:
        yield Text(f"  ... and {len(changing) - _SHOWN:,} more: --json has them all")
    yield Text()
    same = [_told(found, one) for one in found.made if not one.changes]
    if same:
        told = "; ".join(same[:_SHOWN]) + ("; ..." if len(same) > _SHOWN else "")
        yield Text(f"Nothing of this changes under {count(len(same), 'scenario')}: {told}")
        yield Text()
    yield Text(rests_on(found.links), style="dim")


def headline(found: Swept) -> str:
    """The answer in one line."""
    now = f"{count(found.today.teamed, 'therapist')} {'is' if found.today.teamed == 1 else 'are'} teamed as it is"
    if not found.made:
        return f"{now}."
    best, worst = found.made[0], found.made[-1]
    said = []
    if best.more.teamed > 0:
        said.append(f"{best.more.teamed:,} more under {best.scenario.name!r}")
    if worst.more.teamed < 0:
        said.append(f"{-worst.more.teamed:,} fewer under {worst.scenario.name!r}")
    rest = " and ".join(said) or "as many under every scenario"
    return f"{now}; {rest} (each proven)."


def _told(found: Swept, one: Made) -> str:
    """A scenario that changes nothing, and why where it cannot: it is about places without a site."""
    facts, places = found.links.facts, one.scenario.places
    here = {facts.jurisdictions[code] for code in facts.site_jurisdiction.tolist()}
    return one.scenario.name + ("" if not places or here & set(places) else " (no site there)")


def _cells(one: Made) -> Iterator[str]:
    now, more = one.outcome, one.more
    for value, change in (
        (now.teamed, more.teamed), (now.points, more.points), (now.links_usable, more.links_usable),
        (now.therapists_covered, more.therapists_covered),
    ):  # fmt: skip
        yield f"{value:,}"
        yield f"{change:+,}" if change else ""
