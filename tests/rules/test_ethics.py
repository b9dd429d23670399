"""Each ethics rule, case by case: they are about Tom, who sits (see tests/tiny.py)."""

from __future__ import annotations

import pytest

from tiny import Change, add, both, change, nothing, practice, status, without

PIA, TOM, MAX = "pia", "tom", "max"
TRAINING = "training"
NO_MODALITIES = change("practitioners", TOM, modalities="")
PLAIN = change("practitioners", TOM, modalities="house plain")


def kap(**cells: str) -> Change:
    return add(TRAINING, practitioner=TOM, kind="kap", **cells)


@pytest.mark.parametrize(
    ("expected", "case"),
    [
        ("pass", nothing),  # just the threshold of 16
        ("fail", change(TRAINING, TOM, hours="15.99")),
        ("unknown", change(TRAINING, TOM, hours="")),
        ("fail", without(TRAINING, TOM, kind="kap")),
        ("pass", both(change(TRAINING, TOM, hours="8"), kap(hours="8"))),  # they add up
        ("pass", both(change(TRAINING, TOM, hours="15.9"), kap(hours="0.1"))),  # exactly
        ("unknown", both(change(TRAINING, TOM, hours="8"), kap(hours=""))),
        ("pass", kap(hours="")),  # enough without the one that is blank
        ("fail", change(TRAINING, TOM, expires="2026-12-06")),
        ("fail", change(TRAINING, TOM, completed="2026-12-08")),
        ("pass", change(TRAINING, TOM, completed="2026-12-07", expires="2026-12-07")),
        ("fail", change(TRAINING, TOM, kind="trauma")),
        ("fail", change(TRAINING, TOM, practitioner=PIA)),  # the prescriber's hours are not the therapist's
        ("fail", practice("thresholds/kap_training_hours", 16.5)),
        ("pass", both(without(TRAINING, TOM, kind="kap"), practice("thresholds/kap_training_hours", 0))),
        ("pass", both(change(TRAINING, TOM, hours="1"), practice("thresholds/kap_programmes", ["a course"]))),
        ("fail", both(change(TRAINING, TOM, hours="1"), practice("thresholds/kap_programmes", ["A course"]))),
        ("fail", both(change(TRAINING, TOM, kind="trauma"), practice("thresholds/kap_programmes", ["a course"]))),
    ],
)
def test_kap_training_is_enough_hours_in_all_or_a_programme_of_the_house(expected: str, case: Change) -> None:
    assert status("ethics.kap_training", case) == expected


UNTRAINED = without(TRAINING, TOM, kind="trauma")


@pytest.mark.parametrize(
    ("expected", "case"),
    [
        ("pass", nothing),
        ("fail", UNTRAINED),  # the one modality is none
        ("fail", change(TRAINING, TOM, 1, expires="2026-12-06")),
        ("pass", both(UNTRAINED, change("practitioners", TOM, modalities="house plain; house trauma"))),
        ("pass", both(UNTRAINED, add(TRAINING, practitioner=TOM, kind="modality", name="house trauma"))),
        ("fail", both(UNTRAINED, add(TRAINING, practitioner=TOM, kind="kap", name="house trauma"))),
        ("unknown", both(UNTRAINED, NO_MODALITIES)),
        ("unknown", both(UNTRAINED, change("practitioners", TOM, modalities=";"))),  # an empty list is a blank
        ("unknown", both(UNTRAINED, add(TRAINING, practitioner=TOM, kind="modality"))),  # which one?
        ("pass", NO_MODALITIES),
    ],
)
def test_trauma_training_is_a_training_or_a_modality_that_is_one(expected: str, case: Change) -> None:
    assert status("ethics.trauma_training", case) == expected


@pytest.mark.parametrize(
    ("expected", "case"),
    [
        ("pass", nothing),
        ("fail", PLAIN),
        ("fail", change("practitioners", TOM, modalities="nobody has heard of it")),
        ("unknown", NO_MODALITIES),
        ("unknown", both(PLAIN, add(TRAINING, practitioner=TOM, kind="modality"))),
        ("pass", both(NO_MODALITIES, add(TRAINING, practitioner=TOM, kind="modality", name="house parts"))),
        ("unknown", both(NO_MODALITIES, add(TRAINING, practitioner=TOM, kind="modality", name="house plain"))),
        (
            "unknown",
            both(
                NO_MODALITIES,
                add(TRAINING, practitioner=TOM, kind="modality", name="house parts", expires="2026-12-06"),
            ),
        ),
        ("pass", change("practitioners", TOM, modalities="house trauma")),  # every trauma therapy complements
        (
            "pass",
            both(
                change("practitioners", TOM, modalities="house trauma"),
                practice("modalities/house trauma/complementary", False),
            ),
        ),
        ("fail", both(PLAIN, change("practitioners", PIA, modalities="house parts"))),  # the therapist's alone
    ],
)
def test_modality_is_one_that_complements(expected: str, case: Change) -> None:
    assert status("ethics.modality", case) == expected


@pytest.mark.parametrize(
    ("expected", "case"),
    [
        ("pass", nothing),
        ("fail", without(TRAINING, TOM, kind="experiential")),
        (
            "fail",
            both(without(TRAINING, TOM, kind="experiential"), add(TRAINING, practitioner=PIA, kind="experiential")),
        ),
    ],
)
def test_experiential_is_a_row_of_the_therapist(expected: str, case: Change) -> None:
    assert status("ethics.experiential", case) == expected


@pytest.mark.parametrize(
    ("expected", "case"),
    [
        ("pass", nothing),
        ("unknown", change(TRAINING, TOM, practicum="")),
        ("unknown", change(TRAINING, TOM, practicum="no")),  # the trauma training does not say
        ("fail", both(change(TRAINING, TOM, practicum="no"), change(TRAINING, TOM, 1, practicum="no"))),
        ("pass", both(change(TRAINING, TOM, practicum="no"), change(TRAINING, TOM, 1, practicum="yes"))),
        (
            "pass",
            both(
                change(TRAINING, TOM, practicum=""),
                add(TRAINING, practitioner=TOM, kind="modality", practicum="yes"),
            ),
        ),
        # An experiential row is none of the three kinds.
        (
            "fail",
            both(
                without(TRAINING, TOM, kind="kap"),
                UNTRAINED,
                change(TRAINING, TOM, 0, kind="experiential", practicum="yes"),
            ),
        ),
    ],
)  # fmt: skip
def test_practicum_is_said_of_a_kap_trauma_or_modality_training(expected: str, case: Change) -> None:
    assert status("ethics.practicum", case) == expected


ALONE = without(TRAINING, TOM, kind="mentorship")


@pytest.mark.parametrize(
    ("expected", "case"),
    [
        ("pass", nothing),
        ("fail", ALONE),
        ("pass", both(ALONE, add("agreements", practitioner=TOM, with_=MAX, kind="consultation"))),
        ("fail", both(ALONE, add("agreements", practitioner=MAX, with_=TOM, kind="consultation"))),  # he is the mentor
        ("fail", both(ALONE, add("agreements", practitioner=TOM, with_=MAX, kind="supervision"))),
        (
            "fail",
            both(ALONE, add("agreements", practitioner=TOM, with_=MAX, kind="consultation", expires="2026-12-06")),
        ),
        ("fail", both(ALONE, add("agreements", practitioner=PIA, with_=MAX, kind="consultation"))),
        ("pass", both(ALONE, add("agreements", practitioner=TOM, with_=MAX, kind="consultation", jurisdiction="CO"))),
    ],
)
def test_mentorship_is_a_row_or_a_consultation_agreement_of_their_own(expected: str, case: Change) -> None:
    assert status("ethics.mentorship", case) == expected
