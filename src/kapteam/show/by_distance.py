"""What is said of links that are there by distance alone: how many, and the question that each stands on."""

from __future__ import annotations

import numpy as np

from kapteam.columns.facts import Facts
from kapteam.columns.lookup import Index
from kapteam.network.links import Links
from kapteam.rules.rulebook import START_RULES
from kapteam.show.words import count


def supposed(links: Links, rows: Index | slice, one: str) -> str:
    """How many of some links, each called ``one``, are there by distance alone; empty where nobody asked for these."""
    facts, pairs = links.facts, links.pairs
    if facts.supposed is None:
        return ""
    found = int((pairs.prescribers.supposed[pairs.prescriber[rows]] >= 0).sum())
    here = f"{count(found, one)} {'is' if found == 1 else 'are'}" if found else f"No {one} is"
    return f"{here} there by distance alone: supposed, for nobody wrote down that the prescriber would come."


def asks_whether(facts: Facts, rule: str, prescriber: str, site: str) -> str:
    """The question behind a rule that is unknown because a prescriber is only supposed to come; else empty."""
    if facts.supposed is None or rule not in START_RULES or distance(facts, prescriber, site) is None:
        return ""
    roster = facts.roster
    return f"would {roster.people[prescriber].label} come to {roster.places[site].label}?"


def distance(facts: Facts, prescriber: str, site: str) -> float | None:
    """How many kilometres a prescriber would come to a site, where that is only supposed."""
    if facts.supposed is None:
        return None
    person, place = facts.person_code[prescriber], facts.site_code[site]
    (at,) = facts.supposed.at(np.array([person]), np.array([place]))
    return None if at < 0 else float(facts.supposed.distance[at])
