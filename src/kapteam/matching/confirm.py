"""What confirming unknown facts would add, the most valuable first."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import attrs
import numpy as np
from attrs import frozen
from numpy.typing import NDArray

from kapteam.columns.lookup import Index
from kapteam.columns.parts import parts
from kapteam.matching.capacity import capacities
from kapteam.matching.certificate import least_prices
from kapteam.matching.held import Held
from kapteam.matching.market import Market, Used, market
from kapteam.matching.optimum import optimum
from kapteam.matching.reoptimise import Coming, Solved
from kapteam.matching.unknowns import Fact, unknowns
from kapteam.network.links import Links

#: How many therapists more are teamed, and how many more points there are.
Gain = tuple[int, int]


@frozen
class IfConfirmed:
    """What one fact would add, if it turned out well and nothing else changed.

    Attributes
    ----------
    practitioner, rule : str
        Whose fact, and of which rule: every unknown finding of that rule on that person turns.
    adds, adds_points : int
        The growth of the objective.
    """

    practitioner: str
    rule: str
    adds: int
    adds_points: int


def if_confirmed(
    links: Links, usable: Index, held: Held, problem: Market, used: Used, max_partners: int
) -> list[IfConfirmed]:
    """Every fact whose confirmation would let a better plan be made; what is held stays.

    ``problem`` and ``used`` are the problem solved and the edges that its optimum uses.

    Notes
    -----
    A fact whose links the prices of the optimum already cover adds nothing (weak duality). For each of the others the
    optimum is mended with the links that it turns: see :class:`~kapteam.matching.reoptimise.Solved`. Where therapists
    may have several partners, the connected part that its links are in is solved again.
    """
    turned = unknowns(links).turned()
    if not turned:
        return []
    pairs, people = links.pairs, links.facts.people
    open_rows = np.union1d(usable, np.concatenate(list(turned.values())))
    covered = _covered(links, problem, used, open_rows)
    # All of them: one that is covered alone may still help beside another.
    facts = {fact: rows for fact, rows in turned.items() if not covered[rows].all()}
    label = parts(len(people), pairs.prescriber_person[open_rows], pairs.therapist_person[open_rows])
    if max_partners > 1:
        gains = _solved_again(links, usable, held, problem.row[used], max_partners, facts, label)
    else:
        gains = _mended(links, held, problem, used, facts, label)
    found = [
        IfConfirmed(people[person], rule, *gain)
        for (person, rule), gain in zip(facts, gains, strict=True)
        if gain > (0, 0)
    ]
    return sorted(found, key=lambda c: (-c.adds, -c.adds_points, c.practitioner, c.rule))


def _mended(
    links: Links, held: Held, problem: Market, used: Used, facts: Mapping[Fact, Index], label: Index
) -> Iterator[Gain]:
    """What each fact adds, by mending the optimum; one partner each."""
    if not facts:
        return
    pairs = links.pairs
    touched = np.isin(label, [label[person] for person, _ in facts])
    here = touched[pairs.therapist_person[problem.row]]  # so that no other part need be made ready
    ready = attrs.evolve(
        problem,
        row=problem.row[here],
        prescriber=problem.prescriber[here],
        therapist=problem.therapist[here],
        points=problem.points[here],
    )
    solved = Solved(ready, used[here], most_points=int(links.points.max()))
    taken = np.isin(pairs.therapist_person, pairs.therapist_person[held.rows])
    new = np.ones(len(links.facts.people), bool)
    new[problem.prescribers] = False
    limit = capacities(links.facts)
    for rows in facts.values():
        free = rows[~taken[rows]]
        come = Coming(pairs.site[free], pairs.prescriber_person[free], pairs.therapist_person[free], links.points[free])
        better = solved.changed(come=come, capacity={int(p): int(limit[p]) for p in come.prescriber if new[p]})
        yield better.teamed - solved.teamed, better.points - solved.points


def _solved_again(
    links: Links,
    usable: Index,
    held: Held,
    chosen: Index,
    max_partners: int,
    facts: Mapping[Fact, Index],
    label: Index,
) -> Iterator[Gain]:
    """What each fact adds, by solving again the part that its links are in; ``chosen`` are the links of the optimum."""
    usable_in, chosen_in = _by_part(links, label, usable), _by_part(links, label, chosen)
    none = np.empty(0, np.int64)
    for (person, _), rows in facts.items():
        here = int(label[person])
        both = np.sort(np.concatenate([usable_in.get(here, none), rows]))
        wider = held.rest_of(market(links, both, max_partners))
        better, before = optimum(wider), chosen_in.get(here, none)
        yield int(better.sum()) - len(before), int(wider.points[better].sum()) - int(links.points[before].sum())


def _by_part(links: Links, label: Index, rows: Index) -> dict[int, Index]:
    """Links grouped by the connected part that they are in."""
    part = label[links.pairs.therapist_person[rows]]
    order = np.argsort(part, kind="stable")
    names, begin = np.unique(part[order], return_index=True)
    return {int(n): np.sort(rows) for n, rows in zip(names, np.split(rows[order], begin[1:]), strict=False)}


def _covered(links: Links, problem: Market, used: Used, open_rows: Index) -> NDArray[np.bool_]:
    """Which links the optimum's prices already cover: taking them in cannot make a better plan (weak duality)."""
    pairs, people = links.pairs, len(links.facts.people)
    therapists = len(np.unique(pairs.therapist_person[open_rows]))
    worth = 1 + int(links.points[open_rows].max(initial=0)) * therapists
    prices = least_prices(attrs.evolve(problem, teamed_worth=worth), used)
    paid = np.zeros((2, people), np.int64)
    paid[0, problem.prescribers] = prices.prescribers
    paid[1, problem.therapists] = prices.therapists
    covered = paid[0, pairs.prescriber_person] + paid[1, pairs.therapist_person] >= worth + links.points
    return np.asarray(covered | (capacities(links.facts)[pairs.prescriber_person] == 0))
