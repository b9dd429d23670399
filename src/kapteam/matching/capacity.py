"""How many therapists a prescriber can take: their own word, else what their week on site holds."""

from __future__ import annotations

import numpy as np

from kapteam.columns import weeks
from kapteam.columns.facts import Facts
from kapteam.columns.lookup import Index
from kapteam.columns.members import anywhere_starts, week_starts
from kapteam.columns.policies import AVAILABLE, DOSING, NONE, THROUGHOUT, policies

#: No limit at all.
UNLIMITED = -1


def capacities(facts: Facts) -> Index:
    """By person: how many standing partners they can take as prescriber; -1 for no limit."""
    return facts.once("capacities", lambda: _compute(facts))


def _compute(facts: Facts) -> Index:
    policy = policies(facts, "prescriber")
    level = policy.prescriber_level
    written = np.zeros(len(facts.people), bool)
    written[facts.postings.person[weeks.some(facts.postings.week)]] = True
    limited = written & (level != NONE)
    concurrent = np.where(
        policy.max_concurrent >= 0,
        np.minimum(facts.max_concurrent, policy.max_concurrent),
        facts.max_concurrent,
    )
    capacity = np.where(limited, concurrent * _own_sessions(facts, level, limited), UNLIMITED)
    most = facts.max_week
    capacity = np.where(most >= 0, np.where(capacity >= 0, np.minimum(capacity, most), most), capacity)
    return np.where(facts.max_therapists >= 0, facts.max_therapists, capacity)


def _own_sessions(facts: Facts, level: Index, limited: np.ndarray[tuple[int], np.dtype[np.bool_]]) -> Index:
    """The most sessions in each person's own week, by what their own policy asks of them; sites in absolute time."""
    found = weeks.empty(len(facts.people))
    postings = facts.postings
    for asked, length in ((THROUGHOUT, facts.session), (DOSING, facts.dosing)):
        rows = np.flatnonzero((level == asked)[postings.person])
        starts = week_starts(facts, length)[rows]
        for ahead in np.unique(facts.offset[postings.site[rows]]):
            here = np.flatnonzero(facts.offset[postings.site[rows]] == ahead)
            np.bitwise_or.at(found, postings.person[rows[here]], weeks.earlier(starts[here], int(ahead)))
    reachable = level == AVAILABLE
    if reachable.any():
        found[reachable] = anywhere_starts(facts, facts.dosing)[reachable]
    sessions = np.zeros(len(facts.people), np.int64)
    wanted = np.flatnonzero(limited & facts.candidate["prescriber"] & (facts.max_therapists < 0))
    sessions[wanted] = weeks.most_sessions(found[wanted], facts.session)
    return sessions
