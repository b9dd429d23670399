"""A certificate proves the optimum and nothing else: whatever is disturbed, it no longer does."""

from __future__ import annotations

import copy
import json
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import attrs
import numpy as np
import pytest
from attrs import define
from hypothesis import assume, given
from hypothesis import strategies as st

from kapteam.api.network import Network
from kapteam.matching.certificate import least_prices, proves
from kapteam.matching.market import Market
from kapteam.matching.optimum import optimum
from kapteam.records.problems import UsageError
from markets import markets, solved
from strategies import Written, capable, rosters
from tiny import changed, nothing

Document = dict[str, Any]


@given(markets())
def test_the_least_prices_prove_every_optimum(problem: Market) -> None:
    for used in (optimum(problem), solved(problem)):
        assert proves(problem, least_prices(problem, used))


@given(markets(), st.data())
def test_no_single_price_may_change(problem: Market, data: st.DataObject) -> None:
    prices = least_prices(problem, optimum(problem))
    kind = data.draw(st.sampled_from(["prescribers", "therapists", "pairs"]))
    own = getattr(prices, kind).copy()
    weight = {"prescribers": problem.capacity, "therapists": problem.units, "pairs": np.ones(len(own))}[kind]
    at = data.draw(st.integers(0, len(own) - 1))
    assume(weight[at] > 0)  # a price that nobody pays is nobody's concern
    own[at] += data.draw(st.sampled_from([-1000, -1, 1, 7, 1000]))
    assert not proves(problem, attrs.evolve(prices, **{kind: own}))


@given(markets(), st.integers(-3, 3), st.integers(-3, 3))
def test_no_other_objective_is_proven(problem: Market, teamed: int, points: int) -> None:
    assume((teamed, points) != (0, 0))
    prices = least_prices(problem, optimum(problem))
    other = attrs.evolve(prices, teamed=prices.teamed + teamed, points=prices.points + points)
    assume(problem.teamed_worth * teamed + points != 0)  # 1 therapist is 1 point where nobody has any
    assert not proves(problem, other)


@given(markets(), st.data())
def test_whatever_prices_are_accepted_no_plan_is_worth_more_than_they_claim(
    problem: Market, data: st.DataObject
) -> None:
    """Price moved from one to another: sometimes another proof, never of less than the optimum."""
    best = least_prices(problem, optimum(problem))
    y, z = best.prescribers.copy(), best.therapists.copy()
    y[data.draw(st.integers(0, len(y) - 1))] += data.draw(st.integers(-5, 5))
    z[data.draw(st.integers(0, len(z) - 1))] -= data.draw(st.integers(-5, 5))
    total = int((problem.capacity * y).sum() + (problem.units * z).sum() + best.pairs.sum())
    claimed = attrs.evolve(best, prescribers=y, therapists=z, teamed=0, points=total)
    if proves(problem, claimed):
        assert total >= problem.teamed_worth * best.teamed + best.points


@given(markets())
def test_points_that_change_are_not_proven_any_more(problem: Market) -> None:
    prices = least_prices(problem, optimum(problem))
    used = np.flatnonzero(optimum(problem))
    assume(len(used) > 0)
    points = problem.points.copy()
    points[used[0]] += 1
    assert not proves(attrs.evolve(problem, points=points), prices)


# --- Saved plans --------------------------------------------------------------------------------------------


@define(repr=False)
class Saved:
    """A network and the document of its plan, with someone teamed."""

    written: Written
    network: Network
    document: Document

    def __repr__(self) -> str:
        return f"{self.written!r}, {self.document['unknown']}, {self.document['max_partners']}"


@st.composite
def plans(draw: st.DrawFn) -> Saved:
    """A plan that teams someone."""
    written: Written = draw(st.one_of(capable(people=(3, 6)), rosters(people=(2, 4), places=(1, 2))))
    network = written.network()
    unknown, partners = draw(st.sampled_from(["exclude", "allow"])), draw(st.integers(1, 3))
    result = network.match(unknown=unknown, max_partners=partners)
    assume(result.objective.teamed > 0)
    return Saved(written, network, json.loads(result.to_json()))


@given(plans())
def test_a_saved_plan_is_verified(plan: Saved) -> None:
    found = plan.network.verify(plan.document)
    assert (found.ok, found.violations, found.proven) == (True, (), True)
    assert attrs.asdict(found.objective) == plan.document["objective"]


def places(document: Document) -> list[tuple[int, int]]:
    return [(i, j) for i, team in enumerate(document["teams"]) for j in range(len(team["therapists"]))]


def restated(document: Document) -> None:
    """The objective as the teams now have it."""
    every = [place for team in document["teams"] for place in team["therapists"]]
    document["objective"] = {"teamed": len(every), "points": sum(place["points"] for place in every)}


def other_points(d: Document, at: tuple[int, int]) -> None:
    d["teams"][at[0]]["therapists"][at[1]]["points"] += 1


def other_points_and_the_sum(d: Document, at: tuple[int, int]) -> None:
    other_points(d, at)
    restated(d)


def other_sessions(d: Document, at: tuple[int, int]) -> None:
    d["teams"][at[0]]["therapists"][at[1]]["weekly_sessions"] += 1


def one_less(d: Document, at: tuple[int, int]) -> None:
    del d["teams"][at[0]]["therapists"][at[1]]


def one_less_and_the_sum(d: Document, at: tuple[int, int]) -> None:
    one_less(d, at)
    restated(d)


def one_twice(d: Document, at: tuple[int, int]) -> None:
    d["teams"][at[0]]["therapists"].append(d["teams"][at[0]]["therapists"][at[1]])
    restated(d)


def no_team(d: Document, at: tuple[int, int]) -> None:
    del d["teams"][at[0]]
    restated(d)


def a_stranger(d: Document, at: tuple[int, int]) -> None:
    d["teams"][at[0]]["therapists"][at[1]]["practitioner"] = "nobody"


def another_site(d: Document, at: tuple[int, int]) -> None:
    d["teams"][at[0]]["site"] = "nowhere"


def the_other_way_round(d: Document, at: tuple[int, int]) -> None:
    team = d["teams"][at[0]]
    place = team["therapists"][at[1]]
    if place["practitioner"] == team["prescriber"]:
        place["practitioner"] = "nobody"  # a solo team is itself the other way round
    else:
        place["practitioner"], team["prescriber"] = team["prescriber"], place["practitioner"]


def more_teamed(d: Document, at: tuple[int, int]) -> None:
    d["objective"]["teamed"] += 1


def more_points(d: Document, at: tuple[int, int]) -> None:
    d["objective"]["points"] += 1


def less_points(d: Document, at: tuple[int, int]) -> None:
    d["objective"]["points"] -= 1


def no_certificate(d: Document, at: tuple[int, int]) -> None:
    d["certificate"] = None


def another_worth(d: Document, at: tuple[int, int]) -> None:
    d["certificate"]["teamed_worth"] += 1


def a_price_below_zero(d: Document, at: tuple[int, int]) -> None:
    who = d["teams"][at[0]]["prescriber"]
    d["certificate"]["prescribers"][who] = -1


def a_therapist_dearer(d: Document, at: tuple[int, int]) -> None:
    d["certificate"]["therapists"][d["teams"][at[0]]["therapists"][at[1]]["practitioner"]] += 1


def a_prescriber_dearer(d: Document, at: tuple[int, int]) -> None:
    d["certificate"]["prescribers"][d["teams"][at[0]]["prescriber"]] += 1


def no_prices_of_prescribers_and_therapists(d: Document, at: tuple[int, int]) -> None:
    d["certificate"] |= {"prescribers": {}, "therapists": {}}


def a_pair_to_be_kept_that_is_not_there(d: Document, at: tuple[int, int]) -> None:
    d["held"] = [["nobody", "nobody", "nowhere"]]


def another_day(d: Document, at: tuple[int, int]) -> None:
    d["on"] = (date.fromisoformat(d["on"]) + timedelta(days=1)).isoformat()


def another_protocol(d: Document, at: tuple[int, int]) -> None:
    d["protocol"] = "short"


def a_stranger_with_a_price(d: Document, at: tuple[int, int]) -> None:
    d["certificate"]["prescribers"]["nobody"] = 5


Disturbance = Callable[[Document, tuple[int, int]], None]
DISTURBANCES: list[Disturbance] = [
    other_points, other_points_and_the_sum, other_sessions, one_less, one_less_and_the_sum, one_twice, no_team,
    a_stranger, another_site, the_other_way_round, more_teamed, more_points, less_points, no_certificate,
    another_worth, a_price_below_zero, a_therapist_dearer, a_prescriber_dearer,
    a_pair_to_be_kept_that_is_not_there,
]  # fmt: skip


def accepted(plan: Saved, disturb: Disturbance, at: tuple[int, int]) -> bool:
    """Whether a plan is still verified after it was disturbed."""
    other = copy.deepcopy(plan.document)
    disturb(other, at)
    found = plan.network.verify(other)
    assert found.ok == (not found.violations)
    return found.ok


@given(plans(), st.data())
def test_a_plan_disturbed_in_any_way_is_refused(plan: Saved, data: st.DataObject) -> None:
    at = data.draw(st.sampled_from(places(plan.document)))
    assert [f.__name__ for f in DISTURBANCES if accepted(plan, f, at)] == []


def the_base_plan() -> Saved:
    written = changed(nothing)
    written.practice["protocols"] = {"short": {"session_minutes": 60}}
    network = written.network()
    return Saved(written, network, network.match().as_dict())


@pytest.mark.parametrize("disturb", DISTURBANCES, ids=lambda f: f.__name__.replace("_", " "))
def test_the_plan_of_one_pair_is_refused_with(disturb: Disturbance) -> None:
    assert not accepted(the_base_plan(), disturb, (0, 0))


def another_bound(d: Document, at: tuple[int, int]) -> None:
    d["bound"]["teamed"] += 1


def nothing_said_of_who_has_no_price(d: Document, at: tuple[int, int]) -> None:
    for kind in ("prescribers", "therapists"):
        d["certificate"][kind] = {id: price for id, price in d["certificate"][kind].items() if price}


@pytest.mark.parametrize(
    "disturb",
    [
        no_prices_of_prescribers_and_therapists,
        *(
            f
            for f in (
                another_day,
                another_protocol,
                another_bound,
                a_stranger_with_a_price,
                nothing_said_of_who_has_no_price,
            )
        ),
    ],
    ids=lambda f: f.__name__.replace("_", " "),
)
def test_what_the_document_says_of_itself_is_held_against_the_network_too(disturb: Disturbance) -> None:
    assert not accepted(the_base_plan(), disturb, (0, 0))


@given(plans(), st.data())
def test_a_therapist_moved_to_another_prescriber_is_refused_unless_it_is_as_good(
    plan: Saved, data: st.DataObject
) -> None:
    document = plan.document
    used = {(t["site"], t["prescriber"], x["practitioner"]) for t in document["teams"] for x in t["therapists"]}
    # Of an unknown link the plan would have to say what is to be verified as well.
    rest = [x for x in plan.network if x.verdict == "pass" and (x.site, x.prescriber, x.therapist) not in used]
    assume(rest and document["max_partners"] == 1)
    link = data.draw(st.sampled_from(rest))
    other = copy.deepcopy(document)
    for team in other["teams"]:
        team["therapists"] = [x for x in team["therapists"] if x["practitioner"] != link.therapist]
    place = {
        "practitioner": link.therapist,
        "points": link.points,
        "weekly_sessions": link.weekly_sessions,
        "to_verify": [],
    }
    other["teams"].append({"site": link.site, "prescriber": link.prescriber, "therapists": [place]})
    restated(other)
    found = plan.network.verify(other)
    over = [v for v in found.violations if v.rule == "capacity"]
    assert found.ok == (other["objective"] == document["objective"] and not over)


def test_a_capacity_that_is_exceeded_is_named() -> None:
    tables = {
        "sites": [{"site": "s", "jurisdiction": "NY", "supply": "patient"}],
        "practitioners": [
            {"practitioner": "pia", "roles": "prescriber", "max_therapists": "1"},
            {"practitioner": "tia", "roles": "therapist"},
            {"practitioner": "tom", "roles": "therapist"},
        ],
        "licenses": [
            {"practitioner": id, "jurisdiction": "NY", "profession": "physician"} for id in ("pia", "tia", "tom")
        ],
        "registrations": [{"practitioner": "pia", "jurisdiction": "NY", "schedules": "3N"}],
        "coverage": [{"practitioner": id, "carrier": "A", "ketamine": "yes"} for id in ("pia", "tia", "tom")],
        "training": [{"practitioner": id, "kind": "kap", "hours": "20"} for id in ("tia", "tom")],
        "hours": [{"practitioner": id, "site": "s", "when": "Mon 09:00-12:00"} for id in ("pia", "tia", "tom")],
    }
    network = Written(tables, {"jurisdictions": {"NY": {"state_registration": "no"}}}).network()
    document = network.match().as_dict()
    (team,) = document["teams"]
    (place,) = team["therapists"]
    missing = ({"tia", "tom"} - {place["practitioner"]}).pop()
    team["therapists"].append({**place, "practitioner": missing})
    restated(document)
    found = network.verify(document)
    assert [v.subject for v in found.violations if v.rule == "capacity"] == ["pia"]


def test_a_plan_of_a_day_on_which_a_licence_has_ended_names_the_rule() -> None:
    written = changed(nothing)
    document = written.network().match().as_dict()
    for row in written.rows("licenses", practitioner="tom"):
        row["expires"] = "2026-12-06"
    found = written.network().verify(document)
    assert "legal.therapy_license" in {v.rule for v in found.violations}
    assert not found.proven or not found.ok


@pytest.mark.parametrize(
    "document", [{}, [], "plan", None, {"on": "2026-12-07"}, {"on": 5, "objective": {}, "teams": []}]
)
def test_what_is_no_plan_is_refused_in_words(document: Any) -> None:
    with pytest.raises(UsageError, match="no plan"):
        changed(nothing).network().verify(document)


@pytest.mark.parametrize("wrong", ["876", 876.0, True, None])
def test_a_number_of_a_plan_is_a_whole_number(wrong: object) -> None:
    plan = the_base_plan()
    plan.document["teams"][0]["therapists"][0]["points"] = wrong
    with pytest.raises(UsageError, match=r"therapists\[0\]\.points"):
        plan.network.verify(plan.document)
