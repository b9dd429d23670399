"""The best standing teams: ``match`` with its proof, against other solvers on the same market."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from statistics import median

import attrs
from hard_instances import HARD
from instances import DAY, million_usable, roster
from rivals import RIVALS, Rival, Solved, bare_flow
from rows import Row, sides, times_as_long
from timing import Times

from kapteam.matching.market import Market, market, usable_rows
from kapteam.matching.match import Plan, match
from kapteam.network.links import Links, judged_links
from kapteam.records.roster import Roster

_GOAL = 1.5


def measured(sizes: list[int], seeds: int, repeats: int, *, quick: bool) -> Iterator[Row]:
    """The rows of each size, of hard ones and, unless ``quick``, of a million links that may be used."""
    small = problem_of(_judged(roster(40)))
    for solve in (bare_flow, *(rival.solve for rival in RIVALS)):
        solve(small)  # so that no turn pays for loading a solver
    fit = tuple(attrs.evolve(r, most_links=r.often) if quick else r for r in RIVALS)
    for people in sizes:
        rosters = (roster(people, seed) for seed in range(seeds))
        yield from _compared(f"{people:,} people", rosters, repeats, fit)
    for kind, make in HARD.items():
        for people in (n for n in sizes if 1_000 <= n <= 10_000):
            rosters = (make(people, seed) for seed in range(max(2, seeds)))
            yield from _compared(f"{kind}, {people:,} people", rosters, repeats, fit)
    if not quick:
        rosters = (million_usable(seed) for seed in range(min(2, seeds)))
        yield from _compared("a million usable links", rosters, repeats, (), goal=True)


def planned(links: Links) -> Plan:
    """A plan with its certificate, nothing remembered from the turn before."""
    links.facts.memo.pop("capacities", None)
    plan = match(links)
    assert plan.certificate is not None
    return plan


def problem_of(links: Links) -> Market:
    """What is to be solved: the links that pass."""
    return market(links, usable_rows(links, "exclude"))


def _compared(
    name: str, rosters: Iterator[Roster], repeats: int, rivals: tuple[Rival, ...], *, goal: bool = False
) -> Iterator[Row]:
    times, counts = Times(), []
    same: dict[str, list[str]] = {}
    for seed, of in enumerate(rosters):
        links = _judged(of)
        problem = problem_of(links)
        counts.append(len(problem.row))
        fit = [r for r in rivals if len(problem.row) <= r.most_links]
        calls: dict[str, Callable[[], object]] = {"kapteam": partial(planned, links)}
        calls["bare"] = partial(bare_flow, problem)
        calls |= {r.name: partial(r.solve, problem) for r in fit if len(problem.row) <= r.often}
        answers = times.turns(calls, repeats)
        once = [r for r in fit if len(problem.row) > r.often and seed == 0]
        answers |= times.turns({r.name: partial(r.solve, problem) for r in once}, 1)
        plan = answers.pop("kapteam")
        for solver, solved in answers.items():
            same.setdefault(solver, []).append(_told(plan, solved))
    row = partial(Row, what="match with certificate and draw", instance=name, links=round(median(counts)))
    yield row(
        beside="OR-Tools SimpleMinCostFlow, the bare solve",
        **sides(times, "bare", times_as_long),
        same=_all(same["bare"]),
        goal=f"at most {_GOAL}x" if goal else "",
        met=times.ratio("kapteam", "bare") <= _GOAL if goal else None,
    )
    for rival in rivals:
        if rival.name in times:
            yield row(beside=rival.name, **sides(times, rival.name), same=_all(same[rival.name]))


def _judged(of: Roster) -> Links:
    links = judged_links(of, DAY)
    assert len(links.verdicts) == len(links.points)
    return links


def _told(plan: Plan, solved: Solved) -> str:
    best = plan.objective
    if solved.question:
        teamed, points = solved.teamed - best.teamed, solved.points - best.points
        return f"another question ({solved.question}): {teamed:+,} teamed, {points:+,} points"
    return "yes" if (solved.teamed, solved.points) == (best.teamed, best.points) else "**no**"


def _all(told: list[str]) -> str:
    return "**no**" if "**no**" in told else told[0]
