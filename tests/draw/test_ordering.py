"""Who stands next to whom in a lane: nobody lost, teams together, and no neighbours better exchanged."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import combinations

import pytest
from attrs import evolve, frozen
from hypothesis import given
from hypothesis import strategies as st

from clinics import wide
from kapteam.draw.ordering import Block, Lane, Lines, crossings, ordered, places

Line = tuple[int, int, bool]


@frozen
class Case:
    """A lane as it might come, with its lines."""

    lane: Lane
    lines: Sequence[Line]
    people: tuple[int, int]


@st.composite
def cases(draw: st.DrawFn) -> Case:
    left, right = draw(st.integers(0, 5)), draw(st.integers(0, 7))
    team_of = [draw(st.sampled_from([None, *range(left)])) for _ in range(right)]
    others = draw(st.sets(st.tuples(st.integers(0, max(0, left - 1)), st.integers(0, max(0, right - 1))), max_size=14))
    lines = [(p, t, True) for t, p in enumerate(team_of) if p is not None]
    if left and right:
        lines += [(p, t, False) for p, t in sorted(others) if team_of[t] != p]
    members = {p: tuple(t for t, of in enumerate(team_of) if of == p) for p in range(left)}
    lane = Lane(
        tuple(Block((p,), those) for p, those in members.items() if those),
        tuple(p for p, those in members.items() if not those),
        tuple(t for t, of in enumerate(team_of) if of is None),
    )
    return Case(lane, lines, (left, right))


def counted(lane: Lane, case: Case) -> int:
    """Crossings pair by pair, as a child counts them; a team's line counts four times."""
    left, right = rows(lane)
    total = 0
    for (a, b, team), (c, d, other) in combinations(case.lines, 2):
        if (left[a] - left[c]) * (right[b] - right[d]) < 0:
            total += (4 if team else 1) * (4 if other else 1)
    return total


def length(lane: Lane, case: Case) -> float:
    left, right = rows(lane)
    return sum((4 if team else 1) * abs(left[a] - right[b]) for a, b, team in case.lines)


def rows(lane: Lane) -> tuple[dict[int, float], dict[int, float]]:
    """The row of everybody, written down from above."""
    left: dict[int, float] = {}
    right: dict[int, float] = {}
    row = 0
    for block in lane.teams:
        left[block.left[0]] = row + (len(block.right) - 1) / 2
        for t in block.right:
            right[t] = row
            row += 1
    left |= {p: row + i for i, p in enumerate(lane.left)}
    right |= {t: row + i for i, t in enumerate(lane.right)}
    return left, right


def neighbours(lane: Lane) -> Iterator[Lane]:
    def swaps(those: tuple[object, ...]) -> Iterator[tuple[object, ...]]:
        for i in range(len(those) - 1):
            yield (*those[:i], those[i + 1], those[i], *those[i + 2 :])

    yield from (evolve(lane, teams=teams) for teams in swaps(lane.teams))
    yield from (evolve(lane, left=left) for left in swaps(lane.left))
    yield from (evolve(lane, right=right) for right in swaps(lane.right))
    for n, block in enumerate(lane.teams):
        for right in swaps(block.right):
            yield evolve(lane, teams=(*lane.teams[:n], evolve(block, right=right), *lane.teams[n + 1 :]))


@wide(4)
@given(cases())
def test_an_order_keeps_everybody_and_teams_and_no_exchange_makes_it_better(case: Case) -> None:
    found = ordered(case.lane, Lines.of(case.lines), case.people)
    assert {(b.left, frozenset(b.right)) for b in found.teams} == {
        (b.left, frozenset(b.right)) for b in case.lane.teams
    }
    assert (sorted(found.left), sorted(found.right)) == (sorted(case.lane.left), sorted(case.lane.right))
    reached = counted(found, case), length(found, case)
    assert reached <= (counted(case.lane, case), length(case.lane, case))
    for other in neighbours(found):
        assert reached <= (counted(other, case), length(other, case) + 1e-9)
    assert ordered(case.lane, Lines.of(case.lines), case.people) == found


@given(cases())
def test_crossings_are_counted_as_pair_by_pair(case: Case) -> None:
    left, right = places(case.lane, case.people)
    by_hand = rows(case.lane)
    assert {i: left[i] for i in range(len(left))} == pytest.approx(by_hand[0])
    assert {i: right[i] for i in range(len(right))} == pytest.approx(by_hand[1])
    if case.lines:
        assert crossings(left, right, Lines.of(case.lines)) == counted(case.lane, case)


def test_two_teams_that_are_told_crosswise_change_places() -> None:
    lane = Lane((Block((0,), (0,)), Block((1,), (1,))), (2,), (2, 3))
    lines = [(0, 0, True), (1, 1, True), (2, 0, False), (0, 3, False), (1, 2, False)]
    case = Case(lane, lines, (3, 4))
    found = ordered(lane, Lines.of(lines), (3, 4))
    assert counted(found, case) < counted(lane, case)
