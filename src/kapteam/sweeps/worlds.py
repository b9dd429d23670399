"""Monte Carlo over what nobody wrote down: in what share of worlds each person is teamed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

import attrs
import numpy as np
from attrs import frozen
from numpy.typing import NDArray

from kapteam.columns.logic import UNKNOWN
from kapteam.columns.lookup import Index
from kapteam.columns.parts import parts
from kapteam.matching.capacity import capacities
from kapteam.matching.certificate import least_prices
from kapteam.matching.market import Problem, Used, problem_of, row_draws
from kapteam.matching.match import Plan, match
from kapteam.matching.optimum import cheapest, optimum, tight
from kapteam.matching.unknowns import Fact, Unknowns, unknowns
from kapteam.measures.measure import number
from kapteam.network.links import Links
from kapteam.records.problems import UsageError
from kapteam.sweeps.chances import Chances, chances_of
from kapteam.sweeps.spread import How, spread
from kapteam.sweeps.streams import uniform
from kapteam.sweeps.wilson import LEVEL, wilson

#: The quantiles of a distribution that are told.
QUANTILES = (0.05, 0.25, 0.5, 0.75, 0.95)


@frozen
class InWorlds:
    """How often one person is in a team in one role.

    Attributes
    ----------
    practitioner : str
    role : {"prescriber", "therapist"}
    worlds : int
        In how many worlds.
    share : float
    low, high : float
        The interval of Wilson; both the share itself where it is settled.
    settled : bool
        Whether no unknown fact can change it, whatever its chance.
    today : bool
        Whether they are in a team as things stand.
    """

    practitioner: str
    role: str
    worlds: int
    share: float
    low: float
    high: float
    settled: bool
    today: bool


@frozen
class Distribution:
    """A number over the worlds.

    Attributes
    ----------
    mean : float
    least, most : int
    quantiles : mapping of str to int
        By their share, such as ``"0.05"``: the least value that so many worlds do not exceed.
    today : int
        As things stand.
    """

    mean: float
    least: int
    most: int
    quantiles: Mapping[str, int]
    today: int


@frozen
class Chance:
    """What is unknown by one rule, as far as it has one chance.

    Attributes
    ----------
    rule : str
    facts : int
        Of how many people.
    chance : float
        That a fact turns out well.
    people : tuple of str
        Whose facts they are.
    """

    rule: str
    facts: int
    chance: float
    people: tuple[str, ...]


@attrs.resolve_types  # answers in other modules have its fields, and their documentation the types
@frozen(repr=False, eq=False, kw_only=True)
class Drawn:
    """Which worlds an answer rests on.

    Attributes
    ----------
    links : Links
    asked, worlds : int
        How many worlds were asked for, and how many were drawn: fewer where the work was stopped.
    seed : int
    chances : tuple of Chance
        By rule.
    people : tuple of InWorlds
        Whom it is about, by id and role.
    unused : tuple of str
        Of what a chance was given though it is unknown of nobody.
    level : float
        Of the intervals.
    """

    links: Links
    asked: int
    worlds: int
    seed: int
    chances: tuple[Chance, ...]
    people: tuple[InWorlds, ...]
    unused: tuple[str, ...] = ()
    level: float = LEVEL

    @property
    def on(self) -> date:
        """The day judged."""
        return self.links.facts.day

    def drawn(self) -> dict[str, Any]:
        """How they were drawn, as the JSON contracts have it."""
        return {
            "worlds": self.worlds,
            "asked": self.asked,
            "complete": self.worlds == self.asked,
            "seed": self.seed,
            "level": self.level,
            "chances": [attrs.asdict(c) for c in self.chances],
            "unused": list(self.unused),
        }


@frozen(repr=False, eq=False, kw_only=True)
class Worlds(Drawn):
    """The answer of :func:`worlds`: everybody who is a candidate.

    Attributes
    ----------
    teamed, points : Distribution
    """

    teamed: Distribution
    points: Distribution

    def as_dict(self) -> dict[str, Any]:
        """As the JSON contract has it."""
        return {
            "on": self.on.isoformat(),
            **self.drawn(),
            "teamed": attrs.asdict(self.teamed),
            "points": attrs.asdict(self.points),
            "people": [attrs.asdict(p) for p in self.people],
            **self.links.supposition,
        }

    def __repr__(self) -> str:
        return (
            f"<Worlds on {self.on}: {self.worlds:,} drawn, {self.teamed.mean:g} teamed on average, "
            f"{self.teamed.today:,} today>"
        )


@frozen(eq=False)
class Undecided:
    """The part of a network that hangs on unknown facts, as arrays alone: what the worlds share.

    Attributes
    ----------
    problem : Problem
        Of the links that pass or are unknown.
    draw : array of int
        By edge: what decides between equally good plans.
    passes : array of bool
        By edge.
    unknowns : Unknowns
        Its rows are edges.
    chance : array of float
        By fact.
    seed : int
    """

    problem: Problem
    draw: Index
    passes: Used
    unknowns: Unknowns
    chance: NDArray[np.float64]
    seed: int


@frozen
class World:
    """Who is teamed in one world, of those who hang on unknown facts.

    Attributes
    ----------
    teamed, points : int
    prescribers, therapists : bytes
        By node, as bits.
    """

    teamed: int
    points: int
    prescribers: bytes
    therapists: bytes

    def teams(self, role: str, nodes: int) -> Used:
        """Of each of so many nodes of a role, whether it is in a team."""
        bits = np.frombuffer(self.prescribers if role == "prescriber" else self.therapists, np.uint8)
        return np.unpackbits(bits, count=nodes).view(bool)


def world(undecided: Undecided, number: int) -> World:
    """One world: which facts turn out well, and the best teams then. It hangs on the seed and its number alone."""
    problem, chance = undecided.problem, undecided.chance
    good = uniform(undecided.seed, number, count=len(chance)) < chance
    there = undecided.passes.copy()
    there[undecided.unknowns.rows] = undecided.unknowns.usable(good)
    edges = np.flatnonzero(there)
    here = attrs.evolve(
        problem,
        prescriber=problem.prescriber[edges],
        therapist=problem.therapist[edges],
        points=problem.points[edges],
    )
    face = tight(here, least_prices(here, optimum(here)))
    used = cheapest(here, face, undecided.draw[edges[face.free]])
    prescribers, therapists = np.zeros(len(problem.prescribers), bool), np.zeros(len(problem.therapists), bool)
    prescribers[here.prescriber[used]] = therapists[here.therapist[used]] = True
    return World(
        int(used.sum()), int(here.points[used].sum()), np.packbits(prescribers).tobytes(),
        np.packbits(therapists).tobytes(),
    )  # fmt: skip


def worlds(
    links: Links,
    count: int,
    *,
    chance: float | None = None,
    by_rule: Mapping[str, float] | None = None,
    by_person: Mapping[str, Mapping[str, float]] | None = None,
    seed: int = 0,
    how: How | None = None,
) -> Worlds:
    """Draw worlds in which each unknown fact turns out well or not, and team anew in each.

    Parameters
    ----------
    links : Links
    count : int
        How many worlds. Worlds are numbered, so that more of them begin with the same ones.
    chance : float, optional
        That an unknown fact turns out well; of all of which nothing else is said.
    by_rule : mapping of str to float, optional
        The same by the rule that asks for it.
    by_person : mapping of str to mapping of str to float, optional
        The same by id and rule; ``all`` instead of a rule is every fact of that person. It goes before ``by_rule``.
    seed : int
        Another seed, other worlds.
    how : How, optional
        By whom it is worked out; here without one. The answer is the same.

    Raises
    ------
    UsageError
        A chance is none, or is needed and was not given; a number is none; or nobody has such an id.

    Notes
    -----
    A fact is a person and a rule: all unknown findings of that rule on that person turn together, as for
    :class:`~kapteam.matching.confirm.IfConfirmed`, and facts are independent of one another. What turns out badly is as
    good as unknown: the link stays unused. The connected parts without an unknown link are the same in all worlds and
    are solved once.
    """
    check_numbers(count, seed)
    chances = Chances(chance, by_rule or {}, by_person or {}).checked(links)
    lacks, people = unknowns(links), links.facts.people
    chance_of = chances_of(lacks.facts, people, chances)
    plan = match(links)
    label = labels(plan, lacks)
    touched = np.zeros(len(people), bool)
    touched[label[links.pairs.therapist_person[lacks.rows]]] = True
    undecided = undecided_in(plan, lacks, touched[label], chance_of, seed)
    stays = ~touched[label[links.pairs.therapist_person[plan.rows]]]
    drawn = list(drawn_worlds(undecided, count, how).values())
    return Worlds(
        links=links,
        asked=count,
        worlds=len(drawn),
        seed=seed,
        chances=told_chances(lacks.facts, people, chance_of),
        teamed=_distribution([w.teamed for w in drawn], int(stays.sum()), plan.objective.teamed),
        points=_distribution(
            [w.points for w in drawn], int(links.points[plan.rows[stays]].sum()), plan.objective.points
        ),
        people=tuple(_people(plan, undecided.problem, drawn)),
        unused=chances.unused((people[person], rule) for person, rule in lacks.facts),
    )


def check_numbers(count: int, seed: int) -> None:
    """Raise a UsageError where one is no number of worlds, or no seed."""
    if not isinstance(count, int) or count < 1:
        raise UsageError(f"worlds is a whole number, at least 1; not {count!r}")
    if not isinstance(seed, int) or seed < 0:
        raise UsageError(f"seed is a whole number, at least 0; not {seed!r}")


def drawn_worlds(undecided: Undecided, count: int, how: How | None) -> dict[int, World]:
    """The worlds by their number; fewer than were asked for where the work was stopped, but one at least."""
    found = spread(world, undecided, range(count), how, names=lambda one: f"world {one}").results
    if not found:
        raise UsageError("stopped before the first world was drawn")
    return found


def labels(plan: Plan, lacks: Unknowns) -> Index:
    """By person: the connected part, by links that pass or are unknown, that they are in."""
    pairs, rows = plan.links.pairs, np.concatenate([plan.usable, lacks.rows])
    return parts(len(plan.links.facts.people), pairs.prescriber_person[rows], pairs.therapist_person[rows])


def undecided_in(plan: Plan, lacks: Unknowns, inside: Used, chance: Sequence[float], seed: int) -> Undecided:
    """What the worlds of whole parts share; ``inside`` says by person whether they are in one of these."""
    links, pairs = plan.links, plan.links.pairs
    rows = np.sort(np.concatenate([plan.usable, lacks.rows]))
    here = rows[inside[pairs.therapist_person[rows]]]
    unknown = inside[pairs.therapist_person[lacks.rows]]
    of_them = unknown[lacks.link]
    problem = problem_of(
        capacities(links.facts), pairs.prescriber_person[here], pairs.therapist_person[here], links.points[here]
    )
    return Undecided(
        problem=problem,
        draw=row_draws(links, here),
        passes=links.verdicts[here] > UNKNOWN,
        # All facts stay, so that each is drawn alike whichever parts are asked for.
        unknowns=Unknowns(
            lacks.facts,
            np.searchsorted(here, lacks.rows[unknown]),
            (np.cumsum(unknown) - 1)[lacks.link[of_them]],
            lacks.one[of_them],
            lacks.other[of_them],
        ),
        chance=np.array(chance, np.float64),
        seed=seed,
    )


def told_chances(facts: Sequence[Fact], people: Sequence[str], chance: Sequence[float]) -> tuple[Chance, ...]:
    """What was supposed: by rule, and where a rule has several chances, the greatest first."""
    whose: dict[tuple[str, float], list[str]] = {}
    for (person, rule), value in zip(facts, chance, strict=True):
        whose.setdefault((rule, -float(value)), []).append(people[person])
    return tuple(Chance(rule, len(ids), 0.0 - less, tuple(ids)) for (rule, less), ids in sorted(whose.items()))


def _distribution(drawn: Sequence[int], stays: int, today: int) -> Distribution:
    values = np.array(drawn, np.int64) + stays
    quantiles = np.quantile(values, QUANTILES, method="inverted_cdf")
    mean = number(float(values.sum()) / len(values))
    assert mean is not None
    told = {str(q): int(v) for q, v in zip(QUANTILES, quantiles, strict=True)}
    return Distribution(float(mean), int(values.min()), int(values.max()), told, today)


def share_of(times: int, of: int) -> tuple[float, float, float]:
    """In what share of some worlds something is so, and Wilson's interval of it; rounded as every measure is."""
    share, low, high = (float(number(value) or 0) for value in (times / of, *wilson(times, of)))
    return share, low, high


def _people(plan: Plan, problem: Problem, drawn: Sequence[World]) -> list[InWorlds]:
    facts, pairs, rows = plan.links.facts, plan.links.pairs, plan.rows
    found = []
    for role, nodes, person in (
        ("prescriber", problem.prescribers, pairs.prescriber_person),
        ("therapist", problem.therapists, pairs.therapist_person),
    ):
        today = np.zeros(len(facts.people), bool)
        today[person[rows]] = True
        times = np.where(today, len(drawn), 0)
        times[nodes] = sum((w.teams(role, len(nodes)) for w in drawn), np.zeros(len(nodes), np.int64))
        open_ = np.zeros(len(facts.people), bool)
        open_[nodes] = True
        for code in np.flatnonzero(facts.candidate[role]).tolist():
            seen = int(times[code])
            share, low, high = share_of(seen, len(drawn))
            if not open_[code]:
                low = high = share
            found.append(InWorlds(facts.people[code], role, seen, share, low, high, not open_[code], bool(today[code])))
    return sorted(found, key=lambda one: (one.practitioner, one.role))
