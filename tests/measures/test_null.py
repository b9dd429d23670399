"""Null models: what they keep, that a draw is a function of its number, and z from the draws themselves."""

from __future__ import annotations

from collections import Counter
from statistics import mean, stdev

import attrs
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kapteam.measures.measured import Measured
from kapteam.measures.null import MODELS, NullModels
from kapteam.measures.shuffled import TABLES, groups, shuffled
from kapteam.measures.usable import Usable
from strategies import Written, rosters


def test_what_is_observed_is_what_is_measured(practice_usable: Usable, practice_measured: Measured) -> None:
    told = {m.name: m.value for m in practice_measured.measures if m.of == "network"}
    for name, value in NullModels(practice_usable).observed.items():
        assert value == told[name], name


@pytest.mark.parametrize("model", MODELS)
def test_a_draw_is_a_function_of_seed_and_number(practice_usable: Usable, model: str) -> None:
    backwards = {n: NullModels(practice_usable, 5).draw(model, n) for n in (3, 2, 1, 0)}
    null = NullModels(practice_usable, 5)
    assert [null.draw(model, n) for n in range(4)] == [backwards[n] for n in range(4)]
    assert len({str(d) for d in backwards.values()}) > 1
    assert NullModels(practice_usable, 6).draw(model, 0) != backwards[0]


@pytest.mark.parametrize("model", MODELS)
def test_means_and_z_are_those_of_the_draws(practice_usable: Usable, model: str) -> None:
    null = NullModels(practice_usable, 1)
    drawn = [null.draw(model, n) for n in range(12)]
    for chance in null.chances(model, 12):
        values = [d[chance.measure] for d in drawn]
        assert chance.draws == 12
        assert chance.mean == pytest.approx(mean(values), rel=1e-5, abs=1e-9)
        assert chance.sd == pytest.approx(stdev(values), rel=1e-5, abs=1e-9)
        assert chance.as_high == sum(v >= chance.observed for v in values)
        if len(set(values)) == 1:
            assert chance.z is None
        else:
            assert chance.z == pytest.approx((chance.observed - mean(values)) / stdev(values), rel=1e-4)


def test_with_the_same_degrees_coverage_is_as_it_is_and_states_mix(practice_usable: Usable) -> None:
    of = {c.measure: c for c in NullModels(practice_usable).chances("same degrees", 20)}
    for name in ("therapists_covered", "therapists_with_2_partners", "therapists_with_3_partners"):
        assert (of[name].mean, of[name].sd, of[name].z) == (of[name].observed, 0, None)
    assert of["assortativity_jurisdiction"].z > 3


@given(rosters(people=(3, 6), places=(1, 1)), st.integers(0, 99))
def test_shuffling_moves_whole_capabilities_among_the_alike(written: Written, seed: int) -> None:
    links = written.network().links
    before = links.facts.roster
    after = shuffled(links, np.random.default_rng(seed)).facts.roster
    alike = {id: group for group in groups(before) for id in group}
    for name in set(TABLES):
        then, now = _by_owner(before.table(name)), _by_owner(after.table(name))
        for id in {p.practitioner for p in before.practitioners} | {None}:
            group = alike.get(id, (id,))
            assert Counter(then.get(x, ()) for x in group) == Counter(now.get(x, ()) for x in group)
    for name in ("sites", "practitioners", "licenses", "hours", "agreements", "ties"):
        assert before.table(name) == after.table(name)


def test_people_are_alike_who_have_the_same_professions_and_sites(practice_usable: Usable) -> None:
    roster = practice_usable.facts.roster
    found = groups(roster)
    assert found
    for group in found:
        for table, cell in (("licenses", "profession"), ("hours", "site")):
            sets = {frozenset(getattr(r, cell) for r in roster.table(table) if r.practitioner == id) for id in group}
            assert len(sets) == 1


def test_shuffled_links_are_judged_by_the_same_rules(practice_usable: Usable) -> None:
    links = practice_usable.links
    other = shuffled(links, np.random.default_rng(1))
    assert other.rulebook is links.rulebook
    assert len(other) == len(links)
    assert other.verdicts.tolist() != links.verdicts.tolist()


def _by_owner(rows: tuple[object, ...]) -> dict[object, tuple[str, ...]]:
    """Each owner's rows without their name, in order."""
    found: dict[object, list[str]] = {}
    for row in rows:
        cells = attrs.asdict(row, recurse=False)
        found.setdefault(cells.pop("practitioner"), []).append(str(cells))
    return {owner: tuple(sorted(own)) for owner, own in found.items()}
