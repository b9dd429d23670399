"""What a benchmark reports: one row a comparison, as Markdown and as JSON."""

from __future__ import annotations

import json
import os
import platform
from collections.abc import Callable, Iterable
from contextlib import suppress
from importlib.metadata import PackageNotFoundError, version
from typing import Any

import attrs
from attrs import frozen
from timing import Times, middle_half

PACKAGES = (
    "kapteam", "numpy", "highspy", "ortools", "networkx", "scipy", "rustworkx", "igraph", "matching", "pyjobshop",
    "polars", "duckdb", "attrs",
)  # fmt: skip


@frozen(kw_only=True)
class Row:
    """One comparison.

    Attributes
    ----------
    what, instance : str
    links : int or None
        Of the instance: those judged, or those that may be used.
    seconds : float or None
        kapteam's own median.
    beside : str
        What it is measured against.
    other : float or None
        The median of that.
    ratio : str
        Of the two, in words.
    spread : (float, float) or None
        The quartiles of kapteam's seconds over the other's, over all turns and seeds.
    same : str
        Whether the answers agree: ``yes``, ``no``, or what differs.
    goal : str
    met : bool or None
    """

    what: str
    instance: str
    links: int | None = None
    seconds: float | None = None
    beside: str = ""
    other: float | None = None
    ratio: str = ""
    spread: tuple[float, float] | None = None
    same: str = ""
    goal: str = ""
    met: bool | None = None


def times_faster(seconds: float, other: float) -> str:
    """``12x faster`` or ``1.5x slower``."""
    return f"{_short(other / seconds)}x faster" if other >= seconds else f"{_short(seconds / other)}x slower"


def times_as_long(seconds: float, other: float) -> str:
    """``1.26x``: how many times as long kapteam takes."""
    return f"{seconds / other:.2f}x"


def sides(
    times: Times, other: str, in_words: Callable[[float, float], str] = times_faster, *, own: str = "kapteam"
) -> dict[str, Any]:
    """The cells of a row that compare two things: the medians of both, and of their ratio turn by turn; its spread."""
    seconds, beside = times.median(own), times.median(other)
    ratio = in_words(times.ratio(own, other), 1)
    return {"seconds": seconds, "other": beside, "ratio": ratio, "spread": middle_half(times.ratios(own, other))}


def machine() -> dict[str, Any]:
    """What a reader has to know of where this ran: cores, and the versions of what is installed."""
    found = {"cores": os.cpu_count(), "python": platform.python_version()}
    for name in PACKAGES:
        with suppress(PackageNotFoundError):
            found[name] = version(name)
    return found


def as_markdown(rows: Iterable[Row], seeds: int) -> str:
    """The table, with a line on the machine below."""
    lines = [
        "| what | instance | links | kapteam | beside | takes | ratio | same answer | goal |",
        "|---|---|--:|--:|---|--:|--:|---|---|",
    ]
    for row in rows:
        goal = row.goal + ("" if row.met is None else ": met" if row.met else ": **missed**")
        cells = (
            row.what, row.instance, "" if row.links is None else f"{row.links:,}", _time(row.seconds), row.beside,
            _time(row.other), row.ratio + _spread(row), row.same, goal,
        )  # fmt: skip
        lines.append("| " + " | ".join(cells) + " |")
    of = machine()
    cores, versions = of.pop("cores"), ", ".join(f"{name} {number}" for name, number in of.items())
    lines += ["", f"{cores} cores; {versions}. Medians over {seeds} seed{'s' * (seeds != 1)}, taken in turns; "
              "in brackets the quartiles of the ratio over all turns."]  # fmt: skip
    return "\n".join(lines)


def as_json(rows: Iterable[Row], seeds: int) -> str:
    """The same as a JSON document; times in seconds."""
    document = {"machine": machine(), "seeds": seeds, "rows": [attrs.asdict(row) for row in rows]}
    return json.dumps(document, ensure_ascii=False, indent=1)


def _time(seconds: float | None) -> str:
    if seconds is None:
        return ""
    if seconds < 0.001:
        return f"{seconds * 1_000_000:.0f} µs"
    return f"{seconds * 1000:.1f} ms" if seconds < 0.1 else f"{seconds:.2f} s"


def _spread(row: Row) -> str:
    """`` (1.1-1.4)``: the quartiles the way round that the ratio is told."""
    if row.spread is None:
        return ""
    low, high = row.spread
    if row.ratio.endswith("faster"):
        low, high = 1 / high, 1 / low
    tell = _short if row.ratio.endswith(("faster", "slower")) else "{:.2f}".format
    return f" ({tell(low)}-{tell(high)})"


def _short(number: float) -> str:
    return f"{number:,.0f}" if number >= 10 else f"{number:.1f}"
