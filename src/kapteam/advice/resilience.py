"""What each absence costs, who would step in, which two absences are worst, and what is lost when something ends."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any

import attrs
import numpy as np
from attrs import field, frozen

from kapteam.advice.ending import ended
from kapteam.advice.leaving import without_each
from kapteam.advice.rejudged import Difference
from kapteam.advice.worst_two import worst_two
from kapteam.columns.facts import Facts
from kapteam.columns.logic import PASS, UNKNOWN
from kapteam.matching.match import Plan
from kapteam.matching.reoptimise import Rematch, Solved
from kapteam.records.problems import UsageError


@frozen
class Pair:
    """A link of the re-match that the plan has not."""

    site: str
    prescriber: str
    therapist: str


@frozen
class Away:
    """What an absence costs after the best re-match.

    Attributes
    ----------
    teamed, points : int
        How many therapists fewer are teamed, and how many points fewer there are; where fewer are teamed, the points
        may have grown and then are negative.
    instead : tuple of Pair
        The links that the best re-match has and the plan has not. Of equally good re-matches the one with the fewest
        such links, then the one with the least sum of draws.
    no_place : tuple of str
        The therapists who have a place in the plan and none in it, beside whoever is away.
    """

    teamed: int
    points: int
    instead: tuple[Pair, ...]
    no_place: tuple[str, ...]


@frozen
class Leaves(Away):
    """The same where somebody leaves for good, with the agreements that name them.

    Attributes
    ----------
    links : int
        How many links of others may no longer be used.
    """

    links: int


@frozen
class Absence:
    """One person.

    Attributes
    ----------
    practitioner : str
    places : int
        How many places of the plan stand on them: what is lost at once, if nobody plans again.
    away : Away
        They are absent; what they have agreed to holds.
    leaves : Leaves
        They are gone, and what they have agreed to with them.
    """

    practitioner: str
    places: int
    away: Away
    leaves: Leaves


@frozen
class WorstTwo(Away):
    """The two whose absence together loses most; of equal pairs the first by their ids."""

    practitioners: tuple[str, str]


@frozen
class Ending:
    """What is lost, after the best re-match, on the day after something has ended.

    Attributes
    ----------
    practitioner : str or None
        Whose it is; None for the law itself, or a site's.
    what : str
    expires : date
        The last day.
    teamed, points : int
        As of :class:`Away`; both may be 0, and below it where its end lets a better plan be made.
    """

    practitioner: str | None
    what: str
    expires: date
    teamed: int
    points: int


@frozen(repr=False)
class Resilience:
    """The answer of :func:`resilience`.

    Attributes
    ----------
    on : date
    absences : tuple of Absence
        By id.
    worst_two : WorstTwo or None
        None where no two of them lose anything.
    expiring : tuple of Ending
        What loses most first; then by day, person and words.
    named : bool
        Whether only some people, and what is theirs, were asked about.
    supposition : mapping
        What was made up or supposed for it, as its document says it; empty where nothing was.
    """

    on: date
    absences: tuple[Absence, ...]
    worst_two: WorstTwo | None
    expiring: tuple[Ending, ...]
    named: bool = False
    supposition: Mapping[str, Any] = field(factory=dict)

    def as_dict(self) -> dict[str, Any]:
        """As the JSON contract has it."""
        return {
            "on": self.on.isoformat(),
            "resilience": [attrs.asdict(a) for a in self.absences],
            "worst_two": None if self.worst_two is None else attrs.asdict(self.worst_two),
            "expiring": [{**attrs.asdict(e), "expires": e.expires.isoformat()} for e in self.expiring],
            **self.supposition,
        }

    def __repr__(self) -> str:
        worst = max(((a.away.teamed, a.away.points) for a in self.absences), default=(0, 0))
        return (
            f"<Resilience on {self.on}: {len(self.absences)} {'person' if len(self.absences) == 1 else 'people'}, "
            f"an absence loses at most {worst[0]} place{'s' * (worst[0] != 1)}, "
            f"{len(self.expiring)} thing{'s end' if len(self.expiring) != 1 else ' ends'}>"
        )


def resilience(plan: Plan, people: Iterable[str] = (), within: int = 60) -> Resilience:
    """What each absence and each end of something costs a plan, exactly.

    Parameters
    ----------
    plan : Plan
        With one partner for each therapist.
    people : iterable of str
        Ids; without any, everyone in a team. With some, the worst two are sought among them, and what ends is theirs
        alone; without, among all who could be teamed, and all that ends.
    within : int
        Days to look ahead for what ends.

    Raises
    ------
    UsageError
        Nobody on the roster has such an id, there is no plan, or therapists may have several partners.

    Notes
    -----
    A pair that the plan was told to keep is kept as long as both are there and may work together.

    Examples
    --------
    >>> import kapteam
    >>> plan = kapteam.links(kapteam.example(), on=date(2026, 12, 7)).match().plan
    >>> [(a.practitioner, a.places, a.away.teamed, a.away.instead) for a in resilience(plan).absences]
    [('ana', 1, 1, ()), ('ines', 1, 1, ())]
    """
    if plan.max_partners > 1:
        raise UsageError("resilience is told of plans in which each therapist has one partner (max_partners 1)")
    if plan.conflicts:
        raise UsageError("there is no plan: what was to be kept cannot be")
    if within < 0:
        raise UsageError(f"within is a number of days, at least 0; not {within}")
    links = plan.links
    facts, pairs = links.facts, links.pairs
    least = UNKNOWN if plan.unknown == "allow" else PASS
    asked = [people] if isinstance(people, str) else list(people)
    if not all(isinstance(p, str) for p in asked):
        raise UsageError("people are ids, one after the other: resilience('ana', 'ines')")
    named = sorted({facts.person(p) for p in asked})
    solved = Solved.of(plan, most_points=sum(facts.law.practice.weights.values()))
    used = plan.rows
    teamed = np.union1d(pairs.prescriber_person[used], pairs.therapist_person[used]).tolist()
    people_told = named or teamed
    leaving = without_each(links, people_told, least)
    absences = tuple(_absence(facts, solved, p, leaving.get(p)) for p in people_told)
    usable = plan.usable
    among = named or np.union1d(pairs.prescriber_person[usable], pairs.therapist_person[usable]).tolist()
    two = worst_two(solved, among)
    endings = [
        Ending(e.practitioner, e.what, e.expires, solved.teamed - found.teamed, solved.points - found.points)
        for e, found in ended(links, solved, least, within, {facts.people[p] for p in named})
    ]
    endings.sort(key=lambda e: (-e.teamed, -e.points, e.expires, e.practitioner or "", e.what))
    worst = (
        None
        if two is None
        else WorstTwo(**_lost(facts, solved, solved.without(two), two), practitioners=_ids(facts, two))
    )
    return Resilience(facts.day, absences, worst, tuple(endings), bool(named), plan.links.supposition)


def _absence(facts: Facts, solved: Solved, person: int, others: Difference | None) -> Absence:
    left = away = solved.without([person])
    if others is not None:
        gone = np.searchsorted(solved.problem.row, others.gone)
        left = solved.changed(without=[person], gone=gone, come=others.come)
    return Absence(
        facts.people[person],
        len(solved.places(person)),
        Away(**_lost(facts, solved, away, [person])),
        Leaves(**_lost(facts, solved, left, [person]), links=0 if others is None else others.lost),
    )


def _lost(facts: Facts, solved: Solved, found: Rematch, away: Sequence[int]) -> dict[str, Any]:
    placed = {t for _, _, t in found.came} | set(away)
    no_place = sorted({facts.people[t] for _, _, t in found.left if t not in placed})
    instead = tuple(Pair(facts.sites[s], facts.people[p], facts.people[t]) for s, p, t in found.came)
    return {
        "teamed": solved.teamed - found.teamed, "points": solved.points - found.points, "instead": instead,
        "no_place": tuple(no_place),
    }  # fmt: skip


def _ids(facts: Facts, codes: Sequence[int]) -> tuple[str, str]:
    a, b = codes
    return facts.people[a], facts.people[b]
