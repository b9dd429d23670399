"""What confirming unknown facts would add, the most valuable first."""

from __future__ import annotations

from collections import defaultdict

import numpy as np
from attrs import frozen
from numpy.typing import NDArray

from kapteam.columns.logic import UNKNOWN
from kapteam.columns.lookup import Index
from kapteam.matching.held import Held
from kapteam.matching.market import market
from kapteam.matching.optimum import optimum
from kapteam.network.links import Links
from kapteam.rules.rulebook import START_RULES

_WINDOW = "team.window"
# Bits: of whom a rule is unknown on a link; of both, or of the link itself.
_PRESCRIBER, _THERAPIST, _SAME, _LINK = 1, 2, 3, 4


@frozen
class IfConfirmed:
    """What one fact would add, if it turned out well and nothing else changed.

    Attributes
    ----------
    practitioner, rule : str
        Whose fact, and of which rule: every unknown finding of that rule on that person turns.
    adds, adds_points : int
        The growth of the objective.
    """

    practitioner: str
    rule: str
    adds: int
    adds_points: int


def if_confirmed(
    links: Links, usable: Index, held: Held, teamed: int, points: int, max_partners: int
) -> list[IfConfirmed]:
    """Every fact whose confirmation would let a better plan be made; what is held stays."""
    kept, kept_points = len(held.rows), int(links.points[held.rows].sum())
    found = []
    for (person, rule), rows in _turned(links).items():
        more = np.setdiff1d(rows, usable)
        if not len(more):
            continue
        problem = held.rest_of(market(links, np.union1d(usable, more), max_partners))
        used = optimum(problem)
        adds = kept + int(used.sum()) - teamed
        adds_points = kept_points + int(problem.points[used].sum()) - points
        if (adds, adds_points) > (0, 0):
            found.append(IfConfirmed(links.facts.people[person], rule, adds, adds_points))
    return sorted(found, key=lambda c: (-c.adds, -c.adds_points, c.practitioner, c.rule))


def _turned(links: Links) -> dict[tuple[int, str], Index]:
    """By person and rule: the unknown links that would pass if that person's unknown findings of that rule did.

    A link turns where all that is unknown on it is of one rule and one person. The rules that ask for a start that
    fits are one rule here, which a person's unwritten hours turn.
    """
    judged, pairs = links.judged, links.pairs
    rows = np.flatnonzero(links.verdicts == UNKNOWN)
    count = np.zeros(len(rows), np.int64)
    which = np.full(len(rows), -1)
    who = np.zeros(len(rows), np.int64)
    by_rule: dict[str, NDArray[np.int64]] = {}
    for judgement in judged.unknown_blocks():
        here = judged.on_links(judgement)[rows] == UNKNOWN
        bit = {"prescriber": _PRESCRIBER, "therapist": _THERAPIST, "link": _LINK}[judgement.role]
        name = _WINDOW if judgement.rule.id in START_RULES else judgement.rule.id
        by_rule[name] = by_rule.get(name, np.zeros(len(rows), np.int64)) | np.where(here, bit, 0)
    names = sorted(by_rule)
    for number, name in enumerate(names):
        here = by_rule[name] > 0
        count += here
        which[here], who[here] = number, by_rule[name][here]
    turned: dict[tuple[int, str], list[Index]] = defaultdict(list)
    for number, name in enumerate(names):
        only = (count == 1) & (which == number)
        for side, person_of in (
            ("prescriber", pairs.prescriber_person),
            ("therapist", pairs.therapist_person),
        ):
            theirs = rows[only & _turns(who, side, pairs.solo[rows])]
            if name == _WINDOW:
                theirs = theirs[_fits_if_written(links, theirs, side)]
            person = person_of[theirs]
            for p in np.unique(person):
                turned[int(p), name].append(theirs[person == p])
    return {key: np.unique(np.concatenate(parts)) for key, parts in sorted(turned.items())}


def _turns(who: Index, side: str, solo: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Whether one side's person turns a rule alone: it is unknown of them only, of one who is both, or of the link."""
    own = _PRESCRIBER if side == "prescriber" else _THERAPIST
    return np.asarray((who == own) | (who == _LINK) | ((who == _SAME) & solo))


def _fits_if_written(links: Links, rows: Index, side: str) -> NDArray[np.bool_]:
    pairs = links.pairs
    fits = pairs.fits_if_written(rows, side)
    solo = np.flatnonzero(pairs.solo[rows])
    if len(solo):  # one person's unwritten hours are both's
        found = pairs.starts(rows[solo], prescriber_unwritten=True, therapist_unwritten=True)
        fits[solo] = found.any(axis=1)
    return fits
