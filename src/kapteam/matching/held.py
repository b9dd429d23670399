"""Pairs that must stay: what they take from everyone's capacity, and why some of them cannot be."""

from __future__ import annotations

from collections.abc import Sequence

import attrs
import numpy as np
from attrs import frozen

from kapteam.columns.logic import FAIL, UNKNOWN
from kapteam.columns.lookup import Index
from kapteam.matching.capacity import capacities
from kapteam.matching.market import Market, row_draws
from kapteam.network.links import Links


@frozen
class Conflict:
    """Why something that was to be kept cannot be.

    Attributes
    ----------
    about : str
        The pair, or the person, by id.
    rule : str
        The rule that it breaks, or ``capacity``, ``units`` or ``not_listed``.
    message : str
    """

    about: str
    rule: str
    message: str


@frozen(eq=False)
class Held:
    """Links that the plan must use.

    Attributes
    ----------
    rows : array of int
        As rows of the links.
    pairs : tuple of (prescriber, therapist, site)
        By id, sorted.
    """

    links: Links
    rows: Index
    pairs: tuple[tuple[str, str, str], ...]

    def rest_of(self, problem: Market) -> Market:
        """What is left to decide: without the pairs held, and with what they leave of capacity and units."""
        if not len(self.rows):
            return problem
        pairs = self.links.pairs
        people = len(self.links.facts.people)
        prescribers = np.bincount(pairs.prescriber_person[self.rows], minlength=people)[problem.prescribers]
        therapists = np.bincount(pairs.therapist_person[self.rows], minlength=people)[problem.therapists]
        key = pairs.prescriber_person * people + pairs.therapist_person
        free = ~np.isin(key[problem.row], key[self.rows])
        units = np.maximum(problem.units - therapists, 0)
        free &= units[problem.therapist] > 0
        room = np.where(problem.unlimited, problem.capacity, np.maximum(problem.capacity - prescribers, 0))
        return attrs.evolve(
            problem,
            row=problem.row[free],
            prescriber=problem.prescriber[free],
            therapist=problem.therapist[free],
            points=problem.points[free],
            capacity=room,
            units=units,
        )


def hold(
    links: Links, usable: Index, keep: Sequence[tuple[str, ...]], max_partners: int
) -> tuple[Held, list[Conflict]]:
    """The links of the pairs to be kept, each at its site or at the best one, and what stands against them.

    Raises
    ------
    UsageError
        A pair names a person or a site that is not on the roster.
    """
    rows: list[int] = []
    conflicts: list[Conflict] = []
    for pair in dict.fromkeys(keep):
        row, conflict = _find(links, usable, pair)
        if conflict is not None:
            conflicts.append(conflict)
        elif row not in rows and (other := _same_pair(links, row, rows)) is not None:
            site = links.link(other).site
            about = f"{pair[0]} + {pair[1]}"
            conflicts.append(Conflict(about, "units", f"{about} is to be kept at {site} too, and a pair counts once"))
        elif row not in rows:
            rows.append(row)
    held = np.array(sorted(rows), np.int64)
    conflicts += _too_many(links, held, max_partners)
    ids = sorted((links.link(r).prescriber, links.link(r).therapist, links.link(r).site) for r in rows)
    return Held(links, held, tuple(ids)), conflicts


def _same_pair(links: Links, row: int, rows: Sequence[int]) -> int | None:
    """Another held link of the same two people."""
    pairs = links.pairs
    two = (pairs.prescriber_person[row], pairs.therapist_person[row])
    return next((r for r in rows if (pairs.prescriber_person[r], pairs.therapist_person[r]) == two), None)


def _find(links: Links, usable: Index, pair: tuple[str, ...]) -> tuple[int, Conflict | None]:
    facts, pairs = links.facts, links.pairs
    prescriber, therapist = (facts.person(who) for who in pair[:2])
    there = (pairs.prescriber_person == prescriber) & (pairs.therapist_person == therapist)
    about = f"{pair[0]} + {pair[1]}"
    if len(pair) > 2:
        there &= pairs.site == facts.place(pair[2])
        about += f" at {pair[2]}"
    rows = np.flatnonzero(there)
    turned = (pairs.prescriber_person == therapist) & (pairs.therapist_person == prescriber)
    if not len(rows) and turned.any():
        return -1, Conflict(about, "not_listed", f"{about}: name the prescriber first, {pair[1]},{pair[0]}")
    if not len(rows):
        return -1, Conflict(about, "not_listed", f"{about}: the two are not both candidates with hours at one site")
    fit = np.intersect1d(rows, usable)
    if len(fit):
        return int(fit[np.lexsort((row_draws(links, fit), -links.points[fit]))[0]]), None
    best = int(rows[np.argmax(links.verdicts[rows])])
    broken = sorted(
        j.rule.id for j in links.judged.judgements
        if links.rulebook.blocks(j.rule) and links.judged.on_links(j, np.array([best]))[0] <= UNKNOWN
    )  # fmt: skip
    breaks = "breaks" if links.verdicts[best] == FAIL else "rests on an unknown fact of"
    return -1, Conflict(about, broken[0], f"{about} {breaks} {', '.join(dict.fromkeys(broken))}")


def _too_many(links: Links, rows: Index, max_partners: int) -> list[Conflict]:
    """Prescribers with more held partners than they can take, and therapists with more than they may have."""
    facts, pairs, found = links.facts, links.pairs, []
    room = capacities(facts)
    for person, count in zip(*np.unique(pairs.prescriber_person[rows], return_counts=True), strict=True):
        if 0 <= room[person] < count:
            who = facts.people[person]
            found.append(Conflict(who, "capacity", f"{who} is to keep {count} therapists and can take {room[person]}"))
    for person, count in zip(*np.unique(pairs.therapist_person[rows], return_counts=True), strict=True):
        if count > max_partners:
            who = facts.people[person]
            found.append(Conflict(who, "units", f"{who} is to keep {count} prescribers and may have {max_partners}"))
    return found
