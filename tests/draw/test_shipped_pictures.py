"""The pictures of the documentation are those that kapteam draws today."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]


def test_no_picture_is_stale() -> None:
    ended = subprocess.run(
        [sys.executable, ROOT / "tools" / "make_pictures.py", "--check"],
        capture_output=True, text=True, check=False, timeout=60,
    )  # fmt: skip
    assert ended.returncode == 0, f"run tools/make_pictures.py:\n{ended.stdout}{ended.stderr}"


def test_every_picture_is_shown_on_the_page() -> None:
    page = (ROOT / "docs" / "pictures.md").read_text(encoding="utf-8")
    drawn = {path.name for path in (ROOT / "docs" / "pictures").glob("*.svg")}
    assert drawn == {part.split(")")[0] for part in page.split("](pictures/")[1:]}
