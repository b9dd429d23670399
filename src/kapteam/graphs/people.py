"""People as nodes: what every graph says of each of them."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import numpy as np

from kapteam.columns.facts import Facts, in_force
from kapteam.columns.logic import FAIL, WORDS, conjunction
from kapteam.columns.lookup import apart, both
from kapteam.columns.members import Members
from kapteam.matching.capacity import capacities
from kapteam.matching.match import Plan
from kapteam.network.judge import judge_members
from kapteam.network.links import Links
from kapteam.records.hours import SLOT_MINUTES
from kapteam.records.people import LICENSE_STATUS, PROFESSIONS, ROLES

_NO_LICENSE = [LICENSE_STATUS.index(status) for status in ("inactive", "suspended")]


def nodes(links: Links, plan: Plan | None = None) -> list[tuple[str, dict[str, Any]]]:
    """Everybody by the order of their ids, with all attributes of nodes."""
    facts = links.facts
    professions, licensed = _licenses(facts)
    modalities, prescribes, teamed = _modalities(facts), _prescribing(links), _teamed(plan)
    capacity = capacities(facts)
    postings = facts.postings
    where: list[list[int]] = [[] for _ in facts.people]
    for row, code in enumerate(postings.person):
        where[code].append(row)
    slots = np.bitwise_count(postings.week).sum(axis=1, dtype=np.int64)
    found: list[tuple[str, dict[str, Any]]] = []
    for code, id in enumerate(facts.people):
        person, rows = facts.roster.people[id], where[code]
        said = {
            "label": person.label,
            "roles": [role for role in ROLES if facts.candidate[role][code]],
            "professions": sorted(professions[code]),
            "specialty": facts.specialty.at(code),
            "modalities": sorted(modalities[code]) or None,
            "languages": list(person.languages) if person.languages else None,
            "licensed": sorted(licensed[code]),
            "prescribing": dict(sorted(prescribes.get(code, {}).items())),
            "sites": [facts.sites[postings.site[row]] for row in rows],
            "hours_on_site": int(slots[rows].sum()) * SLOT_MINUTES / 60,
            "hours_unknown_at": [facts.sites[postings.site[row]] for row in rows if postings.unwritten[row]],
            "capacity": int(capacity[code]) if facts.candidate["prescriber"][code] and capacity[code] >= 0 else None,
            "max_sessions_per_week": person.max_sessions_per_week,
            "teamed": None if teamed is None else id in teamed,
        }
        found.append((id, said))
    return found


def _licenses(facts: Facts) -> tuple[list[set[str]], list[set[str]]]:
    """By person: the professions of their licences in force, and the jurisdictions of those that count."""
    professions: list[set[str]] = [set() for _ in facts.people]
    licensed: list[set[str]] = [set() for _ in facts.people]
    held = facts.licenses
    counts = ~np.isin(held.status, _NO_LICENSE)
    for row, code in enumerate(held.person):
        professions[code].add(PROFESSIONS[held.profession[row]])
        if counts[row]:
            licensed[code].add(facts.jurisdictions[held.jurisdiction[row]])
    return professions, licensed


def _modalities(facts: Facts) -> list[set[str]]:
    """By person: what their cell and their trainings in force name."""
    own: dict[str, str] = {}

    def names(written: Iterable[str]) -> Iterable[str]:
        return (own.setdefault(name, facts.law.modality(name)[0]) for name in written)

    found = [set(names(facts.roster.people[id].modalities or ())) for id in facts.people]
    for row in facts.roster.training:
        if row.kind == "modality" and row.name is not None and in_force(facts.day, row.completed, row.expires):
            found[facts.person_code[row.practitioner]].update(names([row.name]))
    return found


def _prescribing(links: Links) -> dict[int, dict[str, str]]:
    """By person and jurisdiction: the best verdict of the blocking legal rules on them alone, over the sites there.

    Of each prescriber at the sites where they have hours, or stand on a link.
    """
    facts, listed = links.facts, links.pairs.prescribers
    here = np.flatnonzero(facts.candidate["prescriber"][facts.postings.person])
    keys = np.concatenate(
        [both(facts.postings.person[here], facts.postings.site[here]), both(listed.person, listed.site)]
    )
    members = Members(facts, "prescriber", *apart(np.unique(keys)))
    legal = [
        judgement.verdicts
        for judgement in judge_members(members, links.rulebook)
        if judgement.rule.id.startswith("legal.") and links.rulebook.blocks(judgement.rule)
    ]
    verdicts = conjunction(np.ones(len(members), np.int8), *legal)
    best: dict[int, dict[str, int]] = {}
    for person, place, verdict in zip(members.person, members.jurisdiction, verdicts, strict=True):
        theirs = best.setdefault(int(person), {})
        name = facts.jurisdictions[place]
        theirs[name] = max(theirs.get(name, FAIL), int(verdict))
    return {person: {place: WORDS[v] for place, v in theirs.items()} for person, theirs in best.items()}


def _teamed(plan: Plan | None) -> set[str] | None:
    """The ids of those whom a plan has in a team."""
    if plan is None:
        return None
    return {id for team in plan.teams for id in (team.prescriber, *(place.practitioner for place in team.therapists))}
