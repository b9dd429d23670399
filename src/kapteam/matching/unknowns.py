"""What each unknown link lacks: the facts about people that would have to turn out well before it may be used."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from attrs import frozen
from numpy.typing import NDArray

from kapteam.columns.logic import UNKNOWN
from kapteam.columns.lookup import Index
from kapteam.network.links import Links
from kapteam.rules.rulebook import START_RULES

#: A person, by code, and a rule that is unknown of them.
Fact = tuple[int, str]
Bools = NDArray[np.bool_]

#: The name of what unwritten hours leave open, however many rules ask for a start that fits.
WINDOW = "team.window"
# Bits: of whom a rule is unknown on a link; of both, or of the link itself.
_PRESCRIBER, _THERAPIST, _SAME, _LINK = 1, 2, 3, 4


@frozen(eq=False)
class Unknowns:
    """The unknown links of a network, and what each lacks.

    All unknown findings of one rule on one person are one fact: they turn together. The rules that ask for a start that
    fits are one rule here, which a person's unwritten hours turn. A link asks for several things, its *needs*, and may
    be used where each is met; a need is met by one fact, or by either of two.

    Attributes
    ----------
    facts : tuple of (person, rule)
        Sorted.
    rows : array of int
        The unknown links, as rows of the links.
    link : array of int, shape (needs,)
        Whose need it is, by its place in ``rows``.
    one, other : array of int, shape (needs,)
        The facts, by their places, of which either meets it; the same one twice where only one does.
    """

    facts: tuple[Fact, ...]
    rows: Index
    link: Index
    one: Index
    other: Index

    def usable(self, good: Bools) -> Bools:
        """Which of the links may be used where these facts, by their places, turn out well."""
        met = good[self.one] | good[self.other]
        usable = np.ones(len(self.rows), bool)
        usable[self.link[~met]] = False
        return usable

    def turned(self) -> dict[Fact, Index]:
        """By fact: the links, as rows of the links, that it turns by itself, where it turns any."""
        needs = np.bincount(self.link, minlength=len(self.rows))
        two = self.one != self.other
        link, fact = np.concatenate([self.link, self.link[two]]), np.concatenate([self.one, self.other[two]])
        (links, facts), met = np.unique(np.vstack([link, fact]), axis=1, return_counts=True)
        alone = met == needs[links]
        links, facts = links[alone], facts[alone]
        order = np.argsort(facts, kind="stable")
        known, begin = np.unique(facts[order], return_index=True)
        parts = np.split(self.rows[links[order]], begin[1:])
        return {self.facts[f]: part for f, part in zip(known, parts, strict=False)}


def unknowns(links: Links) -> Unknowns:
    """What the unknown links of a network lack."""
    pairs = links.pairs
    rows = np.flatnonzero(links.verdicts == UNKNOWN)
    prescriber, therapist = pairs.prescriber_person[rows], pairs.therapist_person[rows]
    of_whom = _of_whom(links, rows)
    names = sorted(of_whom)
    link: list[Index] = []
    one: list[Index] = []
    other: list[Index] = []
    for number, name in enumerate(names):
        fact = [people * len(names) + number for people in (prescriber, therapist)]
        for here, a, b in _needs(links, rows, of_whom[name], name == WINDOW):
            link.append(here)
            one.append(fact[a][here])
            other.append(fact[b][here])
    if not link:
        none = np.empty(0, np.int64)
        return Unknowns((), rows, none, none, none)
    keys, place = np.unique(np.concatenate([*one, *other]), return_inverse=True)
    first, second = place.reshape(2, -1)
    facts = tuple((int(key) // len(names), names[int(key) % len(names)]) for key in keys)
    return Unknowns(facts, rows, np.concatenate(link), first, second)


def _of_whom(links: Links, rows: Index) -> dict[str, Index]:
    """By rule: of whom it is unknown on each of these links, as bits."""
    judged = links.judged
    found: dict[str, Index] = {}
    for judgement in judged.unknown_blocks():
        here = judged.on_links(judgement, rows) == UNKNOWN
        bit = {"prescriber": _PRESCRIBER, "therapist": _THERAPIST, "link": _LINK}[judgement.role]
        name = WINDOW if judgement.rule.id in START_RULES else judgement.rule.id
        found[name] = found.get(name, np.zeros(len(rows), np.int64)) | np.where(here, bit, 0)
    return {name: bits for name, bits in found.items() if bits.any()}


def _needs(links: Links, rows: Index, of_whom: Index, window: bool) -> Iterator[tuple[Index, int, int]]:
    """What one rule makes these links need: which of them, and of whom a fact meets it (0 prescriber, 1 therapist)."""
    asked = np.flatnonzero(of_whom)
    prescriber, therapist = (of_whom[asked] & _PRESCRIBER) > 0, (of_whom[asked] & _THERAPIST) > 0
    of_link = of_whom[asked] == _LINK
    alone = [of_link.copy(), of_link.copy()]  # whether that side's fact meets what is unknown of the link itself
    if window:
        for side, who in enumerate(("prescriber", "therapist")):
            alone[side][of_link] = links.pairs.fits_if_written(rows[asked[of_link]], who)
    both = of_link & ~alone[0] & ~alone[1]  # then the hours of both are needed
    yield asked[prescriber | both | (alone[0] & ~alone[1])], 0, 0
    yield asked[therapist | both | (alone[1] & ~alone[0])], 1, 1
    yield asked[alone[0] & alone[1]], 0, 1
