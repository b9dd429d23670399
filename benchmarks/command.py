"""The command as a whole process, from the interpreter's start to its end, on the practice that ships."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from statistics import median

from rows import Row, times_as_long
from timing import Times

from kapteam import demo

_MAIN = "from kapteam.cli.main import main; main()"
_STAGES = Path(__file__).with_name("stages.py")
_GOAL_MATCH, _GOAL_START = 1.0, 3.0


def measured(repeats: int) -> Iterator[Row]:
    """The rows of the commands, with the stages of ``match``."""
    folder = Path(str(demo.__file__)).with_name("practice")
    rosters = {"CSV": folder, "Excel": folder.with_suffix(".xlsx")}
    python = {
        "bare": ["-c", "pass"],
        "attrs": ["-c", "import attrs"],
        "import kapteam": ["-c", "import kapteam"],
        "kapteam --help": ["-c", _MAIN, "--help"],
    }
    for name, path in rosters.items():
        python[name] = ["-c", _MAIN, "match", str(path), "--json", "--on", "2026-12-07"]
    times = Times()
    times.turns({name: (lambda a=arguments: _run(*a)) for name, arguments in python.items()}, 1)
    times.clear()  # the first turn may have had to compile
    times.turns({name: (lambda a=arguments: _run(*a)) for name, arguments in python.items()}, repeats)
    for name, path in rosters.items():
        whole = times.median(name)
        yield Row(
            what=f"kapteam match --json: {_shares(path, whole, repeats)}",
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


def _shares(path: Path, whole: float, repeats: int) -> str:
    """``imports 40%, reading 20%, ...`` of the whole, by the medians of clocked runs."""
    runs = [json.loads(_run(str(_STAGES), str(path))) for _ in range(repeats)]
    medians = {stage: median(run[stage] for run in runs) for stage in runs[0]}
    parts = [f"{stage} {seconds / whole:.0%}" for stage, seconds in medians.items()]
    return ", ".join(parts)


def _run(*arguments: str) -> str:
    done = subprocess.run([sys.executable, *arguments], check=True, capture_output=True, text=True)
    return done.stdout
