"""The answer above a picture, in words."""

from __future__ import annotations

from kapteam.draw.marks import Mark, Text
from kapteam.draw.text import wrapped

_SIZE = 14.5
_QUIET = 11.0


def heading(answer: str, quiet: str, left: float, right: float, top: float) -> tuple[list[Mark], float]:
    """The answer, what is to be known with it, and where they end."""
    marks: list[Mark] = []
    y = top
    for words, size, kind in ((answer, _SIZE, ""), (quiet, _QUIET, "quiet")):
        for line in wrapped(words, right - left, size, bold=not kind):
            y += size * 1.35
            marks.append(Text(left, y, line, size, kind, bold=not kind))
        y += 4
    return marks, y + 6
