"""Made-up files: the real layout, and nobody who could be taken for real."""

from __future__ import annotations

import csv
import subprocess
import sys
from pathlib import Path

import pytest

from kapteam.records.identifiers import Npi
from kapteam.registry.layout import COLUMNS
from kapteam.registry.made import RANGE, made_rows, written


def test_a_made_file_is_marked_in_every_row_and_the_same_each_time() -> None:
    text = "".join(written(made_rows(400, 1)))
    assert text == "".join(written(made_rows(400, 1)))
    assert text != "".join(written(made_rows(400, 2)))
    rows = list(csv.DictReader(text.splitlines()))
    assert (len(rows), tuple(rows[0])) == (400, COLUMNS)
    names = "Provider Last Name (Legal Name)", "Provider Organization Name (Legal Business Name)"
    for row in rows:
        assert Npi().read(row["NPI"]).startswith(RANGE)
        assert not row["Entity Type Code"] or "".join(row[n] for n in names).endswith("MADEUP")
    assert len({row["NPI"] for row in rows}) == 400
    assert {row["Entity Type Code"] for row in rows} == {"", "1", "2"}
    assert all(line.startswith('"29') and line.count('","') == 329 for line in text.splitlines()[1:])


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("5", "-o", "nodir/x"), "cannot write 'nodir/x': No such file or directory"),
        (("5", "-o", "."), "cannot write '.': Is a directory"),
        (("100", "-o", "/dev/full"), "cannot write '/dev/full': No space left on device"),
        (("-5", "-o", "x"), "'-5': expected a whole number from 1 to 10,000,000"),
        (("many", "-o", "x"), "'many': expected a whole number"),
        (("10000001", "-o", "x"), "'10000001': expected a whole number"),
        (("5", "-o", "x", "--seed", "-1"), "--seed: '-1': expected a whole number from 0"),
    ],
)
def test_wrong_usage_is_said_in_words(words: tuple[str, ...], said: str, tmp_path: Path) -> None:
    ended = subprocess.run(
        [sys.executable, "-m", "kapteam.registry.made", *words],
        capture_output=True, text=True, cwd=tmp_path, timeout=60, check=False,
    )  # fmt: skip
    assert (ended.returncode, said in ended.stderr, "Traceback" in ended.stderr) == (2, True, False), ended.stderr
    assert not (tmp_path / "x").exists()
