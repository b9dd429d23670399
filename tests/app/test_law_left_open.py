"""A practice that lets rules of law or of insurance decide nothing is told so, wherever its teams are shown."""

from __future__ import annotations

from typing import Any

import pytest
from asking import DAY, PRACTICE, run

import kapteam.demo
from kapteam.io.read import read
from kapteam.io.read import write as write_roster
from kapteam.records.practice import SEVERITIES, Practice
from kapteam.rules.rulebook import OWN, Rulebook
from kapteam.show.words import unjudged

BINDING = [r.id for r in OWN if r.id.startswith(("legal.", "malpractice."))]


def said(**rules: str) -> str:
    return unjudged(Rulebook.of(Practice.of({"rules": rules})))


@pytest.mark.parametrize("rule", [r.id for r in OWN])
@pytest.mark.parametrize("severity", SEVERITIES)
def test_each_rule_that_binds_and_does_not_block_is_named(rule: str, severity: str) -> None:
    open_ = rule in BINDING and severity != "block"
    text = said(**{rule: severity})
    assert (rule in text) == bool(text) == open_
    assert ("not judged" in text) == (open_ and severity == "off")


def test_the_practice_that_ships_leaves_nothing_open() -> None:
    assert unjudged(Rulebook.of(read(kapteam.demo.practice_folder()).practice)) == ""


def test_several_are_counted_and_the_first_named() -> None:
    assert said(**dict.fromkeys(BINDING, "off")) == (
        "9 legal rules are not judged (legal.license, legal.authority, legal.registration, …): these teams may be "
        "unlawful. 6 malpractice rules are not judged (malpractice.cover, malpractice.ketamine, "
        "malpractice.specialty, …): these teams may be uninsured."
    )
    assert said(**{"legal.license": "off", "legal.agreement": "note", "legal.presence": "warn"}) == (
        "1 legal rule is not judged (legal.license) and 2 block nothing (legal.agreement, legal.presence): these teams "
        "may be unlawful."
    )


@pytest.mark.parametrize("command", ["match", "schedule"])
def test_the_terminal_says_it_beside_the_answer(command: str, tmp_path: Any) -> None:
    roster = read(PRACTICE)
    practice = {**roster.practice.as_toml(), "rules": {**roster.practice.rules, "legal.registration": "off"}}
    write_roster(roster.with_tables({}, Practice.of(practice)), tmp_path / "open.json")
    day = ["--on", DAY] if command == "match" else ["--week", DAY]
    lines = run(command, tmp_path / "open.json", *day).out.splitlines()
    assert " ".join(lines[1:3]).startswith("✗ 1 legal rule is not judged (legal.registration): these teams may be")
    assert "not judged (" not in run(command, PRACTICE, *day).out
