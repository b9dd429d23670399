"""`kapteam sweep`: scenarios beside today, as a person and as a program reads them."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from asking import DAY, PRACTICE, Answer, run, validate

ON = ("--on", DAY)
TEXT = """
[scenarios."full authority"]
where = ["each", "all"]
[scenarios."full authority".there.nurse_practitioner]
ketamine = "yes"
autonomy = "independent"

[scenarios."no nurse practitioners"]
where = "all"
[scenarios."no nurse practitioners".there.nurse_practitioner]
ketamine = "no"

[scenarios."telehealth ends".federal]
telehealth = "no"
"""


@pytest.fixture(scope="module")
def file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("sweep") / "sweep.toml"
    path.write_text(TEXT, encoding="utf-8")
    return path


@pytest.fixture(scope="module")
def document(file: Path) -> Answer:
    return run("sweep", PRACTICE, file, *ON, "--json")


def test_the_answer_comes_first_and_the_scenarios_stand_beside_today(file: Path) -> None:
    answer = run("sweep", PRACTICE, file, *ON)
    assert answer.status == 0
    assert answer.flat.startswith(
        "19 therapists are teamed as it is; 3 fewer under 'no nurse practitioners: all' (each proven)."
    )
    (now,) = [line.split() for line in answer.out.splitlines() if line.lstrip().startswith("as it is")]
    assert now[3:] == ["19", "14,737", "28", "21"]
    (ends,) = [line.split() for line in answer.out.splitlines() if line.lstrip().startswith("telehealth ends")]
    assert ends[2:] == ["18", "-1", "13,759", "-978", "26", "-2", "20", "-1"]
    assert "Nothing of this changes under 2 scenarios: full authority: CO; full authority: NJ" in answer.flat


def test_the_document_is_as_its_schema_says_and_each_scenario_is_a_practice_file_of_its_own(
    document: Answer, practice: Path
) -> None:
    found = document.valid("sweep")
    assert found["today"] == {"teamed": 19, "points": 14737, "links_usable": 28, "therapists_covered": 21}
    assert found["not_done"] == []
    by_name = {one["scenario"]: one for one in found["scenarios"]}
    assert [one["where"] for one in by_name.values() if one["of"] == "full authority"] == [
        ["NY"], ["CO", "NJ", "NY"], ["CO"], ["NJ"],
    ]  # fmt: skip
    with (practice / "practice.toml").open("a", encoding="utf-8") as own:
        own.write('\n[federal]\ntelehealth = "no"\n')
    objective = run("match", practice, *ON, "--json").json["objective"]
    ends = by_name["telehealth ends"]
    assert {key: ends[key] for key in objective} == objective
    assert ends["more"]["teamed"] == objective["teamed"] - 19


def test_more_processes_change_no_byte(document: Answer, file: Path) -> None:
    assert run("sweep", PRACTICE, file, *ON, "--json", "--workers", "2").out == document.out


def test_what_is_wrong_with_the_file_is_told_with_its_place(tmp_path: Path) -> None:
    wrong = tmp_path / "wrong.toml"
    wrong.write_text(TEXT.replace("independent", "independant"), encoding="utf-8")
    answer = run("sweep", PRACTICE, wrong, *ON)
    assert (answer.status, answer.out) == (1, "")
    assert "wrong.toml, scenarios.full authority.there.nurse_practitioner.autonomy" in " ".join(answer.err.split())
    told = run("sweep", PRACTICE, wrong, *ON, "--json").valid("errors")["errors"]
    assert [(one["table"], one["value"]) for one in told] == [("sweep", "independant")]
    answer = run("sweep", PRACTICE, tmp_path / "nothing.toml", *ON)
    assert (answer.status, answer.out) == (2, "")
    assert "there is no sweep file" in answer.err


@pytest.mark.parametrize(
    "text",
    [
        '[scenarios.x.carriers."Ridgeline Casulty"]\nketamine = true',
        '[scenarios.x.rules]\n"legal.licence" = "off"',
        "[scenarios.x]",
        '[scenarios.x]\nwhere = ["each", "NY"]\n[scenarios.x.there]\npresence = "dosing"',
        '[scenarios.x.federal]\ntelehelth = "no"',
    ],
)
def test_every_mistake_in_the_file_ends_alike_and_names_the_file(text: str, tmp_path: Path) -> None:
    wrong = tmp_path / "wrong.toml"
    wrong.write_text(text, encoding="utf-8")
    answer = run("sweep", PRACTICE, wrong, *ON)
    assert (answer.status, answer.out) == (1, "")
    assert answer.err.startswith("✗ wrong.toml, scenarios.x")
    assert "nothing was judged" in answer.err


def test_an_error_that_goes_into_a_file_is_told_as_well(tmp_path: Path) -> None:
    wrong, given = tmp_path / "wrong.toml", tmp_path / "answer.json"
    wrong.write_text('[scenarios.x.federal]\ntelehelth = "no"', encoding="utf-8")
    answer = run("sweep", PRACTICE, wrong, *ON, "--json", "-o", given)
    assert (answer.status, answer.out) == (1, "")
    assert "there is no such key here: expected one of telehealth, source" in " ".join(answer.err.split())
    validate(json.loads(given.read_text(encoding="utf-8")), "errors")


def test_a_scenario_about_places_without_a_site_is_told_so(tmp_path: Path) -> None:
    file = tmp_path / "texas.toml"
    file.write_text('[scenarios.x]\nwhere = "TX"\n[scenarios.x.there]\npresence = "dosing"', encoding="utf-8")
    answer = run("sweep", PRACTICE, file, *ON)
    assert (answer.status, "Nothing of this changes under 1 scenario: x: TX (no site there)" in answer.out) == (0, True)


def test_what_it_was_made_from_hangs_on_the_scenarios(document: Answer, file: Path, tmp_path: Path) -> None:
    other = tmp_path / "other.toml"
    other.write_text(TEXT.replace('ketamine = "no"', 'ketamine = "limited"'), encoding="utf-8")
    made = [
        run("sweep", PRACTICE, one, *ON, "--json", "--provenance").valid("sweep")["provenance"] for one in (file, other)
    ]
    assert made[0]["question"] == "sweep"
    assert made[0]["options"]["scenarios"] != made[1]["options"]["scenarios"]
    assert {k: v for k, v in made[0].items() if k != "options"} == {k: v for k, v in made[1].items() if k != "options"}
