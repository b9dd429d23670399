"""One holder for each skill so that the pairs of them cost least: exact, by branch and bound."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Literal

from attrs import define, field

from kapteam.baselines.expert_team import ExpertTeam
from kapteam.baselines.experts import Experts
from kapteam.matching.branches import Cut, Effort

#: What is least: the greatest distance of two holders, or the sum of all distances.
Pairs = Literal["diameter", "sum"]
_Way = tuple[int, int]  # how far somebody is from those who have a seat (the greatest, or the sum), and who


@define(eq=False)
class Assignment:
    """The search for the holders that cost least.

    Attributes
    ----------
    experts : Experts
    asked : sequence of str
    measure : {"diameter", "sum"}
    effort : Effort
    best : ExpertTeam
        The best team found; before the search one to begin with.
    bound : int
        Which no team costs less than.

    Notes
    -----
    Branch and bound (Land and Doig 1960): the next seat is that of the skill for which the fewest people are left. No
    diameter is less than what a free seat's person has at least to those who are seated and to the nearest holders of
    the other free skills. A sum holds all of the former, and half of the latter. Who can be in no better team is left
    out of every branch below. Exponential in the number of skills where many teams cost alike.
    """

    experts: Experts
    asked: Sequence[str]
    measure: Pairs
    effort: Effort
    best: ExpertTeam
    bound: int = field(init=False)
    _least: int = field(init=False)

    def run(self) -> None:
        """Look until nothing better is left, or there is no effort left."""
        self._least = self.best.units(self.measure)
        self.bound = 0
        everyone = {skill: [(0, person) for person in self.experts.holders(skill)] for skill in self.asked}
        try:
            self._branch({}, 0, everyone)
            self.bound = self._least
        except Cut:
            self.bound = min(self.bound, self._least)

    def _branch(self, seats: dict[str, int], cost: int, free: Mapping[str, Sequence[_Way]]) -> None:
        self.effort.spend()
        if not free:
            self.best, self._least = ExpertTeam(self.experts, seats), cost
            return
        bounds = self._bounds(cost, free)
        left = {skill: [one for one in bounds[skill] if one[0] < self._least] for skill in free}
        skill = min(left, key=lambda skill: (len(left[skill]), skill))
        for bound, way, person in sorted(left[skill]):
            if bound >= self._least:  # something better was found meanwhile
                break
            if not seats:
                self.bound = bound  # the first seats are tried from the least bound up
            row, apart = self.experts.distances.of(person), self.experts.distances.apart
            below = {
                other: [(self._joined(way, row.get(one, apart)), one) for _, way, one in left[other]]
                for other in left
                if other != skill
            }
            self._branch({**seats, skill: person}, self._joined(cost, way), below)

    def _bounds(self, cost: int, free: Mapping[str, Sequence[_Way]]) -> dict[str, list[tuple[int, int, int]]]:
        """By free skill and person: what no team with them costs less than, how far they are, and who."""
        parts: dict[str, list[tuple[int, int, int]]] = {}
        for skill, ways in free.items():
            others = [other for other in free if other != skill]
            parts[skill] = [(self._part(way, person, others), way, person) for way, person in ways]
        least = {skill: min(part for part, _, _ in found) for skill, found in parts.items()}
        if self.measure == "diameter":
            floor = max(cost, *least.values())
            return {skill: [(max(floor, part), way, p) for part, way, p in found] for skill, found in parts.items()}
        floor = cost + sum(least.values())
        return {
            skill: [(floor - least[skill] + part, way, p) for part, way, p in found] for skill, found in parts.items()
        }

    def _part(self, way: int, person: int, others: Sequence[str]) -> int:
        """What a person in a free seat costs at least; every distance is an even number of units."""
        nearest = (self.experts.nearest(person, skill)[0] for skill in others)
        return max(way, max(nearest, default=0)) if self.measure == "diameter" else way + sum(nearest) // 2

    def _joined(self, a: int, b: int) -> int:
        return max(a, b) if self.measure == "diameter" else a + b
