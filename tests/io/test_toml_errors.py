from __future__ import annotations

import tomllib
from pathlib import Path

import pytest
from roster_files import folder, only

from kapteam.io.toml_errors import in_words, quoted_path


@pytest.mark.parametrize(
    ("text", "said", "line"),
    [
        ("[protocol]\nsolo = 'no'\n[protocol]\n", "the section [protocol] stands twice", 3),
        ("[jurisdictions.TX]\n[jurisdictions.TX]\n", "the section [jurisdictions.TX] stands twice", 2),
        ("[protocol]\npresence = throughout # all of it\n", 'text needs quotes: presence = "throughout"', 2),
        ("[protocol]\nsolo = no\n", 'text needs quotes: solo = "no"', 2),
        ("a = 1\na = 2\n", "the key a stands twice", 2),
        ('x = "a\ny = 2\n', "a quote is not closed", 1),
        ("[carriers.Lone Star]\n", 'a name with a space needs quotes: [carriers."Lone Star"]', 1),
        (
            "carriers.Lone Star Mutual.ketamine = true",
            'a name with a space needs quotes: carriers."Lone Star Mutual".ketamine',
            1,
        ),
        ("therapists", "not 'therapists'", None),
        ("a = [1, 2\n", "expected TOML: ", None),
        ("a = 012\n", "expected TOML: ", 1),
        ("a = 2026-13-01 x", "expected TOML: ", 1),
    ],
)
def test_a_broken_file_is_told_in_plain_words(text: str, said: str, line: int | None) -> None:
    with pytest.raises(tomllib.TOMLDecodeError) as caught:
        tomllib.loads(text)
    words, number = in_words(caught.value, text)
    assert said in words
    assert number == line
    assert "(at " not in words


def test_the_line_of_a_broken_practice_file_is_named(tmp_path: Path) -> None:
    path = folder(tmp_path / "roster")
    (path / "practice.toml").write_text("[protocol]\r\nroute = oral\r\n", encoding="utf-8", newline="")
    assert str(only(path)) == 'practice.toml, line 2: text needs quotes: route = "oral"'


@pytest.mark.parametrize(
    ("path", "quoted"),
    [
        ("carriers.Lone Star Mutual.ketamine", 'carriers."Lone Star Mutual".ketamine'),
        ("carriers.St. Paul Mutual.ketamine", 'carriers."St. Paul Mutual".ketamine'),
        ("protocol.route", None),
        ("protocol therapists", None),
        ("protocol.therapists = 3 #", None),
        ("a..b c.d", None),
        ('carriers."Lone Star.ketamine', None),
    ],
)
def test_a_name_that_needs_quotes_gets_them(path: str, quoted: str | None) -> None:
    assert quoted_path(path) == quoted


def test_a_rule_outside_of_its_section_is_told_where_it_belongs(tmp_path: Path) -> None:
    path = folder(tmp_path / "roster")
    (path / "practice.toml").write_text("ethics.trauma_training = 'block'", encoding="utf-8")
    found = only(path)
    assert found.column == "ethics.trauma_training"
    assert found.expected == 'write the rule\'s id in quotes: "ethics.trauma_training" = "block" under [rules]'


@pytest.mark.parametrize("text", ["ethics.trauma_training = 'block'", "[rules.ethics]\ntrauma_training = 'block'"])
def test_a_rule_s_id_without_quotes_is_told_with_them(tmp_path: Path, text: str) -> None:
    path = folder(tmp_path / "roster")
    (path / "practice.toml").write_text(text if text.startswith("[") else f"[rules]\n{text}", encoding="utf-8")
    said = "practice.toml, rules.ethics.trauma_training: write the rule's id in quotes: "
    assert str(only(path)).startswith(said + '"ethics.trauma_training" = "block"')
