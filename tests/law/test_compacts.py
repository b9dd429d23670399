"""Compact privileges: what the compacts really issue, and what is said of a roster that claims more."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from kapteam import Hours, License, Practitioner, Roster, Site
from kapteam.law import Packs
from kapteam.law.compacts import privilege_warnings
from kapteam.records.people import PROFESSIONS
from kapteam.records.problems import Problem
from kapteam.records.zones import JURISDICTIONS

DAY = date(2026, 12, 7)
COMPACTS = {c.key: c for c in Packs.shipped().compacts}


def roster(*licenses: License) -> Roster:
    """One person with these licences."""
    person = Practitioner("ana", licenses=licenses, hours=[Hours("here", "Mon 09:00-17:00")])
    return Roster(sites=[Site("here", "OH", supply="stock")], practitioners=[person])


def said(license_: License, day: date = DAY) -> list[str]:
    """What is said of one licence."""
    return [problem.message for problem in privilege_warnings(roster(license_), day)]


def privilege(jurisdiction: str, profession: str) -> License:
    """A privilege of a profession in a place."""
    return License(jurisdiction, profession, status="privilege")


# ------------------------------------------------------------------ the pack


def test_every_compact_says_what_it_rests_on_and_of_whom_it_is() -> None:
    assert len(COMPACTS) == len(Packs.shipped().compacts) == 8
    for compact in COMPACTS.values():
        assert "http" in compact.source
        assert compact.confidence in ("high", "medium", "low")
        assert compact.professions
        assert set(compact.professions) <= set(PROFESSIONS)
        assert set(compact.states) <= set(JURISDICTIONS)


def test_a_compact_issues_from_its_day_on_and_one_without_a_day_never() -> None:
    counseling = COMPACTS["counseling_compact"]
    assert not counseling.issues(date(2025, 9, 29))
    assert counseling.issues(date(2025, 9, 30))
    assert not COMPACTS["pa_compact"].issues(date.max)


def test_a_psychologist_has_thirty_days_in_person_and_no_limit_by_telehealth() -> None:
    in_person, remote = COMPACTS["psypact_tap"], COMPACTS["psypact_apit"]
    assert (in_person.gives, in_person.days_a_year) == ("privilege", 30)
    assert (remote.gives, remote.days_a_year) == ("telehealth", None)
    assert in_person.states == remote.states


def test_the_medical_compact_is_a_road_to_licences() -> None:
    assert COMPACTS["interstate_medical_licensure_compact"].gives == "license"


def test_marriage_and_family_therapists_have_no_compact() -> None:
    assert not [c for c in COMPACTS.values() if "marriage_family_therapist" in c.professions]


# ------------------------------------------------------------------ the warnings


@pytest.mark.parametrize(
    ("profession", "compact"),
    [
        ("physician_assistant", "PA Licensure Compact"),
        ("clinical_social_worker", "Social Work Licensure Compact"),
        ("nurse_practitioner", "APRN Compact"),
        ("clinical_nurse_specialist", "APRN Compact"),
        ("nurse_anesthetist", "APRN Compact"),
    ],
)
def test_a_privilege_of_a_compact_that_does_not_issue_yet_is_told_with_its_name(profession: str, compact: str) -> None:
    (words,) = said(privilege("UT", profession))
    assert words.startswith(f"the {compact} issues no privileges yet (low confidence, checked 2026-11-25)")
    assert "ask the board of Utah" in words


def test_a_privilege_where_the_compact_issues_is_not_told() -> None:
    assert said(privilege("OH", "professional_counselor")) == []
    assert said(privilege("TX", "registered_nurse")) == []


def test_a_privilege_outside_of_the_issuing_states_names_them_where_they_are_few() -> None:
    (words,) = said(privilege("TX", "professional_counselor"))
    assert words.startswith("Texas is not known to issue or accept privileges under the Counseling Compact")
    assert "(AZ, GA, IN, LA, MN, OH; low confidence, checked 2026-11-25)" in words
    (words,) = said(privilege("MA", "registered_nurse"))
    assert "Nurse Licensure Compact (low confidence" in words


def test_a_privilege_before_the_compact_issued_any_is_told() -> None:
    (words,) = said(privilege("MN", "professional_counselor"), date(2025, 9, 29))
    assert "issues privileges since 2025-09-30 only" in words
    assert said(privilege("MN", "professional_counselor"), date(2025, 9, 30)) == []


def test_a_psychologists_privilege_is_told_to_be_good_for_thirty_days() -> None:
    (words,) = said(privilege("OH", "psychologist"))
    assert "good for 30 days a year in each state: count the days in Ohio" in words
    (words,) = said(privilege("CA", "psychologist"))
    assert words.startswith("California is not known")


def test_a_physicians_privilege_is_told_to_be_a_licence() -> None:
    (words,) = said(privilege("OH", "physician"))
    assert words.endswith("gives no privilege: write active where Ohio issued a licence")


@pytest.mark.parametrize(
    "profession", ["marriage_family_therapist", "naturopathic_physician", "prescribing_psychologist"]
)
def test_a_privilege_of_a_profession_without_a_compact_is_told(profession: str) -> None:
    (words,) = said(privilege("OH", profession))
    assert words.startswith(f"no compact is known that gives a {profession.replace('_', ' ')} a privilege")


def test_an_authority_by_telehealth_alone_is_no_privilege(tmp_path: Path) -> None:
    (tmp_path / "compacts.toml").write_text(
        '[[compact]]\nkey = "x"\nname = "X"\nprofessions = ["psychologist"]\ngives = "telehealth"\nstates = []\n'
        'source = "https://x.org"\nchecked = 2026-11-25\nconfidence = "low"\nnote = ""\n'
    )
    (problem,) = privilege_warnings(roster(privilege("OH", "psychologist")), DAY, Packs(tmp_path))
    assert problem.message == "the X is good by telehealth only: write telehealth"


@pytest.mark.parametrize("status", ["active", "telehealth", "associate", "restricted", "inactive", "suspended"])
def test_no_other_status_needs_a_warning(status: str) -> None:
    assert said(License("UT", "physician_assistant", status=status)) == []


def test_a_privilege_that_is_not_in_force_or_of_another_profession_is_left_alone() -> None:
    told = License("UT", "physician_assistant", status="privilege", issued=DAY, expires=DAY)
    assert len(said(told)) == 1
    assert said(told, date(2026, 12, 6)) == said(told, date(2026, 12, 8)) == []
    assert said(privilege("UT", "other")) == []


def test_a_warning_stands_at_the_row_of_its_licence() -> None:
    found = privilege_warnings(
        roster(License("OH", "psychologist"), privilege("UT", "physician_assistant"), privilege("OH", "psychologist")),
        DAY,
    )
    assert [(p.table, p.row, p.column, p.value, p.level) for p in found] == [
        ("licenses", 2, "status", "privilege", "warning"),
        ("licenses", 3, "status", "privilege", "warning"),
    ]


def test_a_warning_stands_at_the_row_of_the_file_that_was_read() -> None:
    read = roster(privilege("UT", "physician_assistant")).read_from({"licenses": ("licenses.csv", [7])}, ())
    (problem,) = privilege_warnings(read, DAY)
    assert isinstance(problem, Problem)
    assert problem.place == "licenses.csv, row 7, status"
