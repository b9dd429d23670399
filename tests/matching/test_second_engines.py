"""The optimum is what engines that know nothing of kapteam find: assignment, matching, linear programming."""

from __future__ import annotations

from typing import Any

import networkx as nx
import numpy as np
import pytest
from hypothesis import given
from scipy.optimize import linear_sum_assignment, linprog
from scipy.sparse import coo_array

import oracles
from kapteam.matching.certificate import least_prices, proves
from kapteam.matching.market import Market
from kapteam.matching.optimum import optimum
from kapteam.matching.shortage import shortage
from markets import a_market, draw_sum, is_plan, large, markets, solved, value


def by_assignment(problem: Market) -> int:
    """SciPy's assignment: a column for each unit of a prescriber's room."""
    columns = np.repeat(np.arange(len(problem.prescribers)), problem.capacity)
    worth = np.zeros((len(problem.prescribers), len(problem.therapists)), np.int64)
    worth[problem.prescriber, problem.therapist] = problem.teamed_worth + problem.points
    table = worth[columns].T
    rows, chosen = linear_sum_assignment(table, maximize=True)
    return int(table[rows, chosen].sum())


def by_matching(problem: Market) -> int:
    """NetworkX's blossoms, on a node for each unit of a prescriber's room."""
    graph = nx.Graph()
    for p, t, points in zip(problem.prescriber, problem.therapist, problem.points, strict=True):
        for unit in range(int(problem.capacity[p])):
            graph.add_edge(("p", int(p), unit), ("t", int(t)), weight=problem.teamed_worth + int(points))
    return int(sum(graph.edges[edge]["weight"] for edge in nx.max_weight_matching(graph)))


def by_program(problem: Market) -> int:
    """HiGHS on the linear program, whose best corner is whole."""
    count = len(problem.row)
    edges = np.arange(count)
    nodes = np.concatenate([problem.prescriber, problem.therapist + len(problem.prescribers)])
    rows = coo_array((np.ones(2 * count), (nodes, np.concatenate([edges, edges]))))
    worth = problem.teamed_worth + problem.points
    limits = np.concatenate([problem.capacity, problem.units])
    answer: Any = linprog(-worth, A_ub=rows.tocsr(), b_ub=limits, bounds=(0, 1), method="highs-ds")
    assert answer.success
    return int(worth[np.round(answer.x).astype(bool)].sum())


def proven(problem: Market) -> int:
    """The value of kapteam's plan, which is a plan and is proven."""
    found = optimum(problem)
    used = solved(problem)
    assert is_plan(problem, found)
    assert is_plan(problem, used)
    prices = least_prices(problem, found)
    assert proves(problem, prices)
    assert value(problem, used) == value(problem, found) == problem.teamed_worth * prices.teamed + prices.points
    return value(problem, used)


@given(markets())
def test_on_small_markets_no_set_of_links_is_better_and_the_draw_decides_among_equals(problem: Market) -> None:
    people, therapists = problem.links.facts.people, problem.therapists
    links = [
        {"site": "s", "prescriber": people[p], "therapist": people[therapists[t]], "points": int(v)}
        for p, t, v in zip(problem.prescriber, problem.therapist, problem.points, strict=True)
    ]
    if len(links) > 12:
        assert proven(problem) == by_program(problem)
        return
    limits = zip(problem.capacity, problem.unlimited, strict=True)
    room = {people[p]: None if free else int(limit) for p, (limit, free) in enumerate(limits)}
    salt = problem.links.facts.protocol.draw
    best = oracles.brute_force(links, room, int(problem.units[0]), salt)
    used = solved(problem)
    assert value(problem, used) == sum(problem.teamed_worth + link["points"] for link in best)
    assert draw_sum(problem, used, salt) == sum(
        oracles.draw_of("s", link["prescriber"], link["therapist"], salt) for link in best
    )
    assert proven(problem) == value(problem, used)


@pytest.mark.parametrize("seed", range(6))
@pytest.mark.parametrize(("prescribers", "therapists", "share"), [(12, 40, 0.2), (30, 60, 0.05), (40, 120, 0.1)])
def test_on_larger_markets_an_assignment_finds_the_same(
    seed: int, prescribers: int, therapists: int, share: float
) -> None:
    problem = large(seed, prescribers, therapists, share)
    assert proven(problem) == by_assignment(problem)


@pytest.mark.parametrize("seed", range(4))
def test_on_larger_markets_blossoms_find_the_same(seed: int) -> None:
    problem = large(seed, 10, 24, 0.2)
    assert proven(problem) == by_matching(problem)


@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize("units", [1, 2, 3])
def test_with_several_partners_each_a_linear_program_finds_the_same(seed: int, units: int) -> None:
    problem = large(seed, 25, 60, 0.15, units)
    assert proven(problem) == by_program(problem)


def chain(length: int) -> Market:
    """Each prescriber shares a therapist with the one before and with the one after; one therapist is too many."""
    edges = [(i, t, 0) for i in range(length) for t in (i, i + 1)]
    return a_market(edges, [1] * length)


@pytest.mark.parametrize("length", [1, 2, 17, 400])
def test_in_a_chain_of_shared_therapists_the_draw_says_who_is_left_out(length: int) -> None:
    problem = chain(length)
    used = solved(problem)
    draws = {(i, t): oracles.draw_of("s", f"p{i}", f"t{t}") for i in range(length) for t in (i, i + 1)}
    left = [
        sum(draws[i, i] for i in range(gap)) + sum(draws[i, i + 1] for i in range(gap, length))
        for gap in range(length + 1)
    ]
    assert proven(problem) == length
    assert draw_sum(problem, used) == min(left)
    short = shortage(problem, used)
    assert short is not None
    assert (len(short.therapists), len(short.prescribers), short.deficiency) == (length + 1, length, 1)


@pytest.mark.parametrize(("layers", "width"), [(3, 4), (12, 5), (40, 3)])
def test_in_a_layered_graph_the_optimum_is_the_assignment_s(layers: int, width: int) -> None:
    """Therapists of each layer are linked to the prescribers of theirs and of the next: long ways round."""
    rng = np.random.default_rng(layers)
    edges = [
        (next_layer * width + p, layer * width + t, int(rng.integers(0, 3)) * 500)
        for layer in range(layers)
        for next_layer in (layer, layer + 1)
        if next_layer < layers
        for t in range(width)
        for p in range(width)
    ]
    room: list[int | None] = [int(c) for c in rng.integers(0, 3, layers * width)]
    problem = a_market(edges, room)
    assert proven(problem) == by_assignment(problem) == by_program(problem)


def test_points_never_outweigh_one_more_therapist() -> None:
    # One therapist for 1000 points, or both for none.
    problem = a_market([(0, 0, 1000), (0, 1, 0), (1, 0, 0)], [1, 1])
    assert solved(problem).tolist() == [False, True, True]


@given(markets())
def test_the_shortage_is_a_hall_violator(problem: Market) -> None:
    used = solved(problem)
    short = shortage(problem, used)
    load = np.bincount(problem.therapist[used], minlength=len(problem.therapists))
    missing = int((problem.units - load).sum())
    if short is None:
        assert missing == 0
        return
    people = problem.links.facts.people
    inside = {t for t, person in enumerate(problem.therapists) if people[person] in short.therapists}
    around = {int(p) for p, t in zip(problem.prescriber, problem.therapist, strict=True) if int(t) in inside}
    assert sorted(people[p] for p in around) == list(short.prescribers)
    if problem.units[0] == 1:
        assert short.deficiency == missing == len(inside) - int(problem.capacity[list(around)].sum())
