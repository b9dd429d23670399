"""What is slow to load is loaded only by what needs it: seen in `sys.modules`, not on a clock."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest
from asking import DAY, PRACTICE

SLOW = ("numpy", "pandas", "scipy", "ortools", "openpyxl", "rich", "networkx")
SOLVERS = {"ortools", "pandas", "scipy"}

_COMMAND = """
import json, sys
sys.argv = ["kapteam", *json.loads(sys.argv[1])]
from kapteam.cli.main import main
try:
    main()
except SystemExit as end:
    assert not end.code, end.code
"""


def _loaded(code: str, *words: str) -> set[str]:
    """The slow packages that a fresh Python has loaded after this code."""
    tell = f"\nimport sys; print(*[m for m in {SLOW!r} if m in sys.modules], file=sys.stderr)"
    ended = subprocess.run(
        [sys.executable, "-c", code + tell, *words], capture_output=True, text=True, check=True, timeout=60
    )
    return set(ended.stderr.split())


def _loaded_by(*words: str) -> set[str]:
    return _loaded(_COMMAND, json.dumps(words))


@pytest.mark.parametrize("code", ["import kapteam", "import kapteam; dir(kapteam); kapteam.Roster; kapteam.read"])
def test_importing_kapteam_loads_nothing_slow(code: str) -> None:
    assert _loaded(code) == set()


def test_reading_and_writing_csv_and_json_loads_nothing_slow(tmp_path: Path) -> None:
    code = "import kapteam, sys; kapteam.write(kapteam.read(sys.argv[1]), sys.argv[2])"
    assert _loaded(code, PRACTICE, str(tmp_path / "roster.json")) == set()


@pytest.mark.parametrize("words", [("--help",), ("--version",), ("match", "--help")], ids=" ".join)
def test_help_needs_nothing_slow(words: tuple[str, ...]) -> None:
    loaded = _loaded_by(*words)
    # A command's own help loads its module, but nothing that only its work needs.
    assert loaded <= ({"numpy"} if words[0] == "match" else set())


def test_links_for_a_program_loads_numpy_alone() -> None:
    assert _loaded_by("links", PRACTICE, "--on", DAY, "--json") == {"numpy"}


@pytest.mark.parametrize(
    "words",
    [("links", PRACTICE), ("check", PRACTICE), ("explain", PRACTICE, "prado", "lindqvist")],
    ids=lambda words: words[0],
)
def test_what_does_not_match_loads_no_solver(words: tuple[str, ...]) -> None:
    assert not _loaded_by(*words, "--on", DAY) & SOLVERS


def test_verifying_a_plan_loads_no_solver(plan_file: Path) -> None:
    assert not _loaded_by("verify", PRACTICE, str(plan_file)) & SOLVERS


def test_matching_loads_neither_pandas_nor_scipy() -> None:
    loaded = _loaded_by("match", PRACTICE, "--on", DAY, "--json")
    assert not loaded & {"pandas", "scipy", "networkx", "openpyxl"}
