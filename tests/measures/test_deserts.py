"""Deserts: a need and no usable pair, by looking at every link for each need."""

from __future__ import annotations

from datetime import date

from hypothesis import given

import kapteam
from kapteam import Demand, Hours, License, Practitioner, Roster, Site
from kapteam.columns.serving import has_modality, speaks
from kapteam.measures.brings import languages, modalities
from kapteam.measures.deserts import deserts
from kapteam.measures.usable import Usable
from strategies import Written, rosters


@given(rosters(people=(2, 6)))
def test_sites_places_and_modalities_without_a_pair(written: Written) -> None:
    links = written.network().links
    facts = links.facts
    found = deserts(Usable(links), Usable(links, "allow"))
    told = {(d.kind, d.of): d for d in found.found}
    good = [link for link in links if link.verdict == "pass"]
    open_ = [link for link in links if link.verdict != "fail"]
    therapists = {facts.people[t] for t in range(len(facts.people)) if facts.candidate["therapist"][t]}
    there = {s: {facts.people[p] for p, x in zip(facts.postings.person, facts.postings.site, strict=True)
                 if facts.sites[x] == s} & therapists for s in facts.sites}  # fmt: skip
    for site in facts.sites:
        bare = bool(there[site]) and not any(link.site == site for link in good)
        assert (("site", site) in told) == bare
        if bare:
            assert told["site", site].therapists == len(there[site])
            assert told["site", site].if_unknown == any(link.site == site for link in open_)
    place = {s: facts.roster.places[s].jurisdiction for s in facts.sites}
    for state in set(place.values()):
        needed = any(there[s] for s in facts.sites if place[s] == state)
        bare = needed and not any(place[link.site] == state for link in good)
        assert (("jurisdiction", state) in told) == bare
    paired = {link.therapist for link in good}
    for name, people in modalities(facts).items():
        holders = {facts.people[p] for p in people}
        assert people == frozenset(p for p, has in enumerate(has_modality(facts, name)) if has)
        assert (("modality", name) in told) == (bool(holders & therapists) and not holders & paired)
    for tag, people in languages(facts).items():
        assert people == frozenset(p for p, does in enumerate(speaks(facts, tag)) if does)


def test_what_is_asked_for_and_nobody_has_is_told_with_its_sessions() -> None:
    roster = Roster(
        sites=[Site("hudson", "NY", supply="stock"), Site("salida", "CO", supply="stock")],
        practitioners=[
            Practitioner(
                "ana", licenses=[License("NY", "psychologist")], hours=[Hours("hudson", "Mon 09:00-17:00")],
                languages=["es"], modalities=["emdr"],
            )
        ],
        demand=[
            Demand("hudson", 2, modality="EMDR", language="es"), Demand("hudson", 1, language="zh"),
            Demand("salida", 4),
        ],
    )  # fmt: skip
    links = kapteam.links(roster, on=date(2026, 12, 7)).links
    found = deserts(Usable(links), Usable(links, "allow"))
    assert [(d.kind, d.of, d.therapists, d.sessions) for d in found.found] == [
        ("site", "hudson", 1, 3), ("site", "salida", 0, 4), ("jurisdiction", "CO", 0, 4), ("jurisdiction", "NY", 1, 3),
        ("modality", "emdr", 1, 2), ("language", "es", 1, 2), ("language", "zh", 0, 1), ("demand", "hudson", 1, 2),
        ("demand", "hudson", 0, 1), ("demand", "salida", 0, 4),
    ]  # fmt: skip
    assert dict(found.needs) == {"site": 2, "jurisdiction": 2, "modality": 1, "language": 2, "demand": 3}
    assert {m.name: m.value for m in found.measures()}["demand_deserts"] == 3


def test_a_row_of_demand_is_met_only_at_its_own_site(practice_usable: Usable) -> None:
    more = Usable(practice_usable.links, "allow")
    found = deserts(practice_usable, more)
    assert found.needs["demand"] == len(practice_usable.facts.roster.demand)
    assert [(d.kind, d.of) for d in found.found] == [("modality", "prolonged_exposure"), ("language", "so")]
    assert all(d.if_unknown for d in found.found)
