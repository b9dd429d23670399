"""Complementarity: whether the two of a pair bring different modalities that complement KAP."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from attrs import frozen

from kapteam.columns.facts import Bools, Facts
from kapteam.columns.lookup import Index
from kapteam.columns.trainings import trainings
from kapteam.measures.measure import Measure, share
from kapteam.measures.usable import Usable


@frozen
class Complementarity:
    """Of some pairs of two different people.

    Attributes
    ----------
    name : {"pairs", "teams"}
        All that may be used, or those of the best plan.
    count : int
    complementary : int
        Each of the two has a complementary modality that the other has not.
    one_adds : int
        The therapist has one that the prescriber has not: what a link's points count.
    not_known : int
        Of one of the two at least, not all modalities are written down.
    """

    name: str
    count: int
    complementary: int
    one_adds: int
    not_known: int

    def measures(self) -> Iterator[Measure]:
        """The shares."""
        yield Measure(f"{self.name}_complementary", share(self.complementary, self.count), "share")
        yield Measure(f"{self.name}_therapist_adds", share(self.one_adds, self.count), "share")
        yield Measure(f"{self.name}_modalities_unknown", share(self.not_known, self.count), "share")


def complementarity(usable: Usable) -> tuple[Complementarity, Complementarity]:
    """Of the pairs that may be used, and of the teams of the best plan."""
    pairs, rows = usable.links.pairs, usable.plan.rows
    prescriber, therapist = pairs.prescriber_person[rows], pairs.therapist_person[rows]
    two = prescriber != therapist
    return _of(usable.facts, "pairs", *usable.others), _of(usable.facts, "teams", prescriber[two], therapist[two])


def complement_one_another(facts: Facts, prescriber: Index, therapist: Index) -> Bools:
    """Of each pair: whether each of the two has a complementary modality that the other has not."""
    return _adds(facts, prescriber, therapist) & _adds(facts, therapist, prescriber)


def _adds(facts: Facts, first: Index, second: Index) -> Bools:
    """Whether the second has one that the first has not."""
    held = trainings(facts).complementary
    more = np.zeros(len(first), bool)
    for octet in held.T:
        more |= (octet[second] & ~octet[first]) != 0
    return more


def _of(facts: Facts, name: str, prescriber: Index, therapist: Index) -> Complementarity:
    blank = trainings(facts).modalities_blank
    return Complementarity(
        name,
        len(prescriber),
        int(complement_one_another(facts, prescriber, therapist).sum()),
        int(_adds(facts, prescriber, therapist).sum()),
        int((blank[prescriber] | blank[therapist]).sum()),
    )
