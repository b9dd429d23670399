"""The flow of a plan and its prices, person by person: what is taken out of it and put back, and two searches."""

from __future__ import annotations

from collections.abc import Mapping
from heapq import heapify, heappop, heappush
from typing import Any

import attrs
import numpy as np
from numpy.typing import NDArray

from kapteam.columns.lookup import Index
from kapteam.matching.certificate import Prices, least_prices
from kapteam.matching.market import Market, Used, row_draws

#: A link by the codes of its site, prescriber and therapist.
Triple = tuple[int, int, int]
#: In the place of a person or an edge.
NOBODY = -1

_DRAW_BITS = 40
_FAR = 1 << 512  # above every price: whoever has it is out of reach


class Residual:
    """A plan as a flow with potentials, which can be changed and put back.

    Worth counts on several levels in one whole number: first what is held, then a therapist teamed, then points, then
    a link of the plan, then the draw. So there is one best plan, and paths are compared by one number.

    Parameters
    ----------
    problem : Market
        With one unit for each therapist; where there are more, only ``edges`` and ``points`` mean anything.
    used : array of bool, shape (edges,)
        An optimum.
    held : array of bool, shape (edges,)
        Edges that are worth more than all others together.
    most : int
        The most points that an edge could ever have.

    Attributes
    ----------
    y, z : list of int
        Prices by person, as prescriber and as therapist: y + z is at least an edge's worth, and equal to it where it is
        used; only who is full has a y, and only who is teamed a z. At first y is the greatest that there is.
    at, edge : list of int
        By therapist: the prescriber and the edge, or -1.
    team : list of (tuple of int)
        By prescriber: the therapists.
    room : list of int
        By prescriber: places that are free.
    taken : list of int
        By prescriber: the edge by which the best path from a free place of theirs begins; -1 where it stays free.
    edges : list of (site, prescriber, therapist)
    points, worth : list of int
        By edge.
    log : list of (list, int, object)
        What was changed, and what stood there before.
    seen : set of int or None
        Where one is set, the nodes that are looked at: a prescriber's code, a therapist's plus the number of people.
    """

    def __init__(self, problem: Market, used: Used, held: Used, most: int) -> None:
        self.people = people = len(problem.links.facts.people)
        # Each level is above all that the levels below it can add up to, twice over: a path goes there and back.
        self._one = 1 + most * people
        self._kept = self._one * (people + 1)
        self._link = 4 * people + 8
        self._lot = self._link << _DRAW_BITS
        self.points: list[int] = problem.points.tolist()
        prescribers = problem.prescribers.tolist()
        sites = problem.links.pairs.site[problem.row].tolist()
        theirs = problem.prescribers[problem.prescriber].tolist(), problem.therapists[problem.therapist].tolist()
        self.edges: list[Triple] = list(zip(sites, *theirs, strict=True))
        mine = np.flatnonzero(used).tolist()
        self._plan = {self.edges[e] for e in mine}
        self._held = {self.edges[e] for e in np.flatnonzero(held).tolist()}
        draws = row_draws(problem.links, problem.row)
        self.worth = [self.worth_of(*each) for each in zip(self.edges, self.points, draws.tolist(), strict=True)]
        first = attrs.evolve(problem, teamed_worth=self._one, points=problem.points + self._kept * held)
        prices = least_prices(first, used)
        hops, lots, taken = _lower_levels(first, used, draws, prices)
        self.y, self.z, self.room, self.taken = [0] * people, [0] * people, [0] * people, [NOBODY] * people
        rooms = np.where(problem.unlimited, people, problem.capacity)
        levels = (of.tolist() for of in (prices.prescribers, hops, lots, taken, rooms))
        for p, y, hop, lot, edge, room in zip(prescribers, *levels, strict=True):
            self.y[p] = (y * self._link - hop) * self._lot + lot
            self.taken[p], self.room[p] = edge, room
        self._of_p: list[list[tuple[int, int, int]]] = [[] for _ in range(people)]
        self._of_t: list[list[tuple[int, int, int]]] = [[] for _ in range(people)]
        for e, ((_, p, t), w) in enumerate(zip(self.edges, self.worth, strict=True)):
            self._of_p[p].append((t, w, e))
            self._of_t[t].append((p, w, e))
        self.at, self.edge = [NOBODY] * people, [NOBODY] * people
        self.team: list[tuple[int, ...]] = [()] * people
        for e in mine:
            _, p, t = self.edges[e]
            self.at[t], self.edge[t], self.z[t] = p, e, self.worth[e] - self.y[p]
            self.team[p] = (*self.team[p], t)
            self.room[p] -= 1
        self._raise_prices()
        self.log: list[tuple[list[Any], int, Any]] = []
        self.seen: set[int] | None = None

    def _raise_prices(self) -> None:
        """From the least prices of prescribers to the greatest: what it costs at least to take a place from their team.

        Either prove the plan. By the greatest a search for somebody's new place runs straight to its end, since all
        that is on the way is already priced (one search of Dijkstra's from all ends at once, by reduced costs).
        """
        y, z, at, of_p = self.y, self.z, self.at, self._of_p
        dearer: dict[int, int] = {}
        heap = [(0, p) for p, room in enumerate(self.room) if room > 0]
        heap += [(z[t], p) for t, p in enumerate(at) if p != NOBODY]
        heapify(heap)
        while heap:
            d, q = heappop(heap)
            if q in dearer:
                continue
            dearer[q] = d
            for t, w, _ in of_p[q]:
                p = at[t]
                if p != NOBODY and p not in dearer:
                    heappush(heap, (d + y[q] + z[t] - w, p))
        for p, d in dearer.items():
            y[p] += d
            for t in self.team[p]:
                z[t] -= d

    def worth_of(self, edge: Triple, points: int, draw: int) -> int:
        """What an edge is worth, on all levels."""
        high = self._one + points + (self._kept if edge in self._held else 0)
        return (high * self._link - (edge not in self._plan)) * self._lot - draw

    def append(self, edge: Triple, points: int, draw: int) -> int:
        """Give an edge a number, though it is not yet there."""
        self.edges.append(edge)
        self.points.append(points)
        self.worth.append(self.worth_of(edge, points, draw))
        return len(self.edges) - 1

    def undo(self, mark: int, edges: int) -> None:
        """Put all back as it was when the log was as long as ``mark``, and there were so many edges."""
        while len(self.log) > mark:
            of, place, value = self.log.pop()
            of[place] = value
        del self.edges[edges:], self.points[edges:], self.worth[edges:]

    def changed_nodes(self) -> set[int]:
        """The nodes of which anything stands in the log."""
        therapists = {id(of) for of in (self.z, self.at, self.edge, self._of_t)}
        return {place + (self.people if id(of) in therapists else 0) for of, place, _ in self.log}

    def _set(self, of: list[Any], place: int, value: Any) -> None:
        self.log.append((of, place, of[place]))
        of[place] = value

    def mend(self, without: list[int], gone: list[int], come: list[int], capacity: Mapping[int, int]) -> None:
        """Let people and edges go, edges come, and capacities be others; then make the plan the best one again."""
        away = set(without)
        # Whoever is teamed with what goes is taken out: what is left is solved.
        out: list[int] = [t for p in without for t in self.team[p]]
        out += [t for e in gone if self.edge[t := self.edges[e][2]] == e]
        for p, room in capacity.items():
            if 0 <= room < len(self.team[p]):
                out += self.team[p][room:]
        holes = [hole for t in dict.fromkeys((*without, *out)) if (hole := self._take_out(t)) != NOBODY]
        for p in without:
            self._set(self.y, p, _FAR)
        if gone or come:
            self._relink(set(gone), come)
        for p, room in capacity.items():
            more = (self.people if room < 0 else room) - len(self.team[p]) - self.room[p]
            if more:
                self._set(self.room, p, self.room[p] + more)
                holes += [p] * min(more, len(self._of_p[p]))  # of the links, those that come too
        for p, offered in self._uncovered(come).items():
            again, free = self._offer(p, offered)
            out += again
            holes += free
        for p in holes:
            if p not in away and self.room[p] > 0:
                self._fill(p)
        for t in dict.fromkeys(out):
            if t not in away:
                self._insert(t)

    def _uncovered(self, come: list[int]) -> dict[int, list[int]]:
        """By prescriber, the therapists of links that come and are worth more than their prices.

        If there are none, the prices still prove the plan (weak duality), and nothing need be searched.
        """
        found: dict[int, list[int]] = {}
        for e in come:
            _, p, t = self.edges[e]
            if self.worth[e] > self.y[p] + self.z[t]:
                found.setdefault(p, []).append(t)
        return found

    def _offer(self, p: int, therapists: list[int]) -> tuple[list[int], list[int]]:
        """Let prices cover the links that come: who is taken out and to be put back, and the places to fill.

        Either the therapists are taken out; or, where they are more than the prescriber has places, those who are now
        in these places, and the prescriber's price is set so high that all links are covered.
        """
        places = len(self.team[p]) + self.room[p]
        if len(therapists) <= places:
            out = [t for t in dict.fromkeys(therapists) if self.z[t] != _FAR]
            return out, [hole for t in out if (hole := self._take_out(t)) != NOBODY]
        out = list(self.team[p])
        for t in out:
            self._take_out(t)
        self._set(self.y, p, max(0, *(w - self.z[t] for t, w, _ in self._of_p[p])))
        return out, [p] * places

    def _take_out(self, t: int) -> int:
        """Take a therapist out of the market; the prescriber who has a place more by it, if any."""
        self._set(self.z, t, _FAR)
        p: int = self.at[t]
        if p != NOBODY:
            self._set(self.team, p, tuple(s for s in self.team[p] if s != t))
            self._set(self.room, p, self.room[p] + 1)
            self._set(self.at, t, NOBODY)
            self._set(self.edge, t, NOBODY)
        if self.seen is not None:
            self.seen |= {t + self.people, *([p] if p != NOBODY else [])}
        return p

    def _relink(self, gone: set[int], come: list[int]) -> None:
        """Other links, at both of their ends."""
        for end, of in ((1, self._of_p), (2, self._of_t)):
            other = 3 - end
            more: dict[int, list[tuple[int, int, int]]] = {}
            for e in come:
                more.setdefault(self.edges[e][end], []).append((self.edges[e][other], self.worth[e], e))
            for node in {self.edges[e][end] for e in gone} | more.keys():
                kept = [x for x in of[node] if x[2] not in gone] if gone else of[node]
                self._set(of, node, kept + more.get(node, []))

    # --- Two searches ---

    def _insert(self, new: int) -> None:
        """Put a therapist into the market: to a free place, or where somebody else then goes on or stays out."""
        y, z, of_t, team, room = self.y, self.z, self._of_t, self.team, self.room
        start = max((w - y[p] for p, w, _ in of_t[new]), default=0)
        if start <= 0:
            start = 0
        self._set(z, new, start)
        best, end, stays = start, NOBODY, new
        reached: dict[int, int] = {}
        by: dict[int, tuple[int, int]] = {}
        heap: list[tuple[int, int]] = []
        popped: list[int] = []
        ready: tuple[int, ...] = (new,)
        d = 0
        while True:
            for t in ready:
                if d + z[t] < best:
                    best, end, stays = d + z[t], NOBODY, t
                so_far = d + z[t]
                for p, w, e in of_t[t]:
                    far = so_far + y[p] - w
                    if far < best and far < reached.get(p, best):
                        reached[p], by[p] = far, (t, e)
                        if room[p] > 0:
                            best, end = far, p
                        else:
                            heappush(heap, (far, p))
            while heap and heap[0][0] > reached[heap[0][1]]:
                heappop(heap)
            if not heap or heap[0][0] >= best:
                break
            d, p = heappop(heap)
            popped.append(p)
            ready = team[p]
        if self.seen is not None:
            met = [new, *(t for p in popped for t in team[p])]
            self.seen |= {t + self.people for t in met} | {p for t in met for p, _, _ in of_t[t]}
        for p in popped:
            less = best - reached[p]
            if less:
                self._set(y, p, y[p] + less)
                for t in team[p]:
                    self._set(z, t, z[t] - less)
        if best:
            self._set(z, new, z[new] - best)
        # Walk back from the end: each takes the place that the next one left.
        if end == NOBODY:
            if stays == new:
                return
            end = self.at[stays]
            self._leave(stays)
        else:
            self._set(room, end, room[end] - 1)
        while True:
            t, e = by[end]
            before: int = self.at[t]
            if t != new:
                self._leave(t)
            self._join(t, end, e)
            if t == new:
                return
            end = before

    def _fill(self, free: int) -> None:
        """Fill a place that a prescriber has free: by who is in no team, or by one whose own place is then free."""
        y, z, at, of_p, team = self.y, self.z, self.at, self._of_p, self.team
        best, leave = y[free], free
        last: tuple[int, int, int] | None = None
        reached = {free: 0}
        by: dict[int, tuple[int, int, int]] = {}
        heap = [(0, free)]
        popped: list[int] = []
        while heap:
            d, p = heappop(heap)
            if d >= best:
                break
            if d > reached[p]:
                continue
            popped.append(p)
            so_far = d + y[p]
            if so_far < best:
                best, leave, last = so_far, p, None
            for t, w, e in of_p[p]:
                far = so_far + z[t] - w
                if far < best:
                    q = at[t]
                    if q == NOBODY:
                        best, leave, last = far, p, (p, t, e)
                    elif far < reached.get(q, best):
                        reached[q], by[q] = far, (p, t, e)
                        heappush(heap, (far, q))
        if self.seen is not None:
            self.seen |= {free, *popped}
            self.seen |= {t + self.people for p in popped for t in (*team[p], *(t for t, _, _ in of_p[p]))}
        for p in popped:
            less = best - reached[p]
            if less:
                self._set(y, p, y[p] - less)
                for t in team[p]:
                    self._set(z, t, z[t] + less)
        if last is None and leave == free:
            return
        # Walk back: the last one takes who was in no team, or has the place free from now on.
        self._set(self.room, free, self.room[free] - 1)
        if last is None:
            self._set(self.room, leave, self.room[leave] + 1)
        else:
            self._join(last[1], leave, last[2])
        while leave != free:
            p, t, e = by[leave]
            self._leave(t)
            self._join(t, p, e)
            leave = p

    def _leave(self, t: int) -> None:
        p = self.at[t]
        self._set(self.team, p, tuple(s for s in self.team[p] if s != t))
        self._set(self.at, t, NOBODY)
        self._set(self.edge, t, NOBODY)

    def _join(self, t: int, p: int, e: int) -> None:
        self._set(self.team, p, (*self.team[p], t))
        self._set(self.at, t, p)
        self._set(self.edge, t, e)


def _lower_levels(problem: Market, used: Used, draws: Index, prices: Prices) -> tuple[Index, Index, Index]:
    """Of each prescriber's best path: how many links come, what their draws are beneath those that go, and its first.

    Layer by layer along the links that the prices are tight on: who may as well leave a place free needs no path;
    then whoever reaches these by one link, and so on. Within a layer the draws decide.
    """
    count, y = len(problem.prescribers), prices.prescribers
    worth = problem.teamed_worth + problem.points
    hops, lots = np.zeros(count, np.int64), np.zeros(count, np.int64)
    taken = np.full(count, NOBODY)
    at = np.full(len(problem.therapists), NOBODY)
    mine = np.flatnonzero(used)
    at[problem.therapist[mine]] = problem.prescriber[mine]
    own = np.zeros(len(problem.therapists), np.int64)
    own[problem.therapist[mine]] = draws[mine]
    done = np.append(y == 0, True)  # the last one stands for who is in no team
    lots_of = np.append(lots, 0)
    tight = ~used & (y[problem.prescriber] + prices.therapists[problem.therapist] == worth)
    edges = np.flatnonzero(tight & ~done[problem.prescriber])
    layer = 0
    while len(edges):
        layer += 1
        ripe: NDArray[np.bool_] = done[at[problem.therapist[edges]]]
        here = edges[ripe]
        if not len(here):
            break
        p, t = problem.prescriber[here], problem.therapist[here]
        lot = own[t] - draws[here] + lots_of[at[t]]
        order = np.lexsort((here, -lot, p))
        first = np.ones(len(order), bool)
        first[1:] = p[order][1:] != p[order][:-1]
        chosen = order[first]
        hops[p[chosen]], lots_of[p[chosen]], taken[p[chosen]] = layer, lot[chosen], here[chosen]
        done[p[chosen]] = True
        edges = edges[~done[problem.prescriber[edges]]]
    return hops, lots_of[:-1], taken
