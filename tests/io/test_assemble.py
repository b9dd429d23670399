from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from roster_files import LEAST, document, folder, only, problems, with_tables, workbook

from kapteam.io.read import read

BAD: dict[str, list[list[Any]]] = {
    "sites": [
        ["site", "jurisdiction", "supply", "rooms"],
        ["hudson", "New York", "stock", "two"],
        ["austin", "TX", "stock", ""],
        ["hudson", "NY", "", ""],
    ],
    "practitioners": [
        ["practitioner", "npi", "languages"],
        ["ana", "1234567951", "Spanish"],
        ["ines", "1234567893", ""],
        ["bob", "1234567893", "EN_us"],
        ["ana", "", ""],
    ],
    "licenses": [
        ["practitioner", "jurisdiction", "profession", "status", "issued", "expires"],
        ["anna", "NY", "doctor", "actve", "", ""],
        ["ines", "NY", "physician", "", "2026-02-02", "2026-02-01"],
        ["", "NY", "physician", "", "", ""],
    ],
    "registrations": [
        ["practitioner", "jurisdiction", "number", "schedules"],
        ["ines", "NY", "FP1234564", "3N"],
        ["ines", "NY", "", "VI"],
        ["zed", "NY", "", "3X"],
    ],
    "hours": [
        ["practitioner", "site", "when"],
        ["ines", "hudsn", "Fri 22:00-06:00"],
        ["ines", "hudson", "Mon 09:10-10:00"],
    ],
    "demand": [["site", "sessions", "protocol"], ["hudson", "-1", "grp"]],
}
# By table and row as a spreadsheet counts it, and column.
FOUND = {
    ("sites", 2, "jurisdiction"),
    ("sites", 2, "rooms"),
    ("sites", 3, "timezone"),
    ("sites", 4, "supply"),
    ("sites", 4, "site"),
    ("practitioners", 2, "npi"),
    ("practitioners", 2, "languages"),
    ("practitioners", 4, "npi"),
    ("practitioners", 4, "languages"),
    ("practitioners", 5, "practitioner"),
    ("licenses", 2, "practitioner"),
    ("licenses", 2, "profession"),
    ("licenses", 2, "status"),
    ("licenses", 3, "expires"),
    ("licenses", 4, "practitioner"),
    ("registrations", 2, "number"),
    ("registrations", 3, "schedules"),
    ("registrations", 4, "practitioner"),
    ("registrations", 4, "schedules"),
    ("hours", 2, "site"),
    ("hours", 2, "when"),
    ("hours", 3, "when"),
    ("demand", 2, "sessions"),
    ("demand", 2, "protocol"),
}


@pytest.mark.parametrize("write", [lambda w, t: folder(w / "roster", t), workbook, document])
def test_every_problem_of_the_whole_roster_is_told_at_once(tmp_path: Path, write: Any) -> None:
    path = write(tmp_path, BAD)
    off = 1 if path.suffix == ".json" else 0  # an item has no header above it
    found = [(p.table, (p.row or 0) + off, p.column) for p in problems(path)]
    assert sorted(found) == sorted(FOUND)
    assert all(p.expected and p.source for p in problems(path))


def test_the_nearest_valid_values_are_offered(tmp_path: Path) -> None:
    close = {(p.table, p.row, p.column): p.nearest for p in problems(folder(tmp_path / "roster", BAD))}
    assert close["sites", 2, "jurisdiction"] == ("NY",)
    assert close["practitioners", 2, "languages"] == ("es",)
    assert close["licenses", 2, "practitioner"] == ("ana",)
    assert close["licenses", 2, "status"] == ("active",)
    assert close["hours", 2, "site"] == ("hudson",)


@pytest.mark.parametrize("table", LEAST)
@pytest.mark.parametrize("column", [0, 1, 2])
def test_a_missing_column_is_told_once_and_its_rows_are_still_checked(tmp_path: Path, table: str, column: int) -> None:
    lines = [[c for i, c in enumerate(line) if i != column] for line in LEAST[table]]
    needed = column < len(LEAST[table][0]) and LEAST[table][0][column] != "when"
    path = folder(tmp_path / "roster", with_tables(**{table: lines}))
    if needed and any(lines[0]):
        found = [p for p in problems(path) if p.column == LEAST[table][0][column]]
        assert [(p.row, p.expected) for p in found] == [(1, "the column is missing, and every row needs it")]
    elif not needed:
        read(path)


def test_an_unknown_or_doubled_column_is_told_at_the_header(tmp_path: Path) -> None:
    people = [["practitioner", "nmae", "npi", "npi", "LANGUAGES"], ["ana", "x", "", "", ""], ["ines", "", "", "", ""]]
    found = problems(folder(tmp_path / "roster", with_tables(practitioners=people)))
    assert [(p.row, p.column, p.nearest) for p in found] == [
        (1, "nmae", ("name",)),
        (1, "npi", ()),
        (1, "LANGUAGES", ("languages",)),
    ]


def test_half_filled_rows_are_told_and_blank_ones_are_not(tmp_path: Path) -> None:
    licenses = [
        ["practitioner", "jurisdiction", "profession"],
        ["ines", "", "physician"],
        ["", "", ""],
        ["\u00a0", " ", ""],
    ]
    found = only(folder(tmp_path / "roster", with_tables(licenses=licenses)))
    assert (found.row, found.column) == (2, "jurisdiction")
    assert found.expected.startswith("is needed: a USPS code")


def test_stray_and_no_break_spaces_do_no_harm(tmp_path: Path) -> None:
    hours = [[" practitioner", "site\u00a0", "when"], ["\u00a0ines ", "hudson\u2007", "Mon\u00a009:00-17:00 "]]
    assert read(folder(tmp_path / "roster", with_tables(hours=hours))) == read(folder(tmp_path / "plain"))


def test_a_blank_is_unknown_or_the_default_and_an_explicit_no_stays_no(tmp_path: Path) -> None:
    coverage = [
        ["practitioner", "carrier", "ketamine", "same_site", "specialties", "presence"],
        ["ines", "Acorn", "", "no", ";", "none"],
    ]
    roster = read(folder(tmp_path / "roster", with_tables(coverage=coverage)))
    row = roster.coverage[0]
    assert (row.ketamine, row.same_site, row.specialties, row.presence) == (None, False, None, "none")
    assert (roster.sites[0].rooms, roster.sites[0].setting, roster.licenses[0].status) == (1, "clinic", "active")


def test_a_mistake_in_the_practice_makes_no_errors_of_what_names_it(tmp_path: Path) -> None:
    path = folder(tmp_path / "roster", with_tables(demand=[["site", "sessions", "protocol"], ["hudson", "1", "group"]]))
    (path / "practice.toml").write_text("[protocols.group]\ntherapist = 2\n", encoding="utf-8")
    found = only(path)
    assert (found.column, found.nearest) == ("protocols.group.therapist", ("therapists",))


def test_warnings_are_told_at_their_rows_beside_a_good_roster(tmp_path: Path) -> None:
    ties = [["a", "b", "kind"], ["ana", "ines", "prefers"], ["", "", ""], ["ana", "ines", "prefers"]]
    (warning,) = read(folder(tmp_path / "roster", with_tables(ties=ties))).warnings
    assert (warning.source, warning.row, warning.also) == ("ties.csv", 4, 2)


def test_a_column_of_wrong_cells_is_told_cell_by_cell(tmp_path: Path) -> None:
    people = [["practitioner", "npi"], *([f"p{i}", f"12345{i:05}"] for i in range(300)), ["ines", ""]]
    found = problems(folder(tmp_path / "roster", with_tables(practitioners=people)))
    assert 260 <= len(found) <= 280  # one in ten has a good check digit by chance
    assert {p.column for p in found} == {"npi"}
