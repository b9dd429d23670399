"""The table of taxonomy codes: whole over kapteam's professions, and of one mind with the law packs."""

from __future__ import annotations

import pytest

from kapteam.columns.facts import PRESCRIBING as MAY_PRESCRIBE
from kapteam.law.packs import Packs
from kapteam.records.people import PROFESSIONS
from kapteam.registry.professions import PRESCRIBING, rows, taxonomy


def test_every_profession_has_a_code_and_every_row_a_known_one() -> None:
    named = {row["profession"] for row in rows().values()}
    assert named - {""} == set(PROFESSIONS)
    assert all(row["name"] and (row["profession"] not in ("", "other") or row["note"]) for row in rows().values())


def test_every_code_of_the_law_packs_has_the_profession_that_they_say() -> None:
    packs = Packs.shipped().specialties
    assert len(packs) > 50
    assert {c: taxonomy(c).profession for c in packs} == {c: s.profession for c, s in packs.items()}  # type: ignore[union-attr]


def test_who_may_prescribe_is_as_the_columns_have_it() -> None:
    assert {PROFESSIONS[i] for i in MAY_PRESCRIBE} == set(PRESCRIBING)


@pytest.mark.parametrize(
    ("code", "profession", "psychiatric"),
    [
        ("2084P0800X", "physician", True),
        ("208600000X", "physician", False),
        ("204E00000X", None, False),  # a dentist's licence
        ("363LP0808X", "nurse_practitioner", True),
        ("363LW0102X", "nurse_practitioner", False),
        ("364SP0812X", "clinical_nurse_specialist", True),
        ("163WP0807X", "registered_nurse", True),
        ("103TS0200X", "other", False),
        ("103TM1800X", "psychologist", False),
        ("104100000X", "other", False),  # tells no clinical licence
        ("103K00000X", None, False),
        ("225100000X", None, False),
        ("2084P0800", None, False),
        ("", None, False),
    ],
)
def test_codes(code: str, profession: str | None, psychiatric: bool) -> None:
    said = taxonomy(code)
    assert (said and said.profession) == profession
    assert bool(said and said.psychiatric) == psychiatric
