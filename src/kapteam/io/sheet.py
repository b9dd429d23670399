"""The practice file as two columns of a sheet: ``protocol.session_minutes`` beside ``180``."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping
from typing import Any

from kapteam.io import toml
from kapteam.io.raw import NOTE, RawRoster, RawTable, Unreadable
from kapteam.io.toml_errors import quoted_path
from kapteam.records.kinds import Cell, blank, clean, plain
from kapteam.records.problems import nearest
from kapteam.records.table import shown

_KEY = "expected a key such as protocol.session_minutes"
_MARK = "a value that no key holds"


def read_practice_sheet(table: RawTable, raw: RawRoster) -> None:
    """Put the keys and values into ``raw.practice``, nested as in a TOML file, or what is wrong with them."""
    raw.practice_source = table.source

    def problem(row: int | None, expected: str, **facts: Any) -> None:
        raw.problem("practice", expected, source=table.source, row=row, **facts)

    places: dict[str, int] = {}
    for i, written in enumerate(table.header):
        name = plain(written)
        if name in ("key", "value") and name not in places:
            places[name] = i
        elif name and not name.startswith(NOTE):
            close = nearest(name, ["key", "value"])
            problem(table.header_row, "expected the columns key and value", column=name, nearest=close)
    if len(places) < 2:
        problem(table.header_row, "expected two columns, key and value")
        return
    nested: dict[str, Any] = {}
    for number, cells in table.rows:
        key, value = (cells[i] if i < len(cells) else None for i in (places["key"], places["value"]))
        if blank(value):
            continue  # a key without a value has its default
        if blank(key):
            problem(number, f"{_KEY} beside the value", column="key", value=shown(value))
            continue
        if isinstance(value, Unreadable):
            problem(number, value.expected, column=shown(key), value=shown(value))
            continue
        path = _path(shown(key))
        if path is None:
            meant = quoted_path(clean(shown(key)))
            expected = f"{_KEY}, with quotes around a name that holds more than letters" if meant else _KEY
            problem(number, expected, column="key", value=shown(key), nearest=(meant,) if meant else ())
        elif path[0] == "rules" and len(path) > 2:
            meant = f"rules.{toml.value('.'.join(path[1:]))}"
            problem(number, "write the rule's id in quotes", column="key", value=shown(key), nearest=(meant,))
        elif not _put(nested, path, _value(value)):
            problem(number, "the key stands twice", column="key", value=shown(key))
        else:
            raw.practice_rows[".".join(path)] = number
    raw.practice = nested


def flat(path: tuple[str, ...], data: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    """Each key with its value, as :func:`read_practice_sheet` reads them back."""
    for name, value in data.items():
        if isinstance(value, Mapping) and value:
            yield from flat((*path, name), value)
        else:
            number = isinstance(value, int) and not isinstance(value, bool)
            text = "{}" if isinstance(value, Mapping) else toml.value(value)
            yield ".".join(toml.key(p) for p in (*path, name)), value if number else text


def _path(key: str) -> tuple[str, ...] | None:
    """The parts of a dotted TOML key; None where it is none, or would smuggle a value or a second key in."""
    try:
        found: Any = tomllib.loads(f"{clean(key)} = {toml.value(_MARK)}")
    except (tomllib.TOMLDecodeError, RecursionError):
        return None
    path: list[str] = []
    while isinstance(found, dict) and len(found) == 1:
        name, found = next(iter(found.items()))
        path.append(name)
    return tuple(path) if found == _MARK else None


def _value(value: Cell) -> Any:
    """A cell as a TOML value: a list, a quoted text, ``true``, ``false`` or ``{}`` is what it says, all else is text.

    Numbers stay text too: who reads the key knows what it holds, and a salt ``007`` is not 7.
    """
    if not isinstance(value, str):
        return value
    text = clean(value)
    if text in ("true", "false", "{}") or text[:1] in ("[", '"', "'"):
        try:
            read = tomllib.loads(f"x = {text}")
        except (tomllib.TOMLDecodeError, RecursionError):
            return value
        return read["x"] if len(read) == 1 else value
    return value


def _put(into: dict[str, Any], path: tuple[str, ...], value: Any) -> bool:
    """Put a value at its path; False where another one is there or on the way."""
    for name in path[:-1]:
        into = into.setdefault(name, {})
        if not isinstance(into, dict):
            return False
    if path[-1] in into:
        return False
    into[path[-1]] = value
    return True
