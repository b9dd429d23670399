"""Mixing and assortativity: as NetworkX finds them in the directed graph from prescribers to therapists."""

from __future__ import annotations

import warnings

import networkx as nx
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from measuring import Pairs, ends, pair_sets

from kapteam.measures.mixing import Kinds, assortativity, mixing, mixing_matrix
from kapteam.measures.usable import Usable


@given(pair_sets(), st.lists(st.integers(0, 2), min_size=11, max_size=11))
def test_as_networkx_finds_them(pairs: Pairs, kinds: list[int]) -> None:
    of = np.array(kinds, np.int64)
    matrix = mixing_matrix(Kinds(("a", "b", "c"), of, of), *ends(pairs))
    graph = nx.DiGraph(list(pairs))
    nx.set_node_attributes(graph, dict(enumerate(kinds)), "kind")
    for a in range(3):
        for b in range(3):
            assert matrix[a, b] == sum((kinds[p], kinds[t]) == (a, b) for p, t in pairs)
    if not pairs:
        assert assortativity(matrix) is None
        return
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", RuntimeWarning)  # NetworkX divides by zero where all are alike
        theirs = nx.attribute_assortativity_coefficient(graph, "kind")
    found = assortativity(matrix)
    assert found is None if np.isnan(theirs) else found == pytest.approx(theirs, abs=1e-9)


def test_the_pairs_of_the_practice_by_profession_place_and_modality(practice_usable: Usable) -> None:
    found = {m.by: m for m in mixing(practice_usable)}
    pairs = len(practice_usable.others[0])
    assert all(sum(map(sum, m.pairs)) == pairs for m in found.values())
    assert found["jurisdiction"].kinds == ("CO", "NJ", "NY")
    assert found["jurisdiction"].assortativity == 1
    by = found["profession"]
    assert by.pairs[by.kinds.index("physician")][by.kinds.index("clinical_social_worker")] == 8
    assert found["modality emdr"].kinds == ("no", "yes")


def test_a_person_is_where_they_have_most_hours_and_nowhere_without_any(practice_usable: Usable) -> None:
    from kapteam.measures.mixing import jurisdictions

    facts = practice_usable.facts
    kinds = jurisdictions(facts)
    for code, id in enumerate(facts.people):
        hours: dict[str, int] = {}
        for row in facts.roster.hours:
            if row.practitioner == id:
                place = facts.roster.places[row.site].jurisdiction
                hours[place] = hours.get(place, 0) + (row.when.slots.bit_count() if row.when else 0)
        named = kinds.names[kinds.prescriber[code]]
        assert named in [p for p, n in hours.items() if n == max(hours.values())] if hours else named == "none"
