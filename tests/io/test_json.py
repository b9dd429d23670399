from __future__ import annotations

from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator
from roster_files import LEAST, document, folder, only, problems, with_tables

from kapteam.io.json import schema
from kapteam.io.read import read
from kapteam.records.problems import RosterError


def test_a_document_reads_as_the_folder_does(tmp_path: Path) -> None:
    assert read(document(tmp_path, LEAST)) == read(folder(tmp_path / "plain"))


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "the file is empty"),
        ("{", "expected JSON"),
        ("[]", "a list per table"),
        ("[" * 200_000, "expected JSON"),
        ('{"sites": NaN}', "NaN is no number"),
        ('{"sites": [], "sites": []}', "'sites' stands twice"),
        ('{"sites": ' + "9" * 5000 + "}", "expected JSON"),
    ],
)
def test_what_is_no_json_object_is_told(tmp_path: Path, text: str, said: str) -> None:
    assert said in problems(document(tmp_path, text))[0].expected


def test_a_document_in_another_encoding_is_told(tmp_path: Path) -> None:
    path = tmp_path / "roster.json"
    path.write_bytes('{\n"é": []}'.encode("latin-1"))
    assert (only(path).row, "0xe9" in only(path).expected) == (2, True)


@pytest.mark.parametrize(
    ("change", "table", "row"),
    [
        ({"site": []}, "site", None),
        ({"coverage": {}}, "coverage", None),
        ({"coverage": [{}, 3]}, "coverage", 2),
        ({"practice": []}, "practice", None),
        ({"ties": [{"a": "ana", "b": "ines", "kind": "prefers", "wight": 3}]}, "ties", None),
        ({"ties": [{"a": "ana", "b": "ines", "kind": {"x": 1}}]}, "ties", 1),
        ({"ties": [{"a": "ana", "b": "ines"}, {"a": "ana", "b": "ines", "kind": "prefers"}]}, "ties", 1),
        ({"na\ud800me": []}, "na\\ud800me", None),
    ],
)
def test_a_mistake_in_a_document_is_told_at_its_table_and_item(
    tmp_path: Path, change: dict[str, Any], table: str, row: int | None
) -> None:
    found = only(document(tmp_path, {**LEAST, **change}))
    assert (found.table, found.row) == (table, row)


def test_a_list_item_that_holds_the_separator_is_an_error(tmp_path: Path) -> None:
    people = [["practitioner", "modalities"], ["ana", ["somatic; IFS"]], ["ines", ["somatic", "IFS"]]]
    found = only(document(tmp_path, with_tables(practitioners=people)))
    assert (found.column, found.value) == ("modalities", "somatic; IFS")


def test_numbers_keep_their_digits(tmp_path: Path) -> None:
    sites = '[{"site": 7, "jurisdiction": "NY", "supply": "stock", "latitude": 41.10000000000000000001}]'
    text = '{"sites": %s, "practitioners": [{"practitioner": 1.50}], "licenses": [], "hours": []}' % sites  # noqa: UP031
    roster = read(document(tmp_path, text))
    assert roster.sites[0].latitude == Decimal("41.10000000000000000001")
    assert (roster.sites[0].site, roster.practitioners[0].practitioner) == ("7", "1.50")


def test_notes_are_not_read(tmp_path: Path) -> None:
    ties = [{"a": "ana", "b": "ines", "kind": "prefers", "_why": {"x": [1]}}]
    assert len(read(document(tmp_path, {**LEAST, "ties": ties, "_notes": "anything"})).ties) == 1


def test_blanks_may_be_null_or_empty_or_left_out(tmp_path: Path) -> None:
    people = [["practitioner", "roles", "name", "max_concurrent_sessions"], ["ana", [], "", None], ["ines"]]
    ana, ines = read(document(tmp_path, with_tables(practitioners=people))).practitioners
    assert (ana.roles, ana.name, ana.max_concurrent_sessions) == (ines.roles, ines.name, ines.max_concurrent_sessions)


def test_the_schema_is_one_and_knows_every_needed_column() -> None:
    Draft202012Validator.check_schema(schema())
    sites = schema()["properties"]["sites"]["items"]
    assert sites["required"] == ["site", "jurisdiction", "supply"]


@pytest.mark.parametrize(
    ("change", "valid"),
    [
        ({}, True),
        ({"_notes": 3}, True),
        ({"practice": {"protocol": {"therapists": 2}, "rules": {"a.b": "off"}}}, True),
        ({"practice": {"protocol": {"therapist": 2}}}, False),
        ({"practice": {"jurisdictions": {"NY": {"nurse_practitioner": {"ketamine": "perhaps"}}}}}, False),
        ({"site": []}, False),
        ({"ties": [{"a": "ana", "b": "ines", "kind": "likes"}]}, False),
        ({"ties": [{"a": "ana", "b": "ines"}]}, False),
        ({"absences": [{"practitioner": "ana", "start": 46363, "end": "2026-12-07"}]}, False),
    ],
)
def test_the_schema_refuses_what_the_reader_refuses(tmp_path: Path, change: dict[str, Any], valid: bool) -> None:
    data = {name: [dict(zip(rows[0], row, strict=True)) for row in rows[1:]] for name, rows in LEAST.items()} | change
    assert Draft202012Validator(schema()).is_valid(data) == valid
    if valid:
        read(document(tmp_path, data))
    else:
        with pytest.raises(RosterError):
            read(document(tmp_path, data))
