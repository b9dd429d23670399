"""Who should work with whom in the practice that ships with kapteam, and why someone is left out."""

from datetime import date

import kapteam
from kapteam.demo import practice_folder

roster = kapteam.read(practice_folder())  # or kapteam.read("practice.xlsx")
network = kapteam.links(roster, on=date(2026, 12, 7))
result = network.match()

print(result)  # as `kapteam match` shows it
print(result.explain("hassan"))  # as `kapteam explain` does

# The same as records, to go on with.
for team in result.teams:
    print(f"{team.site}: {team.prescriber} with {', '.join(place.practitioner for place in team.therapists)}")
for fact in result.if_confirmed:
    print(f"ask {fact.practitioner} about {fact.rule}: {fact.adds} more teamed")

# Nobody needs to trust the solver.
print("verified:", network.verify(result).ok)
