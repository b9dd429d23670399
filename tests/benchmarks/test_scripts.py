"""The scripts that judging is measured beside: a Polars script and a DuckDB query find the same links and verdicts."""

from __future__ import annotations

import numpy as np
import pytest
from bandwidth import columns_read, size, streamed, weeks_gathered
from instances import DAY, roster
from judging import compiled, judged_from

from kapteam.network.candidates import candidate_pairs
from kapteam.network.links import Links, judged_links
from kapteam.records.roster import Roster

#: With fewer gaps than usual, a wrong verdict of one rule is not hidden by another's fail.
ROSTERS = [(300, 0, 0.1), (300, 1, 0.4), (300, 2, 1.0), (300, 3, 2.0), (25, 4, 1.0)]


@pytest.fixture(scope="module", params=ROSTERS, ids=str)
def given(request: pytest.FixtureRequest) -> tuple[Roster, Links]:
    people, seed, gaps = request.param
    of = roster(people, seed, gaps=gaps)
    return of, judged_links(of, DAY)


@pytest.mark.parametrize("script", ["polars", "duckdb"])
def test_a_script_finds_the_same_links_and_verdicts(given: tuple[Roster, Links], script: str) -> None:
    scripts = pytest.importorskip("scripts", exc_type=ImportError)
    of, links = given
    answer = scripts.scripted(of)[script]()
    assert scripts.same_verdicts(links, answer)
    assert not scripts.same_verdicts(links, answer.head(-1))
    assert not scripts.same_verdicts(links, answer.with_columns(-answer["verdict"]))


def test_the_rosters_have_links_of_every_verdict() -> None:
    for people, seed, gaps in ROSTERS[:4]:
        found = judged_links(roster(people, seed, gaps=gaps), DAY).verdicts
        assert set(found.tolist()) == {-1, 0, 1}


def test_what_is_streamed_holds_the_weeks_and_each_links_two_members_once() -> None:
    facts = compiled(roster(300))
    pairs = candidate_pairs(facts)
    columns = columns_read(pairs)
    for array in (facts.postings.week, pairs.prescriber, pairs.therapist, facts.licenses.person, facts.setting):
        assert sum(np.array_equal(array, column) for column in columns) >= 1
    assert size(columns) == sum(column.nbytes for column in columns) > facts.postings.week.nbytes
    assert len({(column.ctypes.data, column.nbytes) for column in columns}) == len(columns)
    assert streamed([np.arange(5), np.ones(3, np.uint8)]) == 10
    links = judged_from(facts)
    met = [
        bool((facts.postings.week[a] & facts.postings.week[b]).any())
        for a, b in zip(
            pairs.prescribers.posting[pairs.prescriber], pairs.therapists.posting[pairs.therapist], strict=True
        )
    ]
    assert weeks_gathered(links) == sum(met)
