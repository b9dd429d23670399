"""`kapteam check` of a long roster: what is cut in words, all of it in JSON, and how far it is."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import date

import pytest
from attrs import evolve

import kapteam
from kapteam.advice.check import Eligibility, eligibility, expiring
from kapteam.cli import check, interrupt
from kapteam.cli.output import give_json
from kapteam.demo import practice_folder
from kapteam.network.links import Links, judged_links
from kapteam.records.problems import Problem
from kapteam.show.bounds import Bounds
from kapteam.show.check import shown_check
from kapteam.show.text import plain_text


@pytest.fixture(scope="module")
def links() -> Links:
    return judged_links(kapteam.read(practice_folder()), date(2026, 12, 7))


@pytest.fixture(scope="module")
def eligible(links: Links) -> Eligibility:
    return eligibility(links)


def test_each_long_list_is_cut_and_says_where_all_of_it_is(links: Links, eligible: Eligibility) -> None:
    ends = expiring(links.facts, 10_000)
    warning = Problem("law", None, "telehealth", None, "", level="warning")
    warnings = [evolve(warning, expected=f"{name} stands on it") for name in ("ana", "ben", "chen", "dora")]
    whole, cut = (
        plain_text(shown_check(links, warnings, eligible, ends, 10_000, bounds))
        for bounds in (Bounds(10_000, "--json"), Bounds(3, "--json"))
    )
    assert "--json has them all" not in whole
    told = [line for line in cut.splitlines() if line.endswith("more: --json has them all")]
    assert told == [
        f"  ... and {count - 3:,} more: --json has them all" for count in (len(warnings), len(eligible), len(ends))
    ]
    assert len(cut.splitlines()) < len(whole.splitlines())
    said = [f"! law, telehealth: {name} stands on it" for name in ("ana", "ben", "chen")]
    assert [line for line in cut.splitlines() if line.startswith("!")] == said
    assert cut.splitlines()[0] == whole.splitlines()[0] == "No errors; 4 warnings."


def test_what_is_not_shown_is_not_put_into_words(
    links: Links, eligible: Eligibility, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[int] = []
    one = Eligibility.__getitem__

    def counted(of: Eligibility, at: int | slice) -> object:
        asked.extend([at] if isinstance(at, int) else [])
        return one(of, at)

    monkeypatch.setattr(Eligibility, "__getitem__", counted)
    plain_text(shown_check(links, [], eligible, [], 60, Bounds(3, "--json")))
    assert set(asked) <= {0, 1, 2, 3}  # who goes through a sequence asks for one too many


def test_a_document_says_all_and_meanwhile_how_far_it_is(
    eligible: Eligibility, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(interrupt, "_QUIET", 0.0)
    assert list(check._told(eligible)) == [one.as_dict() for one in eligible]
    told = capsys.readouterr().err.splitlines()
    assert told == [f"{done:,} of {len(eligible):,} put into words" for done in range(len(eligible))]


@pytest.mark.parametrize("items", [[], [{"a": "two\nlines", "b": [1, {"c": []}]}, {}], ["x", None, [[]]]])
def test_a_list_that_is_written_item_by_item_is_the_same_document(
    items: list[object], capfdbinary: pytest.CaptureFixture[bytes]
) -> None:
    def one_by_one() -> Iterator[object]:
        yield from items

    give_json({"on": "é\n", "list": one_by_one(), "none": {}, "deep": {"of": [{"a": [1]}]}})
    whole = {"on": "é\n", "list": items, "none": {}, "deep": {"of": [{"a": [1]}]}}
    assert capfdbinary.readouterr().out.decode() == json.dumps(whole, ensure_ascii=False, indent=1) + "\n"


@pytest.mark.parametrize("document", [{}, [], [{"a": 1}], {"a": []}])
def test_whatever_a_document_is_it_is_written_as_json_has_it(
    document: object, capfdbinary: pytest.CaptureFixture[bytes]
) -> None:
    give_json(document)
    assert capfdbinary.readouterr().out.decode() == json.dumps(document, indent=1) + "\n"
