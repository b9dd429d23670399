"""Intervals by the bootstrap, for a person to read."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from kapteam.measures.bootstrap import LEVEL, Interval
from kapteam.show.words import count
from kapteam.sweeps.bootstrap import Bootstrapped


def shown_bootstrap(found: Bootstrapped) -> Iterator[Any]:
    """A line for each measure with its interval; or why there is none."""
    from rich.table import Table
    from rich.text import Text

    table = Table(box=None, pad_edge=False, padding=(0, 1, 0, 2), header_style="dim")
    for name in ("", "is", "between"):
        table.add_column(name, justify="right" if name == "is" else "left", overflow="fold")
    for one in found:
        table.add_row(one.measure, _told(one, one.value), "" if one.low is None else _between(one))
    yield table
    yield Text()
    yield Text(
        found.reason
        or f"{LEVEL:.0%} percentile intervals of {count(found.draws, 'draw')} of {count(found.parts, 'part')} of the "
        f"network, with replacement; seed {found.seed}."
    )


def _between(one: Interval) -> str:
    return f"{_told(one, one.low)} and {_told(one, one.high)}"


def _told(one: Interval, value: float | None) -> str:
    """A number of partners as it is; everything else is a share."""
    if value is None:
        return "not defined"
    return f"{value:.2f}" if one.measure == "partners_mean" else f"{value:.1%}"
