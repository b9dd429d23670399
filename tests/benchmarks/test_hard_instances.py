"""The rosters that are hard to match: they are what they say, and every solver agrees on them."""

from __future__ import annotations

from collections.abc import Callable

import networkx as nx
import numpy as np
import pytest
from hard_instances import HARD, long_row, scarce
from instances import DAY
from rivals import RIVALS, Solved, bare_flow, stable
from teams import problem_of

from kapteam.matching.market import Market
from kapteam.matching.match import match
from kapteam.network.links import judged_links
from kapteam.records.roster import Roster

Make = Callable[[int, int], Roster]


@pytest.mark.parametrize("make", HARD.values())
def test_the_same_seed_gives_the_same_roster_of_as_many_people(make: Make) -> None:
    assert make(200, 0) == make(200, 0)
    assert make(200, 0) != make(200, 1)
    assert len(make(200, 0).practitioners) == 200
    assert make(200, 0).warnings == ()


@pytest.mark.parametrize("make", HARD.values())
def test_nothing_but_the_matching_is_hard(make: Make) -> None:
    assert (judged_links(make(200, 0), DAY).verdicts == 1).all()


def test_places_are_scarce_and_all_links_worth_the_same() -> None:
    problem = problem_of(judged_links(scarce(400), DAY))
    assert len(np.unique(problem.points)) == 1
    assert problem.capacity.sum() * 2 < len(problem.therapists)


def test_a_row_is_one_part_and_far_too_long_for_short_ways() -> None:
    problem = problem_of(judged_links(long_row(400), DAY))
    graph = _graph(problem)
    assert nx.is_connected(graph)
    assert nx.diameter(graph) > 20
    assert len(np.unique(problem.points)) == 5
    assert 0.8 < problem.capacity.sum() / len(problem.therapists) < 1.25


@pytest.mark.parametrize("make", HARD.values())
@pytest.mark.parametrize("seed", [0, 1])
def test_all_solvers_find_as_many_therapists_and_points(make: Make, seed: int) -> None:
    links = judged_links(make(120, seed), DAY)
    best, problem = match(links).objective, problem_of(links)
    assert bare_flow(problem) == Solved(best.teamed, best.points)
    for rival in (r for r in RIVALS if r.solve is not stable):  # which answers another question
        assert rival.solve(problem) == Solved(best.teamed, best.points), rival.name


def _graph(problem: Market) -> nx.Graph[tuple[str, int]]:
    graph: nx.Graph[tuple[str, int]] = nx.Graph()
    pairs = zip(problem.prescriber.tolist(), problem.therapist.tolist(), strict=True)
    graph.add_edges_from((("prescriber", p), ("therapist", t)) for p, t in pairs)
    return graph
