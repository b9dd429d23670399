"""A solved market answers what would be best if something went or came: the very answer of solving from nothing."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

import attrs
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from kapteam.matching.certificate import least_prices, proves
from kapteam.matching.market import Market, Used
from kapteam.matching.optimum import optimum
from kapteam.matching.reoptimise import Coming, Rematch, Solved
from markets import a_market, draw_sum, is_plan, large, markets, solved

MANY = settings(max_examples=3 * settings.default.max_examples)  # type: ignore[operator]


def people_of(problem: Market) -> list[int]:
    return [*problem.prescribers.tolist(), *problem.therapists.tolist()]


def rest(
    problem: Market, without: Iterable[int] = (), gone: Iterable[int] = (), capacity: Mapping[int, int] | None = None
) -> tuple[Market, NDArray[np.int64]]:
    """The market that is left, and which of the edges are in it."""
    away = set(without)
    keep = np.array(
        [
            e not in set(gone) and not {problem.prescribers[p], problem.therapists[t]} & away
            for e, (p, t) in enumerate(zip(problem.prescriber, problem.therapist, strict=True))
        ],
        bool,
    )
    room = problem.capacity.copy()
    for p, limit in (capacity or {}).items():
        room[list(problem.prescribers).index(p)] = limit
    left = attrs.evolve(
        problem, row=problem.row[keep], prescriber=problem.prescriber[keep], therapist=problem.therapist[keep],
        points=problem.points[keep], capacity=room,
    )  # fmt: skip
    return left, np.flatnonzero(keep)


def triples(problem: Market, edges: Iterable[int]) -> list[tuple[int, int, int]]:
    return sorted((0, int(problem.prescribers[problem.prescriber[e]]), int(problem.therapists[problem.therapist[e]]))
                  for e in edges)  # fmt: skip


def agrees(
    problem: Market,
    used: Used,
    answer: Rematch,
    without: Iterable[int] = (),
    gone: Iterable[int] = (),
    capacity: Mapping[int, int] | None = None,
) -> None:
    """The answer is a plan of what is left, reaches what a solve from nothing reaches, and is proven by its prices."""
    left, edges = rest(problem, without, gone, capacity)
    best = optimum(left)
    assert (answer.teamed, answer.points) == (int(best.sum()), int(left.points[best].sum()))
    now = {*triples(problem, np.flatnonzero(used))} - {*answer.left} | {*answer.came}
    assert len(now) == answer.teamed
    mine = np.array([triples(problem, [e])[0] in now for e in edges], bool)
    assert mine.sum() == len(now), "it uses a link that is gone"
    assert is_plan(left, mine)
    assert proves(left, least_prices(left, mine))
    assert not {*answer.came} & {*triples(problem, np.flatnonzero(used))}


def every_plan(problem: Market) -> list[Used]:
    """Every plan of a tiny market."""
    found = []
    for number in range(1 << len(problem.row)):
        used = np.array([number >> e & 1 for e in range(len(problem.row))], bool)
        if is_plan(problem, used):
            found.append(used)
    return found


def salt_of(problem: Market) -> str:
    return str(problem.links.facts.protocol.draw)


one_partner = markets().map(lambda m: attrs.evolve(m, units=np.ones_like(m.units)))
tiny_markets = one_partner.filter(lambda m: len(m.row) <= 9)


@MANY
@given(one_partner, st.data())
def test_without_some_people(problem: Market, data: st.DataObject) -> None:
    used = solved(problem)
    answers = Solved(problem, used)
    for _ in range(4):
        gone = data.draw(st.lists(st.sampled_from(people_of(problem)), max_size=4, unique=True))
        agrees(problem, used, answers.without(gone), without=gone)
    for person in people_of(problem):
        agrees(problem, used, answers.without([person]), without=[person])


@MANY
@given(one_partner, st.data())
def test_without_some_edges(problem: Market, data: st.DataObject) -> None:
    used = solved(problem)
    answers = Solved(problem, used)
    for _ in range(4):
        gone = data.draw(st.lists(st.sampled_from(range(len(used))), max_size=6, unique=True))
        mask = np.zeros(len(used), bool)
        mask[gone] = True
        agrees(problem, used, answers.without_edges(mask), gone=gone)


@MANY
@given(one_partner, st.data())
def test_with_other_capacities(problem: Market, data: st.DataObject) -> None:
    used = solved(problem)
    answers = Solved(problem, used)
    limited = [int(p) for p, u in zip(problem.prescribers, problem.unlimited, strict=True) if not u]
    for p in limited:
        (room,) = problem.capacity[problem.prescribers == p].tolist()
        agrees(problem, used, answers.with_place(p), capacity={p: room + 1})
        agrees(problem, used, answers.with_place(p, 3), capacity={p: room + 3})
    for p in set(problem.prescribers.tolist()) - set(limited):
        assert answers.with_place(p) == answers.changed()
    if limited:
        rooms = data.draw(st.dictionaries(st.sampled_from(limited), st.integers(0, 4)))
        agrees(problem, used, answers.changed(capacity=rooms), capacity=rooms)


@MANY
@given(one_partner, st.data())
def test_all_at_once(problem: Market, data: st.DataObject) -> None:
    """Some edges are not there at first and come; others go, people go, capacities are others."""
    every = list(range(len(problem.row)))
    later = data.draw(st.lists(st.sampled_from(every), max_size=4, unique=True))
    before, there = rest(problem, gone=later)
    used = solved(before)
    answers = Solved(before, used, most_points=int(problem.points.max()))
    gone = data.draw(st.lists(st.sampled_from(range(len(there))), max_size=3, unique=True)) if len(there) else []
    people = data.draw(st.lists(st.sampled_from(people_of(problem)), max_size=2, unique=True))
    limited = [int(p) for p, u in zip(problem.prescribers, problem.unlimited, strict=True) if not u]
    rooms = data.draw(st.dictionaries(st.sampled_from(limited), st.integers(0, 4))) if limited else {}
    answer = answers.changed(without=people, gone=gone, come=coming(problem, later), capacity=rooms)
    whole = np.zeros(len(problem.row), bool)
    whole[there[used]] = True
    agrees(problem, whole, answer, people, there[gone].tolist(), rooms)
    assert answers.changed() == Rematch(answers.teamed, answers.points, (), ()), "the plan itself has changed"


def coming(problem: Market, edges: Sequence[int]) -> Coming:
    """Edges of a market, as links that come."""
    return Coming(
        np.zeros(len(edges), np.int64), problem.prescribers[problem.prescriber[edges]],
        problem.therapists[problem.therapist[edges]], problem.points[edges],
    )  # fmt: skip


def agrees_when_they_come(problem: Market, later: Sequence[int]) -> None:
    """Without some edges at first, then with them."""
    before, there = rest(problem, gone=later)
    whole = np.zeros(len(problem.row), bool)
    whole[there[solved(before)]] = True
    answers = Solved(before, solved(before), most_points=int(problem.points.max()))
    agrees(problem, whole, answers.changed(come=coming(problem, later)))
    assert answers.changed() == Rematch(answers.teamed, answers.points, (), ()), "the plan itself has changed"


@MANY
@given(one_partner, st.data())
def test_what_one_person_is_offered(problem: Market, data: st.DataObject) -> None:
    """All of one person's links come, or some: more than they have places, or fewer."""
    ends = [(problem.prescriber, p) for p in range(len(problem.prescribers))]
    ends += [(problem.therapist, t) for t in range(len(problem.therapists))]
    for end, node in ends:
        theirs = np.flatnonzero(end == node).tolist()
        if theirs:
            agrees_when_they_come(problem, theirs)
            agrees_when_they_come(problem, data.draw(st.lists(st.sampled_from(theirs), min_size=1, unique=True)))


@pytest.mark.parametrize("seed", range(4))
def test_what_people_are_offered_where_there_are_many(seed: int) -> None:
    problem = large(seed, 18, 45, 0.15)
    rng = np.random.default_rng(seed)
    for p in range(len(problem.prescribers)):
        theirs = np.flatnonzero(problem.prescriber == p)
        agrees_when_they_come(problem, theirs.tolist())
        agrees_when_they_come(problem, theirs[rng.random(len(theirs)) < 0.5].tolist())
        several = problem.prescriber == p
        several |= (problem.prescriber == (p + 1) % 18) & (rng.random(len(several)) < 0.5)
        several |= problem.therapist == p
        agrees_when_they_come(problem, np.flatnonzero(several).tolist())


@MANY
@given(tiny_markets, st.data())
def test_of_equal_plans_with_what_comes_the_one_with_fewest_of_it(problem: Market, data: st.DataObject) -> None:
    later = data.draw(st.lists(st.sampled_from(range(len(problem.row))), min_size=1, unique=True))
    before, there = rest(problem, gone=later)
    used = np.zeros(len(problem.row), bool)
    used[there[solved(before)]] = True

    def rank(plan: Used) -> tuple[int, int, int, int]:
        changes = int((plan & ~used).sum())
        return -int(plan.sum()), -int(problem.points[plan].sum()), changes, draw_sum(problem, plan, salt_of(problem))

    best = min(every_plan(problem), key=rank)
    answers = Solved(before, solved(before), most_points=int(problem.points.max()))
    answer = answers.changed(come=coming(problem, later))
    assert list(answer.came) == triples(problem, np.flatnonzero(best & ~used))
    assert list(answer.left) == triples(problem, np.flatnonzero(used & ~best))


def test_whoever_comes_takes_one_of_the_places_that_come_too() -> None:
    problem = a_market([(0, 0, 5), (0, 1, 5), (0, 2, 3), (1, 2, 1)], [0, 0])
    before, _ = rest(problem, gone=[2])
    answer = Solved(before, solved(before)).changed(capacity={0: 3}, come=coming(problem, [2]))
    assert (answer.teamed, answer.points) == (3, 13)


def test_a_place_stays_free_where_all_who_are_offered_it_have_a_better_offer() -> None:
    offers = [(0, 0, 600), (0, 1, 600), (1, 0, 100), (1, 1, 100)]
    problem = a_market([*offers, (2, 2, 7)], [None, 1, 1])
    agrees_when_they_come(problem, [0, 1, 2, 3])


@given(tiny_markets, st.data())
def test_of_equal_plans_the_one_with_fewest_changes_then_the_least_draw(problem: Market, data: st.DataObject) -> None:
    used = solved(problem)
    answers = Solved(problem, used)
    gone = data.draw(st.lists(st.sampled_from(people_of(problem)), min_size=1, max_size=2, unique=True))
    left, edges = rest(problem, without=gone)

    def rank(plan: Used) -> tuple[int, int, int, int]:
        changes = int((~used[edges[plan]]).sum())
        return -int(plan.sum()), -int(left.points[plan].sum()), changes, draw_sum(left, plan, salt_of(problem))

    best = min(every_plan(left), key=rank)
    came = [e for e in edges[best] if not used[e]]
    assert list(answers.without(gone).came) == triples(problem, came)


def nearest_to(problem: Market, used: Used, without: Iterable[int]) -> list[tuple[int, int, int]]:
    """The links that come in the best plan nearest to the present one: a link of it is worth a bit more in points."""
    left, edges = rest(problem, without)
    finer = attrs.evolve(left, points=left.points * 1000 + used[edges])
    finer = attrs.evolve(finer, teamed_worth=1 + int(finer.points.max(initial=0)) * max(1, len(finer.therapists)))
    return triples(problem, [e for e in edges[solved(finer)] if not used[e]])


@pytest.mark.parametrize("seed", range(8))
def test_who_steps_in_where_there_are_many_ways(seed: int) -> None:
    """Few different points, so that most re-matches have many equals, of one change or of several."""
    problem = large(seed, 14, 30, 0.2)
    problem = attrs.evolve(problem, points=problem.points // (200, 1001)[seed % 2])
    if seed > 3:  # too few places
        few = np.minimum(problem.capacity, 1 + seed % 3)
        problem = attrs.evolve(problem, capacity=few, unlimited=np.zeros(len(few), bool))
    used = solved(problem)
    answers = Solved(problem, used)
    rng = np.random.default_rng(seed)
    for person in people_of(problem):
        assert list(answers.without([person]).came) == nearest_to(problem, used, [person])
        others = [person, *rng.choice(people_of(problem), 3, replace=False).tolist()]
        assert list(answers.without(others).came) == nearest_to(problem, used, others)


@MANY
@given(one_partner)
def test_the_loss_of_a_therapist_is_their_price(problem: Market) -> None:
    used = solved(problem)
    prices, answers = least_prices(problem, used), Solved(problem, used)
    for node, person in enumerate(problem.therapists.tolist()):
        answer = answers.without([person])
        before, after = (problem.teamed_worth * x.teamed + x.points for x in (answers, answer))
        assert before - after == prices.therapists[node]
        assert divmod(after, problem.teamed_worth) == (answer.teamed, answer.points)


@MANY
@given(one_partner)
def test_a_place_more_is_worth_its_price(problem: Market) -> None:
    used = solved(problem)
    prices, answers = least_prices(problem, used), Solved(problem, used)
    for node in np.flatnonzero(~problem.unlimited):
        after = answers.with_place(int(problem.prescribers[node]))
        gain = problem.teamed_worth * (after.teamed - answers.teamed) + after.points - answers.points
        assert gain == prices.prescribers[node]


@MANY
@given(one_partner, st.data())
def test_an_absence_may_stand_while_more_is_asked(problem: Market, data: st.DataObject) -> None:
    used = solved(problem)
    answers = Solved(problem, used)
    first, second, third = (data.draw(st.sampled_from(people_of(problem))) for _ in range(3))
    with answers.absent([first]):
        agrees(problem, used, answers.without([second]), without=[first, second])
        with answers.absent([second]):
            agrees(problem, used, answers.without([third]), without=[first, second, third])
        agrees(problem, used, answers.without([]), without=[first])
    agrees(problem, used, answers.without([third]), without=[third])


def loss(answers: Solved, people: Sequence[int]) -> tuple[int, int]:
    found = answers.without(people)
    return answers.teamed - found.teamed, answers.points - found.points


@MANY
@given(one_partner)
def test_losses_add_up_where_one_search_does_not_see_what_the_other_changes(problem: Market) -> None:
    answers = Solved(problem, solved(problem))
    reach = {p: answers.reach(p) for p in people_of(problem)}
    for a in reach:
        for b in reach:
            if a < b and (not reach[a][0] & reach[b][1] or not reach[b][0] & reach[a][1]):
                alone = np.add(loss(answers, [a]), loss(answers, [b]))
                assert loss(answers, [a, b]) == tuple(alone)


@pytest.mark.parametrize("seed", range(4))
def test_larger_markets(seed: int) -> None:
    problem = large(seed, 25, 60, 0.12)
    used = solved(problem)
    answers = Solved(problem, used)
    rng = np.random.default_rng(seed)
    for person in people_of(problem):
        agrees(problem, used, answers.without([person]), without=[person])
        others = [person, *rng.choice(people_of(problem), 4, replace=False).tolist()]
        agrees(problem, used, answers.without(others), without=others)


# --- What is held, solos, several partners ------------------------------------------------------------------


@MANY
@given(one_partner, st.data())
def test_held_edges_stay_while_both_are_there(problem: Market, data: st.DataObject) -> None:
    chosen = data.draw(st.lists(st.sampled_from(range(len(problem.row))), max_size=4, unique=True))
    held = np.zeros(len(problem.row), bool)
    for e in chosen:
        held[e] = True
        held[e] = is_plan(problem, held)
    bonus = attrs.evolve(problem, points=problem.points + 10_000_000 * held)
    forced = attrs.evolve(bonus, teamed_worth=1 + int(bonus.points.max(initial=0)))

    def best(left: Market) -> Used:
        """Most held, then most teamed: the worth of held edges is above all others."""
        plans = [p for p in every_plan(left) if held[left.row][p].sum() == held[left.row].sum()]
        return max(plans, key=lambda p: (int(p.sum()), int(left.points[p].sum())))

    if len(problem.row) > 9:
        return
    used = best(problem)
    answers = Solved(problem, used, held)
    assert forced.teamed_worth > 0
    for person in people_of(problem):
        left, edges = rest(problem, without=[person])
        answer, expected = answers.without([person]), best(left)
        assert (answer.teamed, answer.points) == (int(expected.sum()), int(left.points[expected].sum()))
        now = {*triples(problem, np.flatnonzero(used))} - {*answer.left} | {*answer.came}
        assert {*triples(problem, [e for e in edges if held[e]])} <= now


def as_both(problem: Market, one: int) -> Market:
    """The same market where the first therapist is one of the prescribers."""
    therapists = problem.therapists.copy()
    therapists[0] = problem.prescribers[one % len(problem.prescribers)]
    return attrs.evolve(problem, therapists=therapists)


@MANY
@given(one_partner, st.integers(0, 5), st.data())
def test_one_person_may_be_both(problem: Market, one: int, data: st.DataObject) -> None:
    used = solved(problem)
    both = as_both(problem, one)
    answers = Solved(both, used)
    for person in {*people_of(both)}:
        agrees(both, used, answers.without([person]), without=[person])
    gone = data.draw(st.lists(st.sampled_from(people_of(both)), max_size=3, unique=True))
    agrees(both, used, answers.without(gone), without=gone)


@given(markets().filter(lambda m: m.units[0] > 1), st.data())
def test_with_several_partners_each_answer_is_a_new_solve(problem: Market, data: st.DataObject) -> None:
    used = solved(problem)
    answers = Solved(problem, used)
    assert answers.again
    for person in people_of(problem):
        agrees(problem, used, answers.without([person]), without=[person])
    gone = data.draw(st.lists(st.sampled_from(range(len(used))), max_size=3, unique=True))
    agrees(problem, used, answers.changed(gone=gone), gone=gone)
    p, room = int(problem.prescribers[0]), int(problem.capacity[0])
    if not problem.unlimited[0]:
        agrees(problem, used, answers.with_place(p), capacity={p: room + 1})
    with pytest.raises(ValueError, match="several partners"), answers.absent([p]):
        pass


def test_a_market_without_links_has_nothing_to_lose() -> None:
    nothing, _ = rest(a_market([(0, 0, 5)], [1]), gone=[0])
    answers = Solved(nothing, np.zeros(0, bool))
    assert answers.without([0]) == answers.without([0, 1]) == Rematch(0, 0, (), ())


def test_a_link_that_comes_with_more_points_than_was_foreseen_is_refused() -> None:
    problem = a_market([(0, 0, 5)], [1])
    one = np.array([1])
    with pytest.raises(ValueError, match="most_points"):
        Solved(problem, solved(problem)).changed(come=Coming(one - 1, one - 1, one, one * 6))
