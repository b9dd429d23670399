"""What a therapist brings to a client: the modalities they have learned and the languages they speak."""

from __future__ import annotations

import numpy as np

from kapteam.columns.facts import Bools, Facts, current
from kapteam.records.places import Demand


def has_modality(facts: Facts, name: str) -> Bools:
    """By person: whether their cell or a training row in force names the modality, by any of its names."""
    wanted = facts.law.modality(name)[0]
    is_it = lambda written: facts.law.modality(written)[0] == wanted  # noqa: E731
    fits = facts.of_people("modalities").mapped(lambda names: any(map(is_it, names)), blank=0) > 0
    rows = facts.tables["training"]
    held = current(rows, facts.day, "completed", "expires")
    learned = rows["kind"].mapped(lambda kind: kind == "modality")[held] > 0
    named = rows["name"].take(held[learned]).mapped(is_it) > 0
    fits[facts.codes_of(rows["practitioner"], held[learned][named])] = True
    return fits


def speaks(facts: Facts, language: str) -> Bools:
    """By person: whether the language is among theirs; a blank cell names none."""
    return facts.of_people("languages").mapped(lambda tags: language in tags) > 0


def serves(facts: Facts, row: Demand) -> Bools:
    """By person: whether a therapist has the modality and speaks the language that a row of demand asks for."""
    fits = np.ones(len(facts.people), bool)
    if row.modality is not None:
        fits &= has_modality(facts, row.modality)
    if row.language is not None:
        fits &= speaks(facts, row.language)
    return fits
