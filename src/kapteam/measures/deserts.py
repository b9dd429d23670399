"""Deserts: where, and for what, there is a need and nobody who may work together."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping

import numpy as np
from attrs import frozen

from kapteam.columns.facts import Facts
from kapteam.measures.brings import Holders, languages, modalities
from kapteam.measures.measure import Measure
from kapteam.measures.usable import Usable
from kapteam.records.places import Demand

KINDS = ("site", "jurisdiction", "modality", "language", "demand")


@frozen
class Desert:
    """A need without a usable pair.

    Attributes
    ----------
    kind : {"site", "jurisdiction", "modality", "language", "demand"}
        ``demand``: one row of demand, which no usable pair at its site can serve.
    of : str
        A site's id, a jurisdiction, a name, a language's tag; of a row of demand its site's id.
    therapists : int
        Therapists with hours there, or who have it; of a row of demand, those with hours there who have what it asks.
    sessions : int
        Weekly sessions that rows of demand ask for there, or of it.
    if_unknown : bool
        Whether links that rest on unknown facts would end it.
    modality, language : str or None
        What a row of demand asks for.
    """

    kind: str
    of: str
    therapists: int
    sessions: int
    if_unknown: bool
    modality: str | None = None
    language: str | None = None


@frozen
class Deserts:
    """All of them, and how many needs there are.

    Attributes
    ----------
    found : tuple of Desert
        By kind, in the order of ``KINDS``, then by id.
    needs : dict of str to int
        By kind: how many have a need, met or not.
    """

    found: tuple[Desert, ...]
    needs: Mapping[str, int]

    def measures(self) -> Iterator[Measure]:
        """How many there are of each kind."""
        many = Counter(d.kind for d in self.found)
        for kind in KINDS:
            plural = {"modality": "modalities", "demand": "rows"}.get(kind, f"{kind}s")
            yield Measure(f"{kind}_deserts", many[kind] if self.needs[kind] else None, plural)


@frozen
class _Served:
    """What the usable links of one reading serve: therapists by site, and all of them."""

    at: Mapping[int, frozenset[int]]
    anywhere: frozenset[int]

    @classmethod
    def by(cls, usable: Usable) -> _Served:
        members = usable.links.pairs.therapists
        linked = np.unique(usable.links.pairs.therapist[usable.rows])
        at: dict[int, set[int]] = {}
        for site, person in zip(members.site[linked].tolist(), members.person[linked].tolist(), strict=True):
            at.setdefault(site, set()).add(person)
        return cls({s: frozenset(p) for s, p in at.items()}, frozenset(members.person[linked].tolist()))

    def here(self, site: int) -> frozenset[int]:
        return self.at.get(site, frozenset())


def deserts(usable: Usable, with_unknown: Usable) -> Deserts:
    """Every need without a usable pair.

    A site has a need where a therapist has hours or a row of demand is; a jurisdiction where one of its sites has; a
    modality or a language where a therapist has it or a row of demand asks for it; each row of demand is one.
    """
    facts = usable.facts
    now, then = _Served.by(usable), _Served.by(with_unknown)
    there = _therapists_there(facts)
    asked: Counter[int] = Counter()
    for row in facts.roster.demand:
        asked[facts.site_code[row.site]] += row.sessions
    sites = [s for s in range(len(facts.sites)) if there.get(s) or asked[s]]
    found = [
        Desert("site", facts.sites[s], len(there.get(s, ())), asked[s], bool(then.here(s)))
        for s in sites if not now.here(s)
    ]  # fmt: skip
    needs = {"site": len(sites)}
    in_place: dict[int, list[int]] = {}
    for s in sites:
        in_place.setdefault(int(facts.site_jurisdiction[s]), []).append(s)
    needs["jurisdiction"] = len(in_place)
    for place, own in sorted(in_place.items()):
        if not any(now.here(s) for s in own):
            people = frozenset[int]().union(*(there.get(s, frozenset()) for s in own))
            wanted, open_ = sum(asked[s] for s in own), any(then.here(s) for s in own)
            found.append(Desert("jurisdiction", facts.jurisdictions[place], len(people), wanted, open_))
    held = {"modality": modalities(facts), "language": languages(facts)}
    sits = frozenset(usable.therapists.tolist())
    for kind, holders in held.items():
        wants = _wanted(facts, kind)
        names = sorted({name for name, people in holders.items() if people & sits} | wants.keys())
        needs[kind] = len(names)
        for name in names:
            people = holders.get(name, frozenset()) & sits
            if not people & now.anywhere:
                found.append(Desert(kind, name, len(people), wants[name], bool(people & then.anywhere)))
    needs["demand"] = len(facts.roster.demand)
    found += _unserved(facts, now, then, there, held)
    return Deserts(tuple(found), needs)


def _unserved(
    facts: Facts, now: _Served, then: _Served, there: Mapping[int, frozenset[int]], held: Mapping[str, Holders]
) -> Iterator[Desert]:
    for row in sorted(facts.roster.demand, key=lambda d: d.site):
        site, able = facts.site_code[row.site], _able(facts, row, held)
        if not _some(now.here(site), able):
            here = there.get(site, frozenset())
            yield Desert(
                "demand", row.site, len(here if able is None else here & able), row.sessions,
                _some(then.here(site), able), row.modality, row.language,
            )  # fmt: skip


def _some(here: frozenset[int], able: frozenset[int] | None) -> bool:
    return bool(here if able is None else here & able)


def _able(facts: Facts, row: Demand, held: Mapping[str, Holders]) -> frozenset[int] | None:
    """Who has what a row of demand asks for; None for everybody."""
    asked = []
    if row.modality is not None:
        asked.append(held["modality"].get(facts.law.modality(row.modality)[0], frozenset()))
    if row.language is not None:
        asked.append(held["language"].get(row.language, frozenset()))
    if row.therapist is not None and facts.protocol.therapists == 1:
        asked.append(frozenset([facts.person_code[row.therapist]]))
    return frozenset.intersection(*asked) if asked else None


def _wanted(facts: Facts, kind: str) -> Counter[str]:
    """Weekly sessions that rows of demand ask for, by kapteam's own name of what they ask."""
    found: Counter[str] = Counter()
    for row in facts.roster.demand:
        if kind == "modality" and row.modality is not None:
            found[facts.law.modality(row.modality)[0]] += row.sessions
        if kind == "language" and row.language is not None:
            found[row.language] += row.sessions
    return found


def _therapists_there(facts: Facts) -> dict[int, frozenset[int]]:
    """By site: the therapists with hours there."""
    found: dict[int, set[int]] = {}
    sits = facts.candidate["therapist"]
    for site, person in zip(facts.postings.site.tolist(), facts.postings.person.tolist(), strict=True):
        if sits[person]:
            found.setdefault(site, set()).add(person)
    return {site: frozenset(people) for site, people in found.items()}
