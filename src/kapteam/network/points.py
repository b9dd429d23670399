"""What a link is worth: an integer, the sum of terms that are each rounded down."""

from __future__ import annotations

from decimal import Decimal

import numpy as np
from numpy.typing import NDArray

from kapteam.columns.lookup import Index
from kapteam.columns.members import Members
from kapteam.columns.pairs import Pairs
from kapteam.rules.ethics import experiential, mentorship, practicum, trauma_training

_ENOUGH_HOURS, _ENOUGH_MODALITIES, _ENOUGH_SESSIONS = 80, 3, 5


def points(pairs: Pairs) -> NDArray[np.int64]:
    """The points of each link, from 0 to the sum of the weights."""
    weights = pairs.facts.law.practice.weights
    worth = _learned(pairs.therapists)[pairs.therapist]
    sessions = np.minimum(pairs.weekly_sessions, _ENOUGH_SESSIONS).astype(np.int64)
    worth += weights["time"] * sessions // _ENOUGH_SESSIONS
    worth += weights["complement"] * _complements(pairs)
    worth += weights["ties"] * pairs.tied("worked_with", "prefers")
    return worth


def _learned(therapists: Members) -> Index:
    """What each therapist's trainings and modalities bring to any link."""
    weights, learned = therapists.facts.law.practice.weights, therapists.trainings
    most = weights["kap_training"]
    kap = learned.kap_hours.mapped(lambda hours: int(most * min(hours, Decimal(_ENOUGH_HOURS)) // _ENOUGH_HOURS))
    modalities = np.minimum(learned.complementary_count, _ENOUGH_MODALITIES)
    by_person = kap + weights["modality"] * modalities // _ENOUGH_MODALITIES
    worth = by_person[therapists.person]
    for rule in (trauma_training, experiential, practicum, mentorship):
        worth += weights[rule.id.removeprefix("ethics.")] * (rule.verdicts(therapists) == 1)
    return np.asarray(worth)


def _complements(pairs: Pairs) -> NDArray[np.bool_]:
    """Whether the therapist has a complementary modality that the prescriber has not; a solo never."""
    held = pairs.therapists.trainings.complementary
    more = np.zeros(len(pairs), bool)
    for octet in held.T:
        prescriber, therapist = pairs.either(octet, octet)
        more |= (therapist & ~prescriber) != 0
    return more & ~pairs.solo
