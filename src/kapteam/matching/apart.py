"""A market in parts that share nobody: each is solved by itself, which is far quicker than all at once."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Generic, TypeVar

import attrs
import numpy as np

from kapteam.columns.lookup import Index
from kapteam.columns.parts import parts
from kapteam.matching.market import Market, Problem

P = TypeVar("P", bound=Problem)

#: Edges that are solved together: of fewer, what a solver costs to set up is more than what it saves.
TOGETHER = 5_000


@attrs.frozen(eq=False)
class Part(Generic[P]):
    """Some edges of a market and their nodes, which no other edge has.

    Attributes
    ----------
    edges, prescribers, therapists : array of int
        Which edges and nodes of the whole they are.
    problem : Problem
        These alone.
    """

    edges: Index
    prescribers: Index
    therapists: Index
    problem: P


def apart(problem: P, together: int = TOGETHER) -> Iterator[Part[P]]:
    """The connected parts of a market; small ones that come one after another stay together.

    A best plan of the whole is one of each part, for no capacity, unit or edge is of two of them.
    """
    left, right = len(problem.prescribers), len(problem.therapists)
    if problem.edges <= 2 * together:
        yield Part(np.arange(problem.edges), np.arange(left), np.arange(right), problem)
        return
    part = parts(left + right, problem.prescriber, problem.therapist + left)[problem.prescriber]
    order = np.argsort(part, kind="stable")
    ends = np.append(np.flatnonzero(np.diff(part[order])) + 1, problem.edges)
    begin = 0
    for end in ends.tolist():
        if end - begin >= together or end == problem.edges:
            yield _part(problem, order[begin:end])
            begin = end


def _part(problem: P, edges: Index) -> Part[P]:
    prescribers, prescriber = np.unique(problem.prescriber[edges], return_inverse=True)
    therapists, therapist = np.unique(problem.therapist[edges], return_inverse=True)
    changed: dict[str, Any] = {} if not isinstance(problem, Market) else {"row": problem.row[edges]}
    changed |= {
        "prescriber": prescriber.astype(np.int64),
        "therapist": therapist.astype(np.int64),
        "points": problem.points[edges],
        "prescribers": problem.prescribers[prescribers],
        "therapists": problem.therapists[therapists],
        "capacity": problem.capacity[prescribers],
        "unlimited": problem.unlimited[prescribers],
        "units": problem.units[therapists],
    }
    return Part(edges, prescribers, therapists, attrs.evolve(problem, **changed))
