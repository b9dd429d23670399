"""How a value stands in a file that has no lists, dates or unknowns; read back as the value that it was."""

from __future__ import annotations

import json
import math
import re
from datetime import date, datetime
from typing import Any

from kapteam.records.arrays import own

_ISO = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}(T[0-9]{2}:[0-9]{2}(:[0-9]{2}(\.[0-9]{3,6})?)?([+-][0-9]{2}:[0-9]{2})?)?")
_NUMBER = re.compile(r"-?(0|[1-9][0-9]{0,299})(\.[0-9]{1,300})?([eE][+-]?[0-9]{1,3})?")
_LONGEST = 10**300  # longer whole numbers are no numbers to most tools
_WORDS = {"true": True, "false": False, "null": None}
# What XML cannot hold, or gives back otherwise: control characters, half surrogate pairs, a carriage return.
_FORBIDDEN = re.compile("[\x00-\x08\x0b-\x1f\ud800-\udfff\ufffe\uffff]")
_HALF = re.compile("[\ud800-\udfff]")


class Unwritable(ValueError):
    """A value that no file can hold, told in words."""


def in_json(value: Any) -> Any:
    """A value as JSON has it: a date as its ISO text, and a text that could be taken for one in quotes of its own.

    Raises
    ------
    Unwritable
        It is none of text, numbers, yes and no, dates, None, and lists and mappings by text of these.
    """
    match own(value):
        case None | bool() as plain:
            return plain
        case int() as whole:
            if abs(whole) >= _LONGEST:
                raise Unwritable("expected a number of 300 digits at most")
            return whole
        case float() as number:
            if not math.isfinite(number):
                raise Unwritable(f"expected a number, not {number}")
            return number
        case str() as text:
            return text if not text.startswith('"') and _dated(text) is None else _json(text)
        case date() as day:
            return day.isoformat()
        case list() | tuple() as items:
            return [in_json(item) for item in items]
        case dict() as mapping if all(isinstance(key, str) for key in mapping):
            return {key: in_json(item) for key, item in mapping.items()}
    raise Unwritable(
        "expected text, a number, yes or no, a date, None, or a list or a mapping of these by text, "
        f"not {type(value).__name__}"
    )


def from_json(value: Any) -> Any:
    """The value that :func:`in_json` gave; a tuple is a list."""
    if isinstance(value, str):
        return _unquoted(value) if value.startswith('"') else value if (day := _dated(value)) is None else day
    if isinstance(value, list):
        return [from_json(item) for item in value]
    if isinstance(value, dict):
        return {key: from_json(item) for key, item in value.items()}
    return value


def in_text(value: Any) -> str:
    """A value as text: a text as it is; what is none as JSON writes it, and so a text that could be taken for that.

    Examples
    --------
    >>> from datetime import date
    >>> [in_text(v) for v in ("hudson", "7", 7, True, None, date(2026, 12, 7), ["a", "b"])]
    ['hudson', '"7"', '7', 'true', 'null', '2026-12-07', '["a", "b"]']
    """
    text = own(value)
    if isinstance(text, str):
        return text if _stands_for_itself(text) else _json(text)
    said = in_json(text)
    return said if isinstance(said, str) else _json(said)


def from_text(text: str) -> Any:
    """The value that :func:`in_text` gave."""
    if text in _WORDS:
        return _WORDS[text]
    if text[:1] in ("[", "{"):
        try:
            return from_json(json.loads(text))
        except (ValueError, RecursionError):
            return text
    if _NUMBER.fullmatch(text):
        return json.loads(text)
    return from_json(text)


def xml_safe(text: str) -> bool:
    """Whether XML holds a text and gives it back."""
    return not _FORBIDDEN.search(text)


def escaped(json_text: str) -> str:
    """JSON whose half surrogate pairs, which no encoding has, are escapes."""
    return _HALF.sub(lambda half: f"\\u{ord(half[0]):04x}", json_text)


def _stands_for_itself(text: str) -> bool:
    return bool(text) and text == text.strip() and xml_safe(text) and from_text(text) == text


def _unquoted(text: str) -> str:
    try:
        read = json.loads(text)
    except ValueError:
        return text
    return read if isinstance(read, str) else text


def _json(value: Any) -> str:
    text = json.dumps(value, ensure_ascii=False)
    return text if xml_safe(text) else json.dumps(value)


def _dated(text: str) -> date | None:
    """The day or the moment that a text is the ISO form of."""
    if not _ISO.fullmatch(text):
        return None
    try:
        found = datetime.fromisoformat(text) if "T" in text else date.fromisoformat(text)
    except ValueError:
        return None
    return found if found.isoformat() == text else None
