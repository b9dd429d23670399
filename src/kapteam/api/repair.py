"""What to mend, as an answer that can be looked at."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from attrs import define

from kapteam.advice.changes import Change, applied
from kapteam.advice.repair import Repair, Repairs
from kapteam.api.provenance import Traced
from kapteam.api.shown import Document
from kapteam.records.roster import Roster
from kapteam.show.repair import answer, shown_repair


@define(eq=False, repr=False)
class RepairPlan(Document, Traced):
    """For each cost the changes that add most teams; iterating gives :class:`~kapteam.advice.repair.Repair` records.

    Attributes
    ----------
    found : Repairs
        The same as facts.
    """

    found: Repairs

    def __len__(self) -> int:
        return len(self.found.frontier)

    def __iter__(self) -> Iterator[Repair]:
        return iter(self.found.frontier)

    def __getitem__(self, number: int) -> Repair:
        return self.found.frontier[number]

    @property
    def offered(self) -> tuple[Change, ...]:
        """All that was considered, by what it is about."""
        return self.found.offered

    def after(self, step: Repair | Iterable[Change]) -> Roster:
        """The roster with the changes of one of the steps made, or with some of what is offered."""
        changes = step.changes if isinstance(step, Repair) else step
        return applied(self.found.links.facts.roster, changes)

    def as_dict(self) -> dict[str, Any]:
        """The steps as their JSON contract has them."""
        return self.found.as_dict()

    def shown(self) -> Iterable[Any]:
        """The answer, the steps, and what the last of them takes."""
        return shown_repair(self.found)

    def __repr__(self) -> str:
        return f"<RepairPlan: {answer(self.found)}>"
