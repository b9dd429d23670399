"""What it costs a team to talk to one another, over the network of ties: exactly, and at least."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from heapq import nsmallest
from itertools import combinations

from attrs import frozen

from kapteam.network.closeness import Distances

#: The measures of a team's cost.
COSTS = ("sum", "diameter", "leader", "mst")


@frozen(eq=False)
class Communication:
    """One measure of the communication cost; somebody without a tie, or not on the roster, is apart from everyone.

    Attributes
    ----------
    measure : {"sum", "diameter", "leader", "mst"}
        The sum of the distances of all pairs, the greatest of them, the sum of the distances to the prescriber, or
        the least spanning tree.
    distances : Distances

    Notes
    -----
    Diameter and spanning tree are of Lappas, Liu and Terzi (2009), "Finding a team of experts in social networks";
    sum and leader distance of Kargar and An (2011), "Discovering top-k teams of experts with/without a leader in
    social networks".
    """

    measure: str
    distances: Distances

    @property
    def additive(self) -> bool:
        """Whether each member's part is known once the prescriber is."""
        return self.measure == "leader"

    def of_seat(self, prescriber: int, person: int) -> int:
        """The part of one member, where each has one of their own."""
        return self.distances.between(prescriber, person) if self.additive else 0

    def of_team(self, team: Sequence[int]) -> int:
        """The cost of a whole team, whose prescriber comes first."""
        if self.measure == "leader":
            return sum(self.distances.between(team[0], x) for x in team[1:])
        if self.measure == "mst":
            return self._spanning(team)
        pairs = (self.distances.between(a, b) for a, b in combinations(team, 2))
        return max(pairs, default=0) if self.measure == "diameter" else sum(pairs)

    def at_least(self, team: Sequence[int], *seats: tuple[Sequence[int], int]) -> int:
        """What no whole team costs less than: those who are in it, and so many of each of some lists of people.

        A sum holds every distance to those who are in it, and half of the distance of each to every other one. No
        diameter is less than the greatest distance of those who are in it, or than what so many are at least from
        them. A spanning tree joins each to somebody, is as long as the way of any two, and joins the parts of the
        network that it is in.
        """
        more = sum(count for _, count in seats)
        if not more:
            return self.of_team(team)
        apart = self.distances.apart
        rows = [self.distances.of(y) for y in team]
        if self.measure == "sum":
            total, nearest = self.of_team(team), self._nearest(team, *(people for people, _ in seats))
            for people, count in seats:
                ways = (sum(row.get(x, apart) for row in rows) + (more - 1) * nearest[x] // 2 for x in people)
                total += sum(nsmallest(count, ways))
            return total
        widest = max(row.get(b, apart) for row in rows for b in team)
        for people, count in seats:
            if count:
                ways = (max(row.get(x, apart) for row in rows) for x in people)
                widest = max(widest, nsmallest(count, ways)[-1])
        if self.measure == "diameter":
            return widest
        nearest = self._nearest(team, *(people for people, _ in seats))
        joined = sum(nearest[x] for x in team[1:])
        joined += sum(sum(nsmallest(count, (nearest[x] for x in people))) for people, count in seats)
        return max(widest, joined, apart * (self._parts(team, nearest, more) - 1))

    def _nearest(self, *lists: Sequence[int]) -> dict[int, int]:
        """What of some people nobody else of them is nearer to each than."""
        part, shortest, apart = self.distances.part, self.distances.shortest, self.distances.apart
        people = set().union(*lists)
        size = Counter(part.get(x, x) for x in people)
        return {x: shortest[x] if x in part and size[part[x]] > 1 else apart for x in people}

    def _parts(self, team: Sequence[int], people: Iterable[int], more: int) -> int:
        """Of how many parts that no way joins a team is at least, with so many more of some people in it."""
        part = self.distances.part
        own = {part.get(x, x) for x in team}
        others = Counter(part.get(x, x) for x in people if x not in team)
        more -= sum(others.pop(known, 0) for known in own)
        parts = len(own)
        for _, size in others.most_common():
            if more <= 0:
                break
            more, parts = more - size, parts + 1
        return parts

    def nearness(self, team: Sequence[int], person: int) -> int:
        """What one more adds by themself: who is near comes first."""
        return sum(self.distances.between(y, person) for y in team)

    def _spanning(self, team: Sequence[int]) -> int:
        """The length of a least spanning tree (Prim 1957)."""
        away = {x: self.distances.between(team[0], x) for x in team[1:]}
        total = 0
        while away:
            nearest = min(away, key=lambda x: (away[x], x))
            total += away.pop(nearest)
            away = {x: min(way, self.distances.between(nearest, x)) for x, way in away.items()}
        return total
