from __future__ import annotations

from datetime import date
from typing import Any

import attrs
import pytest

from kapteam.io.example import example
from kapteam.records.kinds import blank
from kapteam.records.people import License
from kapteam.records.practice import Protocol
from kapteam.records.problems import RosterError
from kapteam.records.roster import TABLES
from kapteam.records.table import built, cells, columns, from_mapping, plain_cells, table_of

FORMAT = {
    "sites": "site name jurisdiction timezone setting rooms supply address postal_code latitude longitude",
    "practitioners": "practitioner name npi specialty roles modalities languages max_sessions_per_week "
    "max_sessions_per_day max_concurrent_sessions max_concurrent_dosing max_therapists",
    "licenses": "practitioner jurisdiction profession number status independent issued expires",
    "registrations": "practitioner site issuer at_site jurisdiction number schedules issued expires",
    "coverage": "practitioner role carrier ketamine presence same_site in_clinic_only specialties "
    "max_concurrent_sessions effective expires",
    "training": "practitioner kind name hours practicum completed expires",
    "hours": "practitioner site when from until",
    "absences": "practitioner start end",
    "agreements": "practitioner with kind jurisdiction effective expires",
    "ties": "a b kind weight",
    "demand": "site sessions protocol therapist modality language priority",
}


def test_every_table_has_the_columns_of_the_format() -> None:
    assert {name: [c.name for c in columns(record)] for name, record in TABLES.items()} == {
        name: names.split() for name, names in FORMAT.items()
    }


@pytest.mark.parametrize("record", [*TABLES.values(), Protocol])
def test_every_example_and_default_is_a_value_of_its_column(record: type) -> None:
    for column in columns(record):
        assert column.meaning
        if column.example:
            value = column.kind.parse(column.example)
            assert column.kind.parse(column.kind.show(value)) == value
        if not blank(column.default):
            assert column.kind.parse(column.kind.show(column.default)) == column.default


@pytest.mark.parametrize("name", TABLES)
def test_every_record_reads_back_from_its_cells_and_from_its_json(name: str) -> None:
    for row in example().table(name):
        for values in (cells(row), plain_cells(row)):
            read, problems = from_mapping(type(row), values)
            assert not problems
            assert read == row


def test_a_record_built_of_read_values_is_the_one_that_its_class_makes() -> None:
    read: dict[str, Any] = {
        "practitioner": "ana",
        "jurisdiction": "NY",
        "profession": "physician",
        "expires": date(2026, 1, 1),
    }
    assert built(License, read) == License(**read)
    assert hash(built(License, read)) == hash(License(**read))
    assert attrs.asdict(built(License, read)) == attrs.asdict(License(**read))
    with pytest.raises(RosterError):
        built(License, {**read, "issued": date(2026, 1, 2)})


def test_every_problem_of_a_mapping_is_told() -> None:
    record, problems = from_mapping(Protocol, {"session_minutes": "long", "therapists": 0, "route": "orale"}, "x.toml")
    assert record is None
    assert [(p.column, p.value, p.source) for p in problems] == [
        ("session_minutes", "long", "x.toml"),
        ("therapists", "0", "x.toml"),
        ("route", "orale", "x.toml"),
    ]
    assert table_of(Protocol) == "practice"
