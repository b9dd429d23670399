"""A sweep file as it is read: which scenarios it gives, and what is said of one that cannot be."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from asking import PRACTICE

import kapteam
import kapteam.demo
from kapteam.io.scenarios import read_document
from kapteam.records.practice import Practice
from kapteam.records.problems import RosterError, UsageError
from kapteam.sweeps.names import Names
from kapteam.sweeps.scenarios import Scenario, one_of_each_name, scenarios_of

FREE = {"nurse_practitioner": {"ketamine": "yes", "autonomy": "independent"}}
PLACES = ("CO", "NJ", "NY")

TEXT = """
[scenarios."full authority"]
where = ["each", "all", "NY", "NJ"]
[scenarios."full authority".there.nurse_practitioner]
ketamine = "yes"
autonomy = "independent"

[scenarios.ends.federal]
telehealth = "no"
[scenarios.ends.jurisdictions.NY]
state_registration = "no"
"""


def test_a_file_gives_one_for_each_place_for_all_and_for_those_it_lists(tmp_path: Path) -> None:
    file = tmp_path / "sweep.toml"
    file.write_text(TEXT.replace("\n", "\r\n"), encoding="utf-8")
    found = scenarios_of(read_document(file), PLACES)
    assert [(one.name, one.of, one.where) for one in found] == [
        ("full authority: CO", "full authority", ("CO",)),
        ("full authority: NJ", "full authority", ("NJ",)),
        ("full authority: NY", "full authority", ("NY",)),
        ("full authority: NJ, NY", "full authority", ("NJ", "NY")),
        ("full authority: all", "full authority", PLACES),
        ("ends", "ends", ()),
    ]
    assert found[3].law == {"jurisdictions": {"NJ": FREE, "NY": FREE}}
    assert [one.places for one in found[2:]] == [("NY",), ("NJ", "NY"), PLACES, None]


def test_each_is_meant_where_nothing_is_said() -> None:
    assert [one.where for one in scenarios_of({"scenarios": {"a": {"there": FREE}}}, PLACES)] == [
        ("CO",),
        ("NJ",),
        ("NY",),
    ]


def test_beside_what_changes_there_the_rest_changes_everywhere() -> None:
    said = {"there": FREE, "federal": {"telehealth": "no"}, "jurisdictions": {"NY": {"presence": "dosing"}}}
    ny = scenarios_of({"scenarios": {"a": said}}, PLACES)[2]
    assert ny.law == {"federal": {"telehealth": "no"}, "jurisdictions": {"NY": {"presence": "dosing", **FREE}}}
    assert ny.places is None


def test_what_it_does_not_say_stays_as_the_practice_has_it() -> None:
    today = Practice.of(
        {
            "protocol": {"session_minutes": 150},
            "jurisdictions": {
                "NY": {"presence": "dosing", "nurse_practitioner": {"ketamine": "no", "source": "counsel"}}
            },
            "rules": {"ethics.practicum": "block"},
        },
        "practice.toml",
    )
    then = Scenario("a", {"jurisdictions": {"NY": FREE}, "rules": {"team.ties": "warn"}}).practice(today)
    assert then.as_toml() == {
        "protocol": {"session_minutes": 150},
        "jurisdictions": {
            "NY": {
                "presence": "dosing",
                "nurse_practitioner": {"ketamine": "yes", "source": "counsel", "autonomy": "independent"},
            }
        },
        "rules": {"ethics.practicum": "block", "team.ties": "warn"},
    }
    assert then.source == "practice.toml"
    assert Scenario("a", {}).practice(today) == today


@pytest.mark.parametrize(
    ("document", "said"),
    [
        ({}, "expected a section [scenarios.NAME]"),
        ({"scenario": {}, "scenarios": {"a": {"federal": {"telehealth": "no"}}}}, "did you mean 'scenarios'?"),
        ({"scenarios": {"a": {"protocol": {}}}}, "scenarios.a.protocol: a scenario has no such section"),
        ({"scenarios": {"a": {"federal": {"telehealth": "perhaps"}}}}, "scenarios.a.federal.telehealth: 'perhaps'"),
        (
            {"scenarios": {"a": {"there": {"nurse_practitioner": {"autonomie": "independent"}}}}},
            "scenarios.a.there.nurse_practitioner.autonomie: 'independent': there is no such key here: expected one of "
            "ketamine, routes, autonomy, agreement_with, state_registration, source; did you mean 'autonomy'?",
        ),
        ({"scenarios": {"a": {"there": FREE, "where": ["NW"]}}}, "scenarios.a.where: 'NW': expected 'each', 'all'"),
        (
            {"scenarios": {"a": {"there": {"nurse": {"autonomy": "independent"}}}}},
            "scenarios.a.there.nurse: expected a prescribing profession: physician, nurse_practitioner, ",
        ),
        ({"scenarios": {"a": {"there": {"nurse": {}}}}}, "did you mean 'nurse_practitioner' or "),
        ({"scenarios": {"a": {"there": {"np": {}}}}}, "did you mean 'nurse_practitioner'?"),
        ({"scenarios": {"a": {}}}, "scenarios.a: expected what changes, in one of [scenarios.a.federal], "),
        ({"scenarios": {"a": {"federal": {}}}}, "scenarios.a.federal: expected what changes, and nothing stands"),
        ({"scenarios": {"a": {"there": {}}}}, "scenarios.a.there: expected what changes, and nothing stands"),
        ({"scenarios": {"a": {"where": ["NY", "NJ"]}}}, """scenarios.a.where: '["NY", "NJ"]': expected a section"""),
        ({"scenarios": {"a": {"federal": {"telehealth": True}}}}, "scenarios.a.federal.telehealth: 'true': expected"),
        ({"scenarios": {"a": {"there": FREE, "where": []}}}, "scenarios.a.where: '[]': expected 'each', 'all', a USPS"),
        (
            {"scenarios": {"a": {"there": FREE, "where": ["each", "NY"]}}},
            """scenarios.a.where: '["each", "NY"]': 'each' has NY in it already: leave one of them out""",
        ),
        (
            {"scenarios": {"a": {"there": FREE}, "a: NY": {"federal": {"telehealth": "no"}}}},
            "scenarios.a: NY: a scenario of [scenarios.a] is called 'a: NY' too: give this another name",
        ),
        ({"scenarios": {"a": {"there": FREE, "where": 3}}}, "scenarios.a.where: '3': expected 'each'"),
        ({"scenarios": {"a": {"where": "all"}}}, "expected a section [scenarios.a.there]"),
        ({"scenarios": {"a": 3}}, "scenarios.a: '3': expected a section [scenarios.a], not a single value"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_told_with_its_place(document: dict[str, Any], said: str) -> None:
    with pytest.raises(RosterError) as raised:
        scenarios_of(document, PLACES, "sweep.toml")
    assert said in str(raised.value)
    assert all(problem.source == "sweep.toml" for problem in raised.value.problems)


def test_every_problem_is_told_at_once() -> None:
    with pytest.raises(RosterError) as raised:
        scenarios_of({"scenarios": {"a": {"protocol": {}}, "b": {"federal": {"telehealth": 3}}}, "c": {}}, PLACES)
    assert len(raised.value.problems) == 3


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("\n[scenarios\nx = 1", r"sweep\.toml, line 2"),
        ("x = yes", "text needs quotes"),
        ("\ufeff\x00", "a text file in TOML, saved as UTF-8"),
    ],
)
def test_what_is_no_toml_is_told_with_its_line(tmp_path: Path, text: str, said: str) -> None:
    file = tmp_path / "sweep.toml"
    file.write_text(text, encoding="utf-8")
    with pytest.raises(RosterError, match=said):
        read_document(file)


def test_a_file_that_is_not_there_is_told() -> None:
    with pytest.raises(UsageError, match=r"there is no sweep file 'nothing\.toml'"):
        read_document("nothing.toml")


def test_a_workbook_or_a_folder_is_no_sweep_file(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="is a folder: expected a sweep file, which is a text file in TOML"):
        read_document(tmp_path)
    with pytest.raises(
        RosterError, match=r"practice\.xlsx, sweep: expected a sweep file, which is a text file in TOML"
    ):
        read_document(kapteam.demo.practice_workbook())


CHANGES = {
    "carriers": {"Ridgeline Casulty": {"ketamine": True}},
    "modalities": {"wildernes_therapy": {"trauma": True}},
    "rules": {"legal.licence": "off"},
}


@pytest.mark.parametrize(
    ("section", "said"),
    [
        (
            "carriers",
            "carriers.Ridgeline Casulty: neither the roster nor its practice file nor kapteam's packs know such a "
            "carrier; did you mean 'Ridgeline Casualty'?",
        ),
        ("modalities", "know such a modality; did you mean 'wilderness_therapy'"),
        (
            "rules",
            "rules.legal.licence: 'off': there is no such rule (a house's own? give --rules); did you mean 'legal",
        ),
    ],
)
def test_a_name_that_nobody_knows_is_an_error_of_the_file(section: str, said: str) -> None:
    network = kapteam.links(kapteam.read(PRACTICE), on=kapteam.demo.DAY)
    law = {section: CHANGES[section]}
    with pytest.raises(RosterError) as raised:
        network.sweep({"scenarios": {"x": law}})
    assert said in str(raised.value)
    assert [p.column for p in raised.value.problems] == [f"scenarios.x.{section}.{next(iter(CHANGES[section]))}"]
    with pytest.raises(UsageError, match="scenario 'x': ") as told:
        network.sweep([Scenario("x", law)])
    assert said in str(told.value)


def test_names_that_somebody_knows_are_taken() -> None:
    """A carrier of the coverage rows, of the practice file, of the packs; an alias is told with what counts."""
    network = kapteam.links(kapteam.read(PRACTICE), on=kapteam.demo.DAY)
    facts = network.links.facts
    packed = facts.law.packs.carriers
    rows = {row.carrier for row in facts.roster.coverage} - {None}
    assert rows
    assert packed
    assert facts.law.practice.carriers
    for name in (*rows, *packed, *facts.law.practice.carriers):
        assert not list(Names.of(network.links).strangers({"carriers": {name: {}}})), name
    for one in packed.values():
        for alias in one.aliases:
            (problem,) = Names.of(network.links).strangers({"carriers": {alias: {}}})
            assert problem.nearest[0] == one.name


def test_scenarios_in_code_are_checked_when_they_are_made() -> None:
    with pytest.raises(UsageError, match="a: a scenario has no section 'protocol'"):
        Scenario("a", {"protocol": {"session_minutes": 150}})
    with pytest.raises(UsageError, match=r"a: practice, federal\.telehealth"):
        Scenario("a", {"federal": {"telehealth": "perhaps"}})
    with pytest.raises(UsageError, match="needs a name"):
        Scenario("", {})
    one = Scenario("a", {})
    with pytest.raises(UsageError, match="two scenarios are called a"):
        one_of_each_name([one, Scenario("a", {"federal": {"telehealth": "no"}})])
    with pytest.raises(UsageError, match="at least one scenario"):
        one_of_each_name([])
    with pytest.raises(UsageError, match="not dict"):
        one_of_each_name([{}])  # type: ignore[list-item]
