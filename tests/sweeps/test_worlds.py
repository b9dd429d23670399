"""Worlds: in each just its facts turned out well, and the shares are those of all the worlds there are."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from datetime import date
from itertools import product
from math import prod

import numpy as np
import pytest
from asking import DAY, PRACTICE
from hypothesis import assume, given
from hypothesis import strategies as st

import kapteam
import oracles
from kapteam.matching.unknowns import unknowns
from kapteam.records.problems import UsageError
from kapteam.sweeps.worlds import worlds
from strategies import Written, capable, rosters
from tiny import change, changed

ON = date.fromisoformat(DAY)
Fact = tuple[str, str]


class Every:
    """By the oracle: the facts of a roster, and what is teamed in the world in which some of them turn out well."""

    def __init__(self, written: Written) -> None:
        self.judged = written.judged()
        self.links = {(x["site"], x["prescriber"], x["therapist"]): x for x in self.judged.links}
        self.needs = {
            triple: list(self._needs(triple)) for triple, x in self.links.items() if x["verdict"] == "unknown"
        }
        self.facts: list[Fact] = sorted(
            {f for needs in self.needs.values() for need in needs for f in set().union(*need)}
        )

    def _needs(self, triple: tuple[str, str, str]) -> Iterator[list[set[Fact]]]:
        """For each rule that is unknown of a link: the sets of facts of which any one is enough."""
        site, prescriber, therapist = triple
        found = self.judged.all_findings(prescriber, therapist, site)
        by_rule: dict[str, set[str]] = defaultdict(set)
        for one in self.judged.blocks(found, oracles.UNKNOWN):
            by_rule["team.window" if one.rule in oracles.START_RULES else one.rule].add(one.subject)
        for rule, subjects in by_rule.items():
            both = (prescriber, therapist)
            if rule == "team.window":
                fits = [w for w in (both[:1], both[1:]) if self._fit(triple, w)] or [both]
                yield [{(person, rule) for person in who} for who in fits]
            elif subjects == {"link"}:
                yield [{(person, rule)} for person in both]
            else:
                who = {prescriber if s == "prescriber" else therapist for s in subjects}
                yield [{(person, rule) for person in who}]

    def _fit(self, triple: tuple[str, str, str], who: tuple[str, ...]) -> bool:
        site, prescriber, therapist = triple
        return bool(oracles.fitting_starts(self.judged.roster, prescriber, therapist, site, who))

    def teams(self, good: set[Fact]) -> list[oracles.Link]:
        usable = [
            link
            for triple, link in self.links.items()
            if link["verdict"] == "pass"
            or (triple in self.needs and all(any(way <= good for way in need) for need in self.needs[triple]))
        ]
        limits = {p: oracles.capacity(self.judged, p) for p in {x["prescriber"] for x in usable}}
        return list(oracles.Problem(tuple(usable), limits, 1, self.judged.roster.draw).solve())


ANY = st.one_of(rosters(people=(2, 6)), capable(people=(3, 7)))


@given(ANY)
def test_unknown_links_lack_just_what_the_oracle_says(written: Written) -> None:
    links, every = written.network().links, Every(written)
    lacks = unknowns(links)
    people = links.facts.people
    assert sorted((people[p], rule) for p, rule in lacks.facts) == every.facts
    triples = [(x.site, x.prescriber, x.therapist) for x in map(links.link, lacks.rows.tolist())]
    facts = [(people[p], rule) for p, rule in lacks.facts]
    for seed in range(8):
        good = np.random.default_rng(seed).random(len(facts)) < 0.6
        chosen = {fact for fact, is_ in zip(facts, good, strict=True) if is_}
        expected = [all(any(way <= chosen for way in need) for need in every.needs[t]) for t in triples]
        assert lacks.usable(good).tolist() == expected


@given(ANY)
def test_where_all_turns_out_well_it_is_as_if_unknown_links_might_be_used_and_where_none_does_it_is_today(
    written: Written,
) -> None:
    network = written.network()
    for chance, unknown in ((1, "allow"), (0, "exclude")):
        found, plan = network.worlds(2, chance=chance), network.match(unknown=unknown)
        assert (found.teamed.least, found.teamed.most) == (plan.objective.teamed,) * 2
        assert (found.points.least, found.points.most) == (plan.objective.points,) * 2
        teamed = {("prescriber", t.prescriber) for t in plan.teams}
        teamed |= {("therapist", x.practitioner) for t in plan.teams for x in t.therapists}
        assert {(p.role, p.practitioner) for p in found if p.share == 1} == teamed
        assert all(p.share in (0, 1) for p in found)


@given(st.one_of(rosters(people=(2, 6)), capable(people=(3, 8))), st.sampled_from([0.3, 0.5, 0.8]))
def test_shares_are_those_of_all_worlds_there_are(written: Written, chance: float) -> None:
    every = Every(written)
    assume(0 < len(every.facts) <= 4)
    drawn = 300
    found = written.network().worlds(drawn, chance=chance, seed=3)
    exact: dict[tuple[str, str], float] = defaultdict(float)
    teamed: dict[int, float] = defaultdict(float)
    for good in product([False, True], repeat=len(every.facts)):
        p = prod(chance if is_ else 1 - chance for is_ in good)
        teams = every.teams({fact for fact, is_ in zip(every.facts, good, strict=True) if is_})
        teamed[len(teams)] += p
        for who in {("prescriber", x["prescriber"]) for x in teams} | {("therapist", x["therapist"]) for x in teams}:
            exact[who] += p
    for one in found:
        truth = exact[one.role, one.practitioner]
        assert abs(one.share - truth) <= 5 * (truth * (1 - truth) / drawn) ** 0.5 + 1e-6  # once in two million
        if one.settled:
            assert min(truth, 1 - truth) < 1e-9
    mean = sum(n * p for n, p in teamed.items())
    spread = sum((n - mean) ** 2 * p for n, p in teamed.items())
    assert abs(found.teamed.mean - mean) <= 5 * (spread / drawn) ** 0.5 + 1e-4
    assert {n for n, p in teamed.items() if p} >= {found.teamed.least, found.teamed.most}


@pytest.fixture(scope="module")
def network() -> kapteam.Network:
    return kapteam.links(kapteam.read(PRACTICE), on=ON)


def test_more_worlds_begin_with_the_same_ones(network: kapteam.Network) -> None:
    """Each person's count in the first worlds, and in those that follow, add up."""
    few, many = network.worlds(40, chance=0.5, seed=2), network.worlds(100, chance=0.5, seed=2)
    assert all(0 <= b.worlds - a.worlds <= 60 for a, b in zip(few, many, strict=True))
    assert network.worlds(100, chance=0.5, seed=3).to_json() != many.to_json()


def test_the_answer_is_the_same_to_the_bit_whoever_works_it_out(
    network: kapteam.Network, two: ProcessPoolExecutor
) -> None:
    here = network.worlds(300, chance=0.4, by_rule={"team.window": 0.9}, seed=7).to_json()
    with ThreadPoolExecutor(3) as threads:
        for executor in (threads, two):
            again = network.worlds(300, chance=0.4, by_rule={"team.window": 0.9}, seed=7, executor=executor)
            assert again.to_json() == here


def test_the_chances_are_told_with_the_answer(network: kapteam.Network) -> None:
    found = network.worlds(50, chance=0.5, by_rule={"team.window": 0.25})
    assert [(c.rule, c.facts, c.chance) for c in found.answer.chances] == [
        ("legal.registration", 1, 0.5),
        ("legal.therapy_license", 1, 0.5),
        ("malpractice.ketamine", 1, 0.5),
        ("team.window", 1, 0.25),
    ]
    assert found.provenance().options["by_rule"] == [["team.window", 0.25]]
    assert found.provenance().seed == 0


def test_no_chance_is_supposed(network: kapteam.Network) -> None:
    with pytest.raises(UsageError, match=r"a chance is needed for what is unknown by legal\.registration \(1\), "):
        network.worlds(10)
    with pytest.raises(UsageError, match=r"unknown by legal\.registration \(1\), legal\.therapy_license \(1\), mal"):
        network.worlds(10, by_rule={"team.window": 0.5})


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"chance": 1.5}, "chance: a chance is a number from 0 to 1, not 1.5"),
        ({"chance": "0.5"}, "chance: a chance is a number from 0 to 1, not '0.5'"),
        ({"chance": 0.5, "by_rule": {"team.window": -1}}, "team.window: a chance is"),
        ({"chance": 0.5, "by_rule": {"team.windows": 1}}, "no rule 'team.windows'; did you mean 'team.window'?"),
        ({"chance": 0.5, "by_rule": {"legal.presence": 1}}, "legal.presence turns with a person's unwritten hours"),
        ({"chance": 0.5, "seed": -1}, "seed is a whole number, at least 0; not -1"),
    ],
)  # fmt: skip
def test_what_is_no_chance_is_told(network: kapteam.Network, given: dict[str, object], said: str) -> None:
    with pytest.raises(UsageError) as raised:
        network.worlds(10, **given)  # type: ignore[arg-type]
    assert said in str(raised.value)


def test_where_nothing_is_unknown_no_chance_is_needed() -> None:
    found = kapteam.links(kapteam.example(), on=ON)
    assert not len(unknowns(found.links).facts)
    drawn = found.worlds(5)
    assert (drawn.teamed.least, drawn.teamed.most, drawn.answer.chances) == (1, 1, ())
    assert all(p.settled and p.low == p.share == p.high for p in drawn)


def test_one_fact_is_as_likely_as_its_chance() -> None:
    """Tom's policy alone is unknown, so he is teamed in the worlds in which it turns out well."""
    network = changed(change("coverage", "tom", ketamine="")).network()
    found = worlds(network.links, 4000, chance=0.3, seed=11)
    (tom,) = [p for p in found.people if (p.practitioner, p.role) == ("tom", "therapist")]
    assert tom.low < 0.3 < tom.high
    assert not tom.settled
    assert not tom.today
