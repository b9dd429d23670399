"""Standing teams: the best plan there is, with its proof, its reasons, and what would make it better."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from functools import cached_property
from typing import Any

import attrs
import numpy as np
from attrs import define, frozen

from kapteam.columns.logic import UNKNOWN
from kapteam.columns.lookup import Index
from kapteam.matching.certificate import Prices, least_prices, proves
from kapteam.matching.confirm import IfConfirmed, if_confirmed
from kapteam.matching.fair import BY, Fairness, fairest
from kapteam.matching.held import Conflict, Held, hold
from kapteam.matching.market import Market, Used, market, usable_rows
from kapteam.matching.optimum import least_draw, optimum
from kapteam.matching.reasons import Unmatched, unmatched
from kapteam.matching.shortage import Shortage, shortage
from kapteam.network.links import Links
from kapteam.records.problems import UsageError


@frozen
class Place:
    """One therapist's place in a team.

    Attributes
    ----------
    practitioner : str
    points, weekly_sessions : int
        Of the link with the prescriber.
    to_verify : tuple of str
        The blocking rules that are unknown on it, sorted; empty unless unknown links are allowed.
    """

    practitioner: str
    points: int
    weekly_sessions: int
    to_verify: tuple[str, ...]


@frozen
class Team:
    """A prescriber, a site and the therapists who work with that prescriber there."""

    site: str
    prescriber: str
    therapists: tuple[Place, ...]


@frozen
class Objective:
    """What is made as great as can be: first the therapists teamed, then the points."""

    teamed: int
    points: int


@define(eq=False, slots=False)
class Plan:
    """The best standing teams of a network.

    Attributes
    ----------
    links : Links
        What they were chosen from.
    unknown : {"exclude", "allow"}
        Whether links that are unknown were used.
    max_partners : int
        How many teams a therapist may join.
    conflicts : tuple of Conflict
        Why what was to be kept cannot be; then there is no plan.
    fairness : Fairness or None
        What the plan does for the worst-off, and its price; None where that was not asked, or there is no plan.
    """

    links: Links
    unknown: str
    max_partners: int
    usable: Index
    held: Held
    problem: Market
    used: Used
    prices: Prices
    conflicts: tuple[Conflict, ...] = ()
    fairness: Fairness | None = None

    @property
    def on(self) -> date:
        """The day judged."""
        return self.links.facts.day

    @property
    def status(self) -> str:
        """``optimal``, or ``infeasible`` where what was to be kept breaks a rule."""
        return "infeasible" if self.conflicts else "optimal"

    @cached_property
    def rows(self) -> Index:
        """The links that the plan uses, as rows of ``links``; none where there is no plan."""
        if self.conflicts:
            return np.empty(0, np.int64)
        return np.sort(np.concatenate([self.problem.row[self.used], self.held.rows]))

    @cached_property
    def objective(self) -> Objective:
        """What the plan reaches; with several partners allowed, ``teamed`` counts places, not people."""
        return Objective(len(self.rows), int(self.links.points[self.rows].sum()))

    @property
    def bound(self) -> Objective:
        """What no plan exceeds; the certificate proves it."""
        lost = 0 if self.fairness is None else self.fairness.price
        return Objective(self.objective.teamed, self.objective.points + lost)

    @cached_property
    def teams(self) -> tuple[Team, ...]:
        """By site and prescriber, sorted by their ids."""
        found: dict[tuple[str, str], list[Place]] = {}
        for row in self.rows:
            link = self.links.link(int(row))
            place = Place(link.therapist, link.points, link.weekly_sessions, self.to_verify.get(int(row), ()))
            found.setdefault((link.site, link.prescriber), []).append(place)
        return tuple(Team(site, p, tuple(places)) for (site, p), places in sorted(found.items()))

    @cached_property
    def unmatched(self) -> list[Unmatched]:
        """Everyone left out, once per role they are a candidate for."""
        return [] if self.conflicts else unmatched(self.links, self.usable, self.rows)

    @cached_property
    def shortage(self) -> Shortage | None:
        """The therapists who share too few places; None where there is no shortage, or several partners are allowed."""
        return None if self.max_partners > 1 or self.conflicts else shortage(self.problem, self.used)

    @cached_property
    def if_confirmed(self) -> list[IfConfirmed]:
        """What confirming unknown facts would add to the plan with most points, the most valuable first."""
        if self.unknown == "allow" or self.conflicts:
            return []
        best = self.used if self.fairness is None else self.fairness.best
        return if_confirmed(self.links, self.usable, self.held, self.problem, best, self.max_partners)

    @cached_property
    def certificate(self) -> dict[str, Any] | None:
        """The prices that prove the bound, by id; None where there is no plan."""
        if self.conflicts:
            return None
        facts, problem, prices = self.links.facts, self.problem, self.prices
        pairs = np.flatnonzero(prices.pairs)
        return {
            "teamed_worth": problem.teamed_worth,
            "prescribers": {
                facts.people[p]: int(y) for p, y in zip(problem.prescribers, prices.prescribers, strict=True)
            },
            "therapists": {facts.people[t]: int(z) for t, z in zip(problem.therapists, prices.therapists, strict=True)},
            "pairs": [
                {
                    "prescriber": facts.people[problem.prescribers[problem.prescriber[e]]],
                    "therapist": facts.people[problem.therapists[problem.therapist[e]]],
                    "price": int(prices.pairs[e]),
                }
                for e in pairs
            ],
        }

    def as_dict(self) -> dict[str, Any]:
        """The plan as its JSON contract has it."""
        return {
            "on": self.on.isoformat(),
            "status": self.status,
            "unknown": self.unknown,
            "max_partners": self.max_partners,
            "protocol": self.links.facts.protocol_name,
            "objective": attrs.asdict(self.objective),
            "bound": attrs.asdict(self.bound),
            "teams": [_listed(attrs.asdict(t)) for t in self.teams],
            "unmatched": [_listed(attrs.asdict(u)) for u in self.unmatched],
            "shortage": self.shortage and _listed(attrs.asdict(self.shortage)),
            "if_confirmed": [attrs.asdict(c) for c in self.if_confirmed],
            "certificate": self.certificate,
            "fair": self.fairness and self.fairness.as_dict(),
            "held": [list(pair) for pair in self.held.pairs],
            "conflicts": [attrs.asdict(c) for c in self.conflicts],
            **self.links.supposition,
        }

    def __repr__(self) -> str:
        therapists = len(self.problem.therapists)
        return (
            f"<Plan on {self.on}: {self.objective.teamed} teamed of {therapists} therapists with a usable link, "
            f"{self.objective.points:,} points, {self.status}>"
        )

    @cached_property
    def to_verify(self) -> dict[int, tuple[str, ...]]:
        """The blocking rules that are unknown on each link used, by row of ``links``; those that pass are not there."""
        rows = self.rows[self.links.verdicts[self.rows] == UNKNOWN]
        found: dict[int, set[str]] = {int(r): set() for r in rows}
        for judgement in self.links.judged.unknown_blocks():
            for row in rows[self.links.judged.on_links(judgement, rows) == UNKNOWN]:
                found[int(row)].add(judgement.rule.id)
        return {row: tuple(sorted(rules)) for row, rules in found.items()}


def match(
    links: Links,
    *,
    unknown: str = "exclude",
    max_partners: int = 1,
    keep: Iterable[tuple[str, ...]] = (),
    fair: str | None = None,
) -> Plan:
    """The best standing teams: most therapists teamed, then most points, then the least draw.

    With ``fair`` the worst-off come before the points of all: see :mod:`kapteam.matching.fair`.

    Parameters
    ----------
    links : Links
    unknown : {"exclude", "allow"}
        Whether links on which a needed fact is unknown are used.
    max_partners : int
        How many prescribers a therapist may be teamed with.
    keep : iterable of (prescriber, therapist) or (prescriber, therapist, site)
        Pairs that must stay.
    fair : {"points", "sessions"}, optional
        Of the plans that team the most, the one whose least points (or weekly sessions) of a teamed therapist are
        greatest, then the second least, and so on; only with one partner each.

    Returns
    -------
    Plan
        With ``status`` ``infeasible`` where what is to be kept breaks a rule or a capacity.

    Raises
    ------
    UsageError
        An option has no such value, or a pair to be kept names someone who is not on the roster.

    Notes
    -----
    A minimum-cost flow finds an optimum, the least dual prices prove it, and a second flow over the tight edges
    makes the draw. The prices are checked against every link before the plan is returned.
    """
    if unknown not in ("exclude", "allow"):
        raise UsageError(f"unknown is one of exclude, allow; not {unknown!r}")
    if not isinstance(max_partners, int) or max_partners < 1:
        raise UsageError(f"max_partners is a whole number, at least 1; not {max_partners!r}")
    if fair is not None and fair not in BY:
        raise UsageError(f"fair is one of {', '.join(BY)}, or not given; not {fair!r}")
    if fair is not None and max_partners > 1:
        raise UsageError("fairness is between therapists with one partner each: leave out max_partners, or fair")
    keep = list(keep)
    if any(isinstance(pair, str) or len(pair) not in (2, 3) for pair in keep):
        raise UsageError("keep holds pairs: (prescriber, therapist) or (prescriber, therapist, site)")
    usable = usable_rows(links, unknown)
    held, conflicts = hold(links, usable, keep, max_partners)
    problem = held.rest_of(market(links, usable, max_partners))
    found = np.zeros(len(problem.row), bool) if conflicts else optimum(problem)
    prices = least_prices(problem, found)
    if not conflicts and not proves(problem, prices):
        raise RuntimeError("the prices do not prove the plan: please report this roster")
    used, fairness = found if conflicts else least_draw(problem, prices, found), None
    if fair is not None and not conflicts:
        used, fairness = fairest(problem, held, fair, used)
    return Plan(links, unknown, max_partners, usable, held, problem, used, prices, tuple(conflicts), fairness)


def _listed(value: Any) -> Any:
    """Tuples as lists, all the way down."""
    if isinstance(value, dict):
        return {k: _listed(v) for k, v in value.items()}
    return [_listed(v) for v in value] if isinstance(value, (list, tuple)) else value
