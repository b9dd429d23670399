from __future__ import annotations

from pathlib import Path

import pytest
from roster_files import folder, only, unreadable, workbook

from kapteam.io.read import read
from kapteam.records.problems import RosterError, UsageError


@pytest.mark.parametrize("name", ["nothing", "nothing.xlsx", "file/under", "file/under.json", "file", "x.csv", "a\0b"])
def test_what_is_no_roster_is_wrong_usage(tmp_path: Path, name: str) -> None:
    (tmp_path / "file").write_text("", encoding="utf-8")
    (tmp_path / "x.csv").write_text("", encoding="utf-8")
    with pytest.raises(UsageError):
        read(tmp_path / name)


def test_a_folder_that_may_not_be_listed_is_wrong_usage(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(self: Path) -> None:
        raise PermissionError(13, "Permission denied", str(self))

    monkeypatch.setattr(Path, "iterdir", refuse)
    with pytest.raises(UsageError, match="Permission denied"):
        read(tmp_path)


def test_a_workbook_that_may_not_be_read_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = workbook(tmp_path)
    unreadable(monkeypatch, path.name)
    assert "Permission denied" in only(path).expected


def test_a_missing_table_is_told_at_the_name_of_the_roster(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = folder(tmp_path / "roster")
    (path / "hours.csv").unlink()
    assert str(only(path)) == "roster, hours: is missing: every roster needs this table"
    (path / "old").mkdir()
    monkeypatch.chdir(path / "old")
    assert only(Path("..")).source == only(Path("../../roster")).source == "roster"
    monkeypatch.chdir(path)
    assert only(Path()).source == "roster"


def test_a_file_that_may_not_be_read_is_told_beside_the_other_problems(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = folder(tmp_path / "roster")
    unreadable(monkeypatch, "sites.csv")
    found = only(path)
    assert (found.source, found.expected) == ("sites.csv", "cannot be read: Permission denied")


def test_another_practice_file_takes_the_place_of_the_roster_s_own(tmp_path: Path) -> None:
    path = folder(tmp_path / "roster")
    (path / "practice.toml").write_text("[protocol]\ntherapists = 'three'", encoding="utf-8")
    other = tmp_path / "other.toml"
    other.write_text("[protocol]\r\ntherapists = 2\r\n", encoding="utf-8-sig", newline="")
    assert read(path, practice=other).practice.protocol.therapists == 2
    with pytest.raises(RosterError):
        read(path)
    with pytest.raises(UsageError, match="no practice file"):
        read(path, practice=tmp_path / "nothing.toml")


@pytest.mark.parametrize("text", ["[protocol", "a" * 3, b"[protocol]\ndraw = '\xe9'".decode("latin-1")])
def test_a_broken_practice_file_is_told_at_its_file(tmp_path: Path, text: str) -> None:
    path = folder(tmp_path / "roster")
    (path / "practice.toml").write_bytes(text.encode("latin-1"))
    found = only(path)
    assert (found.table, found.source) == ("practice", "practice.toml")
