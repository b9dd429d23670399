"""Mixing: which kinds of prescribers and therapists may work with one another, and how far like goes with like."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from attrs import frozen
from numpy.typing import NDArray

from kapteam.columns.facts import NURSES, PRESCRIBING, THERAPY, Facts
from kapteam.columns.lookup import Index
from kapteam.measures.brings import modalities
from kapteam.measures.measure import Measure, Number, number
from kapteam.measures.usable import Usable
from kapteam.records.people import PROFESSIONS

#: The kind of whoever has none that is known.
NONE = "none"


@frozen
class Mixing:
    """How the usable pairs of two different people mix by one attribute.

    Attributes
    ----------
    by : str
        ``profession``, ``jurisdiction``, or a modality's name (the kinds are then ``yes`` and ``no``).
    assortativity : float or None
        Newman's coefficient: 1 where like goes with like alone, 0 where it is by chance; None where all are alike.
    kinds : tuple of str
    pairs : tuple of tuple of int
        Of each kind of prescriber (row) and of therapist (column): how many pairs.
    """

    by: str
    assortativity: Number
    kinds: tuple[str, ...]
    pairs: tuple[tuple[int, ...], ...]

    def measures(self) -> Iterator[Measure]:
        """The coefficient."""
        yield Measure(f"assortativity_{self.by.replace(' ', '_')}", self.assortativity, "-1 to 1")


@frozen(eq=False)
class Kinds:
    """Of each person a kind as prescriber and one as therapist, as places in ``names``."""

    names: tuple[str, ...]
    prescriber: Index
    therapist: Index


def mixing(usable: Usable) -> tuple[Mixing, ...]:
    """By profession, by jurisdiction, and by each modality that anybody in a usable pair has."""
    facts, (prescriber, therapist) = usable.facts, usable.others
    kinds = {"profession": professions(facts), "jurisdiction": jurisdictions(facts)}
    paired = set(np.union1d(prescriber, therapist).tolist())
    for name, people in modalities(facts).items():
        if people & paired:
            has = np.zeros(len(facts.people), np.int64)
            has[list(people)] = 1
            kinds[f"modality {name}"] = Kinds(("no", "yes"), has, has)
    found = []
    for by, of in kinds.items():
        matrix = mixing_matrix(of, prescriber, therapist)
        here = np.flatnonzero(matrix.any(axis=0) | matrix.any(axis=1))
        rows = tuple(tuple(row) for row in matrix[np.ix_(here, here)].tolist())
        found.append(Mixing(by, number(assortativity(matrix)), tuple(of.names[k] for k in here), rows))
    return tuple(found)


def mixing_matrix(kinds: Kinds, prescriber: Index, therapist: Index) -> NDArray[np.int64]:
    """How many pairs there are of each kind of prescriber (row) and of therapist (column)."""
    count = len(kinds.names)
    key = kinds.prescriber[prescriber] * count + kinds.therapist[therapist]
    return np.bincount(key, minlength=count * count).reshape(count, count)


def assortativity(matrix: NDArray[np.int64]) -> float | None:
    """Newman's assortativity coefficient of a mixing matrix; None where there are no pairs, or all are alike.

    As :func:`networkx.attribute_assortativity_coefficient` of the directed graph from prescribers to therapists,
    without making a graph of a million edges.
    """
    total = int(matrix.sum())
    # In whole numbers up to the division, so that what is undefined is told exactly.
    rows, columns = matrix.sum(axis=1).tolist(), matrix.sum(axis=0).tolist()
    expected = sum(a * b for a, b in zip(rows, columns, strict=True))
    if expected == total * total:
        return None
    return float((int(np.trace(matrix)) * total - expected) / (total * total - expected))


def professions(facts: Facts) -> Kinds:
    """The profession by which each person fills the role: of several the first as the licences' list has them."""
    held, names = facts.licenses, (*PROFESSIONS, NONE)
    of: list[Index] = []
    sits = sorted(THERAPY | NURSES)
    for fits in (sorted(PRESCRIBING), sits):
        rows = np.isin(held.profession, fits)
        of.append(_least(len(facts.people), held.person[rows], held.profession[rows], len(PROFESSIONS)))
    return Kinds(names, of[0], of[1])


def jurisdictions(facts: Facts) -> Kinds:
    """The jurisdiction in which each person has most hours on site; of equal ones the first by its code."""
    postings, places = facts.postings, len(facts.jurisdictions)
    slots = np.bitwise_count(postings.week).sum(axis=1).astype(np.int64)
    key = postings.person * places + facts.site_jurisdiction[postings.site]
    hours = np.bincount(key, weights=slots, minlength=len(facts.people) * places).reshape(-1, max(1, places))
    there = np.zeros(hours.shape, bool)
    there.reshape(-1)[key] = True
    most = np.where(there, hours, -1).argmax(axis=1) if places else np.zeros(len(facts.people), np.int64)
    home = np.where(there.any(axis=1), most, places)
    return Kinds((*facts.jurisdictions, NONE), home, home)


def _least(people: int, person: Index, value: Index, none: int) -> Index:
    found = np.full(people, none)
    np.minimum.at(found, person, value)
    return found
