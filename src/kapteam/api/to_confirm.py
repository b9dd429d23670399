"""What confirming an unknown fact would add, with the question that a person asks."""

from __future__ import annotations

import attrs
from attrs import frozen

from kapteam.matching.confirm import IfConfirmed
from kapteam.matching.match import Plan
from kapteam.show.plan import worth_asking


@frozen
class ToConfirm(IfConfirmed):
    """What one fact would add, in words as well; it prints as them.

    Attributes
    ----------
    words : str
        Whom to ask and what, and what a good answer adds.
    """

    words: str

    def __str__(self) -> str:
        return self.words


def to_confirm(plan: Plan) -> list[ToConfirm]:
    """The facts of a plan's :attr:`~kapteam.matching.match.Plan.if_confirmed`, with their words."""
    facts = plan.links.facts
    return [ToConfirm(**attrs.asdict(fact), words=worth_asking(facts, fact)) for fact in plan.if_confirmed]
