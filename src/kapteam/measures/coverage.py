"""Coverage: which share of the therapists, and of the prescribers' hours, has anybody to work with."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from attrs import frozen

from kapteam.columns.facts import Bools, Facts
from kapteam.columns.lookup import Index
from kapteam.measures.measure import NETWORK, Measure, share
from kapteam.measures.usable import Usable
from kapteam.network.links import Links

_SLOTS_AN_HOUR = 4


@frozen
class Covered:
    """Of some people, how many are covered.

    Attributes
    ----------
    of : str
        ``network``, or the id of a site.
    therapists : int
        Candidates for the role; at a site, those with hours there.
    covered, covered_with_unknown : int
        Those who have a usable link (there): by what may be used, and if links on unknown facts were used too.
    """

    of: str
    therapists: int
    covered: int
    covered_with_unknown: int


@frozen
class Coverage:
    """Coverage of a network and of each site.

    Attributes
    ----------
    network : Covered
    sites : tuple of Covered
        By id; sites where no therapist has hours are left out.
    hours, hours_covered, hours_covered_with_unknown : float
        On-site hours a week of all prescribers; of those with a usable link.
    teamed : int
        Therapists in the best plan.
    """

    network: Covered
    sites: tuple[Covered, ...]
    hours: float
    hours_covered: float
    hours_covered_with_unknown: float
    teamed: int

    def measures(self) -> Iterator[Measure]:
        """The shares."""
        yield Measure("therapists", self.network.therapists, "people")
        for covered in (self.network, *self.sites):
            yield Measure("therapists_covered", share(covered.covered, covered.therapists), "share", covered.of)
            yield Measure(
                "therapists_covered_with_unknown", share(covered.covered_with_unknown, covered.therapists), "share",
                covered.of,
            )  # fmt: skip
        yield Measure("therapists_teamed", share(self.teamed, self.network.therapists), "share")
        yield Measure("prescriber_hours", self.hours, "hours a week")
        yield Measure("prescriber_hours_covered", share(self.hours_covered, self.hours), "share")
        yield Measure(
            "prescriber_hours_covered_with_unknown", share(self.hours_covered_with_unknown, self.hours), "share"
        )


def coverage(usable: Usable, with_unknown: Usable) -> Coverage:
    """Who is covered by the usable links, and who would be if those on unknown facts were used too."""
    facts, links = usable.facts, usable.links
    rows, more = usable.rows, with_unknown.rows
    hours = hours_on_site(facts)
    return Coverage(
        Covered(NETWORK, len(usable.therapists), int(_sitting(links, rows).sum()), int(_sitting(links, more).sum())),
        tuple(_by_site(links, rows, more)),
        float(hours[usable.prescribers].sum()),
        float(hours[_linked(links, rows)].sum()),
        float(hours[_linked(links, more)].sum()),
        usable.plan.objective.teamed,
    )


def hours_on_site(facts: Facts) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
    """By person: the written hours on site a week, at all their sites together."""
    slots = np.bitwise_count(facts.postings.week).sum(axis=1)
    return np.bincount(facts.postings.person, weights=slots, minlength=len(facts.people)) / _SLOTS_AN_HOUR


def _sitting(links: Links, rows: Index) -> Bools:
    found = np.zeros(len(links.facts.people), bool)
    found[links.pairs.therapist_person[rows]] = True
    return found


def _linked(links: Links, rows: Index) -> Bools:
    found = np.zeros(len(links.facts.people), bool)
    found[links.pairs.prescriber_person[rows]] = True
    return found


def _by_site(links: Links, rows: Index, more: Index) -> Iterator[Covered]:
    """Of the therapists with hours at each site; every link is of one of them."""
    facts, members = links.facts, links.pairs.therapists
    here = facts.postings.site[facts.candidate["therapist"][facts.postings.person]]
    there = np.bincount(here, minlength=len(facts.sites))
    counts = []
    for some in (rows, more):
        linked = np.unique(links.pairs.therapist[some])
        counts.append(np.bincount(members.site[linked], minlength=len(facts.sites)))
    for site in np.flatnonzero(there):
        yield Covered(facts.sites[site], int(there[site]), int(counts[0][site]), int(counts[1][site]))
