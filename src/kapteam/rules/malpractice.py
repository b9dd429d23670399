"""The malpractice rules: what each one's insurer covers, and what it asks."""

from __future__ import annotations

import numpy as np

from kapteam.columns.facts import BLANK
from kapteam.columns.logic import FAIL, PASS, UNKNOWN, Verdicts, verdict, where_applies
from kapteam.columns.members import Members
from kapteam.columns.pairs import Pairs
from kapteam.columns.policies import DOSING, cell, policy_row
from kapteam.rules.case import Case
from kapteam.rules.presence import presence_words, window_words
from kapteam.rules.rule import Remedy, rule
from kapteam.rules.words import spoken


@rule(
    "malpractice.cover",
    subject="member",
    remedy=Remedy("take out a malpractice policy for the role of {role}", 21, 1500),
)
def cover(rows: Members) -> Verdicts:
    """A policy for that role in force on the day."""
    return verdict(rows.policies.held[rows.person])


@cover.says
def _cover(case: Case) -> str:
    policy = policy_row(case.facts, case.person.practitioner, case.role)
    if policy is not None:
        until = f" until {policy.expires}" if policy.expires else ""
        return f"{case.person.label} is covered as {case.role} by {policy.carrier}{until}"
    own = case.own("coverage")
    ended = [x.expires for x in own if x.role in (case.role, None) and x.expires and x.expires < case.day]
    why = f": the last one ended on {max(ended)}" if ended else ": the policy is for another role" if own else ""
    return f"{case.person.label} has no malpractice policy as {case.role} in force on {case.day}{why}"


@rule(
    "malpractice.ketamine",
    subject="member",
    remedy=Remedy("add a KAP rider to {person}'s policy as {role}", 30, 800),
    ask=Remedy("ask {carrier} in writing whether {person}'s policy covers KAP", 14, 0),
)
def ketamine(rows: Members) -> Verdicts:
    """The policy or its rider covers KAP."""
    policies = rows.policies
    return where_applies(policies.held[rows.person], policies.ketamine[rows.person])


@ketamine.says
def _ketamine(case: Case) -> str:
    policy = policy_row(case.facts, case.person.practitioner, case.role)
    if policy is None:
        return f"{case.person.label} has no policy as {case.role} that could cover KAP"
    case.cite(cell(case.facts, policy, "ketamine"))
    said = {"pass": "covers KAP", "fail": "does not cover KAP"}.get(case.status)
    whose = f"{case.person.label}'s policy with {policy.carrier}"
    return f"{whose} {said}" if said else f"nobody wrote down whether {whose} covers KAP"


@rule(
    "malpractice.specialty",
    subject="prescriber",
    remedy=Remedy("find a carrier that covers {person}'s specialty", 45, 1500),
    ask=Remedy("write down {person}'s specialty", 1, 0),
)
def specialty(rows: Members) -> Verdicts:
    """The specialty is among those that the policy covers, where it names any."""
    covered, own = rows.policies.specialties, rows.facts.specialty
    table = np.full((len(covered.values) + 1, len(own.values) + 1), UNKNOWN, np.int8)  # the last of each is a blank
    for i, names in enumerate(covered.values):
        table[i, :-1] = [PASS if name in names else FAIL for name in own.values]
    list_of, specialty_of = covered.codes[rows.person], own.codes[rows.person]
    return where_applies(list_of >= 0, table[list_of, specialty_of])


@specialty.says
def _specialty(case: Case) -> str:
    policy = policy_row(case.facts, case.person.practitioner, "prescriber")
    known = None if policy is None else cell(case.facts, policy, "specialties")
    case.cite(known)
    if policy is None or known is None or not known.value:
        return f"{case.person.label}'s policy names no specialties"
    names = ", ".join(spoken(case.facts.law.specialty(s) or s) for s in known.value)
    own = case.facts.specialty.at(int(case.members.person[case.row]))
    if own is None:
        return f"{policy.carrier} covers only {names}, and nobody wrote down {case.person.label}'s specialty"
    return f"{policy.carrier} covers {names}; {case.person.label}'s specialty is {spoken(own)}"


@rule(
    "malpractice.in_clinic",
    subject="prescriber",
    remedy=Remedy("hold the sessions in a clinic or hospital, or find another carrier", 45, 1500),
)
def in_clinic(rows: Members) -> Verdicts:
    """The site is a clinic or a hospital, where the carrier asks for one."""
    return where_applies(rows.policies.in_clinic[rows.person], verdict(rows.setting_in("clinic", "hospital")))


@in_clinic.says
def _in_clinic(case: Case) -> str:
    policy = policy_row(case.facts, case.person.practitioner, "prescriber")
    if case.status == "not_applicable" or policy is None:
        return f"{case.person.label}'s policy does not ask for a clinic"
    case.cite(cell(case.facts, policy, "in_clinic_only"))
    return f"{policy.carrier} asks for a clinic or hospital; {case.site.label} is of setting {case.site.setting}"


@rule(
    "malpractice.same_site",
    subject="link",
    remedy=Remedy("give {prescriber} hours at {site} while {therapist} doses there", 14, 0),
    ask=Remedy("write down when the two are at {site}", 1, 0),
)
def same_site(links: Pairs) -> Verdicts:
    """Both are at this site, the prescriber at least while the dose is given, where either carrier asks for it."""
    asking = links.either(links.prescribers.policies.same_site, links.therapists.policies.same_site)
    return where_applies(np.logical_or(*asking), links.fits)


@same_site.says
def _same_site(case: Case) -> str:
    asking = _carriers(case, "same_site")
    if case.status == "not_applicable":
        return "neither policy asks that both be at the same site"
    ask = "asks" if len(asking) == 1 else "ask"
    return f"{' and '.join(asking)} {ask} that both be at the same site: {window_words(case)}"


@rule(
    "malpractice.presence",
    subject="link",
    remedy=Remedy("give {prescriber} hours at {site} that cover {therapist}'s sessions", 14, 0),
    ask=Remedy("write down when the two are at {site}", 1, 0),
)
def presence(links: Pairs) -> Verdicts:
    """The prescriber is on site for the part of the session that the strictest carrier asks for."""
    return where_applies(links.asked_by_policies >= DOSING, links.fits)


@presence.says
def _presence(case: Case) -> str:
    assert case.pairs is not None
    if case.status == "not_applicable":
        return "the policies do not ask the prescriber to be on site"
    _carriers(case, "presence")
    person = int(case.pairs.prescriber_person[case.link])
    if case.pairs.prescribers.policies.presence[person] == BLANK:
        return presence_words(
            case,
            f"{case.prescriber.label}'s policy is silent on presence, so the strictest is assumed, which",
        )
    return presence_words(case, "the stricter of the two policies")


def _carriers(case: Case, key: str) -> list[str]:
    """The carriers of the two that say something on a key; each is cited."""
    names = []
    for person, role in ((case.prescriber, "prescriber"), (case.therapist, "therapist")):
        policy = policy_row(case.facts, person.practitioner, role)
        known = None if policy is None else cell(case.facts, policy, key)
        if policy is not None and known is not None and known.value:
            case.cite(known)
            names.append(policy.carrier)
    return sorted(set(names))
