"""Why someone is in no team: the first of four reasons that holds, and the rules behind it."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from attrs import define, frozen

from kapteam.columns.facts import Bools, Facts
from kapteam.columns.logic import FAIL, UNKNOWN
from kapteam.columns.lookup import Index
from kapteam.columns.members import Members
from kapteam.network.judge import judge_members
from kapteam.network.links import Links

ROLES = ("prescriber", "therapist")
REASONS = ("no_license", "not_eligible", "no_partner", "no_capacity")
#: The licence rule of each role.
LICENSE_RULE = {"prescriber": "legal.license", "therapist": "legal.therapy_license"}
_AT_ONCE = 1 << 20  # people at sites that are judged together, of those without hours


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


@frozen(eq=False)
class LeftOut:
    """The same as arrays, a row for each, sorted by the ids.

    Attributes
    ----------
    person, role, reason : array of int
        The code of the person; the places in ``ROLES`` and ``REASONS``.
    rules : array of bool, shape (rows, rule ids)
        Which rules are behind it.
    rule_ids : list of str
        Sorted.
    """

    person: Index
    role: Index
    reason: Index
    rules: Bools
    rule_ids: list[str]


def unmatched(links: Links, usable: Index, used: Index) -> list[Unmatched]:
    """Everyone who is used in neither role, once per role, sorted by their ids."""
    found = left_out(links, usable, used)
    sets, behind = rule_sets(found)
    people = links.facts.people
    rows = zip(found.person.tolist(), found.role.tolist(), found.reason.tolist(), behind.tolist(), strict=True)
    return [Unmatched(people[who], ROLES[role], REASONS[why], sets[rules]) for who, role, why, rules in rows]


def rule_sets(found: LeftOut) -> tuple[list[tuple[str, ...]], Index]:
    """The different sets of rules behind the reasons, and the place of each row's."""
    bits = np.packbits(found.rules, axis=1)
    distinct, place = np.unique(bits, axis=0, return_inverse=True)
    masks = np.unpackbits(distinct, axis=1, count=len(found.rule_ids)).astype(bool)
    return [tuple(np.array(found.rule_ids, object)[mask]) for mask in masks], place.astype(np.int64)


def left_out(links: Links, usable: Index, used: Index) -> LeftOut:
    """Everyone who is used in neither role, once per role they are a candidate for."""
    facts, pairs = links.facts, links.pairs
    ids = sorted({j.rule.id for j in links.judged.judgements if links.rulebook.blocks(j.rule)})
    teamed = np.zeros(len(facts.people), bool)
    teamed[pairs.prescriber_person[used]] = True
    teamed[pairs.therapist_person[used]] = True
    persons, reasons, rules = [], [], []
    for role in ROLES:
        person_of = pairs.prescriber_person if role == "prescriber" else pairs.therapist_person
        left = np.flatnonzero(facts.candidate[role] & ~teamed)
        alone = _Alone.of(links, role, left, ids)
        linked = np.zeros(len(facts.people), bool)
        linked[person_of[usable]] = True
        partners = _partner_rules(links, person_of, left[~linked[left]], ids)
        why = np.select([alone.no_license, alone.not_eligible, linked], [0, 1, 3], 2)[left]
        behind = partners[left] & (why == 2)[:, None]
        behind[why == 0] = [id == LICENSE_RULE[role] for id in ids]
        behind[why == 1] = alone.failed[left[why == 1]]
        persons.append(left)
        reasons.append(why)
        rules.append(behind)
    person, role_of = np.concatenate(persons), np.repeat(np.arange(len(ROLES)), list(map(len, persons)))
    order = np.lexsort((role_of, person))
    return LeftOut(
        person[order], role_of[order], np.concatenate(reasons)[order], np.concatenate(rules)[order], ids
    )  # fmt: skip


@define(eq=False)
class _Alone:
    """By person: who fails by themselves wherever they have hours or might come (without hours, at every site).

    Attributes
    ----------
    no_license, not_eligible : array of bool
        Whether the rule on licences fails, or some rule, at each of these sites.
    failed : array of bool, shape (people, rule ids)
        What fails at any.
    """

    no_license: Bools
    not_eligible: Bools
    failed: Bools

    @classmethod
    def of(cls, links: Links, role: str, left: Index, ids: list[str]) -> _Alone:
        count = len(links.facts.people)
        asked = np.zeros(count, bool)
        asked[left] = True
        found = cls(np.zeros(count, bool), asked.copy(), np.zeros((count, len(ids)), bool))
        licensed = np.ones(count, bool)  # somewhere, or by a rule that does not block
        licensed[left] = LICENSE_RULE[role] not in ids
        for members in _where(links.facts, role, left):
            fails = np.zeros(len(members), bool)
            for judgement in judge_members(members, links.rulebook):
                if links.rulebook.blocks(judgement.rule):
                    here = judgement.verdicts == FAIL
                    fails |= here
                    found.failed[members.person[here], ids.index(judgement.rule.id)] = True
                    if judgement.rule.id == LICENSE_RULE[role]:
                        licensed[members.person[~here]] = True
            found.not_eligible[members.person[~fails]] = False
        found.no_license[:] = ~licensed
        return found


def _where(facts: Facts, role: str, people: Index) -> Iterator[Members]:
    """Each person at every site where they have hours, or might come to prescribe; one without hours at every site.

    The latter are given some at a time, for they may be many.
    """
    postings, supposed = facts.postings, facts.supposed if role == "prescriber" else None
    wanted = np.zeros(len(facts.people), bool)
    wanted[people] = True
    rows = np.flatnonzero(wanted[postings.person])
    person, site = [postings.person[rows]], [postings.site[rows]]
    if supposed is not None:
        more = np.flatnonzero(wanted[supposed.person])
        person.append(supposed.person[more])
        site.append(supposed.site[more])
    yield Members(facts, role, np.concatenate(person), np.concatenate(site))
    wanted[postings.person] = False
    homeless, sites = np.flatnonzero(wanted), np.arange(len(facts.sites))
    some = max(1, _AT_ONCE // max(1, len(sites)))
    for begin in range(0, len(homeless), some):
        these = homeless[begin : begin + some]
        yield Members(facts, role, np.repeat(these, len(sites)), np.tile(sites, len(these)))


def _partner_rules(links: Links, person_of: Index, people: Index, ids: list[str]) -> Bools:
    """By person, of some: the blocking rules that fail or are unknown on any of their listed links."""
    wanted = np.zeros(len(links.facts.people), bool)
    wanted[people] = True
    rows = np.flatnonzero(wanted[person_of])
    found = np.zeros((len(links.facts.people), len(ids)), bool)
    for judgement in links.judged.judgements:
        if links.rulebook.blocks(judgement.rule):
            in_the_way = links.judged.on_links(judgement, rows) <= UNKNOWN
            found[person_of[rows[in_the_way]], ids.index(judgement.rule.id)] = True
    return found
