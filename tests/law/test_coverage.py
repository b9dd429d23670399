"""How much the packs know, and that a law that changed on a known date is judged by the day."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import pairwise

import pytest

from kapteam import License, Practice
from kapteam.law.coverage import ASKED, changes, coverage, stale, unknown_cells
from kapteam.law.day import LawOnDay
from kapteam.law.packs import Packs
from kapteam.records.zones import JURISDICTIONS

PACKS = Packs.shipped()
DAY = date(2026, 12, 7)


def test_every_cell_is_known_or_told_to_be_unknown() -> None:
    found = coverage(PACKS, DAY)
    assert found["authority"].cells == found["autonomy"].cells == 204
    assert found["state_registration"].cells == 51
    assert found["authority"].known + len(unknown_cells(PACKS, DAY)) == 204


def test_the_known_cells_are_the_sum_of_those_of_each_confidence() -> None:
    for c in coverage(PACKS, DAY).values():
        assert c.known == c.high + c.medium + c.low <= c.cells


def test_no_entry_is_without_a_source_and_a_day_it_was_checked() -> None:
    for place in PACKS.jurisdictions():
        for entry in PACKS.entries(place):
            assert "http" in entry.source
            assert date(2026, 1, 1) <= entry.checked <= date(2027, 1, 1)


@pytest.mark.parametrize("place", sorted(JURISDICTIONS))
@pytest.mark.parametrize("profession", ASKED)
def test_a_yes_never_stands_on_a_low_confidence_formulary(place: str, profession: str) -> None:
    entry = PACKS.entry(place, profession, "ketamine", DAY)
    if entry is not None and profession in ("naturopathic_physician", "prescribing_psychologist"):
        assert entry.value != "yes" or entry.confidence == "high"


@pytest.mark.parametrize("place", PACKS.jurisdictions())
def test_a_yes_never_stands_on_notes_made_by_a_machine_alone(place: str) -> None:
    for entry in PACKS.entries(place):
        read = [source for source in entry.source.split(" ; ") if "/24d-park/" not in source]
        assert entry.value != "yes" or read


@pytest.mark.parametrize("place", sorted(JURISDICTIONS))
def test_no_day_falls_between_two_entries_on_telehealth(place: str) -> None:
    found = sorted((e.from_ or date.min, e.until) for e in PACKS.entries(place) if e.key == "telehealth")
    for (_, until), (first, _) in pairwise(found):
        assert until is not None
        assert until + timedelta(days=1) == first


def test_oregon_let_its_naturopaths_give_ketamine_by_mouth_but_not_by_needle_until_2022() -> None:
    before, after = LawOnDay(date(2022, 6, 1), Practice()), LawOnDay(date(2024, 6, 1), Practice())
    about = ("OR", "naturopathic_physician")
    assert before.value(*about, "ketamine") == "yes"
    assert "intramuscular" not in before.value(*about, "routes")
    assert after.value(*about, "ketamine") == "limited"
    assert after.known(*about, "routes") is None


def test_a_change_of_the_law_is_told_between_two_days_and_not_between_a_day_and_itself() -> None:
    found = changes((PACKS, date(2022, 12, 31)), (PACKS, date(2023, 7, 1)))
    assert ("OR", "naturopathic_physician", "ketamine") in {(c.jurisdiction, c.subject, c.key) for c in found}
    assert changes((PACKS, DAY), (PACKS, DAY)) == []


def test_the_federal_flexibilities_are_in_force_to_the_last_day_of_2026_and_not_known_after() -> None:
    assert LawOnDay(date(2026, 12, 31), Practice()).value("US", "", "telehealth") == "yes"
    assert LawOnDay(date(2027, 1, 1), Practice()).known("US", "", "telehealth") is None


def test_an_entry_is_stale_after_a_year_and_not_before() -> None:
    checked = PACKS.entries("NY")[0].checked
    assert stale(PACKS, ["NY"], date(checked.year, checked.month, checked.day)) == []
    assert stale(PACKS, ["NY"], date(checked.year + 2, 1, 1)) != []


def test_a_licence_of_every_jurisdiction_can_be_written() -> None:
    assert {License(j, "physician").jurisdiction for j in JURISDICTIONS} == set(JURISDICTIONS)
