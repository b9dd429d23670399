"""A roster as one JSON document: a list of objects per table, and ``practice``."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from kapteam.io.csv import decode
from kapteam.io.raw import RawRoster, RawTable
from kapteam.records.problems import nearest
from kapteam.records.roster import TABLES, Roster
from kapteam.records.table import columns, plain_cells


def read_document(path: Path) -> RawRoster:
    """Every table of a document; other names are reported, not read."""
    raw = RawRoster(str(path))
    text = decode(path, "roster", raw)
    if text is None:
        return raw
    try:
        # Texts keep a number's digits: 0.1 stays 0.1 and no float comes between.
        data = json.loads(text, parse_float=_number, object_pairs_hook=_once)
    except ValueError as error:
        raw.problem("roster", f"expected JSON: {error}", source=path.name)
        return raw
    if not isinstance(data, dict):
        raw.problem("roster", "expected a JSON object with a list per table", source=path.name)
        return raw
    for name, rows in data.items():
        if name == "practice":
            raw.practice_source = f"{path.name}, practice"
            if isinstance(rows, dict):
                raw.practice = rows
            else:
                raw.problem("practice", "expected an object", source=path.name)
        elif name in TABLES:
            _read_table(path.name, name, rows, raw)
        else:
            raw.problem(name, "there is no such table", source=path.name, value=name,
                        nearest=nearest(name, [*TABLES, "practice"]))
    return raw


def document(roster: Roster) -> dict[str, Any]:
    """The roster as a JSON document; blanks are left out."""
    data: dict[str, Any] = {
        name: [plain_cells(row) for row in rows] for name in TABLES if (rows := roster.table(name))
    }
    practice = roster.practice.as_toml()
    return {**data, "practice": practice} if practice else data


def write_document(roster: Roster, path: Path) -> None:
    """Write the roster as one JSON document."""
    path.write_text(json.dumps(document(roster), ensure_ascii=False, indent=1) + "\n", encoding="utf-8")


def schema() -> dict[str, Any]:
    """The JSON Schema (2020-12) of a roster document, from the columns' declarations."""
    def table(record: type) -> dict[str, Any]:
        declared = columns(record)
        return {
            "type": "array",
            "items": {
                "type": "object",
                "additionalProperties": False,
                "required": [c.name for c in declared if c.needed],
                "properties": {
                    c.name: {"description": c.meaning, "anyOf": [c.kind.schema, {"enum": [None, ""]}]}
                    for c in declared
                },
            },
        }

    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "kapteam roster",
        "type": "object",
        "required": ["sites", "practitioners", "licenses", "hours"],
        "additionalProperties": False,
        "properties": {**{name: table(record) for name, record in TABLES.items()}, "practice": {"type": "object"}},
    }


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


def _read_table(source: str, name: str, rows: Any, raw: RawRoster) -> None:
    if not isinstance(rows, list):
        raw.problem(name, "expected a list of objects", source=source)
        return
    header: list[str] = list(dict.fromkeys(key for row in rows if isinstance(row, dict) for key in row))
    table = RawTable(f"{source}, {name}", header, [])
    for number, row in enumerate(rows, start=1):
        if isinstance(row, dict):
            table.rows.append((number, [row.get(key) for key in header]))
        else:
            raw.problem(name, "expected an object", source=table.source, row=number, value=str(row))
    raw.tables[name] = table
