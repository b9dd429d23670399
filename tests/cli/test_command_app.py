"""`kapteam app` as a process: the address that it gives, what it refuses, and how it ends."""

from __future__ import annotations

import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest
from asking import DAY, KAPTEAM, PRACTICE, run

import kapteam
from clinics import district

#: After so many seconds a process that does not end is ended, and the test has failed.
PATIENCE = 60


@pytest.fixture(autouse=True)
def heard() -> Iterator[None]:
    """Ctrl-C as a terminal has it, here and in what is started: whoever runs the tests may have had it ignored."""
    usual = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, usual)


@contextmanager
def started(command: Sequence[object]) -> Iterator[tuple[subprocess.Popen[str], str]]:
    """A process, and the address that it gives."""
    words = [*map(str, command)]
    with subprocess.Popen(
        words, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as process:
        guard = threading.Timer(PATIENCE, process.kill)
        guard.start()
        try:
            assert process.stdout is not None
            yield process, process.stdout.readline().strip()
        finally:
            guard.cancel()
            process.kill()


def ended(process: subprocess.Popen[str]) -> tuple[int, str, str]:
    """How a process ends, and what else it said."""
    out, err = process.communicate()
    return process.returncode, out, err


@contextmanager
def opened(address: str) -> Iterator[tuple[httpx.Client, httpx.Response]]:
    """A browser's part: who asks, and the page."""
    with httpx.Client(follow_redirects=True, timeout=PATIENCE) as client:
        page = client.get(address)
        assert page.status_code == 200, page.text
        yield client, page


def test_it_gives_an_address_of_this_machine_and_ctrl_c_ends_it_with_a_page_open() -> None:
    with started([KAPTEAM, "app", PRACTICE, "--on", DAY, "--no-open"]) as (process, address):
        assert address.startswith("http://127.0.0.1:")
        with opened(address) as (_, page):
            assert "19 of 27 therapists are teamed" in page.text
            process.send_signal(signal.SIGINT)
            status, out, err = ended(process)
    assert status == 0
    assert out == ""
    assert err == "Open this address in a browser; Ctrl-C ends it.\n"


def test_ctrl_c_ends_it_while_a_week_is_worked_out(tmp_path: Path) -> None:
    clinics = tmp_path / "clinics.json"
    kapteam.write(district(1, 120, ("NY",) * 5, therapists=2).roster(), clinics)
    command = [KAPTEAM, "app", clinics, "--on", DAY, "--no-open"]
    with started(command) as (process, address), opened(address) as (client, page):
        given: list[object] = []

        def ask() -> None:
            try:
                given.append(client.get(page.url.copy_with(path="/week")).status_code)
            except httpx.HTTPError as error:
                given.append(error)

        waiting = threading.Thread(target=ask)
        waiting.start()
        time.sleep(2)  # it is at work, and would be for twenty seconds
        assert given == []
        begun = time.monotonic()
        process.send_signal(signal.SIGINT)
        status, _, err = ended(process)
        waiting.join()
    assert status == 0
    assert "Traceback" not in err
    assert time.monotonic() - begun < 10
    assert given
    assert given != [200]


def test_a_port_that_is_taken_is_told() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        answer = run("app", PRACTICE, "--no-open", "--port", taken.getsockname()[1])
    assert answer.status == 2
    assert "leave it out, and a free one is found" in answer.err


def test_a_roster_that_is_not_there_is_told() -> None:
    answer = run("app", "no such roster.xlsx", "--no-open")
    assert answer.status == 2
    assert "there is no file or folder" in answer.err


def test_a_roster_with_errors_is_shown_on_the_page(practice: Path) -> None:
    hours = practice / "hours.csv"
    hours.write_text(hours.read_text(encoding="utf-8").replace("Mon-Wed", "Moon-Wed", 1), encoding="utf-8")
    with started([KAPTEAM, "app", practice, "--no-open"]) as (_, address), opened(address) as (_, page):
        assert "practice: 1 error" in page.text
        assert "expected days as Mon Tue Wed Thu Fri Sat Sun, not &#39;Moon&#39;" in page.text


def test_it_says_what_to_install_where_something_is_missing() -> None:
    code = """
import importlib.util, sys
find = importlib.util.find_spec
importlib.util.find_spec = lambda name, *rest: None if name == "uvicorn" else find(name, *rest)
from kapteam.cli.main import main
main()
"""
    ended = subprocess.run(
        [sys.executable, "-c", code, "app", PRACTICE], capture_output=True, text=True, timeout=PATIENCE, check=False
    )
    assert ended.returncode == 2
    assert ended.stderr == 'kapteam: the page needs a few more packages: pip install "kapteam[app]"\n'
