"""Prices that prove an optimum: anyone can add them up, whatever found the teams."""

from __future__ import annotations

import numpy as np
from attrs import frozen

from kapteam.columns.lookup import Index
from kapteam.matching.apart import P, Part
from kapteam.matching.market import Problem, Used, load


@frozen(eq=False)
class Prices:
    """The least dual prices of an optimum.

    Attributes
    ----------
    teamed, points : int
        The optimum they prove.
    prescribers, therapists : array of int
        By node: y and z.
    pairs : array of int
        By edge: x, which is not 0 only where a therapist may have several partners.
    """

    teamed: int
    points: int
    prescribers: Index
    therapists: Index
    pairs: Index

    def of_part(self, part: Part[P], used: Used) -> Prices:
        """The prices of some parts of the market, which prove what the plan has of these."""
        mine = used[part.edges]
        return Prices(
            int(mine.sum()),
            int(part.problem.points[mine].sum()),
            self.prescribers[part.prescribers],
            self.therapists[part.therapists],
            self.pairs[part.edges],
        )


def least_prices(problem: Problem, used: Used) -> Prices:
    """The least prices y of prescribers that prove ``used`` best, with the greatest z and least x for them.

    From y = 0 every price rises only as far as an unused edge forces it to: y >= v - z, where z, of a therapist
    whose units are all used, is the least of v - y over the edges used, and otherwise 0 (the fixpoint of Bellman
    and Ford on the residual graph, so the least one; y least and z greatest go together in the lattice of duals).
    """
    worth = problem.teamed_worth + problem.points
    y = np.zeros(len(problem.prescribers), np.int64)
    _, taken = load(problem, used)
    full = taken == problem.units
    mine = np.flatnonzero(used)
    rest = np.flatnonzero(~used)
    z = _highest(problem, worth, y, mine, full)
    changed = np.ones(len(problem.therapists), bool)
    while True:
        edges = rest[changed[problem.therapist[rest]]]
        wanted = worth[edges] - z[problem.therapist[edges]]
        raised = y.copy()
        np.maximum.at(raised, problem.prescriber[edges], wanted)
        if (raised == y).all():
            break
        y = raised
        before, z = z, _highest(problem, worth, y, mine, full)
        changed = before != z
    x = np.zeros(problem.edges, np.int64)
    x[mine] = np.maximum(0, worth[mine] - y[problem.prescriber[mine]] - z[problem.therapist[mine]])
    return Prices(len(mine), int(problem.points[mine].sum()), y, z, x)


def proves(problem: Problem, prices: Prices) -> bool:
    """Whether the prices are in order and their sum is the objective: then no plan is better.

    By weak duality: every edge of any plan is worth at most what is paid for its two ends and itself.
    """
    worth = problem.teamed_worth + problem.points
    paid = prices.prescribers[problem.prescriber] + prices.therapists[problem.therapist] + prices.pairs
    total = int((problem.capacity * prices.prescribers).sum() + (problem.units * prices.therapists).sum())
    return bool(
        (prices.prescribers >= 0).all()
        and (prices.therapists >= 0).all()
        and (prices.pairs >= 0).all()
        and (prices.prescribers[problem.unlimited] == 0).all()
        and (paid >= worth).all()
        and total + int(prices.pairs.sum()) == problem.teamed_worth * prices.teamed + prices.points
    )


def _highest(problem: Problem, worth: Index, y: Index, mine: Index, full: Used) -> Index:
    """The highest price that each therapist can bear: what the worst of their used edges leaves."""
    z = np.full(len(problem.therapists), np.iinfo(np.int64).max, np.int64)
    np.minimum.at(z, problem.therapist[mine], worth[mine] - y[problem.prescriber[mine]])
    return np.where(full & (problem.units > 0), z, 0)
