from __future__ import annotations

import tempfile
from pathlib import Path

import pytest
from any_rosters import any_rosters
from hypothesis import given
from jsonschema import Draft202012Validator

from kapteam.io.example import example
from kapteam.io.json import document, schema
from kapteam.io.read import read, write
from kapteam.records.people import Absence, Practitioner
from kapteam.records.places import Site
from kapteam.records.problems import UsageError
from kapteam.records.roster import Roster

FORMATS = ("", ".json", ".xlsx")


def there_and_back(roster: Roster, ending: str) -> Roster:
    with tempfile.TemporaryDirectory() as where:
        path = Path(where) / f"roster{ending}"
        write(roster, path)
        return read(path)


@pytest.mark.parametrize("ending", FORMATS)
@given(any_rosters())
def test_a_roster_reads_back_equal_in_every_format(ending: str, roster: Roster) -> None:
    assert there_and_back(roster, ending) == roster


@given(any_rosters())
def test_every_roster_is_a_document_of_the_schema(roster: Roster) -> None:
    Draft202012Validator(schema()).validate(document(roster))


@pytest.mark.parametrize("ending", FORMATS)
def test_the_example_reads_back_equal(ending: str) -> None:
    read_back = there_and_back(example(), ending)
    assert read_back == example()
    assert read_back.warnings == ()


@pytest.mark.parametrize("ending", FORMATS)
def test_absences_keep_their_days_and_their_times(ending: str) -> None:
    spans = [
        ("2026-12-24", "2027-01-01"),
        ("2026-12-07T00:00", "2026-12-08T00:00"),
        ("2026-12-07T13:30", "2026-12-07T15:00:30"),
    ]
    absences = [Absence(a, b, practitioner="ana") for a, b in spans]
    roster = Roster(
        sites=[Site("hudson", "NY", supply="stock")], practitioners=[Practitioner("ana")], absences=absences
    )
    assert there_and_back(roster, ending).absences == tuple(absences)


@pytest.mark.parametrize("ending", FORMATS)
def test_writing_over_a_larger_roster_leaves_nothing_of_it(ending: str, tmp_path: Path) -> None:
    path = tmp_path / f"roster{ending}"
    larger = example()
    write(
        Roster(
            **{n: larger.table(n) for n in ("sites", "practitioners", "licenses", "ties")},
            practice={"protocol": {"therapists": 2}},
        ),
        path,
    )
    smaller = Roster(sites=[Site("hudson", "NY", supply="stock")], practitioners=[Practitioner("ana")])
    write(smaller, path)
    assert read(path) == smaller


def test_a_folder_may_have_a_dot_in_its_name(tmp_path: Path) -> None:
    (tmp_path / "roster.v2").mkdir()
    write(example(), tmp_path / "roster.v2")
    assert read(tmp_path / "roster.v2") == example()


def test_an_ending_that_is_none_of_the_three_is_wrong_usage(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=r"as \.ods"):
        write(example(), tmp_path / "roster.ods")


def test_a_list_longer_than_a_cell_is_not_cut_in_a_workbook(tmp_path: Path) -> None:
    roster = Roster(
        sites=[Site("hudson", "NY", supply="stock")],
        practitioners=[Practitioner("ana", modalities=[f"{i} " + "x" * 20_000 for i in range(2)])],
    )
    with pytest.raises(UsageError, match="longer than a workbook can hold"):
        write(roster, tmp_path / "roster.xlsx")
    write(roster, tmp_path / "roster.json")
    assert read(tmp_path / "roster.json") == roster
