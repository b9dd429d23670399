"""Everybody whom a person could be paired with, at each site where the two could be, judged, and the best first."""

from __future__ import annotations

import numpy as np
from attrs import define
from numpy.typing import NDArray

from kapteam.advice.alone import sites_of
from kapteam.advice.distance import to_sites
from kapteam.columns import weeks
from kapteam.columns.facts import Facts
from kapteam.columns.logic import PASS, UNKNOWN
from kapteam.columns.lookup import Index, apart, both
from kapteam.network.candidates import pairs_of
from kapteam.network.judge import Judged, judge_pairs
from kapteam.network.links import Links
from kapteam.rules.rulebook import START_RULES
from kapteam.rules.team import ties

#: What a pair can be, in the order of the answer.
STATUSES = ("pass", "unknown", "fail", "to_ask")
_PASS, _UNKNOWN, _FAIL, TO_ASK = range(4)
LEFT_OUT = -1

ROLES = ("prescriber", "therapist")


@define(eq=False)
class Asked:
    """The judged links of a person, listed or not.

    Attributes
    ----------
    links : Links
    other : array of int
        The other one of each link; of a solo the person.
    prescribes : array of bool
        Whether the other one is its prescriber.
    solo : array of bool
    in_the_way : array of int
        How many findings stand in the way of each, as :attr:`~kapteam.advice.explain.Explained.in_the_way` has them.
    distance : array of float
        How far the one of the two who is farther from the site is from it, in km; NaN where it is not known.
    """

    links: Links
    other: Index
    prescribes: NDArray[np.bool_]
    solo: NDArray[np.bool_]
    in_the_way: Index
    distance: NDArray[np.float64]


def asked_of(links: Links, me: int, where: Index | None) -> Asked:
    """Every link that a person could have, with its distance and how much is in its way."""
    facts = links.facts
    everyone = np.arange(len(facts.people))
    site, other, prescribes = [], [], []
    for mine, role in (("therapist", "prescriber"), ("prescriber", "therapist")):
        if facts.candidate[mine][me]:
            who, at = _places(facts, me, np.flatnonzero(facts.candidate[role] & (everyone != me)), where)
            site.append(at)
            other.append(who)
            prescribes.append(np.full(len(who), role == "prescriber"))
    if facts.protocol.solo and all(facts.candidate[role][me] for role in ROLES):
        at = sites_of(facts, me) if where is None else where
        site.append(at)
        other.append(np.full(len(at), me))
        prescribes.append(np.ones(len(at), bool))
    sites, others = (np.concatenate([np.empty(0, np.int64), *parts]) for parts in (site, other))
    first = np.concatenate([np.empty(0, bool), *prescribes])
    pairs = pairs_of(facts, sites, np.where(first, others, me), np.where(first, me, others))
    judged = judge_pairs(pairs, links.rulebook)
    far = np.maximum(to_sites(facts, np.full(len(sites), me), sites), to_sites(facts, others, sites))
    return Asked(Links(judged), others, first, others == me, _count(judged), far)


def _places(facts: Facts, me: int, others: Index, where: Index | None) -> tuple[Index, Index]:
    """Each of the others at each site where a pair with them is judged: (people, sites)."""
    if where is not None:
        return np.repeat(others, len(where)), np.tile(where, len(others))
    postings = facts.postings
    mine = postings.site[postings.person == me]
    wanted = np.zeros(len(facts.people), bool)
    wanted[others] = True
    rows = np.flatnonzero(wanted[postings.person])
    keys = [
        both(np.repeat(others, len(mine)), np.tile(mine, len(others))),
        both(postings.person[rows], postings.site[rows]),
    ]
    if not len(mine):
        wanted[postings.person] = False
        nowhere = np.flatnonzero(wanted)
        sites = np.arange(len(facts.sites))
        keys.append(both(np.repeat(nowhere, len(sites)), np.tile(sites, len(nowhere))))
    return apart(np.unique(np.concatenate(keys)))


def _count(judged: Judged) -> Index:
    """How many findings are in the way of each link; those that ask for a common start count as one."""
    count, start = np.zeros(len(judged.pairs), np.int64), np.zeros(len(judged.pairs), bool)
    for judgement in judged.judgements:
        if judged.rulebook.blocks(judgement.rule):
            short = judged.on_links(judgement) <= UNKNOWN
            if judgement.rule.id in START_RULES:
                start |= short
            else:
                count += short
    return count + start


def statuses(asked: Asked, me: int, where: Index | None, anyone: bool) -> Index:
    """Each link's place in ``STATUSES``; those to ask are left out at sites that are not the person's."""
    pairs, verdicts = asked.links.pairs, asked.links.verdicts
    # What no list shows is no team, also where a practice lets the window fail.
    passes, open_ = pairs.listed & (verdicts == PASS), pairs.listed & (verdicts == UNKNOWN)
    status = np.where(passes, _PASS, np.where(open_, _UNKNOWN, _FAIL))
    if not anyone:
        return status
    postings = asked.links.facts.postings
    here = np.zeros(len(asked.links.facts.sites), bool)
    here[postings.site[postings.person == me]] = True
    people = len(asked.links.facts.people)
    written, shares = np.zeros(people, bool), np.zeros(people, bool)
    written[postings.person[weeks.some(postings.week)]] = True
    shares[postings.person[here[postings.site]]] = True
    to_ask = (status == _FAIL) & ~asked.solo & ~shares[asked.other]
    if here.any():
        to_ask &= ~written[asked.other]
    if asked.links.rulebook.blocks(ties):
        to_ask &= ~pairs.tied("avoids")  # who avoids the other has been asked
    status = np.where(to_ask, TO_ASK, status)
    if where is None and here.any():
        status[to_ask & ~here[pairs.site]] = LEFT_OUT
    return status


def best_first(asked: Asked, status: Index, rows: Index) -> Index:
    """The best first, as :func:`~kapteam.advice.complement.complement` says."""
    pairs = asked.links.pairs
    far = np.nan_to_num(asked.distance[rows], nan=np.inf)
    points, in_the_way = asked.links.points[rows], asked.in_the_way[rows]
    return np.lexsort((~asked.prescribes[rows], pairs.site[rows], asked.other[rows], far, -points, in_the_way, status))
