"""What a cell can hold: how it is read, shown, described and put into a JSON Schema."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from datetime import date, datetime, timedelta
from decimal import Decimal, InvalidOperation
from typing import Any

from kapteam.records.problems import Misread, nearest

#: What a reader may find in a cell: text from CSV, real values from a workbook, JSON or code.
Cell = Any

_SPACES = str.maketrans({"\u00a0": " ", "\u202f": " ", "\u2007": " "})
_INVISIBLE = "\ufeff\u200b\u2060"
_EXCEL_EPOCH = date(1899, 12, 30)


def clean(text: str) -> str:
    """Text in its composed form (NFC) with no space around it; the inside stays as written."""
    return unicodedata.normalize("NFC", text).strip().strip(_INVISIBLE).strip()


def plain(text: str) -> str:
    """:func:`clean`, and no-break spaces inside as plain ones: for closed vocabularies."""
    return clean(text).translate(_SPACES)


def blank(cell: Cell) -> bool:
    """Whether nobody wrote anything there; an empty list is a blank."""
    if cell is None:
        return True
    if isinstance(cell, str):
        return not clean(cell)
    return isinstance(cell, (list, tuple, set, frozenset)) and all(blank(c) for c in cell)


def as_text(cell: Cell) -> str:
    """The cell as text; a whole number that Excel or pandas made a float is whole again.

    Raises
    ------
    Misread
        A date stands where text belongs: a spreadsheet turned a number or a word into a date.
    """
    if isinstance(cell, str):
        return cell
    if isinstance(cell, (date, datetime)):
        raise Misread("expected text, but the spreadsheet turned it into a date: format the cell as text")
    if isinstance(cell, bool):
        raise Misread("expected text, not a yes/no value")
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    if isinstance(cell, (int, float, Decimal)):
        return str(cell)
    raise Misread(f"expected a single value, not {type(cell).__name__}")


class Kind:
    """How one kind of cell is read and shown. Subclasses override :meth:`read`."""

    expected = "text"
    choices: tuple[str, ...] = ()
    schema: dict[str, Any] = {"type": "string"}

    def parse(self, cell: Cell) -> Any:
        """The value in a cell that is not blank.

        Raises
        ------
        Misread
            With what was expected and the nearest valid values.
        """
        return self.read(as_text(cell))

    def read(self, text: str) -> Any:
        return clean(text)

    def show(self, value: Any) -> str:
        """The value as a file holds it; :meth:`parse` reads it back equal."""
        return str(value)

    def plain(self, value: Any) -> Any:
        """The value as JSON holds it."""
        return self.show(value)


class Text(Kind):
    """Free text, kept as written."""


class Id(Kind):
    """The user's own word for a person or a place; any character, matched exactly."""

    expected = "an id"


class Choice(Kind):
    """One of a few words; capitals do not matter."""

    def __init__(self, *choices: str) -> None:
        self.choices = choices
        self._by_folded = {c.casefold(): c for c in choices}
        self.expected = "one of " + ", ".join(choices)
        self.schema = {"enum": list(choices)}

    def read(self, text: str) -> str:
        word = plain(text)
        found = self._by_folded.get(word.casefold())
        if found is None:
            raise Misread(f"expected {self.expected}", nearest(word, self.choices))
        return found


class YesNo(Kind):
    """``yes`` or ``no``; nothing means unknown, never no."""

    expected = "yes or no (nothing means unknown)"
    choices = ("yes", "no")
    schema = {"enum": ["yes", "no", True, False]}

    def parse(self, cell: Cell) -> bool:
        return cell if isinstance(cell, bool) else self.read(as_text(cell))

    def read(self, text: str) -> bool:
        word = plain(text).casefold()
        if word not in ("yes", "no"):
            close = {"y": "yes", "true": "yes", "1": "yes", "n": "no", "false": "no", "0": "no"}.get(word)
            raise Misread(f"expected {self.expected}", [close] if close else nearest(word, self.choices))
        return word == "yes"

    def show(self, value: bool) -> str:
        return "yes" if value else "no"


class Count(Kind):
    """A whole number, at least ``minimum``."""

    def __init__(self, minimum: int = 0, maximum: int = 10**6) -> None:
        self.minimum, self.maximum = minimum, maximum
        self.expected = f"a whole number, {minimum} or more"
        self.schema = {"type": ["integer", "string"], "minimum": minimum, "maximum": maximum}

    def read(self, text: str) -> int:
        word = plain(text)
        if not re.fullmatch(r"[+-]?[0-9]+(\.0+)?", word):
            raise Misread(f"expected {self.expected}")
        value = int(word.split(".")[0])
        if value < self.minimum:
            raise Misread(f"expected {self.expected}")
        if value > self.maximum:
            raise Misread(f"expected a whole number, {self.maximum:,} at most")
        return value

    def plain(self, value: int) -> int:
        return value


class Number(Kind):
    """A decimal number between two limits, kept exact."""

    def __init__(self, minimum: int, maximum: int) -> None:
        self.minimum, self.maximum = Decimal(minimum), Decimal(maximum)
        self.expected = f"a number from {minimum} to {maximum:,}, with a point for decimals"
        self.schema = {"type": ["number", "string"], "minimum": minimum, "maximum": maximum}

    def read(self, text: str) -> Decimal:
        word = plain(text)
        if re.fullmatch(r"[+-]?[0-9]+,[0-9]+", word):
            raise Misread(f"expected {self.expected}", [word.replace(",", ".")])
        try:
            # Only plain digits: Decimal also takes NaN, Infinity and digits of other scripts.
            if not re.fullmatch(r"[+-]?([0-9]+\.?[0-9]*|\.[0-9]+)([eE][+-]?[0-9]{1,2})?", word):
                raise InvalidOperation
            value = Decimal(word)
        except InvalidOperation:
            raise Misread(f"expected {self.expected}") from None
        if not self.minimum <= value <= self.maximum:
            raise Misread(f"expected {self.expected}")
        return value

    def show(self, value: Decimal) -> str:
        return format(value.normalize(), "f") if value else "0"

    def plain(self, value: Decimal) -> int | float | str:
        if value == value.to_integral_value():
            return int(value)
        return float(value) if Decimal(repr(float(value))) == value else self.show(value)


class Day(Kind):
    """A date, ISO (``2026-12-07``) or a real date of the spreadsheet."""

    expected = "a date such as 2026-12-07"
    schema = {"type": "string", "format": "date"}

    def parse(self, cell: Cell) -> date:
        if isinstance(cell, datetime):
            if cell.time().isoformat() != "00:00:00":
                raise Misread(f"expected {self.expected}, without a time", [cell.date().isoformat()])
            return cell.date()
        if isinstance(cell, date):
            return cell
        return self.read(as_text(cell))

    def read(self, text: str) -> date:
        word = plain(text)
        if re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", word):
            try:
                return date.fromisoformat(word)
            except ValueError:
                raise Misread(f"expected {self.expected}: there is no such day") from None
        raise Misread(f"expected {self.expected}", _meant_days(word))

    def show(self, value: date) -> str:
        return value.isoformat()


class Moment(Day):
    """A date, or a date-time on the site's clock (``2026-12-07T13:30``)."""

    expected = "a date such as 2026-12-07, or a local date-time such as 2026-12-07T13:30"

    def parse(self, cell: Cell) -> date:
        if isinstance(cell, datetime):
            if cell.tzinfo is not None:
                raise Misread(f"expected {self.expected}, without a time zone")
            return cell
        return cell if isinstance(cell, date) else self.read(as_text(cell))

    def read(self, text: str) -> date:
        word = plain(text)
        if re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}[T ][0-9]{2}:[0-9]{2}(:[0-9]{2})?", word):
            try:
                return datetime.fromisoformat(word)
            except ValueError:
                raise Misread(f"expected {self.expected}: there is no such time") from None
        return super().read(word)

    def show(self, value: date) -> str:
        return value.isoformat(timespec="minutes") if isinstance(value, datetime) and not value.second else value.isoformat()


class Words(Kind):
    """A list, separated by ``;``, each item of one kind; none twice, in the order written."""

    def __init__(self, item: Kind) -> None:
        self.item = item
        self.expected = f"{item.expected}, several separated by ;"
        self.schema = {"type": ["array", "string"], "items": item.schema}

    def parse(self, cell: Cell) -> tuple[Any, ...]:
        parts: Iterable[Cell]
        if isinstance(cell, (list, tuple, set, frozenset)):
            parts = sorted(cell) if isinstance(cell, (set, frozenset)) else cell
        else:
            parts = as_text(cell).split(";")
        return tuple(dict.fromkeys(self.item.parse(p) for p in parts if not blank(p)))

    def show(self, value: tuple[Any, ...]) -> str:
        return ";".join(self.item.show(v) for v in value)

    def plain(self, value: tuple[Any, ...]) -> list[Any]:
        return [self.item.plain(v) for v in value]


def _meant_days(word: str) -> list[str]:
    """The dates that a writer of ``12/7/2026`` or of the bare serial ``46363`` may have meant."""
    if re.fullmatch(r"[0-9]{5}(\.0+)?", word):
        return [(_EXCEL_EPOCH + timedelta(days=int(word[:5]))).isoformat()]
    found: list[str] = []
    if match := re.fullmatch(r"([0-9]{1,2})[/.-]([0-9]{1,2})[/.-]([0-9]{4}|[0-9]{2})", word):
        a, b, year = (int(g) for g in match.groups())
        orders = [(year + 2000 if year < 100 else year, a, b), (year + 2000 if year < 100 else year, b, a)]
    elif match := re.fullmatch(r"([0-9]{4})[/.-]?([0-9]{1,2})[/.-]?([0-9]{1,2})", word):
        year, a, b = (int(g) for g in match.groups())
        orders = [(year, a, b)]
    else:
        return found
    for y, m, d in orders:
        try:
            found.append(date(y, m, d).isoformat())
        except ValueError:
            continue
    return list(dict.fromkeys(found))
