"""Who completes a person, best first: everybody of the other role, judged with them by every rule."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

import attrs
import numpy as np
from attrs import field, frozen

from kapteam.advice.alone import alone
from kapteam.advice.ask import questions
from kapteam.advice.explain import Explained, finding
from kapteam.advice.pairing import LEFT_OUT, ROLES, STATUSES, TO_ASK, Asked, asked_of, best_first, statuses
from kapteam.columns.facts import Facts, in_force
from kapteam.columns.logic import UNKNOWN
from kapteam.columns.lookup import Index
from kapteam.columns.trainings import trainings
from kapteam.network.links import Links
from kapteam.records.problems import UsageError
from kapteam.rules.rule import Finding


@frozen
class Brings:
    """Something that one person has on the roster and the other has not.

    Attributes
    ----------
    kind : {"modality", "language", "life_support"}
    name : str or None
        The complementary modality, or the language's tag.
    """

    kind: str
    name: str | None


@frozen
class Partner:
    """One who completes a person at a site, or what is in the way of it.

    Attributes
    ----------
    practitioner : str
    role : {"prescriber", "therapist", "both"}
        Theirs; ``both`` for the person by themself.
    site : str
    status : {"pass", "unknown", "to_ask", "fail"}
        The link's verdict; ``to_ask`` of one whose hours nobody wrote down, who is no team and no yes.
    points, weekly_sessions : int
        The link's.
    distance_km : float or None
        How far the one of the two who is farther from the site is from it, by where they have hours.
    brings : tuple of Brings
        What they have and the person has not.
    findings : tuple of Finding
        What is in the way, each with its remedy.
    dollars, days : int or None
        What all of these remedies cost together, and the longest of their lead times; None where one has none.
    questions : tuple of str
        What to ask them.
    """

    practitioner: str
    role: str
    site: str
    status: str
    points: int
    weekly_sessions: int
    distance_km: float | None
    brings: tuple[Brings, ...]
    findings: tuple[Finding, ...]
    dollars: int | None
    days: int | None
    questions: tuple[str, ...]

    def as_dict(self) -> dict[str, Any]:
        """As the JSON contract has it."""
        return {
            **attrs.asdict(self),
            "brings": [attrs.asdict(b) for b in self.brings],
            "findings": [f.as_dict() for f in self.findings],
            "questions": list(self.questions),
        }


@frozen
class Complement:
    """Who completes a person.

    Attributes
    ----------
    on : date
        The day judged.
    practitioner : str
        Who asked.
    partners : tuple of Partner
        The best first.
    solo : tuple of Partner
        The person by themself, where they fill both roles and the protocol lets them.
    alone : tuple of Finding
        What of the person alone stands in the way of any team, and what of it nobody wrote down.
    people : dict of str to int
        How many others of the other role there are, each by the best that they can be.
    more : int
        How many further entries there are.
    supposition : mapping
        What was made up or supposed for it, as its document says it; empty where nothing was.
    """

    on: date
    practitioner: str
    partners: tuple[Partner, ...]
    solo: tuple[Partner, ...]
    alone: tuple[Finding, ...]
    people: dict[str, int]
    more: int
    supposition: Mapping[str, Any] = field(factory=dict)

    def as_dict(self) -> dict[str, Any]:
        """As the JSON contract has it."""
        return {
            "on": self.on.isoformat(),
            "practitioner": self.practitioner,
            "complement": [p.as_dict() for p in self.partners],
            "solo": [p.as_dict() for p in self.solo],
            "alone": [f.as_dict() for f in self.alone],
            "people": self.people,
            "more": self.more,
            **self.supposition,
        }


def complement(
    links: Links, person: str, *, site: str | None = None, anyone: bool = False, best: int = 10
) -> Complement:
    """Who completes a person: for a therapist the prescribers, for a prescriber the therapists, for one of both, both.

    Everybody else of the other role is judged with the person by every rule, at each site where either of the two has
    hours (at all sites where neither has any), whether a list shows the link or not. First those that pass, then those
    that rest on an unknown fact, then those that fail, then those to ask; among these the fewest findings in the way,
    then the most points, then the nearest, then the ids of person, site and role.

    Parameters
    ----------
    links : Links
    person : str
    site : str, optional
        Only there.
    anyone : bool
        Whether those are told apart, as ``to_ask``, of whom nobody wrote down any hours and who share no site with
        the person. They are judged at the person's sites alone. Where the person has no hours at all, everybody who
        fails with them is one to ask. Who avoids the person is none.
    best : int
        How many entries to give, and how many to ask beside them.

    Raises
    ------
    UsageError
        The person or the site is not on the roster, or ``best`` is below 1.

    Examples
    --------
    >>> import kapteam, datetime
    >>> links = kapteam.links(kapteam.example(), on=datetime.date(2026, 12, 7)).links
    >>> [(p.practitioner, p.role, p.status) for p in complement(links, "ana").partners]
    [('ines', 'prescriber', 'pass')]
    """
    if not isinstance(best, int) or best < 1:
        raise UsageError(f"best is a whole number, at least 1; not {best!r}")
    facts = links.facts
    me = facts.person(person)
    where = None if site is None else np.array([facts.place(site)])
    asked = asked_of(links, me, where)
    status = statuses(asked, me, where, anyone)
    kept = np.flatnonzero(status != LEFT_OUT)
    order = kept[best_first(asked, status[kept], kept)]
    others, solo = order[~asked.solo[order]], order[asked.solo[order]]
    to_ask = status[others] == TO_ASK
    given = np.concatenate([others[~to_ask][:best], others[to_ask][:best]])
    roles = [role for role in ROLES if facts.candidate[role][me]]
    return Complement(
        on=facts.day,
        practitioner=person,
        partners=tuple(_partner(asked, me, int(row), int(status[row])) for row in given),
        solo=tuple(_partner(asked, me, int(row), int(status[row])) for row in solo),
        alone=tuple(f for role in roles for f in alone(links, me, role, where, unknown=True)),
        people=_people(asked.other[others], status[others]),
        more=len(others) - len(given),
        supposition=links.supposition,
    )


def _people(others: Index, status: Index) -> dict[str, int]:
    """How many people there are of each status, each by their best; the entries are the best first."""
    _, first = np.unique(others, return_index=True)
    count = np.bincount(status[first], minlength=len(STATUSES))
    return {word: int(n) for word, n in zip(STATUSES, count, strict=True)}


def _partner(asked: Asked, me: int, row: int, status: int) -> Partner:
    links, facts = asked.links, asked.links.facts
    link, other = links.link(row), int(asked.other[row])
    judged = links.judged
    short = [
        finding(links, j, row) for j in judged.judgements
        if judged.rulebook.blocks(j.rule) and judged.on_links(j, np.array([row]))[0] <= UNKNOWN
    ]  # fmt: skip
    in_the_way = Explained(link, tuple(short)).in_the_way
    remedies = [f.remedy for f in in_the_way]
    dollars = [None if r is None else r.dollars for r in remedies]
    days = [None if r is None else r.days for r in remedies]
    role = "both" if asked.solo[row] else "prescriber" if asked.prescribes[row] else "therapist"
    listed, far = bool(links.pairs.listed[row]), float(asked.distance[row])
    return Partner(
        practitioner=facts.people[other],
        role=role,
        site=link.site,
        status=STATUSES[status],
        points=link.points,
        weekly_sessions=link.weekly_sessions,
        distance_km=None if np.isnan(far) else far,
        brings=_brings(facts, other, me),
        findings=in_the_way,
        dollars=sum(d for d in dollars if d is not None) if listed and None not in dollars else None,
        days=max((d for d in days if d is not None), default=0) if listed and None not in days else None,
        questions=questions(links, row, other, in_the_way, failing=status == TO_ASK),
    )


def _brings(facts: Facts, other: int, me: int) -> tuple[Brings, ...]:
    """What one has and the other has not, as the roster shows it.

    A blank cell of modalities has none, as for points; a blank cell of languages tells nothing: everyone speaks one.
    """
    found = [Brings("modality", m) for m in sorted(_modalities(facts, other) - _modalities(facts, me))]
    theirs, mine = (facts.roster.people[facts.people[p]].languages for p in (other, me))
    if mine:
        found += [Brings("language", tag) for tag in sorted(set(theirs or ()) - set(mine))]
    trained = trainings(facts).has["life_support"]
    if trained[other] and not trained[me]:
        found.append(Brings("life_support", None))
    return tuple(found)


def _modalities(facts: Facts, person: int) -> set[str]:
    """The complementary modalities that a person has, by their own names."""
    id = facts.people[person]
    named = [*(facts.roster.people[id].modalities or ())]
    named += [
        t.name for t in facts.roster.training
        if t.practitioner == id and t.kind == "modality" and t.name and in_force(facts.day, t.completed, t.expires)
    ]  # fmt: skip
    known = map(facts.law.modality, named)
    return {own for own, _, complements in known if complements}
