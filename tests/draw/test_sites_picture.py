"""Of many people the sites are shown: how many stand how, and who is shared."""

from __future__ import annotations

import re
import time
from collections import Counter
from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clinics import district
from draw.reading import Drawn, outside, overlapping, title
from kapteam.draw.network import LEAST_WIDTH, network_picture
from kapteam.draw.picture import Picture
from kapteam.matching.match import Plan, match
from kapteam.network.links import Links, judged_links
from strategies import NO_PACKS, Written, rosters

STATES = ["NY", "CO", "AZ", "CA"]


def made(people: int, sites: int) -> tuple[Links, Plan]:
    written = district(3, people, [STATES[i % 4] for i in range(sites)])
    links = judged_links(written.roster(), written.on, packs=NO_PACKS)
    return links, match(links)


def counts(told: str) -> dict[str, int]:
    """How many therapists stand how, from what is said of a site."""
    _, _, therapists = told.partition("; ")
    numbers = re.findall(r"(\d[\d,]*) ([^,]+(?:, though someone could)?)", therapists)
    return {words: int(number.replace(",", "")) for number, words in numbers}


@given(rosters(), st.sampled_from([LEAST_WIDTH, 390, 920]), st.booleans())
def test_each_site_says_how_its_therapists_stand(written: Written, width: int, planned: bool) -> None:
    links = judged_links(written.roster(), written.on, packs=NO_PACKS)
    plan = match(links) if planned else None
    picture = network_picture(links, plan, width=width, by_site=True)
    assert not overlapping(picture)
    assert not outside(picture)
    told = {group.get("data-site"): counts(title(group)) for group in Drawn.of(picture).named("g", "site")}
    assert set(told) == set(links.facts.sites)
    teams = [] if plan is None else plan.teams
    for site, said in told.items():
        members = {p.practitioner for t in teams if t.site == site for p in t.therapists}
        assert said.get("teamed here", 0) == len(members)
        open_ = {link.therapist for link in links if link.site == site and link.verdict != "fail"}
        total = next(n for words, n in said.items() if words.startswith("therapist"))
        assert total - said.get("without a usable link", 0) >= len(open_)
        assert total == sum(said.values()) - total


@pytest.mark.parametrize("sites", [3, 12])
def test_arcs_join_the_sites_that_share_people(sites: int) -> None:
    links, plan = made(400, sites)
    at: dict[str, set[str]] = {}
    for link in links:
        if link.verdict != "fail":
            for person in (link.prescriber, link.therapist):
                at.setdefault(person, set()).add(link.site)
    shared = Counter(pair for theirs in at.values() for pair in combinations(sorted(theirs), 2))
    arcs = {
        (arc.get("data-site"), arc.get("data-other")): int(arc.get("data-people") or 0)
        for arc in Drawn.of(network_picture(links, plan)).named("path", "shared")
        if arc.get("data-site")
    }
    assert all(shared[pair] == people for pair, people in arcs.items())
    # The weakest of many are left out, and the legend says how many.
    assert len(arcs) == min(len(shared), 2 * sites)
    assert (len(arcs) < len(shared)) == (sites == 12)
    assert min(arcs.values()) >= max([0, *(n for pair, n in shared.items() if pair not in arcs)])
    said = " ".join(Drawn.of(network_picture(links, plan)).words())
    assert (f"{len(shared) - len(arcs)} weaker arcs" in said) == (len(arcs) < len(shared))


def test_sites_stand_by_their_names_and_numbers_within_these_by_size() -> None:
    links, plan = made(300, 12)
    drawn = [g.get("data-site") for g in Drawn.of(network_picture(links, plan)).named("g", "site")]
    assert drawn == sorted(drawn, key=lambda site: int(str(site).removeprefix("s")))
    assert len(drawn) == 12


def test_a_hundred_sites_are_as_many_as_can_be_read_and_the_rest_in_one_line() -> None:
    links, plan = made(300, 100)
    picture = network_picture(links, plan)
    drawn = Drawn.of(picture)
    assert len(list(drawn.named("g", "site"))) == 48
    assert any(words.startswith("and 52 sites more, each with fewer people: ") for words in drawn.words())
    assert picture.height < 1800
    assert not overlapping(picture)
    assert not outside(picture)


@pytest.mark.parametrize("sites", [3, 40])
def test_a_thousand_people_are_drawn_at_once(sites: int) -> None:
    links, plan = made(1000, sites)
    assert len(plan.rows) > 500  # solved before the clock runs
    begun = time.process_time()
    whole = network_picture(links, plan)
    one = network_picture(links, plan, site="s1")
    assert len(whole.svg()) + len(one.svg()) < 1_000_000
    assert time.process_time() - begun < 2
    assert isinstance(whole, Picture)


def test_a_crowded_site_shows_its_teams_and_counts_what_it_leaves_out() -> None:
    links, plan = made(200, 3)
    drawn = Drawn.of(network_picture(links, plan, site="s1"))
    rows = {int(p.get("data-row") or 0) for p in drawn.named("path", "link") if p.get("data-row")}
    assert rows == {row for row in plan.rows.tolist() if links.link(row).site == "s1"}
    rest = sum(link.site == "s1" and link.verdict != "fail" for link in links) - len(rows)
    assert f"Links that no team uses are not drawn: {rest:,}." in drawn.words()
    assert "could team" not in drawn.words()
