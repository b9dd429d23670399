"""Who stands next to whom in a lane, so that few lines cross: teams stay together, and all else follows its lines.

Barycentres in turn until nothing moves (Sugiyama, Tagawa and Toda, IEEE Trans. SMC 11(2), 1981), then neighbours are
exchanged while that helps (greedy switching: Eades and Kelly, Ars Combinatoria 21-A, 1986). Equals keep the order in
which they came, so the same lane is always ordered alike.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from functools import partial
from typing import TypeAlias, TypeVar

import numpy as np
from attrs import evolve, frozen
from numpy.typing import NDArray

_SWEEPS = 12
#: Lines up to which neighbours are exchanged: counting crossings takes their square.
_EXCHANGED = 250
#: What a team's line that is crossed counts beside any other.
_TEAM = 4

Ys: TypeAlias = NDArray[np.float64]
T = TypeVar("T")


@frozen
class Block:
    """People who stay together: a team, or somebody alone.

    Attributes
    ----------
    left, right : tuple of int
        Prescribers and therapists, as numbers of this lane, in order.
    """

    left: tuple[int, ...] = ()
    right: tuple[int, ...] = ()

    @property
    def rows(self) -> int:
        """How many rows it takes."""
        return max(len(self.left), len(self.right))


@frozen
class Lane:
    """The order of a lane: teams from above, and beneath them those who are in none here, side by side."""

    teams: tuple[Block, ...]
    left: tuple[int, ...]
    right: tuple[int, ...]


@frozen(eq=False)
class Lines:
    """The lines of a lane: their two ends, as numbers of this lane, and how much each counts."""

    left: NDArray[np.int64]
    right: NDArray[np.int64]
    weight: NDArray[np.int64]

    @classmethod
    def of(cls, lines: Sequence[tuple[int, int, bool]]) -> Lines:
        """From (prescriber, therapist, whether it is a team's)."""
        ends = np.array([line[:2] for line in lines], np.int64).reshape(-1, 2)
        return cls(ends[:, 0], ends[:, 1], np.array([_TEAM if line[2] else 1 for line in lines], np.int64))


def ordered(lane: Lane, lines: Lines, people: tuple[int, int]) -> Lane:
    """The lane in an order in which few of its lines cross.

    Parameters
    ----------
    lane : Lane
    lines : Lines
    people : (int, int)
        How many prescribers and therapists it has.
    """

    def cost(one: Lane) -> tuple[int, float]:
        left, right = places(one, people)
        return crossings(left, right, lines), float((lines.weight * abs(left[lines.left] - right[lines.right])).sum())

    if not len(lines.left):
        return lane
    many = len(lines.left) > _EXCHANGED
    best, least = lane, (0, 0.0) if many else cost(lane)
    now = lane
    for _ in range(_SWEEPS):
        now = _by_barycentres(now, lines, people)
        reached = (0, 0.0) if many else cost(now)
        if many or reached < least:
            best, least = now, reached
    return best if many else _exchanged(best, least, cost)


def places(lane: Lane, people: tuple[int, int]) -> tuple[Ys, Ys]:
    """The row of each prescriber and of each therapist; a prescriber stands in the middle of their team."""
    left, right = np.zeros(people[0]), np.zeros(people[1])
    row = 0
    for block in lane.teams:
        for side, those in ((left, block.left), (right, block.right)):
            for i, one in enumerate(those):
                side[one] = row + (block.rows - len(those)) / 2 + i
        row += block.rows
    left[list(lane.left)] = row + np.arange(len(lane.left))
    right[list(lane.right)] = row + np.arange(len(lane.right))
    return left, right


def crossings(left: Ys, right: Ys, lines: Lines) -> int:
    """How many pairs of lines cross, each counted as much as both count."""
    a, b = left[lines.left], right[lines.right]
    cross = np.subtract.outer(a, a) * np.subtract.outer(b, b) < 0
    return int(lines.weight @ cross @ lines.weight) // 2


def _by_barycentres(lane: Lane, lines: Lines, people: tuple[int, int]) -> Lane:
    left, right = places(lane, people)
    to_left = _means(lines.left, right[lines.right], left)
    to_right = _means(lines.right, left[lines.left], right)
    teams = [evolve(b, right=tuple(sorted(b.right, key=lambda t: to_right[t]))) for b in lane.teams]

    def pull(block: Block) -> float:
        return float(np.mean([*(to_left[p] for p in block.left), *(to_right[t] for t in block.right)]))

    return Lane(
        tuple(sorted(teams, key=pull)),
        tuple(sorted(lane.left, key=lambda p: to_left[p])),
        tuple(sorted(lane.right, key=lambda t: to_right[t])),
    )


def _means(ends: NDArray[np.int64], others: Ys, own: Ys) -> Ys:
    """The mean place of the other ends of everyone's lines; their own place where they have none."""
    count = np.bincount(ends, minlength=len(own))
    total = np.bincount(ends, others, minlength=len(own))
    return np.where(count > 0, total / np.maximum(count, 1), own)


def _exchanged(lane: Lane, least: tuple[int, float], cost: Callable[[Lane], tuple[int, float]]) -> Lane:
    """Neighbours change places as long as that makes it better."""
    better = True
    while better:
        better = False
        for exchange in _exchanges(lane):
            other = exchange(lane)
            reached = cost(other)
            if reached < least:
                lane, least, better = other, reached, True
    return lane


def _exchanges(lane: Lane) -> Iterator[Callable[[Lane], Lane]]:
    """Every change of two neighbours: of teams, in a team, and of those who are in none."""
    yield from (partial(_teams_changed, i=i) for i in range(len(lane.teams) - 1))
    for number in range(len(lane.teams)):
        # Another team may have come to stand here meanwhile, so as many as the largest has.
        most = max(len(block.right) for block in lane.teams)
        yield from (partial(_team_changed, number=number, i=i) for i in range(most - 1))
    yield from (partial(_left_changed, i=i) for i in range(len(lane.left) - 1))
    yield from (partial(_right_changed, i=i) for i in range(len(lane.right) - 1))


def _teams_changed(lane: Lane, i: int) -> Lane:
    return evolve(lane, teams=_swapped(lane.teams, i))


def _team_changed(lane: Lane, number: int, i: int) -> Lane:
    block = evolve(lane.teams[number], right=_swapped(lane.teams[number].right, i))
    return evolve(lane, teams=(*lane.teams[:number], block, *lane.teams[number + 1 :]))


def _left_changed(lane: Lane, i: int) -> Lane:
    return evolve(lane, left=_swapped(lane.left, i))


def _right_changed(lane: Lane, i: int) -> Lane:
    return evolve(lane, right=_swapped(lane.right, i))


def _swapped(those: tuple[T, ...], i: int) -> tuple[T, ...]:
    """With two neighbours exchanged; as they were where there are none."""
    if i + 1 >= len(those):
        return those
    return (*those[:i], those[i + 1], those[i], *those[i + 2 :])
