"""What another law would make of a network: only the links of places that it is about are judged again."""

from __future__ import annotations

from copy import copy

import attrs
import numpy as np
from attrs import frozen

from kapteam.columns.facts import Facts
from kapteam.columns.lookup import Index
from kapteam.columns.members import Members
from kapteam.columns.pairs import Pairs
from kapteam.columns.parts import parts
from kapteam.law.day import LawOnDay
from kapteam.matching.capacity import capacities
from kapteam.matching.certificate import least_prices, proves
from kapteam.matching.market import Used, problem_of, usable_rows
from kapteam.matching.optimum import optimum
from kapteam.network.candidates import candidate_pairs
from kapteam.network.judge import judge_pairs
from kapteam.network.links import Links
from kapteam.records.practice import Practice
from kapteam.records.roster import Roster
from kapteam.rules.rulebook import Rulebook
from kapteam.sweeps.scenarios import Scenario
from kapteam.sweeps.today import Edges, Today, edges_of


@frozen
class Outcome:
    """What the best teams of a network come to.

    Attributes
    ----------
    teamed, points : int
    links_usable : int
    therapists_covered : int
        Therapists with a usable link.
    """

    teamed: int
    points: int
    links_usable: int
    therapists_covered: int

    def less(self, other: Outcome) -> Outcome:
        """The difference from another one."""
        ours, theirs = attrs.astuple(self), attrs.astuple(other)
        return Outcome(*(a - b for a, b in zip(ours, theirs, strict=True)))


def outcome(today: Today, scenario: Scenario) -> Outcome:
    """What the best teams would come to; a pure function.

    Notes
    -----
    The law of a place bears on links at sites there and on no others, as long as all rules are kapteam's own; so where
    a scenario is about some places only, the links of all other sites stay as they are. Teams do not: a prescriber may
    serve sites of several places. What can differ lies in the connected parts in which a link of these places is, or
    was; they are solved anew, and proven, and the others keep their teams.
    """
    facts, rulebook = _under(today, scenario)
    places = None if today.house else scenario.places
    concerned = _sites(facts, places)
    was = concerned[today.usable.site]
    now = _judged(facts, rulebook, today.unknown, concerned)
    usable = today.usable.take(~was).and_(now)

    everything = today.usable.and_(now)
    label = parts(len(facts.people), everything.prescriber, everything.therapist)
    touched = np.zeros(len(facts.people), bool)
    touched[label[today.usable.prescriber[was]]] = True
    touched[label[now.prescriber]] = True
    stays = today.used & ~touched[label[today.usable.prescriber]]
    # What a prescriber can take hangs on hours and policies, and not on the law of a place.
    limit = capacities(facts if places is None else today.facts)
    teamed, points = _best(limit, usable.take(touched[label[usable.prescriber]]))
    return Outcome(
        teamed + int(stays.sum()),
        points + int(today.usable.points[stays].sum()),
        len(usable),
        len(np.unique(usable.therapist)),
    )


def as_it_is(today: Today) -> Outcome:
    """What the best teams of today come to."""
    usable, used = today.usable, today.used
    return Outcome(int(used.sum()), int(usable.points[used].sum()), len(usable), len(np.unique(usable.therapist)))


def _under(today: Today, scenario: Scenario) -> tuple[Facts, Rulebook]:
    """The same facts under the law of a scenario: nothing of the roster is compiled again."""
    facts = today.facts
    practice = scenario.practice(facts.law.practice)
    law = LawOnDay(facts.day, practice, facts.law.packs)
    other = attrs.evolve(facts, roster=_with(facts.roster, practice), law=law, memo={})
    return other, Rulebook.of(practice, today.house)


def _with(roster: Roster, practice: Practice) -> Roster:
    """The roster with another practice of the same protocols: its rows need no new check."""
    same = copy(roster)
    object.__setattr__(same, "practice", practice)
    return same


def _sites(facts: Facts, places: tuple[str, ...] | None) -> Used:
    """The sites of some jurisdictions; all of them with None."""
    if places is None:
        return np.ones(len(facts.sites), bool)
    codes = [facts.jurisdictions.index(place) for place in places if place in facts.jurisdictions]
    return np.isin(facts.site_jurisdiction, codes)


def _judged(facts: Facts, rulebook: Rulebook, unknown: str, sites: Used) -> Edges:
    """The links at some sites that may be used."""
    pairs = candidate_pairs(facts)
    if not sites.all():
        pairs = _some(pairs, np.flatnonzero(sites[pairs.site]))
    links = Links(judge_pairs(pairs, rulebook))
    return edges_of(links, usable_rows(links, unknown))


def _some(pairs: Pairs, rows: Index) -> Pairs:
    """Some of the links, and of their members only those that occur in them."""
    prescribers, prescriber = _occurring(pairs.prescribers, pairs.prescriber[rows])
    therapists, therapist = _occurring(pairs.therapists, pairs.therapist[rows])
    return Pairs(prescribers, therapists, prescriber, therapist)


def _occurring(members: Members, row: Index) -> tuple[Members, Index]:
    occurs = np.zeros(len(members), bool)
    occurs[row] = True
    return members.take(np.flatnonzero(occurs)), (np.cumsum(occurs) - 1)[row]


def _best(limit: Index, edges: Edges) -> tuple[int, int]:
    """How many can be teamed, and for how many points; proven."""
    problem = problem_of(limit, edges.prescriber, edges.therapist, edges.points)
    prices = least_prices(problem, optimum(problem))
    if not proves(problem, prices):
        raise RuntimeError("the prices do not prove the plan: please report this roster")
    return prices.teamed, prices.points
