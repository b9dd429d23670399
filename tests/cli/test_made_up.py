"""A roster of which a scenario made rows up: every answer names the scenario, wherever somebody may look."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

import polars as pl
import pytest
from asking import DAY, PRACTICE, run
from click.testing import CliRunner, Result

import kapteam
from kapteam.cli.main import group

NAME = "some are on site"
SAID = f"MADE UP by the scenario '{NAME}': what rests on its rows is no fact."
#: Each command that answers about a roster; ROSTER stands for it.
COMMANDS: dict[str, Sequence[str]] = {
    "check": ("check", "ROSTER", "--on", DAY),
    "links": ("links", "ROSTER", "--on", DAY),
    "network": ("network", "ROSTER", "--on", DAY, "--draws", "0"),
    "match": ("match", "ROSTER", "--on", DAY),
    "schedule": ("schedule", "ROSTER", "--week", DAY),
    "explain": ("explain", "ROSTER", "ana", "--on", DAY),
    "explain two": ("explain", "ROSTER", "ines", "ana", "--on", DAY),
    "repair": ("repair", "ROSTER", "--on", DAY, "--budget", "100"),
    "complement": ("complement", "ROSTER", "ana", "--on", DAY),
    "form": ("form", "ROSTER", "--on", DAY, "--best", "1"),
    "mentors": ("mentors", "ROSTER", "--on", DAY),
    "recruit": ("recruit", "ROSTER", "--on", DAY, "--hires", "1", "--best", "1"),
    "resilience": ("resilience", "ROSTER", "ana", "--on", DAY),
    "sweep": ("sweep", "ROSTER", "SWEEP", "--on", DAY),
    "worlds": ("worlds", "ROSTER", "--on", DAY, "--worlds", "5", "--chance", "0.5"),
    "draw": ("draw", "ROSTER", "--on", DAY),
    "draw partners": ("draw", "ROSTER", "--on", DAY, "--of", "therapists"),
    "draw a week": ("draw", "ROSTER", "--week", DAY),
    "verify": ("verify", "ROSTER", "PLAN"),
    "verify sessions": ("verify", "ROSTER", "SESSIONS"),
}
_SWEEP = '[scenarios.none.federal]\ntelehealth = "no"\n'


@pytest.fixture(scope="module")
def roster(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The smallest practice, with the hours of some made up, as an import with a scenario writes them."""
    folder = tmp_path_factory.mktemp("made_up") / "practice"
    kapteam.write(kapteam.example(), folder)
    hours = pl.read_csv(folder / "hours.csv", infer_schema=False)
    made_up = pl.Series("_made_up", [NAME if row % 2 else None for row in range(len(hours))])
    hours.with_columns(made_up).write_parquet(folder / "hours.parquet")
    (folder / "hours.csv").unlink()
    return folder


@pytest.fixture(scope="module")
def saved(roster: Path) -> dict[str, str]:
    """What a command names beside the roster."""
    files = {"SWEEP": roster.parent / "sweep.toml"}
    files["SWEEP"].write_text(_SWEEP, encoding="utf-8")
    for name, command in (("PLAN", "match"), ("SESSIONS", "schedule")):
        files[name] = roster.parent / f"{command}.json"
        assert asked(command, str(roster), {}, "--json", "-o", str(files[name])).exit_code == 0
    return {"ROSTER": str(roster), **{name: str(path) for name, path in files.items()}}


def asked(command: str, roster: str, saved: dict[str, str], *more: str) -> Result:
    words = [saved.get(word, roster if word == "ROSTER" else word) for word in COMMANDS[command]]
    return CliRunner().invoke(group, [*words, *more], catch_exceptions=False)


@pytest.mark.parametrize("command", COMMANDS)
def test_every_answer_names_the_scenario_and_so_does_what_it_was_made_from(
    saved: dict[str, str], roster: Path, command: str
) -> None:
    picture = command.startswith("draw")
    told = asked(command, str(roster), saved, "--json", *([] if picture else ["--provenance"]))
    assert SAID in told.stderr.splitlines()
    document = json.loads(told.stdout)
    assert document["made_up"] == [NAME]
    assert picture or document["provenance"]["options"]["made_up"] == [NAME]


@pytest.mark.parametrize("command", COMMANDS)
def test_so_do_its_words(saved: dict[str, str], roster: Path, command: str) -> None:
    words = asked(command, str(roster), saved)
    assert SAID in words.stderr.splitlines()
    if command.startswith("draw"):  # the words of a picture are in pieces
        assert "MADE UP by the scenario" in words.stdout
    else:
        assert SAID in " ".join(words.stdout.split())


@pytest.mark.parametrize("command", ["links", "match"])
def test_so_does_what_stands_beside_tables(roster: Path, tmp_path: Path, command: str) -> None:
    told = asked(command, str(roster), {}, "--tables", str(tmp_path / "answer"))
    assert SAID in told.stderr.splitlines()
    assert json.loads((tmp_path / "answer" / "answer.json").read_text(encoding="utf-8"))["made_up"] == [NAME]


def test_so_does_a_report(roster: Path, tmp_path: Path) -> None:
    file = tmp_path / "report.html"
    words = ["report", str(roster), "--on", DAY, "--time-limit", "1", "-o", str(file), "--json"]
    told = CliRunner().invoke(group, words, catch_exceptions=False)
    assert json.loads(told.stdout)["made_up"] == [NAME]
    text = file.read_text(encoding="utf-8")
    assert f"MADE UP by the scenario &#39;{NAME}&#39;: what rests on its rows is no fact." in text


def test_as_a_process(roster: Path) -> None:
    answer = run("match", roster, "--on", DAY)
    assert answer.err.splitlines() == [SAID, f"1 warning in reading; all of them: kapteam check {roster}"]
    assert SAID in answer.flat


def test_of_a_roster_of_facts_nothing_is_said() -> None:
    told = asked("match", PRACTICE, {}, "--json")
    assert "made_up" not in json.loads(told.stdout)
    assert told.stderr == ""
    assert "MADE UP" not in asked("match", PRACTICE, {}).stdout
