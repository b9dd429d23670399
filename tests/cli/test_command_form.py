"""`kapteam form`: the best teams for a need on the practice that ships with kapteam, and the nearest ones."""

from __future__ import annotations

import csv
import random
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from asking import DAY, PRACTICE, Ask, run, validate

import kapteam
from kapteam.advice.form import advised
from kapteam.api.form import Teams
from kapteam.network.links import Links, judged_links

FORM = ("form", PRACTICE, "--on", DAY)


@pytest.fixture(scope="module")
def links() -> Links:
    return judged_links(kapteam.read(PRACTICE), date.fromisoformat(DAY))


def told(links: Links, **need: Any) -> tuple[Any, str]:
    """The answer as a document, which must be as the published schema says, and as a person reads it."""
    answer = Teams(advised(links, **need))
    document = answer.as_dict()
    validate(document, "form")
    return document, " ".join(str(answer).split())


def lacks(near: Any) -> list[str]:
    """The rules and the words of what a team lacks."""
    return [lack if isinstance(lack, str) else lack["rule"] for lack in near["lacks"]]


def test_a_new_client_wants_a_modality_in_a_language(kapteam_says: Ask) -> None:
    answer = kapteam_says(*FORM, "--modality", "IFS", "--language", "es")
    assert answer.status == 0
    assert answer.out.startswith("1 team can be formed for IFS in es, and no other (proven).")
    assert "Beatriz Solano (solano): internal family systems, emdr, somatic experiencing; speaks en, es" in answer.flat
    assert "could begin Mon 09:30, or at 44 other quarter hours of a week" in answer.flat
    assert "→ read the schedules off Marisol Delgado's Colorado DEA certificate" in answer.flat
    assert "Not legal advice." in answer.out


def test_the_three_best_teams_of_a_protocol(kapteam_says: Ask) -> None:
    found = kapteam_says(*FORM, "--protocol", "group", "--json").valid("form")
    assert (found["protocol"], found["proven"], found["nearest"]) == ("group", True, [])
    teams = found["form"]
    assert [(len(t["therapists"]), len(t["monitors"])) for t in teams] == [(2, 1)] * 3
    assert [t["points"] for t in teams] == sorted((t["points"] for t in teams), reverse=True)
    assert teams[0] == {
        "site": "hudson", "prescriber": "prado", "therapists": ["lindqvist", "osei"], "monitors": ["amari"],
        "points": 1725, "cost": None, "weekly_starts": 22, "first_start": "Mon 09:00", "to_verify": [],
    }  # fmt: skip


def test_the_heads_of_a_protocol_may_be_others(kapteam_says: Ask) -> None:
    found = kapteam_says(*FORM, "--protocol", "group", "--therapists", "1", "--monitors", "0", "--json").valid("form")
    assert {(len(t["therapists"]), len(t["monitors"])) for t in found["form"]} == {(1, 0)}


@pytest.mark.parametrize("cost", ["sum", "diameter", "leader", "mst"])
def test_the_least_cost_comes_first(links: Links, cost: str) -> None:
    document, text = told(links, therapists=2, cost=cost, best=5)
    order = [(t["cost"], -t["points"]) for t in document["form"]]
    assert order == sorted(order)
    assert f"cost {order[0][0]:g}" in text


def test_therapists_cover_together_what_none_of_them_has_alone(kapteam_says: Ask) -> None:
    asked = ("--modality", "IFS", "--language", "sv", "--language", "zh", "--site", "hudson")
    assert kapteam_says(*FORM, *asked).status == 1
    (best, *_) = kapteam_says(*FORM, *asked, "--covering", "--json").valid("form")["form"]
    assert best["therapists"] == ["chen", "lindqvist"]


def test_who_must_be_in_it_and_who_must_not(kapteam_says: Ask) -> None:
    found = kapteam_says(*FORM, "--with", "abara", "--without", "chen", "--json").valid("form")
    assert {t["prescriber"] for t in found["form"]} == {"abara"}
    assert all("chen" not in t["therapists"] for t in found["form"])


def test_with_someone_who_cannot_the_nearest_say_what_is_in_the_way(kapteam_says: Ask) -> None:
    answer = kapteam_says(*FORM, "--with", "tanaka", "--json")
    assert answer.status == 1
    found = answer.valid("form")
    assert (found["form"], found["proven"]) == ([], True)
    assert [(t["prescriber"], lacks(t)) for t in found["nearest"]] == [("tanaka", ["legal.registration"])] * 3
    assert "ended on 2026-10-31" in found["nearest"][0]["lacks"][0]["message"]


@pytest.mark.parametrize(
    ("need", "said"),
    [
        ({"modalities": ["ifs"], "languages": ["es"]}, "nobody has learned ifs and speaks es; did you mean 'IFS'?"),
        ({"modalities": ["emdr"], "languages": ["es"], "site": "hudson"},
         "no therapist at Hudson clinic has learned emdr and speaks es"),
        ({"site": "salida", "monitors": 1}, "one more monitor at Salida house"),
        ({"site": "salida", "therapists": 4}, "no common hours: no start of a week at Salida house fits all of them"),
        ({"site": "hudson", "monitors": 2}, "Dr. Peter Castellano's policy with Old Mill Indemnity does not cover KAP"),
        ({"among": ["lark"]}, "Sunniva Lark is not in it, and was to be"),
        ({"among": ["hassan"]}, "Hours at Montclair clinic that nobody wrote down would have to hold a 3-hour session"),
    ],
)  # fmt: skip
def test_what_is_lacking_is_said_in_words(links: Links, need: dict[str, Any], said: str) -> None:
    document, text = told(links, **need)
    assert document["form"] == []
    assert len(document["nearest"]) == 3
    assert said in text


def test_where_nothing_comes_near_that_is_said(links: Links) -> None:
    everyone = [id for id in links.facts.people if id != "lark"]
    document, text = told(links, without=everyone)
    assert (document["form"], document["nearest"]) == ([], [])
    assert "Nothing comes near" in text


def test_allowing_the_unknown_says_what_to_verify(links: Links) -> None:
    document, text = told(links, among=["hassan"], unknown="allow")
    (team,) = document["form"]
    assert (team["weekly_starts"], team["first_start"]) == (0, None)
    assert team["to_verify"] == [{"practitioner": "hassan", "rule": "team.window"}]
    assert "to verify Amina Hassan (hassan): when are they on site?" in text


def test_a_search_that_is_cut_says_so(kapteam_says: Ask) -> None:
    answer = kapteam_says(*FORM, "--protocol", "group", "--cost", "sum", "--effort", "3", "--json")
    assert not answer.valid("form")["proven"]
    assert answer.json["bound"]["points"] >= 0
    assert answer.json["nearest"] == []


def test_a_search_that_is_cut_claims_no_proof(links: Links) -> None:
    for effort, said in ((1, "none was found so far"), (40, "of those looked at: none of the others is better than")):
        document, text = told(links, therapists=3, monitors=1, cost="mst", effort=effort)
        assert not document["proven"]
        assert "(proven)" not in text
        assert said in text


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        (("--with", "tanakka"), "'tanaka'"),
        (("--covering",), "something to cover"),
        (("--therapists", "0"), "from 1 to 20"),
        (("--cost", "price"), "'price'"),
    ],
)
def test_what_cannot_be_asked_is_wrong_usage(asked: tuple[str, ...], said: str) -> None:
    answer = run(*FORM, *asked)
    assert answer.status == 2
    assert said in answer.err


def test_the_order_of_the_rows_does_not_change_a_byte(kapteam_says: Ask, practice: Path) -> None:
    draw = random.Random(2)
    for path in sorted(practice.glob("*.csv")):
        with path.open(encoding="utf-8", newline="") as file:
            rows = list(csv.DictReader(file))
        header = list(rows[0])
        if path.stem != "demand":
            draw.shuffle(rows)
        with path.open("w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, header)
            writer.writeheader()
            writer.writerows(rows)
    asked = ("--on", DAY, "--therapists", "2", "--monitors", "1", "--cost", "mst", "--best", "9", "--json")
    shuffled = run("form", practice, *asked, env={"PYTHONHASHSEED": "77"})
    assert shuffled.out == kapteam_says("form", PRACTICE, *asked).out
