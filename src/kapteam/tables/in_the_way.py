"""Which blocking rules fail or are unknown on each link: as the number of a set of rules, for the sets are few."""

from __future__ import annotations

import numpy as np
from attrs import frozen

from kapteam.columns.facts import Bools
from kapteam.columns.lookup import Index
from kapteam.network.links import Links
from kapteam.tables.table import Coded

_FEW = 1 << 20  # numbers that an array by number is made for, however few rows have them
_AT_ONCE = 8  # rules that are the bits of an octet


@frozen(eq=False)
class _Sets:
    """A set for each row.

    Attributes
    ----------
    number : array of int
        Which of the sets each row has.
    sets : list of int
        Whole numbers whose bits are rules.
    """

    number: Index
    sets: list[int]

    @classmethod
    def of(cls, count: int, has: list[tuple[int, Bools]]) -> _Sets:
        """The sets of a few rules, each with the rows that have it."""
        number = np.zeros(count, np.uint8)
        sets = [0]
        for place, (rule, here) in enumerate(has):
            number |= here.view(np.uint8) << np.uint8(place)
            sets += [rule | lesser for lesser in sets]
        return cls(number.astype(np.int64), sets)

    def joined(self, other: _Sets) -> _Sets:
        """The union of the two sets of each row."""
        wide = len(other.sets)
        if wide == 1:
            return _Sets(self.number, [one | other.sets[0] for one in self.sets])
        found, place = _distinct(self.number * wide + other.number, len(self.sets) * wide)
        once: dict[int, int] = {}
        unions = (self.sets[pair // wide] | other.sets[pair % wide] for pair in found.tolist())
        numbers = np.array([once.setdefault(union, len(once)) for union in unions], np.int64)
        return _Sets(numbers[place], list(once))


def blocking(links: Links) -> tuple[str, ...]:
    """The ids of the rules that judged the links and that block, sorted."""
    return tuple(sorted({j.rule.id for j in links.judged.judgements if links.rulebook.blocks(j.rule)}))


def in_the_way(links: Links, verdict: int, rows: slice = slice(None)) -> Coded:
    """Of each of some links, the ids of the blocking rules that have a verdict on it, or on one of its two; sorted.

    Notes
    -----
    What members bring is found member by member, so that of each link only the rules on links are looked at.
    """
    judged, ids = links.judged, blocking(links)

    def on(subject: str, count: int, some: slice = slice(None)) -> _Sets:
        found = _Sets(np.zeros(count, np.int64), [0])
        has = [
            (1 << ids.index(j.rule.id), here)
            for j in judged.judgements
            if j.role == subject and links.rulebook.blocks(j.rule) and (here := j.verdicts[some] == verdict).any()
        ]
        for begin in range(0, len(has), _AT_ONCE):
            found = found.joined(_Sets.of(count, has[begin : begin + _AT_ONCE]))
        return found

    found = on("link", len(judged.rows("prescriber")[rows]), rows)
    for role, members in (("prescriber", judged.pairs.prescribers), ("therapist", judged.pairs.therapists)):
        theirs = on(role, len(members))
        found = found.joined(_Sets(theirs.number[judged.rows(role)[rows]], theirs.sets))
    return Coded(found.number, [[id for place, id in enumerate(ids) if bits >> place & 1] for bits in found.sets])


def _distinct(numbers: Index, end: int) -> tuple[Index, Index]:
    """The different ones of some numbers below ``end``, sorted, and the place of each among them."""
    if end > max(_FEW, 2 * len(numbers)):
        found, place = np.unique(numbers, return_inverse=True)
        return found, place.astype(np.int64)
    there = np.zeros(end, bool)
    there[numbers] = True
    return np.flatnonzero(there), (np.cumsum(there) - 1)[numbers]
