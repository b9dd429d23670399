"""What absences and ends cost, as an answer that can be looked at."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from attrs import define

from kapteam.advice.resilience import Absence, Ending, Resilience, WorstTwo
from kapteam.api.provenance import Traced
from kapteam.api.shown import Document
from kapteam.matching.match import Plan
from kapteam.show.resilience import shown_resilience


@define(eq=False, repr=False)
class Absences(Document, Traced):
    """What each absence costs; iterating gives :class:`~kapteam.advice.resilience.Absence` records, by id."""

    plan: Plan
    answer: Resilience
    within: int

    @property
    def worst_two(self) -> WorstTwo | None:
        """The two whose absence together loses most."""
        return self.answer.worst_two

    @property
    def expiring(self) -> tuple[Ending, ...]:
        """What is lost when something ends, the worst first."""
        return self.answer.expiring

    def __len__(self) -> int:
        return len(self.answer.absences)

    def __iter__(self) -> Iterator[Absence]:
        return iter(self.answer.absences)

    def as_dict(self) -> dict[str, Any]:
        """The answer as its JSON contract has it."""
        return self.answer.as_dict()

    def __repr__(self) -> str:
        return repr(self.answer).replace("<Resilience", "<Absences")

    def shown(self) -> Iterable[Any]:
        """The worst absences first, with who would step in, and what ends soon."""
        return shown_resilience(self.plan, self.answer, self.within)
