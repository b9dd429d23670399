"""Ctrl-C and time limits: the best plan so far, honestly told; a second Ctrl-C ends it at once."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from asking import DAY, KAPTEAM, PRACTICE, Answer, run, validate

import kapteam
from clinics import district
from kapteam.cli.interrupt import Ticker, until_stopped
from kapteam.cli.schedule import _told

#: After so many seconds a process that does not end is ended, and the test has failed.
PATIENCE = 120


@pytest.fixture(autouse=True)
def heard() -> Iterator[None]:
    """Ctrl-C as a terminal has it, here and in what is started: whoever runs the tests may have had it ignored."""
    usual = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, usual)


@pytest.fixture(scope="module")
def clinics(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Clinics with so many good plans for teams of three that the best one takes long to prove."""
    file = tmp_path_factory.mktemp("clinics") / "clinics.json"
    kapteam.write(district(1, 120, ("NY",) * 5, therapists=2).roster(), file)
    return file


@contextmanager
def started(command: Sequence[object]) -> Iterator[tuple[subprocess.Popen[bytes], list[str]]]:
    """A process, and the lines of its standard error as they come."""
    with subprocess.Popen(
        [*map(str, command)], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE
    ) as process:
        lines: list[str] = []

        def hear() -> None:
            assert process.stderr is not None
            lines.extend(line.decode() for line in process.stderr)

        listener, guard = threading.Thread(target=hear, daemon=True), threading.Timer(PATIENCE, process.kill)
        listener.start()
        guard.start()
        try:
            yield process, lines
        finally:
            guard.cancel()
            process.kill()
            listener.join()


def wait_for(words: str, lines: Sequence[str]) -> None:
    end = time.monotonic() + PATIENCE
    while not any(words in line for line in lines):
        assert time.monotonic() < end, f"never said: {words}"
        time.sleep(0.02)


def ended(process: subprocess.Popen[bytes], lines: list[str]) -> Answer:
    """What a process has given when it ends."""
    assert process.stdout is not None
    out = process.stdout.read().decode()
    status = process.wait()
    return Answer(status, out, "".join(lines))


def honest(document: Any) -> None:
    """A plan says of each level what it reaches and what no plan exceeds, and calls proven only what is."""
    validate(document, "schedule")
    reached, bound, proven = document["objective"], document["bound"], document["proven"]
    assert document["status"] == "feasible"
    assert document["gap"] == bound["value"] - reached["value"]
    levels = ["value", "points", "spread", "changes"]
    assert proven == levels[: len(proven)]
    assert len(proven) < len(levels)
    for level in ("value", "points"):
        assert bound[level] >= reached[level]
    for level in ("spread", "changes"):
        assert bound[level] <= reached[level]
    assert all(bound[level] == reached[level] for level in proven)
    assert reached["value"] == reached["sessions"] == len(document["sessions"])


def lawful(document: Any, roster: Path, folder: Path) -> None:
    plan = folder / "plan.json"
    plan.write_text(json.dumps(document), encoding="utf-8")
    assert run("verify", roster, plan, "--json").valid("verify")["ok"]


def test_the_first_ctrl_c_gives_the_best_plan_so_far(clinics: Path, tmp_path: Path) -> None:
    with started([KAPTEAM, "schedule", clinics, "--week", DAY, "--time-limit", 600, "--json"]) as (process, lines):
        wait_for("looking for the best sessions ...", lines)
        time.sleep(2)
        process.send_signal(signal.SIGINT)
        answer = ended(process, lines)
    assert answer.status == 0
    assert "Traceback" not in answer.err
    assert "stopping with the best plan so far ..." in answer.err
    honest(answer.json)
    lawful(answer.json, clinics, tmp_path)


def test_the_second_ctrl_c_ends_it() -> None:
    """Even where the work does not listen."""
    code = """
import time, kapteam.cli.schedule
from kapteam.cli.main import main
kapteam.cli.schedule.schedule = lambda *_, **__: time.sleep(600)
main()
"""
    with started([sys.executable, "-c", code, "schedule", PRACTICE, "--week", DAY, "--json"]) as (process, lines):
        wait_for("looking for the best sessions ...", lines)
        process.send_signal(signal.SIGINT)
        wait_for("stopping with the best plan so far ...", lines)
        process.send_signal(signal.SIGINT)
        answer = ended(process, lines)
    assert answer.status == 130
    assert answer.out == ""
    assert "Traceback" not in answer.err
    assert answer.err.splitlines()[-1] == "stopped"


@pytest.mark.parametrize("seconds", [0, 1])
def test_little_time_gives_an_honest_plan(clinics: Path, tmp_path: Path, seconds: int) -> None:
    document = run("schedule", clinics, "--week", DAY, "--time-limit", seconds, "--json").json
    honest(document)
    lawful(document, clinics, tmp_path)


# --- Within -------------------------------------------------------------------------------------------------


def test_work_that_ends_gives_what_it_has() -> None:
    usual = signal.getsignal(signal.SIGINT)
    assert until_stopped(lambda: 42, threading.Event()) == 42
    with pytest.raises(ValueError, match="no"):
        until_stopped(lambda: [].index("no"), threading.Event())  # type: ignore[list-item]
    assert signal.getsignal(signal.SIGINT) is usual


def test_ctrl_c_asks_the_work_to_stop(capsys: pytest.CaptureFixture[str]) -> None:
    stop = threading.Event()

    def work() -> bool:
        signal.pthread_kill(threading.main_thread().ident or 0, signal.SIGINT)
        return stop.wait(PATIENCE)

    assert until_stopped(work, stop)
    assert capsys.readouterr().err == "stopping with the best plan so far ...\n"


def test_beside_the_main_thread_it_works_as_well() -> None:
    found: list[int] = []
    thread = threading.Thread(target=lambda: found.append(until_stopped(lambda: 42, threading.Event())))
    thread.start()
    thread.join()
    assert found == [42]


def test_what_is_told_of_progress(capsys: pytest.CaptureFixture[str]) -> None:
    assert _told("value", 0.4, 1203, 1260) == "value: 40% done, 1,203 so far, at most 1,260 (gap 4.7%)"
    assert _told("spread", 1, 4, 3) == "spread: 100% done, 4 so far, no smaller than 3 (gap 25.0%)"
    assert _told("value", 0, 0, 12) == "value: 0% done, 0 so far, at most 12"
    ticker = Ticker(_told)
    ticker("value", 0.4, 1203, 1260)
    assert capsys.readouterr().err == ""
    ticker.last -= 2
    ticker("value", 0.4, 1203, 1260)
    ticker("value", 0.5, 1204, 1260)
    assert capsys.readouterr().err == "value: 40% done, 1,203 so far, at most 1,260 (gap 4.7%)\n"
