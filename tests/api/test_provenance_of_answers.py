"""Every answer of the Python face knows what it was made from."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date
from typing import Any

import pytest

import kapteam
from kapteam.api.network import Network
from kapteam.records.problems import UsageError
from kapteam.records.roster import Roster

DAY = date(2026, 12, 7)
NETWORK: dict[str, Callable[[Network], Any]] = {
    "match": lambda n: n.match(unknown="allow"),
    "explain": lambda n: n.explain("ana"),
    "repair": lambda n: n.repair(budget=2000),
    "resilience": lambda n: n.resilience("ana", within=30),
    "recruit": lambda n: n.recruit(hires=1),
    "complement": lambda n: n.complement("ana"),
    "form": lambda n: n.form(best=1),
    "mentors": lambda n: n.mentors(),
    "measures": lambda n: n.measures(draws=2, seed=7),
    "verify": lambda n: n.verify(n.match()),
}


@pytest.fixture(scope="module")
def roster() -> Roster:
    return kapteam.example()


@pytest.mark.parametrize("question", NETWORK)
def test_an_answer_of_a_network_says_its_question_and_its_options(roster: Roster, question: str) -> None:
    network = kapteam.links(roster, on=DAY)
    said, again = (NETWORK[question](of).provenance() for of in (network, kapteam.links(roster, on=DAY)))
    assert said == again
    assert (said.question, said.on, said.roster) == (question, DAY, network.provenance().roster)
    assert json.loads(json.dumps(said.as_dict())) == said.as_dict()
    given = {
        "match": {"unknown": "allow"}, "explain": {"person": "ana"}, "repair": {"budget": 2000},
        "resilience": {"people": ["ana"], "within": 30}, "recruit": {"hires": 1}, "complement": {"person": "ana"},
        "form": {"best": 1}, "mentors": {"anywhere": False}, "measures": {"draws": 2}, "verify": {},
    }[question]  # fmt: skip
    assert said.options | given == said.options
    assert said.seed == (7 if question == "measures" else None)


def test_links_and_sessions_say_theirs(roster: Roster) -> None:
    assert kapteam.links(roster, on=DAY).provenance().question == "links"
    week = kapteam.schedule(roster, date(2026, 12, 9))
    said = week.provenance()
    assert (said.question, said.on, said.options["weeks"]) == ("schedule", DAY, 1)
    assert said == kapteam.schedule(roster, DAY).provenance()  # the same week
    later = kapteam.schedule(roster, DAY, previous=week, cancel=[("ana", DAY)]).provenance()
    assert later.options["cancel"] == [["ana", "2026-12-07"]]
    assert later.options["previous"] != said.options["previous"]
    judged = kapteam.verify(week, roster).provenance()
    assert (judged.question, judged.on, judged.roster) == ("verify", DAY, said.roster)
    with pytest.raises(UsageError, match="put together by hand"):
        kapteam.Timetable(week.plan).provenance()
