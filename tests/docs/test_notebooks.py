"""The notebooks run as they stand, one cell after the other, and are written as the rest of the code is."""

from __future__ import annotations

import ast
import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from kapteam.cli.main import group
from kapteam.demo import practice_workbook

ROOT = Path(__file__).parents[2]
NOTEBOOKS = sorted(p for p in (ROOT / "examples").glob("*.md") if p.name != "README.md")
_CELL = re.compile(r"^```\{code-cell\} python\n(?::[^\n]*\n)*\n?(.*?)^```", re.MULTILINE | re.DOTALL)
_COMMAND = re.compile(r"`(kapteam [^`]*)`")


def _cells(path: Path) -> list[str]:
    return _CELL.findall(path.read_text(encoding="utf-8"))


def _program(path: Path) -> str:
    """A notebook as a program that shows what ends each cell, as a notebook does."""
    parts = []
    for cell in _cells(path):
        body = ast.parse(cell).body
        if body and isinstance(body[-1], ast.Expr):
            body[-1] = ast.parse(f"__shown__({ast.unparse(body[-1])})").body[0]
        parts.append("\n".join(map(ast.unparse, body)))
    return "\n\n".join(parts)


_SHOWN = """
def __shown__(value):
    for way in ("_repr_html_", "_repr_svg_"):
        if hasattr(value, way):
            assert getattr(value, way)()
            return
    if value is not None:
        print(repr(value))
"""


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda p: p.stem)
def test_every_notebook_runs_and_what_it_claims_is_so(path: Path, tmp_path: Path) -> None:
    program = tmp_path / "notebook.py"
    program.write_text(_SHOWN + _program(path), encoding="utf-8")
    ended = subprocess.run(
        [sys.executable, "-W", "error", program], env={**os.environ, "MPLBACKEND": "template"},
        cwd=tmp_path, capture_output=True, text=True, check=False, timeout=60,
    )  # fmt: skip
    assert ended.returncode == 0, ended.stderr
    assert {p.name for p in tmp_path.iterdir()} == {"notebook.py"}, "a notebook leaves no file behind"


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda p: p.stem)
def test_every_notebook_claims_something(path: Path) -> None:
    asserted = [node for cell in _cells(path) for node in ast.walk(ast.parse(cell)) if isinstance(node, ast.Assert)]
    assert len(asserted) >= 4


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda p: p.stem)
def test_every_notebook_is_written_as_the_rest_of_the_code(path: Path, tmp_path: Path) -> None:
    notebook = tmp_path / f"{path.stem}.ipynb"
    notebook.write_text(json.dumps(_notebook(path)), encoding="utf-8")
    settings = ["--config", ROOT / "pyproject.toml", "--config", "line-length = 100", "--no-cache", notebook]
    for words in (["check", "--ignore", "E402,D103,PT018"], ["format", "--diff"]):
        ended = subprocess.run(
            [Path(sys.executable).with_name("ruff"), *words, *settings],
            capture_output=True, text=True, check=False, timeout=60,
        )  # fmt: skip
        assert ended.returncode == 0, ended.stdout + ended.stderr


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda p: p.stem)
def test_no_notebook_holds_an_output(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert text.startswith("---\nfile_format: mystnb\n")
    assert len(_cells(path)) == text.count("```{code-cell}") > 5
    assert "<svg" not in text
    assert "base64" not in text


def test_each_command_that_a_notebook_names_gives_an_answer(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    text = (ROOT / "examples" / "managers_questions.md").read_text(encoding="utf-8")
    named = [command.split()[1:] for command in _COMMAND.findall(text)]
    assert len(named) >= 8
    monkeypatch.chdir(tmp_path)
    shutil.copy(practice_workbook(), "practice.xlsx")
    week = "schedule practice.xlsx --week 2026-12-07 --json -o week.json"
    for words in (week.split(), *named):
        assert not group.main(words, standalone_mode=False), words


def _notebook(path: Path) -> dict[str, Any]:
    cells = [
        {
            "cell_type": "code",
            "id": f"cell{i}",
            "metadata": {},
            "outputs": [],
            "execution_count": None,
            "source": code.rstrip(),
        }
        for i, code in enumerate(_cells(path))
    ]
    return {"cells": cells, "metadata": {"language_info": {"name": "python"}}, "nbformat": 4, "nbformat_minor": 5}
