"""Whom to hire only to sign: where agreements are what is missing, what one who signs them adds."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import attrs
import numpy as np

from kapteam.advice.hire import NOTHING, Gain, Hire, hire_ids, hired, rows_of, with_rows
from kapteam.advice.profiles import COLLABORATOR, Profile, accepted
from kapteam.columns.authority import authority
from kapteam.columns.logic import UNKNOWN
from kapteam.columns.lookup import Index
from kapteam.columns.parts import parts
from kapteam.matching.market import market, usable_rows
from kapteam.matching.match import Plan
from kapteam.matching.optimum import optimum
from kapteam.network.candidates import candidate_pairs
from kapteam.network.judge import judge_pairs
from kapteam.network.links import Links
from kapteam.network.within import compiled_as
from kapteam.records.people import PROFESSIONS
from kapteam.rules.speaking import speaking

_Signing = tuple[Profile, Gain]


def signers(plan: Plan, places: Sequence[str]) -> Iterator[Hire]:
    """In each of some jurisdictions the collaborator who adds most to a plan, if one adds anything.

    Of equal gain the one who signs for the fewest; professions that would sign for the same people are one entry.
    """
    links, facts = plan.links, plan.links.facts
    lacking = _lacking(links, places)
    found: dict[str, list[_Signing]] = {place: [] for place in places}
    for profession in PROFESSIONS:
        signing = [
            Profile(COLLABORATOR, profession, place, signs_for=who)
            for place, people in lacking.items()
            if (who := tuple(sorted(person for person, bits in people.items() if profession in accepted(bits))))
        ]
        if signing:
            names, _ = hire_ids(facts.roster, len(signing))
            rows = [r for profile, id in zip(signing, names, strict=True) for r in rows_of(facts, profile, id, "")]
            other = compiled_as(facts, with_rows(facts.roster, rows))
            # They are candidates for nothing: the links are the same, in the same order.
            may = usable_rows(Links(judge_pairs(candidate_pairs(other), links.rulebook)), plan.unknown)
            for profile in signing:
                found[profile.jurisdiction].append(_signed(plan, profile, may))
    for tried in found.values():
        gaining = [(profile, gain) for profile, gain in tried if gain.adds_to(NOTHING)]
        if gaining:
            most = max(gain.key for _, gain in gaining)
            equal = [(profile, gain) for profile, gain in gaining if gain.key == most]
            profile, gain = min(equal, key=lambda signing: len(signing[0].signs_for))
            alike = tuple(p.profession for p, _ in equal if p.signs_for == profile.signs_for)
            yield hired(facts, profile, alike, gain)


def _lacking(links: Links, places: Sequence[str]) -> dict[str, dict[str, int]]:
    """By jurisdiction: who lacks an agreement or may lack one, and whose signature would count, as bits."""
    facts, members = links.facts, links.pairs.prescribers
    found: dict[str, dict[str, int]] = {place: {} for place in places}
    speaks, law = speaking(members).license, authority(facts)
    for judgement in links.judged.judgements:
        if judgement.rule.id != "legal.agreement" or not links.rulebook.blocks(judgement.rule):
            continue
        for row in np.flatnonzero((judgement.verdicts <= UNKNOWN) & (speaks >= 0)):
            place, profession = int(members.jurisdiction[row]), int(facts.licenses.profession[speaks[row]])
            if facts.jurisdictions[place] in found:
                person = facts.people[members.person[row]]
                found[facts.jurisdictions[place]][person] = int(law.accepts[place, profession])
    return found


def _signed(plan: Plan, profile: Profile, may: Index) -> _Signing:
    """What one signer adds, and the same signer for those alone whom it helps.

    ``may`` are the links that could be used if a signer were there in every jurisdiction.
    """
    links, facts, pairs = plan.links, plan.links.facts, plan.links.pairs
    here = facts.site_jurisdiction[pairs.site] == facts.jurisdictions.index(profile.jurisdiction)
    rows = np.union1d(may[here[may]], plan.usable[~here[plan.usable]])
    turned, either = np.setxor1d(rows, plan.usable), np.union1d(rows, plan.usable)
    part = parts(len(facts.people), pairs.prescriber_person[either], pairs.therapist_person[either])
    part = part[pairs.therapist_person]
    problem = market(links, rows[np.isin(part[rows], part[turned])])
    before = plan.rows[np.isin(part[plan.rows], part[turned])]
    used = optimum(problem)
    teamed = int(used.sum()) - len(before)
    points = int(problem.points[used].sum()) - int(links.points[before].sum())
    helped = {facts.people[p] for p in pairs.prescriber_person[turned]}
    signs_for = tuple(p for p in profile.signs_for if p in helped)
    return attrs.evolve(profile, signs_for=signs_for), Gain(1, teamed, teamed, points)
