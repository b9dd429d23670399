"""``--tables``: an answer as Parquet, which says what the document says and can be checked by itself."""

from __future__ import annotations

import errno
import json
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from asking import DAY, PRACTICE, Ask
from click.testing import CliRunner

from kapteam.cli import give_tables
from kapteam.cli.links import command as links
from kapteam.cli.match import command as match
from kapteam.records.problems import UsageError


def test_a_plan(kapteam_says: Ask, tmp_path: Path) -> None:
    to = tmp_path / "answer"
    brief = kapteam_says("match", PRACTICE, "--on", DAY, "--json", "--tables", to).json
    whole = kapteam_says("match", PRACTICE, "--on", DAY, "--json").json
    assert brief == json.loads((to / "answer.json").read_text(encoding="utf-8"))
    assert {key: brief[key] for key in ("on", "status", "objective", "bound")} == {
        key: whole[key] for key in ("on", "status", "objective", "bound")
    }
    teams = pl.read_parquet(to / "teams.parquet")
    assert [tuple(row.values()) for row in teams.to_dicts()] == [
        (team["site"], team["prescriber"], p["practitioner"], p["points"], p["weekly_sessions"], p["to_verify"])
        for team in whole["teams"]
        for p in team["therapists"]
    ]
    assert pl.read_parquet(to / "unmatched.parquet").to_dicts() == whole["unmatched"]
    prices = pl.read_parquet(to / "prices.parquet")
    for role in ("prescriber", "therapist"):
        told = prices.filter(pl.col("role") == role)
        assert dict(zip(told["practitioner"], told["price"], strict=True)) == whole["certificate"][f"{role}s"]
    assert brief["rows"] == {"teams": len(teams), "unmatched": len(whole["unmatched"]), "prices": len(prices)}


def test_the_tables_prove_the_plan_without_kapteam(kapteam_says: Ask, tmp_path: Path) -> None:
    """As docs/scale.md shows: no link is worth more than its two prices, and all prices are what the plan is worth."""
    for command in ("links", "match"):
        kapteam_says(command, PRACTICE, "--on", DAY, "--tables", tmp_path / command)
    judged = pl.read_parquet(tmp_path / "links/links.parquet")
    prices = pl.read_parquet(tmp_path / "match/prices.parquet")
    brief = json.loads((tmp_path / "match/answer.json").read_text(encoding="utf-8"))
    worth = brief["teamed_worth"]
    usable = judged.filter(pl.col("verdict") == "pass")
    for role in ("prescriber", "therapist"):
        theirs = prices.filter(pl.col("role") == role).select(
            pl.col("practitioner", "price").name.suffix(f" of {role}")
        )
        usable = usable.join(theirs, left_on=role, right_on=f"practitioner of {role}")
    assert len(usable) == (judged["verdict"] == "pass").sum()
    assert (usable["price of prescriber"] + usable["price of therapist"] >= worth + usable["points"]).all()
    assert (prices["price"] >= 0).all()
    assert (prices.filter(pl.col("room") < 0)["price"] == 0).all()
    paid = (prices["price"] * prices["room"]).sum()
    assert paid == worth * brief["objective"]["teamed"] + brief["objective"]["points"]


def test_links_in_several_files(kapteam_says: Ask, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(give_tables, "ROWS_A_PART", 50)
    to = tmp_path / "answer"
    done = CliRunner().invoke(links, [PRACTICE, "--on", DAY, "--tables", str(to)])
    assert done.exit_code == 0, done.output
    assert len(list((to / "links").iterdir())) > 1
    whole = kapteam_says("links", PRACTICE, "--on", DAY, "--json").json["links"]
    assert pl.read_parquet(to / "links" / "*.parquet").to_dicts() == whole
    assert f"{len(whole):,} rows of links" in done.output


def test_in_words(kapteam_says: Ask, tmp_path: Path) -> None:
    said = kapteam_says("match", PRACTICE, "--on", DAY, "--tables", tmp_path / "answer")
    assert "no plan teams more" in said.flat
    assert "wrote" in said.err


def test_a_folder_that_is_there_is_refused_before_any_work(kapteam_says: Ask, tmp_path: Path) -> None:
    done = kapteam_says("match", "there is no such roster", "--tables", tmp_path)
    assert done.status == 2
    assert "is there already" in done.err


def test_a_full_disk_leaves_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: Any, **__: Any) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(pl.DataFrame, "write_parquet", full)
    to = tmp_path / "answer"
    done = CliRunner().invoke(match, [PRACTICE, "--on", DAY, "--tables", str(to)])
    assert isinstance(done.exception, UsageError)
    assert "No space left" in str(done.exception)
    assert list(tmp_path.iterdir()) == []
