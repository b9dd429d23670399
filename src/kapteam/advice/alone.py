"""What of a person by themself stands in the way of any team of theirs."""

from __future__ import annotations

import numpy as np

from kapteam.advice.explain import member_finding
from kapteam.columns.facts import Facts
from kapteam.columns.logic import FAIL, UNKNOWN
from kapteam.columns.lookup import Index
from kapteam.columns.members import Members
from kapteam.network.judge import judge_members
from kapteam.network.links import Links
from kapteam.rules.rule import Finding


def alone(links: Links, person: int, role: str, sites: Index | None = None, *, unknown: bool = False) -> list[Finding]:
    """What fails of a person in a role at the site where the least does; nothing where one site has no failure.

    Where no ``sites`` are given they are those where the person has hours or might come; with ``unknown`` what nobody
    wrote down is told as well.
    """
    where = _sites_as(links.facts, person, role) if sites is None else sites
    if not len(where):
        return []
    members = Members(links.facts, role, np.full(len(where), person), where)
    judgements = [j for j in judge_members(members, links.rulebook) if links.rulebook.blocks(j.rule)]
    fails = np.sum([j.verdicts == FAIL for j in judgements], axis=0)
    open_ = np.sum([j.verdicts == UNKNOWN for j in judgements], axis=0)
    best, most = int(np.lexsort((open_, fails))[0]), UNKNOWN if unknown else FAIL
    return [member_finding(links.rulebook, j, members, best) for j in judgements if j.verdicts[best] <= most]


def sites_of(facts: Facts, person: int) -> Index:
    """The sites where a person has hours; of one without any, all."""
    theirs = facts.postings.site[facts.postings.person == person]
    return theirs if len(theirs) else np.arange(len(facts.sites))


def _sites_as(facts: Facts, person: int, role: str) -> Index:
    """The sites where a person has hours, or is supposed to come as a prescriber; of one without any, all."""
    sites, supposed = sites_of(facts, person), facts.supposed
    if supposed is None or role != "prescriber":
        return sites
    return np.union1d(sites, supposed.site[supposed.person == person])
