"""What the page says is what `match`, `links`, `schedule`, `check`, `resilience` and `repair` say: every number."""

from __future__ import annotations

import json
from functools import cache
from typing import Any

import pytest
from asking import DAY, PRACTICE, Answer, run

from kapteam.advice.explain import explain
from kapteam.demo import DAY as ON
from kapteam.demo import practice_folder
from kapteam.io.read import read
from kapteam.matching.match import Plan, match
from kapteam.network.links import judged_links
from kapteam.report.page import report
from report.reading_pages import Element, read_page, rows_of


@cache
def _plan() -> Plan:
    return match(judged_links(read(practice_folder()), ON))


@cache
def _page() -> Element:
    return read_page(report(_plan()))


def _name(id: str) -> str:
    return _plan().links.facts.roster.people[id].label


def _site(id: str) -> str:
    return _plan().links.facts.roster.places[id].label


def _number(cell: Element) -> int:
    return int(cell.text.replace(",", ""))


@cache
def _says(*words: str) -> Answer:
    return run(*words)


@pytest.fixture(scope="module")
def matched() -> Any:
    return _says("match", PRACTICE, "--on", DAY, "--json").valid("match")


def test_the_answer_is_that_of_match(matched: Any) -> None:
    heading = _page().only("h1").text
    teamed = matched["objective"]["teamed"]
    assert heading.startswith(f"{teamed} of 27 therapists are teamed")
    assert "proven" in heading
    assert f"{matched['objective']['points']:,}" in _page().id("answer").text


def test_the_teams_are_those_of_match_with_their_numbers(matched: Any) -> None:
    said = [
        (row.cell("site").text, row.cell("prescriber").text, row.cell("therapist").text, _number(row.cell("week")),
         _number(row.cell("points")))
        for row in rows_of(_page(), "teams")
    ]  # fmt: skip
    meant = [
        (f"{_site(t['site'])} ({_plan().links.facts.roster.places[t['site']].jurisdiction})", _name(t["prescriber"]),
         "alone, as both" if p["practitioner"] == t["prescriber"] else _name(p["practitioner"]),
         p["weekly_sessions"], p["points"])
        for t in matched["teams"] for p in t["therapists"]
    ]  # fmt: skip
    assert said == meant


def test_every_link_is_listed_once_with_its_verdict_and_points() -> None:
    links = _says("links", PRACTICE, "--on", DAY, "--json").valid("links")["links"]
    teams = {r.attributes["id"] for r in rows_of(_page(), "teams")}
    others = {
        r.attributes["id"]: (r.attributes["data-verdict"], _number(r.cell("points"))) for r in rows_of(_page(), "links")
    }
    assert len(teams) + len(others) == len(links)
    for number, link in enumerate(links):
        id = f"link-{number}"
        assert id in teams or others[id] == (link["verdict"], link["points"])


@pytest.mark.parametrize("name", ["teams", "links"])
def test_every_finding_of_teams_and_of_unknown_links_is_told_with_its_citations(name: str) -> None:
    looked_at = 0
    for row in rows_of(_page(), name):
        if name == "links" and row.attributes["data-verdict"] != "unknown":
            continue
        link = _plan().links.link(int(row.attributes["id"].removeprefix("link-")))
        both = dict.fromkeys((link.prescriber, link.therapist))
        (explained,) = [
            e.as_dict() for e in explain(_plan().links, *both, site=link.site)
            if (e.link.prescriber, e.link.therapist) == (link.prescriber, link.therapist)
        ]  # fmt: skip
        told = row.all("li")
        assert sorted(f["status"].replace("_", " ") for f in explained["findings"]) == sorted(
            item.all("span")[0].attributes["aria-label"] for item in told
        )
        for finding in explained["findings"]:
            (item,) = [i for i in told if finding["message"] in i.text and f" {finding['rule']}" in i.text]
            numbers = [a.attributes["href"].removeprefix("#") for a in item.all("a")]
            assert len(numbers) == len(finding["citations"])
            for citation, number in zip(finding["citations"], numbers, strict=True):
                source = _page().id(number)
                written = source.text + " " + " ".join(a.attributes["href"] for a in source.all("a"))
                assert set(citation.replace(";", " ").split()) <= set(written.replace(";", " ").split()), citation
            assert finding["note"] in item.text
            if finding["remedy"]:
                assert finding["remedy"]["change"] in item.text
        looked_at += 1
    assert looked_at == {"teams": 19, "links": 8}[name]


def test_whoever_is_left_out_is_told_once_and_in_the_words_of_match(matched: Any) -> None:
    out = list(dict.fromkeys(u["practitioner"] for u in matched["unmatched"]))
    rows = rows_of(_page(), "left")
    assert [row.attributes["data-find"] for row in rows] == out
    text = _says("match", PRACTICE, "--on", DAY).flat
    for row in rows:
        why = row.cell("why").text
        # The terminal wraps its columns, so the words stand there in this order with others between them.
        at = 0
        for word in why.split():
            at = text.index(word, at)


def test_the_questions_are_those_that_confirming_answers_the_most_valuable_first(matched: Any) -> None:
    said = [
        (r.cell("person").text, _number(r.cell("adds")), _number(r.cell("points"))) for r in rows_of(_page(), "asks")
    ]
    assert said == [(_name(c["practitioner"]), c["adds"], c["adds_points"]) for c in matched["if_confirmed"]]
    assert [f"{r.cell('ask').text} {r.cell('question').text}" for r in rows_of(_page(), "asks")] == [
        "Ridgeline Casualty: does Dr. Tomás Ruiz's policy cover KAP?",
        "Dale Calloway: what do the licence's terms allow?",
        "Amina Hassan: when are they on site?",
    ]  # fmt: skip
    text = _says("match", PRACTICE, "--on", DAY).flat
    assert "Ridgeline Casualty: does Dr. Tomás Ruiz's policy cover KAP? (ruiz) adds 2 places" in text


def test_the_sessions_are_those_of_schedule() -> None:
    document = _says("schedule", PRACTICE, "--week", DAY, "--json").valid("schedule")
    said = [
        (r.cell("when").attributes["data-v"], r.cell("site").text, _number(r.cell("room")), _number(r.cell("points")),
         r.attributes["data-uid"])
        for r in rows_of(_page(), "sessions")
    ]  # fmt: skip
    assert said == [(s["start"], _site(s["site"]), s["room"], s["points"], s["uid"]) for s in document["sessions"]]
    reasons = [r.cell("message").text for r in rows_of(_page(), "reasons")]
    for said, reason in zip(reasons, document["reasons"], strict=True):
        # Without the rule, which stands beside it; and rows of demand by their place and what they ask.
        message = " ".join(reason["message"].partition(" [")[0].split())
        assert said == message or said.endswith(message.partition(")")[2])
        assert "of demand" not in said
    assert reasons[0].startswith("Montclair clinic: intramuscular, internal family systems (row 9) gets 0 of 1 session")
    watched = [r.cell("therapist").text.partition("watched by ")[2] for r in rows_of(_page(), "sessions")]
    assert watched == [", ".join(map(_name, s["monitors"])) for s in document["sessions"]]


def test_what_ends_is_what_check_says_and_what_it_costs_is_what_resilience_says() -> None:
    checked = _says("check", PRACTICE, "--on", DAY, "--json").valid("check")
    rows = rows_of(_page(), "ends")
    assert [(r.cell("day").text, r.attributes["data-find"] or None) for r in rows] == [
        (e["expires"], e["practitioner"]) for e in checked["expiring"]
    ]
    lost = _says("resilience", PRACTICE, "--on", DAY, "--json").valid("resilience")["expiring"]
    meant = sorted((e["expires"], e["practitioner"] or "", max(0, e["teamed"])) for e in lost)
    said = sorted((r.cell("day").text, r.attributes["data-find"], _places(r.cell("loses").text)) for r in rows)
    assert said == meant


def _places(words: str) -> int:
    return int(words.split()[0]) if words.endswith(("place", "places")) else 0


def test_what_is_odd_is_what_check_warns_of() -> None:
    checked = _says("check", PRACTICE, "--on", DAY, "--json").valid("check")
    text = _page().id("rests").text
    assert checked["warnings"]
    assert all(" ".join(w["message"].split()) in text for w in checked["warnings"])
    assert f"{len(checked['warnings'])} warnings" in text


def test_the_steps_are_those_of_repair_and_each_names_every_thing_to_do() -> None:
    steps = _says("repair", PRACTICE, "--on", DAY, "--json").valid("repair")["repair"]
    rows = rows_of(_page(), "steps")
    for row, step in zip(rows, steps, strict=True):
        assert [_number(row.cell(k)) for k in ("adds", "dollars", "days", "things")] == [
            step["adds"], step["dollars"], step["days"], len(step["remedies"])
        ]  # fmt: skip
        assert all(" ".join(c["change"].split()) in row.text for c in step["remedies"])


def test_the_shortage_is_that_of_match(matched: Any) -> None:
    text = _page().id("shortage").text
    short = matched["shortage"]
    assert all(_name(p) in text for p in (*short["therapists"], *short["prescribers"]))
    able = len(short["therapists"]) - short["deficiency"]
    assert text.startswith(f"Shortage {len(short['therapists'])} therapists share a prescriber who can take {able}")


def test_the_prices_add_up_to_what_the_plan_reaches(matched: Any) -> None:
    proof, sums = _page().id("proof"), []
    for line in proof.only("tbody").all("tr"):
        who, role, price, places, total = (c.text for c in line.children_called("th", "td"))
        asked = matched["certificate"][f"{role}s"]
        assert _named(asked)[who] == int(price.replace(",", ""))
        assert int(price.replace(",", "")) * int(places) == int(total.replace(",", ""))
        sums.append(int(total.replace(",", "")))
    worth = matched["certificate"]["teamed_worth"]
    assert sum(sums) == worth * matched["bound"]["teamed"] + matched["bound"]["points"]
    assert f"{sum(sums):,} = {matched['bound']['teamed']} × {worth:,} + {matched['bound']['points']:,}" in proof.text


def _named(prices: dict[str, int]) -> dict[str, int]:
    return {_name(id): price for id, price in prices.items()}


def test_each_person_of_the_picture_has_a_sentence(matched: Any) -> None:
    said = json.loads(_page().id("said").raw)
    drawn = {
        g.attributes["data-person"] for g in _page().all("g") if "data-person" in g.attributes and "person" in g.classes
    }
    linked = {p for link in _plan().links for p in (link.prescriber, link.therapist)}
    assert said.keys() == linked
    assert linked <= drawn
    for team in matched["teams"]:
        for place in team["therapists"]:
            if place["practitioner"] != team["prescriber"]:
                assert f"with {_name(team['prescriber'])}" in said[place["practitioner"]]
                assert f"with {_name(place['practitioner'])}" in said[team["prescriber"]]
