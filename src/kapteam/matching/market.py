"""The b-matching problem of a network: usable links, capacities and units, as arrays over nodes."""

from __future__ import annotations

import attrs
import numpy as np
from attrs import frozen
from numpy.typing import NDArray

from kapteam.columns.logic import PASS, UNKNOWN
from kapteam.columns.lookup import Index
from kapteam.matching.capacity import capacities
from kapteam.matching.draw import link_draws
from kapteam.network.links import Links

#: Which edges of a market a plan uses.
Used = NDArray[np.bool_]


@frozen(eq=False)
class Problem:
    """Who may be teamed with whom, and how often, as arrays that need nothing else.

    Attributes
    ----------
    prescriber, therapist : array of int, shape (edges,)
        The two nodes of each edge.
    points : array of int, shape (edges,)
    prescribers, therapists : array of int
        The person of each node.
    capacity : array of int
        Of each prescriber node; one without a limit has as much as it has edges.
    unlimited : array of bool
        Which prescriber nodes have no limit.
    units : array of int
        How many partners each therapist node may have.
    teamed_worth : int
        What one more therapist teamed is worth in points: more than any change of points can be.
    """

    prescriber: Index
    therapist: Index
    points: Index
    prescribers: Index
    therapists: Index
    capacity: Index
    unlimited: NDArray[np.bool_]
    units: Index
    teamed_worth: int

    @property
    def edges(self) -> int:
        """How many edges there are."""
        return len(self.points)


@frozen(eq=False)
class Market(Problem):
    """The problem of a network.

    Attributes
    ----------
    links : Links
    row : array of int, shape (edges,)
        Each edge's row among the links.
    """

    links: Links
    row: Index


def usable_rows(links: Links, unknown: str) -> Index:
    """The links that may be used: those that pass, or with ``allow`` also those that are unknown."""
    least = UNKNOWN if unknown == "allow" else PASS
    return np.flatnonzero(links.verdicts >= least)


def market(links: Links, rows: Index, max_partners: int = 1) -> Market:
    """The problem on some of the links; where therapists may have several partners, each pair is in it once."""
    if max_partners > 1:
        rows = _best_of_pairs(links, rows)
    pairs = links.pairs
    of_people = problem_of(
        capacities(links.facts),
        pairs.prescriber_person[rows],
        pairs.therapist_person[rows],
        links.points[rows],
        max_partners,
    )
    return Market(**attrs.asdict(of_people, recurse=False), links=links, row=rows)


def problem_of(
    limit: Index, prescriber_person: Index, therapist_person: Index, points: Index, max_partners: int = 1
) -> Problem:
    """The problem of some pairs of people, by code; ``limit`` is everyone's, -1 for none."""
    prescribers, prescriber = _nodes(prescriber_person, len(limit))
    therapists, therapist = _nodes(therapist_person, len(limit))
    limit = limit[prescribers]
    degree = np.bincount(prescriber, minlength=len(prescribers))
    return Problem(
        prescriber=prescriber,
        therapist=therapist,
        points=points,
        prescribers=prescribers,
        therapists=therapists,
        capacity=np.where(limit < 0, degree, limit),
        unlimited=limit < 0,
        units=np.full(len(therapists), max_partners, np.int64),
        teamed_worth=1 + int(points.max(initial=0)) * len(therapists),
    )


def load(problem: Problem, used: Used) -> tuple[Index, Index]:
    """How many of its edges each prescriber node and each therapist node uses."""
    return (
        np.bincount(problem.prescriber[used], minlength=len(problem.prescribers)),
        np.bincount(problem.therapist[used], minlength=len(problem.therapists)),
    )


def row_draws(links: Links, rows: Index) -> Index:
    """The tie-breaking draw of some links."""
    facts, pairs = links.facts, links.pairs
    ids = (facts.sites, facts.people)
    site, prescriber, therapist = (
        pairs.site[rows],
        pairs.prescriber_person[rows],
        pairs.therapist_person[rows],
    )
    return link_draws(ids, facts.protocol.draw, site, prescriber, therapist)


def _nodes(person: Index, people: int) -> tuple[Index, Index]:
    """The people that occur, in the order of their ids, and each edge's node; without sorting."""
    occurs = np.zeros(people, bool)
    occurs[person] = True
    number = np.cumsum(occurs) - 1
    return np.flatnonzero(occurs), number[person]


def _best_of_pairs(links: Links, rows: Index) -> Index:
    """Of each pair the link with most points, then the least draw."""
    pairs = links.pairs
    key = pairs.prescriber_person[rows] * len(links.facts.people) + pairs.therapist_person[rows]
    order = np.lexsort((row_draws(links, rows), -links.points[rows], key))
    first = np.ones(len(order), bool)
    first[1:] = key[order][1:] != key[order][:-1]
    return np.sort(rows[order[first]])
