"""One sentence about each person of the network: what is said when somebody points at them."""

from __future__ import annotations

import numpy as np

from kapteam.columns.logic import FAIL, UNKNOWN
from kapteam.matching.match import Plan
from kapteam.rules.words import listed
from kapteam.show.words import count, person, place


def sentences(plan: Plan, left_out: dict[str, str]) -> dict[str, str]:
    """By id of everyone who is on a link: their team or why they have none, and what other links they have.

    Parameters
    ----------
    plan : Plan
    left_out : dict of str to str
        Why whoever is in no team is left out, by id.
    """
    links = plan.links
    facts, pairs = links.facts, links.pairs
    used = np.zeros(len(links), bool)
    used[plan.rows] = True
    teamed: dict[str, dict[str, list[str]]] = {}
    for team in plan.teams:
        for member in team.therapists:
            solo = member.practitioner == team.prescriber
            mine = teamed.setdefault(team.prescriber, {}).setdefault(team.site, [])
            mine.append("alone, as both" if solo else f"with {facts.roster.people[member.practitioner].label}")
            if not solo:
                theirs = teamed.setdefault(member.practitioner, {}).setdefault(team.site, [])
                theirs.append(f"with {facts.roster.people[team.prescriber].label}")
    said = {}
    by_person: dict[int, list[int]] = {}
    for row, (p, t) in enumerate(zip(pairs.prescriber_person.tolist(), pairs.therapist_person.tolist(), strict=True)):
        for code in {p, t}:
            by_person.setdefault(code, []).append(row)
    for code, rows in sorted(by_person.items()):
        id = facts.people[code]
        words = [f"at {place(facts, site)} {listed(those)}" for site, those in sorted(teamed.get(id, {}).items())]
        first = f"teamed {listed(words)}" if words else f"in no team. {left_out.get(id, '')}".strip()
        others = [r for r in rows if not used[r]]
        verdicts = links.verdicts[others]
        more = [
            count(int((verdicts == 1).sum()), "other link") + " could be used",
            f"{int((verdicts == UNKNOWN).sum()):,} unknown",
            f"{int((verdicts == FAIL).sum()):,} cannot",
        ]
        said[id] = f"{person(facts, id)}: {first.removesuffix('.')}. {', '.join(more)}."
    return said
