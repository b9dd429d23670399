"""`kapteam init`: templates in three formats, and never over what is there."""

from __future__ import annotations

import json
import shlex
from pathlib import Path

import pytest
from asking import DAY, Answer, run, validate

import kapteam
from kapteam.records.roster import TABLES

Templates = dict[str, tuple[Answer, Path]]
FORMATS = ("book.xlsx", "folder", "document.json")


@pytest.mark.parametrize("name", FORMATS)
def test_a_template_passes_its_own_check_at_once(templates: Templates, name: str) -> None:
    said, path = templates[name]
    assert said.status == 0
    assert f"kapteam check {path}" in said.out
    checked = run("check", path, "--on", DAY, "--json")
    assert checked.status == 0
    document = checked.valid("check")
    assert document["errors"] == []
    assert {e["verdict"] for e in document["eligibility"]} == {"pass"}


def test_the_three_templates_hold_the_same_practice(templates: Templates) -> None:
    book, folder, document = (kapteam.read(templates[name][1]) for name in FORMATS)
    assert book == folder == document == kapteam.example()


def test_the_json_template_is_what_the_published_schema_describes(templates: Templates) -> None:
    validate(json.loads(templates["document.json"][1].read_text(encoding="utf-8")), "roster")


def test_the_folder_has_a_file_for_every_table_and_the_practice(templates: Templates) -> None:
    names = {path.name for path in templates["folder"][1].iterdir()}
    assert names == {*(f"{table}.csv" for table in TABLES), "practice.toml"}


@pytest.mark.parametrize("name", FORMATS)
def test_init_writes_over_nothing(templates: Templates, name: str) -> None:
    path = templates[name][1]
    before = path.read_bytes() if path.is_file() else sorted(p.name for p in path.iterdir())
    answer = run("init", path)
    assert answer.status == 2
    assert "--force" in answer.err
    assert (path.read_bytes() if path.is_file() else sorted(p.name for p in path.iterdir())) == before


def test_force_writes_over_and_an_empty_folder_needs_none(tmp_path: Path) -> None:
    (tmp_path / "there.json").write_text("mine", encoding="utf-8")
    assert run("init", tmp_path / "there.json", "--force").status == 0
    assert kapteam.read(tmp_path / "there.json") == kapteam.example()
    (tmp_path / "empty").mkdir()
    assert run("init", tmp_path / "empty").status == 0
    assert kapteam.read(tmp_path / "empty") == kapteam.example()


def test_a_template_in_another_format_is_wrong_usage(tmp_path: Path) -> None:
    answer = run("init", tmp_path / "practice.ods")
    assert answer.status == 2
    assert ".xlsx, .json, or a folder's name" in answer.err
    assert not list(tmp_path.iterdir())


def test_a_template_where_there_is_no_folder_is_told(tmp_path: Path) -> None:
    answer = run("init", tmp_path / "none" / "practice.xlsx")
    assert answer.status in (1, 2)
    assert "practice.xlsx" in answer.err


def test_the_next_command_can_be_pasted_where_the_path_has_a_space(tmp_path: Path) -> None:
    said = run("init", "my practice", cwd=tmp_path).out
    assert shlex.split(said.split("then: ")[1]) == ["kapteam", "check", "my practice"]
