"""What is dropped in: read whatever it is called, written nowhere that stays, its wrong cells told."""

from __future__ import annotations

import zipfile
from io import BytesIO
from pathlib import Path

import pytest
from asking import PRACTICE

import kapteam.demo
from kapteam.app.opened import Desk, checked, name_of, on_disk
from kapteam.app.wrong_cells import sheets
from kapteam.io.read import read, write
from kapteam.records.problems import RosterError, UsageError


def zipped(folder: Path, inside: str = "") -> bytes:
    content = BytesIO()
    with zipfile.ZipFile(content, "w") as archive:
        for file in sorted(folder.iterdir()):
            archive.write(file, f"{inside}{file.name}")
    return content.getvalue()


@pytest.mark.parametrize("inside", ["", "practice/", "../../", "/etc/"])
def test_a_zip_of_csv_files_is_a_roster_wherever_they_are_in_it(inside: str) -> None:
    with on_disk("practice.zip", zipped(Path(PRACTICE), inside)) as path:
        assert checked(path) == read(PRACTICE)
        assert {p.parent for p in path.rglob("*")} == {path}
        where = path.parent
    assert not where.exists()


def test_workbooks_and_documents_are_read_by_their_own_names(tmp_path: Path) -> None:
    write(read(PRACTICE), tmp_path / "p.json")
    for name, file in (("a.json", tmp_path / "p.json"), ("b.xlsx", kapteam.demo.practice_workbook())):
        with on_disk(name, file.read_bytes()) as path:
            assert path.name == name
            assert checked(path) == read(PRACTICE)
        assert not path.exists()


@pytest.mark.parametrize(
    ("name", "kept"),
    [("../../x.json", "x.json"), ("C:\\here\\x.json", "x.json"), ("a\n\0b.json", "ab.json"), ("..", "roster")],
)
def test_a_name_leads_nowhere_else(name: str, kept: str) -> None:
    with on_disk(name, b"{}") as path:
        assert path.name == kept
        assert path.parent.name.startswith("kapteam-")


@pytest.mark.parametrize(("content", "said"), [(b"no zip", "damaged, or has a password"), (b"", "no CSV files")])
def test_a_zip_that_holds_no_roster_is_told(content: bytes, said: str) -> None:
    if not content:
        empty = BytesIO()
        zipfile.ZipFile(empty, "w").close()
        content = empty.getvalue()
    with pytest.raises(UsageError, match=said), on_disk("x.zip", content):
        pass


def test_a_roster_is_known_by_its_rows() -> None:
    desk, roster = Desk(), read(PRACTICE)
    first = desk.put(roster, "first")
    assert desk.put(read(kapteam.demo.practice_workbook()), "second") is first
    assert name_of(roster) == first.name
    other = roster.with_tables({"demand": roster.demand[1:]})
    assert desk.put(other, "other").name != first.name


def test_every_wrong_cell_is_marked_where_it_stands(broken: Path) -> None:
    with pytest.raises(RosterError) as caught:
        checked(broken)
    found = {sheet.source: sheet for sheet in sheets(broken, caught.value.problems)}
    hours, licenses = found["broken.xlsx, sheet hours"], found["broken.xlsx, sheet licenses"]
    marked = {
        (line.number, head.text): cell
        for sheet in (hours, licenses)
        for line in sheet.lines
        for head, cell in zip(sheet.header, line.cells, strict=True)
        if cell.problems
    }
    assert set(marked) == {(3, "when"), (4, "site"), (2, "profession")}
    assert marked[3, "when"].text == "Mon 9-5"
    assert marked[3, "when"].problems[0].nearest == ("Mon 09:00-17:00",)
    assert marked[4, "site"].problems[0].nearest == ("hudson",)
    assert sum(sheet.errors for sheet in found.values()) == 3
    (line,) = (line for line in hours.lines if line.number == 3)
    assert [cell.text for cell in line.cells][:2] == [str(c) for c in _row(broken, "hours", 3)[:2]]


def _row(book: Path, sheet: str, number: int) -> list[object]:
    from openpyxl import load_workbook

    return [cell.value for cell in load_workbook(book)[sheet][number]]


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("x.xlsx", b"PK no workbook"),
        ("x.json", b"{"),
        ("x.json", b'{"sites": [{"site": 1}], "nonsense": []}'),
        ("x.xlsx", b""),
    ],
)
def test_what_is_no_roster_at_all_is_told_as_a_whole(name: str, content: bytes) -> None:
    with on_disk(name, content) as path:
        with pytest.raises(RosterError) as caught:
            checked(path)
        found = sheets(path, caught.value.problems)
    assert sum(s.errors for s in found) == sum(p.level == "error" for p in caught.value.problems) > 0


def test_of_very_many_errors_the_first_are_shown_and_the_rest_counted(tmp_path: Path) -> None:
    folder = tmp_path / "many"
    write(read(PRACTICE), folder)
    hours = folder / "hours.csv"
    head, *rows = hours.read_text(encoding="utf-8").splitlines()
    hours.write_text("\n".join([head, *(row.replace("Mon", "Moon") for row in rows * 12)]), encoding="utf-8")
    with pytest.raises(RosterError) as caught:
        checked(folder)
    errors = [p for p in caught.value.problems if p.level == "error"]
    (sheet,) = (s for s in sheets(folder, caught.value.problems) if s.source == "hours.csv")
    assert len(sheet.lines) + sheet.more == len({p.row for p in errors if p.table == "hours"})
    assert len(sheet.lines) < sheet.more
