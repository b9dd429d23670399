from __future__ import annotations

import tomllib
from datetime import date
from pathlib import Path

import pytest
from openpyxl import load_workbook
from openpyxl.utils import get_column_letter

from kapteam.io.example import example
from kapteam.io.read import read
from kapteam.io.template import note, practice_lines, write_template
from kapteam.records.practice import Practice
from kapteam.records.problems import UsageError
from kapteam.records.roster import TABLES
from kapteam.records.table import columns


@pytest.mark.parametrize("name", ["roster", "roster.xlsx", "roster.json"])
def test_a_template_is_the_example_without_an_error_or_a_warning(tmp_path: Path, name: str) -> None:
    write_template(tmp_path / name)
    assert read(tmp_path / name) == example()
    assert read(tmp_path / name).warnings == ()


def test_a_template_of_another_ending_is_wrong_usage(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=r"as \.ods"):
        write_template(tmp_path / "roster.ods")


def test_a_folder_has_a_file_for_every_table_and_the_practice(tmp_path: Path) -> None:
    write_template(tmp_path / "roster")
    assert {p.name for p in (tmp_path / "roster").iterdir()} == {*(f"{t}.csv" for t in TABLES), "practice.toml"}


def test_every_default_in_the_practice_file_is_the_one_that_holds(tmp_path: Path) -> None:
    write_template(tmp_path / "roster")
    text = (tmp_path / "roster" / "practice.toml").read_text(encoding="utf-8")
    assert Practice.of(tomllib.loads(text)) == example().practice
    said = "\n".join(line.removeprefix("# ") if " = " in line else line for line in text.splitlines()[1:])
    assert Practice.of(tomllib.loads(said)) == example().practice
    assert said.count(" = ") >= len(practice_lines())


@pytest.mark.parametrize("table", TABLES)
def test_a_sheet_explains_each_column_and_offers_its_words(tmp_path: Path, table: str) -> None:
    write_template(tmp_path / "roster.xlsx")
    sheet = load_workbook(tmp_path / "roster.xlsx")[table]
    offered = {str(rule.sqref).split(":")[0]: rule.formula1 for rule in sheet.data_validations.dataValidation}
    for cell, column in zip(sheet[1], columns(TABLES[table]), strict=True):
        assert cell.value == column.name
        assert cell.comment is not None
        assert cell.comment.text == note(column)
        assert column.meaning in note(column)
        assert ("Needed" in cell.comment.text) == column.needed == (cell.fill.fill_type == "solid")
        if column.kind.choices and column.name != "jurisdiction":
            assert offered[f"{cell.column_letter}2"] == '"' + ",".join(column.kind.choices) + '"'
    for cell, column in zip(sheet[2], columns(TABLES[table]), strict=True):
        if isinstance(cell.value, str):
            assert cell.number_format == "@", column.name


@pytest.mark.parametrize(
    ("table", "cell", "source"),
    [
        ("licenses", "A2", "practitioners!$A$2:$A$500"),
        ("registrations", "D2", "sites!$A$2:$A$500"),
        ("agreements", "B2", "practitioners!$A$2:$A$500"),
        ("demand", "D2", "practitioners!$A$2:$A$500"),
        ("hours", "B2", "sites!$A$2:$A$500"),
        ("licenses", "B2", None),
    ],
)
def test_a_reference_offers_the_ids_of_its_table(tmp_path: Path, table: str, cell: str, source: str | None) -> None:
    write_template(tmp_path / "roster.xlsx")
    rules = load_workbook(tmp_path / "roster.xlsx")[table].data_validations.dataValidation
    offered = {str(rule.sqref).split(":")[0]: rule.formula1 for rule in rules}
    assert offered[cell] == source or (source is None and len(offered[cell]) <= 255)


def test_what_is_typed_below_the_example_keeps_its_zeros_and_dashes(tmp_path: Path) -> None:
    write_template(tmp_path / "roster.xlsx")
    book = load_workbook(tmp_path / "roster.xlsx")
    assert book["practitioners"].column_dimensions["A"].number_format == "@"
    formats = {c.name: book["sites"].cell(3, i).number_format for i, c in enumerate(columns(TABLES["sites"]), start=1)}
    assert (formats["postal_code"], formats["rooms"]) == ("@", "General")
    for table in TABLES:
        for i, column in enumerate(columns(TABLES[table]), start=1):
            for row in (2, 3, 500):
                cell = book[table].cell(row, i)
                declared = book[table].column_dimensions[get_column_letter(i)].number_format
                assert cell.number_format == declared or isinstance(cell.value, date), (column.name, row)


def test_a_column_is_as_wide_as_its_example(tmp_path: Path) -> None:
    write_template(tmp_path / "roster.xlsx")
    widths = load_workbook(tmp_path / "roster.xlsx")["practitioners"].column_dimensions
    assert widths["C"].width > len("1234567893")
    widths = load_workbook(tmp_path / "roster.xlsx")["registrations"].column_dimensions
    assert widths["H"].width > len("2026-12-07")  # a narrower date is shown as ####


def test_a_template_s_empty_rows_are_no_rows(tmp_path: Path) -> None:
    write_template(tmp_path / "roster.xlsx")
    book = load_workbook(tmp_path / "roster.xlsx")
    book["sites"]["A3"], book["sites"]["C3"], book["sites"]["G3"] = "newark", "NJ", "stock"
    book["sites"]["I3"] = "07042"
    book.save(tmp_path / "roster.xlsx")
    assert [s.postal_code for s in read(tmp_path / "roster.xlsx").sites] == ["12534", "07042"]
    assert book["licenses"].column_dimensions["H"].number_format == "yyyy-mm-dd"
    assert book["sites"].column_dimensions["F"].number_format == "General"
