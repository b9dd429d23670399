"""A roster read as columns is the one that is read row by row: its records, its problems, and every answer."""

from __future__ import annotations

import pickle
from collections.abc import Callable, Iterator
from datetime import date
from typing import Any

import polars as pl
import pytest
from any_rosters import any_rosters
from hypothesis import given, settings
from hypothesis import strategies as st

import kapteam
import kapteam.demo
from kapteam.io import columnar
from kapteam.io.assemble import assemble
from kapteam.io.columnar import assemble_columns
from kapteam.io.raw import RawRoster, RawTable
from kapteam.matching.match import match
from kapteam.network.links import judged_links
from kapteam.records.columnar import ColumnarRoster
from kapteam.records.problems import Problem, RosterError
from kapteam.records.roster import NEEDED, TABLES, Roster
from kapteam.records.table import cells, columns
from strategies import NO_PACKS, Row, Written, rosters


@pytest.fixture(autouse=True)
def however_few() -> Iterator[None]:
    """Small rosters go the way of large ones."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(columnar, "FEW_ROWS", 0)
        yield


def raw(tables: dict[str, list[Row]], practice: dict[str, Any]) -> RawRoster:
    """Text cells as a file of frames has them, rows counted from 1."""
    made = RawRoster("drawn", practice=practice)
    for name in TABLES:
        rows = tables.get(name, [])
        if rows or name in NEEDED:
            header = list(dict.fromkeys(key for row in rows for key in row))
            listed: list[list[Any]] = [[row.get(key) for key in header] for row in rows]
            frame = pl.DataFrame(listed, schema=dict.fromkeys(header, pl.String), orient="row")
            made.tables[name] = RawTable(name, header, list(enumerate(listed, 1)), None, frame=_same(frame))
    return made


def _same(frame: pl.DataFrame) -> Callable[[], pl.DataFrame]:
    return lambda: frame


def of(roster: Roster) -> dict[str, list[Row]]:
    """Every table as text cells; a blank as none."""
    return {name: [{k: v for k, v in cells(row).items() if v} for row in roster.table(name)] for name in TABLES}


def read(
    how: Callable[[RawRoster], Roster], tables: dict[str, list[Row]], practice: dict[str, Any]
) -> tuple[Roster | None, list[tuple[Any, ...]]]:
    """The roster, or none; and what is said of it, without guesses at what was meant."""
    try:
        roster = how(raw(tables, practice))
    except RosterError as error:
        return None, sorted(map(_said, error.problems))
    return roster, sorted(map(_said, roster.warnings))


def _said(p: Problem) -> tuple[Any, ...]:
    return p.table, p.row or 0, p.column or "", str(p.value), p.expected, p.also or 0, p.level, p.source


@settings(max_examples=25)
@given(any_rosters())
def test_any_roster(roster: Roster) -> None:
    tables, practice = of(roster), roster.practice.as_toml()
    found, said = read(assemble_columns, tables, practice)
    assert isinstance(found, ColumnarRoster)
    assert found == roster
    assert repr(found) == repr(roster)
    assert said == read(assemble, tables, practice)[1]


@settings(max_examples=25)
@given(rosters())
def test_every_answer(written: Written) -> None:
    found = assemble_columns(raw(written.tables, written.practice))
    assert isinstance(found, ColumnarRoster)
    links = [judged_links(of, written.on, packs=NO_PACKS) for of in (found, written.roster())]
    assert links[0].as_dict() == links[1].as_dict()
    plans = [match(of, unknown="allow").as_dict() for of in links]
    assert plans[0] == plans[1]
    assert match(links[0]).as_dict() == match(links[1]).as_dict()


@pytest.fixture(scope="module")
def practice() -> Roster:
    return kapteam.read(kapteam.demo.practice_folder())


@pytest.mark.parametrize("unknown", ["exclude", "allow"])
def test_every_advice(practice: Roster, unknown: str) -> None:
    """What would change an answer is found in the rows, which only then are made."""
    on = date(2026, 12, 7)
    found = assemble_columns(raw(of(practice), practice.practice.as_toml()))
    assert isinstance(found, ColumnarRoster)
    one, other = (kapteam.links(each, on=on) for each in (found, practice))
    for ask in ("repair", "recruit", "resilience"):
        assert getattr(one, ask)(unknown=unknown).as_dict() == getattr(other, ask)(unknown=unknown).as_dict(), ask
    person = practice.practitioners[0].practitioner
    assert one.complement(person, anyone=True).as_dict() == other.complement(person, anyone=True).as_dict()


def test_a_row_is_the_same_record_whenever_it_is_asked_for(practice: Roster) -> None:
    found = assemble_columns(raw(of(practice), practice.practice.as_toml()))
    assert isinstance(found, ColumnarRoster)
    fresh = len(pickle.dumps(found))
    rows = found.columns["coverage"]
    one = rows.record(2)
    some = rows.records([4, 2, 0])
    assert some[1] is one
    every = found.coverage
    assert every == practice.coverage
    assert [every[4], every[2], every[0]] == list(some)
    assert all(a is b for a, b in zip((every[4], every[2], every[0]), some, strict=True))
    assert rows.record(1) is every[1]
    assert len(pickle.dumps(found)) == fresh  # records are not sent along
    assert pickle.loads(pickle.dumps(found)) == found


WRONG = ["", " ", "x", "nobody", "2026-13-01", "2020-01-01", "-1", "3N", "NY", "Mon 09:00-12:00", "1234567893", "yes"]


@settings(max_examples=60)
@given(rosters(), st.data())
def test_what_is_wrong_is_told_alike(written: Written, data: st.DataObject) -> None:
    """Cells are written over, and rows doubled or taken away: the same errors and warnings, at the same rows."""
    tables = written.copy().tables
    named = [name for name, rows in tables.items() if rows]
    for _ in range(data.draw(st.integers(1, 3))):
        name = data.draw(st.sampled_from(named))
        if not tables[name]:
            continue
        row = data.draw(st.integers(0, len(tables[name]) - 1))
        match data.draw(st.sampled_from(["cell", "cell", "cell", "another's", "double", "drop"])):
            case "cell":
                column = data.draw(st.sampled_from([c.name for c in columns(TABLES[name])]))
                tables[name][row][column] = data.draw(st.sampled_from(WRONG))
            case "another's":
                column = data.draw(st.sampled_from(list(tables[name][row])))
                other = data.draw(st.sampled_from(tables[name]))
                tables[name][row][column] = other.get(column, "")
            case "double":
                tables[name].append(dict(tables[name][row]))
            case "drop":
                del tables[name][row]
    one, said = read(assemble_columns, tables, written.practice)
    other, expected = read(assemble, tables, written.practice)
    assert said == expected
    assert (one is None) == (other is None)
    assert one is None or one == other


def test_cells_with_types_of_their_own(tmp_path: Any) -> None:
    """Dates, numbers, truth values, lists and categories, as a data frame writes them."""
    tables = {
        "sites": pl.DataFrame(
            {"site": ["a", "b"], "jurisdiction": ["NY"] * 2, "supply": ["patient"] * 2, "rooms": [1, 2]}
        ),
        "practitioners": pl.DataFrame(
            {"practitioner": [7, 8, 9], "languages": [["en", "es"], None, []], "max_therapists": [1.0, None, 3.0]}
        ),
        "licenses": pl.DataFrame(
            {
                "practitioner": [7, 8, 8], "jurisdiction": pl.Series(["NY"] * 3, dtype=pl.Categorical),
                "profession": ["physician"] * 3, "independent": [True, False, None],
                "expires": [date(2027, 1, 1), None, date(2028, 1, 1)],
            }
        ),
        "hours": pl.DataFrame(
            {"practitioner": ["7", " 8", "9"], "site": ["a", "b", "a "], "when": ["Mon 09:00-12:00", None, ""]}
        ),
    }  # fmt: skip
    made = RawRoster("typed")
    for name, frame in tables.items():
        rows = [(i, list(row)) for i, row in enumerate(frame.iter_rows(), 1)]
        made.tables[name] = RawTable(name, frame.columns, rows, None, frame=_same(frame))
    found = assemble_columns(made)
    assert isinstance(found, ColumnarRoster)
    assert found == assemble(made)
    assert [p.languages for p in found.practitioners] == [("en", "es"), None, None]
    assert [x.independent for x in found.licenses] == [True, False, None]
    assert [h.site for h in found.hours] == ["a", "b", "a"]


def test_a_wrong_header_is_told_of_a_large_roster_too() -> None:
    roster = raw({"sites": [{"site": "a", "jurisdiction": "NY", "supply": "patient", "colour": "red"}],
                  "practitioners": [{"practitioner": "p"}],
                  "licenses": [{"practitioner": "p", "jurisdiction": "NY", "professions": "physician"}],
                  "hours": [{"practitioner": "p", "site": "a"}]}, {})  # fmt: skip
    with pytest.raises(RosterError) as found:
        assemble_columns(roster)
    assert {(p.table, p.column) for p in found.value.problems} == {
        ("sites", "colour"), ("licenses", "professions"), ("licenses", "profession"),
    }  # fmt: skip


P, Q = {"practitioner": "p"}, {"practitioner": "q"}
NY = {"jurisdiction": "NY"}
BASE: dict[str, list[Row]] = {
    "sites": [{"site": "a", **NY, "supply": "patient"}, {"site": "b", "jurisdiction": "NJ", "supply": "stock"}],
    "practitioners": [P, Q, {"practitioner": "r"}],
    "licenses": [{"practitioner": p, **NY, "profession": "physician"} for p in ("p", "q", "r")],
    "registrations": [{**P, **NY, "schedules": "3N"}],
    "hours": [{"practitioner": p, "site": "a", "when": "Mon 09:00-12:00"} for p in ("p", "q", "r")],
}
LATER = {**Q, "carrier": "y", "effective": "2026-02-01", "expires": "2026-03-01"}
ODD: list[tuple[Any, ...]] = [
    ("licenses", {**Q, **NY, "profession": "other", "issued": "2026-02-01", "expires": "2026-01-01"}),
    ("registrations", {**Q, **NY, "number": "AB1234567"}),
    ("registrations", {**Q, **NY, "schedules": "6"}),
    ("registrations", {**Q, **NY, "site": "a"}),
    ("registrations", NY),
    ("registrations", {**NY, "site": "a", "issuer": "state"}),
    ("registrations", {**NY, "site": "b"}),
    ("registrations", {**Q, **NY, "at_site": "b"}),
    ("registrations", {**P, **NY, "schedules": "3N"}),
    ("coverage", {**Q, "carrier": "x"}, LATER),
    ("coverage", {**Q, "carrier": "x", "expires": "2026-02-01"}, LATER),
    ("coverage", {**Q, "carrier": "x", "expires": "2026-01-31"}, LATER),
    ("coverage", {**Q, "carrier": "x", "role": "monitor"}, LATER),
    ("agreements", {**Q, "with": "q", "kind": "supervision"}),
    ("agreements", {**Q, "with": "z", "kind": "supervision"}),
    ("ties", {"a": "q", "b": "q", "kind": "avoids"}),
    ("ties", {"a": "q", "b": "r", "kind": "avoids"}, {"a": "q", "b": "r", "kind": "avoids", "weight": "1.0"}),
    ("hours", {**Q, "site": "b", "when": "Mon 11:00-13:00"}),
    ("hours", {**Q, "site": "b", "when": "Mon 12:00-13:00"}),
    ("hours", {**Q, "site": "c"}),
    ("practitioners", {"practitioner": " q "}),
    ("practitioners", {"practitioner": "s", "npi": "1234567893"}, {"practitioner": "t", "npi": "1234567893"}),
    ("practitioners", {"practitioner": "s", "npi": "1234567890"}),
    ("practitioners", {"name": "nobody"}),
    ("practitioners", {"practitioner": ""}),
    ("absences", {"practitioner": "z", "start": "2026-02-02", "end": "2026-02-01"}),
    ("demand", {"site": "a", "sessions": "1", "protocol": "none such"}),
    ("sites", {"site": "c", **NY, "supply": "patient", "timezone": "America/Denver"}),
]


@pytest.mark.parametrize("odd", ODD)
def test_rows_that_are_wrong_with_others(odd: tuple[Any, ...]) -> None:
    table, *rows = odd
    tables = {name: [dict(row) for row in of] for name, of in BASE.items()}
    tables.setdefault(table, []).extend(rows)
    one, said = read(assemble_columns, tables, {})
    other, expected = read(assemble, tables, {})
    assert said == expected
    assert one == other
