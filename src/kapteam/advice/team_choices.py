"""Which changes to make, for more teams: the flow of the standing teams over links that changes may open."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from kapteam.advice.choices import Choices, hours_once
from kapteam.advice.doors import Market, Room
from kapteam.columns.lookup import Index
from kapteam.sessions.program import Builder


def team_choices(market: Market) -> Choices:
    """The program of a market: a column for each change, for each set of changes, and for each link."""
    return _Maker(market.reduced()).made()


class _Maker:
    """Makes the program of a market; its changes come first among the columns."""

    def __init__(self, market: Market) -> None:
        self.changes = market.changes
        self.market = market

    def made(self) -> Choices:
        builder = Builder()
        column = builder.columns(len(self.changes))
        self.opened(builder, {c.key: i for i, c in enumerate(self.changes)})
        return Choices(builder.program(), self.changes, column)

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
                keys = sorted(number[c.key] for c in way)  # a set has no order that is the same every time
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
        hours_once(builder, self.changes, range(len(self.changes)))
