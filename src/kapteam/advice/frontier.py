"""The least that it costs to add so many more: a 0/1 program whose connected parts are solved apart."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np
from attrs import frozen

from kapteam.advice.changes import Change
from kapteam.advice.choices import Choices
from kapteam.columns.lookup import Index
from kapteam.sessions.engine import Best, Limits, best, best_of_parts, relax
from kapteam.sessions.program import Program, split

#: Where a part may add more than so many, not every number is asked for.
EACH = 24
#: How many steps are then looked for.
STEPS = 8
#: What part of a change counts as none.
_NONE = 1e-6


@frozen(eq=False)
class Step:
    """The cheapest changes that add so many more.

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


def frontier(choices: Choices, limits: Limits, budget: int | None = None) -> Frontier:
    """For each cost the most that can be added, and what nothing adds more than.

    Parameters
    ----------
    choices : Choices
    limits : Limits
    budget : int, optional
        In dollars.

    Notes
    -----
    Parts that share nothing are solved apart: how many each can add, and for each cost the most that it adds. They are
    put together by dynamic programming over their sums, which is exact, since numbers and prices of different parts
    only add up.

    Where a part may add very many, not each number is asked for, but each of the steps that are best for some worth of
    one more in dollars (the corners of the convex hull, found by asking for the one that lies farthest beyond the line
    between two known ones), and the best within the budget.
    """
    parts = [_Part.of(choices, columns, part, limits) for columns, part in split(choices.program)]
    most = sum(part.top.bound - part.now.worth for part in parts)
    parts = [part for part in parts if part.adds]
    if max((part.adds for part in parts), default=0) <= EACH:
        sums, whole = [_Sum(0, 0, (), True)], True
        for part in parts:
            steps_of_part, all_of_part = part.steps(limits)
            sums, whole = _together(sums, steps_of_part), whole and all_of_part
    else:
        sums, lines = _corners(parts, budget, limits)
        whole = False
        if budget is not None:
            most = min([most, *((budget + high) // worth for worth, high in lines)])
    steps: list[Step] = []
    for one in reversed(sums):  # what adds more for no more dollars is better
        within = budget is None or one.dollars <= budget
        if within and one.adds and (not steps or one.dollars < steps[-1].dollars):
            steps.append(Step(one.adds, one.dollars, choices.chosen(one.columns), one.proven))
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
    def of(cls, whole: Choices, columns: Index, program: Program, limits: Limits) -> _Part:
        flow, dollars, change = (cost[columns] for cost in (whole.program.value, whole.dollars, whole.change))
        if not flow.any() or not change.any():  # a prescriber's own hours, or teams that nothing changes
            now = top = Best(program.lower, 0, 0)
        else:
            now = best_of_parts(program.shut(change > 0), flow, limits, known=program.lower)
            top = _best(program, flow, change, limits, now.x)
        return cls(columns, program, flow, dollars, change, now, top)

    @property
    def adds(self) -> int:
        """How many more there can be, as far as was found."""
        return self.top.worth - self.now.bound

    def steps(self, limits: Limits) -> tuple[list[_Sum], bool]:
        """For each cost the most that it adds, with the fewest changes, from none on; and whether these are all.

        From the most down: the least price of it, then the most for less than that price, and so on.
        """
        found: list[_Sum] = []
        adds, known, sure = self.adds, self.top.x, True
        while adds > 0 and (cheapest := self.least(adds, limits, known)) is not None:
            one = self.sum(self.fewest(cheapest[0], limits), sure and cheapest[1])
            found.append(one)
            if one.dollars == 0 or limits.over:
                sure &= one.dollars == 0
                break
            less = self.program.with_sum(self.dollars, 0, one.dollars - 1)
            most = _best(less, self.flow, self.change, limits, self.now.x)
            adds, known, sure = most.worth - self.now.bound, most.x, most.proven
        return [_Sum(0, 0, (), True), *reversed(found)], sure

    def least(self, adds: int, limits: Limits, known: Index | None) -> tuple[Index, bool] | None:
        """The cheapest that adds so many, and whether it is proven to be; None where nothing was found in time."""
        wanted = self.program.with_sum(self.flow, self.now.bound + adds)
        found = _best(wanted, -self.dollars, self.change, limits, known)
        return None if found.x is None else (found.x, self.now.proven and self.top.proven and found.proven)

    def fewest(self, x: Index, limits: Limits) -> Index:
        """Of those that add as many for as much the one with the fewest changes."""
        as_good = self.program.with_sum(self.flow, int(self.flow @ x)).with_sum(self.dollars, 0, int(self.dollars @ x))
        few = best(as_good, -self.change, limits, known=x)
        return x if few.x is None else few.x

    def high(self, limits: Limits) -> _Sum:
        """The cheapest that adds most."""
        found = self.least(self.adds, limits, self.top.x)
        return _Sum(0, 0, (), False) if found is None else self.sum(self.lean(found[0]), found[1])

    def best(self, worth: int, limits: Limits) -> tuple[_Sum, int]:
        """The best where one more is worth so many dollars; and what so much worth, less the cost, does not exceed."""
        found = _best(self.program, worth * self.flow - self.dollars, self.change, limits, self.now.x)
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


def _best(program: Program, cost: Index, change: Index, limits: Limits, known: Index | None) -> Best:
    """The best of a program, first of the changes alone of which the relaxed program makes some part.

    Mostly these hold a best solution already, and few changes are quickly searched.
    """
    relaxed = None if limits.over else relax(program, cost, limits)
    if relaxed is None:
        return best(program, cost, limits, known=known)
    if known is None or int(cost @ known) < relaxed.whole:
        some = program.shut((change > 0) & (relaxed.x < _NONE))
        if known is None or some.holds(known):
            known = best_of_parts(some, cost, limits, known=known).x
        elif (other := best_of_parts(some, cost, limits)).x is not None and other.worth > int(cost @ known):
            known = other.x
    return best(program, cost, limits, known=known, relaxed=relaxed)


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
