"""The team rules: whether the two can meet, want to, and have someone for an emergency."""

from __future__ import annotations

import numpy as np

from kapteam.columns.logic import FAIL, Verdicts, verdict
from kapteam.columns.pairs import Pairs
from kapteam.rules.case import Case
from kapteam.rules.presence import has_to_come, window_words
from kapteam.rules.rule import Remedy, rule


@rule(
    "team.window",
    subject="link",
    remedy=Remedy("give the two common hours at {site}", 14, 0),
    ask=Remedy("write down when the two are at {site}", 1, 0),
)
def window(links: Pairs) -> Verdicts:
    """At least one start in a typical week that fits a whole session."""
    return np.where(links.listed, links.fits, np.int8(FAIL))


@window.says
def _window(case: Case) -> str:
    assert case.pairs is not None
    if not case.pairs.listed[case.link]:
        candidate, facts = case.facts.candidate, case.facts
        if not candidate["prescriber"][facts.person_code[case.prescriber.practitioner]]:
            return f"{case.prescriber.label} is not on the roster as a prescriber"
        if not candidate["therapist"][facts.person_code[case.therapist.practitioner]]:
            return f"{case.therapist.label} is not on the roster as a therapist"
        if case.prescriber is case.therapist and not facts.protocol.solo:
            return "the protocol lets nobody be prescriber and therapist of one session"
    return window_words(case)


_ASK_WHETHER = Remedy("ask {prescriber} whether they would come to {site}, and write down when the two are there", 1, 0)


@window.remedy
def _window_remedy(case: Case) -> Remedy | None:
    assert case.pairs is not None
    if not case.pairs.listed[case.link]:
        return None
    return _ASK_WHETHER if case.status == "unknown" and has_to_come(case) else window.remedies[case.status]


@rule(
    "team.ties",
    subject="link",
    says={"pass": "neither avoids the other", "fail": "{prescriber} and {therapist}: one avoids the other"},
)
def ties(links: Pairs) -> Verdicts:
    """Neither avoids the other."""
    return verdict(~links.tied("avoids"))


@rule(
    "team.life_support",
    subject="link",
    severity="note",
    remedy=Remedy("take a life-support course (BLS or ACLS)", 14, 90),
)
def life_support(links: Pairs) -> Verdicts:
    """One of the two has life-support training."""
    has = links.therapists.trainings.has["life_support"]
    return verdict(np.logical_or(*links.either(has, has)))


@life_support.says
def _life_support(case: Case) -> str:
    a, b = case.prescriber.label, case.therapist.label
    if case.status == "pass":
        return f"{a} or {b} has life-support training" if a != b else f"{a} has life-support training"
    return f"neither {a} nor {b} has life-support training in force" if a != b else f"{a} has no life-support training"
