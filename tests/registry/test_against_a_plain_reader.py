"""The import against a plain reader, row by row with the csv module: the same people, licences, sites and counts."""

from __future__ import annotations

import csv
import tempfile
from collections import Counter
from datetime import datetime
from pathlib import Path
from typing import Any

import polars as pl
from attrs import Factory, define
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from kapteam.records.identifiers import Npi
from kapteam.records.people import PROFESSIONS
from kapteam.records.problems import Misread
from kapteam.records.zones import JURISDICTIONS
from kapteam.registry.importing import Asked, import_nppes
from kapteam.registry.layout import COLUMNS
from kapteam.registry.made import made_npi, made_rows, written
from kapteam.registry.professions import taxonomy

STATE = "Provider Business Practice Location Address State Name"
ZIP = "Provider Business Practice Location Address Postal Code"
COUNTRY = "Provider Business Practice Location Address Country Code (If outside U.S.)"
BY_NAME = {name.upper(): code for code, (name, _) in JURISDICTIONS.items()}

#: What may stand in a column instead: real files hold the like.
ODD = {
    "NPI": ["", "1234567890", "123", "12345678AB", made_npi(1), made_npi(3) + ".0", f" {made_npi(5)} "],
    "Entity Type Code": ["", "1", "2", "1.0", "3"],
    STATE: ["", "ny", "NEW YORK", "PUERTO RICO", "PR", "ZZ", " CO "],
    ZIP: ["", "10001", "100012345", "10001-2345", "1001", "10012345", "9012202", "H4A 3M2", "10001.0"],
    COUNTRY: ["", "US", "us", "CA"],
    "NPI Deactivation Date": ["", "02/01/2022", "13/45/2022"],
    "NPI Reactivation Date": ["", "02/01/2022", "01/31/2022", "12/01/2023", "soon"],
    "Provider First Name": ["", "Ana\nMaria", 'THE "ACE"', "A, B", "Zoë", "  LEO   J "],
    "Provider Middle Name": [""],
    "Healthcare Provider Taxonomy Code_1": [
        "",
        "2084P0800X",
        "363LP0808X",
        "163W00000X",
        "204E00000X",
        "364SP0807X",
        "x",
    ],
    "Provider License Number_1": ["", "PENDING", "036.1", "$$$", "A1"],
    "Provider License Number State Code_1": ["", "NY", "nj", "COLORADO", "PR"],
    "Healthcare Provider Taxonomy Code_2": ["", "363LF0000X", "2084P0800X", "163W00000X"],
    "Healthcare Provider Primary Taxonomy Switch_2": ["Y", "N", "X", ""],
}


@define
class Plain:
    """What a plain reader makes of a file."""

    people: list[tuple[Any, ...]] = Factory(list)
    licenses: list[tuple[str, ...]] = Factory(list)
    hours: list[tuple[str, str]] = Factory(list)
    prescribers: list[tuple[str, str]] = Factory(list)
    left_out: Counter[str] = Factory(Counter)
    no_license: Counter[str] = Factory(Counter)
    rows: int = 0


def plain(path: Path, states: tuple[str, ...]) -> Plain:
    found, seen = Plain(), set()
    with path.open(encoding="utf-8", newline="") as file:
        reader = csv.reader(file)
        header = next(reader)
        for cells in reader:
            if not cells:
                continue
            found.rows += 1
            if len(cells) != len(header):
                found.left_out["broken"] += 1
                continue
            row = {name: cell.strip() for name, cell in zip(header, cells, strict=True)}
            why = reason(row, states)
            npi = whole(row["NPI"])
            if why is None and npi in seen:
                why = "duplicate"
            if why is not None:
                found.left_out[why] += 1
                continue
            seen.add(npi)
            take(row, npi, found)
    return found


def whole(cell: str) -> str:
    head, _, tail = cell.partition(".")
    return head if tail and set(tail) == {"0"} else cell


def state_of(cell: str) -> str:
    return BY_NAME.get(cell.upper(), cell.upper())


def zip_of(cell: str) -> str | None:
    digits = whole(cell).replace("-", "").replace(" ", "")
    if not (digits.isascii() and digits.isdigit()) or len(digits) not in (4, 5, 8, 9):
        return None
    return digits.zfill(5 if len(digits) < 6 else 9)[:5]


def day(cell: str) -> datetime | None:
    try:
        return datetime.strptime(cell, "%m/%d/%Y")
    except ValueError:
        return None


def entries(row: dict[str, str]) -> list[tuple[str | None, Any, tuple[str, ...]]]:
    """Of each taxonomy: why it is no licence, what its code says, and the licence."""
    found: list[tuple[str | None, Any, tuple[str, ...]]] = []
    for i in range(1, 16):
        code, number = row[f"Healthcare Provider Taxonomy Code_{i}"], row[f"Provider License Number_{i}"]
        state = state_of(row[f"Provider License Number State Code_{i}"])
        if not code:
            continue
        said = taxonomy(code.upper())
        license = (state, said.profession, number) if said else ()
        if said is None:
            why = "profession"
        elif not state:
            why = "state"
        elif state not in JURISDICTIONS:
            why = "elsewhere"
        elif not number:
            why = "number"
        elif not any(c in "0123456789" for c in number):
            why = "word"
        else:
            why = "again" if any(w is None and x == license for w, _, x in found) else None
        found.append((why, (said, row[f"Healthcare Provider Primary Taxonomy Switch_{i}"] == "Y"), license))
    return found


def reason(row: dict[str, str], states: tuple[str, ...]) -> str | None:
    try:
        fits = bool(Npi().read(whole(row["NPI"])))
    except Misread:
        fits = False
    ended, again = row["NPI Deactivation Date"], day(row["NPI Reactivation Date"])
    stopped = day(ended)
    active = not ended or (stopped is not None and again is not None and again >= stopped)
    found = entries(row)
    checks = (
        ("npi", fits),
        ("deactivated", active),
        ("organization", whole(row["Entity Type Code"]) != "2"),
        ("entity", whole(row["Entity Type Code"]) == "1"),
        ("elsewhere", state_of(row[STATE]) in JURISDICTIONS and row[COUNTRY].upper() in ("", "US")),
        ("not_asked", not states or state_of(row[STATE]) in states),
        ("profession", any(said for _, (said, _), _ in found)),
        ("license", any(why is None for why, _, _ in found)),
        ("zip", zip_of(row[ZIP]) is not None),
    )
    return next((why for why, good in checks if not good), None)


def take(row: dict[str, str], npi: str, found: Plain) -> None:
    listed = entries(row)
    held = [(said, primary, license) for why, (said, primary), license in listed if why is None]
    best = min(range(len(held)), key=lambda i: (not held[i][0].psychiatric, not held[i][1], i))
    words = (row[f"Provider {c}"] for c in ("First Name", "Middle Name", "Last Name (Legal Name)"))
    found.people.append((npi, " ".join(" ".join(words).split()), npi, held[best][0].specialty))
    found.licenses += [(npi, *license) for _, _, license in held]
    state = state_of(row[STATE])
    found.hours.append((npi, f"{state}-{zip_of(row[ZIP])}"))
    if any(PROFESSIONS.index(said.profession) < 7 for said, _, _ in held):
        found.prescribers.append((npi, state))
    found.no_license.update(why for why, _, _ in listed if why is not None)


def table(folder: Path, name: str, *columns: str) -> list[tuple[Any, ...]]:
    parts = sorted((folder / name).glob("*.parquet"))
    return [row for p in parts for row in pl.read_parquet(p).select(*columns).iter_rows()]


@st.composite
def edits(draw: st.DrawFn) -> list[tuple[int, str, str]]:
    """Cells that are something else: the row, the column and the cell."""
    names = draw(st.lists(st.sampled_from(sorted(ODD)), max_size=30))
    return [(draw(st.integers(0, 39)), name, draw(st.sampled_from(ODD[name]))) for name in names]


#: Lines that stand instead of a row's.
LINES = {
    "longer": lambda line: line.rstrip("\n") + ',"more"\n',
    "shorter": lambda _: '"1234567893","1"\n',
    "one more blank": lambda line: line.rstrip("\n") + ",\n",
    "as Windows ends it": lambda line: line.rstrip("\n") + "\r\n",
    "unquoted": lambda line: line.replace('""', "") if '"""' not in line else line,
    "blank": lambda _: "\n",
    "twice": lambda line: line * 2,
}


def text_of(rows: int, seed: int, cells: list[tuple[int, str, str]], lines: list[tuple[int, str]]) -> str:
    made = list(made_rows(rows, seed))
    for i, name, cell in cells:
        made[i % rows][name] = cell
    head, *body = split(made)
    for i, how in lines:
        body[i % rows] = LINES[how](body[i % rows])
    return head + "".join(body)


def split(made: list[dict[str, str]]) -> list[str]:
    """The header and each row as text, though a cell may span lines."""
    head = next(written([]))
    return [head, *("".join(written([row])).removeprefix(head) for row in made)]


# Without shrinking, which takes minutes here: the arguments are short as they are.
@settings(phases=[Phase.explicit, Phase.generate])
@given(
    st.integers(1, 40),
    st.integers(0, 10**6),
    edits(),
    st.lists(st.tuples(st.integers(0, 39), st.sampled_from(sorted(LINES))), max_size=3),
    st.sampled_from([(), (), ("NY",), ("CO", "NY", "TX")]),
    st.sampled_from([5000, 10**6]),
)
def test_the_import_takes_what_a_plain_reader_takes(
    rows: int,
    seed: int,
    cells: list[tuple[int, str, str]],
    lines: list[tuple[int, str]],
    states: tuple[str, ...],
    part_bytes: int,
) -> None:
    with tempfile.TemporaryDirectory() as where:
        file, folder = Path(where) / "npidata.csv", Path(where) / "roster"
        file.write_text(text_of(rows, seed, cells, lines), encoding="utf-8", newline="")
        expected = plain(file, states)
        if not expected.people:
            return
        found = import_nppes(file, folder, Asked(states, None, part_bytes))
        assert table(folder, "practitioners", "practitioner", "name", "npi", "specialty") == expected.people
        assert table(folder, "licenses", "practitioner", "jurisdiction", "profession", "number") == expected.licenses
        assert table(folder, "hours", "practitioner", "site") == expected.hours
        assert table(folder, "sites", "site") == sorted({(site,) for _, site in expected.hours})
        both = table(folder, "registrations", "practitioner", "jurisdiction")
        assert Counter(both) == Counter(expected.prescribers * 2)
        for name, column in (("coverage", "ketamine"), ("training", "hours"), ("hours", "when")):
            assert table(folder, name, "practitioner", column) == [(p[0], None) for p in expected.people]
        assert found.counts.rows == expected.rows
        assert found.counts.left_out == expected.left_out
        assert found.counts.no_license == expected.no_license
        assert found.counts.rows == found.counts.taken + sum(found.counts.left_out.values())


def test_the_made_layout_is_the_real_one() -> None:
    """The order and the number of the columns as CMS published them in 2025."""
    assert len(COLUMNS) == len(set(COLUMNS)) == 330
    places = {0: "NPI", 5: "Provider Last Name (Legal Name)", 31: STATE, 32: ZIP, 39: "NPI Deactivation Date",
              47: "Healthcare Provider Taxonomy Code_1", 106: "Healthcare Provider Primary Taxonomy Switch_15",
              107: "Other Provider Identifier_1", 307: "Is Sole Proprietor", 329: "Certification Date"}  # fmt: skip
    assert {i: COLUMNS[i] for i in places} == places


def test_who_came_back_on_the_day_or_later_is_active(tmp_path: Path) -> None:
    active = {
        ("", ""): True, ("02/01/2022", ""): False, ("02/01/2022", "02/01/2022"): True,
        ("02/01/2022", "01/31/2022"): False, ("02/01/2022", "11/29/2023"): True, ("02/01/2022", "soon"): False,
        ("soon", "11/29/2023"): False,
    }  # fmt: skip
    rows = [row for row in made_rows(200, 6) if reason({**dict.fromkeys(COLUMNS, ""), **row}, ()) is None]
    rows = [
        {**row, "NPI Deactivation Date": ended, "NPI Reactivation Date": again}
        for row, (ended, again) in zip(rows, active, strict=False)
    ]
    file = tmp_path / "npidata.csv"
    file.write_text("".join(written(rows)), encoding="utf-8", newline="")
    found = import_nppes(file, tmp_path / "roster", Asked())
    assert table(tmp_path / "roster", "practitioners", "npi") == [
        (row["NPI"],) for row, here in zip(rows, active.values(), strict=True) if here
    ]
    assert found.counts.left_out == {"deactivated": list(active.values()).count(False)}


def test_an_npi_that_stands_twice_counts_once_across_parts(tmp_path: Path) -> None:
    rows = list(made_rows(30, 6))
    file = tmp_path / "npidata.csv"
    file.write_text("".join(written([*rows, *rows])), encoding="utf-8", newline="")
    found = import_nppes(file, tmp_path / "roster", Asked((), None, 5_000))
    assert found.counts.left_out["duplicate"] == found.counts.taken > 0
