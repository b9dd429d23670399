"""Each malpractice rule, case by case: Pia prescribes, Tom sits (see tests/tiny.py)."""

from __future__ import annotations

import pytest

from strategies import SHIPPED
from tiny import Change, add, both, change, changed, law, message, moved, nothing, practice, status, statuses, without

PIA, TOM = "pia", "tom"
COVERAGE = "coverage"
APART = change("hours", PIA, when="Tue 09:00-12:00")


@pytest.mark.parametrize(
    ("of_pia", "of_tom", "case"),
    [
        ("pass", "pass", nothing),
        ("fail", "pass", without(COVERAGE, PIA)),
        ("pass", "fail", without(COVERAGE, TOM)),
        ("fail", "pass", change(COVERAGE, PIA, role="therapist")),  # of another role
        ("pass", "pass", change(COVERAGE, PIA, role="")),  # blank: any role
        ("fail", "pass", change(COVERAGE, PIA, expires="2026-12-06")),
        ("pass", "pass", change(COVERAGE, PIA, effective="2026-12-07", expires="2026-12-07")),
        ("fail", "pass", change(COVERAGE, PIA, effective="2026-12-08")),
        ("pass", "pass", change(COVERAGE, PIA, carrier="nobody has heard of it")),
        ("pass", "pass", change(COVERAGE, PIA, ketamine="no")),  # a policy it is
        (
            "pass", "pass",  # the role's has ended, the one of any role has not
            both(change(COVERAGE, TOM, expires="2026-12-06"), add(COVERAGE, practitioner=TOM, carrier="Acorn")),
        ),
    ],
)  # fmt: skip
def test_cover_is_a_policy_for_the_role_or_for_any(of_pia: str, of_tom: str, case: Change) -> None:
    assert statuses(changed(case), "malpractice.cover") == [of_pia, of_tom]


@pytest.mark.parametrize(
    ("expected", "case"),
    [
        ("pass", nothing),
        ("fail", change(COVERAGE, TOM, ketamine="no")),
        ("unknown", change(COVERAGE, TOM, ketamine="")),
        ("pass", both(change(COVERAGE, TOM, ketamine=""), practice("carriers/Birch/ketamine", True))),
        ("fail", both(change(COVERAGE, TOM, ketamine=""), practice("carriers/Birch/ketamine", False))),
        (
            "fail",
            both(change(COVERAGE, TOM, ketamine="no"), practice("carriers/Birch/ketamine", True)),
        ),  # the cell first
        ("unknown", both(change(COVERAGE, TOM, ketamine=""), practice("carriers/birch/ketamine", True))),  # exactly
        (
            "pass",
            both(change(COVERAGE, TOM, ketamine="", carrier=" Birch "), practice("carriers/Birch/ketamine", True)),
        ),
        ("not_applicable", without(COVERAGE, TOM)),
        # Of the row of the role and the row of any role, the role's speaks.
        ("pass", add(COVERAGE, practitioner=TOM, carrier="Acorn", ketamine="no")),
        (
            "unknown",
            both(change(COVERAGE, TOM, ketamine=""), add(COVERAGE, practitioner=TOM, carrier="Acorn", ketamine="yes")),
        ),
    ],
)
def test_ketamine_is_the_policy_s_cell_else_the_carrier_s_word(expected: str, case: Change) -> None:
    assert statuses(changed(case), "malpractice.ketamine")[1] == expected


@pytest.mark.parametrize(
    ("expected", "case"),
    [
        ("pass", nothing),
        ("fail", change("practitioners", PIA, specialty="anesthesiology")),
        ("unknown", change("practitioners", PIA, specialty="")),
        ("not_applicable", change(COVERAGE, PIA, specialties="")),
        ("not_applicable", change(COVERAGE, PIA, specialties=";")),  # an empty list is a blank
        ("not_applicable", both(change(COVERAGE, PIA, specialties=""), change("practitioners", PIA, specialty=""))),
        ("fail", both(change(COVERAGE, PIA, specialties=""), practice("carriers/Acorn/specialties", ["psychiatry"]))),
        ("not_applicable", both(change(COVERAGE, PIA, specialties=""), practice("carriers/Acorn/specialties", []))),
        ("pass", both(change(COVERAGE, PIA, specialties="psychiatry; psychiatric_nursing"))),
        ("not_applicable", without(COVERAGE, PIA)),
    ],
)
def test_specialty_is_among_those_that_the_prescriber_s_policy_names(expected: str, case: Change) -> None:
    assert status("malpractice.specialty", case) == expected


@pytest.mark.parametrize(
    ("expected", "code"),
    [
        ("pass", "363LP0808X"),  # a psychiatric nurse practitioner's
        ("fail", "2084P0800X"),  # a psychiatrist's
        ("unknown", "363L00000X"),  # a nurse practitioner's, which tells no specialty
    ],
)
def test_a_nucc_code_is_read_as_the_specialty_that_it_names(expected: str, code: str) -> None:
    written = changed(change("practitioners", PIA, specialty=code))
    assert statuses(written, "malpractice.specialty", packs=SHIPPED) == [expected]
    named = changed(change(COVERAGE, PIA, specialties="363LP0808X"))
    assert statuses(named, "malpractice.specialty", packs=SHIPPED) == ["pass"]


@pytest.mark.parametrize(
    ("expected", "setting", "asked"),
    [
        ("pass", "clinic", "yes"), ("pass", "hospital", "yes"), ("pass", "", "yes"),
        ("fail", "home", "yes"), ("fail", "telehealth", "yes"),
        ("not_applicable", "home", "no"), ("not_applicable", "home", ""),
    ],
)  # fmt: skip
def test_in_clinic_passes_at_a_clinic_and_a_hospital(expected: str, setting: str, asked: str) -> None:
    case = both(change("sites", "clinic", setting=setting), change(COVERAGE, PIA, in_clinic_only=asked))
    assert status("malpractice.in_clinic", case) == expected


def test_in_clinic_is_asked_by_the_prescriber_s_policy_alone_and_by_the_carrier_where_the_cell_is_blank() -> None:
    at_home = both(change("sites", "clinic", setting="home"), change(COVERAGE, PIA, in_clinic_only=""))
    assert status("malpractice.in_clinic", at_home, change(COVERAGE, TOM, in_clinic_only="yes")) == "not_applicable"
    assert status("malpractice.in_clinic", at_home, practice("carriers/Acorn/in_clinic_only", True)) == "fail"
    says_no = change(COVERAGE, PIA, in_clinic_only="no")
    assert status("malpractice.in_clinic", at_home, practice("carriers/Acorn/in_clinic_only", True), says_no) == (
        "not_applicable"
    )


@pytest.mark.parametrize(
    ("expected", "case"),
    [
        ("pass", nothing),
        ("not_applicable", change(COVERAGE, PIA, same_site="")),
        ("not_applicable", change(COVERAGE, PIA, same_site="no")),
        (
            "pass",
            both(change(COVERAGE, PIA, same_site=""), change(COVERAGE, TOM, same_site="yes")),
        ),  # either of the two
        ("fail", APART),
        ("unknown", change("hours", TOM, when="")),
        ("not_applicable", both(APART, change(COVERAGE, PIA, same_site=""))),
        ("fail", both(without(COVERAGE, PIA), APART, change(COVERAGE, TOM, same_site="yes"))),  # judged all the same
    ],
)
def test_same_site_is_judged_where_either_policy_asks(expected: str, case: Change) -> None:
    assert status("malpractice.same_site", case) == expected


LAX = both(law("presence", "none", ""), change(COVERAGE, PIA, presence="none", same_site=""))


@pytest.mark.parametrize(
    ("expected", "case"),
    [
        ("pass", nothing),
        ("not_applicable", LAX),
        ("not_applicable", both(LAX, change(COVERAGE, PIA, presence="available"))),
        ("pass", both(LAX, change(COVERAGE, PIA, presence="dosing"))),
        ("pass", both(LAX, change(COVERAGE, PIA, presence=""))),  # a prescriber's blank: throughout
        ("fail", both(LAX, change(COVERAGE, PIA, presence=""), change("hours", PIA, when="Mon 09:00-11:45"))),
        ("fail", both(LAX, without(COVERAGE, PIA), change("hours", PIA, when="Mon 09:00-11:45"))),  # and no policy too
        ("not_applicable", both(LAX, without(COVERAGE, TOM))),  # a therapist's asks nothing
        ("pass", both(LAX, change(COVERAGE, TOM, presence="dosing"))),  # the stricter of the two
        ("pass", both(LAX, change(COVERAGE, TOM, same_site="yes"))),  # same site: at least dosing
        ("not_applicable", both(LAX, law("presence", "throughout", ""))),  # the law alone asks
        ("fail", APART),
        ("unknown", change("hours", PIA, when="")),
    ],
)
def test_presence_is_judged_where_the_policies_alone_ask_for_dosing_or_more(expected: str, case: Change) -> None:
    assert status("malpractice.presence", case) == expected


def test_a_blank_presence_of_the_prescriber_is_said_to_be_assumed() -> None:
    assert "assumed" in message("malpractice.presence", change(COVERAGE, PIA, presence=""))
    assert "assumed" not in message("malpractice.presence")


@pytest.mark.parametrize(
    ("expected", "level", "hours"),
    [
        # Tom sits Mondays 09:00-12:00, the one session of the week; an hour of it is dosing.
        ("pass", "throughout", "Mon 09:00-12:00"),
        ("fail", "throughout", "Mon 09:00-11:45"),
        ("pass", "dosing", "Mon 09:00-10:00"),
        ("fail", "dosing", "Mon 09:00-09:45"),
        ("fail", "dosing", "Mon 11:00-12:00"),  # from the start
        ("pass", "available", "Mon 09:00-10:00"),
        ("fail", "available", "Tue 09:00-10:00"),
        ("pass", "none", "Tue 09:00-10:00"),
    ],
)
def test_the_level_says_how_much_of_the_session_the_prescriber_is_on_site(
    expected: str, level: str, hours: str
) -> None:
    case = both(LAX, change(COVERAGE, PIA, presence=level), change("hours", PIA, when=hours))
    assert status("team.window", case) == expected


def test_same_site_with_presence_available_asks_for_the_dosing_at_this_very_site() -> None:
    elsewhere = both(LAX, change(COVERAGE, PIA, presence="available"), moved("other", PIA))
    assert status("team.window", elsewhere) == "pass"
    assert status("team.window", elsewhere, change(COVERAGE, TOM, same_site="yes")) == "fail"


def test_the_law_s_level_counts_with_the_policies() -> None:
    short = both(LAX, change("hours", PIA, when="Mon 09:00-10:00"))
    assert status("team.window", short, law("presence", "dosing", "")) == "pass"
    assert status("team.window", short, law("presence", "throughout", "")) == "fail"
