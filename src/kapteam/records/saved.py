"""A JSON document read back into frozen classes, with every wrong place named."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any, TypeVar

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
    import cattrs  # only a saved plan needs it
    from cattrs.strategies import configure_union_passthrough

    converter = cattrs.Converter(forbid_extra_keys=False)
    configure_union_passthrough(str | None, converter)
    converter.register_structure_hook(datetime, lambda value, _: _moment(value))
    converter.register_structure_hook(date, lambda value, _: date.fromisoformat(_text(value)))
    converter.register_structure_hook(int, lambda value, _: _whole(value))
    converter.register_structure_hook(str, lambda value, _: _text(value))
    try:
        return converter.structure(document, cls)
    except Exception as error:  # cattrs gathers errors of every kind into groups
        reasons = "; ".join(cattrs.transform_error(error, path="plan"))
        raise UsageError(f"this is no plan of `{command} --json`: {reasons}") from None


def _moment(value: Any) -> datetime:
    moment = datetime.fromisoformat(_text(value))
    if moment.tzinfo is None:
        raise ValueError(f"expected a time with its offset, such as 2026-12-07T09:00:00-05:00, not {value!r}")
    return moment


def _whole(value: Any) -> int:
    if isinstance(value, bool) or not isinstance(value, int):
        raise TypeError(f"expected a whole number, not {value!r}")
    return value


def _text(value: Any) -> str:
    if not isinstance(value, str):
        raise TypeError(f"expected text, not {value!r}")
    return value
