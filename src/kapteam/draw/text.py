"""How wide text is before any font is known, and text cut to the room that there is."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator

#: How far each character from space to tilde reaches, in thousandths of the size: the widest of DejaVu Sans and Noto
#: Sans, which are wider than what most readers' machines write with.
_ASCII = (
    318, 401, 460, 838, 636, 950, 780, 275, 390, 390, 551, 838, 318, 361, 318, 372, 636, 636, 636, 636, 636, 636, 636,
    636, 636, 636, 337, 337, 838, 838, 838, 531, 1000, 684, 686, 698, 770, 632, 575, 775, 752, 339, 295, 656, 557, 907,
    760, 787, 605, 787, 695, 635, 611, 732, 684, 989, 685, 611, 685, 390, 372, 390, 838, 500, 500, 613, 635, 550, 635,
    615, 352, 635, 634, 278, 278, 579, 278, 974, 634, 612, 635, 635, 413, 521, 392, 634, 592, 818, 592, 592, 525, 636,
    551, 636, 838,
)  # fmt: skip
_OTHER = 900  # of letters of other scripts: few are wider, most are not
_WIDE = 1030  # of ideographs and pictures, which fill a square
_BOLD = 1.2  # how much wider bold letters are at most
_CUT = "…"
_LEFTWARD = "\u200f"  # what it follows and precedes is written from right to left, and so is the sign between


def width(text: str, size: float, *, bold: bool = False) -> float:
    """How many pixels a line of text takes at most, in the sans-serif fonts that are usual.

    Parameters
    ----------
    text : str
    size : float
        Of the font, in pixels.
    bold : bool

    Examples
    --------
    >>> width("Ana", 10)
    19.31
    >>> width("Ána", 10) == width("Ana", 10)
    True
    """
    return round(sum(map(_advance, text)) * size * (_BOLD if bold else 1) / 1000, 2)


def fitted(text: str, room: float, size: float, *, bold: bool = False) -> str:
    """The text, or as much of its beginning as the room holds, with a sign that it was cut.

    Examples
    --------
    >>> fitted("Dr. Inés Prado", 200, 12)
    'Dr. Inés Prado'
    >>> fitted("Dr. Inés Prado", 70, 12)
    'Dr. Inés P…'
    """
    text = " ".join(text.split())
    if width(text, size, bold=bold) <= room:
        return text
    kept = ""
    for part in _letters(text):
        if width(kept + part + _CUT, size, bold=bold) > room:
            break
        kept += part
    kept = kept.rstrip(" ,.;:-")
    return kept + _CUT + (_LEFTWARD if _is_leftward(kept) else "")


def wrapped(text: str, room: float, size: float, *, bold: bool = False) -> list[str]:
    """The text in lines that the room holds; a word too long for one is cut."""
    lines: list[str] = []
    for word in text.split():
        longer = f"{lines[-1]} {word}" if lines else word
        if lines and width(longer, size, bold=bold) <= room:
            lines[-1] = longer
        else:
            lines.append(fitted(word, room, size, bold=bold))
    return lines


def _is_leftward(text: str) -> bool:
    """Whether the last letter is of a script that is written from right to left."""
    strong = [d for d in map(unicodedata.bidirectional, text) if d in ("L", "R", "AL")]
    return bool(strong) and strong[-1] != "L"


def _advance(character: str) -> int:
    if " " <= character <= "~":
        return _ASCII[ord(character) - 32]
    if unicodedata.category(character) in ("Mn", "Me", "Cf"):
        return 0
    if unicodedata.east_asian_width(character) in "WF":
        return _WIDE
    base = unicodedata.normalize("NFD", character)[0]
    return _ASCII[ord(base) - 32] if base != character and " " <= base <= "~" else _OTHER


def _letters(text: str) -> Iterator[str]:
    """Each character with the marks that stand on it."""
    letter = ""
    for character in text:
        joins = unicodedata.category(character) in ("Mn", "Me", "Mc", "Cf") or letter.endswith("\u200d")
        if letter and not joins:
            yield letter
            letter = ""
        letter += character
    if letter:
        yield letter
