"""Sentences that others made, with names where they have ids."""

from __future__ import annotations

import re

from kapteam.advice.check import Expiring
from kapteam.columns.facts import Facts
from kapteam.show.plan import of_telehealth

_CAPITAL = re.compile(r"\b[A-Z][\w-]*")
_AGREEMENT = re.compile(r"(?<= agreement with ).+$", re.DOTALL)


def sentence(facts: Facts, message: str) -> str:
    """A sentence of findings; ids that stand for people without a name as the roster has them, not with a capital."""
    people = facts.roster.people

    def written(word: re.Match[str]) -> str:
        small = word[0][0].lower() + word[0][1:]
        return small if word[0] not in people and small in people and people[small].label == small else word[0]

    return _CAPITAL.sub(written, message)


def ends(facts: Facts, ending: Expiring) -> str:
    """What ends, in words."""
    if of_telehealth(ending):
        return "the federal telehealth flexibilities"
    people = facts.roster.people
    return _AGREEMENT.sub(lambda id: people[id[0]].label if id[0] in people else id[0], ending.what)
