"""What a plan means for one person: their team, or why there is none and what comes nearest."""

from __future__ import annotations

from bisect import bisect_left
from itertools import islice, takewhile

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
    one_place_more : tuple of (str, int)
        Of a shortage they are part of: each of their prescribers with whom one place more would team one therapist
        more, and the points that the teams would then gain (or lose, if negative), most first.
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
    one_place_more: tuple[tuple[str, int], ...]
    would_add: tuple[IfConfirmed, ...]


def story(plan: Plan, person: str, count: int = 3) -> Story:
    """One person's place in a plan, with up to ``count`` nearest links.

    Raises
    ------
    UsageError
        Nobody on the roster has this id.
    """
    code = plan.links.facts.person(person)
    person = plan.links.facts.people[code]  # however its letters were composed
    placed = plan.rows[_of(plan.links, code, plan.rows)]
    teams = tuple(
        t for t in (plan.teams if len(placed) else ())
        if person == t.prescriber or any(p.practitioner == person for p in t.therapists)
    )  # fmt: skip
    left_out = _of_one(plan.unmatched, person)
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
        placed=tuple(explained(plan.links, int(r)) for r in placed),
        nearest=() if teams else tuple(explained(plan.links, int(r)) for r in nearest_rows(plan.links, code)[:count]),
        shared=shared,
        one_place_more=() if shared is None else _one_place_more(plan, code),
        would_add=tuple(c for c in plan.if_confirmed if c.practitioner == person),
    )


def _of_one(left_out: list[Unmatched], person: str) -> tuple[Unmatched, ...]:
    """Somebody's rows among those of all who are left out, which are sorted by their ids."""
    begin = bisect_left(left_out, person, key=lambda u: u.practitioner)
    return tuple(takewhile(lambda u: u.practitioner == person, islice(left_out, begin, None)))


def _one_place_more(plan: Plan, therapist: int) -> tuple[tuple[str, int], ...]:
    """What one place more is worth with each prescriber of a therapist who shares too few.

    The least price that proves the plan is what one place more adds (the right derivative of the optimum in a
    capacity is the least of its dual prices). All prescribers of the shortage are full, and an alternating path leads
    from each to somebody left out: so one more is teamed, and what the price is more than that are points.
    """
    problem, people = plan.problem, plan.links.facts.people
    theirs = np.unique(problem.prescriber[problem.therapists[problem.therapist] == therapist])
    worth = [(people[problem.prescribers[p]], int(plan.prices.prescribers[p]) - problem.teamed_worth) for p in theirs]
    return tuple(sorted(worth, key=lambda one: (-one[1], one[0])))


def nearest_rows(links: Links, person: int) -> Index:
    """A person's links, those with the fewest blocking failures first, then the fewest unknowns, then most points."""
    judged, rows = links.judged, _rows_of(links, person)
    fails, unknowns = np.zeros(len(rows), np.int64), np.zeros(len(rows), np.int64)
    for judgement in judged.judgements:
        if links.rulebook.blocks(judgement.rule):
            verdicts = judged.on_links(judgement, rows)
            fails += verdicts == FAIL
            unknowns += verdicts == UNKNOWN
    return rows[np.lexsort((-links.points[rows], unknowns, fails))]


def _rows_of(links: Links, person: int) -> Index:
    """A person's links; they are looked for at the person's sites only, for links are sorted by their sites."""
    pairs = links.pairs
    sites = np.unique(np.concatenate([m.site[m.person == person] for m in (pairs.prescribers, pairs.therapists)]))
    begin, end = np.searchsorted(pairs.site, sites), np.searchsorted(pairs.site, sites, side="right")
    rows = np.concatenate([np.empty(0, np.int64), *(np.arange(*ends) for ends in zip(begin, end, strict=True))])
    return rows[_of(links, person, rows)]


def _of(links: Links, person: int, rows: Index) -> NDArray[np.bool_]:
    """Which of some links are a person's in either role."""
    pairs = links.pairs
    return np.asarray((pairs.prescriber_person[rows] == person) | (pairs.therapist_person[rows] == person))
