"""What an answer was made from: the same for the same question, another as soon as anything is another."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from random import Random
from typing import Any

import attrs
import pytest
from attrs import define
from hypothesis import given
from hypothesis import strategies as st

import kapteam
from kapteam.api.provenance import Asked, Traced, asks, law_fingerprint, taken
from kapteam.demo import practice_folder
from kapteam.io.json import document
from kapteam.io.read import read, write
from kapteam.law.packs import Packs
from kapteam.network.links import Links, judged_links
from kapteam.records.fingerprint import roster_fingerprint
from kapteam.records.problems import UsageError
from kapteam.records.roster import TABLES, Roster
from strategies import Written, rosters

DAY = date(2026, 12, 7)


@define
class Answer(Traced):
    """An answer like those of the Python face."""

    found: Any


@define
class Question:
    """Something that answers by its links."""

    links: Links

    @asks
    def count(self, *people: str, best: int = 3, keep: Any = (), seed: int = 0) -> Answer:
        return Answer([*people, best, *keep, seed])


@pytest.fixture(scope="module")
def roster() -> Roster:
    return read(practice_folder())


@pytest.fixture(scope="module")
def links(roster: Roster) -> Links:
    return judged_links(roster, DAY)


def shuffled(roster: Roster, draw: Random) -> Roster:
    """The same rows in another order, but for demand."""
    tables = {name: list(roster.table(name)) for name in TABLES if name != "demand"}
    for rows in tables.values():
        draw.shuffle(rows)
    return roster.with_tables(tables)


def of(roster: Roster) -> str:
    return roster_fingerprint(document(roster))


@given(rosters(people=(2, 4)), st.randoms(use_true_random=False))
def test_the_order_of_rows_does_not_count_and_every_fact_does(written: Written, draw: Random) -> None:
    roster = written.roster()
    assert of(shuffled(roster, draw)) == of(roster)
    for name in TABLES:
        if name not in ("sites", "practitioners") and roster.table(name):
            try:
                less = roster.with_tables({name: roster.table(name)[1:]})
            except kapteam.RosterError:  # another row needs it
                continue
            assert of(less) != of(roster)


def test_the_order_of_rows_changes_no_answer(roster: Roster, links: Links) -> None:
    other = shuffled(roster, Random(1))
    assert other != roster
    first, second = (kapteam.links(one, on=DAY) for one in (roster, other))
    for question in (
        lambda n: n, lambda n: n.match(), lambda n: n.explain("prado"), lambda n: n.form(cost="sum"),
        lambda n: n.mentors(), lambda n: n.measures(draws=2), lambda n: kapteam.schedule(n.roster, DAY),
    ):  # fmt: skip
        assert question(first).to_json() == question(second).to_json()


def test_the_place_of_a_row_of_demand_counts(roster: Roster) -> None:
    assert len(roster.demand) > 1
    assert of(roster.with_tables({"demand": roster.demand[::-1]})) != of(roster)


def test_a_roster_is_the_same_whatever_file_it_was_read_from(roster: Roster, tmp_path: Path) -> None:
    for name in ("other.json", "other.xlsx", "folder"):
        write(roster, tmp_path / name)
        assert of(read(tmp_path / name)) == of(roster)


def test_the_practice_file_counts(roster: Roster) -> None:
    other = attrs.evolve(roster.practice, rules={**roster.practice.rules, "ethics.modality": "off"})
    assert of(roster.with_tables({}, other)) != of(roster)


def test_provenance_says_all_there_is_and_neither_clock_nor_path(links: Links) -> None:
    said = Question(links).count("ana", best=2).provenance()
    assert said.as_dict() == {
        "question": "count",
        "on": "2026-12-07",
        "protocol": None,
        "options": {"best": 2, "keep": [], "people": ["ana"]},
        "seed": 0,
        "roster": of(links.facts.roster),
        "law": law_fingerprint(Packs.shipped().root),
        "rules": {},
        "versions": dict(said.versions),
    }
    assert list(said.versions) == ["kapteam", "python", "numpy", "ortools", "highs"]
    assert said.versions["kapteam"] == kapteam.__version__
    text = json.dumps(said.as_dict())
    assert str(practice_folder()) not in text
    assert str(Path.cwd()) not in text


def test_the_same_question_has_the_same_provenance_and_another_has_another(links: Links) -> None:
    question, first = Question(links), Question(links).count("ana").provenance()
    assert first == question.count("ana").provenance()
    assert first == question.count("ana", best=3, seed=0).provenance()
    others = [
        question.count("ana", "ben"), question.count("ana", best=4), question.count("ana", seed=1),
        question.count("ana", keep=[("ana", "ben")]),
        Question(judged_links(links.facts.roster, date(2026, 12, 8))).count("ana"),
    ]  # fmt: skip
    found = [json.dumps(answer.provenance().as_dict()) for answer in others]
    assert len({*found, json.dumps(first.as_dict())}) == 6


def test_other_processes_give_the_same_bytes() -> None:
    code = """
import json, sys
from datetime import date
from kapteam.api.provenance import Asked
from kapteam.demo import practice_folder
from kapteam.io.read import read
from kapteam.network.links import judged_links
asked = Asked.of(judged_links(read(practice_folder()), date(2026, 12, 7)), "match", {"keep": {"b": 1, "a": [2]}})
print(json.dumps(asked.provenance().as_dict()))
"""
    told = {
        subprocess.run(
            [sys.executable, "-c", code], capture_output=True, check=True, timeout=60, env={"PYTHONHASHSEED": seed}
        ).stdout
        for seed in ("0", "1")
    }
    assert len(told) == 1


def test_what_can_be_read_once_is_read_for_the_answer_and_for_its_provenance(links: Links) -> None:
    def pairs() -> Iterator[tuple[str, str]]:
        yield "ana", "ben"

    answer = Question(links).count(keep=pairs())
    assert answer.found == [3, ("ana", "ben"), 0]
    assert answer.provenance().options["keep"] == [["ana", "ben"]]


def test_options_are_plain_and_what_is_large_is_a_fingerprint(tmp_path: Path) -> None:
    places = tmp_path / "places.csv"
    places.write_text("place,lat,lon,population\n")
    other = tmp_path / "other.csv"
    other.write_text("place,lat,lon,population\n")
    plan = {"sessions": [{"start": date(2026, 12, 7)}]}
    found = taken({"by": DAY, "seconds": float("inf"), "previous": plan, "progress": print, "places": str(places)})
    assert found["by"] == "2026-12-07"
    assert found["seconds"] == "inf"
    assert "progress" not in found
    assert found["places"] == taken({"places": other})["places"]  # what it holds, not what it is called
    assert found["previous"] == taken({"previous": json.loads(json.dumps(plan, default=str))})["previous"]
    assert found["previous"] != taken({"previous": {"sessions": []}})["previous"]
    assert json.loads(json.dumps(found)) == found
    with pytest.raises(TypeError, match="not object"):
        taken({"other": object()})


def test_a_house_s_own_rules_count_by_what_they_say(roster: Roster, tmp_path: Path) -> None:
    found = []
    for language in ("es", "es", "fr"):
        folder = tmp_path / f"{len(found)}"
        folder.mkdir()
        (folder / "house.py").write_text(
            "from kapteam import rule\n\n\n"
            '@rule("house.language", subject="therapist", severity="note", says="{person} does not speak it")\n'
            f'def language(rows):\n    return rows.speaks("{language}")\n'
        )
        judged = kapteam.links(roster, on=DAY, rules=folder / "house.py").links
        found.append(Asked.of(judged, "match", {}).provenance())
    assert list(found[0].rules) == ["house.language"]
    assert found[0] == found[1]
    assert found[0].rules != found[2].rules
    assert found[0].roster == found[2].roster


def test_the_law_counts_by_what_its_files_hold(tmp_path: Path) -> None:
    for name, end in (("one", b"\n"), ("two", b"\r\n")):
        (tmp_path / name / "jurisdictions").mkdir(parents=True)
        (tmp_path / name / "jurisdictions" / "NY.toml").write_bytes(b"[[entry]]" + end + b'key = "ketamine"' + end)
    one, two = (law_fingerprint(tmp_path / name) for name in ("one", "two"))
    assert one == two
    (tmp_path / "two" / "compacts.toml").write_text("")
    assert law_fingerprint(tmp_path / "two") != one


def test_an_answer_that_was_put_together_by_hand_says_so() -> None:
    with pytest.raises(UsageError, match="this Answer was put together by hand"):
        Answer(1).provenance()
