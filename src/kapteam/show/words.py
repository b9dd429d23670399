"""Names, counts and colours that every view shares."""

from __future__ import annotations

from kapteam.columns.facts import Facts
from kapteam.network.links import Links
from kapteam.records.zones import state_name

#: A verdict's mark and style: never colour alone.
MARKS = {
    "pass": ("✓", "blue"),
    "unknown": ("?", "yellow"),
    "fail": ("✗", "red"),
    "not_applicable": ("·", "dim"),
}
NOT_ADVICE = "Not legal advice."


def person(facts: Facts, id: str) -> str:
    """A person by name, with the id where it is not the name."""
    name = facts.roster.people[id].label
    return name if name == id else f"{name} ({id})"


def place(facts: Facts, id: str) -> str:
    """A site by name, with its state."""
    site = facts.roster.places[id]
    return f"{site.label} ({site.jurisdiction})"


def count(number: int, one: str, many: str = "") -> str:
    """``1 team``, ``2 teams``."""
    return f"{number:,} {one if number == 1 else many or one + 's'}"


def rests_on(links: Links) -> str:
    """What every answer rests on: the day, the rules, and how old the packs are."""
    facts = links.facts
    places = sorted({s.jurisdiction for s in facts.roster.sites})
    entries = [e for j in ("US", *places) for e in facts.law.packs.entries(j)]
    checked = f"law packs checked {max(e.checked for e in entries):%Y-%m}" if entries else "no law pack"
    silent = [j for j in places if not facts.law.packs.entries(j)]
    lacking = f"; no pack for {', '.join(state_name(j) for j in silent)}" if silent else ""
    rules = sum(s != "off" for s in links.rulebook.severities.values())
    return f"{NOT_ADVICE} Judged for {facts.day} by {rules} rules; {checked}{lacking}."
