"""Each legal rule, case by case: Pia prescribes at a clinic in New York, Tom sits (see tests/tiny.py)."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from kapteam.law.packs import Packs
from strategies import SHIPPED, Written
from tiny import (
    Change,
    add,
    base,
    both,
    change,
    changed,
    law,
    message,
    moved,
    nothing,
    practice,
    status,
    statuses,
    without,
)

LICENSE = "licenses"
PIA, TOM, MAX = "pia", "tom", "max"


def test_on_the_base_roster_every_rule_passes() -> None:
    (one,) = base().network().explain(PIA, TOM, "clinic")
    assert {f.rule for f in one.findings if f.status != "pass"} == set()
    assert one.link.verdict == "pass"


def physician(written: Written) -> None:
    """Pia is a physician, whom the practice says nothing about."""
    both(change(LICENSE, PIA, profession="physician"), without("agreements", PIA))(written)


@pytest.mark.parametrize(
    ("expected", "case"),
    [
        ("pass", nothing),
        ("pass", change(LICENSE, PIA, status="")),  # blank: active
        ("pass", change(LICENSE, PIA, status="privilege")),
        ("unknown", change(LICENSE, PIA, status="restricted")),
        ("fail", change(LICENSE, PIA, status="telehealth")),  # not a telehealth site
        ("fail", change(LICENSE, PIA, status="associate")),
        ("fail", change(LICENSE, PIA, status="inactive")),
        ("fail", change(LICENSE, PIA, status="suspended")),
        ("fail", change(LICENSE, PIA, jurisdiction="CO")),
        ("fail", change(LICENSE, PIA, profession="psychologist")),
        ("fail", change(LICENSE, PIA, profession="registered_nurse")),
        ("fail", change(LICENSE, PIA, profession="other")),
        ("pass", change(LICENSE, PIA, issued="2026-12-07", expires="2026-12-07")),  # both ends count
        ("fail", change(LICENSE, PIA, expires="2026-12-06")),
        ("fail", change(LICENSE, PIA, issued="2026-12-08")),
        ("fail", without(LICENSE, PIA)),
    ],
)
def test_license_is_the_standing_of_a_prescribing_licence_there(expected: str, case: Change) -> None:
    assert status("legal.license", case) == expected


@pytest.mark.parametrize(
    ("expected", "standing"),
    [
        ("pass", "active"), ("pass", "privilege"), ("pass", "telehealth"), ("unknown", "restricted"),
        ("fail", "associate"), ("fail", "inactive"), ("fail", "suspended"),
    ],
)  # fmt: skip
def test_at_a_telehealth_site_a_telehealth_licence_counts_of_prescriber_and_therapist(
    expected: str, standing: str
) -> None:
    at = moved("screen")
    assert status("legal.license", at, change(LICENSE, PIA, status=standing), site="screen") == expected
    assert status("legal.therapy_license", at, change(LICENSE, TOM, status=standing), site="screen") == expected


@pytest.mark.parametrize(
    ("expected", "case"),
    [
        ("pass", nothing),
        ("fail", law("ketamine", "no")),
        ("fail", law("ketamine", "formulary_excludes")),
        ("unknown", law("ketamine", "limited")),  # a condition that no roster shows
        ("unknown", law("ketamine", "unknown")),
        ("unknown", law("ketamine", None)),  # no entry
        ("pass", both(law("ketamine", "no"), physician)),  # physicians may everywhere
        ("fail", without(LICENSE, PIA)),
        ("fail", change(LICENSE, PIA, status="suspended")),  # no licence that could speak
        ("unknown", law("routes", ["sublingual", "oral"])),  # the protocol's route is blank
        ("pass", both(law("routes", ["sublingual", "oral"]), practice("protocol/route", "oral"))),
        ("fail", both(law("routes", ["sublingual", "oral"]), practice("protocol/route", "intramuscular"))),
        ("pass", law("routes", [])),  # an empty list is a blank
        ("unknown", both(law("ketamine", "limited"), law("routes", ["oral"]), practice("protocol/route", "nasal"))),
    ],
)
def test_authority_is_the_entry_for_the_profession_and_the_route(expected: str, case: Change) -> None:
    assert status("legal.authority", case) == expected


def test_authority_limited_tells_of_a_condition_that_no_roster_shows() -> None:
    assert "condition that no roster shows" in message("legal.authority", law("ketamine", "limited"))


DEA, STATE = 0, 1  # the rows of Pia's registrations


@pytest.mark.parametrize(
    ("expected", "case"),
    [
        ("pass", nothing),
        ("pass", change("registrations", PIA, DEA, schedules="2 2N 3 3N 4 5")),
        ("pass", change("registrations", PIA, DEA, schedules="22N 33N 4 5")),
        ("pass", change("registrations", PIA, DEA, issuer="")),  # blank: dea
        ("fail", change("registrations", PIA, DEA, schedules="3")),  # narcotics only
        ("fail", change("registrations", PIA, DEA, schedules="2 2N 4 5")),
        ("unknown", change("registrations", PIA, DEA, schedules="")),
        ("fail", change("registrations", PIA, DEA, jurisdiction="CO", at_site="denver")),
        ("fail", change("registrations", PIA, DEA, expires="2026-12-06")),
        ("pass", change("registrations", PIA, DEA, expires="2026-12-07")),
        ("fail", change("registrations", PIA, DEA, practitioner="max")),  # another's
        ("fail", change("registrations", PIA, DEA, practitioner="", at_site="", site="clinic")),  # not their own
        ("fail", without("registrations", PIA, issuer="dea")),
        (
            "pass",
            both(
                change("registrations", PIA, DEA, schedules=""),
                add("registrations", practitioner=PIA, jurisdiction="NY", schedules="3N"),
            ),
        ),
        (
            "unknown",
            both(
                change("registrations", PIA, DEA, schedules="3"),
                add("registrations", practitioner=PIA, jurisdiction="NY"),
            ),
        ),
    ],
)
def test_registration_is_a_dea_registration_there_that_holds_3n(expected: str, case: Change) -> None:
    assert status("legal.registration", case) == expected


def test_registration_with_schedule_3_alone_says_that_it_is_narcotics() -> None:
    said = message("legal.registration", change("registrations", PIA, DEA, schedules="2 2N 3 4 5"))
    assert "3N" in said
    assert "narcotics" in said


@pytest.mark.parametrize(
    ("expected", "case"),
    [
        ("pass", nothing),
        ("pass", change("registrations", PIA, STATE, schedules="3N")),
        ("pass", change("registrations", PIA, STATE, schedules="III IIIN")),
        ("fail", change("registrations", PIA, STATE, schedules="II IV")),
        ("unknown", change("registrations", PIA, STATE, schedules="")),
        ("fail", without("registrations", PIA, issuer="state")),
        ("not_applicable", law("state_registration", "no", "")),
        ("pass", law("state_registration", "unknown", "")),  # nobody knows, but a row passes
        ("unknown", both(law("state_registration", "unknown", ""), without("registrations", PIA, issuer="state"))),
        ("unknown", both(law("state_registration", None, ""), without("registrations", PIA, issuer="state"))),
        ("pass", law("state_registration", None, "")),
        ("unknown", both(law("state_registration", None, ""), change("registrations", PIA, STATE, schedules="IV"))),
        ("not_applicable", law("state_registration", "no")),  # the profession's entry goes before the place's
        (
            "fail",
            both(
                law("state_registration", "no", ""),
                law("state_registration", "yes"),
                without("registrations", PIA, issuer="state"),
            ),
        ),
        ("not_applicable", both(physician, law("state_registration", "no", "physician"))),
        ("pass", both(physician, law("state_registration", "yes", "physician"), law("state_registration", "no", ""))),
        ("not_applicable", without(LICENSE, PIA)),  # with no licence it does not apply
    ],
)
def test_state_registration_is_asked_by_profession_else_by_the_whole_place(expected: str, case: Change) -> None:
    assert status("legal.state_registration", case) == expected


def a_pack(folder: Path, **state_registration: str) -> Packs:
    """A pack of New York's that says who needs a state registration: by profession, `place` for everybody."""
    (folder / "jurisdictions").mkdir()
    entries = [
        f'''[[entry]]
jurisdiction = "NY"
subject = "{"" if subject == "place" else subject}"
key = "state_registration"
value = "{value}"
source = "a statute"
checked = 2026-11-24
confidence = "high"
note = ""
'''
        for subject, value in state_registration.items()
    ]
    (folder / "jurisdictions" / "NY.toml").write_text("\n".join(entries), encoding="utf-8")
    return Packs(folder)


UNREGISTERED = without("registrations", PIA, issuer="state")


@pytest.mark.parametrize(
    ("expected", "place", "profession"),
    [
        # What the practice says of the two; the pack says no of everybody, and yes of nurse practitioners.
        ("fail", None, None),  # the profession's entry in the pack goes before the pack's for the place
        ("not_applicable", "no", None),  # the practice on the whole place wins over the pack on the profession
        ("unknown", "unknown", None),
        ("not_applicable", "yes", "no"),  # the practice on the profession wins over itself on the place
        ("fail", "no", "yes"),
    ],
)
def test_the_practice_goes_before_the_pack_and_the_profession_before_the_place(
    expected: str, place: str | None, profession: str | None, tmp_path: Path
) -> None:
    packs = a_pack(tmp_path, place="no", nurse_practitioner="yes")
    cases = [UNREGISTERED, law("state_registration", place, "")]
    if profession:
        cases.append(law("state_registration", profession))
    assert statuses(changed(*cases), "legal.state_registration", packs=packs) == [expected]


SITE_ROW = {"site": "clinic", "jurisdiction": "NY"}
ELSEWHERE = change("registrations", PIA, DEA, at_site="other")


@pytest.mark.parametrize(
    ("expected", "case"),
    [
        ("pass", nothing),
        ("not_applicable", change("sites", "clinic", supply="patient")),
        ("fail", change("registrations", PIA, DEA, at_site="")),
        ("fail", ELSEWHERE),
        ("fail", change("registrations", PIA, DEA, schedules="3")),
        ("unknown", change("registrations", PIA, DEA, schedules="")),
        ("pass", both(ELSEWHERE, add("registrations", **SITE_ROW, schedules="3N"))),  # the site's own: one pool
        ("unknown", both(ELSEWHERE, add("registrations", **SITE_ROW, schedules=""))),
        ("fail", both(ELSEWHERE, add("registrations", **SITE_ROW, schedules="3"))),
        ("fail", both(ELSEWHERE, add("registrations", **SITE_ROW, schedules="3N", expires="2026-12-06"))),
        (
            "pass",
            both(change("registrations", PIA, DEA, schedules=""), add("registrations", **SITE_ROW, schedules="3N")),
        ),
        ("fail", change("registrations", PIA, DEA, practitioner="max")),  # another person's at that site
        (
            "fail",  # the state's own registration is none of the DEA's
            both(ELSEWHERE, change("registrations", PIA, STATE, at_site="clinic", schedules="3N")),
        ),
    ],
)
def test_site_registration_is_at_the_very_site_that_keeps_stock(expected: str, case: Change) -> None:
    assert status("legal.site_registration", case) == expected


NO_AGREEMENT = without("agreements", PIA)


@pytest.mark.parametrize(
    ("expected", "case"),
    [
        ("pass", nothing),
        ("fail", NO_AGREEMENT),
        ("pass", change("agreements", PIA, kind="supervision")),
        ("fail", change("agreements", PIA, kind="consultation")),
        ("pass", change("agreements", PIA, jurisdiction="NY")),
        ("fail", change("agreements", PIA, jurisdiction="CO")),
        ("fail", change("agreements", PIA, expires="2026-12-06")),
        ("fail", change("agreements", PIA, practitioner=MAX, with_=PIA)),  # not hers: the other way round
        ("fail", change(LICENSE, MAX, jurisdiction="CO")),
        ("fail", change(LICENSE, MAX, status="privilege")),  # an active licence is asked for
        ("fail", change(LICENSE, MAX, expires="2026-12-06")),
        ("fail", change(LICENSE, MAX, profession="nurse_practitioner")),  # a physician, where nothing else is said
        (
            "pass",
            both(law("agreement_with", ["nurse_practitioner"]), change(LICENSE, MAX, profession="nurse_practitioner")),
        ),
        ("fail", law("agreement_with", ["nurse_practitioner"])),  # Max is a physician
        ("not_applicable", both(NO_AGREEMENT, law("autonomy", "independent"))),
        ("not_applicable", both(NO_AGREEMENT, physician)),
        ("unknown", both(NO_AGREEMENT, law("autonomy", "unknown"))),
        ("pass", law("autonomy", "unknown")),
        ("unknown", both(NO_AGREEMENT, law("autonomy", None))),
        ("pass", law("autonomy", None)),
        ("not_applicable", both(law("autonomy", "transition"), change(LICENSE, PIA, independent="yes"))),
        ("pass", both(law("autonomy", "transition"), change(LICENSE, PIA, independent="no"))),
        ("pass", law("autonomy", "transition")),  # blank, and an agreement is in force
        ("not_applicable", both(NO_AGREEMENT, law("autonomy", "transition"), change(LICENSE, PIA, independent="yes"))),
        ("fail", both(NO_AGREEMENT, law("autonomy", "transition"), change(LICENSE, PIA, independent="no"))),
        ("unknown", both(NO_AGREEMENT, law("autonomy", "transition"))),
        ("fail", both(NO_AGREEMENT, change(LICENSE, PIA, independent="yes"))),  # no transition there
        ("fail", without(LICENSE, PIA)),
    ],
)
def test_agreement_is_asked_by_the_autonomy_of_the_profession(expected: str, case: Change) -> None:
    assert status("legal.agreement", case) == expected


ENTRY = """
[[entry]]
jurisdiction = "NY"
subject = "nurse_practitioner"
key = "{}"
value = "{}"
source = "{}"
checked = 2026-11-25
confidence = "low"
note = ""
"""


@pytest.mark.parametrize(
    ("stated", "length"),
    [
        ({}, ""),
        ({"hours": "4600"}, " of 4,600 hours"),
        ({"years": "1.5"}, " of 1.5 years"),
        ({"hours": "2000", "years": "3", "needs": "both"}, " of 2,000 hours and 3 years"),
        ({"hours": "4600", "years": "3", "needs": "either"}, " of 4,600 hours or 3 years"),
    ],
)
def test_how_long_a_transition_takes_is_told_as_far_as_it_is_known(
    stated: dict[str, str], length: str, tmp_path: Path
) -> None:
    (tmp_path / "jurisdictions").mkdir()
    entries = [ENTRY.format("autonomy", "transition", "a statute")]
    entries += [ENTRY.format(f"transition_{key}", value, f"a board on {key}") for key, value in stated.items()]
    (tmp_path / "jurisdictions" / "NY.toml").write_text("".join(entries))
    written = changed(NO_AGREEMENT, law("autonomy", None))
    (one,) = written.network(packs=Packs(tmp_path)).explain(PIA, TOM, "clinic")
    (finding,) = [f for f in one.findings if f.rule == "legal.agreement"]
    assert finding.message == (
        f"New York grants independence after a transition{length}, and nobody wrote down whether pia is through it"
    )
    cited = ["a statute", *(f"a board on {key}" for key in stated if key != "needs")]
    assert [c.split(" (")[0] for c in finding.citations] == cited


def test_the_length_of_a_transition_is_taken_from_whoever_states_the_transition() -> None:
    for own, words in ((None, "a transition of 3,600 hours"), ("transition", "a transition, and")):
        written = changed(NO_AGREEMENT, law("autonomy", own))
        (one,) = written.network(packs=SHIPPED).explain(PIA, TOM, "clinic")
        assert words in next(f.message for f in one.findings if f.rule == "legal.agreement")


SECOND = {"practitioner": PIA, "jurisdiction": "NY"}


@pytest.mark.parametrize(
    ("license", "authority", "agreement", "case"),
    [
        # The better conjunction speaks, though a physician stands first.
        ("pass", "pass", "pass", add(LICENSE, **SECOND, profession="physician", status="restricted")),
        # Of two that fail alike the physician's speaks.
        (
            "unknown", "pass", "not_applicable",
            both(law("ketamine", "no"), add(LICENSE, **SECOND, profession="physician", status="restricted")),
        ),
        # Of two that pass the physician's speaks, who needs no agreement.
        ("pass", "pass", "not_applicable", add(LICENSE, **SECOND, profession="physician", status="privilege")),
        # Of two licences of one profession the active one speaks before the restricted one.
        ("pass", "pass", "pass", add(LICENSE, **SECOND, profession="nurse_practitioner", status="restricted")),
        # Of two equal ones the better agreement: independent before needing one.
        (
            "pass", "pass", "not_applicable",
            both(
                law("autonomy", "transition"),
                add(LICENSE, **SECOND, profession="nurse_practitioner", independent="yes"),
            ),
        ),
        # A suspended licence cannot speak.
        ("pass", "pass", "pass", add(LICENSE, **SECOND, profession="physician", status="suspended")),
    ],
)  # fmt: skip
def test_the_best_licence_speaks_for_the_person_in_all_three_rules(
    license: str, authority: str, agreement: str, case: Change
) -> None:
    assert status("legal.license", case) == license
    assert status("legal.authority", case) == authority
    assert status("legal.agreement", case) == agreement


REMOTE = moved("screen")


@pytest.mark.parametrize(
    ("expected", "case"),
    [
        ("pass", nothing),  # hours at a clinic there
        ("pass", both(REMOTE, law("telehealth", "yes", ""))),
        ("pass", REMOTE),  # the state has no entry: the federal word alone
        ("fail", both(REMOTE, law("telehealth", "no", ""))),
        ("unknown", both(REMOTE, law("telehealth", "unknown", ""))),
        ("fail", both(REMOTE, practice("federal/telehealth", "no"), law("telehealth", "yes", ""))),
        ("fail", both(REMOTE, practice("federal/telehealth", "no"), law("telehealth", "unknown", ""))),
        ("unknown", both(REMOTE, practice("federal/telehealth", "unknown"))),
        ("unknown", both(REMOTE, practice("federal/telehealth", None))),
        ("fail", both(REMOTE, practice("federal/telehealth", None), law("telehealth", "no", ""))),
        ("pass", both(REMOTE, practice("federal/telehealth", "no"), add("hours", practitioner=PIA, site="home"))),
        ("fail", both(REMOTE, practice("federal/telehealth", "no"), add("hours", practitioner=PIA, site="denver"))),
        (
            "fail",
            both(
                REMOTE,
                practice("federal/telehealth", "no"),
                add("hours", practitioner=PIA, site="home", when="Tue 09:00-10:00", until="2026-12-06"),
            ),
        ),
    ],
)
def test_evaluation_is_in_person_there_or_what_both_laws_let_telehealth_do(expected: str, case: Change) -> None:
    assert status("legal.evaluation", case, site="screen") == expected


def test_the_federal_telehealth_law_that_ships_holds_to_the_end_of_2026_and_is_unknown_after() -> None:
    written = changed(REMOTE, practice("federal", {}), law("telehealth", "yes", ""))
    for day, expected in ((date(2026, 12, 31), "pass"), (date(2027, 1, 1), "unknown")):
        written.on = day
        assert statuses(written, "legal.evaluation", "screen", packs=SHIPPED) == [expected]


SUPERVISED = add("agreements", practitioner=TOM, with_=MAX, kind="supervision")
ASSOCIATE = change(LICENSE, TOM, status="associate")
NURSE = change(LICENSE, TOM, profession="nurse_practitioner")


@pytest.mark.parametrize(
    ("expected", "case"),
    [
        ("pass", nothing),
        ("pass", change(LICENSE, TOM, profession="psychologist")),
        ("pass", change(LICENSE, TOM, profession="prescribing_psychologist")),
        ("pass", change(LICENSE, TOM, profession="marriage_family_therapist")),
        ("pass", change(LICENSE, TOM, profession="professional_counselor")),
        ("pass", change(LICENSE, TOM, profession="physician")),
        ("fail", change(LICENSE, TOM, profession="registered_nurse")),
        ("fail", change(LICENSE, TOM, profession="physician_assistant")),
        ("fail", change(LICENSE, TOM, profession="other")),
        ("unknown", NURSE),  # whose specialty is blank
        ("pass", both(NURSE, change("practitioners", TOM, specialty="psychiatric_nursing"))),
        ("fail", both(NURSE, change("practitioners", TOM, specialty="anesthesiology"))),
        ("fail", both(NURSE, change(LICENSE, TOM, status="suspended"))),  # unknown at best
        ("unknown", both(NURSE, change(LICENSE, TOM, profession="clinical_nurse_specialist"))),
        ("pass", change(LICENSE, TOM, status="privilege")),
        ("unknown", change(LICENSE, TOM, status="restricted")),
        ("fail", change(LICENSE, TOM, status="telehealth")),
        ("fail", change(LICENSE, TOM, status="inactive")),
        ("fail", change(LICENSE, TOM, jurisdiction="CO")),
        ("fail", change(LICENSE, TOM, expires="2026-12-06")),
        ("fail", without(LICENSE, TOM)),
        (
            "pass",
            both(
                change(LICENSE, TOM, status="restricted"),
                add(LICENSE, practitioner=TOM, jurisdiction="NY", profession="psychologist"),
            ),
        ),
        ("fail", ASSOCIATE),
        ("pass", both(ASSOCIATE, SUPERVISED)),  # by a physician, who is a therapist by licence
        ("fail", both(ASSOCIATE, add("agreements", practitioner=TOM, with_=MAX, kind="collaboration"))),
        (
            "pass",
            both(ASSOCIATE, add("agreements", practitioner=TOM, with_=MAX, kind="supervision", jurisdiction="NY")),
        ),
        (
            "fail",
            both(ASSOCIATE, add("agreements", practitioner=TOM, with_=MAX, kind="supervision", jurisdiction="CO")),
        ),
        ("fail", both(ASSOCIATE, SUPERVISED, change(LICENSE, MAX, status="restricted"))),  # active is asked for
        ("fail", both(ASSOCIATE, SUPERVISED, change(LICENSE, MAX, profession="registered_nurse"))),
        ("unknown", both(ASSOCIATE, SUPERVISED, change(LICENSE, MAX, profession="nurse_practitioner"))),
        (
            "pass",
            both(ASSOCIATE, add("agreements", practitioner=TOM, with_=PIA, kind="supervision")),
        ),  # psychiatric nurse
        ("fail", both(ASSOCIATE, add("agreements", practitioner=MAX, with_=TOM, kind="supervision"))),  # the wrong way
        ("fail", both(ASSOCIATE, SUPERVISED, change("agreements", TOM, expires="2026-12-06"))),
    ],
)
def test_therapy_license_is_the_best_licence_of_a_therapy_profession_there(expected: str, case: Change) -> None:
    assert status("legal.therapy_license", case) == expected


APART = change("hours", PIA, when="Tue 09:00-12:00")


@pytest.mark.parametrize(
    ("expected", "case"),
    [
        ("pass", nothing),
        ("not_applicable", law("presence", "available", "")),
        ("not_applicable", law("presence", "none", "")),
        ("not_applicable", law("presence", None, "")),
        ("fail", APART),
        ("not_applicable", both(APART, law("presence", "none", ""))),
        ("unknown", change("hours", PIA, when="")),
        (
            "fail",
            both(change("hours", PIA, when=""), change("hours", TOM, when="Mon 09:00-11:45")),
        ),  # too short for any
    ],
)
def test_presence_is_judged_where_the_law_asks_for_dosing_or_more(expected: str, case: Change) -> None:
    assert status("legal.presence", case) == expected
