"""Which triples to judge: site by site, so that work grows with real neighbours."""

from __future__ import annotations

import numpy as np

from kapteam.columns.facts import Facts
from kapteam.columns.lookup import Index, apart, both
from kapteam.columns.members import Members
from kapteam.columns.pairs import Pairs, law_levels
from kapteam.columns.policies import AVAILABLE, policies


def candidate_pairs(facts: Facts) -> Pairs:
    """Every link that lists show, sorted by the ids of site, prescriber and therapist.

    Prescriber and therapist are candidates for their role; the therapist has hours at the site, and so has the
    prescriber, unless the presence that law and policies ask for lets them be elsewhere.
    """
    postings = facts.postings
    prescribes, sits = facts.candidate["prescriber"], facts.candidate["therapist"]
    remote = np.flatnonzero(prescribes & (policies(facts, "prescriber").prescriber_level <= AVAILABLE))
    lax = policies(facts, "therapist").level <= AVAILABLE
    lax_place = law_levels(facts)[facts.site_jurisdiction] <= AVAILABLE
    bounds = np.searchsorted(postings.site, np.arange(len(facts.sites) + 1))
    blocks: list[tuple[int, Index, Index]] = []
    for site in range(len(facts.sites)):
        here = postings.person[bounds[site] : bounds[site + 1]]
        therapists = here[sits[here]]
        if not len(therapists):
            continue
        local = here[prescribes[here]]
        if lax_place[site] and len(remote):
            prescribers = np.union1d(local, remote)
            allowed = np.isin(prescribers, local)[:, None] | (np.isin(prescribers, remote)[:, None] & lax[therapists])
        else:
            prescribers = local
            allowed = np.ones((len(local), len(therapists)), bool)
        if not facts.protocol.solo:
            allowed &= prescribers[:, None] != therapists
        a, b = np.nonzero(allowed)
        blocks.append((site, prescribers[a], therapists[b]))
    sites = np.repeat(np.array([s for s, _, _ in blocks], np.int64), [len(p) for _, p, _ in blocks])
    return pairs_of(facts, sites, _joined([p for _, p, _ in blocks]), _joined([t for _, _, t in blocks]))


def pairs_of(facts: Facts, site: Index, prescriber: Index, therapist: Index) -> Pairs:
    """Links of these codes, listed or not, in this order."""
    prescribers, p = _members(facts, "prescriber", prescriber, site)
    therapists, t = _members(facts, "therapist", therapist, site)
    return Pairs(prescribers, therapists, p, t)


def _members(facts: Facts, role: str, person: Index, site: Index) -> tuple[Members, Index]:
    """Each person at each site once, and the row of each link's."""
    keys, row = np.unique(both(person, site), return_inverse=True)
    return Members(facts, role, *apart(keys)), row.astype(np.int64)


def _joined(parts: list[Index]) -> Index:
    return np.concatenate(parts) if parts else np.empty(0, np.int64)
