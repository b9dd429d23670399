"""A roster as one JSON document: a list of objects per table, and ``practice``."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from kapteam.io.names import unknown
from kapteam.io.raw import NOTE, RawRoster, RawTable, name_of
from kapteam.io.schema import schema
from kapteam.io.text import Undecodable, decode
from kapteam.records.roster import NEEDED, TABLES, Roster
from kapteam.records.table import plain_cells

__all__ = ["document", "read_document", "schema", "write_document"]


def read_document(path: Path) -> RawRoster:
    """Every table of a document; other names are reported, not read."""
    raw = RawRoster(name_of(path))

    def problem(expected: str, table: str = "roster", **facts: Any) -> None:
        raw.problem(table, expected, source=path.name, **facts)

    try:
        text = decode(path)
        if not text.strip():
            raise Undecodable("the file is empty: expected a JSON object with a list per table")
        # Texts keep a number's digits: 0.1 stays 0.1 and no float comes between.
        data = json.loads(text, parse_float=_number, parse_constant=_no_number, object_pairs_hook=_once)
        del text  # of a large file, before the records are made
    except Undecodable as error:
        problem(error.expected, row=error.line)
        return raw
    except RecursionError:
        problem("expected JSON: lists in lists in lists, too deep to read")
        return raw
    except ValueError as error:
        problem(f"expected JSON: {error}")
        return raw
    if not isinstance(data, dict):
        problem("expected a JSON object with a list per table")
        return raw
    for name, rows in data.items():
        if name == "practice":
            raw.practice_source = f"{path.name}, practice"
            if isinstance(rows, dict):
                raw.practice = rows
            else:
                problem("expected an object", "practice")
        elif name in TABLES:
            if isinstance(rows, list):
                _add(f"{path.name}, {name}", name, rows, raw)
            else:
                problem("expected a list of objects", name)
        elif not name.startswith(NOTE):
            expected, close = unknown("table", name, [*TABLES, "practice"])
            problem(expected, name, value=name, nearest=close)
    return raw


def document(roster: Roster) -> dict[str, Any]:
    """The roster as a JSON document; blanks are left out."""
    data: dict[str, Any] = {
        name: [plain_cells(row) for row in rows] for name in TABLES if (rows := roster.table(name)) or name in NEEDED
    }
    practice = roster.practice.as_toml()
    return {**data, "practice": practice} if practice else data


def write_document(roster: Roster, path: Path) -> None:
    """Write the roster as one JSON document, a row a line, so that two of them can be compared."""
    with path.open("w", encoding="utf-8", newline="\n") as file:
        between = "{"
        for name, rows in document(roster).items():
            file.write(f"{between}\n {json.dumps(name)}: ")
            if isinstance(rows, list):
                # Row by row: with an indent, the encoder of the standard library is many times slower.
                lines = ",\n  ".join(json.dumps(row, ensure_ascii=False) for row in rows)
                file.write(f"[\n  {lines}\n ]" if rows else "[]")
            else:
                file.write(json.dumps(rows, ensure_ascii=False, indent=1).replace("\n", "\n "))
            between = ","
        file.write("\n}\n")


def _number(text: str) -> float | str:
    """A float where its shortest writing is the very text, else the text itself."""
    return float(text) if repr(float(text)) == text else text


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        names = [name for name, _ in pairs]
        twice = next(n for n in names if names.count(n) > 1)
        raise ValueError(f"the key {twice!r} stands twice in one object")
    return found


def _no_number(word: str) -> Any:
    raise ValueError(f"{word} is no number")


def _add(source: str, name: str, rows: list[Any], raw: RawRoster) -> None:
    """Put a table into ``raw``; JSON has no header, and an item may leave out what it does not know."""
    header = list(dict.fromkeys(key for row in rows if isinstance(row, dict) for key in row))

    def items() -> Iterator[tuple[int, list[Any]]]:
        for number, row in enumerate(rows, start=1):
            if isinstance(row, dict):
                yield number, [row.get(key) for key in header]
            else:
                raw.problem(name, "expected an object", source=source, row=number, value=str(row))

    raw.add(name, RawTable(source, header, items(), None))
