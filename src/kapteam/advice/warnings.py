"""What is lawful on a roster and yet worth a look: what `check` and the report warn of."""

from __future__ import annotations

from kapteam.advice.check import bare_people, on_telehealth
from kapteam.advice.demand import beyond_anyone
from kapteam.law.compacts import privilege_warnings
from kapteam.law.coverage import stale
from kapteam.law.day import FEDERAL
from kapteam.law.names import unfamiliar
from kapteam.network.links import Links
from kapteam.records.problems import Problem


def warnings_of(links: Links) -> list[Problem]:
    """Of the tables, then of people, names, privileges, demand and telehealth; the age of the law is ``old_law``."""
    roster = links.facts.roster
    found = [*roster.warnings, *bare_people(roster), *unfamiliar(roster), *privilege_warnings(roster, links.facts.day)]
    return [*found, *beyond_anyone(links), *on_telehealth(links)]


def old_law(links: Links) -> list[Problem]:
    """A warning for each entry of the law that was last checked more than a year before the day judged."""
    facts, found = links.facts, []
    for e in stale(facts.law.packs, (FEDERAL, *facts.jurisdictions), facts.day):
        about = " ".join(w for w in (e.jurisdiction, e.subject, e.key) if w)
        said = f"was last checked on {e.checked}, more than a year before {facts.day}: look it up again"
        found.append(Problem("law", None, about, None, said, level="warning"))
    return found
