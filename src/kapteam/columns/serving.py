"""What a therapist brings to a client: the modalities they have learned and the languages they speak."""

from __future__ import annotations

import numpy as np

from kapteam.columns.facts import Bools, Facts, in_force
from kapteam.records.places import Demand


def has_modality(facts: Facts, name: str) -> Bools:
    """By person: whether their cell or a training row in force names the modality, by any of its names."""
    wanted = facts.law.modality(name)[0]
    learned = {
        facts.person_code[t.practitioner]
        for t in facts.roster.training
        if t.kind == "modality" and t.name is not None and in_force(facts.day, t.completed, t.expires)
        if facts.law.modality(t.name)[0] == wanted
    }
    fits = np.zeros(len(facts.people), bool)
    for person, id in enumerate(facts.people):
        cell = facts.roster.people[id].modalities or ()
        fits[person] = person in learned or any(facts.law.modality(m)[0] == wanted for m in cell)
    return fits


def speaks(facts: Facts, language: str) -> Bools:
    """By person: whether the language is among theirs; a blank cell names none."""
    return np.array([language in (facts.roster.people[id].languages or ()) for id in facts.people], bool)


def serves(facts: Facts, row: Demand) -> Bools:
    """By person: whether a therapist has the modality and speaks the language that a row of demand asks for."""
    fits = np.ones(len(facts.people), bool)
    if row.modality is not None:
        fits &= has_modality(facts, row.modality)
    if row.language is not None:
        fits &= speaks(facts, row.language)
    return fits
