"""A JSON document read back into frozen classes, with every wrong place named."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import Any, TypeVar, get_origin

from kapteam.records.kinds import clean
from kapteam.records.problems import UsageError

T = TypeVar("T")


def structured(document: Any, cls: type[T], command: str) -> T:
    """A document as a class whose fields it has; what else it holds is left aside.

    Parameters
    ----------
    document : Any
        As :mod:`json` gives it.
    cls : type
        An attrs class.
    command : str
        What makes such documents, for the message.

    Raises
    ------
    UsageError
        Something that is needed is missing or of the wrong kind; every place is named.
    """
    if not isinstance(document, Mapping):
        raise UsageError(f"this is no plan of `{command} --json`: expected an object of JSON, not {_kind(document)}")
    import cattrs  # only a saved plan needs it
    from cattrs.strategies import configure_union_passthrough

    converter = cattrs.Converter(forbid_extra_keys=False)
    configure_union_passthrough(str | None, converter)
    converter.register_structure_hook(datetime, lambda value, _: _moment(value))
    converter.register_structure_hook(date, lambda value, _: _day(value))
    converter.register_structure_hook(int, lambda value, _: _whole(value))
    converter.register_structure_hook(float, lambda value, _: _number(value))
    converter.register_structure_hook(str, lambda value, _: _text(value))
    try:
        return converter.structure(document, cls)
    except Exception as error:  # cattrs gathers errors of every kind into groups
        reasons = "; ".join(_once(cattrs.transform_error(error, path="plan", format_exception=_reason)))
        raise UsageError(f"this is no plan of `{command} --json`: {reasons}") from None


def _once(reasons: Iterable[str]) -> list[str]:
    """What is wrong, each thing once: of the same in several entries of a list, the first and how many there are."""
    found: dict[str, list[str]] = {}
    for reason in reasons:
        what, _, where = reason.partition(" @ ")
        found.setdefault(f"{what.partition(', not ')[0]} @ {re.sub(r'[0-9]+', '', where)}", []).append(reason)
    return [f"{same[0]}{f' (and {len(same) - 1} more like it)' if len(same) > 1 else ''}" for same in found.values()]


def _reason(error: BaseException, kind: Any) -> str:
    """One thing that is wrong, without a word of Python."""
    if isinstance(error, KeyError):
        return "it is missing"
    if isinstance(error, _Wrong):
        return str(error)
    return f"expected {'a list' if get_origin(kind) is list else 'an object'}"


class _Wrong(ValueError):
    """A value of the wrong kind, told as JSON has it."""


def _kind(value: Any) -> str:
    """What a value is, as JSON names it."""
    if value is None:
        return "null"
    words = {bool: "true or false", int: "a number", float: "a number", str: "text", list: "a list", dict: "an object"}
    return next((word for kind, word in words.items() if isinstance(value, kind)), "something else")


def _moment(value: Any) -> datetime:
    try:
        moment = datetime.fromisoformat(_text(value))
    except _Wrong:
        raise
    except ValueError:
        moment = datetime.min
    if moment.tzinfo is None:
        raise _Wrong(f"expected a time with its offset, such as 2026-12-07T09:00:00-05:00, not {_shown(value)}")
    if not 1 < moment.year < date.max.year:
        raise _Wrong(f"expected a time from the year 2 to the year {date.max.year - 1}, not {_shown(value)}")
    return moment


def _day(value: Any) -> date:
    try:
        return date.fromisoformat(_text(value))
    except _Wrong:
        raise
    except ValueError:
        raise _Wrong(f"expected a date such as 2026-12-07, not {_shown(value)}") from None


def _whole(value: Any) -> int:
    if isinstance(value, bool) or not isinstance(value, int):
        raise _Wrong(f"expected a whole number, not {_shown(value)}")
    return value


def _number(value: Any) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise _Wrong(f"expected a number, not {_shown(value)}")
    return value


def _text(value: Any) -> str:
    if not isinstance(value, str):
        raise _Wrong(f"expected text, not {_shown(value)}")
    return clean(value)


def _shown(value: Any) -> str:
    """A value as JSON writes it, if it is short; else what it is."""
    return json.dumps(value, ensure_ascii=False) if isinstance(value, str | int | float) else _kind(value)
