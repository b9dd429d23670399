"""What others lose when somebody leaves for good: the agreements in which that person is the other one."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import attrs
import numpy as np
from numpy.typing import NDArray

from kapteam.advice.rejudged import Difference, difference
from kapteam.columns.facts import Agreements, Facts
from kapteam.columns.lookup import Index
from kapteam.matching.reoptimise import Coming
from kapteam.network.candidates import pairs_of
from kapteam.network.judge import judge_pairs
from kapteam.network.links import Links
from kapteam.network.within import compiled_as
from kapteam.records.roster import Roster
from kapteam.rules.rulebook import OWN

_TABLES = ("practitioners", "licenses", "registrations", "coverage", "training", "hours", "absences")


def without_each(links: Links, people: Iterable[int], least: int) -> dict[int, Difference]:
    """How the links of others differ once each of some people, by code, has left with all that is theirs.

    Parameters
    ----------
    links : Links
    people : iterable of int
    least : int
        The verdict with which a link may be used.

    Returns
    -------
    dict of int to Difference
        Of those without whom any link is judged otherwise.

    Notes
    -----
    Of all that kapteam's own rules ask of two people, only agreements are another's: so only the links of people whose
    agreement names the one who leaves are judged again. Several who leave are judged at once where no link is of
    concern to two of them. A house's own rule may look at anything: where there is one, each is judged alone, on all.
    """
    house = any(rule not in OWN for rule in links.rulebook.rules)
    of = {person: _concerned(links, person, everyone=house) for person in people}
    judged = _each_alone(links, of) if house else _together(links, of)
    found = {}
    for person, (rows, verdicts, points) in judged.items():
        good, pairs = verdicts >= least, links.pairs
        now = rows[good]
        other = Coming(pairs.site[now], pairs.prescriber_person[now], pairs.therapist_person[now], points[good])
        differs = difference(links, rows[links.verdicts[rows] >= least], other)
        if len(differs.gone) or len(differs.come):
            found[person] = differs
    return found


#: Rows of the links with their verdicts and points, once judged again.
_Judged = tuple[Index, NDArray[np.int8], Index]


def _concerned(links: Links, person: int, *, everyone: bool) -> Index:
    """The links of others that a person's leaving concerns."""
    held, pairs = links.facts.agreements, links.pairs
    concerned = np.full(len(links.facts.people), everyone)
    concerned[held.person[held.partner == person]] = True
    p, t = pairs.prescriber_person, pairs.therapist_person
    return np.flatnonzero((concerned[p] | concerned[t]) & (p != person) & (t != person))


def _together(links: Links, of: dict[int, Index]) -> dict[int, _Judged]:
    """Judge again in as few rounds as can be."""
    held, pairs = links.facts.agreements, links.pairs
    rounds: list[tuple[list[int], NDArray[np.bool_]]] = []
    for person, rows in of.items():
        if not len(rows):
            continue
        ends = np.union1d(pairs.prescriber_person[rows], pairs.therapist_person[rows])
        fits = next((r for r in rounds if not r[1][ends].any()), None)
        if fits is None:
            rounds.append(fits := ([], np.zeros(len(links.facts.people), bool)))
        fits[0].append(person)
        fits[1][held.person[held.partner == person]] = True
    found = {}
    for left, _ in rounds:
        kept = ~np.isin(held.partner, left)
        facts = attrs.evolve(
            links.facts,
            agreements=Agreements(held.person[kept], held.partner[kept], held.kind[kept], held.jurisdiction[kept]),
            memo={},
        )
        rows = np.unique(np.concatenate([of[person] for person in left]))
        verdicts, points = _judge(links, facts, rows)
        for person in left:
            place = np.searchsorted(rows, of[person])
            found[person] = of[person], verdicts[place], points[place]
    return found


def _each_alone(links: Links, of: dict[int, Index]) -> dict[int, _Judged]:
    """Judge all links again on the roster without every row that names a person, one person after the other."""
    facts = links.facts
    found = {}
    for person, rows in of.items():
        if len(rows):
            rest = _without(facts.roster, facts.people[person])
            later = compiled_as(facts, rest)
            found[person] = (rows, *_judge(links, later, rows))
    return found


def _judge(links: Links, later: Facts, rows: Index) -> tuple[NDArray[np.int8], Index]:
    """Some of the links by other facts: verdicts and points."""
    facts, pairs = links.facts, links.pairs
    site = _codes(later.site_code, facts.sites, pairs.site[rows])
    prescriber = _codes(later.person_code, facts.people, pairs.prescriber_person[rows])
    therapist = _codes(later.person_code, facts.people, pairs.therapist_person[rows])
    judged = Links(judge_pairs(pairs_of(later, site, prescriber, therapist), links.rulebook))
    return judged.verdicts, judged.points


def _codes(code: dict[str, int], ids: Sequence[str], of: Index) -> Index:
    return np.array([code.get(id, -1) for id in ids], np.int64)[of]


def _without(roster: Roster, left: str) -> Roster:
    tables = {table: [row for row in roster.table(table) if row.practitioner != left] for table in _TABLES}
    return Roster(
        sites=roster.sites,
        agreements=[a for a in roster.agreements if left not in (a.practitioner, a.with_)],
        ties=[t for t in roster.ties if left not in (t.a, t.b)],
        demand=[d for d in roster.demand if d.therapist != left],
        practice=roster.practice,
        **tables,
    )
