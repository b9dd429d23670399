"""The command as a whole process, from the interpreter's start to its end, on the practice that ships."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory

from rows import Row, times_as_long
from timing import Times

from kapteam import demo

COMMAND = "from kapteam.cli.main import main; main()"
_STAGES = Path(__file__).with_name("stages.py")
_GOAL_MATCH, _GOAL_START = 1.0, 3.0


def measured(repeats: int) -> Iterator[Row]:
    """The rows of the commands, with the stages of ``match``; compiled beforehand, as an installed package is."""
    with TemporaryDirectory() as compiled:
        yield from _measured(repeats, environment(compiled))


def _measured(repeats: int, environment: dict[str, str]) -> Iterator[Row]:
    run = partial(run_python, environment=environment)
    folder = shipped()
    rosters = {"CSV": folder, "Excel": folder.with_suffix(".xlsx")}
    python = {
        "bare": ["-c", "pass"],
        "attrs": ["-c", "import attrs"],
        "import kapteam": ["-c", "import kapteam"],
        "kapteam --help": ["-c", COMMAND, "--help"],
    }
    for name, path in rosters.items():
        python[name] = ["-c", COMMAND, "match", str(path), "--json", "--on", "2026-12-07"]
    times = Times()
    calls = {name: partial(run, *arguments) for name, arguments in python.items()}
    times.turns(calls, 1)
    times.clear()  # the first turn had to compile
    times.turns(calls, repeats)
    for name, path in rosters.items():
        whole = times.median(name)
        yield Row(
            what=f"kapteam match --json: {_shares(path, whole, repeats, run)}",
            instance=f"the shipped practice, {name}",
            seconds=whole,
            beside="a bare interpreter",
            other=times.median("bare"),
            ratio=times_as_long(whole, times.median("bare")),
            goal="under 1 s",
            met=whole < _GOAL_MATCH,
        )
    for name in ("import kapteam", "kapteam --help"):
        seconds, floor = times.median(name), times.median("attrs")
        yield Row(
            what=name,
            instance="whole process",
            seconds=seconds,
            beside='python -c "import attrs"',
            other=floor,
            ratio=times_as_long(seconds, floor),
            goal=f"at most {_GOAL_START:g}x",
            met=seconds <= _GOAL_START * floor,
        )


def _shares(path: Path, whole: float, repeats: int, run: Callable[..., str]) -> str:
    """``imports 40%, reading 20%, ...`` of the whole, by the medians of clocked runs."""
    runs = [json.loads(run(str(_STAGES), str(path))) for _ in range(repeats)]
    medians = {stage: median(each[stage] for each in runs) for stage in runs[0]}
    return ", ".join(f"{stage} {seconds / whole:.0%}" for stage, seconds in medians.items())


def run_python(*arguments: str, environment: dict[str, str]) -> str:
    """What a fresh interpreter prints."""
    call = [sys.executable, *arguments]
    return subprocess.run(call, check=True, capture_output=True, text=True, env=environment).stdout


def shipped() -> Path:
    """The folder of the practice that ships."""
    return Path(str(demo.__file__)).with_name("practice")


def environment(compiled: str) -> dict[str, str]:
    """What a user's shell has: no limit on threads, and bytecode that is kept."""
    unusual = {"PYTHONDONTWRITEBYTECODE", "OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"}
    kept = {name: value for name, value in os.environ.items() if name not in unusual}
    return {**kept, "PYTHONPYCACHEPREFIX": compiled}
