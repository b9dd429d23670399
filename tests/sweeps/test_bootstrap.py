"""The bootstrap by practices: draws of whole parts, and the intervals that they give."""

from __future__ import annotations

from concurrent.futures import ProcessPoolExecutor
from datetime import date
from itertools import product

import numpy as np
import pytest
from asking import DAY

import kapteam
from kapteam.measures.usable import Usable
from kapteam.records.problems import UsageError
from kapteam.sweeps.bootstrap import MEASURES, Parts, _parts, bootstrap, draw
from strategies import Written
from tiny import base


def towns(count: int, *, lacking: int = 0) -> Written:
    """So many practices alike, each of Pia, Tom and Max in a place of its own; in some nobody may prescribe."""
    one, written = base(), Written({}, base().practice)
    for number in range(count):
        for table, rows in one.tables.items():
            for row in rows:
                if table == "registrations" and number < lacking:
                    continue
                ids = ("site", "at_site", "practitioner", "with", "a", "b")
                written.add(table, **{k: f"{v}{number:02}" if k in ids and v else v for k, v in row.items()})
    return written


def test_what_is_measured_of_all_parts_is_what_is_measured_of_the_network() -> None:
    network = towns(30, lacking=10).network()
    found = {one.measure: one for one in bootstrap(network.links, 200)}
    assert tuple(found) == MEASURES
    for name, one in found.items():
        assert one.value == network.measures(draws=0).value(name), name
        assert one.low <= one.value <= one.high
        assert one.draws == 200


def test_parts_that_are_alike_leave_nothing_to_vary() -> None:
    for one in bootstrap(towns(25).network().links, 50):
        assert one.low == one.value == one.high


def test_its_interval_is_that_of_a_share_of_independent_parts() -> None:
    """One therapist in each of 60 parts: how many of a draw are teamed is binomial."""
    found = {one.measure: one for one in bootstrap(towns(60, lacking=20).network().links, 4000, seed=1)}
    spread = (2 / 3 * 1 / 3 / 60) ** 0.5
    one = found["therapists_teamed"]
    assert one.low == pytest.approx(2 / 3 - 1.96 * spread, abs=0.02)
    assert one.high == pytest.approx(2 / 3 + 1.96 * spread, abs=0.02)


def test_draws_are_those_of_all_draws_there_are() -> None:
    parts = Parts(np.array([1, 2, 4]), np.array([[1, 0], [0, 1], [4, 2]]), seed=5)
    every = np.array([parts.measures(np.array(chosen)) for chosen in product(range(3), repeat=3)])
    drawn = np.array([draw(parts, number) for number in range(4000)])
    assert {tuple(d) for d in drawn.round(9).tolist()} == {tuple(e) for e in every.round(9).tolist()}
    assert drawn.mean(axis=0) == pytest.approx(every.mean(axis=0), abs=5 * every.std() / 4000**0.5)


def test_of_few_parts_no_interval_is_told() -> None:
    found = bootstrap(towns(19).network().links, 50)
    assert {(one.low, one.high, one.draws) for one in found} == {(None, None, 0)}
    assert {one.value for one in found} > {1.0}
    assert (found.parts, found.draws) == (19, 0)
    assert "the network has 19 parts that no candidate link joins, and fewer than 20 say nothing" in found.reason


def test_it_prints_as_words() -> None:
    few, enough = towns(1).network().bootstrap(5), towns(21, lacking=7).network().bootstrap(50, seed=3)
    flat = " ".join(str(few).split())
    assert "therapists_teamed 100.0%" in flat
    assert "No intervals: the network has 1 part that no candidate link joins" in flat
    assert few.reason
    assert not enough.reason
    one = enough["therapists_teamed"]
    flat = " ".join(str(enough).split())
    assert f"therapists_teamed {one.value:.1%} {one.low:.1%} and {one.high:.1%}" in flat
    assert "95% percentile intervals of 50 draws of 21 parts of the network, with replacement; seed 3." in flat
    with pytest.raises(UsageError, match="expected one of therapists_covered, "):
        enough["covered"]


def test_who_could_be_listed_together_is_in_one_part() -> None:
    """Whether a link between them passes does not matter: they share a site."""
    parts = _parts(Usable(towns(6, lacking=3).network().links), 0)
    assert parts.therapists.tolist() == [1] * 6
    assert parts.sums[:, MEASURES.index("therapists_teamed")].tolist() == [0, 0, 0, 1, 1, 1]


def test_it_is_the_same_whoever_works_it_out(two: ProcessPoolExecutor) -> None:
    network = towns(24, lacking=5).network()
    here = bootstrap(network.links, 100, seed=4)
    assert here == network.bootstrap(100, seed=4, executor=two).answer
    assert here.intervals != network.bootstrap(100, seed=5).answer.intervals


def test_what_is_no_number_of_draws_is_told() -> None:
    network = kapteam.links(kapteam.example(), on=date.fromisoformat(DAY))
    with pytest.raises(UsageError, match="draws is a whole number, at least 1; not 0"):
        network.bootstrap(0)
    with pytest.raises(UsageError, match="seed is a whole number"):
        network.bootstrap(10, seed=-1)
