"""A fair plan is the best for the worst-off among all that team the most: brute force and linear programs agree."""

from __future__ import annotations

import copy
import json
from collections.abc import Callable, Iterable, Sequence
from typing import Any

import attrs
import numpy as np
import pytest
from asking import validate
from hypothesis import assume, given
from hypothesis import strategies as st
from scipy.optimize import linprog
from scipy.sparse import coo_array, vstack

import oracles
from clinics import wide
from kapteam.columns.lookup import Index
from kapteam.matching import fair
from kapteam.matching.fair import leximin
from kapteam.matching.market import Market
from kapteam.matching.match import Plan, match
from kapteam.records.problems import UsageError
from kapteam.show.plan import fairly
from markets import a_market, is_plan, large, markets, solved
from strategies import Written, capable, rosters
from tiny import changed, nothing, without

Link = dict[str, Any]
KEY = {"points": "points", "sessions": "weekly_sessions"}


# --- Markets ------------------------------------------------------------------------------------------------


@st.composite
def cases(draw: st.DrawFn) -> tuple[Market, Index]:
    """A small market where each therapist has one partner, and what links count: their points, or something else.

    Half of them have almost every link, a few values and many points, so that there is much to choose from.
    """
    if draw(st.booleans()):
        problem = draw(markets())
        problem = attrs.evolve(problem, units=np.ones(len(problem.therapists), np.int64))
    else:
        prescribers, therapists = draw(st.sampled_from([(2, 3), (2, 4), (2, 5), (2, 6), (3, 3), (3, 4), (4, 3)]))
        gaps = draw(st.lists(st.integers(0, 19), max_size=2))
        every = [(p, t) for p in range(prescribers) for t in range(therapists)]
        edges = [(p, t, draw(st.integers(0, 9))) for i, (p, t) in enumerate(every) if i not in gaps]
        room = draw(st.lists(st.sampled_from([None, 1, 1, 2, 3]), min_size=prescribers, max_size=prescribers))
        problem = a_market(edges, room)
    values = draw(st.sampled_from([None, [0, 1], [1, 2, 3], [0, 0, 0, 5], list(range(40))]))
    if values is None:
        return problem, problem.points
    size = len(problem.row)
    return problem, np.array(draw(st.lists(st.sampled_from(values), min_size=size, max_size=size)), np.int64)


def as_links(problem: Market, value: Index) -> list[Link]:
    people = problem.links.facts.people
    therapist = problem.therapists[problem.therapist]
    return [
        {"site": "s", "prescriber": people[p], "therapist": people[t], "points": int(v), "value": int(w)}
        for p, t, v, w in zip(problem.prescriber, therapist, problem.points, value, strict=True)
    ]


def room_of(problem: Market) -> dict[str, int | None]:
    limits = zip(problem.prescribers, problem.capacity, problem.unlimited, strict=True)
    return {problem.links.facts.people[p]: None if free else int(limit) for p, limit, free in limits}


def fairest_of(plans: Iterable[Sequence[Link]], everyone: Iterable[str], key: str, salt: str) -> Sequence[Link]:
    """Most links; then what each of everyone has, sorted, 0 for who is left out; then most points; then least draw."""
    everyone = sorted(set(everyone))

    def worth(plan: Sequence[Link]) -> tuple[int, list[int], int, int]:
        has = {link["therapist"]: int(link[key]) for link in plan}
        draws = sum(oracles.draw_of(link["site"], link["prescriber"], link["therapist"], salt) for link in plan)
        return len(plan), sorted(has.get(t, 0) for t in everyone), sum(link["points"] for link in plan), -draws

    return max(plans, key=worth)


@wide(6)
@given(cases())
def test_on_small_markets_no_greatest_plan_is_better_for_the_worst_off(case: tuple[Market, Index]) -> None:
    problem, value = case
    links = as_links(problem, value)
    assume(len(links) <= 12)
    used = leximin(problem, value, solved(problem))
    plans = oracles.every_matching(links, room_of(problem))
    salt = problem.links.facts.protocol.draw
    best = fairest_of(plans, (link["therapist"] for link in links), "value", salt)
    assert [link for link, mine in zip(links, used, strict=True) if mine] == [link for link in links if link in best]


@wide(6)
@given(cases(), st.sampled_from([0, 1, 4]))
def test_however_few_levels_go_into_one_flow_the_plan_is_the_same(case: tuple[Market, Index], bits: int) -> None:
    problem, value = case
    best = solved(problem)
    usual = leximin(problem, value, best)
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(fair, "_most_bits", lambda nodes: bits)
        assert leximin(problem, value, best).tolist() == usual.tolist()


def by_programs(problem: Market, value: Index) -> tuple[list[int], int]:
    """The sorted values of the fairest plan, and its points.

    For one value after the other HiGHS says how few links must have it. Each answer is the least of a linear function,
    so that holding it as one more row leaves a face of the polytope of plans, and the next program still has a whole
    corner.
    """
    size = len(value)
    edges = np.arange(size)
    nodes = np.concatenate([problem.prescriber, problem.therapist + len(problem.prescribers)])
    rows = coo_array((np.ones(2 * size), (nodes, np.concatenate([edges, edges])))).tocsr()
    limits = np.concatenate([problem.capacity, problem.units])

    def least(cost: Any, held: list[Any], counts: list[int]) -> int:
        equal = {"A_eq": vstack([coo_array(h[None, :]) for h in held]).tocsr(), "b_eq": counts} if held else {}
        answer: Any = linprog(cost, A_ub=rows, b_ub=limits, bounds=(0, 1), method="highs-ds", **equal)
        assert answer.success
        return round(answer.fun)

    held, counts, found = [np.ones(size)], [-least(-np.ones(size), [], [])], []
    for v in np.unique(value):
        with_it = (value == v).astype(float)
        found += [int(v)] * least(with_it, held, counts)
        held.append(with_it)
        counts.append(found.count(int(v)))
    return found, -least(-problem.points, held, counts)


@pytest.mark.parametrize("bits", [None, 3])
@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize(
    ("prescribers", "therapists", "share", "values"), [(8, 20, 0.3, 1000), (12, 40, 0.2, 12), (40, 120, 0.1, 5)]
)
def test_on_larger_markets_a_program_for_each_value_finds_the_same(
    seed: int, prescribers: int, therapists: int, share: float, values: int, bits: int | None,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    problem = large(seed, prescribers, therapists, share)
    value = (
        np.random.default_rng(seed).integers(0, values, len(problem.row)) if seed else problem.points * values // 1001
    )
    if bits is not None:
        monkeypatch.setattr(fair, "_most_bits", lambda nodes: bits)
    used = leximin(problem, value, solved(problem))
    assert is_plan(problem, used)
    assert (sorted(value[used].tolist()), int(problem.points[used].sum())) == by_programs(problem, value)


def test_with_a_thousand_values_the_plan_is_the_same_however_they_are_batched(monkeypatch: pytest.MonkeyPatch) -> None:
    problem = large(7, 60, 160, 0.08)
    best = solved(problem)
    usual = leximin(problem, problem.points, best)
    monkeypatch.setattr(fair, "_most_bits", lambda nodes: 9)
    assert leximin(problem, problem.points, best).tolist() == usual.tolist() != best.tolist()


@pytest.mark.parametrize(
    ("edges", "room"),
    [
        ([(0, 0, 1), (1, 0, 2)], [1, 1]),  # an empty place is better
        ([(0, 0, 3), (0, 1, 1), (1, 0, 2), (1, 1, 3)], [1, 1]),  # two should change places
    ],
)
def test_a_flow_that_is_not_the_cheapest_is_not_taken_for_it(
    edges: list[tuple[int, int, int]], room: list[int | None], monkeypatch: pytest.MonkeyPatch
) -> None:
    problem, true = a_market(edges, room), fair.cheapest
    best = solved(problem)
    assert leximin(problem, problem.points, best).tolist() == best.tolist()
    monkeypatch.setattr(fair, "cheapest", lambda problem, face, cost: true(problem, face, cost.max() - cost))
    with pytest.raises(RuntimeError, match="do not prove"):
        leximin(problem, problem.points, best)


def fair_and_best(edges: list[tuple[int, int, int]], room: list[int | None]) -> tuple[list[int], list[int]]:
    problem = a_market(edges, room)
    best = solved(problem)
    used = leximin(problem, problem.points, best)
    return sorted(problem.points[used].tolist()), sorted(problem.points[best].tolist())


def test_fairness_can_cost_almost_everything() -> None:
    assert fair_and_best([(0, 0, 1000), (0, 1, 1), (1, 0, 1), (1, 1, 0)], [1, 1]) == ([1, 1], [0, 1000])


def test_fairness_can_cost_nothing() -> None:
    fairest, best = fair_and_best([(0, 0, 4), (0, 1, 5), (1, 0, 5), (1, 1, 6)], [1, 1])
    assert (fairest, sum(best)) == ([5, 5], 10)
    assert fair_and_best([(0, 0, 9), (1, 1, 8), (0, 1, 1)], [1, 1]) == ([8, 9], [8, 9])


def test_the_second_worst_off_counts_once_the_worst_off_cannot_have_more() -> None:
    # Therapist 2 has 1 whatever happens; the other two are as in the market above.
    edges = [(0, 0, 1000), (0, 1, 3), (1, 0, 3), (1, 1, 2), (2, 2, 1)]
    assert fair_and_best(edges, [1, 1, 1]) == ([1, 3, 3], [1, 2, 1000])


def test_who_is_left_out_is_chosen_so_that_the_worst_off_have_more() -> None:
    # Two of three can be taken; with all the points of 0, or without 2, who would have least.
    edges = [(0, 0, 10), (0, 1, 6), (1, 0, 5), (1, 2, 4)]
    assert fair_and_best(edges, [1, 1]) == ([5, 6], [4, 10])


def test_a_link_worth_nothing_is_still_better_than_none() -> None:
    # Without therapist 1 the worst-off of the teamed would have 9, but more are teamed.
    assert fair_and_best([(0, 0, 9), (1, 1, 0)], [1, 1]) == ([0, 9], [0, 9])


def test_where_all_are_equal_the_draw_decides_as_without_fairness() -> None:
    problem = a_market([(p, t, 7) for p in range(3) for t in range(5)], [1, 2, 1])
    assert leximin(problem, problem.points, solved(problem)).tolist() == solved(problem).tolist()


@pytest.mark.parametrize("room", [[0, 0], [None, None]])
def test_where_nobody_or_everybody_can_be_taken_nothing_is_decided(room: list[int | None]) -> None:
    assert fair_and_best([(0, 0, 3), (1, 1, 4)], room) == (([3, 4], [3, 4]) if room[0] is None else ([], []))
    assert fair_and_best([], []) == ([], [])


# --- Rosters ------------------------------------------------------------------------------------------------


ANY = st.one_of(rosters(people=(2, 5)), capable(people=(3, 7)))


def triples(plan: Plan) -> set[tuple[str, str, str]]:
    return {(t.prescriber, x.practitioner, t.site) for t in plan.teams for x in t.therapists}


@given(ANY, st.sampled_from(fair.BY), st.sampled_from(["exclude", "allow"]), st.data())
def test_a_fair_plan_of_any_roster_is_the_best_for_the_worst_off(
    written: Written, by: str, unknown: str, data: st.DataObject
) -> None:
    """With pairs held as well; and its price, its gain and its cover are what they say."""
    judged, network = written.judged(), written.network()
    allowed = ("pass", "unknown") if unknown == "allow" else ("pass",)
    links = [link for link in judged.links if link["verdict"] in allowed]
    assume(len(links) <= 12)
    kept = data.draw(st.lists(st.sampled_from(links), max_size=1)) if links else []
    keep = [(x["prescriber"], x["therapist"], x["site"]) for x in kept]
    room = {link["prescriber"]: oracles.capacity(judged, link["prescriber"]) for link in links}
    plans = [plan for plan in oracles.every_matching(links, room) if all(link in plan for link in kept)]
    plan = match(network.links, unknown=unknown, keep=keep, fair=by)
    if not plans:
        assert (plan.status, plan.fairness, plan.as_dict()["fair"]) == ("infeasible", None, None)
        return
    everyone = {link["therapist"] for link in links}
    best = fairest_of(plans, everyone, KEY[by], judged.roster.draw)
    assert triples(plan) == {(x["prescriber"], x["therapist"], x["site"]) for x in best}
    usual = match(network.links, unknown=unknown, keep=keep)
    assert plan.bound == usual.objective
    assert (plan.certificate, plan.if_confirmed, plan.shortage) == (
        usual.certificate, usual.if_confirmed, usual.shortage,
    )  # fmt: skip
    document = json.loads(json.dumps(plan.as_dict()))
    validate(document, "match")
    said = document["fair"]
    has = sorted(place[KEY[by]] for team in document["teams"] for place in team["therapists"])
    would = sorted(place[KEY[by]] for team in usual.as_dict()["teams"] for place in team["therapists"])
    first = next((i for i, (a, b) in enumerate(zip(has, would, strict=True)) if a != b), None)
    assert said["by"] == by
    assert said["worst"] == (has[0] if has else None)
    assert said["price"] == usual.objective.points - plan.objective.points
    assert said["gain"] == (
        None if first is None else {"rank": first + 1, "has": has[first], "otherwise": would[first]}
    )
    assert (said["cover"] is None) == (not has or any(link[KEY[by]] == has[0] for link in kept))
    assert network.verify(document).violations == ()


@given(ANY, st.sampled_from(fair.BY))
def test_a_plan_that_nobody_asked_to_be_fair_says_nothing_of_it(written: Written, by: str) -> None:
    links = written.network().links
    assert match(links).as_dict()["fair"] is None
    if match(links, fair=by).fairness.gain is None:  # type: ignore[union-attr]
        assert triples(match(links, fair=by)) == triples(match(links))


def test_fairness_is_for_one_partner_each_and_by_what_there_is() -> None:
    links = changed(nothing).network().links
    with pytest.raises(UsageError, match="one partner each"):
        match(links, fair="points", max_partners=2)
    with pytest.raises(UsageError, match="points, sessions"):
        match(links, fair="kindness")


# --- Words --------------------------------------------------------------------------------------------------


def rivals(costly: bool = True) -> Written:
    """Two prescribers with room for one, two therapists who could be with either; one pair has worked together.

    Ann has few hours with Quin, many with Pat; Ben few with both.
    """
    hours = {
        "pat": "Mon 09:00-21:00",
        "quin": "Mon 09:00-15:00",
        "ann": "Mon 09:00-21:00" if costly else "Mon 09:00-15:00",
        "ben": "Mon 12:00-18:00",
    }
    tables: dict[str, list[dict[str, str]]] = {
        "sites": [{"site": "s", "jurisdiction": "NY", "supply": "patient"}],
        "practitioners": [
            {"practitioner": "pat", "roles": "prescriber", "max_therapists": "1"},
            {"practitioner": "quin", "roles": "prescriber", "max_therapists": "1"},
            {"practitioner": "ann", "roles": "therapist"},
            {"practitioner": "ben", "roles": "therapist"},
        ],
        "licenses": [
            {"practitioner": "pat", "jurisdiction": "NY", "profession": "physician"},
            {"practitioner": "quin", "jurisdiction": "NY", "profession": "physician"},
            {"practitioner": "ann", "jurisdiction": "NY", "profession": "psychologist"},
            {"practitioner": "ben", "jurisdiction": "NY", "profession": "psychologist"},
        ],
        "registrations": [{"practitioner": p, "jurisdiction": "NY", "schedules": "3N"} for p in ("pat", "quin")],
        "coverage": [{"practitioner": p, "carrier": "Acorn", "ketamine": "yes"} for p in hours],
        "training": [{"practitioner": p, "kind": "kap", "hours": "40"} for p in ("ann", "ben")],
        "hours": [{"practitioner": p, "site": "s", "when": when} for p, when in hours.items()],
        "ties": [],
    }  # fmt: skip
    return Written(tables, {"jurisdictions": {"NY": {"state_registration": "no"}}})


def test_the_words_say_who_gains_and_what_it_costs() -> None:
    links = rivals().network().links
    weekly = {(link.prescriber, link.therapist): link.weekly_sessions for link in links}
    assert weekly == {("pat", "ann"): 4, ("pat", "ben"): 2, ("quin", "ann"): 2, ("quin", "ben"): 1}
    plan = match(links, fair="sessions")
    assert triples(plan) == {("pat", "ben", "s"), ("quin", "ann", "s")}
    assert plan.fairness is not None
    assert fairly(plan.fairness) == (
        "The worst-off has 2 weekly sessions, and no plan that teams as many gives everyone more (proven). "
        "The plan with most points gives 1. Fairness costs 50 points."
    )


def test_the_words_say_when_nothing_is_fairer_and_when_nobody_is_teamed() -> None:
    plan = match(rivals(costly=False).network().links, fair="points")
    assert plan.fairness is not None
    assert fairly(plan.fairness).endswith("The plan with most points is as fair as can be.")
    nobody = match(changed(without("hours", "tom")).network().links, fair="points")
    assert nobody.fairness is not None
    assert fairly(nobody.fairness) == "Nobody is teamed, so nobody is worse off."


# --- Saved plans --------------------------------------------------------------------------------------------


def tampered(change: Callable[[dict[str, Any]], None]) -> set[str]:
    """Which kinds of violation are found in the fair plan of the rivals once it is changed."""
    network = rivals().network()
    document = copy.deepcopy(match(network.links, fair="sessions").as_dict())
    assert network.verify(document).ok
    change(document)
    return {v.rule for v in network.verify(document).violations}


def other(**said: Any) -> Callable[[dict[str, Any]], None]:
    return lambda document: document["fair"].update(said)


@pytest.mark.parametrize(
    ("change", "rules"),
    [
        (other(worst=3), {"fair"}),
        (other(worst=None), {"fair"}),
        (other(by="kindness"), {"fair"}),
        (other(by="points"), {"fair"}),
        (other(price=0), {"bound", "certificate"}),
        (other(price=60), {"bound", "certificate"}),
        (other(gain=None), {"fair"}),
        (other(gain={"rank": 2, "has": 3, "otherwise": 1}), {"fair"}),
        (other(gain={"rank": 1, "has": 2, "otherwise": 2}), {"fair"}),
        (other(gain={"rank": 0, "has": 2, "otherwise": 1}), {"fair"}),
        (other(cover=None), {"fair"}),
        (other(cover={"prescribers": [], "therapists": []}), {"fair"}),
        (other(cover={"prescribers": ["pat", "quin"], "therapists": []}), {"fair"}),
        (lambda document: document.pop("fair"), {"bound", "certificate"}),
        (lambda document: document.update(max_partners=2), {"certificate", "fair"}),
    ],
)  # fmt: skip
def test_what_is_said_falsely_of_fairness_is_found(change: Callable[[dict[str, Any]], None], rules: set[str]) -> None:
    assert tampered(change) == rules


def test_a_plan_that_is_not_the_fairest_is_found() -> None:
    """The plan with most points, which says that it is fair for nothing."""
    network = rivals().network()
    document = match(network.links).as_dict()
    document["fair"] = {"by": "sessions", "worst": 1, "price": 0, "gain": None, "cover": None}
    assert {v.rule for v in network.verify(document).violations} == {"fair"}
    for cover in ({"prescribers": ["pat"], "therapists": []}, {"prescribers": [], "therapists": ["ann"]}):
        document["fair"]["cover"] = cover
        assert {v.rule for v in network.verify(document).violations} == {"fair"}


def test_a_plan_that_teams_one_less_cannot_pass_it_off_as_the_price_of_fairness() -> None:
    network = rivals().network()
    document = match(network.links, fair="sessions").as_dict()
    gone = next(team for team in document["teams"] if team["prescriber"] == "pat")
    document["teams"].remove(gone)
    points = gone["therapists"][0]["points"]
    document["objective"] = {"teamed": 1, "points": document["objective"]["points"] - points}
    document["fair"]["price"] += document["certificate"]["teamed_worth"] + points
    document["bound"] = {"teamed": 1, "points": document["objective"]["points"] + document["fair"]["price"]}
    found = {(v.rule, v.subject) for v in network.verify(document).violations}
    assert ("fair", "price") in found
    assert ("certificate", "sum") not in found


def test_a_place_that_is_held_is_no_room_of_the_cover() -> None:
    """Pat has room for two and keeps Cy, so that one of Ann and Ben has only 2 sessions, with Quin."""
    written = rivals()
    for table in ("practitioners", "licenses", "coverage", "training", "hours"):
        (ann,) = written.rows(table, practitioner="ann")
        written.add(table, **{**ann, "practitioner": "cy"})
    written.rows("practitioners", practitioner="pat")[0]["max_therapists"] = "2"
    written.rows("hours", practitioner="ben")[0]["when"] = "Mon 09:00-21:00"
    network = written.network()
    plan = match(network.links, keep=[("pat", "cy")], fair="sessions")
    document = plan.as_dict()
    assert document["fair"]["worst"] == 2
    assert document["fair"]["cover"] == {"prescribers": ["pat"], "therapists": []}
    assert network.verify(document).ok


def test_a_fair_plan_can_be_kept_whole() -> None:
    links = rivals().network().links
    fairest = match(links, fair="sessions")
    kept = match(links, keep=sorted(triples(fairest)), fair="points")
    assert triples(kept) == triples(fairest)
    assert kept.fairness is not None
    assert (kept.fairness.gain, kept.fairness.cover, kept.fairness.price) == (None, None, 0)
    assert kept.bound == kept.objective == fairest.objective
