"""A roster without any file: who is there, who may work with whom, and what one fact would change.

``python examples/roster_in_code.py practice.xlsx`` writes it as a workbook as well.
"""

import sys
from datetime import date

import attrs

import kapteam
from kapteam import Agreement, Coverage, Hours, License, Practitioner, Registration, Roster, Site, Training

DAY = date(2026, 12, 7)

ines = Practitioner(
    "ines",
    "Dr. Inés Prado",
    specialty="psychiatry",
    roles=["prescriber"],
    licenses=[License("NY", "physician")],
    registrations=[Registration("NY", schedules="2 2N 3 3N 4 5", at_site="hudson")],
    coverage=[Coverage("Acorn Mutual", ketamine=True, presence="dosing")],
    hours=[Hours("hudson", "Mon-Wed 09:00-15:00")],
)
# Nobody wrote down yet whether Tom's policy covers KAP: he is left out until someone does.
tom = Practitioner(
    "tom",
    "Tom Abara",
    modalities=["internal_family_systems"],
    licenses=[License("NY", "professional_counselor")],
    coverage=[Coverage("Fernwood Guild")],
    training=[Training("kap", hours=40, practicum=True), Training("experiential")],
    hours=[Hours("hudson", "Tue 09:00-15:00; Thu 09:00-12:00")],
    agreements=[Agreement("ines", "consultation")],
)
hudson = Site("hudson", "NY", name="Hudson clinic", supply="stock")


def teams(*people: Practitioner) -> str:
    """The best teams of these people at Hudson, in a line."""
    result = kapteam.links(Roster(sites=[hudson], practitioners=people), on=DAY).match()
    pairs = [f"{team.prescriber} with {place.practitioner}" for team in result.teams for place in team.therapists]
    asked = [f"{c.rule} of {c.practitioner} would add {c.adds}" for c in result.if_confirmed]
    return ", ".join(pairs) or "nobody, but confirming " + ", ".join(asked)


print("as written:", teams(ines, tom))
confirmed = attrs.evolve(tom, coverage=[Coverage("Fernwood Guild", ketamine=True)])
print("confirmed: ", teams(ines, confirmed))

if len(sys.argv) > 1:
    kapteam.write(Roster(sites=[hudson], practitioners=[ines, confirmed]), sys.argv[1])
    print("wrote", sys.argv[1])
