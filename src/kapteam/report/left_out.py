"""Who is in no team: why, what would turn it, and what comes nearest."""

from __future__ import annotations

import attrs
from attrs import frozen

from kapteam.advice.story import Story, story
from kapteam.matching.match import Plan
from kapteam.rules.rule import Remedy
from kapteam.show.plan import reasons
from kapteam.show.words import turned_by

#: How many people are told with their nearest links, and with how many of them.
IN_FULL, NEAREST = 100, 3


@frozen(eq=False)
class LeftOut:
    """One person who is in no team.

    Attributes
    ----------
    practitioner : str
    roles : tuple of str
    reasons : tuple of str
        In words, one for each role.
    turns : tuple of str
        What would turn what is in the way, each with its cost and lead time.
    story : Story
        With as much of it as is told.
    """

    practitioner: str
    roles: tuple[str, ...]
    reasons: tuple[str, ...]
    turns: tuple[str, ...]
    story: Story


def left_out(plan: Plan) -> list[LeftOut]:
    """Everyone in no team, by id."""
    found = []
    for number, id in enumerate(dict.fromkeys(u.practitioner for u in plan.unmatched)):
        told = story(plan, id, count=NEAREST if number < IN_FULL else 1)
        said, turns = tuple(reasons(plan, told)), tuple(_turns(told))
        if number >= IN_FULL:
            told = attrs.evolve(told, nearest=())
        found.append(LeftOut(id, tuple(u.role for u in told.left_out), said, turns, told))
    return found


def _turns(told: Story) -> list[str]:
    """The remedies of what is in the way: of them alone, else of the nearest link; of no capacity there is none."""
    if all(u.reason == "no_capacity" for u in told.left_out):
        return []
    way = told.findings or (told.nearest[0].in_the_way if told.nearest else ())
    remedies: dict[Remedy, None] = {f.remedy: None for f in way if f.remedy is not None}
    return [turned_by(r) for r in remedies]
