"""Phrases that several rules' sentences share."""

from __future__ import annotations

from collections.abc import Sequence

from kapteam.records.people import LICENSE_STATUS, PROFESSIONS, License
from kapteam.records.zones import state_name
from kapteam.rules.case import Case
from kapteam.rules.speaking import speaking


def spoken(word: str) -> str:
    """A code's word as people say it: ``nurse practitioner``."""
    return word.replace("_", " ")


def listed(words: Sequence[str], last: str = "and") -> str:
    """Words as a sentence lists them: ``a``, ``a and b``, ``a, b and c``."""
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} {last} {words[-1]}"


def speaking_license(case: Case) -> License | None:
    """The record of the licence that speaks for the case's prescriber."""
    row = int(speaking(case.members).license[case.row])
    if row < 0:
        return None
    held = case.facts.licenses
    profession, place = int(held.profession[row]), int(held.jurisdiction[row])
    wanted = (PROFESSIONS[profession], case.facts.jurisdictions[place], LICENSE_STATUS[int(held.status[row])])
    return next(x for x in case.licenses() if (x.profession, x.jurisdiction, x.status) == wanted)


def had(case: Case) -> str:
    """What comes nearest to the licence that is missing: one that ended, is not active, or is of another state."""
    ended = [x for x in case.licenses(in_force_only=False) if x.expires is not None and x.expires < case.day]
    if ended:
        return f": the {spoken(ended[-1].profession)} licence ended on {ended[-1].expires}"
    here = case.licenses()
    if here:
        return f": there is a {spoken(here[0].profession)} licence, {here[0].status}"
    elsewhere = sorted({x.jurisdiction for x in case.licenses(here=False)})
    return f": the licences are of {', '.join(elsewhere)}" if elsewhere else ""


def registered(case: Case, issuer: str, what: str) -> str:
    """How a person stands with one kind of registration in the site's state."""
    person = case.person.label
    place = f" in {state_name(case.state)}" if issuer == "dea" else ""
    held = case.registrations(issuer)
    if case.status == "pass":
        return f"{person} has a {what}{place} that holds 3N" if issuer == "dea" else f"{person} has the {what}"
    if any(x.schedules is None for x in held):
        return f"{person} has a {what}{place}, but nobody wrote down its schedules"
    if held:
        listed = ", ".join(s for x in held for s in x.schedules or ())
        narcotic = ", and 3 alone is narcotics only" if issuer == "dea" and "3" in listed.split(", ") else ""
        return f"{person}'s {what}{place} lists {listed}: ketamine needs 3N{narcotic}"
    ended = [x.expires for x in case.registrations(issuer, in_force_only=False) if x.expires and x.expires < case.day]
    if ended:
        return f"{person}'s {what}{place} ended on {max(ended)}"
    return f"{person} has no {what}{place} in force on {case.day}"
