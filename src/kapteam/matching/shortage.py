"""The shortage: the therapists that some best plan leaves out, who share prescribers that cannot take them all."""

from __future__ import annotations

import numpy as np
from attrs import frozen

from kapteam.columns.lookup import Index
from kapteam.matching.market import Market, Used, load


@frozen
class Shortage:
    """A Hall violator: more therapists than their prescribers can take together.

    Attributes
    ----------
    therapists, prescribers : tuple of str
        Ids, sorted.
    deficiency : int
        How many therapists too many.
    """

    therapists: tuple[str, ...]
    prescribers: tuple[str, ...]
    deficiency: int


def shortage(problem: Market, used: Used) -> Shortage | None:
    """The over-demanded part of Dulmage and Mendelsohn (1958); None where every therapist with a link is teamed.

    Whoever an alternating path reaches from a therapist left out could be left out instead; the prescribers on
    such paths are all full, else the path would team one more.
    """
    _, taken = load(problem, used)
    reached = taken < problem.units
    if not reached.any():
        return None
    people = problem.links.facts.people
    theirs = np.zeros(len(problem.prescribers), bool)
    while True:
        theirs[problem.prescriber[reached[problem.therapist]]] = True
        wider = reached.copy()
        wider[problem.therapist[used & theirs[problem.prescriber]]] = True
        if (wider == reached).all():
            break
        reached = wider
    return Shortage(
        _ids(people, problem.therapists[reached]),
        _ids(people, problem.prescribers[theirs]),
        int(problem.units[reached].sum()) - int(problem.capacity[theirs].sum()),
    )


def _ids(people: list[str], persons: Index) -> tuple[str, ...]:
    return tuple(people[p] for p in persons)
