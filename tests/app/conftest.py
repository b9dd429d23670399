"""A server of the page as a process, and its page in a browser."""

from __future__ import annotations

import subprocess
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from asking import DAY, KAPTEAM, PRACTICE


@contextmanager
def serving(*words: object) -> Iterator[str]:
    """The address that opens the page of `kapteam app`; the process is ended afterwards."""
    command = [str(KAPTEAM), "app", *map(str, words), "--no-open"]
    with subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        guard = threading.Timer(300, process.kill)
        guard.start()
        try:
            assert process.stdout is not None
            yield process.stdout.readline().decode().strip()
        finally:
            guard.cancel()
            process.kill()


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    """Where the page of the practice that ships with kapteam is opened."""
    with serving(PRACTICE, "--on", DAY) as found:
        yield found


@pytest.fixture(scope="module")
def empty_address() -> Iterator[str]:
    """Where the page is opened when no roster was named."""
    with serving("--on", DAY) as found:
        yield found


@pytest.fixture(scope="module")
def broken(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The practice as a workbook in which some cells are wrong."""
    from openpyxl import load_workbook

    import kapteam.demo

    book = load_workbook(kapteam.demo.practice_workbook())
    hours = book["hours"]
    names = [cell.value for cell in hours[1]]
    hours.cell(3, names.index("when") + 1).value = "Mon 9-5"
    hours.cell(4, names.index("site") + 1).value = "hudsn"
    licenses = book["licenses"]
    names = [cell.value for cell in licenses[1]]
    licenses.cell(2, names.index("profession") + 1).value = "<b>phisician</b>"
    file = tmp_path_factory.mktemp("broken") / "broken.xlsx"
    book.save(file)
    return file
