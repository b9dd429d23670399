"""Whatever stands where a roster should be, the answer is a sentence and a status, never a traceback."""

from __future__ import annotations

import os
import subprocess
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from asking import DAY, KAPTEAM, PRACTICE, run

import kapteam
from kapteam.demo import practice_workbook


def _bytes(path: Path, data: bytes) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)
    return path


def _folder_with(path: Path, data: bytes) -> Path:
    """A folder whose sites.csv holds these bytes."""
    return _bytes(path / "sites.csv", data).parent


def _zip(path: Path) -> Path:
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("hello.txt", "this is no workbook")
    return path


def _folder(path: Path) -> Path:
    path.mkdir()
    return path


def _half_workbook(path: Path) -> Path:
    return _bytes(path, practice_workbook().read_bytes()[:4000])


def _link_to_nothing(path: Path) -> Path:
    path.symlink_to(path.with_name("nothing"))
    return path


#: What stands there, the exit status, and a word of the answer.
BAD: dict[str, tuple[Callable[[Path], Path], int, str]] = {
    "nothing": (lambda p: p / "nothing.xlsx", 2, "there is no file or folder"),
    "a link to nothing": (lambda p: _link_to_nothing(p / "link.xlsx"), 2, "there is no file or folder"),
    "a folder that is a file": (lambda p: _bytes(p / "folder", b"site\n"), 2, "is no roster"),
    "a file inside a file": (lambda p: _bytes(p / "file", b"x") / "roster.xlsx", 2, ""),
    "an empty folder": (lambda p: _folder(p / "folder"), 1, "sites.csv"),
    "a folder of other things": (lambda p: _bytes(p / "folder" / "notes.txt", b"hello").parent, 1, "sites.csv"),
    "a folder called like a workbook": (lambda p: _folder(p / "roster.xlsx"), 1, "sites.csv"),
    "one table alone": (lambda p: _bytes(p / "sites.csv", b"site\n"), 2, "name the folder"),
    "text called a workbook": (lambda p: _bytes(p / "roster.xlsx", b"site,jurisdiction\n"), 1, "Excel workbook"),
    "an empty file called a workbook": (lambda p: _bytes(p / "roster.xlsx", b""), 1, "Excel workbook"),
    "half a workbook": (lambda p: _half_workbook(p / "roster.xlsx"), 1, "Excel workbook"),
    "another zip called a workbook": (lambda p: _zip(p / "roster.xlsx"), 1, "Excel workbook"),
    "an old workbook": (lambda p: _bytes(p / "roster.xls", b"\xd0\xcf\x11\xe0"), 2, ".xlsx"),
    "a picture called a table": (lambda p: _folder_with(p, b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\xff\xd9"), 1, "UTF-8"),
    "a table with NUL bytes": (
        lambda p: _folder_with(p, b"site,jurisdiction\nhudson\0,NY\n"),
        1,
        "sites.csv, row 2, site",
    ),
    "a table in UTF-16": (lambda p: _folder_with(p, "site\nhudson\n".encode("utf-16")), 1, "UTF-16"),
    "a table in Latin-1": (lambda p: _folder_with(p, "site,name\nh,Café\n".encode("latin-1")), 1, "UTF-8"),
    "an empty table": (lambda p: _folder_with(p, b""), 1, "empty"),
    "a quote that never ends": (lambda p: _folder_with(p, b'site,name\nhudson,"Hudson\n'), 1, "expected CSV"),
    "half a document": (lambda p: _bytes(p / "roster.json", b'{"sites": ['), 1, "expected JSON"),
    "a document of another kind": (lambda p: _bytes(p / "roster.json", b"[1, 2]"), 1, "expected a JSON object"),
    "tables that are none": (lambda p: _bytes(p / "roster.json", b'{"sites": 3, "hours": [1]}'), 1, "hours, row 1"),
    "a binary document": (lambda p: _bytes(p / "roster.json", b"\xff\xfe\x80"), 1, "UTF-"),
    "brackets that nest too deep": (lambda p: _bytes(p / "roster.json", b"[" * 200_000), 1, "expected JSON"),
}


@pytest.mark.parametrize("what", BAD)
def test_a_bad_roster_gets_a_sentence(tmp_path: Path, what: str) -> None:
    make, status, said = BAD[what]
    answer = run("check", make(tmp_path), "--on", DAY)
    assert answer.status == status, answer
    told = " ".join((answer.out + answer.err).split())
    assert said in told
    assert 0 < len(told) < 2000


def test_a_table_that_is_no_list_is_named(tmp_path: Path) -> None:
    answer = run("check", _bytes(tmp_path / "roster.json", b'{"sites": 3, "practitioners": []}'))
    (line,) = [line for line in answer.out.splitlines() if "expected a list of objects" in line]
    assert "sites" in line


@pytest.mark.skipif(os.geteuid() == 0, reason="nothing is unreadable for root")
@pytest.mark.parametrize("name", ["roster.xlsx", "roster.json", "sites.csv"])
def test_a_file_that_may_not_be_read_is_told(tmp_path: Path, name: str) -> None:
    file = _bytes(tmp_path / name, b"{}")
    file.chmod(0)
    answer = run("check", tmp_path if name == "sites.csv" else file)
    assert answer.status in (1, 2)
    assert name in answer.out + answer.err


@pytest.mark.parametrize("text", ["[protocol", 'protocol = "x"', "[protocol]\nsession_minutes = 0", "\xff"])
def test_a_bad_practice_file_is_an_error_of_the_roster(tmp_path: Path, text: str) -> None:
    file = _bytes(tmp_path / "bad.toml", text.encode("latin-1"))
    answer = run("links", PRACTICE, "--practice", file)
    assert answer.status == 1
    assert "bad.toml" in " ".join(answer.err.split())


def _to_a_closed_pipe(*words: str) -> tuple[int, bytes]:
    """The status and the complaints of a process whose reader is gone before a byte was written."""
    reader, writer = os.pipe()
    os.close(reader)
    ended = subprocess.run(
        [KAPTEAM, *words, PRACTICE, "--on", DAY], stdout=writer, stderr=subprocess.PIPE, check=False, timeout=60
    )
    os.close(writer)
    return ended.returncode, ended.stderr


@pytest.mark.parametrize("words", [("match",), ("links", "--json")], ids=" ".join)
def test_a_reader_that_goes_away_hears_no_complaint(words: tuple[str, ...]) -> None:
    assert _to_a_closed_pipe(*words)[1] == b""


def test_a_reader_that_goes_away_is_no_error() -> None:
    assert _to_a_closed_pipe("links", "--json")[0] == 0


def test_head_takes_the_first_line_and_nobody_complains() -> None:
    ended = subprocess.run(
        f"'{KAPTEAM}' match '{PRACTICE}' --on {DAY} | head -1",
        shell=True, capture_output=True, text=True, timeout=60, check=True,
    )  # fmt: skip
    assert ended.stdout.startswith("19 of 27")
    assert len(ended.stdout.splitlines()) == 1
    assert ended.stderr == ""


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no full device here")
def test_a_full_disk_is_a_sentence() -> None:
    with Path("/dev/full").open("wb") as full:
        ended = subprocess.run(
            [KAPTEAM, "links", PRACTICE, "--json"],
            stdout=full,
            stderr=subprocess.PIPE,
            text=True,
            check=False,
            timeout=60,
        )
    assert ended.returncode == 1
    assert "No space left" in ended.stderr
    assert "Traceback" not in ended.stderr


@pytest.mark.parametrize("words", [("--on", "9999-12-31"), ("--within", "99999999")], ids=" ".join)
def test_looking_ahead_past_the_end_of_the_calendar_is_no_crash(words: tuple[str, ...]) -> None:
    assert run("check", PRACTICE, "--json", *words).status in (0, 2)


@pytest.mark.parametrize("body", ["return rows.nothing", "return [1.5, 2.5]"])
def test_a_house_rule_that_breaks_is_named(tmp_path: Path, body: str) -> None:
    text = f'import kapteam\n\n\n@kapteam.rule("house.broken", subject="therapist")\ndef broken(rows):\n    {body}\n'
    (tmp_path / "rules.py").write_text(text, encoding="utf-8")
    answer = run("links", PRACTICE, "--rules", tmp_path / "rules.py")
    assert answer.status == 2
    assert "house.broken" in answer.err


def test_every_error_that_is_meant_is_a_kapteam_error() -> None:
    assert issubclass(kapteam.RosterError, kapteam.KapteamError)
    assert issubclass(kapteam.UsageError, kapteam.KapteamError)
