"""What a cell can hold: how it is read, shown, described and put into a JSON Schema."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping
from datetime import date, time, timedelta
from decimal import Decimal
from numbers import Integral
from types import MappingProxyType
from typing import Any

from kapteam.records.problems import Misread, nearest

#: What a reader may find in a cell: text from CSV, real values from a workbook, JSON or code.
Cell = Any

#: What JSON Schema says of the commonest kinds; an id or a code may stand as a number.
TEXT: dict[str, Any] = {"type": "string"}
WORD: dict[str, Any] = {"type": ["string", "number"]}
DATE: dict[str, Any] = {"type": "string", "format": "date"}
YES_NO: dict[str, Any] = {"enum": ["yes", "no", True, False]}

#: The most characters a text may have: what a spreadsheet's cell holds.
LONGEST_TEXT = 32_767

_WHITE = "\t\n\r\x0b\x0c\x1c\x1d\x1e\x1f \x85\xa0\u1680" + "".join(map(chr, range(0x2000, 0x200B)))
_WHITE += "\u2028\u2029\u202f\u205f\u3000"
_INVISIBLE = "\ufeff\u200b\u2060"
_MARKS = "\xad\u200e\u200f\u202a\u202b\u202c\u202d\u202e"  # soft hyphens and directions, which copying brings along
_PLAIN = str.maketrans({**dict.fromkeys(_WHITE, " "), **dict.fromkeys(_INVISIBLE + _MARKS, "")})
# What XML (a workbook) cannot hold, and so no roster: control characters, half surrogate pairs.
_FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_EXACT = 2**53  # from here on a float no longer holds every whole number


def clean(text: str) -> str:
    """Text in its composed form (NFC) with no space around it; the inside stays as written.

    Line ends inside become plain newlines, as a workbook holds them.
    """
    if "\r" in text:
        text = text.replace("\r\n", "\n").replace("\r", "\n")
    if text.isascii():
        return text.strip()
    return unicodedata.normalize("NFC", text).strip(_WHITE + _INVISIBLE)


def plain(text: str) -> str:
    """:func:`clean`, with plain spaces and nothing invisible inside: for closed vocabularies."""
    return clean(text) if text.isascii() else clean(text.translate(_PLAIN))


def blank(cell: Cell) -> bool:
    """Whether nobody wrote anything there; an empty list is a blank, and so is a data frame's NaN."""
    if cell is None:
        return True
    if isinstance(cell, str):
        return not clean(cell)
    if isinstance(cell, (float, date)):
        return bool(cell != cell)  # NaN and pandas' NaT differ from themselves
    return isinstance(cell, (list, tuple, set, frozenset)) and all(blank(c) for c in cell)


def as_text(cell: Cell, expected: str = "text") -> str:
    """The cell as text; a whole number that Excel or pandas made a float is whole again.

    Raises
    ------
    Misread
        A date stands where text belongs: a spreadsheet turned a number or a word into a date.
    """
    if isinstance(cell, str):
        return cell
    for kind, name in ((date, "date"), (time, "time"), (timedelta, "time")):
        if isinstance(cell, kind):
            # A spreadsheet makes a date of 3-4 and of JAN1, and keeps nothing of what was typed.
            raise Misread(f"expected {expected}, not a {name}: format the cell as text and type it again")
    if isinstance(cell, bool):
        raise Misread(f"expected {expected}, not a yes/no value")
    if isinstance(cell, Integral):
        return str(int(cell))
    if isinstance(cell, float):
        if abs(cell) >= _EXACT:
            raise Misread(f"expected {expected}; a number this long has lost its last digits: format it as text")
        return str(int(cell)) if cell.is_integer() else repr(float(cell))
    if isinstance(cell, Decimal):
        return str(cell)
    raise Misread(f"expected {expected}, a single value and not a {type(cell).__name__}")


class Kind:
    """How one kind of cell is read and shown. Subclasses override :meth:`read`."""

    expected = "text"
    choices: tuple[str, ...] = ()
    schema: dict[str, Any] = TEXT

    def parse(self, cell: Cell) -> Any:
        """The value in a cell that is not blank.

        Raises
        ------
        Misread
            With what was expected and the nearest valid values.
        """
        return self.read(as_text(cell, self.expected))

    def read(self, text: str) -> Any:
        """The value of a text, trimmed; every character but control characters is welcome."""
        words = clean(text)
        if _FORBIDDEN.search(words):
            raise Misread(f"expected {self.expected} without control characters")
        if len(words) > LONGEST_TEXT:
            raise Misread(f"expected {self.expected} of {LONGEST_TEXT:,} characters at most")
        return words

    def show(self, value: Any) -> str:
        """The value as a file holds it; :meth:`parse` reads it back equal."""
        return str(value)

    def plain(self, value: Any) -> Any:
        """The value as JSON holds it."""
        return self.show(value)


class Text(Kind):
    """Free text, kept as written."""

    schema = WORD


class Id(Kind):
    """The user's own word for a person or a place; any character, matched exactly."""

    expected = "an id"
    schema = WORD


def _letters(word: str) -> str:
    """The letters alone: PA-C, P.A.-C. and pac are one."""
    return re.sub(r"[^a-z]", "", word.casefold())


class Choice(Kind):
    """One of a few words; capitals do not matter.

    Parameters
    ----------
    *choices : str
    meant : mapping of str to str
        What else people write, in small letters alone, and the word that it is answered with.
    """

    #: How close a word must be to be offered: in a short list, a worse one is another word and not a mistyped one.
    cutoff = 0.7

    def __init__(self, *choices: str, meant: Mapping[str, str] = MappingProxyType({})) -> None:
        self.choices = choices
        self._meant = {**{_letters(c): c for c in choices}, **meant}
        self._by_folded = {c.casefold(): c for c in choices}
        self.expected = "one of " + ", ".join(choices)
        self.schema = {"enum": list(choices)}

    def read(self, text: str) -> str:
        """The word as it is declared, however it is capitalised."""
        word = plain(text)
        found = self._by_folded.get(word.casefold())
        if found is None:
            meant = self._meant.get(_letters(word))
            close = (meant,) if meant else nearest(word, self.choices, cutoff=self.cutoff)
            raise Misread(f"expected {self.expected}", close)
        return found


class YesNo(Kind):
    """``yes`` or ``no``; nothing means unknown, never no."""

    expected = "yes or no (nothing means unknown)"
    choices = ("yes", "no")
    schema = YES_NO

    def parse(self, cell: Cell) -> bool:
        """A real truth value, or the word."""
        return cell if isinstance(cell, bool) else self.read(as_text(cell, self.expected))

    def read(self, text: str) -> bool:
        """``yes`` and ``no``, and nothing that only looks like them."""
        word = plain(text).casefold()
        if word not in ("yes", "no"):
            close = {"y": "yes", "true": "yes", "1": "yes", "n": "no", "false": "no", "0": "no"}.get(word)
            raise Misread(f"expected {self.expected}", [close] if close else nearest(word, self.choices))
        return word == "yes"

    def show(self, value: bool) -> str:
        """The word."""
        return "yes" if value else "no"


class Count(Kind):
    """A whole number, at least ``minimum``."""

    def __init__(self, minimum: int = 0, maximum: int = 10**6) -> None:
        self.minimum, self.maximum = minimum, maximum
        self.expected = f"a whole number, {minimum} or more"
        self.schema = {"type": ["integer", "string"], "minimum": minimum, "maximum": maximum}

    def read(self, text: str) -> int:
        """The number, within its limits."""
        match = re.fullmatch(r"([+-]?)0*([0-9]+?)(\.0+)?", plain(text))
        if not match or (match[1] == "-" and match[2] != "0"):
            raise Misread(f"expected {self.expected}")
        if len(match[2]) > 9 or int(match[2]) > self.maximum:
            raise Misread(f"expected a whole number, {self.maximum:,} at most")
        if int(match[2]) < self.minimum:
            raise Misread(f"expected {self.expected}")
        return int(match[2])

    def plain(self, value: int) -> int:
        """The number itself."""
        return value


class Number(Kind):
    """A decimal number between two limits, kept exact."""

    def __init__(self, minimum: int, maximum: int) -> None:
        self.minimum, self.maximum = Decimal(minimum), Decimal(maximum)
        self.expected = f"a number from {minimum} to {maximum:,}, with a point for decimals"
        self.schema = {"type": ["number", "string"], "minimum": minimum, "maximum": maximum}

    def read(self, text: str) -> Decimal:
        """The number, every digit of it."""
        word = plain(text)
        if re.fullmatch(r"[+-]?[0-9]{1,20},[0-9]{1,20}", word):
            raise Misread(f"expected {self.expected}", [word.replace(",", ".")])
        # Only plain digits: Decimal also takes NaN, Infinity and digits of other scripts.
        if (
            not re.fullmatch(r"[+-]?([0-9]{1,30}\.?[0-9]{0,30}|\.[0-9]{1,30})([eE][+-]?[0-9]{1,2})?", word)
            or not self.minimum <= (value := Decimal(word)) <= self.maximum
        ):
            raise Misread(f"expected {self.expected}")
        return value

    def show(self, value: Decimal) -> str:
        """Plain digits, with no zeros at the end."""
        text = format(value, "f") if value else "0"
        return text.rstrip("0").rstrip(".") if "." in text else text

    def plain(self, value: Decimal) -> int | float | str:
        """A JSON number where that is exact, else the text."""
        if value == value.to_integral_value():
            return int(value)
        return float(value) if Decimal(repr(float(value))) == value else self.show(value)


class Words(Kind):
    """A list, separated by ``;``, each item of one kind; none twice, in the order written.

    Parameters
    ----------
    item : Kind
        What each item is.
    in_cell : bool
        Whether the list must fit a cell: then an item cannot hold a ``;``, which a file could not tell from the
        separator.
    """

    def __init__(self, item: Kind, *, in_cell: bool = True) -> None:
        self.item, self.in_cell = item, in_cell
        self.expected = f"{item.expected}, several separated by ;"
        self.schema = {"type": ["array", "string"], "items": item.schema}

    def parse(self, cell: Cell) -> tuple[Any, ...]:
        """A list's items, or those of a text."""
        if isinstance(cell, (list, tuple, set, frozenset)):
            parts = sorted(cell, key=str) if isinstance(cell, (set, frozenset)) else cell
            if self.in_cell and any(isinstance(p, str) and ";" in p for p in parts):
                raise Misread("expected items without ; in them: it is what separates them in a file")
            return self._items(parts)
        text = as_text(cell, self.expected)
        try:
            return self._items(text.split(";"))
        except Misread as error:
            raise self._between_commas(text) or error from None

    def _between_commas(self, text: str) -> Misread | None:
        """What to say where each item would be good if commas parted them as ; does."""
        try:
            meant = self._items(re.split("[;,]", text)) if "," in text else ()
        except Misread:
            return None
        return Misread("expected items separated by ; and not by commas", [self.show(meant)]) if meant else None

    def _items(self, parts: Iterable[Cell]) -> tuple[Any, ...]:
        return tuple(dict.fromkeys(self.item.parse(p) for p in parts if not blank(p)))

    def show(self, value: tuple[Any, ...]) -> str:
        """The items with ``;`` between them."""
        return ";".join(self.item.show(v) for v in value)

    def plain(self, value: tuple[Any, ...]) -> list[Any]:
        """The items as a list."""
        return [self.item.plain(v) for v in value]
