"""Chances by rule and by person: which counts, and what is said of those that are none."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from asking import PRACTICE

import kapteam
import kapteam.demo
from kapteam.records.problems import RosterError, UsageError
from kapteam.sweeps.chances import Chances, chances_in
from tiny import change, changed

TEXT = """
[chances]
all = 0.7
"legal.therapy_license" = 0.5
[chances.people.calloway]
"legal.therapy_license" = 1
[chances.people.ruiz]
all = 0
"""


@pytest.fixture(scope="module")
def network() -> kapteam.Network:
    return kapteam.links(kapteam.read(PRACTICE), on=kapteam.demo.DAY)


def test_the_most_particular_counts() -> None:
    given = Chances(0.1, {"a": 0.2, "b": 0.3}, {"jones": {"a": 0.4}, "smith": {"all": 0.5, "b": 0.6}})
    asked = [(person, rule) for person in ("jones", "smith", "lee") for rule in ("a", "b", "c")]
    assert [given.of(*one) for one in asked] == [0.4, 0.3, 0.1, 0.5, 0.6, 0.5, 0.2, 0.3, 0.1]
    assert Chances(None, {}, {}).of("jones", "a") is None


def test_a_file_is_what_it_holds_and_what_is_given_beside_it(network: kapteam.Network, tmp_path: Path) -> None:
    file = tmp_path / "chances.toml"
    file.write_text(TEXT, encoding="utf-8")
    found = network.worlds(60, chances=file, by_rule={"team.window": 1}, seed=2)
    assert {(c.rule, c.chance, c.people) for c in found.answer.chances} == {
        ("legal.registration", 0.7, ("delgado",)),
        ("legal.therapy_license", 1.0, ("calloway",)),
        ("malpractice.ketamine", 0.0, ("ruiz",)),
        ("team.window", 1.0, ("hassan",)),
    }
    assert (found.of("hassan").share, found.of("calloway").share, found.of("ruiz", "prescriber").share) == (1, 1, 0)
    document = {
        "chances": {
            "all": 0.7,
            "people": {"calloway": {"legal.therapy_license": 1}, "ruiz": {"all": 0}, "hassan": {"team.window": 1}},
        }
    }
    assert network.worlds(60, chances=document, seed=2).to_json() == found.to_json()
    assert found.provenance().options["by_person"] == [
        ["calloway", [["legal.therapy_license", 1]]], ["ruiz", [["all", 0]]],
    ]  # fmt: skip


def test_people_with_different_chances_of_one_rule_are_told_apart() -> None:
    both = changed(change("coverage", "tom", ketamine=""), change("coverage", "pia", ketamine="")).network()
    given = {"chances": {"all": 0.2, "people": {"pia": {"malpractice.ketamine": 0.9}}}}
    assert [(c.rule, c.chance, c.facts, c.people) for c in both.worlds(3, chances=given).answer.chances] == [
        ("malpractice.ketamine", 0.9, 1, ("pia",)),
        ("malpractice.ketamine", 0.2, 1, ("tom",)),
    ]
    assert [(c.chance, c.people) for c in both.worlds(3, chance=0.5).answer.chances] == [(0.5, ("pia", "tom"))]


def test_of_what_nobody_lacks_it_is_said_that_the_chance_is_of_no_use(network: kapteam.Network) -> None:
    given = {
        "chances": {"all": 0.5, "legal.license": 0.5, "people": {"calloway": {"team.window": 0.5}, "prado": {"all": 1}}}
    }
    found = network.worlds(5, chances=given)
    assert found.answer.unused == ("all of prado", "legal.license", "team.window of calloway")
    assert (
        "A chance was given, and nothing is unknown: all of prado, legal.license, team.window of calloway."
        in " ".join(str(found).split())
    )
    assert network.worlds(5, chance=0.5).answer.unused == ()


@pytest.mark.parametrize(
    ("document", "said"),
    [
        ({}, 'chances: expected a chance for each rule, such as "legal.license" = 0.5'),
        ({"chance": {}, "chances": {"all": 1}}, "there is no such section; did you mean 'chances'?"),
        ({"chances": {"legal": {"license": 0.5}}}, "write the rule's id in quotes: \"legal.license\" = 0.7"),
        ({"chances": {"all": True}}, "chances.all: 'true': expected a number from 0 to 1"),
        ({"chances": {"all": float("nan")}}, "expected a number from 0 to 1"),
        ({"chances": {"all": 1, "people": {"jones": 0.5}}}, "expected a section [chances.people.jones]"),
        ({"chances": {"people": {"jones": {"legal.license": 2}}}}, "chances.people.jones.legal.license: '2': expected"),
    ],
)  # fmt: skip
def test_what_is_wrong_with_a_file_is_told_with_its_place(document: dict[str, Any], said: str) -> None:
    with pytest.raises(RosterError) as raised:
        chances_in(document, "chances.toml")
    assert said in str(raised.value)
    assert all(problem.source == "chances.toml" for problem in raised.value.problems)


@pytest.mark.parametrize(
    ("given", "said"),
    [
        (
            {"callowy": {"legal.therapy_license": 0.5}},
            "no practitioner 'callowy' on the roster; did you mean 'calloway'?",
        ),
        (
            {"calloway": {"legal.therapy_licence": 0.5}},
            "no rule 'legal.therapy_licence'; did you mean 'legal.therapy_lic",
        ),
        ({"calloway": {"legal.presence": 0.5}}, "legal.presence turns with a person's unwritten hours"),
    ],
)
def test_nobody_of_that_name_and_no_such_rule_are_told(
    network: kapteam.Network, given: dict[str, dict[str, float]], said: str
) -> None:
    with pytest.raises(UsageError) as raised:
        network.worlds(5, chances={"chances": {"all": 0.5, "people": given}})
    assert said in str(raised.value)


def test_the_same_given_twice_is_an_error(network: kapteam.Network) -> None:
    for by_rule, said in ({"team.window": 0.5}, "team.window"), ({}, "all"):
        given = {"all": 0.5} if not by_rule else {"all": 0.5, **by_rule}
        with pytest.raises(UsageError, match=f"the chance of {said} is given twice"):
            network.worlds(5, chance=None if by_rule else 0.5, by_rule=by_rule, chances={"chances": given})
