"""What one more of a limit would add to a plan."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

from attrs import define, field

from kapteam.sessions.engine import Limits, best
from kapteam.sessions.meets import Group
from kapteam.sessions.model import model
from kapteam.sessions.program import split

if TYPE_CHECKING:
    from kapteam.sessions.schedule import Schedule

#: Changed plans that are looked for, and branches in each part of one: limits that are the same everywhere.
_CHANGES, _NODES = 24, 2000
#: Columns of a part from which on it is not solved anew.
_LARGE = 4000
#: What a limit's own number may be raised by one of.
_RAISED = ("rooms", "max_sessions_per_week", "max_sessions_per_day", "max_concurrent_dosing", "concurrency")


@define(eq=False, slots=False)
class Gains:
    """Solves changed plans; of parts that the change leaves alone it takes what the plan reaches.

    Attributes
    ----------
    plan : Schedule
    left : int
        How many changes may still be looked at.
    """

    plan: Schedule
    left: int = _CHANGES
    _known: dict[Group, int] = field(factory=dict, init=False)

    def of(self, change: Group) -> int:
        """How much value one more of a limit would add to the whole plan; 0 as well where it is not certain."""
        if change not in self._known:
            sure = self.plan.solved.levels["value"].proven
            able = sure and self.left > 0 and change[0] in _RAISED and not self.moves_starts(change)
            able = able and self.plan.model.program.columns <= 10 * _LARGE
            self._known[change] = self.added(change) if able else 0
        return self._known[change]

    def added(self, change: Group) -> int:
        """The same, looked for."""
        plan, total = self.plan, 0
        self.left -= 1
        changed = model(plan.days, plan.there, plan.kinds, plan.found, plan.keeping.held, (), change).program
        for _, part in split(changed):
            key = part.fingerprint()
            if key not in self.worth and part.columns > _LARGE:
                return 0
            if key not in self.worth:
                found = best(part, part.value, Limits(nodes=_NODES))
                self.worth[key] = found.worth if found.proven else None
            worth = self.worth[key]
            if worth is None:
                return 0
            total += worth
        return total - plan.solved.levels["value"].reached

    def moves_starts(self, change: Group) -> bool:
        """Whether with it other starts might matter: some sessions may then begin where a dosing part ends."""
        limit, whose = change
        roster, facts = self.plan.days.roster, self.plan.days.facts(0)
        overseeing = limit in ("concurrency", "max_concurrent_dosing")
        return overseeing and roster.people[facts.people[whose]].max_concurrent_dosing is not None

    @cached_property
    def worth(self) -> dict[bytes, int | None]:
        """What each part of a program is worth; None where it is not proven."""
        parts, x = split(self.plan.model.program), self.plan.solved.x
        return {part.fingerprint(): int(part.value @ x[columns]) for columns, part in parts}
