from __future__ import annotations

import csv
from pathlib import Path

import pytest
from roster_files import LEAST, folder, only, problems, with_tables

from kapteam.io.formulas import inert, meant
from kapteam.io.read import read, write


@pytest.mark.parametrize("separator", [",", ";", "\t"])
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig"])
def test_a_folder_reads_the_same_however_a_spreadsheet_writes_it(
    tmp_path: Path, separator: str, end: str, encoding: str
) -> None:
    path = folder(tmp_path / "roster", separator=separator, end=end)
    for file in path.iterdir():
        file.write_text(file.read_bytes().decode(), encoding=encoding, newline="")
    assert read(path) == read(folder(tmp_path / "plain"))


def test_a_line_that_names_the_separator_is_no_header(tmp_path: Path) -> None:
    path = folder(tmp_path / "roster")
    (path / "practitioners.csv").write_text(
        'sep=;\r\npractitioner;languages\r\nana;"en;es"\r\nines;xx1\r\n', newline=""
    )
    assert (only(path).row, only(path).value) == (4, "xx1")


@pytest.mark.parametrize(
    ("data", "said", "row"),
    [
        ("practitioner\nJosé\n".encode("latin-1"), "the byte 0xe9", 2),
        ("practitioner\nana\n".encode("utf-16"), "this is UTF-16", None),
        ("practitioner\nana\n".encode("utf-16-le"), "NUL bytes", None),
        (b"", "the file is empty", None),
        (b"\xef\xbb\xbf\n\n,,\n", "the file is empty", None),
        (b'practitioner\n"ana\nines\n', "a quote that is not closed", None),
        (b'practitioner\n"an"a\nines\n', "expected CSV", None),
        (b"practitioner\n" + b"ana\n" * 5000 + b"\xff\n", "the byte 0xff", 5002),
    ],
)  # fmt: skip
def test_a_file_that_is_no_utf_8_table_is_told_with_how_to_mend_it(
    tmp_path: Path, data: bytes, said: str, row: int | None
) -> None:
    path = folder(tmp_path / "roster")
    (path / "practitioners.csv").write_bytes(data)
    found = problems(path)[0]
    assert (found.source, found.row) == ("practitioners.csv", row)
    assert said in found.expected


def test_a_broken_table_makes_no_second_errors_in_the_others(tmp_path: Path) -> None:
    path = folder(tmp_path / "roster")
    (path / "sites.csv").write_bytes(b"\xff\xfe")
    assert only(path).source == "sites.csv"


def test_names_of_any_script_and_ids_of_any_character_are_kept(tmp_path: Path) -> None:
    people = [
        ["practitioner", "name"],
        ["ana", "李小龍"],
        ["ines", "\u00a0Inés Ελένη "],
        ['"a;b,=1"', '"two\nlines"'],
        ["007", ""],
    ]
    roster = read(folder(tmp_path / "roster", with_tables(practitioners=people)))
    assert [(p.practitioner, p.name) for p in roster.practitioners] == [
        ("ana", "李小龍"), ("ines", "Inés Ελένη"), ("a;b,=1", "two\nlines"), ("007", None),
    ]  # fmt: skip


def test_rows_are_counted_as_a_spreadsheet_counts_them(tmp_path: Path) -> None:
    people = [["practitioner", "name", "npi"], ["ana", '"two\nlines"', ""], ["", "", ""], ["ines", "", "1"]]
    found = only(folder(tmp_path / "roster", with_tables(practitioners=people)))
    assert (found.row, found.column, found.value) == (4, "npi", "1")


def test_a_header_may_stand_below_blank_lines(tmp_path: Path) -> None:
    people = [[], ["", ""], ["practitioner", "nmae"], ["ana"], ["ines"]]
    found = only(folder(tmp_path / "roster", with_tables(practitioners=people)))
    assert (found.row, found.column, found.nearest) == (3, "nmae", ("name",))


@pytest.mark.parametrize(
    ("name", "table", "close"),
    [
        ("license.csv", "license", ("licenses",)),
        ("Sites.csv", "Sites", ("sites",)),
        ("coverage.tsv", "coverage", ()),
        ("Coverage.xlsx", "coverage", ()),
        ("Practice.toml", "practice", ("practice.toml",)),
        ("practise.toml", "practice", ("practice.toml",)),
    ],
)
def test_a_file_that_looks_like_a_table_and_is_none_is_told(
    tmp_path: Path, name: str, table: str, close: tuple[str, ...]
) -> None:
    path = folder(tmp_path / "roster")
    (path / name).write_text("x", encoding="utf-8")
    found = only(path)
    assert (found.table, found.source, found.nearest) == (table, name, close)


def test_a_table_that_is_there_twice_is_told(tmp_path: Path) -> None:
    path = folder(tmp_path / "roster")
    (path / "sites.CSV").write_text((path / "sites.csv").read_text(), encoding="utf-8")
    assert "stands twice" in only(path).expected


def test_a_folder_where_a_table_should_be_is_told(tmp_path: Path) -> None:
    path = folder(tmp_path / "roster")
    (path / "coverage.csv").mkdir()
    assert "cannot be read" in only(path).expected


def test_notes_and_other_files_are_not_read(tmp_path: Path) -> None:
    sites = [
        ["_to do", "site", "jurisdiction", "supply"],
        ["call", "hudson", "NY", "stock"],
        ["only a note", "", "", ""],
    ]
    path = folder(tmp_path / "roster", with_tables(sites=sites, _notes=[["x"], [1]]))
    for name in (".hidden.csv", "~lock.csv", "README.md", "plan.json", "house_rules.toml"):
        (path / name).write_text("x", encoding="utf-8")
    (path / "old").mkdir()
    assert read(path) == read(folder(tmp_path / "plain"))


def test_a_title_above_the_header_is_one_error(tmp_path: Path) -> None:
    licenses = [["Our licenses"], ["", "updated", "May"], *LEAST["licenses"]]
    found = only(folder(tmp_path / "roster", with_tables(licenses=licenses)))
    assert (found.source, found.row) == ("licenses.csv", 1)
    assert "the column names stand in row 3" in found.expected


@pytest.mark.parametrize("name", ["notes", "Comments", "staff"])
def test_a_column_or_a_file_of_notes_is_answered_with_how_to_write_one(tmp_path: Path, name: str) -> None:
    sites = [["site", "jurisdiction", "supply", name], ["hudson", "NY", "stock", "x"]]
    path = folder(tmp_path / "roster", with_tables(sites=sites))
    (path / f"{name}.csv").write_text("x", encoding="utf-8")
    for found in problems(path):
        assert found.nearest == ()
        assert "a name that begins with _ is your own note, and is not read" in found.expected


def test_an_empty_folder_is_told_what_belongs_there(tmp_path: Path) -> None:
    (tmp_path / "roster").mkdir()
    assert "sites.csv" in only(tmp_path / "roster").expected


def test_a_missing_table_is_an_error_where_it_is_needed(tmp_path: Path) -> None:
    tables = {name: rows for name, rows in LEAST.items() if name != "licenses"}
    found = only(folder(tmp_path / "roster", tables))
    assert (found.table, found.expected) == ("licenses", "is missing: every roster needs this table")


def test_a_cell_that_holds_the_separator_without_quotes_is_told(tmp_path: Path) -> None:
    people = [["practitioner", "name"], ["ana", "Lindqvist", " LCSW"], ["ines", ""]]
    found = only(folder(tmp_path / "roster", with_tables(practitioners=people)))
    assert (found.row, found.value) == (2, " LCSW")
    assert "put quotes around" in found.expected


@pytest.mark.parametrize("text", ["=1+1", "+1 555", "-2+3", "@SUM(A1)", "'=1+1", "''@x", "=cmd()", "-", "'", "O'Hara"])
def test_a_name_that_begins_like_a_formula_does_nothing_in_a_spreadsheet_and_is_read_back(
    tmp_path: Path, text: str
) -> None:
    people = [["practitioner", "name"], ["ana", text if text[:1] not in "='" else f"'{text}"], ["ines", ""]]
    roster = read(folder(tmp_path / "roster", with_tables(practitioners=people)))
    write(roster, tmp_path / "written")
    again = read(tmp_path / "written")
    assert again.practitioners[0].name == roster.practitioners[0].name
    with (tmp_path / "written" / "practitioners.csv").open(encoding="utf-8", newline="") as file:
        cells = [cell for row in csv.reader(file) for cell in row]
    assert not [cell for cell in cells if cell[:1] in ("=", "+", "-", "@")]
    assert [inert(meant(cell)) for cell in cells] == cells


def test_numbers_are_no_formulas() -> None:
    assert [inert(x) for x in ("-73.95", "+5", "12", "-1-1")] == ["-73.95", "+5", "12", "'-1-1"]
