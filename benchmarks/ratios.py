"""Ratios of kapteam's seconds to something else's, their noise, and which have moved since a table was written."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from statistics import median
from typing import Any

from attrs import asdict, frozen

#: A move that is smaller than this is not told, however quiet both runs were: another machine has other caches.
LEAST = 1.1


@frozen
class Ratio:
    """How many times as long kapteam takes as something that does the same kind of work.

    Attributes
    ----------
    beside : str
        What that is.
    ratio : float
        The median over all turns.
    low, high : float
        The range over all turns without the least and the greatest, where there are five turns or more.
    """

    beside: str
    ratio: float
    low: float
    high: float

    @classmethod
    def of(cls, beside: str, turns: Sequence[float]) -> Ratio:
        """Of the ratio in each turn."""
        ordered = sorted(turns)
        kept = ordered[1:-1] if len(ordered) >= 5 else ordered
        return cls(beside, *(float(f"{x:.4g}") for x in (median(ordered), kept[0], kept[-1])))

    @classmethod
    def joined(cls, several: Sequence[Ratio]) -> Ratio:
        """Of processes that measured the same: the median of their medians, and the range of all."""
        middle = float(f"{median(one.ratio for one in several):.4g}")
        return cls(several[0].beside, middle, min(one.low for one in several), max(one.high for one in several))

    def moved_from(self, before: Ratio) -> float | None:
        """By what factor this is more than it was; None where that is no more than noise.

        It is more than noise where the two ranges do not meet and the medians are a tenth apart.
        """
        factor = self.ratio / before.ratio
        apart = self.low > before.high or self.high < before.low
        return factor if apart and max(factor, 1 / factor) > LEAST else None


@frozen
class Table:
    """What was measured on one machine: a ratio by name."""

    machine: Mapping[str, Any]
    rows: Mapping[str, Ratio]

    @classmethod
    def of(cls, document: str) -> Table:
        """As :meth:`as_json` wrote it."""
        read = json.loads(document)
        return cls(read["machine"], {name: Ratio(**row) for name, row in read["rows"].items()})

    def as_json(self) -> str:
        """The table as a document."""
        document = {"machine": self.machine, "rows": {name: asdict(row) for name, row in self.rows.items()}}
        return json.dumps(document, ensure_ascii=False, indent=1) + "\n"

    @classmethod
    def joined(cls, several: Sequence[Table]) -> Table:
        """What processes measured on one machine, some of them only a part."""
        names = list(dict.fromkeys(name for table in several for name in table.rows))
        rows = {name: Ratio.joined([table.rows[name] for table in several if name in table.rows]) for name in names}
        return cls(several[0].machine, rows)

    def only(self, names: Sequence[str] | None) -> Table:
        """Some of the rows; all where no names are given."""
        return self if names is None else Table(self.machine, {n: row for n, row in self.rows.items() if n in names})

    def moved_from(self, before: Table) -> dict[str, float]:
        """By name: the factor by which a ratio of both tables has moved, where it has."""
        factors = {name: self.rows[name].moved_from(before.rows[name]) for name in self.rows if name in before.rows}
        return {name: factor for name, factor in factors.items() if factor is not None}


def told(before: Table, now: Table) -> str:
    """What a person reads: what moved, what is new and what is gone, and where the machines differ."""
    return "\n".join([*_moves(before, now), *_others(before, now)])


def _moves(before: Table, now: Table) -> Iterator[str]:
    moved = now.moved_from(before)
    if not moved:
        yield f"Nothing moved: {len(set(now.rows) & set(before.rows))} ratios are where they were, within their noise."
        return
    yield f"{len(moved)} of {len(now.rows)} ratios moved by more than their noise:"
    yield ""
    yield "| what | beside | was | is | kapteam is now |"
    yield "|---|---|--:|--:|---|"
    for name, factor in sorted(moved.items(), key=lambda move: -move[1]):
        row = now.rows[name]
        words = f"{factor:.2f}x slower" if factor > 1 else f"{1 / factor:.2f}x faster"
        yield f"| {name} | {row.beside} | {_range(before.rows[name])} | {_range(row)} | {words} |"


def _others(before: Table, now: Table) -> Iterator[str]:
    new, gone = sorted(set(now.rows) - set(before.rows)), sorted(set(before.rows) - set(now.rows))
    differ = [
        f"{key} {before.machine.get(key, 'none')} (now {now.machine.get(key, 'none')})"
        for key in sorted({*before.machine, *now.machine})
        if before.machine.get(key) != now.machine.get(key)
    ]
    for said, names in (("Not in the table", new), ("Not measured now", gone), ("The table was written with", differ)):
        if names:
            yield f"{said}: {', '.join(names)}."


def _range(row: Ratio) -> str:
    return f"{row.ratio:.3g} ({row.low:.3g}-{row.high:.3g})"
