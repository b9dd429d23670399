"""The teams that are left where the house's own rules hold too."""

from datetime import date
from pathlib import Path

import kapteam
from kapteam.demo import practice_folder

RULES = Path(__file__).with_name("house_rules.py")
roster = kapteam.read(practice_folder())

for rules in ((), str(RULES)):
    network = kapteam.links(roster, on=date(2026, 12, 7), rules=rules)
    print("with" if rules else "without", "house rules:", network.match().objective)

(link,) = network.explain("nygaard", "brandt", site="boulder")
for finding in link.findings:
    if finding.rule.startswith("house."):
        print(f"{finding.rule}: {finding.status}: {finding.message}  {'; '.join(finding.citations)}")
