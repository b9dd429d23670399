"""The smallest practice that works: the example rows of the template, and of the documentation."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from kapteam.records.hours import WeeklyHours
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
from kapteam.records.roster import Roster

_COURSE = "KAP Training Cohort (Modules 1-5 + Training and Practice Module)"


def example() -> Roster:
    """A psychiatrist and a clinical social worker at one clinic in New York; all of it is made up.

    Examples
    --------
    >>> example()
    <Roster: 2 practitioners, 1 site>
    """
    ana = Practitioner(
        "ana",
        "Ana Lindqvist, LCSW",
        modalities=["internal_family_systems", "emdr"],
        languages=["en", "es"],
        max_sessions_per_week=6,
        licenses=[License("NY", "clinical_social_worker", "R012345", expires=date(2028, 4, 30))],
        coverage=[Coverage("Acorn Mutual", role="therapist", ketamine=True, expires=date(2028, 6, 30))],
        training=[
            Training(
                "kap",
                "KAP Training Cohort (Modules 1-5 + Training and Practice Module)",
                Decimal(41),
                True,
                date(2024, 6, 1),
            ),
            Training("experiential", completed=date(2024, 9, 15)),
        ],
        hours=[Hours("hudson", WeeklyHours.of("Mon-Wed 09:00-17:00"))],
        absences=[Absence(date(2026, 12, 24), date(2027, 1, 1))],
        agreements=[Agreement("ines", "consultation")],
    )
    ines = Practitioner(
        "ines",
        "Dr. Inés Prado",
        specialty="psychiatry",
        roles=["prescriber"],
        modalities=["psychodynamic"],
        languages=["en"],
        max_concurrent_sessions=1,
        licenses=[License("NY", "physician", "254321", expires=date(2028, 1, 31))],
        registrations=[
            Registration("NY", "FP1234563", "2 2N 3 3N 4 5", at_site="hudson", expires=date(2028, 1, 31))
        ],
        coverage=[
            Coverage("Acorn Mutual", True, "throughout", True, True, ["psychiatry", "psychiatric_nursing"],
                     role="prescriber", expires=date(2028, 6, 30))
        ],
        training=[Training("life_support", "ACLS", completed=date(2025, 3, 1), expires=date(2028, 3, 1))],
        hours=[Hours("hudson", WeeklyHours.of("Mon-Tue 09:00-15:00; Wed 13:00-17:00"))],
    )  # fmt: skip
    return Roster(
        sites=[
            Site(
                "hudson",
                "NY",
                setting="clinic",
                rooms=2,
                supply="stock",
                name="Hudson clinic",
                postal_code="12534",
            )
        ],
        practitioners=[ana, ines],
        ties=[Tie("ana", "ines", "worked_with")],
        demand=[Demand("hudson", 3, language="es")],
        practice={"carriers": {"Acorn Mutual": {"source": "an example: no such carrier exists"}}},
    )
