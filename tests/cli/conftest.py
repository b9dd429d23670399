"""Answers that tests share: processes are slow to start, so the same question is asked once in a run."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from asking import DAY, PRACTICE, Answer, Ask, run


@pytest.fixture(scope="session")
def kapteam_says() -> Ask:
    """Ask kapteam something that does not change anything; each question is asked once."""
    answers: dict[tuple[str, ...], Answer] = {}

    def ask(*words: object) -> Answer:
        asked = tuple(map(str, words))
        if asked not in answers:
            answers[asked] = run(*asked)
        return answers[asked]

    return ask


@pytest.fixture(scope="session")
def plan_file(kapteam_says: Ask, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The saved plan of the practice that ships with kapteam."""
    path = tmp_path_factory.mktemp("plan") / "plan.json"
    path.write_text(kapteam_says("match", PRACTICE, "--on", DAY, "--json").out, encoding="utf-8")
    return path


@pytest.fixture(scope="session")
def written_demo(tmp_path_factory: pytest.TempPathFactory) -> tuple[Answer, Path]:
    """What `kapteam demo` says, and the folder that it wrote."""
    folder = tmp_path_factory.mktemp("somewhere")
    return run("demo", "shown", cwd=folder), folder / "shown"


@pytest.fixture(scope="session")
def templates(tmp_path_factory: pytest.TempPathFactory) -> dict[str, tuple[Answer, Path]]:
    """A template in each of the three formats, and what `kapteam init` said."""
    folder = tmp_path_factory.mktemp("templates")
    return {name: (run("init", folder / name), folder / name) for name in ("book.xlsx", "folder", "document.json")}


@pytest.fixture
def practice(tmp_path: Path) -> Path:
    """A copy of the practice's folder, to be changed."""
    return Path(shutil.copytree(PRACTICE, tmp_path / "practice"))
