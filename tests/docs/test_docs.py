"""The documentation is up to date, its Python runs, its links lead somewhere, and the examples work."""

from __future__ import annotations

import contextlib
import io
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from kapteam.cli.main import COMMANDS
from kapteam.records.roster import TABLES
from kapteam.records.table import columns
from kapteam.rules.rulebook import OWN

ROOT = Path(__file__).parents[2]
KAPTEAM = Path(sys.executable).with_name("kapteam")
_OTHERS = {"build", "dist", "kapteam-demo", "node_modules"}
_FOLDERS = [p for p in ROOT.iterdir() if p.is_dir() and not p.name.startswith(".") and p.name not in _OTHERS]
MARKDOWN = sorted([*ROOT.glob("*.md"), *(page for folder in _FOLDERS for page in folder.rglob("*.md"))])
_BLOCK = re.compile(r"^```python\n(.*?)^```", re.MULTILINE | re.DOTALL)
_LINK = re.compile(r"!?\[[^\]]*\]\(([^)\s]+)\)")


def _python_blocks() -> Iterator[tuple[str, str]]:
    for path in (ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md"))):
        for i, block in enumerate(_BLOCK.findall(path.read_text(encoding="utf-8")), start=1):
            yield f"{path.relative_to(ROOT)} {i}", block


BLOCKS = dict(_python_blocks())


def test_no_generated_page_is_stale() -> None:
    ended = subprocess.run(
        [sys.executable, ROOT / "tools" / "make_docs.py", "--check"],
        capture_output=True, text=True, check=False, timeout=60,
    )  # fmt: skip
    assert ended.returncode == 0, f"run `make docs`:\n{ended.stdout}{ended.stderr}"


@pytest.mark.parametrize("name", BLOCKS)
def test_every_python_block_runs(name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    with contextlib.redirect_stdout(io.StringIO()):
        exec(compile(BLOCKS[name], name, "exec"), {"__name__": "a_block"})


@pytest.mark.parametrize("path", MARKDOWN, ids=lambda p: str(p.relative_to(ROOT)))
def test_every_link_of_a_page_leads_somewhere(path: Path) -> None:
    text = re.sub(r"^```.*?^```", "", path.read_text(encoding="utf-8"), flags=re.MULTILINE | re.DOTALL)
    for link in _LINK.findall(text):
        if re.match(r"[a-z]+:", link):
            continue
        where, _, anchor = link.partition("#")
        target = (path.parent / where).resolve() if where else path
        assert target.exists(), f"{link}: there is no {target}"
        assert target.is_relative_to(ROOT), f"{link} leads out of the repository"
        if anchor:
            assert anchor in _anchors(target), f"{link}: no such heading"


def test_every_column_stands_in_the_reference() -> None:
    page = (ROOT / "docs" / "reference" / "roster.md").read_text(encoding="utf-8")
    for name, record in TABLES.items():
        section = page.split(f"\n## {name}\n")[1].split("\n## ")[0]
        assert all(f"\n| `{c.name}` |" in section for c in columns(record)), name


def test_every_rule_and_every_command_stands_in_the_reference() -> None:
    rules, commands = (
        (ROOT / "docs" / "reference" / f"{name}.md").read_text(encoding="utf-8") for name in ("rules", "commands")
    )
    assert re.findall(r"^## (\S+)$", rules, re.MULTILINE) == [r.id for r in OWN]
    assert re.findall(r"^## (\S+)$", commands, re.MULTILINE) == list(COMMANDS)


@pytest.mark.parametrize(
    ("script", "said"),
    [
        ("teams.py", "verified: True"),
        ("roster_in_code.py", "confirmed:  ines with tom"),
        ("with_house_rules.py", "Leo Brandt speaks no Spanish"),
    ],
    ids=lambda x: x if x.endswith(".py") else "",
)
def test_every_example_runs(script: str, said: str) -> None:
    out = _run(sys.executable, "-W", "error", ROOT / "examples" / script)
    assert said in out


def test_no_example_is_forgotten() -> None:
    named = {"teams.py", "roster_in_code.py", "with_house_rules.py", "house_rules.py"}
    assert {p.name for p in (ROOT / "examples").glob("*.py")} == named


def test_the_roster_made_in_code_becomes_a_workbook_that_passes_its_check(tmp_path: Path) -> None:
    book = tmp_path / "practice.xlsx"
    _run(sys.executable, ROOT / "examples" / "roster_in_code.py", book)
    assert _run(KAPTEAM, "check", book, "--on", "2026-12-07").startswith("No errors")


def test_the_house_rules_work_on_the_command_line_as_well() -> None:
    practice = ROOT / "src" / "kapteam" / "demo" / "practice"
    rules = ROOT / "examples" / "house_rules.py"
    out = _run(KAPTEAM, "match", practice, "--on", "2026-12-07", "--rules", rules)
    assert out.startswith("2 of 27 therapists are teamed")
    assert "26 rules" in out


def _run(*words: object) -> str:
    ended = subprocess.run([*map(str, words)], capture_output=True, check=False, timeout=60)
    assert ended.returncode == 0, ended.stderr.decode()
    return ended.stdout.decode()


def _anchors(path: Path) -> set[str]:
    """The anchors of a page's headings, as GitHub makes them."""
    text = re.sub(r"^```.*?^```", "", path.read_text(encoding="utf-8"), flags=re.MULTILINE | re.DOTALL)
    found: set[str] = set()
    for heading in re.findall(r"^#+ (.*)$", text, re.MULTILINE):
        plain = re.sub(r"\[([^\]]*)\]\([^)]*\)", r"\1", heading).replace("`", "")
        anchor = re.sub(r"[^\w\- ]", "", plain.strip().lower()).replace(" ", "-")
        number = sum(re.fullmatch(rf"{re.escape(anchor)}(-\d+)?", a) is not None for a in found)
        found.add(f"{anchor}-{number}" if number else anchor)
    return found
