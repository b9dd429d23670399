"""The parts of Dulmage and Mendelsohn under capacities: where prescribers are scarce, and where they are spare."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from attrs import frozen
from numpy.typing import NDArray

from kapteam.columns.lookup import Index
from kapteam.matching.market import Market, Used, load
from kapteam.matching.shortage import shortage
from kapteam.measures.measure import Measure
from kapteam.measures.usable import Usable


@frozen
class Part:
    """One of the three parts.

    Attributes
    ----------
    name : {"scarce", "balanced", "spare"}
    prescribers, therapists : tuple of str
        Ids, sorted.
    places : int or None
        How many therapists these prescribers can take together; None where one of them has no limit.
    """

    name: str
    prescribers: tuple[str, ...]
    therapists: tuple[str, ...]
    places: int | None


@frozen
class Parts:
    """The three parts of all who have a usable link.

    Attributes
    ----------
    scarce : Part
        The therapists whom some plan that teams the most leaves out, and the prescribers whom they have links with:
        every such plan fills all of these, with these therapists alone.
    balanced : Part
        The rest: every such plan teams all of these therapists, and fills all of these prescribers with them.
    spare : Part
        The prescribers whom some such plan leaves with room, and the therapists who have a link with one of them:
        every such plan teams all of these.
    """

    scarce: Part
    balanced: Part
    spare: Part

    def measures(self) -> Iterator[Measure]:
        """How many people each part has."""
        for part in (self.scarce, self.balanced, self.spare):
            yield Measure(f"{part.name}_therapists", len(part.therapists), "people")
            yield Measure(f"{part.name}_prescribers", len(part.prescribers), "people")


def dulmage_mendelsohn(usable: Usable) -> Parts:
    """The parts of the usable links, from the best plan."""
    return parts_of(usable.plan.problem, usable.plan.used)


def parts_of(problem: Market, used: Used) -> Parts:
    """The parts of a market, from any plan of it that teams the most, one partner for each therapist.

    Notes
    -----
    Plans that team as many differ by alternating paths and circles alone. So whoever can be left out is reached by
    such a path from one who is (:func:`kapteam.matching.shortage.shortage`), and whoever can have room by one from a
    prescriber who has: over any link to a therapist, and over that one's own link of the plan on to the next
    prescriber. The two do not meet, else a path between them would team one more. Each round is linear in the links,
    and there are as many rounds as the longest such path has links.
    """
    lacking = shortage(problem, used)
    people = problem.links.facts.people
    code = {id: place for place, id in enumerate(people)}
    none: tuple[str, ...] = ()
    scarce = (
        _among(problem.prescribers, code, lacking.prescribers if lacking else none),
        _among(problem.therapists, code, lacking.therapists if lacking else none),
    )
    spare = _spare(problem, used)
    balanced = (~scarce[0] & ~spare[0], ~scarce[1] & ~spare[1])
    parts = {"scarce": scarce, "balanced": balanced, "spare": spare}
    return Parts(**{name: _part(name, problem, *of) for name, of in parts.items()})


def _spare(problem: Market, used: Used) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
    """The prescribers who can have room, and the therapists who have a link with one of them."""
    taken, _ = load(problem, used)
    free = problem.unlimited | (taken < problem.capacity)
    theirs = np.zeros(len(problem.therapists), bool)
    mine_p, mine_t = problem.prescriber[used], problem.therapist[used]
    while True:
        theirs[problem.therapist[free[problem.prescriber]]] = True
        wider = free.copy()
        wider[mine_p[theirs[mine_t]]] = True
        if (wider == free).all():
            return free, theirs
        free = wider


def _among(nodes: Index, code: dict[str, int], ids: tuple[str, ...]) -> NDArray[np.bool_]:
    return np.isin(nodes, np.array([code[id] for id in ids], np.int64))


def _part(name: str, problem: Market, prescribers: NDArray[np.bool_], therapists: NDArray[np.bool_]) -> Part:
    people = problem.links.facts.people
    places = None if problem.unlimited[prescribers].any() else int(problem.capacity[prescribers].sum())
    return Part(
        name,
        tuple(people[p] for p in problem.prescribers[prescribers]),
        tuple(people[t] for t in problem.therapists[therapists]),
        places,
    )
