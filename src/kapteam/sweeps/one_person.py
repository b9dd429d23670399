"""One person over the worlds: in what share of them they are teamed, and which unknown facts that hangs on."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

import attrs
import numpy as np
from attrs import frozen

from kapteam.matching.market import Used
from kapteam.matching.match import match
from kapteam.matching.unknowns import unknowns
from kapteam.network.links import Links
from kapteam.records.problems import UsageError
from kapteam.sweeps.chances import Chances, chances_of
from kapteam.sweeps.spread import How
from kapteam.sweeps.streams import uniform
from kapteam.sweeps.worlds import (
    Drawn,
    InWorlds,
    Undecided,
    World,
    check_numbers,
    drawn_worlds,
    labels,
    share_of,
    told_chances,
    undecided_in,
)


@frozen
class Share:
    """In what share of some worlds the person is teamed.

    Attributes
    ----------
    worlds : int
        How many these are.
    share, low, high : float
        With the interval of Wilson.
    """

    worlds: int
    share: float
    low: float
    high: float


@frozen
class HangsOn:
    """An unknown fact in the same part of the network, and what the person's share is where it turns out well or not.

    Attributes
    ----------
    practitioner, rule : str
        Whose fact, and of which rule.
    chance : float
    role : {"prescriber", "therapist"}
        Of the person who was asked about.
    well, badly : Share or None
        None where no world was drawn in which it did.
    """

    practitioner: str
    rule: str
    chance: float
    role: str
    well: Share | None
    badly: Share | None

    @property
    def difference(self) -> float:
        """By how much the share is greater where it turns out well."""
        return self.well.share - self.badly.share if self.well and self.badly else 0.0

    @property
    def shows(self) -> bool:
        """Whether so many worlds show a difference: the two intervals have nothing in common."""
        well, badly = self.well, self.badly
        return well is not None and badly is not None and (well.low > badly.high or badly.low > well.high)


@frozen(repr=False, eq=False, kw_only=True)
class OneInWorlds(Drawn):
    """The answer of :func:`worlds_of`: the person, once for each role that they are a candidate for.

    Chances are of the facts in the same part of the network.

    Attributes
    ----------
    practitioner : str
    hangs_on : tuple of HangsOn
        By role; what makes the greatest difference first.
    """

    practitioner: str
    hangs_on: tuple[HangsOn, ...]

    def as_dict(self) -> dict[str, Any]:
        """As the JSON contract has it."""
        return {
            "on": self.on.isoformat(),
            "of": self.practitioner,
            **self.drawn(),
            "people": [attrs.asdict(p) for p in self.people],
            "hangs_on": [attrs.asdict(h) for h in self.hangs_on],
            **self.links.supposition,
        }

    def __repr__(self) -> str:
        shares = ", ".join(f"{p.share:.1%} as {p.role}" for p in self.people)
        return f"<OneInWorlds on {self.on}: {self.practitioner} teamed in {shares} of {self.worlds:,} worlds>"


def worlds_of(
    links: Links,
    person: str,
    count: int,
    *,
    chance: float | None = None,
    by_rule: Mapping[str, float] | None = None,
    by_person: Mapping[str, Mapping[str, float]] | None = None,
    seed: int = 0,
    how: How | None = None,
) -> OneInWorlds:
    """In what share of worlds one person is teamed, and which unknown facts that hangs on.

    Parameters
    ----------
    links : Links
    person : str
    count, chance, by_rule, by_person, seed, how
        As of :func:`~kapteam.sweeps.worlds.worlds`; chances are needed for the facts of the person's own part alone.

    Raises
    ------
    UsageError
        As of :func:`~kapteam.sweeps.worlds.worlds`; or the person is no candidate, or not on the roster.

    Notes
    -----
    These are the same worlds, and the same share, as :func:`~kapteam.sweeps.worlds.worlds` has with the same seed; but
    only the connected part of the network that the person is in is solved. What hangs on a fact is found in the worlds
    drawn: the share of those in which it turned out well, and of those in which it did not.
    """
    check_numbers(count, seed)
    facts = links.facts
    code, people = facts.person(person), facts.people
    roles = [role for role in ("prescriber", "therapist") if facts.candidate[role][code]]
    if not roles:
        raise UsageError(f"{people[code]!r} is a candidate for neither prescriber nor therapist")
    chances = Chances(chance, by_rule or {}, by_person or {}).checked(links)
    lacks, plan = unknowns(links), match(links)
    unused = chances.unused((people[whose], rule) for whose, rule in lacks.facts)
    label = labels(plan, lacks)
    inside = label == label[code]
    here = [n for n, (whose, _) in enumerate(lacks.facts) if inside[whose]]
    of_here = [lacks.facts[n] for n in here]
    told = chances_of(of_here, people, chances)
    today = {
        "prescriber": bool((links.pairs.prescriber_person[plan.rows] == code).any()),
        "therapist": bool((links.pairs.therapist_person[plan.rows] == code).any()),
    }
    if not here:
        shares = ((role, float(today[role])) for role in roles)
        settled = tuple(
            InWorlds(people[code], role, count * today[role], share, share, share, True, today[role])
            for role, share in shares
        )
        return OneInWorlds(
            links=links, asked=count, worlds=count, seed=seed, chances=(), people=settled, unused=unused,
            practitioner=people[code], hangs_on=(),
        )  # fmt: skip
    every = np.zeros(len(lacks.facts))
    every[here] = told
    undecided = undecided_in(plan, lacks, inside, every.tolist(), seed)
    drawn = drawn_worlds(undecided, count, how)
    good = np.array([uniform(seed, n, count=len(every))[here] < every[here] for n in drawn])
    found: list[InWorlds] = []
    hangs: list[HangsOn] = []
    for role in roles:
        teamed = _teamed(undecided, drawn.values(), role, code)
        if teamed is None:  # without a link that may ever be used
            found.append(InWorlds(people[code], role, 0, 0.0, 0.0, 0.0, True, False))
            continue
        one = _share(teamed)
        found.append(InWorlds(people[code], role, int(teamed.sum()), one.share, one.low, one.high, False, today[role]))
        ours = [
            HangsOn(
                people[whose], rule, float(value), role,
                _share(teamed[well]) if well.any() else None, _share(teamed[~well]) if not well.all() else None,
            )
            for (whose, rule), value, well in zip(of_here, told, good.T, strict=True)
        ]  # fmt: skip
        hangs += sorted(ours, key=lambda h: (not h.shows, -abs(h.difference), h.practitioner, h.rule))
    return OneInWorlds(
        links=links, asked=count, worlds=len(drawn), seed=seed, chances=told_chances(of_here, people, told),
        people=tuple(found), unused=unused, practitioner=people[code], hangs_on=tuple(hangs),
    )  # fmt: skip


def _teamed(undecided: Undecided, drawn: Collection[World], role: str, code: int) -> Used | None:
    """In which of these worlds somebody is in a team in a role; None where no link of theirs hangs on them."""
    nodes = undecided.problem.prescribers if role == "prescriber" else undecided.problem.therapists
    node = np.flatnonzero(nodes == code)
    if not len(node):
        return None
    return np.array([one.teams(role, len(nodes))[node[0]] for one in drawn])


def _share(teamed: Used) -> Share:
    return Share(len(teamed), *share_of(int(teamed.sum()), len(teamed)))
