"""The ethics rules: what the one who sits with the patient has learned."""

from __future__ import annotations

import numpy as np

from kapteam.columns.logic import FAIL, PASS, UNKNOWN, Verdicts, verdict
from kapteam.columns.members import Members
from kapteam.records.people import AGREEMENTS
from kapteam.rules.case import Case
from kapteam.rules.rule import Remedy, rule
from kapteam.rules.words import spoken

_COURSE = "prices of KAP certificates vary from about 1,000 to 9,000 dollars; kapteam's estimate"


@rule(
    "ethics.kap_training",
    subject="therapist",
    remedy=Remedy("take KAP training of at least {threshold} hours", 120, 3000, _COURSE),
    ask=Remedy("write down the hours of {person}'s KAP training", 1, 0),
)
def kap_training(rows: Members) -> Verdicts:
    """KAP training of at least the threshold hours, or a programme that the house names."""
    learned, enough = rows.trainings, rows.facts.law.practice.thresholds.kap_training_hours
    has = (learned.kap_hours.mapped(lambda hours: hours >= enough) > 0) | learned.kap_programme
    return np.where(has, PASS, np.where(learned.kap_blank, UNKNOWN, FAIL)).astype(np.int8)[rows.person]


@kap_training.says
def _kap_training(case: Case) -> str:
    enough = case.facts.law.practice.thresholds.kap_training_hours
    hours = case.members.trainings.kap_hours.at(int(case.members.person[case.row]))
    named = [t.name for t in case.trainings("kap") if t.name in case.facts.law.practice.thresholds.kap_programmes]
    if case.status == "pass" and hours < enough:
        return f"{case.person.label} took {named[0]}, which is enough by itself"
    said = f"{case.person.label} has {hours:f} hours of KAP training of the {enough:f} that this house asks"
    return said + (", and a training whose hours nobody wrote down" if case.status == "unknown" else "")


@rule(
    "ethics.trauma_training",
    subject="therapist",
    severity="warn",
    remedy=Remedy("take trauma therapy training", 180, 1500),
    ask=Remedy("write down {person}'s modalities", 1, 0),
)
def trauma_training(rows: Members) -> Verdicts:
    """A trauma training, or a modality that is a trauma therapy."""
    learned = rows.trainings
    has = learned.has["trauma"] | learned.trauma_modality
    return np.where(has, PASS, np.where(learned.modalities_blank, UNKNOWN, FAIL)).astype(np.int8)[rows.person]


@trauma_training.says
def _trauma_training(case: Case) -> str:
    if case.status == "pass":
        return f"{case.person.label} is trained in trauma therapy"
    return _about_modalities(case, "trauma therapy training")


@rule(
    "ethics.modality",
    subject="therapist",
    severity="warn",
    remedy=Remedy("train in a modality that complements KAP, such as IFS or EMDR", 270, 3000),
    ask=Remedy("write down {person}'s modalities", 1, 0),
)
def modality(rows: Members) -> Verdicts:
    """A modality that complements KAP."""
    learned = rows.trainings
    has = learned.complementary_count > 0
    return np.where(has, PASS, np.where(learned.modalities_blank, UNKNOWN, FAIL)).astype(np.int8)[rows.person]


@modality.says
def _modality(case: Case) -> str:
    if case.status != "pass":
        return _about_modalities(case, "modality that complements KAP")
    names = [*(case.person.modalities or ()), *(t.name for t in case.trainings("modality") if t.name)]
    fits = sorted({spoken(n) for n in names if case.facts.law.modality(n)[2]})
    return f"{case.person.label} brings {', '.join(fits)}"


@rule(
    "ethics.experiential",
    subject="therapist",
    severity="warn",
    says={
        "pass": "{person} has had experiential training",
        "fail": "{person} has had no experiential training",
    },
    remedy=Remedy("take an experiential KAP training", 120, 2500),
)
def experiential(rows: Members) -> Verdicts:
    """An experiential training."""
    return verdict(rows.trainings.has["experiential"][rows.person])


@rule(
    "ethics.practicum",
    subject="therapist",
    severity="warn",
    says={
        "pass": "{person} had a practicum",
        "fail": "{person} had no training with a practicum, only courses",
        "unknown": "nobody wrote down whether a training of {person} had a practicum",
    },
    remedy=Remedy("take a training with a practicum", 180, 2500),
    ask=Remedy("ask {person} whether a training of theirs had a practicum", 1, 0),
)
def practicum(rows: Members) -> Verdicts:
    """A KAP, trauma or modality training that had a practicum, not a weekend course only."""
    return rows.trainings.practicum[rows.person]


@rule(
    "ethics.mentorship",
    subject="therapist",
    severity="note",
    says={
        "pass": "{person} has ongoing mentorship or consultation",
        "fail": "{person} has no ongoing mentorship or consultation",
    },
    remedy=Remedy("agree on consultation with someone of more experience", 14, 1200),
)
def mentorship(rows: Members) -> Verdicts:
    """Ongoing mentorship, or a consultation agreement of their own."""
    agreements = rows.facts.agreements
    mentored = rows.trainings.has["mentorship"].copy()
    mentored[agreements.person[agreements.kind == AGREEMENTS.index("consultation")]] = True
    return verdict(mentored[rows.person])


def _about_modalities(case: Case, what: str) -> str:
    if case.status == "unknown":
        return f"nobody wrote down all of {case.person.label}'s modalities, so a {what} may be among them"
    return f"{case.person.label} has no {what} on the roster"
