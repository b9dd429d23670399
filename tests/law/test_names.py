"""Names: what is known, what is not, and what a training's provider says of a cell left blank."""

from __future__ import annotations

from decimal import Decimal

import pytest

from kapteam import Coverage, Hours, Practice, Practitioner, Roster, Site, Training
from kapteam.law.names import unfamiliar
from kapteam.law.packs import Packs
from kapteam.records.practice import Thresholds
from kapteam.records.problems import Problem

COHORT = "KAP Training Cohort"


def told(*records: Coverage | Training, practice: Practice | None = None) -> list[Problem]:
    """What is said of one person's policies and trainings."""
    person = Practitioner(
        "ana",
        coverage=[r for r in records if isinstance(r, Coverage)],
        training=[r for r in records if isinstance(r, Training)],
        hours=[Hours("here", "Mon 09:00-17:00")],
    )
    sites = [Site("here", "OH", supply="stock")]
    return unfamiliar(Roster(sites=sites, practitioners=[person], practice=practice or Practice()))


@pytest.mark.parametrize("carrier", ["PRMS", "MIEC", "Lloyd's"])
def test_a_carrier_of_the_packs_is_not_told(carrier: str) -> None:
    assert told(Coverage(carrier)) == []


@pytest.mark.parametrize(
    ("written", "name"),
    [
        ("PRMS (Professional Risk Management Services)", "PRMS"),
        ("professional risk management services", "PRMS"),
        ("CPH & Associates", "CPH"),
        ("MEDPLI", "MEDPLI (broker)"),
    ],
)
def test_an_alias_of_a_carrier_is_told_with_the_name_that_matches(written: str, name: str) -> None:
    (problem,) = told(Coverage(written))
    assert problem.nearest == (name,)
    assert problem.message.startswith("another name of a carrier that kapteam knows")
    assert problem.level == "warning"


def test_a_name_near_an_alias_leads_to_the_name_too() -> None:
    (problem,) = told(Coverage("Preferra Insurance Compny"))
    assert problem.nearest == ("Preferra",)
    assert "has not heard of" in problem.message


def test_a_carrier_that_the_practice_defines_is_known_whatever_the_packs_call_it() -> None:
    practice = Practice(carriers={"TDC": {"presence": "none"}})
    assert told(Coverage("TDC"), practice=practice) == []


@pytest.mark.parametrize("alias", [a for t in Packs.shipped().trainings.values() for a in t.aliases][:10])
def test_an_alias_of_a_training_is_known(alias: str) -> None:
    assert told(Training("kap", alias, hours=1, practicum=False)) == []


def test_the_hours_that_a_provider_states_are_told_where_the_cell_is_blank() -> None:
    (problem,) = told(Training("kap", COHORT, practicum=True))
    assert (problem.table, problem.row, problem.column, problem.level) == ("training", 1, "hours", "warning")
    assert problem.message.startswith(f"the provider of {COHORT} says 41 hours (high confidence, checked 2026-11-25)")
    assert "write it down if that is what they did" in problem.message


def test_hours_and_practicum_are_told_in_one_warning_and_with_the_note() -> None:
    (problem,) = told(Training("kap", "InnerTrek"))
    assert "160 hours and a practicum" in problem.message
    assert "not ketamine" in problem.message


def test_a_practicum_is_told_alone_and_its_absence_as_well() -> None:
    first, second = told(Training("kap", "Ketamine Basics", hours=2), Training("kap", "Sage internship"))
    assert (first.column, first.message.split(" (")[0]) == (
        "practicum",
        "the provider of Ketamine Basics says no practicum",
    )
    assert second.message.startswith("the provider of Sage internship says a practicum")


def test_a_training_is_told_once() -> None:
    assert len(told(Training("kap", COHORT, practicum=True), Training("kap", COHORT, practicum=False))) == 1


@pytest.mark.parametrize(
    "training",
    [
        Training("kap", COHORT, hours=Decimal(20)),  # the cell is not blank, and the provider tells of no practicum
        Training("kap", "PRATI"),  # its provider states neither
        Training("kap"),
        Training("mentorship", COHORT),
    ],
)
def test_nothing_is_told_where_nothing_is_left_blank_that_the_provider_states(training: Training) -> None:
    assert told(training) == []


def test_hours_are_not_asked_for_where_the_house_takes_the_programme_as_enough() -> None:
    practice = Practice(thresholds=Thresholds(kap_programmes=(COHORT,)))
    assert told(Training("kap", COHORT), practice=practice) == []
