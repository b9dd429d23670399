"""Fairness: among the plans that team the most, the one that is best for the worst-off, and what that costs.

What a plan is to people is the list of what each therapist who has a usable link gets: the points, or the weekly
sessions, of the link that the plan gives them, and 0 who is left out, sorted. The plan with the greatest least entry is
the best, then with the greatest second least, and so on (leximin; Sen 1970). A plan may choose whom to leave out. All
plans that are compared team equally many, so that the zeros of those left out are as many in each: to leave them out of
the list changes no comparison, even where a link is itself worth 0.
"""

from __future__ import annotations

from typing import Any

import attrs
import numpy as np
from attrs import frozen
from numpy.typing import NDArray

from kapteam.columns.lookup import Index
from kapteam.columns.parts import parts
from kapteam.matching.certificate import least_prices
from kapteam.matching.held import Held
from kapteam.matching.market import Market, Used, load, row_draws
from kapteam.matching.optimum import Face, cheapest, optimum, tight
from kapteam.network.links import Links

#: What of a therapist's link can be made fair.
BY = ("points", "sessions")


@frozen
class Cover:
    """Why no plan lifts everyone above the worst-off.

    Every usable link that is worth more than what the worst-off has is with one of these prescribers or of these
    therapists, and together they have fewer places than the plan fills.

    Attributes
    ----------
    prescribers, therapists : tuple of str
        Ids, sorted.
    """

    prescribers: tuple[str, ...]
    therapists: tuple[str, ...]


@frozen
class Gain:
    """Where fairness first makes someone better off than the plan with most points does.

    Attributes
    ----------
    rank : int
        Who, counted from the worst-off, who is 1; below them both plans give the same.
    has, otherwise : int
        What they have, and what they would have.
    """

    rank: int
    has: int
    otherwise: int


@frozen(eq=False)
class Fairness:
    """What fairness gives and what it costs.

    Attributes
    ----------
    by : {"points", "sessions"}
        What of a link counts: its points, or its weekly sessions.
    worst : int or None
        The least that a teamed therapist has; None where nobody is teamed.
    price : int
        How many points less the plan has than the one with most.
    gain : Gain or None
        What they are given for; None where the plan with most points is as fair.
    cover : Cover or None
        Why no plan gives everyone more than ``worst``; None where a pair that is held has no more itself, or nobody
        is teamed.
    best : array of bool
        The edges of the plan with most points.
    """

    by: str
    worst: int | None
    price: int
    gain: Gain | None
    cover: Cover | None
    best: Used

    def as_dict(self) -> dict[str, Any]:
        """As the JSON contract has it."""
        return {
            "by": self.by,
            "worst": self.worst,
            "price": self.price,
            "gain": self.gain and attrs.asdict(self.gain),
            "cover": self.cover and {name: list(ids) for name, ids in attrs.asdict(self.cover).items()},
        }


def fairest(problem: Market, held: Held, by: str, best: Used) -> tuple[Used, Fairness]:
    """The fairest of the plans that team as many as ``best``, and how it stands beside that.

    Parameters
    ----------
    problem : Market
        What is left to decide beside the pairs held; each therapist has at most one partner.
    held : Held
    by : {"points", "sessions"}
    best : array of bool
        The edges of the plan with most points.
    """
    links = problem.links
    value, kept = _worth(links, problem.row, by), _worth(links, held.rows, by)
    used = leximin(problem, value, best)
    fair, otherwise = (np.sort(np.concatenate([value[plan], kept])) for plan in (used, best))
    worst = int(fair[0]) if len(fair) else None
    differ = np.flatnonzero(fair != otherwise)
    gain = Gain(int(differ[0]) + 1, int(fair[differ[0]]), int(otherwise[differ[0]])) if len(differ) else None
    cover = None if worst is None or (kept == worst).any() else _cover(problem, value > worst)
    price = int(problem.points[best].sum()) - int(problem.points[used].sum())
    return used, Fairness(by, worst, price, gain, cover, best)


def leximin(problem: Market, value: Index, best: Used) -> Used:
    """Of the plans that use as many edges as ``best``, the one whose values, sorted, are greatest from the least up.

    Among plans with the same sorted values it has most points, and then the least draw.

    Parameters
    ----------
    problem : Market
        Each therapist has at most one unit.
    value : array of int, shape (edges,)
    best : array of bool, shape (edges,)
        A plan with as many edges as there can be.

    Notes
    -----
    Sorted values compare as the numbers of edges of each value do, the least value first, where fewer is better: at
    the first value of which two plans have a different number, the one with more of it has it where the other already
    has a greater one. So this is the lexicographic bottleneck assignment problem (Burkard and Rendl 1991,
    Operations Research Letters 10, 303; Sokkalingam and Aneja 1998, the same 23, 27): use as few edges of the least
    value as can be, of these plans as few of the second least, and so on; value by value, each time by a flow of least
    cost, after which only the plans that are as cheap go on.

    *Only the tight face.* Let a filled node h pay p(h), and every other node o ask a rent r(o), not below 0 where o
    need not be full. With d = c + r - p for each edge, every plan costs a constant (the sum of p times places over
    the filled nodes, less the sum of r times places over the others) + the sum of d over its edges + the sum of r
    times the empty places of nodes that need not be full. So none costs less than the constant + the sum of all
    d < 0, and those that cost just that are the ones that use every edge with d < 0 and none with d > 0, and fill
    every node with r > 0. The flow found does so by its own rents, so that this is the least cost, and the plans of
    least cost are a face again: nothing is lost, and nothing comes in.

    *Parts.* The first face, of all greatest plans, comes from prices 0 and 1, a least cover of the edges by nodes
    (König 1931): each of its edges has exactly one end with price 1, and these ends are full in every plan. So in
    each connected part of it all plans use equally many edges, whatever happens elsewhere. A lexicographic order is
    kept when a vector is added to both sides, so the sum over the parts is least where each part is, and every part
    goes through its own values at its own pace, all in one flow. The greatest value of a part needs no turn: its number
    is what the others leave.

    *Several values at once.* In one part no plan uses more than b edges of a value, where b is what its nodes on
    either side have room for. A value in front of others costs more than all of them together can: 2 to the sum of
    their bits, where b < 2 to the bits of b.
    """
    counted = attrs.evolve(problem, points=np.zeros(len(problem.row), np.int64), teamed_worth=1)
    face = tight(counted, least_prices(counted, best))
    ends = _ends(problem, face)
    level = np.unique(value, return_inverse=True)[1]
    undecided = np.ones(len(value), bool)
    while True:
        cost, decided = _next_levels(problem, face, ends, level, undecided)
        if not cost.any():
            break
        face = _narrowed(problem, face, ends, cost)
        undecided[decided] = False
    face = _narrowed(problem, face, ends, problem.points.max(initial=0) - problem.points[face.free])
    return cheapest(problem, face, row_draws(problem.links, problem.row[face.free]))


@frozen(eq=False)
class _Ends:
    """Each edge's node that every greatest plan fills, and its other node; therapists are numbered after prescribers.

    It means something for the edges of the first face only.
    """

    filled: Index
    other: Index
    nodes: int


def _ends(problem: Market, face: Face) -> _Ends:
    prescribers = len(problem.prescribers)
    prescriber, therapist = problem.prescriber, problem.therapist + prescribers
    used_up = face.must_use[problem.therapist]
    return _Ends(
        np.where(used_up, therapist, prescriber),
        np.where(used_up, prescriber, therapist),
        prescribers + len(problem.therapists),
    )


def _next_levels(
    problem: Market, face: Face, ends: _Ends, level: Index, undecided: NDArray[np.bool_]
) -> tuple[Index, Index]:
    """What each free edge costs next, and the edges whose level is decided by it; no costs where nothing is left."""
    room = np.concatenate(_capacities(problem)) - np.concatenate(load(problem, face.taken))
    filled, other = ends.filled[face.free], ends.other[face.free]
    part = parts(ends.nodes, filled, other)[filled]
    at = np.flatnonzero(undecided[face.free])
    levels = int(level.max(initial=0)) + 1
    group, member = np.unique(part[at] * levels + level[face.free[at]], return_inverse=True)  # by part, then by level
    most = np.minimum(
        _room(len(group), member, filled[at], room),
        _room(len(group), member, other[at], room),
    )
    first = np.flatnonzero(np.diff(group // levels, prepend=-1))
    size = np.diff(first, append=len(group))
    lead = np.repeat(first, size)
    last = first + size - 1
    bits = np.frexp(most.astype(float))[1].astype(np.int64)
    bits[last] = 0
    upto = np.cumsum(bits)
    upto -= (upto - bits)[lead]
    chosen = upto - bits[lead] <= _most_bits(ends.nodes)
    total = np.zeros(len(group), np.int64)
    np.maximum.at(total, lead[chosen], upto[chosen])
    weight = np.where(chosen, np.left_shift(1, np.maximum(total[lead] - upto, 0)), 0)
    weight[last] = 0
    cost = np.zeros(len(face.free), np.int64)
    cost[at] = weight[member]
    return cost, face.free[at[chosen[member]]]


def _most_bits(nodes: int) -> int:
    """How many bits a cost may have so that the solver's own prices keep to 63.

    It multiplies costs by the number of nodes, and its prices reach at most some three times the number of nodes as
    much (Goldberg and Tarjan 1990, doi:10.1287/moor.15.3.430).
    """
    return 61 - 2 * (nodes + 2).bit_length()


def _room(groups: int, member: Index, node: Index, room: Index) -> Index:
    """How many edges of each group its nodes on one side have room for."""
    key, count = np.unique(member * len(room) + node, return_counts=True)
    most = np.zeros(groups, np.int64)
    np.add.at(most, key // len(room), np.minimum(count, room[key % len(room)]))
    return most


def _narrowed(problem: Market, face: Face, ends: _Ends, cost: Index) -> Face:
    """The plans of the face that cost least.

    A filled node pays what the dearest edge that it uses costs together with the rent at its other end; the rents are
    the least at which no unused edge is cheaper (the fixpoint of Bellman and Ford on the residual graph). From below
    nothing holds the rent of a node that must be full, so it starts lower than all costs of a path can lift it.
    """
    used = cheapest(problem, face, cost)
    mine = used[face.free]
    filled, other = ends.filled[face.free], ends.other[face.free]
    must = np.concatenate([face.must_fill, face.must_use])
    beyond = (ends.nodes + 1) * (int(cost.max(initial=0)) + 1)
    rent = np.where(must, -beyond, 0)
    while True:
        pays = np.full(ends.nodes, -3 * beyond)  # who uses no edge looks at none
        np.maximum.at(pays, filled[mine], (cost + rent[other])[mine])
        raised = rent.copy()
        np.maximum.at(raised, other[~mine], (pays[filled] - cost)[~mine])
        if (raised == rent).all():
            break
        rent = raised
        _expect((rent < beyond).all())
    full = np.concatenate(load(problem, used)) == np.concatenate(_capacities(problem))
    _expect((rent[~full] <= 0).all())
    beside = cost + rent[other] - pays[filled]
    taken = face.taken.copy()
    taken[face.free[beside < 0]] = True
    must |= rent > 0
    prescribers = len(problem.prescribers)
    return Face(taken, face.free[beside == 0], must[:prescribers], must[prescribers:], face.teamed)


def _expect(proven: np.bool_) -> None:
    if not proven:
        raise RuntimeError("the rents do not prove the flow cheapest: please report this roster")


def _capacities(problem: Market) -> tuple[Index, Index]:
    return problem.capacity, problem.units


def _worth(links: Links, rows: Index, by: str) -> Index:
    """What counts of some links."""
    return links.points[rows] if by == "points" else links.pairs.weekly_sessions[rows].astype(np.int64)


def _cover(problem: Market, edges: NDArray[np.bool_]) -> Cover:
    """The least cover of some edges by nodes, which has as much room as they have matchings (König 1931)."""
    above = attrs.evolve(
        problem,
        row=problem.row[edges],
        prescriber=problem.prescriber[edges],
        therapist=problem.therapist[edges],
        points=np.zeros(int(edges.sum()), np.int64),
        teamed_worth=1,
    )
    prices = least_prices(above, optimum(above))
    people = problem.links.facts.people
    return Cover(
        tuple(people[p] for p in problem.prescribers[prices.prescribers > 0]),
        tuple(people[t] for t in problem.therapists[prices.therapists > 0]),
    )
