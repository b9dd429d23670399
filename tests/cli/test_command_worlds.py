"""`kapteam worlds`: shares of worlds, as a person and as a program reads them."""

from __future__ import annotations

import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from asking import DAY, KAPTEAM, PRACTICE, Ask, run
from test_interrupts import ended, started, wait_for

ON = ("--on", DAY)
ASKED = (*ON, "--worlds", "200", "--chance", "0.5", "--chance", "team.window=0.9", "--seed", "4")


def test_the_answer_comes_first_and_what_was_supposed_stands_with_it(kapteam_says: Ask) -> None:
    answer = kapteam_says("worlds", PRACTICE, *ASKED)
    assert answer.status == 0
    assert " of 27 therapists are teamed on average over 200 worlds, from 19 to 23; in nine of ten " in answer.flat
    assert "(today 19)." in answer.flat
    assert "Supposed, not known: the chance that a fact nobody wrote down turns out well" in answer.out
    assert "team.window 0.9 Amina Hassan (hassan)" in answer.flat
    assert "Amina Hassan (hassan)" in answer.out
    assert "Not legal advice." in answer.out


def test_the_document_is_as_its_schema_says_and_adds_up(kapteam_says: Ask) -> None:
    document = kapteam_says("worlds", PRACTICE, *ASKED, "--json").valid("worlds")
    assert (document["worlds"], document["asked"], document["seed"]) == (200, 200, 4)
    therapists = [p for p in document["people"] if p["role"] == "therapist"]
    assert document["teamed"]["mean"] == pytest.approx(sum(p["worlds"] for p in therapists) / 200, rel=1e-5)
    assert all(p["low"] <= p["share"] <= p["high"] for p in document["people"])
    assert document["teamed"]["today"] == sum(p["today"] for p in therapists) == 19
    plan = kapteam_says("match", PRACTICE, *ON, "--json").json
    teamed = {x["practitioner"] for t in plan["teams"] for x in t["therapists"]}
    assert {p["practitioner"] for p in therapists if p["today"]} == teamed


def test_more_processes_change_no_byte(kapteam_says: Ask) -> None:
    assert run("worlds", PRACTICE, *ASKED, "--json", "--workers", "2").out == kapteam_says(
        "worlds", PRACTICE, *ASKED, "--json"
    ).out  # fmt: skip


def test_no_chance_is_supposed(kapteam_says: Ask) -> None:
    answer = kapteam_says("worlds", PRACTICE, *ON)
    assert (answer.status, answer.out) == (2, "")
    assert "a chance is needed for what is unknown by legal.registration (1)" in answer.err
    assert "one for all of it, --chance 0.7 " in answer.err


def test_of_one_person_it_tells_the_share_and_what_it_hangs_on(kapteam_says: Ask) -> None:
    answer = kapteam_says("worlds", PRACTICE, "hassan", *ASKED)
    assert answer.status == 0
    every = kapteam_says("worlds", PRACTICE, *ASKED, "--json").json["people"]
    (share,) = [p["share"] for p in every if p["practitioner"] == "hassan"]
    assert answer.flat.startswith(f"Amina Hassan (hassan), therapist: teamed in {share:.1%} of 200 worlds, between ")
    assert "Amina Hassan: when are they on site? (hassan) therapist 100.0% 0.0%" in answer.flat
    assert "Calloway" not in answer.out  # whose licence has no bearing on hers
    document = kapteam_says("worlds", PRACTICE, "hassan", *ASKED, "--json", "--provenance").valid("worlds")
    assert [p for p in every if p["practitioner"] == "hassan"] == document["people"]
    assert (document["of"], document["complete"]) == ("hassan", True)
    assert [(h["practitioner"], h["rule"], h["well"]["share"]) for h in document["hangs_on"]] == [
        ("hassan", "team.window", 1)
    ]
    assert document["provenance"]["question"] == "worlds_of"
    unheard = run("worlds", PRACTICE, "hasan", *ASKED)
    assert (unheard.status, unheard.out) == (2, "")
    assert "did you mean 'hassan'?" in unheard.err


def test_chances_come_from_a_file_as_well(tmp_path: Path) -> None:
    file = tmp_path / "chances.toml"
    file.write_text("[chances]\nall = 0.5\n[chances.people.hassan]\n'team.window' = 0.9\n", encoding="utf-8")
    one = run("worlds", PRACTICE, *ON, "--worlds", "50", "--chances", file, "--json").valid("worlds")
    assert {(c["rule"], c["chance"]) for c in one["chances"]} >= {("team.window", 0.9), ("legal.registration", 0.5)}
    file.write_text("[chances]\nall = 5\n", encoding="utf-8")
    wrong = run("worlds", PRACTICE, *ON, "--chances", file)
    assert (wrong.status, wrong.out) == (1, "")
    assert "chances.toml, chances.all: '5': expected a number from 0 to 1" in wrong.err
    missing = run("worlds", PRACTICE, *ON, "--chances", tmp_path / "no.toml")
    assert (missing.status, missing.out) == (2, "")
    assert "there is no chances file" in missing.err


def test_a_chance_of_what_nobody_lacks_is_told(kapteam_says: Ask) -> None:
    answer = kapteam_says("worlds", PRACTICE, *ASKED, "--chance", "legal.license=0.5")
    assert "A chance was given, and nothing is unknown: legal.license." in answer.flat


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--chance", "half"), "--chance half: expected a number from 0 to 1, or RULE=NUMBER"),
        (("--chance", "1.5"), "chance: a chance is a number from 0 to 1, not 1.5"),
        (("--chance", "nan"), "chance: a chance is a number from 0 to 1"),
        (("--chance", "team.windw=0.5"), "did you mean 'team.window'?"),
        (("--chance", "=0.5"), "--chance =0.5: expected RULE=NUMBER, or a number alone for all rules"),
        (("--chance", "0.7", "--chance", "0.3"), "--chance is given twice for all: leave one of them out"),
        (("--chance", "team.window=1", "--chance", "team.window=1"), "--chance is given twice for team.window"),
        (("--worlds", "0"), "0 is not in the range x>=1"),
        (("--chance", "0.5", "--workers", "2", "--dask", "tcp://127.0.0.1:9"), "give one of them"),
    ],
    ids=lambda words: " ".join(words) if isinstance(words, tuple) else None,
)
def test_what_is_no_chance_is_wrong_usage(words: tuple[str, ...], said: str) -> None:
    answer = run("worlds", PRACTICE, *ON, *words)
    assert (answer.status, answer.out) == (2, "")
    assert said in answer.err


def test_what_it_was_made_from_is_told_where_asked(kapteam_says: Ask) -> None:
    made = kapteam_says("worlds", PRACTICE, *ASKED, "--json", "--provenance").valid("worlds")["provenance"]
    assert (made["question"], made["seed"]) == ("worlds", 4)
    assert made["options"] == {"by_person": [], "by_rule": [["team.window", 0.9]], "chance": 0.5, "count": 200}


def test_dask_is_loaded_only_where_it_is_asked_for() -> None:
    code = (
        "import sys; from kapteam.cli.worlds import command\n"
        f"words = [{PRACTICE!r}, '--on', {DAY!r}, '--worlds', '3', '--chance', '0.5', '--json']\n"
        "command.main(words, standalone_mode=False)\n"
        "print(*[m for m in ('distributed', 'dask', 'pandas', 'scipy') if m in sys.modules], file=sys.stderr)"
    )
    ended = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=60)
    assert (ended.stderr.strip(), ended.stdout[:1]) == ("", "{")


@pytest.fixture
def heard() -> Iterator[None]:
    """Ctrl-C as a terminal has it: whoever runs the tests may have had it ignored."""
    usual = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, usual)


@pytest.mark.usefixtures("heard")
@pytest.mark.parametrize("workers", [1, 2])
def test_ctrl_c_gives_the_worlds_drawn_so_far(tmp_path: Path, workers: int) -> None:
    many = (*ON, "--worlds", "100000000", "--chance", "0.5", "--seed", "4", "--workers", workers, "--json")
    with started([KAPTEAM, "worlds", PRACTICE, *many]) as (process, lines):
        wait_for("of 100,000,000 worlds done", lines)
        time.sleep(0.2)
        process.send_signal(signal.SIGINT)
        answer = ended(process, lines)
    assert answer.status == 0, answer.err
    assert "stopping with the worlds drawn so far ..." in answer.err
    assert "Traceback" not in answer.err
    document = answer.valid("worlds")
    assert 0 < document["worlds"] < document["asked"] == 100_000_000
    assert not document["complete"]
    assert f"{document['worlds']:,} of 100,000,000 worlds done" in answer.err.splitlines()
