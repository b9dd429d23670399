"""How answers show themselves: whole where they are small, the beginning and where the rest is where they are large."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date
from html import unescape
from typing import Any

import pytest

import kapteam
from clinics import house, someone
from kapteam.api.network import Network
from kapteam.api.shown import Shown
from kapteam.demo import practice_folder
from kapteam.show import bounds
from kapteam.show.bounds import Bounds

DAY = date(2026, 12, 7)
#: Answers that grow with the roster, and what of each is counted.
LONG: dict[str, Callable[[Network], Shown]] = {
    "links": lambda n: n,
    "match": lambda n: n.match(),
    "explain": lambda n: n.explain("abara"),
    "mentors": lambda n: n.mentors(load=1),
    "schedule": lambda n: kapteam.schedule(n.roster, DAY, seconds=20),
}


@pytest.fixture(scope="module")
def network() -> Network:
    return kapteam.links(kapteam.read(practice_folder()), on=DAY)


@pytest.fixture(scope="module")
def answers(network: Network) -> dict[str, Shown]:
    return {name: ask(network) for name, ask in LONG.items()}


def cell(answer: Shown) -> str:
    """What a notebook shows below a cell, as text."""
    return unescape(re.sub(r"<[^>]*>", "", answer._repr_html_()))


@pytest.mark.parametrize("name", LONG)
def test_a_cell_shows_few_rows_how_many_more_there_are_and_where(
    answers: dict[str, Shown], name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    few = Bounds(2, "as_dict()")
    for module in ("network", "findings", "mentors", "timetable"):
        for constant in ("CELL", "CELL_OF_LONG"):
            monkeypatch.setattr(f"kapteam.api.{module}.{constant}", few, raising=False)
    whole, shown = str(answers[name]), cell(answers[name])
    assert "has them all" not in whole
    assert len(shown.splitlines()) < len(whole.splitlines())
    told = [int(n) for n in re.findall(r"\.\.\. and (\d+) more: as_dict\(\) has them all", shown)]
    assert told
    network = answers["links"]
    assert isinstance(network, Network)
    assert (
        told[0]
        == {
            "links": len(network) - 2,
            "match": len(network.match().teams) - 2,
            "explain": len(network.explain("abara")) - 2,
            "mentors": sum(bool(m.mentees or m.already) for m in network.mentors(load=1)) - 2,
            "schedule": len(list(answers["schedule"])) - 2,  # type: ignore[call-overload]
        }[name]
    )


def test_what_is_small_is_shown_whole(network: Network) -> None:
    result = network.match()
    assert cell(result).split() == str(result).split()
    one = network.explain("prado", "osei", site="hudson")
    assert cell(one).split() == str(one).split()


def test_a_network_in_a_cell_is_no_longer_than_a_page(network: Network) -> None:
    assert len(network) > bounds.CELL.rows
    assert len(cell(network).splitlines()) < bounds.CELL.rows + 15
    assert f"... and {len(network) - bounds.CELL.rows} more" in cell(network)


def test_of_a_thousand_who_are_left_out_it_is_told_by_their_number() -> None:
    written = house({"north": "NY"})
    someone(written, "pia", "physician", {"north": "Mon 09:00-10:00"}, roles="prescriber")
    for number in range(1200):
        someone(written, f"t{number:04}", "psychologist", {"north": "Mon 09:00-10:00"})
    result = kapteam.links(written.roster(), on=DAY).match()
    assert len(result.unmatched) == 1199
    assert "... and 199 more: as_dict() has them all" in str(result)
    assert "... and 1,139 more: as_dict() has them all" in cell(result)


def test_what_to_confirm_prints_as_a_sentence(network: Network) -> None:
    result = network.match()
    found = [str(fact) for fact in result.if_confirmed]
    assert found[0] == ("Ridgeline Casualty: does Dr. Tomás Ruiz's policy cover KAP? A good answer adds 2 places.")
    assert "Amina Hassan: when are they on site? A good answer adds 1 place." in found
    document: list[dict[str, Any]] = result.as_dict()["if_confirmed"]
    assert document == [
        {"practitioner": c.practitioner, "rule": c.rule, "adds": c.adds, "adds_points": c.adds_points}
        for c in result.if_confirmed
    ]


def test_findings_have_the_verdict_of_their_link_and_the_best_of_all(network: Network) -> None:
    found = network.explain("abara")
    assert {e.verdict for e in found} > {"pass"}
    assert [e.verdict for e in found] == [e.link.verdict for e in found]
    assert found.verdict == "pass"
    for explained in found:
        one = network.explain(explained.link.prescriber, explained.link.therapist, explained.link.site)
        assert one.verdict == explained.verdict
    assert network.explain("calloway", site="montclair").verdict is None


def test_a_network_of_few_is_drawn_by_site_where_that_is_asked(network: Network) -> None:
    lanes, sites = network.draw().svg(), network.draw(by_site=True).svg()
    assert "A lane for each site" in lanes
    assert "A row for each site" in sites
    assert network.match().draw(by_site=True).svg() != sites
