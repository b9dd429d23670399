"""What confirming unknown facts would add, the most valuable first."""

from __future__ import annotations

from collections import defaultdict

import attrs
import numpy as np
from attrs import frozen
from numpy.typing import NDArray

from kapteam.columns.logic import UNKNOWN
from kapteam.columns.lookup import Index
from kapteam.columns.parts import parts
from kapteam.matching.capacity import capacities
from kapteam.matching.certificate import least_prices
from kapteam.matching.held import Held
from kapteam.matching.market import Market, Used, market
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
    links: Links, usable: Index, held: Held, problem: Market, used: Used, max_partners: int
) -> list[IfConfirmed]:
    """Every fact whose confirmation would let a better plan be made; what is held stays.

    ``problem`` and ``used`` are the problem solved and the edges that its optimum uses.

    Notes
    -----
    Each fact asks for one more solve, but only of the connected part that its links are in, and only where the
    prices of the optimum do not already cover every link that it turns.
    """
    turned = _turned(links)
    if not turned:
        return []
    pairs, people = links.pairs, len(links.facts.people)
    open_rows = np.union1d(usable, np.concatenate(list(turned.values())))
    label = parts(people, pairs.prescriber_person[open_rows], pairs.therapist_person[open_rows])
    usable_in, chosen_in = _by_part(links, label, usable), _by_part(links, label, problem.row[used])
    none = np.empty(0, np.int64)
    covered = _covered(links, problem, used, open_rows)
    found = []
    for (person, rule), rows in turned.items():
        if covered[rows].all():  # all of them: one that is covered alone may still help beside another
            continue
        here = int(label[person])
        both = np.sort(np.concatenate([usable_in.get(here, none), rows]))
        wider = held.rest_of(market(links, both, max_partners))
        better, before = optimum(wider), chosen_in.get(here, none)
        adds = int(better.sum()) - len(before)
        adds_points = int(wider.points[better].sum()) - int(links.points[before].sum())
        if (adds, adds_points) > (0, 0):
            found.append(IfConfirmed(links.facts.people[person], rule, adds, adds_points))
    return sorted(found, key=lambda c: (-c.adds, -c.adds_points, c.practitioner, c.rule))


def _by_part(links: Links, label: Index, rows: Index) -> dict[int, Index]:
    """Links grouped by the connected part that they are in."""
    part = label[links.pairs.therapist_person[rows]]
    order = np.argsort(part, kind="stable")
    names, begin = np.unique(part[order], return_index=True)
    return {int(n): np.sort(rows) for n, rows in zip(names, np.split(rows[order], begin[1:]), strict=False)}


def _covered(links: Links, problem: Market, used: Used, open_rows: Index) -> NDArray[np.bool_]:
    """Which links the optimum's prices already cover: taking them in cannot make a better plan (weak duality)."""
    pairs, people = links.pairs, len(links.facts.people)
    therapists = len(np.unique(pairs.therapist_person[open_rows]))
    worth = 1 + int(links.points[open_rows].max(initial=0)) * therapists
    prices = least_prices(attrs.evolve(problem, teamed_worth=worth), used)
    paid = np.zeros((2, people), np.int64)
    paid[0, problem.prescribers] = prices.prescribers
    paid[1, problem.therapists] = prices.therapists
    covered = paid[0, pairs.prescriber_person] + paid[1, pairs.therapist_person] >= worth + links.points
    return np.asarray(covered | (capacities(links.facts)[pairs.prescriber_person] == 0))


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
        here = judged.on_links(judgement, rows) == UNKNOWN
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
            theirs = theirs[np.argsort(person_of[theirs], kind="stable")]
            who_each, begin = np.unique(person_of[theirs], return_index=True)
            for p, part in zip(who_each, np.split(theirs, begin[1:]), strict=False):
                turned[int(p), name].append(part)
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
