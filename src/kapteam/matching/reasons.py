"""Why someone is in no team: the first of four reasons that holds, and the rules behind it."""

from __future__ import annotations

import numpy as np
from attrs import frozen

from kapteam.columns.facts import Facts
from kapteam.columns.logic import FAIL, UNKNOWN
from kapteam.columns.lookup import Index
from kapteam.columns.members import Members
from kapteam.network.judge import Judgement, judge_members
from kapteam.network.links import Links

#: The licence rule of each role.
LICENSE_RULE = {"prescriber": "legal.license", "therapist": "legal.therapy_license"}


@frozen
class Unmatched:
    """A person who is in no team, in one of the roles they are a candidate for.

    Attributes
    ----------
    practitioner, role : str
    reason : {"no_license", "not_eligible", "no_partner", "no_capacity"}
    rules : tuple of str
        The rules behind it, sorted.
    """

    practitioner: str
    role: str
    reason: str
    rules: tuple[str, ...]


def unmatched(links: Links, usable: Index, used: Index) -> list[Unmatched]:
    """Everyone who is used in neither role, once per role, sorted by their ids."""
    facts, pairs = links.facts, links.pairs
    teamed = np.zeros(len(facts.people), bool)
    teamed[pairs.prescriber_person[used]] = True
    teamed[pairs.therapist_person[used]] = True
    found: list[Unmatched] = []
    for role in ("prescriber", "therapist"):
        person_of = pairs.prescriber_person if role == "prescriber" else pairs.therapist_person
        left = np.flatnonzero(facts.candidate[role] & ~teamed)
        alone = _alone(links, role, left)
        linked = np.zeros(len(facts.people), bool)
        linked[person_of[usable]] = True
        partners = _partner_rules(links, person_of, left[~linked[left]])
        for person in left:
            reason, rules = alone.get(int(person), ("", ()))
            if not reason and linked[person]:
                reason = "no_capacity"
            elif not reason:
                reason, rules = "no_partner", tuple(sorted(partners.get(int(person), ())))
            found.append(Unmatched(facts.people[person], role, reason, rules))
    return sorted(found, key=lambda u: (u.practitioner, u.role))


def _alone(links: Links, role: str, left: Index) -> dict[int, tuple[str, tuple[str, ...]]]:
    """Who fails by themselves wherever they have hours (or, without hours, wherever there is a site)."""
    facts, rulebook = links.facts, links.rulebook
    members = _where(facts, role, left)
    blocking = [j for j in judge_members(members, rulebook) if rulebook.blocks(j.rule)]
    failed = _by_person(members, blocking)
    fails_somewhere = _any(members, [j.verdicts == FAIL for j in blocking])
    result: dict[int, tuple[str, tuple[str, ...]]] = {}
    for judgement in blocking:
        if judgement.rule.id == LICENSE_RULE[role]:
            for person in _everywhere(members, judgement.verdicts == FAIL):
                result[person] = ("no_license", (judgement.rule.id,))
    for person in _everywhere(members, fails_somewhere):
        if person not in result:
            result[person] = ("not_eligible", tuple(sorted(failed[person])))
    return result


def _where(facts: Facts, role: str, people: Index) -> Members:
    """Each person at every site where they have hours; one without hours at every site."""
    postings = facts.postings
    wanted = np.zeros(len(facts.people), bool)
    wanted[people] = True
    rows = np.flatnonzero(wanted[postings.person])
    wanted[postings.person] = False
    homeless = np.flatnonzero(wanted)
    sites = np.arange(len(facts.sites))
    person = np.concatenate([postings.person[rows], np.repeat(homeless, len(sites))])
    site = np.concatenate([postings.site[rows], np.tile(sites, len(homeless))])
    return Members(facts, role, person, site)


def _any(
    members: Members, masks: list[np.ndarray[tuple[int], np.dtype[np.bool_]]]
) -> np.ndarray[tuple[int], np.dtype[np.bool_]]:
    found = np.zeros(len(members), bool)
    for mask in masks:
        found |= mask
    return found


def _everywhere(members: Members, mask: np.ndarray[tuple[int], np.dtype[np.bool_]]) -> list[int]:
    """The people of whom every row is in the mask."""
    exempt = np.zeros(len(members.facts.people), bool)
    exempt[members.person[~mask]] = True
    return [int(p) for p in np.unique(members.person) if not exempt[p]]


def _by_person(members: Members, judgements: list[Judgement]) -> dict[int, set[str]]:
    """The rules that fail anywhere, by person."""
    failed: dict[int, set[str]] = {int(p): set() for p in np.unique(members.person)}
    for judgement in judgements:
        for person in np.unique(members.person[judgement.verdicts == FAIL]):
            failed[int(person)].add(judgement.rule.id)
    return failed


def _partner_rules(links: Links, person_of: Index, people: Index) -> dict[int, set[str]]:
    """Of each person the blocking rules that fail or are unknown on any of their listed links."""
    wanted = np.zeros(len(links.facts.people), bool)
    wanted[people] = True
    rows = np.flatnonzero(wanted[person_of])
    found: dict[int, set[str]] = {}
    for judgement in links.judged.judgements:
        if links.rulebook.blocks(judgement.rule):
            in_the_way = links.judged.on_links(judgement, rows) <= UNKNOWN
            for person in np.unique(person_of[rows][in_the_way]):
                found.setdefault(int(person), set()).add(judgement.rule.id)
    return found
