"""A roster with many people who could be hired, judged at once; and what each of them adds to the best teams."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import attrs
import numpy as np
from attrs import define
from numpy.typing import NDArray

from kapteam.advice.hire import NOTHING, Gain, hire_ids, outside_rows, rows_of, with_rows
from kapteam.advice.profiles import Profile
from kapteam.columns.facts import Facts
from kapteam.columns.lookup import Index
from kapteam.columns.parts import parts
from kapteam.matching.capacity import capacities
from kapteam.matching.certificate import least_prices
from kapteam.matching.market import Market, market, usable_rows
from kapteam.matching.match import Plan
from kapteam.matching.optimum import least_draw, optimum
from kapteam.network.candidates import pairs_of
from kapteam.network.judge import judge_pairs
from kapteam.network.links import Links
from kapteam.network.within import compiled_as


@define(eq=False)
class Grown:
    """A roster with many people who could be hired, judged at once.

    Attributes
    ----------
    links : Links
        Those of today, and those of the hires.
    old, new : array of int
        Of the former and of the latter the rows that may be used, and whose prescriber can take anybody.
    hire : array of int
        Whose they are: for each of ``new`` the position among the people given.
    code : array of int
        By hire: their code among the people.
    hired : array of bool
        By person.
    """

    links: Links
    old: Index
    new: Index
    hire: Index
    code: Index
    hired: NDArray[np.bool_]


def grow(plan: Plan, people: Sequence[Profile], copies: int = 1) -> Grown:
    """The network of today with ``copies`` of each profile, which have links with one another and with nobody else's.

    The people of one profile are ``hire-1``, ``hire-2`` and so on to the draw, as they would be on a roster of theirs.
    """
    links, base = plan.links, plan.links.facts
    usable = plan.usable[capacities(base)[links.pairs.prescriber_person[plan.usable]] != 0]
    signing = {(p.jurisdiction, p.outside): p for p in people if p.outside is not None}
    count = len(people) * copies
    names, _ = hire_ids(base.roster, count + len(signing))
    given, signs = names[:count], dict(zip(signing, names[count:], strict=True))
    rows = [row for key, profile in signing.items() for row in outside_rows(profile, signs[key])]
    for i, profile in enumerate(people):
        signer = signs[profile.jurisdiction, profile.outside] if profile.outside else ""
        for id in given[i * copies : (i + 1) * copies]:
            rows += rows_of(base, profile, id, signer)
    facts = compiled_as(base, with_rows(base.roster, rows))
    moved = np.array([facts.person_code[id] for id in base.people], np.int64)
    code = np.array([facts.person_code[id] for id in given], np.int64)
    site, prescriber, therapist, whose = _triples(facts, people, code.reshape(-1, copies), moved)
    pairs = links.pairs
    triples = (
        np.concatenate([pairs.site[usable], site]),
        np.concatenate([moved[pairs.prescriber_person[usable]], prescriber]),
        np.concatenate([moved[pairs.therapist_person[usable]], therapist]),
    )
    grown = Links(judge_pairs(pairs_of(facts, *triples), links.rulebook))
    old = np.arange(len(usable))
    may = np.zeros(len(grown), bool)
    may[usable_rows(grown, plan.unknown)] = True
    may &= grown.pairs.listed & (capacities(facts)[grown.pairs.prescriber_person] != 0)
    new = np.flatnonzero(may[len(old) :])
    assert len(grown.points) == len(grown)
    # All is judged; from here on only the draw reads ids, and it must read those that a hire would have.
    drawn = dict(zip(given, names[:copies] * len(people), strict=True))
    facts.people = [drawn.get(id, id) for id in facts.people]
    hired = np.zeros(len(facts.people), bool)
    hired[code] = True
    return Grown(grown, old, new + len(old), whose[new], code, hired)


def _triples(facts: Facts, people: Sequence[Profile], code: Index, moved: Index) -> tuple[Index, Index, Index, Index]:
    """Site, prescriber, therapist of every link that a hire could have, and the number of the hire's profile.

    A hire's policy asks for presence throughout, so all of them are between people with hours at the site.
    """
    held = facts.postings
    known = np.zeros(len(facts.people), bool)
    known[moved] = True
    here: dict[int, tuple[Index, Index]] = {}
    blocks: list[tuple[int, int, Index, Index]] = []
    for number, profile in enumerate(people):
        site = facts.site_code[profile.site]
        if site not in here:
            there = held.person[np.searchsorted(held.site, site) : np.searchsorted(held.site, site + 1)]
            there = there[known[there]]
            here[site] = there[facts.candidate["prescriber"][there]], there[facts.candidate["therapist"][there]]
        prescribers, therapists = here[site]
        own = code[number]
        if profile.prescribes:
            others = np.concatenate([therapists, own]) if profile.sits else therapists
            blocks.append((site, number, np.repeat(own, len(others)), np.tile(others, len(own))))
        if profile.sits:
            blocks.append((site, number, np.repeat(prescribers, len(own)), np.tile(own, len(prescribers))))
    sizes = [len(p) for _, _, p, _ in blocks]
    none = [np.empty(0, np.int64)]
    return (
        np.repeat(np.array([s for s, _, _, _ in blocks], np.int64), sizes),
        np.concatenate([p for _, _, p, _ in blocks] or none),
        np.concatenate([t for _, _, _, t in blocks] or none),
        np.repeat(np.array([n for _, n, _, _ in blocks], np.int64), sizes),
    )


class Gains:
    """Solves what hires add; the connected parts of today that they have no links to stay as they are."""

    def __init__(self, grown: Grown) -> None:
        self.grown = grown
        pairs, people = grown.links.pairs, len(grown.hired)
        self.today = market(grown.links, grown.old)
        self.used = optimum(self.today)
        prescriber, therapist = pairs.prescriber_person[grown.old], pairs.therapist_person[grown.old]
        self.part = parts(people, prescriber, therapist)
        part = self.part[therapist]
        self.of_part = _grouped(part, grown.old)
        self.teamed = np.bincount(part[self.used], minlength=people)
        self.points = np.zeros(people, np.int64)
        np.add.at(self.points, part[self.used], grown.links.points[grown.old][self.used])
        self.rows_of = _grouped(grown.hire, grown.new)

    def worth(self, rows: Index, profile: Profile, count: int) -> Gain:
        """What ``count`` hires of one profile add by their links."""
        links, pairs = self.grown.links, self.grown.links.pairs
        ends = np.concatenate([pairs.prescriber_person[rows], pairs.therapist_person[rows]])
        touched = np.unique(self.part[ends[~self.grown.hired[ends]]])
        old = [self.of_part[int(part)] for part in touched if int(part) in self.of_part]
        problem = market(links, np.concatenate([*old, rows]))
        used = optimum(problem)
        teamed = int(used.sum()) - int(self.teamed[touched].sum())
        points = int(problem.points[used].sum()) - int(self.points[touched].sum())
        if (teamed, points) <= (0, 0):
            return NOTHING
        sitting = {"prescriber": 0, "therapist": count}.get(profile.role)
        if sitting is None:  # of plans that are equally good one may have them sit and another not: the draw decides
            used = least_draw(problem, least_prices(problem, used), used)
            sitting = int(self.grown.hired[problem.therapists[problem.therapist[used]]].sum())
        # A therapist whose hire adds anything is teamed in every best plan, or the plan without them were as good.
        return Gain(count, teamed, teamed - sitting, points)

    def signature(self, number: int) -> bytes:
        """What decides a hire's gain: the links with others, their points and the hire's capacity."""
        links, own = self.grown.links, self.grown.code[number]
        rows = self.rows_of.get(number, np.empty(0, np.int64))
        prescriber, therapist = links.pairs.prescriber_person[rows], links.pairs.therapist_person[rows]
        room = capacities(links.facts)[own] if (prescriber == own).any() else 0
        ends = [np.where(end == own, -1, end) for end in (prescriber, therapist)]
        return np.concatenate([[room], *ends, links.points[rows]]).tobytes()

    def bounds(self, people: Sequence[Profile]) -> list[Gain]:
        """What each hire adds at most; of therapists, what each adds."""
        links, pairs, new = self.grown.links, self.grown.links.pairs, self.grown.new
        every = np.concatenate([self.grown.old, new])
        # So large that teamed and points can be told apart in a sum of both, points that are lost included.
        worth = 2 * (1 + int(links.points[every].max(initial=0)) * (len(np.unique(pairs.therapist_person[every])) + 1))
        value = worth + links.points[new]
        least, roster = [], np.zeros(len(people), np.int64)
        for number, (y, z) in enumerate(self._prices(worth)):
            sits = np.zeros(len(self.grown.hired), np.int64)
            here = np.flatnonzero(self.grown.hired[pairs.therapist_person[new]] & ~self._own(new))
            np.maximum.at(sits, pairs.therapist_person[new[here]], (value - y[pairs.prescriber_person[new]])[here])
            paid = value - (z + sits)[pairs.therapist_person[new]]
            least.append(sits[self.grown.code] + self._most(paid, np.ones(len(new), bool), len(people)))
            if number == 0:
                roster = self._most(paid, ~self.grown.hired[pairs.therapist_person[new]], len(people))
        total = np.minimum(*least)
        found = []
        for profile, bound, of_roster in zip(people, total.tolist(), roster.tolist(), strict=True):
            teamed, alone = ((most + worth // 2) // worth for most in (bound, of_roster))
            theirs = {"prescriber": teamed, "therapist": teamed - 1}.get(profile.role, alone)
            found.append(Gain(1, teamed, theirs, bound - teamed * worth) if bound else NOTHING)
        return found

    def _own(self, rows: Index) -> NDArray[np.bool_]:
        """Links between hires."""
        pairs = self.grown.links.pairs
        return self.grown.hired[pairs.prescriber_person[rows]] & self.grown.hired[pairs.therapist_person[rows]]

    def _most(self, paid: Index, among: NDArray[np.bool_], count: int) -> Index:
        """By hire: the sum of the greatest of what their links as prescriber leave, as many as they can take."""
        pairs, new = self.grown.links.pairs, self.grown.new
        rows = np.flatnonzero(among & self.grown.hired[pairs.prescriber_person[new]] & (paid > 0))
        rows = rows[np.lexsort((-paid[rows], self.grown.hire[rows]))]
        hire = self.grown.hire[rows]
        rank = np.arange(len(rows)) - np.searchsorted(hire, hire)
        room = capacities(self.grown.links.facts)[self.grown.code[hire]]
        taken = rows[(room < 0) | (rank < room)]
        found = np.zeros(count, np.int64)
        np.add.at(found, self.grown.hire[taken], paid[taken])
        return found

    def _prices(self, worth: int) -> Iterator[tuple[Index, Index]]:
        """By person the prices as prescriber and as therapist: the least and the greatest, then the other way round."""
        problem = attrs.evolve(self.today, teamed_worth=worth)
        prices = least_prices(problem, self.used)
        yield self._by_person(prices.prescribers, prices.therapists)
        turned = least_prices(_turned(problem), self.used)
        yield self._by_person(turned.therapists, turned.prescribers)

    def _by_person(self, y: Index, z: Index) -> tuple[Index, Index]:
        found = np.zeros((2, len(self.grown.hired)), np.int64)
        found[0, self.today.prescribers], found[1, self.today.therapists] = y, z
        return found[0], found[1]


def _turned(problem: Market) -> Market:
    """The same problem with its sides changed: its least prices of one side are the greatest of the other."""
    return attrs.evolve(
        problem,
        prescriber=problem.therapist,
        therapist=problem.prescriber,
        prescribers=problem.therapists,
        therapists=problem.prescribers,
        capacity=problem.units,
        units=problem.capacity + problem.unlimited,  # who has no limit is never full
        unlimited=np.zeros(len(problem.therapists), bool),
    )


def _grouped(keys: Index, values: Index) -> dict[int, Index]:
    """Values by key, in their order."""
    order = np.argsort(keys, kind="stable")
    names, begin = np.unique(keys[order], return_index=True)
    return {int(n): v for n, v in zip(names, np.split(values[order], begin[1:]), strict=False)}
