"""A team of experts: who is there for which skill, and what it costs them to talk to one another."""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from functools import cached_property
from typing import Any

from attrs import field, frozen

from kapteam.baselines.experts import Experts
from kapteam.matching.communication import COSTS, Communication
from kapteam.records.problems import UsageError


def _sorted(seats: Mapping[str, int]) -> Mapping[str, int]:
    return dict(sorted(seats.items()))


@frozen(slots=False)
class ExpertTeam:
    """A team for some skills.

    Attributes
    ----------
    experts : Experts
    seats : dict of str to int
        By skill, in the order of their names: the code of who is there for it. One person may be there for several.
    connectors : tuple of int
        The codes of those who hold nothing that is asked for, and join the others in a tree.
    leader : int or None
        The code of who leads it, where somebody was chosen to; they need not be there for a skill.
    """

    experts: Experts = field(eq=False, repr=False)
    seats: Mapping[str, int] = field(converter=_sorted)
    connectors: tuple[int, ...] = ()
    leader: int | None = None

    @cached_property
    def holders(self) -> dict[str, Hashable]:
        """By skill: who is there for it."""
        return {skill: self.experts.names[code] for skill, code in self.seats.items()}

    @cached_property
    def people(self) -> tuple[Hashable, ...]:
        """Everyone in the team once, by their names; the leader too."""
        codes = {*self.seats.values(), *self.connectors, *(() if self.leader is None else (self.leader,))}
        return tuple(self.experts.names[code] for code in sorted(codes))

    def cost(self, measure: str) -> float:
        """A cost of the team as a number, in the lengths of the graph; see :meth:`units`."""
        return self.experts.distances.as_number(self.units(measure))

    def units(self, measure: str) -> int:
        """A cost of the team in whole units.

        Parameters
        ----------
        measure : {"sum", "diameter", "leader", "mst"}
            ``diameter``: the greatest distance of two who are there for a skill. ``mst``: the least spanning tree of
            everyone, connectors too (Lappas, Liu and Terzi 2009). ``sum``: the distances of all pairs of skills.
            ``leader``: of each skill to the leader (Kargar and An 2011); where nobody leads, to whom it is least.

        Notes
        -----
        Sum and leader distance count by skills, as the paper does: who is there for two counts twice. Those of a team
        of kapteam's own count by seats, which are different people. Where nobody is there for two skills, they agree.
        """
        if measure not in COSTS:
            raise UsageError(f"cost is one of {', '.join(COSTS)}; not {measure!r}")
        codes = list(self.seats.values())
        communication = Communication(measure, self.experts.distances)
        if measure == "leader":
            leaders = range(len(self.experts)) if self.leader is None else (self.leader,)
            return min(communication.of_team([leader, *codes]) for leader in leaders)
        return communication.of_team([*codes, *self.connectors] if measure == "mst" else codes)

    def as_dict(self) -> dict[str, Any]:
        """As plain values, with every cost."""
        return {
            "people": list(self.people),
            "holders": self.holders,
            "leader": None if self.leader is None else self.experts.names[self.leader],
            "costs": {measure: self.cost(measure) for measure in COSTS},
        }
