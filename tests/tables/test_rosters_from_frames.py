"""A roster from data frames: the same as from CSV files, and what is wrong is told with table, row and column."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pandas as pd
import polars as pl
import pyarrow as pa
import pytest
from any_rosters import any_rosters
from hypothesis import given, settings

import kapteam
import kapteam.demo
from kapteam.io.frames import roster_from_frames
from kapteam.io.read import write
from kapteam.records.problems import RosterError, UsageError
from kapteam.records.roster import TABLES, Roster
from kapteam.records.table import columns
from kapteam.tables.frames import to_arrow, to_pandas, to_polars
from strategies import Written, rosters

FEW = settings(max_examples=settings.default.max_examples // 3)
LIBRARIES = {"polars": to_polars, "pandas": to_pandas, "arrow": to_arrow}
LEAST: dict[str, dict[str, list[Any]]] = {
    "sites": {"site": ["hudson"], "jurisdiction": ["NY"], "supply": ["stock"]},
    "practitioners": {"practitioner": ["ana", "ines"]},
    "licenses": {"practitioner": ["ines"], "jurisdiction": ["NY"], "profession": ["physician"]},
    "hours": {"practitioner": ["ines"], "site": ["hudson"], "when": ["Mon 09:00-17:00"]},
}
MAKE = {"polars": pl.DataFrame, "pandas": pd.DataFrame, "arrow": pa.table}


def made(library: str, **more: dict[str, list[Any]]) -> dict[str, Any]:
    return {name: MAKE[library](table) for name, table in {**LEAST, **more}.items()}


def told(frames: Any, **more: Any) -> list[str]:
    with pytest.raises(RosterError) as caught:
        roster_from_frames(frames, **more)
    return [str(problem) for problem in caught.value.problems if problem.level == "error"]


def rounded(roster: Roster) -> dict[str, list[dict[str, Any]]]:
    """All tables with numbers as floats, which is what frames hold."""
    return {
        name: [
            {c.name: float(v) if isinstance(v := getattr(row, c.attribute), Decimal) else v for c in columns(record)}
            for row in roster.table(name)
        ]
        for name, record in TABLES.items()
    }


@pytest.mark.parametrize("library", LIBRARIES)
@FEW
@given(any_rosters())
def test_a_roster_comes_back_from_its_frames(library: str, roster: Roster) -> None:
    back = roster_from_frames(LIBRARIES[library](roster), practice=roster.practice.as_toml())
    assert rounded(back) == rounded(roster)
    assert back.practice == roster.practice


@FEW
@given(rosters())
def test_frames_of_csv_files_read_as_the_files_do(tmp_path_factory: pytest.TempPathFactory, written: Written) -> None:
    folder = tmp_path_factory.getbasetemp() / "csv"
    write(written.roster(), folder)
    expected = kapteam.read(folder)
    files = sorted(folder.glob("*.csv"))
    as_text = {f.stem: pd.read_csv(f, dtype=str, keep_default_na=False) for f in files}
    guessed = {f.stem: pd.read_csv(f) for f in files}  # numbers as floats, blanks as NaN
    guessed_too = {f.stem: pl.read_csv(f, infer_schema_length=None) for f in files}  # dates as text, blanks as null
    for frames in (as_text, guessed, guessed_too):
        assert roster_from_frames(frames, practice=expected.practice.as_toml()) == expected


@pytest.mark.parametrize("library", LIBRARIES)
def test_the_practice_that_ships_comes_back_exactly(library: str) -> None:
    roster = kapteam.read(kapteam.demo.practice_folder())
    assert roster_from_frames(LIBRARIES[library](roster), practice=roster.practice.as_toml()) == roster


@pytest.mark.parametrize("library", MAKE)
@pytest.mark.parametrize(
    ("more", "expected"),
    [
        ({"practitioners": {"practitioner": ["ana", "ines"], "max_therapists": [1, -1]}},
         "practitioners, row 2, max_therapists: '-1': expected a whole number, 0 or more"),
        ({"practitioners": {"practitioner": ["ana", "ines"], "role": ["therapist", "prescriber"]}},
         "practitioners, role: there is no such column; did you mean 'roles'?"),
        ({"practitioners": {"practitioner": ["ana", "ines"], "roles": [["therapist"], ["prescribr"]]}},
         "practitioners, row 2, roles: 'prescribr': expected one of"),
        ({"hours": {"practitioner": ["ines", "ana"], "site": ["hudson", "hudsn"]}},
         "hours, row 2, site: 'hudsn': is not in sites; did you mean 'hudson'?"),
        ({"sites": {"site": ["hudson"], "jurisdiction": ["NY"]}}, "sites, supply: the column is missing"),
        ({"site": {"site": ["hudson"]}}, "site: there is no such table; did you mean 'sites'?"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_told_with_table_row_column_and_value(
    library: str, more: dict[str, Any], expected: str
) -> None:
    (line,) = told(made(library, **more))
    assert line.startswith(expected)


@pytest.mark.parametrize("library", MAKE)
def test_notes_are_not_read(library: str) -> None:
    frames = made(library, practitioners={"practitioner": ["ana", "ines"], "_seen": [1.5, None]}, _notes={"x": [1]})
    assert len(roster_from_frames(frames).practitioners) == 2


def test_what_pandas_makes_of_blanks_is_blank() -> None:
    people = pd.DataFrame(
        {
            "practitioner": ["ana", "ines"],
            "max_therapists": [float("nan"), 3.0],
            "max_sessions_per_week": pd.array([None, 4], "Int64"),
            "name": [None, "Inés"],
        },
        index=["x", "y"],
    )
    licenses = pd.DataFrame(
        {
            "practitioner": ["ines", "ana"],
            "jurisdiction": pd.Categorical(["NY", "NY"]),
            "profession": ["physician", "psychologist"],
            "expires": pd.to_datetime(["2028-01-31", None]),
            "independent": pd.array([None, True], "boolean"),
        }
    )
    roster = roster_from_frames({**made("pandas"), "practitioners": people, "licenses": licenses})
    ana, ines = roster.practitioners
    assert (ana.max_therapists, ines.max_therapists, ana.max_sessions_per_week, ana.name) == (None, 3, None, None)
    assert [(str(x.expires), x.independent) for x in roster.licenses] == [("2028-01-31", None), ("None", True)]


def test_a_column_that_stands_twice_is_told() -> None:
    twice = pd.DataFrame([["ana", "x", "y"]], columns=["practitioner", "name", "name"])
    assert "practitioners, name: the column stands twice" in told({**made("pandas"), "practitioners": twice})


def test_tables_that_are_missing_are_told() -> None:
    assert told({}) == [
        f"{name}: is missing: every roster needs this table" for name in ("sites", "practitioners", "licenses", "hours")
    ]


class Exchanged:
    """A frame of a library that nobody knows, which can be exchanged for one of Arrow."""

    def __init__(self, frame: Any, way: str) -> None:
        setattr(self, way, getattr(frame, way))


class Streams:
    """The same, by Arrow's own protocol, which is looked for on the class."""

    def __init__(self, frame: pa.Table) -> None:
        self.frame = frame

    def __arrow_c_stream__(self, requested_schema: Any = None) -> Any:
        return self.frame.__arrow_c_stream__(requested_schema)


def test_any_other_frame_is_exchanged(monkeypatch: pytest.MonkeyPatch) -> None:
    expected = roster_from_frames(made("arrow"))
    assert roster_from_frames({name: Streams(frame) for name, frame in made("arrow").items()}) == expected
    assert roster_from_frames({n: Exchanged(f, "__dataframe__") for n, f in made("arrow").items()}) == expected


@pytest.mark.parametrize(
    ("frames", "said"),
    [
        ([], "expected a mapping from the names of tables to data frames, not list"),
        ({"sites": 3}, "sites: expected a data frame of Polars, pandas or Arrow, not int"),
        ({"sites": pl.DataFrame({"site": ["x"]}).lazy()}, "sites: expected a data frame, not a lazy one"),
        ({"sites": pd.Series(["x"])}, "sites: expected a data frame"),
        ({"sites": pl.Series(["x"])}, "sites: expected a data frame"),
    ],
)
def test_what_is_no_frame_is_wrong_usage(frames: Any, said: str) -> None:
    with pytest.raises(UsageError, match=said):
        roster_from_frames(frames)


def test_a_practice_that_is_wrong_is_told() -> None:
    (line,) = told(made("polars"), practice={"protocol": {"therapist": 2}})
    assert line.startswith("practice, protocol.therapist")
