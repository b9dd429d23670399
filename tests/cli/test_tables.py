"""``--tables``: an answer as Parquet, which says what the document says and can be checked by itself."""

from __future__ import annotations

import errno
import json
import re
from collections import Counter
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import click
import polars as pl
import pytest
from asking import DAY, PRACTICE, Ask, validate
from click.testing import CliRunner, Result

import kapteam
from kapteam.cli import give_tables
from kapteam.cli.links import command as links
from kapteam.cli.match import command as match
from kapteam.cli.saved_tables import read_tables
from kapteam.cli.verify import command as verify
from kapteam.matching.saved import saved_plan
from kapteam.records.problems import UsageError


def done(command: click.Command, *words: object) -> Result:
    """What a command gave back, asked without a process: these questions are many."""
    answer = CliRunner().invoke(command, [*map(str, words)], standalone_mode=False)
    assert answer.exception is None or isinstance(answer.exception, UsageError), answer.exc_info
    return answer


def flat(text: str) -> str:
    """Words without line breaks, so that a wrapped sentence is found."""
    return " ".join(text.split())


def test_a_plan(kapteam_says: Ask, tmp_path: Path) -> None:
    to = tmp_path / "answer"
    brief = kapteam_says("match", PRACTICE, "--on", DAY, "--json", "--tables", to).json
    whole = kapteam_says("match", PRACTICE, "--on", DAY, "--json").json
    assert brief == json.loads((to / "answer.json").read_text(encoding="utf-8"))
    assert {key: brief[key] for key in ("on", "status", "objective", "bound")} == {
        key: whole[key] for key in ("on", "status", "objective", "bound")
    }
    teams = pl.read_parquet(to / "teams.parquet")
    sites = kapteam.read(PRACTICE).places
    assert [tuple(row.values()) for row in teams.to_dicts()] == [
        (
            team["site"],
            team["prescriber"],
            p["practitioner"],
            p["points"],
            p["weekly_sessions"],
            p["to_verify"],
            sites[team["site"]].jurisdiction,
            None,
            False,
        )
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
    judged = pl.read_parquet(tmp_path / "links/links/*.parquet")
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


@pytest.mark.parametrize("most", [50, 2_000_000])
def test_links_lie_in_one_folder_however_many_they_are(
    kapteam_says: Ask, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, most: int
) -> None:
    monkeypatch.setattr(give_tables, "ROWS_A_PART", most)
    to = tmp_path / "answer"
    said = done(links, PRACTICE, "--on", DAY, "--tables", to)
    whole = kapteam_says("links", PRACTICE, "--on", DAY, "--json").json["links"]
    assert len(list((to / "links").iterdir())) == -(-len(whole) // most)
    frame = pl.read_parquet(to / "links/**/*.parquet")
    assert frame.select(list(whole[0])).to_dicts() == whole
    assert f"{len(whole):,} rows of links" in said.stdout


def test_no_links_are_a_file_of_none(practice: Path, tmp_path: Path) -> None:
    hours = practice / "hours.csv"
    hours.write_text(hours.read_text(encoding="utf-8").splitlines()[0] + "\n", encoding="utf-8")
    done(links, practice, "--on", DAY, "--tables", tmp_path / "none")
    assert len(pl.read_parquet(tmp_path / "none/links/*.parquet")) == 0
    done(match, practice, "--on", DAY, "--tables", tmp_path / "plan")
    assert done(verify, practice, tmp_path / "plan").stdout == "Good: 0 teamed, 0 points, and proven best.\n"


def test_what_blocks_most_and_where_is_told_by_the_tables_alone(tmp_path: Path) -> None:
    done(links, PRACTICE, "--on", DAY, "--tables", tmp_path / "links")
    frame = pl.read_parquet(tmp_path / "links/links/*.parquet")
    by_rule = (
        frame.explode("rules_fail", empty_as_null=True)
        .drop_nulls("rules_fail")
        .group_by("jurisdiction", "rules_fail")
        .len()
    )
    told = {(place, rule): count for place, rule, count in by_rule.iter_rows()}
    network = kapteam.links(kapteam.read(PRACTICE), on=date.fromisoformat(DAY))
    expected: Counter[tuple[str, str]] = Counter()
    for link in network:
        (one,) = (x for x in network.explain(link.prescriber, link.therapist, link.site) if x.link == link)
        failing = {f.rule for f in one.findings if f.status == "fail" and f.severity == "block"}
        expected.update((network.roster.places[link.site].jurisdiction, rule) for rule in failing)
    assert told == expected


OPTIONS = {
    "plain": (),
    "several partners": ("--max-partners", "2"),
    "fair": ("--fair", "points"),
    "some kept": ("--keep", "abara,bauer", "--keep", "begay,lightfoot"),
    "unknown, by distance": ("--unknown", "allow", "--within", "110mi"),
}


@pytest.mark.parametrize("asked", OPTIONS)
def test_the_words_are_those_of_the_answer_without_tables(tmp_path: Path, asked: str) -> None:
    words = (PRACTICE, "--on", DAY, *OPTIONS[asked])
    said, whole = done(match, *words, "--tables", tmp_path / "answer"), done(match, *words)
    begin, end = re.fullmatch(r"(.*\.) [0-9]+ rows of teams, [^.]* (Not legal.*)", flat(said.stdout)).groups()  # type: ignore[union-attr]
    assert flat(whole.stdout).startswith(begin)
    assert flat(whole.stdout).endswith(end)
    assert "no plan" in begin
    assert said.stderr == f"wrote {tmp_path}/answer\n"


@pytest.mark.parametrize("asked", OPTIONS)
def test_a_plan_in_tables_is_judged_again_as_its_document_is(tmp_path: Path, asked: str) -> None:
    words = (PRACTICE, "--on", DAY, *OPTIONS[asked])
    to, file = tmp_path / "answer", tmp_path / "plan.json"
    done(match, *words, "--tables", to)
    done(match, *words, "--json", "-o", file)
    document = saved_plan(json.loads(file.read_text(encoding="utf-8")))
    assert read_tables(to) == document
    answer = done(verify, PRACTICE, to)
    assert answer.return_value == 0
    assert answer.stdout == done(verify, PRACTICE, file).stdout
    assert "proven" in answer.stdout


def _less(frame: pl.DataFrame) -> pl.DataFrame:
    return frame.tail(-1)


def _more(column: str) -> Callable[[pl.DataFrame], pl.DataFrame]:
    return lambda frame: frame.with_columns(pl.col(column) + (pl.int_range(pl.len()) == 0).cast(pl.Int64))


def _without(column: str) -> Callable[[pl.DataFrame], pl.DataFrame]:
    return lambda frame: frame.drop(column)


@pytest.mark.parametrize(
    ("asked", "table", "tamper", "rule"),
    [
        ("plain", "teams", _less, "objective"),
        ("plain", "teams", _more("points"), "points"),
        ("plain", "prices", _more("price"), "certificate"),
        ("plain", "prices", _less, "certificate"),
        ("several partners", "pair_prices", _less, "certificate"),
        ("fair", "cover", _less, "fair"),
        ("some kept", "teams", lambda frame: frame.with_columns(held=pl.lit(value=False)), "certificate"),
    ],
)
def test_tables_that_were_tampered_with_are_found_out(
    tmp_path: Path, asked: str, table: str, tamper: Callable[[pl.DataFrame], pl.DataFrame], rule: str
) -> None:
    to = tmp_path / "answer"
    done(match, PRACTICE, "--on", DAY, *OPTIONS[asked], "--tables", to)
    tamper(pl.read_parquet(to / f"{table}.parquet")).write_parquet(to / f"{table}.parquet")
    answer = done(verify, PRACTICE, to, "--json")
    assert answer.return_value == 1
    document = json.loads(answer.stdout)
    validate(document, "verify")
    assert rule in {v["rule"] for v in document["violations"]}


def test_what_is_no_plan_in_tables_is_told_with_what_to_give(tmp_path: Path) -> None:
    done(links, PRACTICE, "--on", DAY, "--tables", tmp_path / "links")
    done(match, PRACTICE, "--on", DAY, "--tables", tmp_path / "plan")

    def told(plan: Path) -> str:
        return str(done(verify, PRACTICE, plan).exception)

    assert (
        told(tmp_path / "links")
        == f"'{tmp_path}/links' holds links, and no plan: give a folder of `kapteam match --tables`"
    )
    assert told(tmp_path).startswith(f"'{tmp_path}' is no plan: expected a folder of `kapteam match --tables`")
    assert done(verify, PRACTICE, tmp_path / "plan/answer.json").return_value == 0
    teams = tmp_path / "plan/teams.parquet"
    pl.read_parquet(teams).drop("points").write_parquet(teams)
    assert "teams.parquet: expected a Parquet table of `kapteam match --tables` with the columns" in told(
        tmp_path / "plan"
    )
    teams.write_bytes(b"half of it")
    assert "teams.parquet: expected a Parquet table" in told(tmp_path / "plan")
    teams.unlink()
    assert told(tmp_path / "plan") == f"{tmp_path}/plan: teams.parquet is missing"
    (tmp_path / "plan/answer.json").write_text("[]", encoding="utf-8")
    assert "is no plan" in told(tmp_path / "plan")


def test_what_cannot_be_kept_is_told(tmp_path: Path) -> None:
    answer = done(match, PRACTICE, "--on", DAY, "--keep", "abara,hassan", "--tables", tmp_path / "answer")
    assert answer.return_value == 1
    assert flat(answer.stdout).startswith("No plan keeps what was to be kept: abara + hassan")
    brief = json.loads((tmp_path / "answer/answer.json").read_text(encoding="utf-8"))
    assert [c["about"] for c in brief["conflicts"]] == ["abara + hassan"]
    assert brief["rows"]["teams"] == 0


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
