"""What each person has learned by the day: trainings in force and modalities, as arrays by person."""

from __future__ import annotations

from decimal import Decimal

import numpy as np
from attrs import frozen
from numpy.typing import NDArray

from kapteam.columns.facts import Bools, Facts, Small, in_force

_KAP_LIKE = ("kap", "trauma", "modality")


@frozen(eq=False)
class Trainings:
    """By person.

    Attributes
    ----------
    kap_hours : list of Decimal
        The sum of the hours of kap rows that have any.
    kap_blank : array of bool
        Whether a kap row's hours are blank.
    kap_programme : array of bool
        Whether a kap row names one of the house's programmes that are enough.
    has : dict of str to array of bool
        Whether there is a row of that kind.
    practicum : array of int8
        1 where a kap, trauma or modality row had one, 0 where one is blank, else -1.
    trauma_modality : array of bool
        Whether a modality of theirs is a trauma therapy.
    modalities_blank : array of bool
        Whether their modalities are not all known: a blank cell, or a modality row without a name.
    complementary : array of uint8, shape (people, words)
        The complementary modalities they have, as bits.
    """

    kap_hours: list[Decimal]
    kap_blank: Bools
    kap_programme: Bools
    has: dict[str, Bools]
    practicum: Small
    trauma_modality: Bools
    modalities_blank: Bools
    complementary: NDArray[np.uint8]

    @property
    def complementary_count(self) -> NDArray[np.int64]:
        """How many different complementary modalities each person has."""
        return np.asarray(np.bitwise_count(self.complementary).sum(axis=1), np.int64)


def trainings(facts: Facts) -> Trainings:
    """The trainings of everyone on the roster."""
    return facts.once("trainings", lambda: _compile(facts))


def _compile(facts: Facts) -> Trainings:
    count = len(facts.people)
    hours = [Decimal(0)] * count
    programmes = frozenset(facts.law.practice.thresholds.kap_programmes)
    flags = {name: np.zeros(count, bool) for name in ("blank", "programme", "trauma", "unknown")}
    has = {kind: np.zeros(count, bool) for kind in ("kap", "trauma", "experiential", "mentorship", "life_support")}
    practicum = np.full(count, -1, np.int8)
    names: list[set[str]] = [set() for _ in range(count)]
    for p in facts.roster.practitioners:
        i = facts.person_code[p.practitioner]
        names[i].update(p.modalities or ())
        flags["unknown"][i] = not p.modalities
    for row in facts.roster.training:
        if not in_force(facts.day, row.completed, row.expires):
            continue
        i = facts.person_code[row.practitioner]
        if row.kind in has:
            has[row.kind][i] = True
        if row.kind in _KAP_LIKE:
            practicum[i] = max(practicum[i], 0 if row.practicum is None else 1 if row.practicum else -1)
        if row.kind == "kap":
            if row.hours is None:
                flags["blank"][i] = True
            else:
                hours[i] += row.hours
            flags["programme"][i] |= row.name in programmes
        elif row.kind == "modality":
            if row.name is None:
                flags["unknown"][i] = True
            else:
                names[i].add(row.name)
    trauma, complementary = _modalities(facts, names)
    return Trainings(hours, flags["blank"], flags["programme"], has, practicum, trauma, flags["unknown"], complementary)


def _modalities(facts: Facts, names: list[set[str]]) -> tuple[Bools, NDArray[np.uint8]]:
    known = {name: facts.law.modality(name) for name in sorted(set().union(*names))}
    column = {own: i for i, own in enumerate(sorted({own for own, _, complements in known.values() if complements}))}
    held = np.zeros((len(names), max(1, len(column))), bool)
    trauma = np.zeros(len(names), bool)
    for i, theirs in enumerate(names):
        for name in theirs:
            own, is_trauma, complements = known[name]
            trauma[i] |= is_trauma
            if complements:
                held[i, column[own]] = True
    return trauma, np.packbits(held, axis=1)
