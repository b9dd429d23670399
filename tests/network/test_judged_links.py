"""Links and findings are what a second, slow program finds in the same text."""

from __future__ import annotations

import itertools
from collections.abc import Iterator

import numpy as np
from hypothesis import given

import oracles
from kapteam.advice.explain import Explained, explained
from kapteam.api.network import Network
from kapteam.network.candidates import pairs_of
from kapteam.network.judge import judge_pairs
from kapteam.network.links import Links
from strategies import SHIPPED, Written, capable, rosters


def every_triple(network: Network) -> Iterator[Explained]:
    """All triples of a site and two people, listed or not, explained."""
    facts = network.links.facts
    triples = itertools.product(range(len(facts.sites)), range(len(facts.people)), range(len(facts.people)))
    site, prescriber, therapist = np.array(list(triples), np.int64).T
    judged = judge_pairs(pairs_of(facts, site, prescriber, therapist), network.links.rulebook)
    asked = Links(judged)
    return (explained(asked, row) for row in range(len(asked)))


def as_the_oracle_has(network: Network) -> list[dict[str, object]]:
    return [
        {
            "site": link.site,
            "prescriber": link.prescriber,
            "therapist": link.therapist,
            "verdict": link.verdict,
            "points": link.points,
            "weekly_sessions": link.weekly_sessions,
        }
        for link in network
    ]


def statuses(one: Explained) -> list[tuple[str, str]]:
    return sorted((f.rule, f.status) for f in one.findings)


def differences(network: Network, judged: oracles.Judged) -> list[tuple[object, ...]]:
    """Every finding of every triple on which the two programs differ."""
    found: list[tuple[object, ...]] = []
    for one in every_triple(network):
        link = one.link
        expected = judged.findings(link.prescriber, link.therapist, link.site)
        if statuses(one) != expected:
            found.append((link.site, link.prescriber, link.therapist, set(statuses(one)) ^ set(expected)))
        if link.verdict != judged.verdict(link.prescriber, link.therapist, link.site):
            found.append((link.site, link.prescriber, link.therapist, "verdict", link.verdict))
    return found


@given(rosters())
def test_links_are_what_the_oracle_finds(written: Written) -> None:
    assert as_the_oracle_has(written.network()) == written.judged().links


@given(rosters(people=(2, 4)))
def test_every_finding_of_every_triple_is_what_the_oracle_finds(written: Written) -> None:
    assert differences(written.network(), written.judged()) == []


@given(rosters(people=(2, 4), complete=True))
def test_where_the_practice_says_everything_the_packs_say_nothing(written: Written) -> None:
    network, judged = written.network(packs=SHIPPED), written.judged()
    assert as_the_oracle_has(network) == judged.links
    assert differences(network, judged) == []


@given(rosters(people=(2, 4)))
def test_a_named_protocol_is_judged_by_its_own_minutes_and_route(written: Written) -> None:
    network, judged = written.network(protocol="short"), written.judged("short")
    assert as_the_oracle_has(network) == judged.links
    assert differences(network, judged) == []


@given(capable())
def test_links_of_people_who_can_are_what_the_oracle_finds(written: Written) -> None:
    network, judged = written.network(), written.judged()
    assert as_the_oracle_has(network) == judged.links
    assert differences(network, judged) == []


@given(rosters(people=(2, 4)))
def test_findings_come_in_the_order_of_the_rules_and_each_member_once(written: Written) -> None:
    network = written.network()
    order = [rule.id for rule in network.links.rulebook.rules]
    kept = [rule for rule in network.links.rulebook.rules if network.links.rulebook.severities[rule.id] != "off"]
    expected = [rule.id for rule in kept for _ in range(2 if rule.subject == "member" else 1)]
    for one in network.explain(network.links.facts.people[0]):
        assert [f.rule for f in one.findings] == expected == sorted(expected, key=order.index)
        assert all(f.message and f.message[0] == f.message[0].upper() for f in one.findings)
        assert all((f.remedy is None) or f.status in ("fail", "unknown") for f in one.findings)
