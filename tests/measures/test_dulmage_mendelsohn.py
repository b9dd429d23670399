"""The three parts, held against every plan there is that teams the most."""

from __future__ import annotations

import attrs
import numpy as np
from hypothesis import given
from measuring import all_plans

from kapteam.matching.market import Market, load
from kapteam.measures.dulmage_mendelsohn import dulmage_mendelsohn, parts_of
from kapteam.measures.usable import Usable
from markets import markets, solved


def _one_partner(problem: Market) -> Market:
    return attrs.evolve(problem, units=np.ones(len(problem.therapists), np.int64))


@given(markets(most=5))
def test_the_parts_are_what_all_largest_plans_have_in_common(drawn: Market) -> None:
    problem = _one_partner(drawn)
    people = problem.links.facts.people
    plans = list(all_plans(problem))
    most = max(used.sum() for used in plans)
    largest = [used for used in plans if used.sum() == most]
    parts = parts_of(problem, solved(problem))
    loads = [load(problem, used) for used in largest]
    left_out = {people[problem.therapists[t]] for _, taken in loads for t in np.flatnonzero(taken == 0)}
    assert set(parts.scarce.therapists) == left_out
    with_room = {
        people[problem.prescribers[p]]
        for taken, _ in loads
        for p in np.flatnonzero((taken < problem.capacity) | problem.unlimited)
    }
    assert set(parts.spare.prescribers) == with_room
    pairs = {
        (people[problem.prescribers[p]], people[problem.therapists[t]])
        for p, t in zip(problem.prescriber, problem.therapist, strict=True)
    }
    assert set(parts.scarce.prescribers) == {p for p, t in pairs if t in left_out}
    assert set(parts.spare.therapists) == {t for p, t in pairs if p in with_room}
    every = (parts.scarce, parts.balanced, parts.spare)
    assert sorted(t for part in every for t in part.therapists) == [people[t] for t in problem.therapists]
    assert sorted(p for part in every for p in part.prescribers) == [people[p] for p in problem.prescribers]
    for used in largest:
        teams = {
            (people[problem.prescribers[problem.prescriber[e]]], people[problem.therapists[problem.therapist[e]]])
            for e in np.flatnonzero(used)
        }
        for part in (parts.scarce, parts.balanced):
            own = [(p, t) for p, t in teams if p in part.prescribers]
            assert len(own) == part.places, "every one of these prescribers is full"
            assert all(t in part.therapists for _, t in own), "and with therapists of their own part"
        assert {t for _, t in teams} >= {*parts.balanced.therapists, *parts.spare.therapists}


@given(markets(most=5))
def test_any_plan_that_teams_the_most_gives_the_same_parts(drawn: Market) -> None:
    problem = _one_partner(drawn)
    plans = list(all_plans(problem))
    most = max(used.sum() for used in plans)
    found = {parts_of(problem, used) for used in plans if used.sum() == most}
    assert len(found) == 1


def test_the_scarce_part_of_the_practice_is_its_shortage(practice_usable: Usable) -> None:
    found = dulmage_mendelsohn(practice_usable)
    lacking = practice_usable.plan.shortage
    assert lacking is not None
    assert (found.scarce.therapists, found.scarce.prescribers) == (lacking.therapists, lacking.prescribers)
    assert (found.scarce.prescribers, found.scarce.places) == (("begay",), 2)
    assert len(found.scarce.therapists) == 2 + lacking.deficiency
