"""The legal rules: who may prescribe and who may do therapy, where, on the day."""

from __future__ import annotations

from decimal import Decimal

import numpy as np
from attrs import evolve
from numpy.typing import NDArray

from kapteam.columns.authority import ASKED, NOT_ASKED, authority
from kapteam.columns.facts import NURSES, THERAPY, Facts
from kapteam.columns.logic import FAIL, PASS, UNKNOWN, Verdicts, verdict, where_applies
from kapteam.columns.lookup import Best, Index, both, found_at, join
from kapteam.columns.members import Members
from kapteam.columns.pairs import Pairs
from kapteam.columns.policies import DOSING
from kapteam.law.day import FEDERAL
from kapteam.records.people import AGREEMENTS, LICENSE_STATUS
from kapteam.records.places import SETTINGS
from kapteam.records.zones import state_name
from kapteam.rules.case import Case
from kapteam.rules.presence import presence_words
from kapteam.rules.rule import Remedy, rule
from kapteam.rules.speaking import held_here, is_associate, speaking, standing
from kapteam.rules.words import had, registered, speaking_license, spoken

#: What turns an associate's licence.
SUPERVISION = Remedy("make a supervision agreement with a therapist licensed in {state}", 21, 1000)
_DEA_FEE = "fee of 21 CFR 1301.13(e)(1) for three years; the time is kapteam's estimate"


@rule(
    "legal.license",
    subject="prescriber",
    remedy=Remedy("get a licence of a prescribing profession in {state}", 90, 800),
    ask=Remedy("read the terms of the restricted licence: do they allow prescribing ketamine?", 14, 0),
)
def license(rows: Members) -> Verdicts:
    """An active licence (or compact privilege) of a prescribing profession in the site's jurisdiction."""
    return speaking(rows).standing


@license.says
def _license(case: Case) -> str:
    speaks = speaking_license(case)
    if case.status == "pass" and speaks is not None:
        return (
            f"{case.person.label}'s {spoken(speaks.profession)} licence in {state_name(case.state)} is {speaks.status}"
        )
    if case.status == "unknown":
        return f"{case.person.label}'s {case.state} licence is restricted: its terms decide whether it reaches KAP"
    place = state_name(case.state)
    return f"{case.person.label} has no licence in {place} that allows prescribing there on {case.day}{had(case)}"


@rule(
    "legal.authority",
    subject="prescriber",
    ask=Remedy("ask the {state} board, or counsel, and write the answer into practice.toml", 30, 500),
)
def authority_to_prescribe(rows: Members) -> Verdicts:
    """The profession may prescribe or administer ketamine (Schedule III, non-narcotic) in that jurisdiction."""
    return speaking(rows).authority


@authority_to_prescribe.says
def _authority(case: Case) -> str:
    speaks = speaking_license(case)
    if speaks is None:
        return f"{case.person.label} has no licence in {state_name(case.state)} whose authority could be judged"
    profession, place = spoken(speaks.profession), state_name(case.state)
    if speaks.profession == "physician":
        return f"physicians may prescribe ketamine (Schedule III, 3N) in {place}"
    known = case.facts.law.known(case.state, speaks.profession, "ketamine")
    case.cite(known)
    routes = case.facts.law.known(case.state, speaks.profession, "routes")
    if known is None or known.value == "unknown":
        return f"nothing that kapteam knows says whether a {profession} may prescribe ketamine in {place}"
    if known.value == "limited":
        condition = f": {known.note.rstrip('.')}" if known.note else " that no roster shows"
        return f"a {profession} may prescribe ketamine in {place} only on a condition{condition}"
    if known.value == "yes" and routes is not None and routes.value:
        case.cite(routes)
        allowed, route = " or ".join(routes.value), case.facts.protocol.route
        if case.status == "pass":
            return f"a {profession} may prescribe ketamine in {place} by this route ({route})"
        if route is None:
            return f"a {profession} may prescribe ketamine in {place} only {allowed}: write the route into [protocol]"
        return f"a {profession} may prescribe ketamine in {place} only {allowed}, not {route}"
    may = "may" if known.value == "yes" else "may not"
    why = ": the formulary leaves it out" if known.value == "formulary_excludes" else ""
    return f"a {profession} {may} prescribe ketamine (Schedule III, 3N) in {place}{why}"


@rule(
    "legal.registration",
    subject="prescriber",
    cites=("21 CFR 1301.11-13", "21 CFR 1308.13(c)"),
    federal=("registration_by_state", "ketamine_schedule"),
    remedy=Remedy("register with the DEA in {state} for Schedule 3N", 42, 888, _DEA_FEE),
    ask=Remedy("read the schedules off {person}'s {state} DEA certificate", 1, 0),
)
def registration(rows: Members) -> Verdicts:
    """A DEA registration of their own in the jurisdiction whose schedules hold 3N."""
    held = _own(rows.facts, state=False).at(both(rows.person, rows.jurisdiction), FAIL)
    return held.astype(np.int8)


@registration.says
def _registration(case: Case) -> str:
    return registered(case, "dea", "DEA registration")


@registration.remedy
def _registration_remedy(case: Case) -> Remedy | None:
    remedy = registration.remedies[case.status]
    if case.status == "unknown":
        return remedy
    if case.registrations("dea"):
        return evolve(remedy, change="have the DEA add Schedule 3N to the {state} registration", days=28, dollars=None)
    if case.registrations("dea", in_force_only=False):
        return evolve(remedy, change="renew the {state} DEA registration with Schedule 3N, or register anew")
    return remedy


@rule(
    "legal.state_registration",
    subject="prescriber",
    remedy=Remedy("get {state}'s own controlled-substance registration", 30, 100),
    ask=Remedy("ask {state} whether it wants its own controlled-substance registration of {person}", 14, 0),
)
def state_registration(rows: Members) -> Verdicts:
    """The state's own registration, where the state asks for one of that profession."""
    speaks = speaking(rows).license
    profession = rows.facts.licenses.profession[np.maximum(speaks, 0)] if len(rows.facts.licenses.person) else speaks
    asked = authority(rows.facts).state_registration[rows.jurisdiction, profession]
    held = _own(rows.facts, state=True).at(both(rows.person, rows.jurisdiction), FAIL)
    unclear = np.where(held == PASS, PASS, UNKNOWN)
    return where_applies((speaks >= 0) & (asked != NOT_ASKED), np.where(asked == ASKED, held, unclear).astype(np.int8))


@state_registration.says
def _state_registration(case: Case) -> str:
    speaks, place = speaking_license(case), state_name(case.state)
    if speaks is None:
        return f"{case.person.label} has no licence in {place} that would need {place}'s own registration"
    known = case.facts.law.state_registration(case.state, speaks.profession)
    case.cite(known)
    if case.status == "not_applicable":
        return f"{place} asks for no registration of its own beside the DEA's"
    said = registered(case, "state", f"{place} controlled-substance registration")
    if case.status == "unknown" and (known is None or known.value == "unknown"):
        return f"nothing that kapteam knows says whether {place} asks for its own registration, and {said}"
    return said


@rule(
    "legal.site_registration",
    subject="prescriber",
    cites="21 CFR 1301.12",
    federal=("registration_at_place",),
    remedy=Remedy("have a DEA registration at {site} itself (one with at_site serves both rules)", 42, 888, _DEA_FEE),
    ask=Remedy("read the schedules off the DEA certificate for {site}", 1, 0),
)
def site_registration(rows: Members) -> Verdicts:
    """Where the site keeps stock, a DEA registration at that very site: the prescriber's or the site's."""
    held, facts = rows.facts.registrations, rows.facts
    dea = ~held.state
    own = np.flatnonzero(dea & (held.at_site >= 0) & (held.person >= 0))
    sites = np.flatnonzero(dea & (held.site >= 0))
    theirs = Best.of(both(held.person[own], held.at_site[own]), held.holds[own]).at(both(rows.person, rows.site), FAIL)
    shared = Best.of(held.site[sites], held.holds[sites]).at(rows.site, FAIL)
    return where_applies(facts.stock[rows.site], np.maximum(theirs, shared).astype(np.int8))


@site_registration.says
def _site_registration(case: Case) -> str:
    if case.status == "not_applicable":
        return f"a pharmacy dispenses to the patient, so {case.site.label} keeps no stock to be registered for"
    if case.status == "pass":
        return f"{case.site.label} keeps stock and is covered by a DEA registration at that address"
    if case.status == "unknown":
        return f"a DEA registration at {case.site.label} is there, but nobody wrote down its schedules"
    return (
        f"{case.site.label} keeps stock, and neither {case.person.label} nor the site has a DEA registration "
        "at that address that holds 3N"
    )


@rule(
    "legal.agreement",
    subject="prescriber",
    remedy=Remedy(
        "make a collaboration agreement with a practitioner licensed in {state} whom its law accepts",
        21,
        1000,
    ),
    ask=Remedy("find out whether {person} needs a collaborating physician in {state}, or write one down", 14, 0),
)
def agreement(rows: Members) -> Verdicts:
    """Where the jurisdiction asks for it, an agreement with someone licensed there whom that law accepts."""
    return speaking(rows).agreement


@agreement.remedy
def _agreement_remedy(case: Case) -> Remedy | None:
    return None if speaking_license(case) is None else agreement.remedies[case.status]


@agreement.says
def _agreement(case: Case) -> str:
    speaks, place = speaking_license(case), state_name(case.state)
    if speaks is None:
        return f"{case.person.label} has no licence in {place} whose independence could be judged"
    profession = spoken(speaks.profession)
    if speaks.profession == "physician":
        return "a physician needs no one's agreement"
    law = case.facts.law
    known, accepted = (
        law.known(case.state, speaks.profession, "autonomy"),
        law.known(case.state, speaks.profession, "agreement_with"),
    )
    case.cite(known)
    case.cite(accepted)
    whom = " or ".join(spoken(p) for p in accepted.value) if accepted else "physician"
    person, transition = case.person.label, known is not None and known.value == "transition"
    match case.status:
        case "not_applicable":
            after = " after the transition" if transition else ""
            return f"a {profession} practises independently in {place}{after}"
        case "pass":
            return f"{person} has an agreement in force with a {whom} who is licensed in {place}"
        case "fail":
            return (
                f"a {profession} in {place} needs an agreement with a {whom} actively licensed there; {person} has none"
            )
    if transition:
        length = _length(case, speaks.profession)
        return (
            f"{place} grants independence after a transition{length}, and nobody wrote down whether {person} is "
            "through it"
        )
    return f"nothing that kapteam knows says whether a {profession} needs an agreement in {place}"


def _length(case: Case, profession: str) -> str:
    """How long a transition takes, where that is known: `` of 4,600 hours or 3 years``."""
    hours, years, needs = (
        case.facts.law.known(case.state, profession, key)
        for key in ("transition_hours", "transition_years", "transition_needs")
    )
    parts = []
    for known, unit in ((hours, "hours"), (years, "years")):
        if known is not None:
            case.cite(known)
            parts.append(f"{Decimal(known.value):,} {unit}")
    either = needs is not None and needs.value == "either"
    return f" of {(' or ' if either else ' and ').join(parts)}" if parts else ""


@rule(
    "legal.evaluation",
    subject="prescriber",
    cites="21 USC 829(e)",
    federal=("in_person_evaluation",),
    remedy=Remedy("hold office hours at a site in {state} where patients are seen in person", 30, 0),
    ask=Remedy("see each patient once in person in {state}, or ask counsel about telehealth there", 30, 500),
)
def evaluation(rows: Members) -> Verdicts:
    """Patients can be seen in person in that state, or the law of the day lets telehealth do."""
    by_telehealth = authority(rows.facts).telehealth[rows.jurisdiction]
    known = np.where(sees_in_person(rows), PASS, by_telehealth)
    # Of one who is only supposed to come here: that they would see patients then is no more than a supposition.
    return np.where(rows.supposed >= 0, np.maximum(known, UNKNOWN), known).astype(np.int8)


def sees_in_person(rows: Members) -> NDArray[np.bool_]:
    """Whether each has hours at some site of the jurisdiction where patients are seen in person."""
    keys = rows.facts.once("sees in person", lambda: _in_person(rows.facts))
    return found_at(keys, both(rows.person, rows.jurisdiction)) >= 0


def _in_person(facts: Facts) -> Index:
    """Each person and jurisdiction where they see patients in person, as sorted keys."""
    postings = facts.postings
    in_person = facts.setting[postings.site] != SETTINGS.index("telehealth")
    return np.unique(both(postings.person[in_person], facts.site_jurisdiction[postings.site[in_person]]))


@evaluation.says
def _evaluation(case: Case) -> str:
    person, place = case.person.label, state_name(case.state)
    seen = [h.site for h in case.own("hours")]
    in_person = [
        s for s in seen
        if (site := case.facts.roster.places[s]).jurisdiction == case.state and site.setting != "telehealth"
    ]  # fmt: skip
    if case.status == "pass" and in_person:
        return f"{person} can see patients in person in {place}"
    if case.status == "unknown" and case.might_come is not None:
        return f"{person} sees nobody in person in {place}, and {case.might_come}"
    federal, own = (case.facts.law.known(j, "", "telehealth") for j in (FEDERAL, case.state))
    case.cite(federal)
    case.cite(own)
    ends = f" until {federal.until}" if federal is not None and federal.until else ""
    if case.status == "pass":
        return f"{person} sees nobody in person in {place}; the law of {case.day} lets telehealth do{ends}"
    why = (
        "forbids prescribing ketamine to one never seen in person"
        if case.status == "fail"
        else "is not known to allow it"
    )
    return f"{person} sees nobody in person in {place}, and the law of {case.day} {why}"


@rule(
    "legal.therapy_license",
    subject="therapist",
    remedy=Remedy("get a psychotherapy licence in {state}", 90, 300),
    ask=Remedy("read the licence's terms, or write down the nurse's specialty", 7, 0),
)
def therapy_license(rows: Members) -> Verdicts:
    """An active psychotherapy licence in the site's jurisdiction, or an associate's with a supervision agreement."""
    facts = rows.facts
    at, held = held_here(rows)
    profession = facts.licenses.profession[held]
    worth = standing(rows, at, held)
    supervised = _supervised(facts).at(both(facts.licenses.person[held], facts.licenses.jurisdiction[held]), FAIL)
    worth = np.where(is_associate(facts, held), supervised, worth)
    worth = np.minimum(worth, _therapist_by(facts, facts.licenses.person[held], profession))
    return Best.of(at, worth).at(np.arange(len(rows)), FAIL).astype(np.int8)


@therapy_license.remedy
def _therapy_license_remedy(case: Case) -> Remedy | None:
    associate = any(x.status == "associate" for x in case.licenses())
    return SUPERVISION if case.status == "fail" and associate else therapy_license.remedies[case.status]


@therapy_license.says
def _therapy_license(case: Case) -> str:
    person, place = case.person.label, state_name(case.state)
    here = case.licenses()
    if case.status == "pass":
        kinds = " and ".join(sorted({spoken(x.profession) for x in here}))
        supervised = " as a supervised associate" if all(x.status == "associate" for x in here) else ""
        return f"{person} may do therapy in {place}{supervised} ({kinds})"
    if case.status == "unknown" and any(x.status == "restricted" for x in here):
        return f"{person}'s licence in {place} is restricted: its terms decide whether it reaches KAP"
    if case.status == "unknown":
        return f"whether {person} may do therapy in {place} rests on a nurse's specialty that nobody wrote down"
    if any(x.status == "associate" for x in here):
        return (
            f"{person} is an associate in {place}, not supervised by agreement with a therapist actively licensed there"
        )
    return f"{person} has no psychotherapy licence that counts in {place} on {case.day}{had(case)}"


@rule(
    "legal.presence",
    subject="link",
    remedy=Remedy("give {prescriber} hours at {site} that cover {therapist}'s sessions", 14, 0),
    ask=Remedy("write down when the two are at {site}", 1, 0),
)
def presence(links: Pairs) -> Verdicts:
    """The prescriber is there as far as the law of the place asks, where it asks for any presence."""
    return where_applies(links.asked_by_law >= DOSING, links.fits)


@presence.says
def _presence(case: Case) -> str:
    known = case.facts.law.known(case.state, "", "presence")
    case.cite(known)
    if case.status == "not_applicable":
        return f"the law of {state_name(case.state)} is not known to ask for the prescriber's presence"
    return presence_words(case, f"the law of {state_name(case.state)}")


def _own(facts: Facts, *, state: bool) -> Best:
    """By person and jurisdiction: the best of their own registrations of one issuer."""

    def make() -> Best:
        held = facts.registrations
        rows = np.flatnonzero((held.state == state) & (held.person >= 0))
        return Best.of(both(held.person[rows], held.jurisdiction[rows]), held.holds[rows])

    return facts.once(("registrations", state), make)


def _supervised(facts: Facts) -> Best:
    """By person and jurisdiction: whether a supervisor is an active therapist there."""

    def make() -> Best:
        agreements, licenses = facts.agreements, facts.licenses
        wanted = np.flatnonzero(agreements.kind == AGREEMENTS.index("supervision"))
        active = np.flatnonzero(licenses.status == LICENSE_STATUS.index("active"))
        a, b = join(agreements.partner[wanted], licenses.person[active])
        a, b = wanted[a], active[b]
        same = (agreements.jurisdiction[a] < 0) | (agreements.jurisdiction[a] == licenses.jurisdiction[b])
        a, b = a[same], b[same]
        worth = _therapist_by(facts, licenses.person[b], licenses.profession[b])
        return Best.of(both(agreements.person[a], licenses.jurisdiction[b]), worth)

    return facts.once("supervised", make)


def _therapist_by(facts: Facts, person: Index, profession: Index) -> Verdicts:
    """Whether a profession makes its holder a therapist: a nurse by specialty only, unknown where that is blank."""
    by_specialty = facts.specialty.mapped(lambda s: PASS if s == "psychiatric_nursing" else FAIL, blank=UNKNOWN)
    nurse = np.isin(profession, list(NURSES))
    return np.where(nurse, by_specialty[person], verdict(np.isin(profession, list(THERAPY)))).astype(np.int8)
