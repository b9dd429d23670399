"""Two judgements of one network compared: which links may no longer be used, and which may instead."""

from __future__ import annotations

import numpy as np
from attrs import frozen

from kapteam.columns.lookup import Index
from kapteam.matching.reoptimise import Coming
from kapteam.network.links import Links


@frozen(eq=False)
class Difference:
    """How the usable links differ.

    Attributes
    ----------
    gone : array of int
        Those that may no longer be used, or are worth other points than before; as rows of the links.
    come : Coming
        Those that may be used now, or are worth other points than before.
    lost : int
        How many may no longer be used.
    """

    gone: Index
    come: Coming
    lost: int


def difference(links: Links, rows: Index, other: Coming) -> Difference:
    """Compare some usable links, as rows, with those that may be used instead of them."""
    pairs, people = links.pairs, len(links.facts.people)

    def keys(site: Index, prescriber: Index, therapist: Index) -> Index:
        return (site * people + prescriber) * people + therapist

    before = keys(pairs.site[rows], pairs.prescriber_person[rows], pairs.therapist_person[rows])
    after = keys(other.site, other.prescriber, other.therapist)
    _, mine, theirs = np.intersect1d(before, after, assume_unique=True, return_indices=True)
    equal = links.points[rows[mine]] == other.points[theirs]
    gone, new = np.ones(len(rows), bool), np.ones(len(other), bool)
    gone[mine[equal]], new[theirs[equal]] = False, False
    come = Coming(other.site[new], other.prescriber[new], other.therapist[new], other.points[new])
    return Difference(rows[gone], come, len(rows) - len(mine))
