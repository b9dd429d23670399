"""The least that it costs to team so many more: a 0/1 program whose connected parts are solved apart."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

import numpy as np
from attrs import evolve, frozen

from kapteam.advice.changes import Change
from kapteam.advice.doors import Market, Room
from kapteam.columns.lookup import Index
from kapteam.sessions.engine import Best, Limits, best
from kapteam.sessions.program import Builder, Program, split

#: Where a part may add more than so many, not every number is asked for.
EACH = 24
#: How many steps are then looked for.
STEPS = 8


@frozen(eq=False)
class Step:
    """The cheapest changes that team so many more.

    Attributes
    ----------
    adds, dollars : int
    changes : tuple of Change
    proven : bool
        Whether nothing cheaper adds as many, and nothing for this money adds more.
    """

    adds: int
    dollars: int
    changes: tuple[Change, ...]
    proven: bool


@frozen(eq=False)
class Frontier:
    """For each cost the most that can be added.

    Attributes
    ----------
    steps : list of Step
        The cheapest first; each adds more and costs more than the one before.
    whole : bool
        Whether these are all the steps; else there may be others between them.
    most : int
        What nothing adds more than, within the budget where there is one.
    """

    steps: list[Step]
    whole: bool
    most: int


def frontier(market: Market, limits: Limits, budget: int | None = None) -> Frontier:
    """For each cost the most that can be added, and what nothing adds more than.

    Parameters
    ----------
    market : Market
    limits : Limits
    budget : int, optional
        In dollars.

    Notes
    -----
    Parts that share nothing are solved apart: how many each can add, and for each number up to it the least price.
    They are put together by dynamic programming over their sums, which is exact, since numbers and prices of
    different parts only add up.

    Where a part may add very many, not each number is asked for, but each of the steps that are best for some worth of
    one more in dollars (the corners of the convex hull, found by asking for the one that lies farthest beyond the line
    between two known ones), and the best within the budget.
    """
    program = _Program(market.reduced())
    parts = [_Part.of(program, columns, part, limits) for columns, part in split(program.program)]
    parts = [part for part in parts if part.adds]
    most = sum(part.top.bound - part.now.worth for part in parts)
    if max((part.adds for part in parts), default=0) <= EACH:
        sums = [_Sum(0, 0, (), True)]
        for part in parts:
            sums = _together(sums, part.steps(limits))
        whole = True
    else:
        sums, lines = _corners(parts, budget, limits)
        whole = False
        if budget is not None:
            most = min([most, *((budget + high) // worth for worth, high in lines)])
    steps: list[Step] = []
    for one in reversed(sums):  # what adds more for no more dollars is better
        within = budget is None or one.dollars <= budget
        if within and one.adds and (not steps or one.dollars < steps[-1].dollars):
            steps.append(Step(one.adds, one.dollars, program.chosen(one.columns), one.proven))
    steps.reverse()
    if budget is not None and steps and steps[-1].proven and whole:
        most = steps[-1].adds
    return Frontier(steps, whole, most)


@frozen(eq=False)
class _Sum:
    """So many more, by the changes of these columns."""

    adds: int
    dollars: int
    columns: tuple[int, ...]
    proven: bool

    @property
    def rank(self) -> tuple[int, int]:
        """Of two that add as many: the less money is better, then the fewer changes."""
        return self.dollars, len(self.columns)


def _together(a: Sequence[_Sum], b: Sequence[_Sum]) -> list[_Sum]:
    """The cheapest way to each sum of two parts."""
    found: dict[int, _Sum] = {}
    for one in a:
        for other in b:
            adds, columns = one.adds + other.adds, (*one.columns, *other.columns)
            both = _Sum(adds, one.dollars + other.dollars, columns, one.proven and other.proven)
            if adds not in found or both.rank < found[adds].rank:
                found[adds] = both
    return [found[adds] for adds in sorted(found)]


@frozen(eq=False)
class _Part:
    """A part of the program.

    Attributes
    ----------
    columns : array of int
        In the whole.
    program : Program
    flow, dollars, change : array of int
        What one unit of each column adds to the teams, to the cost, and to the number of changes.
    now, top : Best
        The most teams without a change, and with any.
    """

    columns: Index
    program: Program
    flow: Index
    dollars: Index
    change: Index
    now: Best
    top: Best

    @classmethod
    def of(cls, whole: _Program, columns: Index, program: Program, limits: Limits) -> _Part:
        flow, dollars, change = (cost[columns] for cost in (whole.program.value, whole.dollars, whole.change))
        if not flow.any() or not change.any():  # a prescriber's own hours, or teams that nothing changes
            now = top = Best(program.lower, 0, 0)
        else:
            unchanged = evolve(program, upper=np.where(change > 0, 0, program.upper))
            now, top = best(unchanged, flow, limits), best(program, flow, limits)
        return cls(columns, program, flow, dollars, change, now, top)

    @property
    def adds(self) -> int:
        """How many more there can be, as far as was found."""
        return self.top.worth - self.now.bound

    def steps(self, limits: Limits) -> list[_Sum]:
        """The least price of each number, with the fewest changes; of none first."""
        found = (self.least(number, limits) for number in range(1, self.adds + 1))
        cheap = [self.sum(self.fewest(x, limits), proven) for x, proven in filter(None, found)]
        return [_Sum(0, 0, (), True), *cheap]

    def least(self, adds: int, limits: Limits) -> tuple[Index, bool] | None:
        """The cheapest that adds so many, and whether it is proven to be; None where nothing was found in time."""
        wanted = self.program.with_sum(self.flow, self.now.bound + adds)
        found = best(wanted, -self.dollars, limits, known=self.top.x)
        return None if found.x is None else (found.x, self.now.proven and self.top.proven and found.proven)

    def fewest(self, x: Index, limits: Limits) -> Index:
        """Of those that add as many for as much the one with the fewest changes."""
        as_good = self.program.with_sum(self.flow, int(self.flow @ x)).with_sum(self.dollars, 0, int(self.dollars @ x))
        few = best(as_good, -self.change, limits, known=x)
        return x if few.x is None else few.x

    def high(self, limits: Limits) -> _Sum:
        """The cheapest that adds most."""
        found = self.least(self.adds, limits)
        return _Sum(0, 0, (), False) if found is None else self.sum(self.lean(found[0]), found[1])

    def best(self, worth: int, limits: Limits) -> tuple[_Sum, int]:
        """The best where one more is worth so many dollars; and what so much worth, less the cost, does not exceed."""
        found = best(self.program, worth * self.flow - self.dollars, limits, known=self.now.x)
        assert found.x is not None
        one = self.sum(self.lean(found.x), self.now.proven and found.proven)
        return one, found.bound - worth * self.now.worth

    def lean(self, x: Index) -> Index:
        """The same without changes, taken one by one, that nothing needs."""
        row = self.program.row
        for column in np.flatnonzero((self.change > 0) & (x > 0) & (self.dollars == 0)).tolist():
            without = x.copy()
            without[column] = 0
            sums = self.program.sums(without)
            broken = np.isin(row, np.flatnonzero(sums < self.program.least))
            ways = self.program.column[broken]  # what is open only with that change is shut
            without[ways[(self.change[ways] == 0) & (self.flow[ways] == 0)]] = 0
            if self.program.holds(without):
                x = without
        return x

    def sum(self, x: Index, proven: bool) -> _Sum:
        """What a solution adds, and what it costs."""
        changes = self.columns[(self.change > 0) & (x > 0)]
        adds = max(0, int(self.flow @ x) - self.now.bound)
        return _Sum(adds, int(self.dollars @ x), tuple(changes.tolist()), proven)


def _corners(parts: Sequence[_Part], budget: int | None, limits: Limits) -> tuple[list[_Sum], list[tuple[int, int]]]:
    """Corners of the convex hull by what they add, those nearest to the budget first where there is one.

    And lines that nothing is beyond: for some worth of one more in dollars, what is added times that worth, less the
    cost, is at most so much.
    """
    low, high = _Sum(0, 0, (), True), _added(part.high(limits) for part in parts)
    corners, open_, lines = [low, high], [(low, high)], list[tuple[int, int]]()
    while open_ and len(corners) < STEPS and not limits.over:
        open_.sort(key=lambda pair: _urgency(pair, budget))
        a, b = open_.pop(0)
        if b.adds - a.adds <= 1 or b.dollars - a.dollars < b.adds - a.adds:
            continue
        worth = (b.dollars - a.dollars) // (b.adds - a.adds)
        bests = [part.best(worth, limits) for part in parts]
        found = _added(one for one, _ in bests)
        lines.append((worth, sum(most for _, most in bests)))
        if a.adds < found.adds < b.adds and a.dollars <= found.dollars < b.dollars:
            corners.append(found)
            open_ += [(a, found), (found, b)]
    return sorted(corners, key=lambda s: s.adds), lines


def _urgency(pair: tuple[_Sum, _Sum], budget: int | None) -> tuple[bool, int]:
    """Which gap to look into first: the one around the budget, then the widest."""
    a, b = pair
    return budget is not None and not a.dollars <= budget < b.dollars, a.adds - b.adds


def _added(sums: Iterable[_Sum]) -> _Sum:
    """Several parts as one."""
    all_ = list(sums)
    columns = tuple(c for s in all_ for c in s.columns)
    return _Sum(sum(s.adds for s in all_), sum(s.dollars for s in all_), columns, all(s.proven for s in all_))


class _Program:
    """The 0/1 program of a market: its changes come first among the columns."""

    def __init__(self, market: Market) -> None:
        self.changes = market.changes
        self.market = market
        number = {c.key: i for i, c in enumerate(self.changes)}
        builder = Builder()
        builder.columns(len(self.changes))
        self.opened(builder, number)
        self.program = builder.program()
        self.change, self.dollars = np.zeros((2, self.program.columns), np.int64)
        self.change[: len(self.changes)] = 1
        self.dollars[: len(self.changes)] = [c.dollars for c in self.changes]

    def opened(self, builder: Builder, number: dict[tuple[str, ...], int]) -> None:
        market = self.market
        flow = builder.columns(len(market.edges), value=1)
        used = sorted({d for e in market.edges for d in e.doors})
        ways: dict[int, list[int]] = {}
        row, column, weight = [], [], []
        rows = 0
        for door in used:
            ways[door] = []
            for way in market.doors[door]:
                keys = [number[c.key] for c in way]
                if len(keys) == 1:
                    ways[door].append(keys[0])
                    continue
                (both,) = builder.columns(1).tolist()
                ways[door].append(both)
                for key in keys:  # it is open only with each of its changes
                    row += [rows, rows]
                    column += [key, both]
                    weight += [1, -1]
                    rows += 1
        for at, edge in enumerate(market.edges):
            for door in edge.doors:
                row += [rows] * (len(ways[door]) + 1)
                column += [*ways[door], int(flow[at])]
                weight += [*([1] * len(ways[door])), -1]
                rows += 1
        for door, edges, room in self.crowds():
            # It follows from the others, but holds for fractions as well: behind a door that is half open there is
            # half of the room.
            more = [(number[c.key], after - room.now) for c, after in room.after if after > room.now]
            row += [rows] * (len(ways[door]) + len(edges) + len(more))
            column += [*ways[door], *flow[edges].tolist(), *(key for key, _ in more)]
            weight += [*([room.now] * len(ways[door])), *([-1] * len(edges)), *(count for _, count in more)]
            rows += 1
        builder.rows(rows, np.array(row, np.int64), np.array(column, np.int64), np.array(weight, np.int64), least=0)
        self.bounded(builder, number, flow)

    def crowds(self) -> Iterator[tuple[int, list[int], Room]]:
        """Each door with the edges of one person behind it, where there are more than the person can take."""
        behind: dict[tuple[int, int, bool], list[int]] = {}
        for at, edge in enumerate(self.market.edges):
            for door in edge.doors:
                behind.setdefault((door, edge.prescriber, True), []).append(at)
                behind.setdefault((door, edge.therapist, False), []).append(at)
        for (door, person, prescribes), edges in sorted(behind.items()):
            room = self.market.room[person] if prescribes else Room(1)
            least = min([room.now, *(after for _, after in room.after)])
            if least >= 0 and room.now < len(edges):
                yield door, edges, room

    def bounded(self, builder: Builder, number: dict[tuple[str, ...], int], flow: Index) -> None:
        """Each therapist once, each prescriber as often as they have room, and each person hours once."""
        market = self.market
        therapist, at = np.unique([e.therapist for e in market.edges], return_inverse=True)
        builder.rows(len(therapist), at.astype(np.int64), flow, most=1)
        prescribers = sorted({e.prescriber for e in market.edges})
        place = {p: i for i, p in enumerate(prescribers)}
        row = [place[e.prescriber] for e in market.edges]
        degree = np.bincount(np.array(row, np.int64), minlength=len(prescribers))
        column, weight, most = flow.tolist(), [1] * len(row), []
        for i, p in enumerate(prescribers):
            room = market.room[p]
            now = int(degree[i]) if room.now < 0 else room.now
            most.append(now)
            for change, after in room.after:
                more = (int(degree[i]) if after < 0 else after) - now
                if more:
                    row.append(i)
                    column.append(number[change.key])
                    weight.append(-more)
        builder.rows(
            len(prescribers), np.array(row, np.int64), np.array(column, np.int64), np.array(weight, np.int64),
            most=np.array(most, np.float64),
        )  # fmt: skip
        people: dict[str, list[int]] = {}
        for i, change in enumerate(self.changes):
            if change.rule == "team.window":
                people.setdefault(change.practitioner, []).append(i)
        several = [mine for _, mine in sorted(people.items()) if len(mine) > 1]
        row = [i for i, mine in enumerate(several) for _ in mine]
        column = [c for mine in several for c in mine]
        builder.rows(len(several), np.array(row, np.int64), np.array(column, np.int64), most=1)

    def chosen(self, columns: Iterable[int]) -> tuple[Change, ...]:
        """The changes of some columns."""
        return tuple(self.changes[i] for i in sorted(columns))
