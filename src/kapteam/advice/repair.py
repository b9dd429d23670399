"""Which changes of a roster add most teams for least money: a joint optimum, with the whole frontier."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from functools import cached_property
from typing import Any

import attrs
import numpy as np
from attrs import define, frozen

from kapteam.advice.catalogue import FEW_SITES, Catalogue
from kapteam.advice.changes import Change, Set, applied, lead
from kapteam.advice.check import Expiring, expiring
from kapteam.advice.doors import Edge, Market, Room
from kapteam.advice.frontier import frontier
from kapteam.advice.worlds import Asked, judged, people
from kapteam.columns.facts import Bools, Facts
from kapteam.columns.logic import PASS, UNKNOWN
from kapteam.columns.lookup import Index
from kapteam.columns.members import Members
from kapteam.matching.capacity import capacities
from kapteam.matching.match import match
from kapteam.network.candidates import pairs_of
from kapteam.network.judge import Judged, judge_members, judge_pairs
from kapteam.network.links import Links
from kapteam.records.problems import UsageError
from kapteam.records.roster import Roster
from kapteam.rules.rulebook import START_RULES
from kapteam.sessions.engine import Limits


@frozen(eq=False)
class Repair:
    """The cheapest changes that add so many teams.

    Attributes
    ----------
    adds : int
        How many more therapists are teamed.
    dollars, days : int
        What all of it costs, and how long until it is done.
    changes : tuple of Change
        By what they are about.
    proven : bool
        Whether nothing cheaper of what is offered adds as many.
    """

    adds: int
    dollars: int
    days: int
    changes: tuple[Change, ...]
    proven: bool


@define(eq=False, slots=False)
class Repairs:
    """What can be repaired, and for how much: each cost at which more teams can be had.

    Attributes
    ----------
    links : Links
        Of the roster as it is.
    unknown : {"exclude", "allow"}
    budget : int or None
    by : date or None
    teamed : int
        Therapists teamed as it is.
    offered : tuple of Change
        All that was considered.
    frontier : tuple of Repair
        The cheapest first; each adds more than the one before it.
    whole : bool
        Whether these are all; else, where very many could be added, there may be others between them.
    most : int
        What no changes of those offered add more than, within the budget.
    """

    links: Links
    unknown: str
    budget: int | None
    by: date | None
    teamed: int
    offered: tuple[Change, ...]
    frontier: tuple[Repair, ...]
    whole: bool
    most: int

    @property
    def on(self) -> date:
        """The day judged."""
        return self.links.facts.day

    @cached_property
    def renewals(self) -> list[Expiring]:
        """What ends before the last step is done, and is taken to be renewed."""
        return expiring(self.links.facts, self.frontier[-1].days) if self.frontier else []

    def after(self, repair: Repair) -> Roster:
        """The roster with the changes of a repair made."""
        return applied(self.links.facts.roster, repair.changes)

    def as_dict(self) -> dict[str, Any]:
        """As the JSON contract has it."""
        return {
            "on": self.on.isoformat(),
            "unknown": self.unknown,
            "budget": self.budget,
            "by": None if self.by is None else self.by.isoformat(),
            "teamed": self.teamed,
            "most": self.most,
            "whole": self.whole,
            "renewals": [{**attrs.asdict(e), "expires": e.expires.isoformat()} for e in self.renewals],
            "repair": [
                {
                    "adds": r.adds, "dollars": r.dollars, "days": r.days, "proven": r.proven,
                    "remedies": [c.as_dict() for c in r.changes],
                }
                for r in self.frontier
            ],
        }  # fmt: skip


def repair(
    links: Links,
    *,
    budget: int | None = None,
    by: date | None = None,
    unknown: str = "exclude",
    limits: Limits | None = None,
) -> Repairs:
    """The cheapest changes for each number of teams that they add.

    Parameters
    ----------
    links : Links
    budget : int, optional
        Dollars; what costs more is left out.
    by : date, optional
        What is not done by then, counted from the day judged, is left out.
    unknown : {"exclude", "allow"}
        Whether links on which a needed fact is unknown are used as it is; else finding facts out is offered as well.
    limits : Limits, optional
        When to stop looking; what is not proven then says so.

    Raises
    ------
    UsageError
        An option has no such value.

    Notes
    -----
    All is judged on one day: what ends before the changes are done is taken to be renewed (``renewals`` names it).

    One 0/1 program: a column for each change, one for each way to open a person at a site (a set of changes), and the
    flow of the standing teams over links that are open or may be opened. Connected parts are solved apart, each for
    every number of teams that it can add, and put together by their costs.
    """
    if unknown not in ("exclude", "allow"):
        raise UsageError(f"unknown is one of exclude, allow; not {unknown!r}")
    if budget is not None and (not isinstance(budget, int) or budget < 0):
        raise UsageError(f"budget is a whole number of dollars, at least 0; not {budget!r}")
    if by is not None and (not isinstance(by, date) or by < links.facts.day):
        raise UsageError(f"by is a date, not before the day judged ({links.facts.day}); not {by!s}")
    days = None if by is None else (by - links.facts.day).days
    least = UNKNOWN if unknown == "allow" else PASS
    plan = match(links, unknown=unknown)
    market = _Problem(links, Catalogue(links, days), least, days, plan.rows).market()
    found = frontier(market, limits or Limits(), budget)
    steps = tuple(Repair(s.adds, s.dollars, lead(s.changes), s.changes, s.proven) for s in found.steps)
    return Repairs(links, unknown, budget, by, plan.objective.teamed, market.changes, steps, found.whole, found.most)


@define(eq=False, slots=False)
class _Problem:
    """Holds what the steps share; lives for one call."""

    links: Links
    catalogue: Catalogue
    least: int
    days: int | None
    rows: Index

    @property
    def facts(self) -> Facts:
        return self.links.facts

    # -- who could be where --

    @cached_property
    def hours(self) -> dict[str, list[Change]]:
        """By person: the hours that they may be given."""
        found: dict[str, dict[tuple[str, ...], Change]] = {}
        facts, present = self.facts, self._present()
        teamed = np.zeros(len(facts.people), bool)
        teamed[self.links.pairs.therapist_person[self.rows]] = True
        few = len(facts.sites) <= FEW_SITES
        for role, other in (("prescriber", "therapist"), ("therapist", "prescriber")):
            wanted = facts.candidate[role] & ~(teamed & (role == "therapist"))
            members = self._everywhere(role, wanted, few=few)
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

    def _everywhere(self, role: str, wanted: Bools, *, few: bool) -> Members:
        """People at the sites where they have hours; in a small practice at all."""
        facts = self.facts
        if few:
            person = np.repeat(np.flatnonzero(wanted), len(facts.sites))
            return Members(facts, role, person, np.tile(np.arange(len(facts.sites)), int(wanted.sum())))
        rows = np.flatnonzero(wanted[facts.postings.person])
        return Members(facts, role, facts.postings.person[rows], facts.postings.site[rows])

    @cached_property
    def judged(self) -> Judged:
        """Every link that is listed, or would be with other hours, judged as it is."""
        facts, pairs = self.facts, self.links.pairs
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

    # -- all of it --

    def market(self) -> Market:
        """Who may be teamed with whom, and what has to be done before."""
        pairs, facts = self.judged.pairs, self.facts
        doors: list[list[Set]] = []
        member_doors = {role: _numbered(self.ways(role), doors) for role in ("prescriber", "therapist")}
        able = np.ones(len(pairs), bool)
        for role in ("prescriber", "therapist"):
            shut = np.array([door is not None and not doors[door] for door in member_doors[role]], bool)
            able &= ~shut[self.judged.rows(role)]
        rows = np.flatnonzero(able)
        meetings, room = self.meetings(rows)
        own = [_numbered(ways, doors) for ways in (meetings, self.tied(rows))]
        edges: list[Edge] = []
        for at, row in enumerate(rows.tolist()):
            needs = [member_doors[role][int(self.judged.rows(role)[row])] for role in ("prescriber", "therapist")]
            needs += [numbers[at] for numbers in own]
            closed = tuple(sorted({door for door in needs if door is not None}))
            if all(doors[door] for door in closed):
                edges.append(Edge(int(pairs.prescriber_person[row]), int(pairs.therapist_person[row]), closed))
        capacity = {
            facts.person_code[person]: Room(base, tuple(zip(self.hours.get(person, ()), after, strict=True)))
            for person, (base, after) in room.items()
        }
        return Market(doors, edges, capacity)


def _key(change: Change | None) -> tuple[str, ...] | None:
    return None if change is None else change.key


def _numbered(ways: Sequence[list[Set] | None], doors: list[list[Set]]) -> list[int | None]:
    """The number of each door among all of them; None where there is none to open."""
    found: list[int | None] = []
    for one in ways:
        found.append(None if one is None else len(doors))
        if one is not None:
            doors.append(one)
    return found
