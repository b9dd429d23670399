"""A large CSV file as a frame: what the careful reader reads, or nothing."""

from __future__ import annotations

import csv
import io
import re
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kapteam.io import csv as module
from kapteam.io.csv import read_folder, write_folder
from kapteam.io.csv_frame import csv_frame
from kapteam.io.read import read
from kapteam.records.columnar import ColumnarRoster

CELLS = ["", "a", "b c", "1", '"', '""', "a,b", ",", "two\nlines", "'=1", "'", "'a", "é", " ", "\r", '","', "x" * 50]
HEADER = ["practitioner", "name", "npi"]


def careful(text: str) -> list[list[str | None]]:
    """The rows below the header, as wide as it is; None where nothing stands."""
    found = [row for row in csv.reader(io.StringIO(text, newline="")) if any(row)][1:]
    return [[cell or None for cell in (row + [""] * len(HEADER))[: len(HEADER)]] for row in found]


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=120)
@given(
    st.lists(st.lists(st.sampled_from(CELLS), min_size=0, max_size=4), max_size=6),
    st.sampled_from(["\n", "\r\n"]),
    st.sampled_from([csv.QUOTE_MINIMAL, csv.QUOTE_ALL, csv.QUOTE_NONNUMERIC]),
    st.booleans(),
)
def test_as_the_careful_reader_or_not_at_all(
    tmp_path: Path, rows: list[list[str]], end: str, quoting: int, last: bool
) -> None:
    made = io.StringIO(newline="")
    csv.writer(made, lineterminator=end).writerow(HEADER)
    csv.writer(made, lineterminator=end, quoting=quoting).writerows(rows)
    text = made.getvalue() if last else made.getvalue().removesuffix(end)
    path = tmp_path / "practitioners.csv"
    path.write_bytes(text.encode())
    frame = csv_frame(path, HEADER)
    if frame is not None:
        assert [[cell or None for cell in row] for row in frame.iter_rows() if any(row)] == careful(text)
        assert all(len(row) <= len(HEADER) or not any(row[len(HEADER) :]) for row in rows)


@pytest.mark.parametrize(
    "text",
    [
        'practitioner,name\na,"b\nc"\n', "practitioner,name\na,'=1\n",
        "practitioner,name\na,b,c\n", 'practitioner,name\na,"b"c\n', 'practitioner,name\na,b"c\n',
        "practitioner;name\na;b\n", "practitioner,practitioner\na,b\n", "practitioner,name\ra,b\r",
    ],
)  # fmt: skip
def test_what_needs_care_is_left_to_the_careful_reader(text: str, tmp_path: Path) -> None:
    path = tmp_path / "practitioners.csv"
    path.write_bytes(text.encode())
    assert csv_frame(path, re.split("[,;]", text.splitlines()[0])) is None


def test_plain_files_are_read_as_frames(tmp_path: Path) -> None:
    path = tmp_path / "practitioners.csv"
    path.write_bytes(b"\xef\xbb\xbf" + b'practitioner,name\r\n"a",b\r\n\r\nc,"d ""e"" f"\r\n')
    frame = csv_frame(path, ["practitioner", "name"])
    assert frame is not None
    assert frame.rows() == [("a", "b"), (None, None), ("c", 'd "e" f')]  # each row stays in its place


def test_a_large_folder_is_the_same_roster(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from kapteam.demo import practice_folder

    whole = read(practice_folder())
    write_folder(whole, tmp_path)
    monkeypatch.setattr(module, "LARGE", 0)
    found = read(tmp_path)
    assert isinstance(found, ColumnarRoster)
    assert found == whole
    assert found.warnings == read_by_rows(tmp_path)
    assert found.origin["licenses"][1][0] == 2


def read_by_rows(folder: Path) -> tuple[object, ...]:
    from kapteam.io.assemble import assemble

    return assemble(read_folder(folder)).warnings
