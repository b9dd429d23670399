"""Links as edges: from the prescriber to the therapist, keyed by the site."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np

from kapteam.columns.logic import FAIL, UNKNOWN, WORDS
from kapteam.columns.lookup import Index
from kapteam.matching.market import usable_rows
from kapteam.matching.match import Plan
from kapteam.network.links import Links

Edge = tuple[str, str, str, dict[str, Any]]


def link_edges(links: Links, unknown: str, plan: Plan | None, rows: Index) -> Iterator[Edge]:
    """Some of the links, in that order, with all attributes of such edges.

    One edge has one direction, so the graph tells who prescribes: a person who does both has edges both ways, and a
    link of theirs to themself is a loop.
    """
    facts, pairs = links.facts, links.pairs
    usable, used = np.zeros(len(links), bool), np.zeros(len(links), bool)
    usable[usable_rows(links, unknown)] = True
    if plan is not None:
        used[plan.rows] = True
    fails, unclear = _rules(links, FAIL), _rules(links, UNKNOWN)
    verdicts, points, sessions = links.verdicts, links.points, pairs.weekly_sessions
    for row in rows.tolist():
        site = facts.sites[pairs.site[row]]
        most = int(sessions[row])
        yield (
            facts.people[pairs.prescriber_person[row]],
            facts.people[pairs.therapist_person[row]],
            site,
            {
                "site": site,
                "verdict": WORDS[int(verdicts[row])],
                "points": int(points[row]),
                "weekly_sessions": most,
                "capacity": most if usable[row] else 0,
                "rules_fail": sorted(fails.get(row, ())),
                "rules_unknown": sorted(unclear.get(row, ())),
                "teamed": None if plan is None else bool(used[row]),
            },
        )


def _rules(links: Links, status: int) -> dict[int, set[str]]:
    """By link: the blocking rules that have this verdict on it."""
    found: dict[int, set[str]] = {}
    for judgement in links.judged.judgements:
        if links.rulebook.blocks(judgement.rule):
            for row in np.flatnonzero(links.judged.on_links(judgement) == status).tolist():
                found.setdefault(row, set()).add(judgement.rule.id)
    return found
