"""The best plan is what a second, slow program finds, in value, points and spread; and the plan is lawful."""

from __future__ import annotations

from hypothesis import event, given
from hypothesis import strategies as st

from clinics import clinics, document, judged, planned, saved, wide, worth
from schedule_oracle import best, check
from strategies import Written

WEEKS = st.sampled_from([1, 1, 1, 2])
UNKNOWN = st.sampled_from(["exclude", "exclude", "allow"])


def disagreements(written: Written, weeks: int, unknown: str) -> list[object]:
    """Where kapteam and the oracle differ, and what either checker finds wrong with the plan."""
    expected = best(written, written.on, weeks, unknown=unknown)
    found = planned(written, weeks, unknown=unknown)
    event(f"{min(len(found.sessions), 4)} sessions")
    differ: list[object] = []
    if worth(found) != expected[:3]:
        differ.append((worth(found), expected))
    proof = (found.status, found.gap, found.proven, found.objective.changes)
    if proof != ("optimal", 0, ("value", "points", "spread", "changes"), 0):
        differ.append(proof)
    if (found.bound["value"], found.bound["points"], found.bound["spread"]) != worth(found):
        differ.append(found.bound)
    faults = check(written, document(found), written.on, weeks, unknown=unknown)
    return [*differ, *faults, *judged(written, saved(found)).violations]


@wide(3)
@given(clinics(), WEEKS, UNKNOWN)
def test_no_plan_is_better_than_the_best_sessions(written: Written, weeks: int, unknown: str) -> None:
    assert disagreements(written, weeks, unknown) == []


@given(clinics(sites=(2, 2), people=(5, 7)), UNKNOWN)
def test_no_plan_is_better_between_two_sites(written: Written, unknown: str) -> None:
    assert disagreements(written, 1, unknown) == []


@given(clinics(teams=True, people=(5, 7), slack=2), UNKNOWN)
def test_no_plan_is_better_where_more_than_two_meet(written: Written, unknown: str) -> None:
    assert disagreements(written, 1, unknown) == []
