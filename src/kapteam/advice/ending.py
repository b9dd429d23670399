"""What the plan loses when something ends that is not renewed, each thing by itself."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Container, Iterator
from datetime import date, timedelta
from typing import Any

import attrs
import numpy as np
from attrs import field, frozen
from numpy.typing import NDArray

from kapteam.advice.check import Expiring, expiring
from kapteam.advice.rejudged import difference
from kapteam.columns.facts import Facts, in_force
from kapteam.columns.lookup import Index
from kapteam.law.day import FEDERAL
from kapteam.law.entries import Entry
from kapteam.law.packs import Packs
from kapteam.matching.capacity import capacities
from kapteam.matching.reoptimise import Coming, Rematch, Solved
from kapteam.network.candidates import candidate_pairs, pairs_of
from kapteam.network.judge import judge_pairs
from kapteam.network.links import Links
from kapteam.network.within import compiled_as
from kapteam.rules.rulebook import OWN

#: From when to when a row of a table is in force.
_DATES = {
    "licenses": ("issued", "expires"),
    "registrations": ("issued", "expires"),
    "coverage": ("effective", "expires"),
    "training": ("completed", "expires"),
    "agreements": ("effective", "expires"),
    "hours": ("from_", "until"),
}

#: What two rows of one person, or site, say the same thing by: the one renews the other.
_SAME = {
    "licenses": ("jurisdiction", "profession"),
    "registrations": ("site", "issuer", "jurisdiction"),
    "coverage": ("role",),
    "training": ("kind", "name"),
    "agreements": ("with_", "kind", "jurisdiction"),
    "hours": ("site",),
}


@frozen
class _Later(Packs):
    """The packs as they are on the day after one of their entries has ended; all else as it is."""

    ended: Entry = field(kw_only=True)

    def entries(self, jurisdiction: str) -> tuple[Entry, ...]:
        """Without the one that has ended; what follows it is already in force."""
        held, ended = super().entries(jurisdiction), self.ended
        if ended not in held or ended.until is None or ended.until == date.max:
            return held
        after = ended.until + timedelta(days=1)
        return tuple(
            attrs.evolve(e, from_=None) if (e.subject, e.key) == (ended.subject, ended.key) and e.in_force(after) else e
            for e in held
            if e != ended
        )


def ended(
    links: Links, solved: Solved, least: int, within: int, whose: Container[str] = ()
) -> Iterator[tuple[Expiring, Rematch]]:
    """Everything that ends within so many days of the day judged, and the best plan once it has.

    Parameters
    ----------
    links : Links
    solved : Solved
        Their market.
    least : int
        The verdict with which a link may be used.
    within : int
        Days.
    whose : container of str
        Only what is these people's, by id; everything where nobody is named.

    Yields
    ------
    Expiring, Rematch
        Of each row: on the day judged, with that row ended, what renews it by the day after already in force, and
        nothing else changed. Of the law: likewise, with what follows the entry.
    """
    facts = links.facts
    if facts.day == date.max:
        return
    tomorrow = facts.day + timedelta(days=1)
    soon = Counter(expiring(facts, within))
    days = {e.expires for e in soon}
    for table, (begin, end) in _DATES.items():
        rows = facts.roster.table(table)
        for number, row in enumerate(rows):
            first, last = getattr(row, begin), getattr(row, end)
            if (not whose or row.practitioner in whose) and last in days and in_force(facts.day, first, last):
                # Out of force as if it had ended; but two policies of one person may not overlap, so there it goes.
                over = [] if table == "coverage" else [attrs.evolve(row, **{begin: tomorrow, end: None})]
                others = [*rows[:number], *rows[number + 1 :]]
                later = _compiled(facts, table, [*over, *(_renewed(facts.day, row, other) for other in others)])
                yield from _named(soon, later, within, _rematch(links, solved, least, later, row))
    if whose:
        return
    packs = facts.law.packs
    for place in (FEDERAL, *facts.jurisdictions):
        for entry in packs.entries(place):
            if entry.until in days and entry.in_force(facts.day):
                law = _Later(packs.root, ended=entry)
                later = compiled_as(facts, facts.roster, law)
                yield from _named(soon, later, within, _rematch(links, solved, least, later, None))


def _renewed(day: date, row: Any, other: Any) -> Any:
    """Another row of the table; if it goes on where the one ends, as if it had begun already."""
    begin, end = _DATES[row.table]
    first, last = getattr(other, begin), getattr(row, end)
    same = all(getattr(other, name) == getattr(row, name) for name in ("practitioner", *_SAME[row.table]))
    if not same or first is None or first <= day or last == date.max or first > last + timedelta(days=1):
        return other
    return attrs.evolve(other, **{begin: day})


def _compiled(facts: Facts, table: str, rows: list[Any]) -> Facts:
    """The facts of the day with other rows in one table."""
    return compiled_as(facts, facts.roster.with_tables({table: rows}))


def _named(soon: Counter[Expiring], later: Facts, within: int, found: Rematch) -> Iterator[tuple[Expiring, Rematch]]:
    """What has ended, in the words that `check` has for it: what is no longer among what ends soon."""
    for one in soon - Counter(expiring(later, within)):
        yield one, found


def _rematch(links: Links, solved: Solved, least: int, later: Facts, row: Any) -> Rematch:
    """The best plan on other facts, of which only the links that a row touches are judged again; None is all."""
    of = _touched(links, row)
    pairs = candidate_pairs(later)
    some = np.flatnonzero(of(pairs.site, pairs.prescriber_person, pairs.therapist_person))
    again = pairs_of(later, pairs.site[some], pairs.prescriber_person[some], pairs.therapist_person[some])
    judged = Links(judge_pairs(again, links.rulebook))
    usable = judged.verdicts >= least
    now = Coming(
        again.site[usable], again.prescriber_person[usable], again.therapist_person[usable], judged.points[usable]
    )
    before = links.pairs
    rows = np.flatnonzero(
        (links.verdicts >= least) & of(before.site, before.prescriber_person, before.therapist_person)
    )
    differs = difference(links, rows, now)
    room, was = capacities(later), capacities(links.facts)
    others = {*np.flatnonzero(room != was).tolist(), *differs.come.prescriber.tolist()}
    gone = np.searchsorted(solved.problem.row, differs.gone)
    return solved.changed(gone=gone, come=differs.come, capacity={p: int(room[p]) for p in sorted(others)})


def _touched(links: Links, row: Any) -> Callable[[Index, Index, Index], NDArray[np.bool_]]:
    """Which links a row may have a say in: those of its person, of a site, or of those who have an agreement."""
    facts = links.facts
    people, sites = np.zeros(len(facts.people), bool), np.zeros(len(facts.sites), bool)
    if row is None or any(rule not in OWN for rule in links.rulebook.rules):
        people[:] = True
    elif row.practitioner is None:
        sites[facts.site_code[row.site]] = True
    else:
        person = facts.person_code[row.practitioner]
        people[person] = True
        if row.table == "licenses":
            people[facts.agreements.person[facts.agreements.partner == person]] = True

    def of(site: Index, prescriber: Index, therapist: Index) -> NDArray[np.bool_]:
        return np.asarray(sites[site] | people[prescriber] | people[therapist])

    return of
