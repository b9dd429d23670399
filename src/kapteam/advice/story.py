"""What a plan means for one person: their team, or why there is none and what comes nearest."""

from __future__ import annotations

import numpy as np
from attrs import frozen
from numpy.typing import NDArray

from kapteam.advice.alone import alone
from kapteam.advice.explain import Explained, explained
from kapteam.columns.logic import FAIL, UNKNOWN
from kapteam.columns.lookup import Index
from kapteam.matching.confirm import IfConfirmed
from kapteam.matching.match import Plan, Team
from kapteam.matching.reasons import Unmatched
from kapteam.network.links import Links
from kapteam.rules.rule import Finding


@frozen
class Story:
    """One person in a plan.

    Attributes
    ----------
    practitioner : str
    teams : tuple of Team
        Those they are in.
    left_out : tuple of Unmatched
        Why they are in none, once per role.
    findings : tuple of Finding
        What fails of them alone, at the first site where something does.
    placed : tuple of Explained
        Their links that the plan uses.
    nearest : tuple of Explained
        Where it uses none: their links with the least in the way, the nearest first.
    shared : tuple of int or None
        Of a shortage they are part of: how many therapists share prescribers who can take how many.
    would_add : tuple of IfConfirmed
        What confirming their own unknown facts would add.
    """

    practitioner: str
    teams: tuple[Team, ...]
    left_out: tuple[Unmatched, ...]
    findings: tuple[Finding, ...]
    placed: tuple[Explained, ...]
    nearest: tuple[Explained, ...]
    shared: tuple[int, int] | None
    would_add: tuple[IfConfirmed, ...]


def story(plan: Plan, person: str, count: int = 3) -> Story:
    """One person's place in a plan, with up to ``count`` nearest links.

    Raises
    ------
    UsageError
        Nobody on the roster has this id.
    """
    code = plan.links.facts.person(person)
    teams = tuple(
        t for t in plan.teams if person == t.prescriber or any(p.practitioner == person for p in t.therapists)
    )
    left_out = tuple(u for u in plan.unmatched if u.practitioner == person)
    by_themselves = {u.role for u in left_out if u.reason in ("no_license", "not_eligible")}
    short = plan.shortage
    shared = None
    if short is not None and person in short.therapists:
        shared = (len(short.therapists), len(short.therapists) - short.deficiency)
    return Story(
        practitioner=person,
        teams=teams,
        left_out=left_out,
        findings=tuple(f for role in sorted(by_themselves) for f in alone(plan.links, code, role)),
        placed=tuple(explained(plan.links, int(r)) for r in plan.rows[_of(plan.links, code, plan.rows)]),
        nearest=() if teams else tuple(explained(plan.links, int(r)) for r in nearest_rows(plan.links, code)[:count]),
        shared=shared,
        would_add=tuple(c for c in plan.if_confirmed if c.practitioner == person),
    )


def nearest_rows(links: Links, person: int) -> Index:
    """A person's links, those with the fewest blocking failures first, then the fewest unknowns, then most points."""
    judged, rows = links.judged, np.flatnonzero(_of(links, person))
    fails, unknowns = np.zeros(len(rows), np.int64), np.zeros(len(rows), np.int64)
    for judgement in judged.judgements:
        if links.rulebook.blocks(judgement.rule):
            verdicts = judged.on_links(judgement, rows)
            fails += verdicts == FAIL
            unknowns += verdicts == UNKNOWN
    return rows[np.lexsort((-links.points[rows], unknowns, fails))]


def _of(links: Links, person: int, rows: Index | slice = slice(None)) -> NDArray[np.bool_]:
    """Which links, of all or of some, are a person's in either role."""
    pairs = links.pairs
    return np.asarray((pairs.prescriber_person[rows] == person) | (pairs.therapist_person[rows] == person))
