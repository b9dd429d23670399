"""What to ask whom, most valuable first: the unknown facts whose good answer makes a better plan."""

from __future__ import annotations

import numpy as np
from attrs import frozen

from kapteam.advice.explain import finding
from kapteam.columns.logic import UNKNOWN
from kapteam.matching.confirm import IfConfirmed
from kapteam.matching.match import Plan
from kapteam.report.links import Listed, Told
from kapteam.rules.rule import Finding

_LOOKED_AT = 20  # links of one fact


@frozen(eq=False)
class Question:
    """One fact to be found out.

    Attributes
    ----------
    fact : IfConfirmed
        What it would add.
    findings : tuple of Finding
        What is unknown of it, each sentence once.
    many : int
        How many unknown links it is on.
    links : tuple of Told
        Those of them that are listed.
    """

    fact: IfConfirmed
    findings: tuple[Finding, ...]
    many: int
    links: tuple[Told, ...]


def questions(plan: Plan, listed: Listed) -> list[Question]:
    """The facts of a plan's :attr:`~kapteam.matching.match.Plan.if_confirmed`, with what is unknown of each."""
    links, by_row = plan.links, listed.by_row
    pairs, open_links = links.pairs, np.flatnonzero(links.verdicts == UNKNOWN)
    found = []
    for fact in plan.if_confirmed:
        code = links.facts.person_code[fact.practitioner]
        theirs = (pairs.prescriber_person[open_links] == code) | (pairs.therapist_person[open_links] == code)
        rows, unknown = open_links[theirs], dict[str, Finding]()
        on = np.zeros(len(rows), bool)
        for judgement in links.judged.unknown_blocks():
            if judgement.rule.id == fact.rule:
                here = links.judged.on_links(judgement, rows) == UNKNOWN
                on |= here
                for row in rows[here][:_LOOKED_AT]:
                    told = finding(links, judgement, int(row))
                    unknown.setdefault(told.message, told)
        told_links = tuple(by_row[r] for r in rows[on].tolist() if r in by_row)
        found.append(Question(fact, tuple(unknown.values()), int(on.sum()), told_links[:_LOOKED_AT]))
    return found
