"""Which triples to judge: site by site, so that work grows with real neighbours."""

from __future__ import annotations

import numpy as np

from kapteam.columns.facts import Bools, Facts
from kapteam.columns.lookup import Index, apart, both
from kapteam.columns.members import Members
from kapteam.columns.pairs import Pairs, law_levels
from kapteam.columns.policies import AVAILABLE, policies


def candidate_pairs(facts: Facts) -> Pairs:
    """Every link that lists show, sorted by the ids of site, prescriber and therapist.

    Prescriber and therapist are candidates for their role; the therapist has hours at the site, and so has the
    prescriber, unless the presence that law and policies ask for lets them be elsewhere; or it is supposed that the
    prescriber might come (``facts.supposed``).
    """
    prescribers, away = _prescribers(facts)
    there = np.flatnonzero(facts.candidate["therapist"][facts.postings.person])
    site, therapist = facts.postings.site[there], facts.postings.person[there]
    bounds = np.searchsorted(site, np.arange(len(facts.sites) + 1))
    at, who = apart(prescribers)
    first, count = bounds[at], bounds[at + 1] - bounds[at]
    p = np.repeat(np.arange(len(prescribers)), count)
    t = np.arange(len(p)) - np.repeat(np.cumsum(count) - count - first, count)
    if away.any():
        lax = policies(facts, "therapist").level <= AVAILABLE
        listed = ~away[p] | lax[therapist[t]]
        p, t = p[listed], t[listed]
    if not facts.protocol.solo:
        two = who[p] != therapist[t]
        p, t = p[two], t[two]
    left, row_p = _occurring(facts, "prescriber", who, at, p)
    right, row_t = _occurring(facts, "therapist", therapist, site, t)
    return Pairs(left, right, row_p, row_t)


def _prescribers(facts: Facts) -> tuple[Index, Bools]:
    """Each (site, prescriber) that a link can begin with, as sorted keys; and which are there by their policy alone.

    The latter have no hours at the site, and law and policies let them be elsewhere: so that each belongs to a link,
    they are there only where a therapist is whose policy lets them too.
    """
    postings, prescribes = facts.postings, facts.candidate["prescriber"]
    local = np.flatnonzero(prescribes[postings.person])
    keys = both(postings.site[local], postings.person[local])
    if facts.supposed is not None:
        keys = np.union1d(keys, both(facts.supposed.site, facts.supposed.person))
    remote = np.flatnonzero(prescribes & (policies(facts, "prescriber").prescriber_level <= AVAILABLE))
    lax = facts.candidate["therapist"] & (policies(facts, "therapist").level <= AVAILABLE)
    places = np.unique(postings.site[lax[postings.person]])
    places = places[law_levels(facts)[facts.site_jurisdiction[places]] <= AVAILABLE]
    afar = both(np.repeat(places, len(remote)), np.tile(remote, len(places)))
    afar = np.setdiff1d(afar, keys, assume_unique=True)
    every = np.concatenate([keys, afar])
    order = np.argsort(every, kind="stable") if len(afar) else np.arange(len(every))
    return every[order], order >= len(keys)


def _occurring(facts: Facts, role: str, person: Index, site: Index, row: Index) -> tuple[Members, Index]:
    """Those of some people at sites that links name, sorted by person and site; and the row of each link's."""
    occurs = np.zeros(len(person), bool)
    occurs[row] = True
    kept = np.flatnonzero(occurs)
    kept = kept[np.argsort(both(person[kept], site[kept]), kind="stable")]
    place = np.empty(len(person), np.int64)
    place[kept] = np.arange(len(kept))
    return Members(facts, role, person[kept], site[kept]), place[row]


def pairs_of(facts: Facts, site: Index, prescriber: Index, therapist: Index) -> Pairs:
    """Links of these codes, listed or not, in this order."""
    prescribers, p = _members(facts, "prescriber", prescriber, site)
    therapists, t = _members(facts, "therapist", therapist, site)
    return Pairs(prescribers, therapists, p, t)


def _members(facts: Facts, role: str, person: Index, site: Index) -> tuple[Members, Index]:
    """Each person at each site once, and the row of each link's."""
    keys, row = np.unique(both(person, site), return_inverse=True)
    return Members(facts, role, *apart(keys)), row.astype(np.int64)
