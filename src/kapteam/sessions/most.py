"""The most value that the sessions of some weeks can have: the first level of a plan, and nothing else of it."""

from __future__ import annotations

import numpy as np

from kapteam.sessions.candidates import candidates
from kapteam.sessions.days import Days
from kapteam.sessions.engine import Best, Limits, best
from kapteam.sessions.kinds import kinds_of
from kapteam.sessions.model import model
from kapteam.sessions.onsite import on_site
from kapteam.sessions.program import Program, split
from kapteam.sessions.solve import Level
from kapteam.sessions.starts import starting_early


def most_value(days: Days, limits: Limits) -> Level:
    """The value of the best plan of a calendar, and what no plan exceeds."""
    roster, facts = days.roster, days.facts(0)
    there = on_site(roster, days.calendar, facts.person_code, facts.site_code)
    kinds = kinds_of(roster, facts.site_code)
    found = candidates(days, there, kinds)
    also = np.zeros((len(facts.sites), days.calendar.slots), bool)
    return value_of(model(days, there, kinds, starting_early(days, there, kinds, found, also)).program, limits)


def value_of(program: Program, limits: Limits) -> Level:
    """The most value of a program, part by part; of equal parts one is solved."""
    known: dict[bytes, Best] = {}
    reached = bound = 0
    for _, part in split(program):
        key = part.fingerprint()
        if key not in known:
            known[key] = best(part, part.value, limits, known=part.lower)
        reached, bound = reached + known[key].worth, bound + known[key].bound
    return Level(reached, bound, reached == bound)
