"""The proof that no plan is better, as sums that anyone can add up."""

from __future__ import annotations

from attrs import frozen

from kapteam.matching.match import Plan

#: Prices above which only their sums are told.
MOST_PRICES = 400


@frozen
class Price:
    """What one person is charged for each therapist (or prescriber) that they may be teamed with.

    Attributes
    ----------
    practitioner, role : str
    price, times : int
    """

    practitioner: str
    role: str
    price: int
    times: int

    @property
    def sum(self) -> int:
        """Price times how often."""
        return self.price * self.times


@frozen
class Proof:
    """Prices whose sum no plan exceeds.

    Attributes
    ----------
    worth : int
        What one more therapist teamed is worth in points.
    prices : tuple of Price
        Those that are not 0: prescribers first; none where there are very many.
    total : int
        Their sum.
    of_pairs : int
        What is charged for pairs, where a therapist may have several partners.
    """

    worth: int
    prices: tuple[Price, ...]
    total: int
    of_pairs: int


def proof(plan: Plan) -> Proof | None:
    """The prices of a plan; None where there is none, pairs were held, or fairness was asked for."""
    if plan.conflicts or len(plan.held.rows) or plan.fairness is not None or not len(plan.rows):
        return None
    problem, prices, people = plan.problem, plan.prices, plan.links.facts.people
    found = [
        Price(people[person], role, int(price), int(times))
        for role, persons, each, often in (
            ("prescriber", problem.prescribers, prices.prescribers, problem.capacity),
            ("therapist", problem.therapists, prices.therapists, problem.units),
        )
        for person, price, times in zip(persons, each, often, strict=True)
        if price and times
    ]
    pairs = int(prices.pairs.sum())
    total = sum(p.sum for p in found) + pairs
    return Proof(problem.teamed_worth, tuple(found) if len(found) <= MOST_PRICES else (), total, pairs)
