"""What each person has learned by the day: trainings in force and modalities, as arrays by person."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal

import numpy as np
from attrs import frozen
from numpy.typing import NDArray

from kapteam.columns.facts import Bools, Facts, Small, current
from kapteam.columns.lookup import Index
from kapteam.records.columnar import Coded
from kapteam.records.people import TRAINING

_KAP_LIKE = ("kap", "trauma", "modality")
UNSAID = -1


@frozen(eq=False)
class Trainings:
    """By person.

    Attributes
    ----------
    kap_hours : Coded
        The sum (Decimal) of the hours of kap rows that have any.
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

    kap_hours: Coded
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
    count, rows = len(facts.people), facts.tables["training"]
    held = current(rows, facts.day, "completed", "expires")
    person, kind = facts.codes_of(rows["practitioner"], held), rows["kind"].mapped(TRAINING.index)[held]
    had_practicum = rows["practicum"].mapped(int, blank=UNSAID)[held]
    names, hours = rows["name"].take(held), rows["hours"].take(held)
    kap, modality = kind == TRAINING.index("kap"), kind == TRAINING.index("modality")
    like = np.isin(kind, [TRAINING.index(k) for k in _KAP_LIKE])
    enough = frozenset(facts.law.practice.thresholds.kap_programmes)
    cell = facts.of_people("modalities")

    def flags(of: Bools) -> Bools:
        found = np.zeros(count, bool)
        found[person[of]] = True
        return found

    practicum = np.where(
        flags(like & (had_practicum == 1)), 1, np.where(flags(like & (had_practicum == UNSAID)), 0, -1)
    ).astype(np.int8)
    trauma, complementary = _modalities(facts, cell, person[modality], names.take(np.flatnonzero(modality)))
    return Trainings(
        kap_hours=_sums(count, person[kap], hours.take(np.flatnonzero(kap))),
        kap_blank=flags(kap & (hours.codes < 0)),
        kap_programme=flags(kap & (names.mapped(lambda name: name in enough) > 0)),
        has={name: flags(kind == code) for code, name in enumerate(TRAINING)},
        practicum=practicum,
        trauma_modality=trauma,
        modalities_blank=(cell.codes < 0) | flags(modality & (names.codes < 0)),
        complementary=complementary,
    )


def _sums(count: int, person: Index, hours: Coded) -> Coded:
    """By person: the exact sum of decimal hours, 0 where there are none."""
    digits = max((-int(h.as_tuple().exponent) for h in hours.values), default=0)
    unit = 10 ** max(0, digits)
    whole = [int(h * unit) for h in hours.values]
    most = max(whole, default=0)
    if most * max(1, len(person)) >= 1 << 53:  # beyond what bincount adds up exactly: one by one
        sums = [Decimal(0)] * count
        for who, had in zip(person.tolist(), hours.each(), strict=True):
            sums[who] += had or 0
        return Coded.of(sums)
    added = np.bincount(person, weights=np.array([*whole, 0])[hours.codes], minlength=count)
    distinct, codes = np.unique(added.astype(np.int64), return_inverse=True)
    return Coded(codes.astype(np.int32), [Decimal(int(total)) / unit for total in distinct])


def _modalities(facts: Facts, cell: Coded, person: Index, learned: Coded) -> tuple[Bools, NDArray[np.uint8]]:
    """Whether a modality of theirs is a trauma therapy, and the complementary ones they have, as bits."""
    named = {name for names in cell.values for name in names} | set(learned.values)
    known = {name: facts.law.modality(name) for name in sorted(named)}
    column = {own: i for i, own in enumerate(sorted({own for own, _, complements in known.values() if complements}))}
    width = max(1, len(column))

    def bits(names: Iterable[str]) -> Bools:
        """Of some names: a flag for each complementary modality, and one for a trauma therapy."""
        row = np.zeros(width + 1, bool)
        for own, trauma, complements in (known[name] for name in names):
            row[-1] |= trauma
            if complements:
                row[column[own]] = True
        return row

    nothing = np.zeros((1, width + 1), bool)  # of a blank, to which -1 points
    held = np.concatenate([*(bits(names)[None] for names in cell.values), nothing])[cell.codes]
    of_name = np.concatenate([*(bits([name])[None] for name in learned.values), nothing])
    np.logical_or.at(held, person, of_name[learned.codes])
    return held[:, -1], np.packbits(held[:, :-1], axis=1)
