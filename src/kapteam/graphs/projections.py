"""Who shares partners: the two projections of the links that may be used."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np

from kapteam.columns.lookup import Best, Index, apart, both, join
from kapteam.matching.market import usable_rows
from kapteam.network.links import Links


def shared_edges(links: Links, role: str, unknown: str) -> Iterator[tuple[str, str, dict[str, Any]]]:
    """An edge for any two of a role who share a partner, sorted by their ids.

    A partner may be one of the two: of a solo team and a link with another prescriber, both have the one therapist.

    Notes
    -----
    Work and memory grow with the pairs of links that share a partner: for a therapist of n prescribers, n² of them.
    """
    facts, pairs, rows = links.facts, links.pairs, usable_rows(links, unknown)
    mine, other = pairs.prescriber_person[rows], pairs.therapist_person[rows]
    if role == "therapist":
        mine, other = other, mine
    ones, partners = apart(np.unique(both(mine, other)))
    left, right = _two(ones, partners)
    two, shared = np.unique(both(ones[left], ones[right]), return_counts=True)
    left, right = _two(mine, both(pairs.site[rows], other))
    sessions = pairs.weekly_sessions[rows].astype(np.int64)
    meeting, place = np.unique(both(mine[left], mine[right]), return_inverse=True)
    lesser = np.zeros(len(meeting), np.int64)
    np.add.at(lesser, place, np.minimum(sessions[left], sessions[right]))
    together = Best(meeting, lesser).at(two, 0)
    for a, b, count, most in zip(*apart(two), shared.tolist(), together.tolist(), strict=True):
        yield facts.people[a], facts.people[b], {"shared_partners": count, "shared_sessions": most}


def _two(mine: Index, meeting: Index) -> tuple[Index, Index]:
    """The rows of any two people who meet, each two once: the first in the order of the ids, and the second."""
    left, right = join(meeting, meeting)
    keep = mine[left] < mine[right]
    return left[keep], right[keep]
