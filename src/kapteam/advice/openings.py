"""Who could be where, meet whom, and by which changes: what repairs choose from."""

from __future__ import annotations

from functools import cached_property

import numpy as np
from attrs import define

from kapteam.advice.catalogue import FEW_SITES, Catalogue
from kapteam.advice.changes import Change, Set, lead
from kapteam.advice.worlds import Asked, judged, people
from kapteam.columns.facts import Bools, Facts
from kapteam.columns.logic import UNKNOWN
from kapteam.columns.lookup import Index
from kapteam.columns.members import Members
from kapteam.matching.capacity import capacities
from kapteam.network.candidates import pairs_of
from kapteam.network.judge import Judged, judge_members, judge_pairs
from kapteam.network.links import Links
from kapteam.rules.rulebook import START_RULES


@define(eq=False, slots=False)
class Openings:
    """Who could be where, and the changes that each needs; lives for one call.

    Attributes
    ----------
    links : Links
        Of the roster as it is, on a day.
    catalogue : Catalogue
    least : int
        The verdict that is enough.
    days : int or None
        Lead times beyond it are not offered.
    settled : array of bool, shape (people,)
        Therapists who need no hours.
    moving : bool
        Whether those who have hours somewhere are offered hours at other sites as well, where there are few sites.
    given : Openings or None
        Others, whose hours are offered here too.
    """

    links: Links
    catalogue: Catalogue
    least: int
    days: int | None
    settled: Bools
    moving: bool = True
    given: Openings | None = None

    @property
    def facts(self) -> Facts:
        """The roster on that day."""
        return self.links.facts

    # -- who could be where --

    @cached_property
    def hours(self) -> dict[str, list[Change]]:
        """By person: the hours that they may be given."""
        if self.given is not None:
            return self.given.hours
        found: dict[str, dict[tuple[str, ...], Change]] = {}
        facts, present = self.facts, self._present()
        few = len(facts.sites) <= FEW_SITES
        for role, other in (("prescriber", "therapist"), ("therapist", "prescriber")):
            wanted = facts.candidate[role] & ~(self.settled & (role == "therapist"))
            members = self._members(role, wanted) if few else self._at_home(role, wanted)
            licensed = np.ones(len(members), bool)
            for judgement in judge_members(members, self.links.rulebook):
                if judgement.rule.id in ("legal.license", "legal.therapy_license"):
                    licensed &= judgement.verdicts >= UNKNOWN
            for row in np.flatnonzero(licensed):
                person, site = facts.people[members.person[row]], facts.sites[members.site[row]]
                for change in self.catalogue.hours(person, site, present[other].get(site, 0)):
                    found.setdefault(person, {})[change.key] = change
        return {person: [mine[key] for key in sorted(mine)] for person, mine in sorted(found.items())}

    def _present(self) -> dict[str, dict[str, int]]:
        """By role and site: when any candidate is there by written hours."""
        facts, found = self.facts, {"prescriber": dict[str, int](), "therapist": dict[str, int]()}
        for row in facts.roster.hours:
            if row.when is None or row not in self.catalogue.mine("hours", row.practitioner):
                continue
            for role, sites in found.items():
                if facts.candidate[role][facts.person_code[row.practitioner]]:
                    sites[row.site] = sites.get(row.site, 0) | row.when.slots
        return found

    def _members(self, role: str, wanted: Bools) -> Members:
        """People at every site; where nobody moves, those who have hours somewhere only there."""
        facts = self.facts
        there = np.ones((len(facts.people), len(facts.sites)), bool)
        if not self.moving:
            there[facts.postings.person] = False
            there[facts.postings.person, facts.postings.site] = True
        person, site = np.nonzero(there & wanted[:, None])
        return Members(facts, role, person, site)

    def _at_home(self, role: str, wanted: Bools) -> Members:
        """People at the sites where they have hours."""
        facts = self.facts
        rows = np.flatnonzero(wanted[facts.postings.person])
        return Members(facts, role, facts.postings.person[rows], facts.postings.site[rows])

    @property
    def size(self) -> int:
        """At most how many links :attr:`judged` has."""
        there = self._there
        meeting = there["prescriber"].keys() & there["therapist"].keys()
        return len(self.links) + sum(len(there["prescriber"][s]) * len(there["therapist"][s]) for s in meeting)

    @cached_property
    def _there(self) -> dict[str, dict[int, list[int]]]:
        """By role and site: the candidates who have hours there or may be given some."""
        facts = self.facts
        here = {
            role: {(facts.person_code[p], facts.site_code[c.place]) for p, mine in self.hours.items() for c in mine}
            for role in ("prescriber", "therapist")
        }
        here = {role: {x for x in those if facts.candidate[role][x[0]]} for role, those in here.items()}
        for person, site in zip(facts.postings.person.tolist(), facts.postings.site.tolist(), strict=True):
            for role, those in here.items():
                if facts.candidate[role][person]:
                    those.add((person, site))
        by_site: dict[str, dict[int, list[int]]] = {role: {} for role in here}
        for role, those in here.items():
            for person, site in sorted(those):
                by_site[role].setdefault(site, []).append(person)
        return by_site

    @cached_property
    def judged(self) -> Judged:
        """Every link that is listed, or would be with other hours, judged as it is."""
        facts, pairs, by_site = self.facts, self.links.pairs, self._there
        listed = np.stack([pairs.site, pairs.prescriber_person, pairs.therapist_person], axis=1)
        more = [
            np.stack([np.full(len(p) * len(t), site), np.repeat(p, len(t)), np.tile(t, len(p))], axis=1)
            for site, p in sorted(by_site["prescriber"].items())
            if (t := by_site["therapist"].get(site))
        ]
        triples = np.unique(np.concatenate([listed, *more]), axis=0)
        if not facts.protocol.solo:
            triples = triples[triples[:, 1] != triples[:, 2]]
        return judge_pairs(pairs_of(facts, triples[:, 0], triples[:, 1], triples[:, 2]), self.links.rulebook)

    # -- what opens a person at a site --

    def ways(self, role: str) -> list[list[Set] | None]:
        """By row of a role's members: the least sets of changes that open it; None where it is open as it is."""
        members = self.judged.pairs.prescribers if role == "prescriber" else self.judged.pairs.therapists
        failing: list[dict[str, int]] = [{} for _ in range(len(members))]
        for judgement in self.judged.judgements:
            if judgement.role == role and self.links.rulebook.blocks(judgement.rule):
                for row in np.flatnonzero(judgement.verdicts < self.least).tolist():
                    failing[row][judgement.rule.id] = int(judgement.verdicts[row])
        asked: list[Asked] = []
        rows: list[int] = []
        for row, rules in enumerate(failing):
            if not rules:
                continue
            person, site = self.facts.people[members.person[row]], self.facts.sites[members.site[row]]
            for way in self.catalogue.ways(role, person, site, rules, self.hours.get(person, ())):
                if self.days is None or lead(way) <= self.days:
                    asked.append(Asked(role, person, site, way))
                    rows.append(row)
        good = judged(self.links, asked, self.least)
        found: list[list[Set] | None] = [[] if rules else None for rules in failing]
        for one, row, passes in zip(asked, rows, good.tolist(), strict=True):
            open_by = found[row]
            # They come smallest first, so that what holds a way that is enough by itself is more than is needed.
            if passes and open_by is not None and not any(way <= one.changes for way in open_by):
                open_by.append(one.changes)
        return found

    # -- when the two can meet --

    def meetings(self, rows: Index) -> tuple[list[list[Set] | None], dict[str, tuple[int, list[int]]]]:
        """By link: the hours that let the two meet, None where they can as it is; and what hours do to a capacity.

        A capacity is that of the person as they are, then with each of the hours that they may be given; -1: no limit.
        """
        if not len(rows):
            return [], {}
        variants: list[tuple[str, list[Change]]] = []
        number: dict[tuple[str, tuple[str, ...] | None], int] = {}
        pairs, facts = self.judged.pairs, self.facts
        involved = {
            facts.people[p] for p in np.unique(np.r_[pairs.prescriber_person[rows], pairs.therapist_person[rows]])
        }
        for person in sorted(involved):
            for change in (None, *self.hours.get(person, ())):
                number[person, _key(change)] = len(variants)
                variants.append((person, [change] if change else []))
        theirs, code = people(self.links, variants)
        start_rules = [r for r in self.links.rulebook.rules if r.id in START_RULES and self.links.rulebook.blocks(r)]
        fits = self._starts(rows)
        found: list[list[Set] | None] = [None if fit else [] for fit in fits]
        triples: list[tuple[int, int, int]] = []
        about: list[tuple[int, Set]] = []
        for at in np.flatnonzero(~fits).tolist():
            row = rows[at]
            p, t = facts.people[pairs.prescriber_person[row]], facts.people[pairs.therapist_person[row]]
            site = int(pairs.site[row])
            here = facts.sites[site]
            mine = [c for c in self.hours.get(t, ()) if c.place == here]
            for a in (None, *self.hours.get(p, ())):
                for b in (a,) if p == t else (None, *mine):
                    chosen = frozenset(c for c in (a, b) if c is not None)
                    if chosen:
                        triples.append((site, number[p, _key(a)], number[t, _key(b)]))
                        about.append((int(at), chosen))
        if triples:
            codes = np.array(triples, np.int64)
            asked = pairs_of(theirs, codes[:, 0], code[codes[:, 1]], code[codes[:, 2]])
            good = np.ones(len(triples), bool)
            for rule in start_rules:
                good &= rule.verdicts(asked) >= self.least
            for (at, chosen), passes in sorted(zip(about, good.tolist(), strict=True), key=lambda x: len(x[0][1])):
                open_by = found[at]
                if passes and open_by is not None and not any(way <= chosen for way in open_by):
                    open_by.append(chosen)
        room = capacities(theirs)
        after = {
            person: (
                int(room[code[number[person, None]]]),
                [int(room[code[number[person, c.key]]]) for c in self.hours.get(person, ())],
            )
            for person in sorted(involved)
        }
        return found, after

    def _starts(self, rows: Index) -> Bools:
        """Whether a start fits each link as it is."""
        fits = np.ones(len(rows), bool)
        for judgement in self.judged.judgements:
            if judgement.rule.id in START_RULES and self.links.rulebook.blocks(judgement.rule):
                fits &= judgement.verdicts[rows] >= self.least
        return fits

    def tied(self, rows: Index) -> list[list[Set] | None]:
        """By link: what turns the other rules on the two together; None where nothing has to."""
        found: list[list[Set] | None] = [None] * len(rows)
        pairs, facts = self.judged.pairs, self.facts
        for judgement in self.judged.judgements:
            rule = judgement.rule
            if judgement.role != "link" or rule.id in START_RULES or not self.links.rulebook.blocks(rule):
                continue
            for at in np.flatnonzero(judgement.verdicts[rows] < self.least).tolist():
                row, before = rows[at], found[at]
                who = {int(pairs.prescriber_person[row]), int(pairs.therapist_person[row])}
                turns = [c for p in sorted(who) for c in self.catalogue.of_link(rule.id, facts.people[p])]
                ways = [frozenset([c]) for c in turns]
                found[at] = ways if before is None else [a | b for a in before for b in ways]
        return found


def _key(change: Change | None) -> tuple[str, ...] | None:
    return None if change is None else change.key
