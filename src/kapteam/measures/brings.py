"""Who has which modality and speaks which language, of everybody at once."""

from __future__ import annotations

from collections.abc import Mapping

from kapteam.columns.facts import Facts, in_force

#: By name: the codes of those who have it.
Holders = Mapping[str, frozenset[int]]


def modalities(facts: Facts) -> Holders:
    """By kapteam's own name of a modality: who has it, by their cell or a training row in force."""
    own: dict[str, str] = {}
    found: dict[str, set[int]] = {}

    def has(person: int, name: str) -> None:
        if name not in own:
            own[name] = facts.law.modality(name)[0]
        found.setdefault(own[name], set()).add(person)

    for p in facts.roster.practitioners:
        for name in p.modalities or ():
            has(facts.person_code[p.practitioner], name)
    for t in facts.roster.training:
        if t.kind == "modality" and t.name is not None and in_force(facts.day, t.completed, t.expires):
            has(facts.person_code[t.practitioner], t.name)
    return {name: frozenset(people) for name, people in sorted(found.items())}


def languages(facts: Facts) -> Holders:
    """By language: who speaks it; a blank cell names none."""
    found: dict[str, set[int]] = {}
    for p in facts.roster.practitioners:
        for language in p.languages or ():
            found.setdefault(language, set()).add(facts.person_code[p.practitioner])
    return {name: frozenset(people) for name, people in sorted(found.items())}
