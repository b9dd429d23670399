"""What the lines and signs of a picture mean, beneath it."""

from __future__ import annotations

from collections.abc import Sequence

from attrs import frozen

from kapteam.draw.marks import Mark, Text, moved
from kapteam.draw.text import width

_LINE = 20.0
_SIZE = 11.0


@frozen
class Entry:
    """A sample, drawn around the origin and so wide, and what it means."""

    marks: Sequence[Mark]
    words: str
    wide: float


def legend(entries: Sequence[Entry], left: float, right: float, top: float) -> tuple[list[Mark], float]:
    """The entries side by side, in as many lines as it takes; and where they end."""
    marks: list[Mark] = []
    x, y = left, top + _LINE / 2
    for entry in entries:
        long = entry.wide + 6 + width(entry.words, _SIZE)
        if x > left and x + long > right:
            x, y = left, y + _LINE
        marks += [moved(mark, x + entry.wide / 2, y) for mark in entry.marks]
        marks.append(Text(x + entry.wide + 6, y + 4, entry.words, _SIZE, "quiet"))
        x += long + 18
    return marks, (y + _LINE / 2 if entries else top)
