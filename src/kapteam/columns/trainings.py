"""What each person has learned by the day: trainings in force and modalities, as arrays by person."""

from __future__ import annotations

from decimal import Decimal

import numpy as np
from attrs import frozen
from numpy.typing import NDArray

from kapteam.columns.facts import Bools, Facts, Small, in_force
from kapteam.records.people import TRAINING

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
    count, code = len(facts.people), facts.person_code
    hours = [Decimal(0)] * count
    programmes = frozenset(facts.law.practice.thresholds.kap_programmes)
    # Whom each fact is of: gathered as lists, and written into the arrays at once.
    of: dict[str, list[int]] = {k: [] for k in (*TRAINING, "blank", "programme", "unknown", "practicum", "perhaps")}
    named: list[tuple[int, str]] = []
    for p in facts.roster.practitioners:
        i = code[p.practitioner]
        if p.modalities:
            named += [(i, name) for name in p.modalities]
        else:
            of["unknown"].append(i)
    for row in facts.roster.training:
        if not in_force(facts.day, row.completed, row.expires):
            continue
        i = code[row.practitioner]
        of[row.kind].append(i)
        if row.kind in _KAP_LIKE and row.practicum is not False:
            of["practicum" if row.practicum else "perhaps"].append(i)
        if row.kind == "kap":
            if row.hours is None:
                of["blank"].append(i)
            else:
                hours[i] += row.hours
            if row.name in programmes:
                of["programme"].append(i)
        elif row.kind == "modality":
            if row.name is None:
                of["unknown"].append(i)
            else:
                named.append((i, row.name))
    flags = {name: _flags(count, people) for name, people in of.items()}
    practicum = np.where(flags["practicum"], 1, np.where(flags["perhaps"], 0, -1)).astype(np.int8)
    trauma, complementary = _modalities(facts, named)
    return Trainings(
        hours, flags["blank"], flags["programme"], flags, practicum, trauma, flags["unknown"], complementary
    )


def _flags(count: int, people: list[int]) -> Bools:
    flags = np.zeros(count, bool)
    flags[people] = True
    return flags


def _modalities(facts: Facts, named: list[tuple[int, str]]) -> tuple[Bools, NDArray[np.uint8]]:
    known = {name: facts.law.modality(name) for name in sorted({name for _, name in named})}
    column = {own: i for i, own in enumerate(sorted({own for own, _, complements in known.values() if complements}))}
    held = np.zeros((len(facts.people), max(1, len(column))), bool)
    theirs = [(i, column[known[name][0]]) for i, name in named if known[name][2]]
    if theirs:
        people, columns = np.array(theirs).T
        held[people, columns] = True
    trauma = _flags(len(facts.people), [i for i, name in named if known[name][1]])
    return trauma, np.packbits(held, axis=1)
