"""The weeks that `schedule` is measured on: the same from the same seed, lawful, short of rooms and prescribers."""

from __future__ import annotations

import attrs
import pytest
from greedy import greedy
from optional_intervals import optional_intervals
from questions import Question, judged
from week_instances import BEYOND_PLAIN, FEATURES, WEEK, changed, week
from week_process import planned, saved

from kapteam.records.roster import Roster
from kapteam.sessions.schedule import schedule
from kapteam.sessions.verify import verify

TABLES = [f.name for f in attrs.fields(Roster) if f.name not in ("warnings", "origin")]


@pytest.fixture(scope="module")
def small() -> Roster:
    return week(40)


def test_the_same_seed_gives_the_same_week(small: Roster) -> None:
    assert week(40) == small
    assert week(40, seed=1) != small
    assert changed(small) == changed(small)


def test_a_week_has_as_many_people_as_asked_and_no_warning(small: Roster) -> None:
    assert len(small.practitioners) == 40
    assert small.warnings == ()
    assert len(changed(week(200)).absences) > len(week(200).absences)


@pytest.mark.parametrize("feature", FEATURES)
def test_leaving_a_feature_out_changes_nothing_else(feature: str) -> None:
    whole, rest = week(200), week(200, without=[feature])
    changed = {name for name in TABLES if getattr(whole, name) != getattr(rest, name)}
    assert changed == {
        "rooms": {"sites"}, "turnover": {"practice"}, "travel": {"practice"}, "presence": {"coverage"},
        "demand": {"demand"}, "groups": {"demand"}, "dosing": {"practitioners"}, "caps": {"practitioners"},
        "absences": {"absences"},
    }[feature]  # fmt: skip


def test_a_feature_that_there_is_not_is_an_error() -> None:
    with pytest.raises(ValueError, match="no such features: weather"):
        week(40, without=["weather"])


def test_every_kind_of_session_is_asked_for_and_rooms_and_prescribers_are_scarce() -> None:
    roster = week(200)
    assert {row.protocol for row in roster.demand} == {None, "lozenge", "watched", "group"}
    assert any(row.modality for row in roster.demand)
    assert any(row.language for row in roster.demand)
    assert len({row.priority for row in roster.demand}) > 1
    assert sum(site.rooms for site in roster.sites) * 8 < len(roster.practitioners)
    prescribers = {row.practitioner for row in roster.registrations if row.practitioner}
    assert len(prescribers) * 3 < len(roster.practitioners)
    at_two = [p for p in roster.people if len({row.site for row in roster.hours if row.practitioner == p}) == 2]
    assert at_two


@pytest.mark.parametrize("without", [(), BEYOND_PLAIN])
@pytest.mark.parametrize("seed", [0, 1])
def test_planners_keep_every_rule_and_agree_on_the_best(seed: int, without: tuple[str, ...]) -> None:
    roster = week(24, seed, without=without)
    question = Question.of(roster)
    plan = schedule(roster, WEEK)
    assert verify(saved(plan), roster).ok
    by_hand = judged(question, greedy(question))
    assert by_hand.lawful
    assert 0 < by_hand.value <= plan.objective.value
    other = optional_intervals(question, 60)
    best = judged(question, other)
    assert best.lawful
    assert other.proven == ("value", "points")
    assert (best.value, best.points) == (plan.objective.value, plan.objective.points)


def test_the_watch_sees_every_level_and_changes_nothing() -> None:
    plan, seen = planned(week(40, without=BEYOND_PLAIN), 60)
    assert list(seen["ends"])[:2] == ["value", "points"]
    assert 0 < seen["first"] <= seen["percent"] <= seen["ends"]["value"] <= seen["ends"]["points"]
    assert seen["levels"]["value"] == {"reached": plan.objective.value, "bound": plan.objective.value, "proven": True}
    assert schedule(week(40, without=BEYOND_PLAIN), WEEK).objective == plan.objective
