"""The verdicts that decide on somebody alone, and who may watch at a site."""

from __future__ import annotations

import numpy as np

from kapteam.columns.facts import Facts
from kapteam.columns.lookup import Index
from kapteam.columns.members import Members
from kapteam.network.judge import Judgement, judge_members, judge_monitors
from kapteam.rules.monitor import monitor_license
from kapteam.rules.rulebook import Rulebook


def monitors_at(facts: Facts, site: int) -> Members:
    """Everyone who is a candidate to watch and has hours at a site, by their codes."""
    here = facts.postings.person[facts.postings.site == site]
    people = here[facts.candidate["monitor"][here]]
    return Members(facts, "monitor", people, np.full(len(people), site))


def deciding(members: Members, rulebook: Rulebook) -> list[Judgement]:
    """What decides on each alone in their role: the rules that block, and of who watches the licence always."""
    watch = members.role == "monitor"
    judged = judge_monitors(members, rulebook) if watch else judge_members(members, rulebook)
    return [j for j in judged if j.rule is monitor_license or rulebook.blocks(j.rule)]


def counted(judgements: list[Judgement], rows: int, verdict: int) -> Index:
    """By row: how many of some judgements have a verdict."""
    count = np.zeros(rows, np.int64)
    for judgement in judgements:
        count += judgement.verdicts == verdict
    return count
