"""`kapteam law`: what is known of a place, how much of all, and what changed."""

from __future__ import annotations

from asking import DAY, Ask

from kapteam.law.packs import Packs


def test_a_place_is_told_with_every_entry_and_its_source(kapteam_says: Ask) -> None:
    document = kapteam_says("law", "NY", "--json").valid("law")
    assert len(document["entries"]) == len(Packs.shipped().entries("NY"))
    assert {e["jurisdiction"] for e in document["entries"]} == {"NY"}


def test_without_a_place_all_are_told(kapteam_says: Ask) -> None:
    document = kapteam_says("law", "--json").valid("law")
    assert {e["jurisdiction"] for e in document["entries"]} == set(Packs.shipped().jurisdictions())


def test_coverage_counts_the_cells_by_confidence(kapteam_says: Ask) -> None:
    document = kapteam_says("law", "--coverage", "--on", DAY, "--json").valid("law")
    assert document["authority"]["cells"] == 204
    assert "Authority unknown" in kapteam_says("law", "--coverage", "--on", DAY).out


def test_a_law_that_changed_is_told_between_two_days(kapteam_says: Ask) -> None:
    document = kapteam_says("law", "OR", "--diff", "2022-12-31", "2023-07-01", "--json").valid("law")
    assert [c["old"]["value"] for c in document["changes"] if c["key"] == "ketamine"] == ["yes"]
    assert "yes -> limited" in kapteam_says("law", "OR", "--diff", "2022-12-31", "2023-07-01").out


def test_a_mistyped_place_is_wrong_usage_and_the_nearest_is_offered(kapteam_says: Ask) -> None:
    answer = kapteam_says("law", "Oregn")
    assert answer.status == 2
    assert "did you mean 'OR'" in answer.err


def test_a_side_that_is_neither_a_day_nor_a_folder_is_wrong_usage(kapteam_says: Ask) -> None:
    assert kapteam_says("law", "--diff", "then", "now").status == 2
