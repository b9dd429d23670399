from __future__ import annotations

from typing import Any

import pytest

from kapteam.io.example import example
from kapteam.records.people import (
    Absence,
    Agreement,
    Coverage,
    Hours,
    License,
    Practitioner,
    Registration,
    Tie,
    Training,
)
from kapteam.records.places import Demand, Site
from kapteam.records.problems import Problem, RosterError
from kapteam.records.roster import Roster

HUDSON = Site("hudson", "NY", supply="stock")
ALBANY = Site("albany", "NY", supply="patient")
ANA, INES = Practitioner("ana"), Practitioner("ines")


def roster(**tables: Any) -> Roster:
    return Roster(**{"sites": [HUDSON, ALBANY], "practitioners": [ANA, INES], **tables})


def problems(**tables: Any) -> tuple[Problem, ...]:
    with pytest.raises(RosterError) as caught:
        roster(**tables)
    return caught.value.problems


def only(**tables: Any) -> Problem:
    (found,) = problems(**tables)
    return found


def test_nested_and_flat_are_the_same_roster() -> None:
    license_, hours = License("NY", "physician"), Hours("hudson", "Mon 09:00-12:00")
    nested = roster(practitioners=[Practitioner("ana", licenses=[license_], hours=[hours]), INES])
    flat = roster(
        licenses=[License("NY", "physician", practitioner="ana")],
        hours=[Hours("hudson", "Mon 09:00-12:00", practitioner="ana")],
    )
    assert nested == flat
    assert nested.people["ana"].licenses == ()
    assert nested.places["hudson"] is flat.places["hudson"]


def test_a_site_s_registration_may_be_nested_in_it() -> None:
    site = Site("hudson", "NY", supply="stock", registrations=[Registration("NY", schedules="3N")])
    assert roster(sites=[site]).registrations == (Registration("NY", schedules="3N", site="hudson"),)


def test_an_id_twice_is_an_error_that_names_both_rows() -> None:
    found = only(practitioners=[ANA, INES, Practitioner("ana")])
    assert (found.table, found.row, found.also, found.value) == ("practitioners", 3, 1, "ana")
    assert only(sites=[HUDSON, HUDSON]).column == "site"


def test_an_npi_twice_is_an_error_that_names_both_rows() -> None:
    found = only(practitioners=[Practitioner("ana", npi=1234567893), Practitioner("bob", npi="1234567893.0")])
    assert (found.row, found.also, found.column) == (2, 1, "npi")
    assert "(see row 1)" in str(found)


@pytest.mark.parametrize(
    ("table", "row", "column", "close"),
    [
        ("licenses", License("NY", "physician", practitioner="anna"), "practitioner", ("ana",)),
        ("hours", Hours("Hudson", practitioner="ana"), "site", ("hudson",)),
        ("agreements", Agreement("inés", "supervision", practitioner="ana"), "with", ("ines",)),
        ("ties", Tie("ana", "zzz", "avoids"), "b", ()),
        ("demand", Demand("hudson", 1, therapist="inez"), "therapist", ("ines",)),
        ("registrations", Registration("NY", site="hudsonn"), "site", ("hudson",)),
        ("coverage", Coverage("Acorn", practitioner="in es"), "practitioner", ("ines",)),
        ("absences", Absence("2026-01-01", "2026-01-01", practitioner="x"), "practitioner", ()),
    ],
)
def test_a_reference_to_nobody_is_an_error_with_the_nearest_id(
    table: str, row: Any, column: str, close: tuple[str, ...]
) -> None:
    found = only(**{table: [row]})
    assert (found.table, found.row, found.column, found.nearest) == (table, 1, column, close)


def test_a_row_of_nobody_is_an_error() -> None:
    assert "whose row" in only(licenses=[License("NY", "physician")]).expected


@pytest.mark.parametrize(
    ("row", "said"),
    [
        (Registration("NY"), "neither is given"),
        (Registration("NY", practitioner="ana", site="hudson"), "both are given"),
        (Registration("NY", site="hudson", issuer="state"), "belongs to a person"),
        (Registration("CA", practitioner="ana", at_site="hudson"), "is in NY, but the registration is for CA"),
        (Registration("CA", site="hudson"), "is in NY, but the registration is for CA"),
    ],
)
def test_a_registration_is_of_one_holder_in_one_place(row: Registration, said: str) -> None:
    assert said in only(registrations=[row]).expected


def coverage(*spans: tuple[str, str], role: str = "") -> list[Coverage]:
    return [Coverage("Acorn", effective=a, expires=b, role=role, practitioner="ana") for a, b in spans]


def test_two_policies_for_one_role_cell_on_one_day_are_an_error() -> None:
    found = only(coverage=coverage(("2026-01-01", "2026-06-30"), ("2026-06-30", "")))
    assert (found.row, found.also) == (2, 1)
    assert len(problems(coverage=coverage(("", ""), ("2026-01-01", "2026-01-02"), ("2026-03-01", "")))) == 2


def test_policies_that_follow_one_another_or_differ_in_role_are_none() -> None:
    roster(coverage=coverage(("2026-07-01", ""), ("2026-01-01", "2026-06-30")))
    roster(coverage=[*coverage(("", "")), *coverage(("", ""), role="monitor")])


def test_nobody_has_an_agreement_or_a_tie_with_themselves() -> None:
    assert "another practitioner" in only(agreements=[Agreement("ana", "supervision", practitioner="ana")]).expected
    assert "another practitioner" in only(ties=[Tie("ana", "ana", "prefers")]).expected


def test_a_demand_names_a_protocol_of_the_practice() -> None:
    found = only(demand=[Demand("hudson", 1, protocol="grp")], practice={"protocols": {"group": {}}})
    assert found.nearest == ("group",)


def test_an_empty_roster_is_told_once_for_each_table_that_needs_a_row() -> None:
    assert [p.table for p in problems(sites=[], practitioners=[])] == ["sites", "practitioners"]


def test_hours_at_two_sites_at_once_are_a_warning() -> None:
    rows = [Hours(s, "Mon 09:00-12:00", practitioner="ana") for s in ("hudson", "albany")]
    (found,) = roster(hours=rows).warnings
    assert (found.level, found.row, found.also) == ("warning", 2, 1)
    assert "ana is at hudson at the same time (Mon 09:00-12:00 on albany's clock)" in found.expected
    apart = [Hours("hudson", "Mon 09:00-12:00", until="2026-01-31", practitioner="ana"),
             Hours("albany", "Mon 09:00-12:00", from_="2026-02-01", practitioner="ana")]  # fmt: skip
    assert roster(hours=apart).warnings == ()


def test_a_row_written_twice_is_a_warning() -> None:
    row = Training("kap", hours=10, practitioner="ana")
    (found,) = roster(training=[row, row]).warnings
    assert "its hours count twice" in found.expected


@pytest.mark.parametrize("zone", ["Asia/Kolkata", "EST", "America/Phoenix"])
def test_a_zone_that_is_not_the_state_s_is_a_warning_also_where_it_agrees_in_winter_alone(zone: str) -> None:
    (found,) = roster(sites=[Site("hudson", "NY", timezone=zone, supply="stock")]).warnings
    assert found.nearest == ("America/New_York",)


def test_another_name_of_the_same_clock_is_none() -> None:
    assert roster(sites=[Site("hudson", "NY", timezone="US/Eastern", supply="stock")]).warnings == ()


def test_rows_of_another_class_are_told_by_their_table() -> None:
    with pytest.raises(TypeError, match="expected Site in sites, not Practitioner"):
        roster(sites=[ANA])


def test_an_error_tells_its_first_problems_and_how_many_more_there_are() -> None:
    with pytest.raises(RosterError) as caught:
        roster(licenses=[License("NY", "physician", practitioner=f"x{i}") for i in range(30)])
    assert len(str(caught.value).splitlines()) == 21
    assert str(caught.value).endswith("... and 10 more")


def test_a_table_is_had_by_its_name() -> None:
    assert example().table("ties") == example().ties
    with pytest.raises(KeyError):
        example().table("nothing")


def test_many_wrong_ids_in_a_large_roster_take_no_time_for_guesses() -> None:
    people = [Practitioner(f"person-{i}") for i in range(5_000)]
    rows = [License("NY", "physician", practitioner=f"PERSON-{i}" if i % 2 else f"parson-{i}") for i in range(2_000)]
    found = problems(practitioners=people, licenses=rows)
    assert len(found) == 2_000
    assert found[0].nearest
    assert found[-1].nearest == ("person-1999",)
