"""`kapteam import nppes` as a process: a roster that every command reads, breaks, and what it says."""

from __future__ import annotations

import json
import resource
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from asking import DAY, KAPTEAM, run

SCENARIO = """
name = "half of them"
seed = 1
[dea]
all = 0.5
[state]
all = 1
[rider]
all = 0.9
[policy]
presence = "dosing"
same_site = "no"
in_clinic_only = "no"
[trained]
all = 0.9
[training_hours]
41 = 1
[[hours]]
when = "Mon-Fri 09:00-17:00"
share = 1
"""
ROWS = 8_000
#: The command itself, on a machine that takes for ever over the third part.
SLOW = """
import time, kapteam.registry.importing as importing
from kapteam.cli.main import main
people, parts = importing.people, []
def slow(*given):
    parts.append(given)
    if len(parts) == 3:
        time.sleep(600)
    return people(*given)
importing.people = slow
main()
"""


@pytest.fixture(scope="module")
def file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("registry") / "npidata.csv"
    made = [sys.executable, "-m", "kapteam.registry.made", str(ROWS), "-o", str(path), "--seed", "4"]
    subprocess.run(made, check=True, timeout=60)
    return path


@pytest.fixture(scope="module")
def whole(file: Path) -> dict[str, bytes]:
    folder = file.parent / "whole"
    assert run("import", "nppes", file, "-o", folder, "--part", 1).status == 0
    return contents(folder)


@pytest.fixture(autouse=True)
def heard() -> Iterator[None]:
    """Ctrl-C as a terminal has it: whoever runs the tests may have had it ignored."""
    usual = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, usual)


def contents(folder: Path) -> dict[str, bytes]:
    return {str(p.relative_to(folder)): p.read_bytes() for p in sorted(folder.rglob("*")) if p.is_file()}


def test_a_state_with_a_scenario_is_a_roster_that_says_what_is_made_up(file: Path, tmp_path: Path) -> None:
    scenario, folder = tmp_path / "scenario.toml", tmp_path / "roster"
    scenario.write_text(SCENARIO, encoding="utf-8")
    answer = run("import", "nppes", file, "-o", folder, "--state", "co", "--scenario", scenario)
    assert answer.status == 0
    assert "MADE UP by the scenario 'half of them' (seed 1)" in answer.flat
    assert "50 % of all prescribers hold a DEA registration for schedule 3N" in answer.flat
    assert "practises in a state that was not asked for" in answer.flat
    checked = run("check", folder, "--on", DAY, "--json").json
    assert checked["errors"] == []
    warned = {w["table"] for w in checked["warnings"] if w["column"] == "_made_up" and w["value"] == "half of them"}
    assert warned == {"registrations", "coverage", "training", "hours"}
    told = run("match", folder, "--on", DAY, "--json")
    assert "warnings in reading" in told.err
    assert told.json["objective"]["teamed"] > 5
    assert {team["site"][:2] for team in told.json["teams"]} == {"CO"}


def test_without_a_scenario_nothing_passes_and_the_document_counts(file: Path, tmp_path: Path) -> None:
    folder = tmp_path / "roster"
    answer = run("import", "nppes", file, "-o", folder, "--state", "NY", "--state", "CO", "--json")
    told = answer.json
    assert told == json.loads((folder / "_nppes.json").read_text(encoding="utf-8"))
    assert told["rows"] == ROWS == told["practitioners"] + sum(told["left_out"].values())
    assert (told["states"], told["made_up"]) == (["CO", "NY"], None)
    links = run("links", folder, "--on", DAY, "--json").json["links"]
    assert links
    assert "pass" not in {link["verdict"] for link in links}


def test_ctrl_c_leaves_what_is_done_and_the_same_command_goes_on(
    file: Path, whole: dict[str, bytes], tmp_path: Path
) -> None:
    folder = tmp_path / "roster"
    words = ["import", "nppes", str(file), "-o", str(folder), "--part", "1"]
    with subprocess.Popen(
        [sys.executable, "-c", SLOW, *words], stdout=subprocess.PIPE, stderr=subprocess.PIPE
    ) as process:
        try:
            end, second = time.monotonic() + 60, tmp_path / "roster.part" / "hours" / "part-00001.parquet"
            while not second.exists():
                assert time.monotonic() < end
                assert process.poll() is None
                time.sleep(0.005)
            process.send_signal(signal.SIGINT)
            _, err = process.communicate(timeout=60)
        finally:
            process.kill()
    assert process.returncode == 130, err.decode()
    assert b"Traceback" not in err
    assert "the same command goes on from there" in err.decode()
    assert not folder.exists()
    again = run(*words)
    assert again.status == 0
    assert "had been read before" in again.flat
    assert contents(folder) == whole


@pytest.mark.parametrize("finished", [0, 1])
def test_what_cannot_be_written_is_said_and_goes_on_when_there_is_room(
    finished: int, file: Path, whole: dict[str, bytes], tmp_path: Path
) -> None:
    """A limit on the size of files stands for a full disk: too little for the first part, or just enough for it."""
    folder, words = tmp_path / "roster", ["import", "nppes", str(file), "-o"]
    first = max(len(data) for name, data in whole.items() if name.endswith("part-00000.parquet"))
    limit = first if finished else first // 2

    def little_room() -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (limit, resource.RLIM_INFINITY))

    ended = subprocess.run(
        [KAPTEAM, *words, str(folder), "--part", "1"],
        capture_output=True,
        timeout=60,
        preexec_fn=little_room,
        check=False,
    )
    said = ended.stderr.decode()
    assert ended.returncode == 1, said
    assert f"File too large: {tmp_path / 'roster.part'}" in said
    assert "make room, and give the same command again" in said
    assert ("finished parts are kept in" in said) == bool(finished)
    assert "Traceback" not in said
    left = [p.name for p in (tmp_path / "roster.part").rglob("*") if p.is_file()]
    assert ("_progress.json" in left, "part-00002.parquet" in left) == (bool(finished), False)
    assert not [name for name in left if name.endswith(".new")]
    assert run(*words, folder, "--part", 1).status == 0
    assert contents(folder) == whole


def test_wrong_usage_is_said_in_words(file: Path, tmp_path: Path) -> None:
    cut, noise = tmp_path / "cut.csv", tmp_path / "noise.csv"
    cut.write_bytes(file.read_bytes()[:2_000_000])
    last = cut.read_bytes().count(b"\n") + 1
    noise.write_bytes(b"\x93a,\rb\xff,c\n\x07")
    for words, said in (
        ((cut, "-o", tmp_path / "a"), f"{str(cut)!r}, line {last}: the file breaks off in the middle of its last row"),
        ((noise, "-o", tmp_path / "a"), f"{str(noise)!r}, line 1: expected the NPPES file"),
        ((tmp_path / "no.csv", "-o", tmp_path / "a"), "there is no file"),
        ((file, "-o", tmp_path), "is there already: choose another name"),
        ((file, "-o", tmp_path / "a", "--state", "New York"), "'New York' is no state"),
        ((file, "-o", tmp_path / "a", "--state", "colorado"), "did you mean 'CO'?"),
        ((file,), "-o"),
        ((file, "-o", tmp_path / "a", "--scenario", tmp_path / "no.toml"), "no.toml"),
    ):
        answer = run("import", "nppes", *words)
        assert (answer.status, said in answer.err) == (2, True), answer.err
        assert not (tmp_path / "a").exists()


def test_the_whole_of_a_file_that_was_cut_off_goes_on(file: Path, whole: dict[str, bytes], tmp_path: Path) -> None:
    cut, folder = tmp_path / "cut.csv", tmp_path / "roster"
    cut.write_bytes(file.read_bytes()[:4_000_000])
    answer = run("import", "nppes", cut, "-o", folder, "--part", 1)
    assert answer.status == 2
    assert "roster.part: the same command goes on from there" in answer.err
    again = run("import", "nppes", file, "-o", folder, "--part", 1)
    assert (again.status, "3 parts had been read before" in again.flat) == (0, True)
    assert contents(folder) == whole


def test_what_a_roster_is_names_what_an_import_writes(tmp_path: Path) -> None:
    assert "a folder of CSV or Parquet files" in run("--help").flat
    (tmp_path / "roster.txt").touch()
    assert "a folder of CSV or Parquet files" in run("check", tmp_path / "roster.txt").err


def test_the_help_of_imports_loads_nothing_slow() -> None:
    code = "import sys; from click.testing import CliRunner; import kapteam.cli.imports as i\n"
    code += "assert CliRunner().invoke(i.command, ['nppes', '--help']).exit_code == 0\n"
    code += "print(*[m for m in ('polars', 'rich', 'ortools') if m in sys.modules])"
    ended = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=60)
    assert ended.stdout.split() == []
