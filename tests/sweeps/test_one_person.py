"""One person over the worlds: the same share as among all, and what it hangs on is what it hangs on."""

from __future__ import annotations

from concurrent.futures import ProcessPoolExecutor

import pytest
from asking import PRACTICE
from hypothesis import given
from hypothesis import strategies as st

import kapteam
import kapteam.demo
from kapteam.records.problems import UsageError
from strategies import Written, capable, rosters
from tiny import change, changed

ANY = st.one_of(rosters(people=(2, 6)), capable(people=(3, 7)))


@pytest.fixture(scope="module")
def network() -> kapteam.Network:
    return kapteam.links(kapteam.read(PRACTICE), on=kapteam.demo.DAY)


@given(ANY)
def test_it_is_the_share_that_they_have_among_all(written: Written) -> None:
    """Only their own part of the network is solved, in the same worlds."""
    network = written.network()
    every = network.worlds(25, chance=0.6, seed=5)
    for person in {one.practitioner for one in every}:
        one = network.worlds_of(person, 25, chance=0.6, seed=5)
        assert list(one.answer.people) == [p for p in every if p.practitioner == person]


def test_what_it_hangs_on_adds_up(network: kapteam.Network) -> None:
    """Of each fact: the worlds in which it turned out well and badly are all, and so are those they are teamed in."""
    one = network.worlds_of("lightfoot", 400, chance=0.6, seed=1)
    share = one.share()
    assert len(one)
    for h in one:
        assert h.well is not None
        assert h.badly is not None
        assert h.well.worlds + h.badly.worlds == 400
        assert h.well.share * h.well.worlds + h.badly.share * h.badly.worlds == pytest.approx(share.worlds, abs=0.01)


def test_only_what_is_unknown_of_tom_decides_whether_he_is_teamed() -> None:
    network = changed(change("coverage", "tom", ketamine="")).network()
    (only,) = network.worlds_of("tom", 300, chance=0.4, seed=3)
    assert (only.practitioner, only.rule, only.role, only.chance) == ("tom", "malpractice.ketamine", "therapist", 0.4)
    assert only.well is not None
    assert only.badly is not None
    assert (only.well.share, only.badly.share, only.shows, only.difference) == (1, 0, True, 1)


def test_where_a_fact_never_turns_out_badly_nothing_is_said_of_that() -> None:
    network = changed(change("coverage", "tom", ketamine="")).network()
    (only,) = network.worlds_of("tom", 30, chance=1)
    assert only.well is not None
    assert (only.well.worlds, only.badly, only.shows) == (30, None, False)


def test_a_chance_is_needed_for_what_is_unknown_near_them_alone(network: kapteam.Network) -> None:
    found = network.worlds_of("hassan", 20, by_rule={"team.window": 1})
    assert [(c.rule, c.people) for c in found.answer.chances] == [("team.window", ("hassan",))]
    assert found.share().share == 1
    with pytest.raises(UsageError, match=r"unknown by team\.window \(1\): one for all of it, --chance 0\.7"):
        network.worlds_of("hassan", 20, by_rule={"legal.registration": 0.5})


def test_of_whom_nothing_is_unknown_no_chance_is_needed() -> None:
    one = changed().network().worlds_of("tom", 10)
    assert (one.share().settled, one.share().share, len(one)) == (True, 1, 0)
    assert "tom, therapist: teamed in every world; no unknown fact can change it (today teamed)." in str(one)


def test_it_is_the_same_to_the_bit_whoever_works_it_out(network: kapteam.Network, two: ProcessPoolExecutor) -> None:
    here = network.worlds_of("lightfoot", 300, chance=0.4, seed=7)
    assert network.worlds_of("lightfoot", 300, chance=0.4, seed=7, executor=two).to_json() == here.to_json()
    assert here.provenance().question == "worlds_of"
    assert here.provenance().options["person"] == "lightfoot"


def test_who_is_no_candidate_or_nobody_is_told(network: kapteam.Network) -> None:
    for person, said in (("stokes", "is a candidate for neither"), ("lightfot", "did you mean 'lightfoot'?")):
        with pytest.raises(UsageError) as raised:
            network.worlds_of(person, 5, chance=0.5)
        assert said in str(raised.value)
    with pytest.raises(UsageError, match="'lightfoot' is no candidate for prescriber"):
        network.worlds_of("lightfoot", 5, chance=0.5).share("prescriber")
