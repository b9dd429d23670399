"""What a plan means for one person."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kapteam.records.problems import UsageError
from strategies import Written, capable, rosters
from tiny import both, change, changed, nothing, without


def test_who_is_teamed_is_told_the_team_and_its_link_and_nothing_else() -> None:
    told = changed(nothing).network().match().explain("tom").story
    assert [(team.site, team.prescriber) for team in told.teams] == [("clinic", "pia")]
    assert [(e.link.prescriber, e.link.verdict) for e in told.placed] == [("pia", "pass")]
    assert (told.left_out, told.findings, told.nearest, told.shared) == ((), (), (), None)


def test_who_has_no_licence_is_told_the_rule_and_the_links_nearest_to_one() -> None:
    told = changed(change("licenses", "tom", status="suspended")).network().match().explain("tom").story
    assert [(u.role, u.reason, u.rules) for u in told.left_out] == [
        ("therapist", "no_license", ("legal.therapy_license",))
    ]
    assert [f.rule for f in told.findings] == ["legal.therapy_license"]
    assert [(e.link.prescriber, e.link.site) for e in told.nearest] == [("pia", "clinic")]


def test_who_could_be_teamed_if_a_fact_were_confirmed_is_told_so() -> None:
    told = changed(change("coverage", "tom", ketamine="")).network().match().explain("tom").story
    assert [(u.reason, u.rules) for u in told.left_out] == [("no_partner", ("malpractice.ketamine",))]
    assert [(c.rule, c.adds) for c in told.would_add] == [("malpractice.ketamine", 1)]


def test_who_shares_too_few_places_is_told_how_few() -> None:
    second = {"practitioner": "tia"}
    written = changed(nothing)
    for table in ("practitioners", "licenses", "coverage", "training", "hours"):
        for row in written.rows(table, practitioner="tom"):
            written.tables[table].append({**row, **second})
    result = written.network().match()
    assert result.objective.teamed == 1
    assert result.shortage is not None
    assert (result.shortage.therapists, result.shortage.prescribers, result.shortage.deficiency) == (
        ("tia", "tom"), ("pia",), 1,
    )  # fmt: skip
    left = next(u.practitioner for u in result.unmatched if u.role == "therapist")
    told = result.explain(left).story
    assert told.shared == (2, 1)
    assert [u.reason for u in told.left_out] == ["no_capacity"]


def test_without_hours_someone_is_judged_at_every_site() -> None:
    result = changed(without("hours", "tom")).network().match()
    assert [(u.practitioner, u.reason) for u in result.unmatched] == [("pia", "no_partner"), ("tom", "no_partner")]
    away = changed(both(without("hours", "tom"), change("licenses", "tom", jurisdiction="CO"))).network().match()
    assert ("tom", "no_license") not in [(u.practitioner, u.reason) for u in away.unmatched]
    gone = changed(both(without("hours", "tom"), change("licenses", "tom", jurisdiction="AZ"))).network().match()
    assert ("tom", "no_license") in [(u.practitioner, u.reason) for u in gone.unmatched]


def test_nobody_s_story_cannot_be_told() -> None:
    with pytest.raises(UsageError, match="nobody"):
        changed(nothing).network().match().explain("nobody")


@given(rosters(people=(2, 5)))
def test_everybody_has_a_story_and_it_is_the_plan_s(written: Written) -> None:
    result = written.network().match()
    for person in result.plan.links.facts.people:
        told = result.explain(person).story
        assert bool(told.teams) != bool(told.left_out) or not (told.teams or told.left_out)
        assert len(told.nearest) <= 3
        fails = [sum(f.severity == "block" and f.status == "fail" for f in e.findings) for e in told.nearest]
        assert fails == sorted(fails)
        assert all(person in (e.link.prescriber, e.link.therapist) for e in told.nearest)
        assert all(f.status == "fail" and f.severity == "block" for f in told.findings)


@given(capable(people=(4, 8)), st.integers(1, 2))
def test_one_place_more_is_worth_what_matching_with_it_gives(written: Written, places: int) -> None:
    for row in written.tables["practitioners"]:
        row["max_therapists"] = str(places)
    result = written.network().match()
    for person in result.shortage.therapists if result.shortage else ():
        told = result.explain(person).story
        assert told.one_place_more
        for prescriber, points in told.one_place_more:
            more = written.copy()
            more.rows("practitioners", practitioner=prescriber)[0]["max_therapists"] = str(places + 1)
            after = more.network().match().objective
            assert after.teamed == result.objective.teamed + 1
            assert after.points == result.objective.points + points
