"""Rules of a house's own: ``kapteam match ROSTER --rules house_rules.py``, or see ``with_house_rules.py``.

A rule is one function over columns: from rows (people at sites, or pairs) to one verdict a row.
"""

import numpy as np

import kapteam


@kapteam.rule(
    "house.language",
    subject="therapist",
    severity="block",
    says={"pass": "{person} speaks Spanish", "fail": "{person} speaks no Spanish, which {site} asks for"},
    cites="minutes of the clinical meeting, 2026-09-14",
    remedy=kapteam.Remedy("learn Spanish", days=720, dollars=4000),
)
def language(rows):
    """Who sits with the patient speaks Spanish."""
    return rows.speaks("es")


@kapteam.rule(
    "house.known",
    subject="link",
    severity="note",
    says={"pass": "{prescriber} and {therapist} have worked together", "fail": "the two have not worked together yet"},
)
def known(links):
    """The two have worked together before, or are one person."""
    return links.tied("worked_with") | np.equal(links.prescriber_person, links.therapist_person)
