from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from decimal import Decimal
from typing import Any

import numpy as np
import pytest
from attrs.exceptions import FrozenInstanceError

from kapteam.records.hours import WeeklyHours
from kapteam.records.people import (
    PROFESSIONS,
    ROLES,
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
from kapteam.records.practice import ROUTES
from kapteam.records.problems import Problem, RosterError
from kapteam.records.spellings import PROFESSIONS as PROFESSION_SPELLINGS
from kapteam.records.spellings import ROLES as ROLE_SPELLINGS
from kapteam.records.spellings import ROUTES as ROUTE_SPELLINGS


def problem(make: Callable[[], Any]) -> Problem:
    with pytest.raises(RosterError) as caught:
        make()
    (found,) = caught.value.problems
    return found


def test_a_record_cannot_be_changed() -> None:
    with pytest.raises(FrozenInstanceError):
        License("NY", "physician").status = "inactive"  # type: ignore[misc]


def test_a_record_takes_what_a_cell_takes_and_holds_real_values() -> None:
    training = Training("KAP", hours="41.5", practicum="no", completed="2024-06-01")
    assert training == Training("kap", hours=Decimal("41.5"), practicum=False, completed=date(2024, 6, 1))
    assert Hours("hudson", "Mon 09:00-10:00").when == WeeklyHours.of("Mon 09:00-10:00")
    assert Practitioner("ana", languages="en;es").languages == ("en", "es")
    assert Practitioner("ana", max_sessions_per_week=np.int64(3)).max_sessions_per_week == 3
    assert Practitioner("ana", languages=np.array(["en", "es"])).languages == ("en", "es")
    assert Coverage("Acorn", np.bool_(False)).ketamine is False


def test_a_blank_is_unknown_or_the_default_and_a_no_stays_a_no() -> None:
    coverage = Coverage("Acorn", ketamine="", same_site="no", specialties=[])
    assert coverage.ketamine is None
    assert coverage.same_site is False
    assert coverage.specialties is None
    assert License("NY", "physician", status=None).status == "active"
    assert Practitioner("ana", max_concurrent_sessions=float("nan")).max_concurrent_sessions == 1
    assert Practitioner("ana", max_concurrent_sessions=0).max_concurrent_sessions == 0


@pytest.mark.parametrize(
    ("make", "column"),
    [
        (lambda: License("", "physician"), "jurisdiction"),
        (lambda: License("NY", None), "profession"),
        (lambda: Practitioner("  "), "practitioner"),
        (lambda: Training(""), "kind"),
        (lambda: Site("hudson", "NY"), "supply"),
        (lambda: Demand("hudson", None), "sessions"),
        (lambda: Tie("ana", "", "prefers"), "b"),
    ],
)
def test_what_is_needed_cannot_be_left_blank_in_code(make: Callable[[], Any], column: str) -> None:
    found = problem(make)
    assert found.column == column
    assert found.expected.startswith("is needed")


def test_an_error_in_code_says_what_a_file_s_says() -> None:
    found = problem(lambda: License("NYY", "physician"))
    assert (found.table, found.row, found.column, found.value) == ("licenses", None, "jurisdiction", "NYY")
    assert found.nearest == ("NY",)
    assert str(found).startswith("licenses, jurisdiction: 'NYY': expected a USPS code")


@pytest.mark.parametrize(
    ("make", "column"),
    [
        (lambda: License("NY", "physician", issued="2026-02-02", expires="2026-02-01"), "expires"),
        (lambda: Registration("NY", issued="2026-02-02", expires="2026-02-01"), "expires"),
        (lambda: Coverage("Acorn", effective="2026-02-02", expires="2026-02-01"), "expires"),
        (lambda: Training("kap", completed="2026-02-02", expires="2026-02-01"), "expires"),
        (lambda: Hours("hudson", from_="2026-02-02", until="2026-02-01"), "until"),
        (lambda: Agreement("ines", "supervision", effective="2026-02-02", expires="2026-02-01"), "expires"),
    ],
)
def test_dates_that_end_before_they_start_are_an_error(make: Callable[[], Any], column: str) -> None:
    found = problem(make)
    assert found.column == column
    assert "ends before it starts" in found.expected


def test_one_day_is_a_span_for_both_of_its_ends_count() -> None:
    assert License("NY", "physician", issued="2026-02-01", expires="2026-02-01").expires == date(2026, 2, 1)


@pytest.mark.parametrize(
    ("start", "end"),
    [
        (date(2026, 2, 2), date(2026, 2, 1)),
        (datetime(2026, 2, 1, 9), datetime(2026, 2, 1, 9)),
        (date(2026, 2, 1), datetime(2026, 2, 1)),
        (datetime(2026, 2, 2, 9), date(2026, 2, 1)),
    ],
)
def test_an_absence_of_no_time_is_an_error(start: date, end: date) -> None:
    assert problem(lambda: Absence(start, end)).column == "end"


@pytest.mark.parametrize(
    ("start", "end"),
    [
        (date(2026, 2, 1), date(2026, 2, 1)),
        (datetime(2026, 2, 1, 9), datetime(2026, 2, 1, 9, 15)),
        (date(2026, 2, 1), datetime(2026, 2, 1, 0, 15)),
        (datetime(2026, 2, 1, 9), date(2026, 2, 1)),
    ],
)
def test_an_absence_may_be_days_or_hours_or_both(start: date, end: date) -> None:
    assert (Absence(start, end).start, Absence(start, end).end) == (start, end)


@pytest.mark.parametrize(
    ("written", "profession"),
    [
        ("MD", "physician"), ("D.O.", "physician"), ("APRN", "nurse_practitioner"), ("PMHNP", "nurse_practitioner"),
        ("CNS", "clinical_nurse_specialist"), ("CRNA", "nurse_anesthetist"), ("PA-C", "physician_assistant"),
        ("ND", "naturopathic_physician"), ("LICSW", "clinical_social_worker"), ("LMHC", "professional_counselor"),
        ("LMFT", "marriage_family_therapist"), ("PsyD", "psychologist"), ("Ph.D.", "psychologist"),
        ("RN", "registered_nurse"), ("Nurse Practitioner", "nurse_practitioner"),
    ],
)  # fmt: skip
def test_letters_behind_a_name_are_answered_with_the_profession(written: str, profession: str) -> None:
    assert problem(lambda: License("NY", written)).nearest == (profession,)


@pytest.mark.parametrize(
    ("spellings", "words"), [(PROFESSION_SPELLINGS, PROFESSIONS), (ROLE_SPELLINGS, ROLES), (ROUTE_SPELLINGS, ROUTES)]
)
def test_every_spelling_is_answered_with_a_word_of_the_format(
    spellings: dict[str, str], words: tuple[str, ...]
) -> None:
    assert set(spellings.values()) <= set(words)
    assert all(spelling.isalpha() and spelling.islower() for spelling in spellings)


def test_a_wrong_dea_number_is_an_error_and_a_missing_one_is_not() -> None:
    assert problem(lambda: Registration("NY", "FP1234564")).column == "number"
    assert problem(lambda: Registration("NY", "FP 1234563")).nearest == ("FP1234563",)
    assert Registration("NY").number is None
    assert Registration("NY", "C-12345", issuer="state").number == "C-12345"


def test_only_a_state_has_a_schedule_vi() -> None:
    assert "no Schedule VI" in problem(lambda: Registration("NY", schedules="VI")).expected
    assert Registration("NY", schedules="III VI", issuer="state").schedules == ("3", "6")


def test_a_site_has_the_time_zone_of_its_state_where_there_is_one() -> None:
    assert Site("hudson", "NY", supply="stock").timezone == "America/New_York"
    found = problem(lambda: Site("austin", "TX", supply="stock"))
    assert (found.column, found.value) == ("timezone", None)
    assert "TX" in found.expected


def test_people_and_sites_are_called_by_their_names_or_ids() -> None:
    assert Practitioner("ana").label == "ana"
    assert Site("hudson", "NY", supply="stock", name="Hudson clinic").label == "Hudson clinic"


def test_rows_of_another_table_cannot_be_nested() -> None:
    with pytest.raises(TypeError, match="expected License in licenses, not Training"):
        Practitioner("ana", licenses=[Training("kap")])  # type: ignore[list-item]
    assert Practitioner("ana", licenses=License("NY", "physician")).licenses == (License("NY", "physician"),)  # type: ignore[arg-type]
