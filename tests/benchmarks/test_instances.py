"""The rosters that benchmarks are run on, and the plain loop that they are compared with."""

from __future__ import annotations

import pytest
from instances import DAY, roster
from plain import JUDGEMENTS, Plain, PlainLink

from kapteam.network.links import Links, judged_links
from kapteam.records.roster import Roster


@pytest.fixture(scope="module", params=[0, 1])
def small(request: pytest.FixtureRequest) -> Roster:
    return roster(40, seed=request.param)


def _both(of: Roster, *, remember: bool) -> tuple[Links, list[PlainLink]]:
    plain = Plain(of, DAY, remember=remember)
    judged = [link for site in sorted(of.places) for link in plain.at(site)]
    judged.sort(key=lambda x: (x.site, x.prescriber, x.therapist))
    return judged_links(of, DAY), judged


def test_the_same_seed_gives_the_same_roster(small: Roster) -> None:
    again = [roster(40, seed=seed) for seed in (0, 1)]
    assert small in again
    assert again[0] != again[1]


def test_a_roster_has_as_many_people_as_asked_and_no_warning(small: Roster) -> None:
    assert len(small.practitioners) == 40
    assert small.warnings == ()


@pytest.mark.parametrize("remember", [False, True])
def test_the_plain_loop_judges_the_same_links_the_same(small: Roster, remember: bool) -> None:
    links, plain = _both(small, remember=remember)
    assert [(x.site, x.prescriber, x.therapist) for x in links] == [(x.site, x.prescriber, x.therapist) for x in plain]
    assert links.verdicts.tolist() == [x.verdict for x in plain]
    assert links.points.tolist() == [x.points for x in plain]
    assert links.pairs.weekly_sessions.tolist() == [x.weekly_sessions for x in plain]


def test_the_plain_loop_agrees_on_every_rule(small: Roster) -> None:
    links, plain = _both(small, remember=False)
    by_rule = {(j.rule.id, j.role): links.judged.on_links(j).tolist() for j in links.judged.judgements}
    assert set(by_rule) == set(JUDGEMENTS)
    for i, judgement in enumerate(JUDGEMENTS):
        assert by_rule[judgement] == [x.verdicts[i] for x in plain], judgement
