"""Gini and HHI: by their definitions, and of the plan's own loads."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kapteam.measures.concentration import concentration, gini, hhi
from kapteam.measures.usable import Usable

loads = st.lists(st.integers(0, 9), min_size=1, max_size=9)


@given(loads)
def test_gini_is_half_the_mean_difference_over_the_mean(values: list[int]) -> None:
    found = gini(values)
    if not sum(values):
        assert found is None
        return
    count, mean = len(values), sum(values) / len(values)
    difference = sum(abs(a - b) for a in values for b in values) / count**2
    assert found == pytest.approx(difference / (2 * mean), abs=1e-12)
    assert -1e-12 <= found <= (count - 1) / count + 1e-12


@given(loads)
def test_hhi_is_the_sum_of_squared_shares(values: list[int]) -> None:
    total = sum(values)
    assert hhi(values) == (pytest.approx(sum((v / total) ** 2 for v in values)) if total else None)


def test_nobody_has_no_load() -> None:
    assert (gini([]), hhi([])) == (None, None)


def test_the_loads_are_those_of_the_plan(practice_usable: Usable) -> None:
    plan, people = practice_usable.plan, practice_usable.facts.people
    found = concentration(practice_usable)
    teams = {people[p]: 0 for p in practice_usable.linked}
    sessions = dict(teams)
    for team in plan.teams:
        teams[team.prescriber] += len(team.therapists)
        sessions[team.prescriber] += sum(t.weekly_sessions for t in team.therapists)
    assert found.teams.tolist() == list(teams.values())
    assert found.sessions.tolist() == list(sessions.values())
