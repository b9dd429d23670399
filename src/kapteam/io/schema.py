"""The JSON Schema of a roster document, from the declarations of its columns and keys."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from kapteam.records.kinds import Choice, Count, Kind
from kapteam.records.practice import (
    CARRIER,
    FEDERAL,
    MID_LEVEL,
    MODALITY,
    OWN_KEYS,
    PLACE,
    PROFESSION,
    REMEDY,
    SEVERITIES,
    WEIGHTS,
    Protocol,
    Thresholds,
)
from kapteam.records.roster import NEEDED, TABLES
from kapteam.records.table import columns
from kapteam.records.zones import JURISDICTIONS

_BLANK: dict[str, Any] = {"enum": [None, "", []]}


def schema() -> dict[str, Any]:
    """The JSON Schema (2020-12) of a roster document.

    Every document that :func:`kapteam.write` makes is valid; it is a little stricter than the reader, which also
    takes words in capitals and items between ``;``.

    Examples
    --------
    >>> schema()["required"]
    ['sites', 'practitioners', 'licenses', 'hours']
    """
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "kapteam roster",
        "type": "object",
        "required": list(NEEDED),
        "additionalProperties": False,
        "patternProperties": {"^_": True},
        "properties": {**{name: _table(record) for name, record in TABLES.items()}, "practice": _practice()},
    }


def _table(record: type) -> dict[str, Any]:
    declared = columns(record)
    return {
        "type": "array",
        "description": (record.__doc__ or "").partition("\n")[0],
        "items": {
            "type": "object",
            "additionalProperties": False,
            "patternProperties": {"^_": True},
            "required": [c.name for c in declared if c.needed],
            "properties": {
                c.name: {"description": c.meaning, **(c.kind.schema if c.needed else _or_blank(c.kind))}
                for c in declared
            },
        },
    }


def _practice() -> dict[str, Any]:
    protocol = {c.name: {"description": c.meaning, **_or_blank(c.kind)} for c in columns(Protocol)}
    thresholds = {c.name: {"description": c.meaning, **_or_blank(c.kind)} for c in columns(Thresholds)}
    physician = {k: PROFESSION[k] for k in ("state_registration", "source")}
    by_profession = {**{p: _keys(PROFESSION) for p in MID_LEVEL}, "physician": _keys(physician)}
    place = _object({**_keys(PLACE)["properties"], **by_profession})
    sections = {
        "protocol": _object(protocol),
        "protocols": _each(_object({k: protocol[k] for k in OWN_KEYS})),
        "rules": _each(_or_blank(Choice(*SEVERITIES))),
        "thresholds": _object(thresholds),
        "weights": _object({name: _or_blank(Count()) for name in WEIGHTS}),
        "federal": _keys(FEDERAL),
        "jurisdictions": _object(dict.fromkeys(JURISDICTIONS, place)),
        "modalities": _each(_keys(MODALITY)),
        "carriers": _each(_keys(CARRIER)),
        "remedies": _each(_keys(REMEDY)),
    }
    return _object(sections)


def _or_blank(kind: Kind) -> dict[str, Any]:
    return {"anyOf": [kind.schema, _BLANK]}


def _keys(kinds: Mapping[str, Kind]) -> dict[str, Any]:
    return _object({name: _or_blank(kind) for name, kind in kinds.items()})


def _object(properties: Mapping[str, Any]) -> dict[str, Any]:
    return {"type": "object", "additionalProperties": False, "properties": dict(properties)}


def _each(of: dict[str, Any]) -> dict[str, Any]:
    return {"type": "object", "additionalProperties": of}
