"""A roster knows which scenarios made rows of it up, however it was read and whatever is changed in it."""

from __future__ import annotations

import pickle
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import polars as pl
import pytest

import kapteam
from kapteam.demo import practice_folder
from kapteam.io import columnar
from kapteam.records.columnar import ColumnarRoster
from kapteam.records.roster import Roster
from kapteam.show.words import made_up

DAY = date(2026, 12, 7)
SCENARIOS = ("half are trained", "some are on site")


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The practice as Parquet; one scenario made some hours up, another some trainings."""
    to = tmp_path_factory.mktemp("made_up")
    for file in practice_folder().glob("*.csv"):
        frame = pl.read_csv(file, infer_schema=False)
        scenario = {"hours": SCENARIOS[1], "training": SCENARIOS[0]}.get(file.stem)
        if scenario is not None:
            frame = frame.with_columns(pl.Series("_made_up", [scenario, None] * (len(frame) // 2 + 1))[: len(frame)])
        frame.write_parquet(to / f"{file.stem}.parquet")
    (to / "practice.toml").write_bytes((practice_folder() / "practice.toml").read_bytes())
    return to


@pytest.fixture(scope="module", params=[0, columnar.FEW_ROWS], ids=["as columns", "as few rows"])
def roster(request: pytest.FixtureRequest, folder: Path) -> Roster:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(columnar, "FEW_ROWS", request.param)
        return kapteam.read(folder)


@pytest.mark.parametrize(
    "other",
    [
        lambda r: r,
        lambda r: r.with_tables({"ties": ()}),
        lambda r: r.with_practice(r.practice),
        lambda r: r.with_absences([kapteam.Absence(DAY, DAY, practitioner="prado")]),
        lambda r: r.with_absences([]).with_tables({}),
        lambda r: getattr(r, "as_records", r),
        lambda r: pickle.loads(pickle.dumps(r)),
    ],
)
def test_it_goes_on_knowing_them(roster: Roster, other: Callable[[Roster], Roster]) -> None:
    assert other(roster).made_up == SCENARIOS


def test_it_says_so(roster: Roster) -> None:
    assert repr(roster).endswith("sites, made up by 'half are trained' and 'some are on site'>")
    assert made_up(roster) == (
        "MADE UP by the scenarios 'half are trained' and 'some are on site': what rests on their rows is no fact."
    )
    network = kapteam.links(roster, on=DAY)
    assert made_up(roster) in " ".join(str(network.match()).split())


def test_the_same_tables_are_equal_whoever_made_them_up(roster: Roster) -> None:
    facts = kapteam.read(practice_folder())
    assert roster == facts
    assert (facts.made_up, facts.supposition) == ((), {})


@pytest.mark.parametrize(
    "asked",
    [
        lambda n: n,
        lambda n: n.match(),
        lambda n: n.explain("prado"),
        lambda n: n.complement("prado"),
        lambda n: n.form(best=1),
        lambda n: n.mentors(),
        lambda n: n.resilience("prado"),
        lambda n: n.verify(n.match()),
        lambda n: n.measures(draws=0),
        lambda n: kapteam.schedule(n.roster, DAY),
    ],
)
def test_answers_in_python_name_them_as_those_of_the_command_line_do(
    roster: Roster, asked: Callable[[Any], Any]
) -> None:
    answer = asked(kapteam.links(roster, on=DAY))
    assert answer.as_dict()["made_up"] == list(SCENARIOS)
    assert answer.provenance().options["made_up"] == list(SCENARIOS)
    assert made_up(roster) in " ".join(str(answer).split())


def test_the_large_way_and_the_small_way_are_both_taken(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert isinstance(kapteam.read(folder), ColumnarRoster)
    frame = pl.read_parquet(folder / "licenses.parquet")
    odd = folder.parent / "odd"
    odd.mkdir()
    for file in folder.iterdir():
        (odd / file.name).write_bytes(file.read_bytes())
    frame.with_columns(pl.col("status").replace("active", " active ")).write_parquet(odd / "licenses.parquet")
    rows = kapteam.read(odd)
    assert rows.made_up == SCENARIOS
