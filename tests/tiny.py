"""One small roster on which every rule passes (or does not apply), and how to change one thing in it.

A case of a rule reads as a sentence: `status("legal.license", change("licenses", "pia", status="restricted"))`.
Pia, a nurse practitioner, prescribes; Tom, a social worker, sits; both work Mondays at `clinic` in New York. Max,
a physician, is there for agreements only. Every verdict is asked of kapteam and of the oracle.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import oracles
from kapteam.law.packs import Packs
from strategies import NO_PACKS, WINTER, Written

Change = Callable[[Written], None]

TABLES: dict[str, list[dict[str, str]]] = {
    "sites": [
        {"site": "clinic", "jurisdiction": "NY", "setting": "clinic", "supply": "stock"},
        {"site": "other", "jurisdiction": "NY", "setting": "clinic", "supply": "stock"},
        {"site": "home", "jurisdiction": "NY", "setting": "home", "supply": "patient"},
        {"site": "screen", "jurisdiction": "NY", "setting": "telehealth", "supply": "patient"},
        {"site": "denver", "jurisdiction": "CO", "setting": "clinic", "supply": "patient"},
    ],
    "practitioners": [
        {"practitioner": "pia", "specialty": "psychiatric_nursing", "roles": "prescriber"},
        {"practitioner": "tom", "roles": "therapist", "modalities": "house parts"},
        {"practitioner": "max", "roles": "monitor"},
    ],
    "licenses": [
        {"practitioner": "pia", "jurisdiction": "NY", "profession": "nurse_practitioner", "status": "active"},
        {"practitioner": "tom", "jurisdiction": "NY", "profession": "clinical_social_worker", "status": "active"},
        {"practitioner": "max", "jurisdiction": "NY", "profession": "physician", "status": "active"},
    ],
    "registrations": [
        {"practitioner": "pia", "issuer": "dea", "jurisdiction": "NY", "at_site": "clinic", "schedules": "3N"},
        {"practitioner": "pia", "issuer": "state", "jurisdiction": "NY", "schedules": "III"},
    ],
    "coverage": [
        {"practitioner": "pia", "role": "prescriber", "carrier": "Acorn", "ketamine": "yes",
         "presence": "throughout", "same_site": "yes", "in_clinic_only": "yes", "specialties": "psychiatric_nursing"},
        {"practitioner": "tom", "role": "therapist", "carrier": "Birch", "ketamine": "yes"},
    ],
    "training": [
        {"practitioner": "tom", "kind": "kap", "name": "a course", "hours": "16", "practicum": "yes"},
        {"practitioner": "tom", "kind": "trauma"},
        {"practitioner": "tom", "kind": "experiential"},
        {"practitioner": "tom", "kind": "mentorship"},
        {"practitioner": "tom", "kind": "life_support"},
    ],
    "hours": [
        {"practitioner": "pia", "site": "clinic", "when": "Mon 09:00-12:00"},
        {"practitioner": "tom", "site": "clinic", "when": "Mon 09:00-12:00"},
    ],
    "agreements": [{"practitioner": "pia", "with": "max", "kind": "collaboration"}],
    "ties": [],
}  # fmt: skip
PRACTICE: dict[str, Any] = {
    "federal": {"telehealth": "yes"},
    "jurisdictions": {
        "NY": {
            "state_registration": "yes",
            "presence": "dosing",
            "nurse_practitioner": {"ketamine": "yes", "autonomy": "agreement"},
        }
    },
    "modalities": {
        "house parts": {"complementary": True},
        "house trauma": {"trauma": True},
        "house plain": {},
    },
}


def base() -> Written:
    """The roster on which every rule passes."""
    return Written(TABLES, PRACTICE).copy()


# --- Changes ------------------------------------------------------------------------------------------------


def change(table: str, person: str, nth: int = 0, /, **cells: str) -> Change:
    """Other cells in a person's nth row of a table; `with_` and `from_` lose their last sign."""

    def make(written: Written) -> None:
        own = [row for row in written.tables[table] if person in (row.get("practitioner"), row.get("site"))]
        own[nth].update({key.rstrip("_"): cell for key, cell in cells.items()})

    return make


def add(table: str, **cells: str) -> Change:
    """One row more."""
    return lambda written: written.add(table, **cells)


def without(table: str, person: str | None = None, **cells: str) -> Change:
    """No such rows: all of a person's (or of everybody's) that have these cells."""

    def make(written: Written) -> None:
        wanted = {"practitioner": person, **cells} if person else cells
        gone = written.rows(table, **wanted)
        written.tables[table] = [row for row in written.tables[table] if row not in gone]

    return make


def practice(path: str, value: Any) -> Change:
    """Another value in the practice file, by a dotted path; None takes the key away."""

    def make(written: Written) -> None:
        *way, key = path.split("/")
        section = written.practice
        for name in way:
            section = section.setdefault(name, {})
        section[key] = value
        if value is None:
            del section[key]

    return make


def law(key: str, value: Any, profession: str = "nurse_practitioner", place: str = "NY") -> Change:
    """What the practice says of a profession there; of the whole place with profession ''."""
    return practice("/".join(filter(None, ("jurisdictions", place, profession, key))), value)


def moved(site: str, *people: str) -> Change:
    """The hours of these people (or of both) at another site."""

    def make(written: Written) -> None:
        for row in written.tables["hours"]:
            if not people or row["practitioner"] in people:
                row["site"] = site

    return make


def both(*changes: Change) -> Change:
    """Several changes as one."""

    def make(written: Written) -> None:
        for one in changes:
            one(written)

    return make


def nothing(written: Written) -> None:
    """No change."""


# --- Verdicts -----------------------------------------------------------------------------------------------


def changed(*changes: Change) -> Written:
    """The base roster after these changes."""
    written = base()
    both(*changes)(written)
    return written


def statuses(written: Written, rule: str, site: str = "clinic", packs: Packs = NO_PACKS) -> list[str]:
    """What kapteam finds of a rule on Pia and Tom at a site; where no pack speaks the oracle must agree."""
    (one,) = written.network(packs=packs).explain("pia", "tom", site)
    found = [f.status for f in one.findings if f.rule == rule]
    if packs is NO_PACKS:
        judged = written.judged()
        assert found == [f.status for f in judged.all_findings("pia", "tom", site) if f.rule == rule]
    return [str(status) for status in found]


def status(rule: str, *changes: Change, site: str = "clinic") -> str:
    """The one verdict of a rule on Pia and Tom after some changes."""
    (found,) = statuses(changed(*changes), rule, site)
    return found


def message(rule: str, *changes: Change, site: str = "clinic", nth: int = 0) -> str:
    """What the finding says."""
    (one,) = changed(*changes).network().explain("pia", "tom", site)
    return [f.message for f in one.findings if f.rule == rule][nth]


__all__ = [
    "WINTER", "add", "base", "both", "change", "changed", "law", "message", "moved", "nothing", "oracles", "practice",
    "status", "statuses", "without",
]  # fmt: skip
