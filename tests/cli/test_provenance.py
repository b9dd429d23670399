"""``--provenance``: what an answer was made from, the same as Python says of the same question."""

from __future__ import annotations

import json
import math
from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path
from typing import Any

import click
import pytest
from asking import DAY, Answer, run, validate

import kapteam
from kapteam.api.network import Network
from kapteam.api.provenance import Traced
from kapteam.api.shown import Document
from kapteam.cli.main import COMMANDS, group

ON = date.fromisoformat(DAY)
#: Each command with all that can be said to it, and the same question in Python.
ASKED: dict[str, tuple[list[str], Callable[[Network], Traced]]] = {
    "links": ([], lambda n: n),
    "match": (["--unknown", "allow", "--keep", "ines,ana", "--max-partners", "2"],
              lambda n: n.match(unknown="allow", keep=[("ines", "ana")], max_partners=2)),
    "explain": (["ana", "ines", "--site", "hudson"], lambda n: n.explain("ana", "ines", site="hudson")),
    "network": (["--draws", "2", "--seed", "7", "--limit", "30"], lambda n: n.measures(draws=2, seed=7, limit=30)),
    "repair": (["--budget", "2000", "--by", "2027-03-01", "--time-limit", "20"],
               lambda n: n.repair(budget=2000, by=date(2027, 3, 1), seconds=20)),
    "resilience": (["ana", "--within", "30"], lambda n: n.resilience("ana", within=30)),
    "recruit": (["--hires", "1", "--role", "therapist"], lambda n: n.recruit(hires=1, role="therapist")),
    "form": (["--modality", "emdr", "--with", "ana", "--best", "1"],
             lambda n: n.form(modalities=["emdr"], among=["ana"], best=1)),
    "complement": (["ana", "--anyone"], lambda n: n.complement("ana", anyone=True)),
    "mentors": (["--hours", "20", "--load", "3"], lambda n: n.mentors(hours=20, load=3)),
}  # fmt: skip


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The example as a document, and two saved plans of it."""
    folder = tmp_path_factory.mktemp("provenance")
    roster = kapteam.example()
    kapteam.write(roster, folder / "roster.json")
    plan = kapteam.links(roster, on=ON).match()
    (folder / "plan.json").write_text(plan.to_json(), encoding="utf-8")
    (folder / "week.json").write_text(kapteam.schedule(roster, ON).to_json(), encoding="utf-8")
    return folder


@pytest.fixture(scope="module")
def network(files: Path) -> Network:
    return kapteam.links(kapteam.read(files / "roster.json"), on=ON)


def told(files: Path, command: str, *words: object) -> dict[str, Any]:
    """The answer with its provenance, as its schema has it."""
    said = run(command, files / "roster.json", *words, "--json", "--provenance")
    assert said.status in (0, 1), said.err
    found: dict[str, Any] = said.valid(command)
    return found


@pytest.mark.parametrize("command", ASKED)
def test_the_command_line_and_python_say_the_same(files: Path, network: Network, command: str) -> None:
    words, question = ASKED[command]
    document = told(files, command, "--on", DAY, *words)
    answer = question(network)
    assert json.dumps(document.pop("provenance")) == json.dumps(answer.provenance().as_dict())
    assert isinstance(answer, Document)
    assert document == json.loads(answer.to_json())


def test_so_do_sessions_and_what_is_verified(files: Path) -> None:
    roster = kapteam.read(files / "roster.json")
    saved = json.loads((files / "week.json").read_text())
    asked = kapteam.schedule(
        roster, previous=saved, cancel=[("ana", ON)], begun=datetime(2026, 12, 7, 8), seconds=math.inf, effort=50
    )
    document = told(
        files, "schedule", "--previous", files / "week.json", "--cancel", f"ana@{DAY}", "--from", f"{DAY}T08:00",
        "--effort", 50, "--time-limit", "inf",
    )  # fmt: skip
    assert json.dumps(document["provenance"]) == json.dumps(asked.provenance().as_dict())
    for name in ("plan.json", "week.json"):
        verified = kapteam.verify(json.loads((files / name).read_text()), roster)
        assert told(files, "verify", files / name)["provenance"] == verified.provenance().as_dict()


def test_a_checked_roster_has_the_fingerprint_of_every_answer(files: Path, network: Network) -> None:
    said = told(files, "check", "--on", DAY)["provenance"]
    assert said["roster"] == network.provenance().roster
    assert (said["question"], said["options"]) == ("check", {"within": 60})


def test_every_command_that_answers_from_a_roster_has_it_but_those_that_give_a_picture_or_a_page() -> None:
    having, answering = set(), set()
    for name in COMMANDS:
        command = group.get_command(click.Context(group), name)
        assert command is not None
        if any("--provenance" in p.opts for p in command.params):
            having.add(name)
        if {"roster", "as_json"} <= {p.name for p in command.params}:
            answering.add(name)
    assert having == answering - {"draw", "report"}
    assert having >= {*ASKED, "schedule", "verify", "check"}


def test_a_file_counts_by_what_it_holds(files: Path, tmp_path: Path) -> None:
    options = []
    for name in ("one", "two"):
        (tmp_path / name).write_text("place,lat,lon,population\nHudson,42.25,-73.79,6000\n", encoding="utf-8")
        said = told(files, "network", "--on", DAY, "--places", tmp_path / name, "--draws", 0)["provenance"]
        options.append(said["options"])
    assert options[0] == options[1]
    assert len(options[0]["places"]["sha256"]) == 64


def test_a_person_reads_it_below_the_answer(files: Path) -> None:
    def ask(*more: str) -> Answer:
        return run("explain", files / "roster.json", "ana", "--on", DAY, "--unknown", "allow", *more)

    plain, said = ask(), ask("--provenance")
    assert said.out.startswith(plain.out)
    below = said.out.removeprefix(plain.out)
    provenance = told(files, "explain", "ana", "--on", DAY)["provenance"]
    assert below.startswith("\nMade from\n")
    assert len(below.splitlines()) == 7
    for words in (
        f"kapteam    {provenance['versions']['kapteam']} (python ", f"sha256 {provenance['roster']}",
        f"sha256 {provenance['law']}", f"explain, for {DAY}",
        "other none, person ana, site none, unknown allow",  # the story is of a plan, and that depends on it
    ):  # fmt: skip
        assert words in below


def test_the_same_question_gives_the_same_bytes_and_a_plan_with_it_is_a_plan(files: Path, tmp_path: Path) -> None:
    saved = tmp_path / "plan.json"
    words = ("match", files / "roster.json", "--on", DAY, "--json", "--provenance")
    run(*words, "-o", saved, env={"PYTHONHASHSEED": "1"})
    assert saved.read_text(encoding="utf-8") == run(*words, env={"PYTHONHASHSEED": "2"}).out
    validate(json.loads(saved.read_text(encoding="utf-8")), "match")
    assert run("verify", files / "roster.json", saved).status == 0
    assert run("match", files / "roster.json", "--on", DAY, "--keep", saved).status == 0


def test_a_roster_with_errors_has_no_provenance(tmp_path: Path) -> None:
    (tmp_path / "roster.json").write_text('{"sites": []}', encoding="utf-8")
    said = run("match", tmp_path / "roster.json", "--json", "--provenance")
    assert said.status == 1
    assert set(said.valid("errors")) == {"errors", "warnings"}
