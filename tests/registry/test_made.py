"""Made-up files: the real layout, and nobody who could be taken for real."""

from __future__ import annotations

import csv

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
