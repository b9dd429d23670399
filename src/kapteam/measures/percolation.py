"""Percolation: how many therapists can still be teamed as prescribers stop, at random or the weightiest first."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

import numpy as np
from attrs import frozen
from numpy.typing import NDArray

from kapteam.measures.fill import Filling
from kapteam.measures.measure import Measure, Number, number
from kapteam.measures.usable import Usable

#: In how many steps a curve is told.
STEPS = 20
#: The band that is told of random orders: from this quantile to that.
BAND = (0.05, 0.95)


@frozen
class Point:
    """One point of a curve.

    Attributes
    ----------
    stopped : int
        How many prescribers have stopped.
    teamed : float or None
        The share of all therapists who can then be teamed; of random orders the mean.
    low, high : float or None
        The band of random orders; None where there is one order.
    """

    stopped: int
    teamed: Number
    low: Number
    high: Number


@frozen
class Percolation:
    """What one way of stopping does.

    Attributes
    ----------
    order : {"random", "load", "cost"}
        At random; those with most therapists in the plan first; those whose absence costs most first.
    draws : int
        Of how many orders; 1 where there is no chance in it.
    robustness : float or None
        The area under the curve, from 0 to the share at the beginning; of random orders the mean.
    low, high : float or None
        The band of it.
    curve : tuple of Point
    """

    order: str
    draws: int
    robustness: Number
    low: Number
    high: Number
    curve: tuple[Point, ...]

    def measures(self) -> Iterator[Measure]:
        """The area under the curve."""
        yield Measure(f"robustness_{self.order}", self.robustness, "share")


def percolation(
    usable: Usable, costs: Mapping[int, tuple[int, int]], draws: int, seed: int = 0
) -> tuple[Percolation, ...]:
    """The curve of each way of stopping; the random one only where there are draws.

    Parameters
    ----------
    usable : Usable
    costs : mapping of int to (int, int)
        What each prescriber's absence costs, by code.
    draws : int
        How many random orders.
    seed : int

    Notes
    -----
    Exact at every step, by :class:`~kapteam.measures.fill.Filling`: the order is gone through from its end, as who
    stops last comes first. Who also sits remains a therapist. Orders by load and cost are fixed before anybody stops;
    of equals the first by id stops first.
    """
    linked = usable.linked.tolist()
    filling = Filling(*usable.pairs, usable.room)
    load = np.bincount(usable.links.pairs.prescriber_person[usable.plan.rows], minlength=len(usable.facts.people))
    by_load = sorted(linked, key=lambda p: (-load[p], p))
    by_cost = sorted(linked, key=lambda p: (-costs[p][0], -costs[p][1], p))
    therapists = len(usable.therapists)
    found = []
    if draws:
        curves = [_curve(filling, random_order(linked, seed, draw), therapists) for draw in range(draws)]
        found.append(_told("random", curves))
    found += [_told(name, [_curve(filling, of, therapists)]) for name, of in (("load", by_load), ("cost", by_cost))]
    return tuple(found)


def random_order(people: Sequence[int], seed: int, draw: int) -> list[int]:
    """An order that is a function of seed and number alone."""
    order: list[int] = np.random.default_rng([seed, draw]).permutation(np.array(people, np.int64)).tolist()
    return order


def _curve(filling: Filling, order: Sequence[int], therapists: int) -> NDArray[np.float64]:
    """The share teamed when none of them has stopped, and after each."""
    teamed = filling.as_they_come(order[::-1])[::-1]
    return np.array(teamed, np.float64) / therapists if therapists else np.full(len(teamed), np.nan)


def _told(name: str, curves: Sequence[NDArray[np.float64]]) -> Percolation:
    every = np.array(curves)
    count = every.shape[1] - 1
    areas = every[:, 1:].mean(axis=1) if count else np.full(len(every), np.nan)
    several = len(every) > 1
    low, high = _band(areas) if several else (None, None)
    points = []
    for stopped in sorted({count * step // STEPS for step in range(STEPS + 1)}):
        here = every[:, stopped]
        points.append(Point(stopped, number(here.mean()), *(_band(here) if several else (None, None))))
    return Percolation(name, len(every), number(areas.mean()), low, high, tuple(points))


def _band(values: NDArray[np.float64]) -> tuple[Number, Number]:
    low, high = np.quantile(values, BAND)
    return number(low), number(high)
