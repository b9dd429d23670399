"""The least that it costs to team so many more, where links open one after the other: one 0/1 program a part."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property

import numpy as np
from attrs import define, evolve, frozen

from kapteam.advice.changes import Change, Set
from kapteam.columns.lookup import Index
from kapteam.sessions.engine import Limits, best
from kapteam.sessions.program import Builder, Program, split


@frozen
class Edge:
    """A link that is open, or is once every door before it is.

    Attributes
    ----------
    prescriber, therapist : int
    doors : tuple of int
    """

    prescriber: int
    therapist: int
    doors: tuple[int, ...]


@frozen(eq=False)
class Room:
    """How many therapists a prescriber can take: as it is, and with each of some changes; -1: no limit."""

    now: int
    after: tuple[tuple[Change, int], ...] = ()


@define(eq=False, slots=False)
class Market:
    """Who may be teamed with whom, and what has to be done before.

    Attributes
    ----------
    doors : list of list of (set of Change)
        Each opens by any one of its sets.
    edges : list of Edge
    room : dict of int to Room
        By prescriber.
    """

    doors: list[list[Set]]
    edges: list[Edge]
    room: dict[int, Room]

    @cached_property
    def changes(self) -> tuple[Change, ...]:
        """Every change that opens something or makes room, sorted by what it is about."""
        used = {c.key: c for e in self.edges for d in e.doors for way in self.doors[d] for c in way}
        prescribers = {e.prescriber for e in self.edges}
        more = {c.key: c for p in prescribers for c, room in self.room[p].after if room != self.room[p].now}
        found = {**used, **more}
        return tuple(found[key] for key in sorted(found))


@frozen(eq=False)
class Step:
    """The cheapest changes that team so many more."""

    adds: int
    dollars: int
    changes: tuple[Change, ...]
    proven: bool


def frontier(market: Market, limits: Limits) -> tuple[list[Step], int]:
    """For each cost the most that can be added, and what nothing adds more than.

    Parameters
    ----------
    market : Market
    limits : Limits

    Returns
    -------
    list of Step
        The cheapest first; each adds more and costs more than the one before.
    int

    Notes
    -----
    Parts that share nothing are solved apart: how many each can add at most, then for each number up to it the least
    cost, and of equal costs the fewest changes. Together they are put by dynamic programming over their sums, which is
    exact, since costs and numbers of different parts only add up.
    """
    whole = _Whole(market)
    steps: list[_Sum] = [_Sum(0, 0, (), True)]
    most = 0
    for columns, part in split(whole.program):
        found, top = whole.steps(columns, part, limits)
        most += top
        if len(found) > 1:
            steps = _together(steps, found)
    kept: list[Step] = []
    for one in reversed(steps):  # what adds more for no more dollars is better
        dollars = one.price // whole.count
        if one.adds and (not kept or dollars < kept[-1].dollars):
            kept.append(Step(one.adds, dollars, whole.chosen(one.columns), one.proven))
    return kept[::-1], most


@frozen(eq=False)
class _Sum:
    """So many more, by these changes, at this price."""

    adds: int
    price: int
    columns: tuple[int, ...]
    proven: bool


def _together(a: Sequence[_Sum], b: Sequence[_Sum]) -> list[_Sum]:
    """The cheapest way to each sum of two parts."""
    found: dict[int, _Sum] = {}
    for one in a:
        for other in b:
            adds, price = one.adds + other.adds, one.price + other.price
            if adds not in found or price < found[adds].price:
                columns = (*one.columns, *other.columns)
                found[adds] = _Sum(adds, price, columns, one.proven and other.proven)
    return [found[adds] for adds in sorted(found)]


class _Whole:
    """The program of a market; a price is dollars times how many changes there are, and the number of changes."""

    def __init__(self, market: Market) -> None:
        self.changes = market.changes
        self.count = len(self.changes) + 1
        self.market = market
        number = {c.key: i for i, c in enumerate(self.changes)}
        builder = Builder()
        builder.columns(len(self.changes))
        self.opened(builder, number)
        self.program = builder.program()
        dollars = np.array([c.dollars for c in self.changes], np.int64)
        self.price = np.zeros(self.program.columns, np.int64)
        self.price[: len(self.changes)] = dollars * self.count + 1
        self.flow = self.program.value

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
        builder.rows(rows, np.array(row, np.int64), np.array(column, np.int64), np.array(weight, np.int64), least=0)
        self.bounded(builder, number, flow)

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

    def steps(self, columns: Index, part: Program, limits: Limits) -> tuple[list[_Sum], int]:
        """What a part can add, and the least price of each number; the price of nothing first."""
        flow, price = self.flow[columns], self.price[columns]
        if not flow.any() or not price.any():
            return [_Sum(0, 0, (), True)], 0
        change = columns < len(self.changes)
        now = best(evolve(part, upper=np.where(change, 0, part.upper)), flow, limits)
        top = best(part, flow, limits)
        found = [_Sum(0, 0, (), True)]
        for adds in range(1, top.worth - now.bound + 1):
            least = best(part.with_sum(flow, now.bound + adds), -price, limits, known=top.x)
            if least.x is None:
                continue
            chosen = tuple(columns[change & (least.x > 0)].tolist())
            proven = now.proven and top.proven and least.proven
            found.append(_Sum(adds, int(price @ least.x), chosen, proven))
        return found, top.bound - now.worth

    def chosen(self, columns: Sequence[int]) -> tuple[Change, ...]:
        """The changes of some columns."""
        return tuple(self.changes[i] for i in sorted(columns))
