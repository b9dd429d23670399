"""The two absences that together lose most, exactly, though few of all pairs are looked at."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

from kapteam.matching.reoptimise import Solved

#: Therapists teamed, then points: pairs of numbers compare as the objective does.
Loss = tuple[int, int]


def worst_two(solved: Solved, people: Iterable[int]) -> tuple[int, int] | None:
    """The two people, by code, whose absence together loses most: of equal pairs the least by their ids, sorted.

    Parameters
    ----------
    solved : Solved
    people : iterable of int
        Among whom to look.

    Returns
    -------
    pair of int or None
        None where no two lose anything.

    Notes
    -----
    Where what one absence changes was not looked at to mend the other, the two losses add up; of these pairs only the
    first that reach the best sum count. Of all others a bound is known: no more can be lost than the places that stand
    on the two. They are tried by their bounds, the greatest first, until none can be better.
    """
    codes = sorted(set(people))
    alone = {p: loss_without(solved, (p,)) for p in codes}
    reach = {p: solved.reach(p) for p in codes}
    best: Loss = (0, 0)
    pair: tuple[int, int] | None = None

    def offer(loss: Loss, a: int, b: int) -> None:
        nonlocal best, pair
        two = (min(a, b), max(a, b))
        if loss > best or (loss == best and pair is not None and two < pair):
            best, pair = loss, two

    def meet(a: int, b: int) -> bool:
        return not (reach[a][0].isdisjoint(reach[b][1]) or reach[b][0].isdisjoint(reach[a][1]))

    order = sorted(codes, key=lambda p: (-alone[p][0], -alone[p][1], p))
    for i, a in enumerate(order):
        for b in order[i + 1 :]:
            loss = _sum(alone[a], alone[b])
            if loss < best:
                break
            if not meet(a, b):
                offer(loss, a, b)
                break  # with a, no later one loses more, or as much and comes before
    looked_at = defaultdict(list)
    for p in codes:
        for node in reach[p][1]:
            looked_at[node].append(p)
    near = sorted(
        (-places, -points, a, b)
        for a in codes
        for b in {b for node in reach[a][0] for b in looked_at[node] if b > a}
        if meet(a, b)
        for places, points in [solved.worth_of(solved.places(a) | solved.places(b))]
        if (places, points) >= best
    )
    for places, points, a, b in near:
        if (-places, -points) < best:
            break
        with solved.absent((a,)):
            if _sum(alone[a], solved.worth_of(solved.places(b))) >= best:
                offer(loss_without(solved, (b,)), a, b)
    return pair


def loss_without(solved: Solved, people: Iterable[int]) -> Loss:
    """What the plan loses without some people, after the best re-match."""
    found = solved.without(people)
    return solved.teamed - found.teamed, solved.points - found.points


def _sum(a: Loss, b: Loss) -> Loss:
    return a[0] + b[0], a[1] + b[1]
