"""How many can be teamed as prescribers come: at each step what a maximum flow from nothing finds."""

from __future__ import annotations

import networkx as nx
from hypothesis import given
from hypothesis import strategies as st
from measuring import Pairs, ends, pair_sets

from kapteam.measures.fill import Filling

PRESCRIBERS, PEOPLE = 5, 11


@given(pair_sets(), st.lists(st.integers(0, 3), min_size=5, max_size=5), st.permutations(range(PRESCRIBERS)))
def test_each_step_is_the_maximum_flow(pairs: Pairs, places: list[int], order: list[int]) -> None:
    filling = Filling(*ends(pairs), [*places, *[0] * (PEOPLE - PRESCRIBERS)])
    found = filling.as_they_come(order)
    assert found == [_flow(pairs, dict(enumerate(places)), order[:step]) for step in range(PRESCRIBERS + 1)]
    assert filling.as_they_come(order) == found, "a second run begins anew"
    assert filling.most(order) == filling.most(order[::-1]) == found[-1]


@given(pair_sets(prescribers=12, therapists=14), st.permutations(range(12)))
def test_long_ways_are_found_too(pairs: Pairs, order: list[int]) -> None:
    found = Filling(*ends(pairs), [1] * 12 + [0] * 14).as_they_come(order)
    assert found == [_flow(pairs, dict.fromkeys(range(12), 1), order[:step]) for step in range(13)]


def test_a_chain_is_mended_from_its_far_end() -> None:
    """Each can sit with two prescribers; the last prescriber who comes pushes everybody along."""
    chain = [(p, 6 + t) for p in range(6) for t in (p, p + 1) if t < 6]
    assert Filling(*ends(chain), [1] * 6 + [0] * 6).as_they_come([0, 2, 4, 1, 3, 5]) == [0, 1, 2, 3, 4, 5, 6]


def _flow(pairs: Pairs, places: dict[int, int], there: list[int]) -> int:
    graph = nx.DiGraph()
    graph.add_nodes_from(["from", "to"])
    for p in there:
        graph.add_edge("from", p, capacity=places[p])
    for p, t in pairs:
        if p in there:
            graph.add_edge(p, t, capacity=1)
            graph.add_edge(t, "to", capacity=1)
    return int(nx.maximum_flow_value(graph, "from", "to"))
