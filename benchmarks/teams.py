"""The best standing teams: ``match`` with its proof, against other solvers on the same market."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from statistics import median

import attrs
from instances import DAY, million_usable, roster
from rivals import RIVALS, Rival, Solved, bare_flow
from rows import Row, times_as_long, times_faster
from timing import Times

from kapteam.matching.market import Market, market, usable_rows
from kapteam.matching.match import Plan, match
from kapteam.network.links import Links, judged_links
from kapteam.records.roster import Roster

_GOAL, _QUICK = 1.5, 1_000


def measured(sizes: list[int], seeds: int, repeats: int, *, quick: bool) -> Iterator[Row]:
    """The rows of each size and, unless ``quick``, those of a million links that may be used."""
    bare_flow(_market(_judged(roster(40))))  # so that no turn pays for loading the solver
    for people in sizes:
        rosters = (roster(people, seed) for seed in range(seeds))
        fit = tuple(attrs.evolve(r, most_links=min(r.most_links, _QUICK)) if r.slow and quick else r for r in RIVALS)
        yield from _compared(f"{people:,} people", rosters, repeats, fit)
    if not quick:
        rosters = (million_usable(seed) for seed in range(min(2, seeds)))
        yield from _compared("a million usable links", rosters, repeats, (), goal=True)


def planned(links: Links) -> Plan:
    """A plan with its certificate, nothing remembered from the turn before."""
    links.facts.memo.pop("capacities", None)
    plan = match(links)
    assert plan.certificate is not None
    return plan


def _compared(
    name: str, rosters: Iterator[Roster], repeats: int, rivals: tuple[Rival, ...], *, goal: bool = False
) -> Iterator[Row]:
    times, counts = Times(), []
    same: dict[str, list[str]] = {}
    for seed, of in enumerate(rosters):
        links = _judged(of)
        problem = _market(links)
        counts.append(len(problem.row))
        fit = [r for r in rivals if len(problem.row) <= r.most_links]
        calls: dict[str, Callable[[], object]] = {"kapteam": partial(planned, links)}
        calls["bare"] = partial(bare_flow, problem)
        quick = [r for r in fit if not r.slow]
        calls |= {r.name: partial(r.solve, problem) for r in quick}
        answers = times.turns(calls, repeats)
        slow = {r.name: partial(r.solve, problem) for r in fit if r.slow and seed == 0}
        answers |= times.turns(slow, 1)
        plan = answers.pop("kapteam")
        for solver, solved in answers.items():
            same.setdefault(solver, []).append(_told(plan, solved))
    count, seconds = round(median(counts)), times.median("kapteam")
    ratio = seconds / times.median("bare")
    yield Row(
        what="match with certificate and draw",
        instance=name,
        links=count,
        seconds=seconds,
        beside="OR-Tools SimpleMinCostFlow, the bare solve",
        other=times.median("bare"),
        ratio=times_as_long(seconds, times.median("bare")),
        same=_all(same["bare"]),
        goal=f"at most {_GOAL}x" if goal else "",
        met=ratio <= _GOAL if goal else None,
    )
    for rival in rivals:
        if rival.name in times:
            other = times.median(rival.name)
            yield Row(
                what="match with certificate and draw",
                instance=name,
                links=count,
                seconds=seconds,
                beside=rival.name,
                other=other,
                ratio=times_faster(seconds, other),
                same=_all(same[rival.name]),
            )


def _judged(of: Roster) -> Links:
    links = judged_links(of, DAY)
    assert len(links.verdicts) == len(links.points)
    return links


def _market(links: Links) -> Market:
    return market(links, usable_rows(links, "exclude"))


def _told(plan: Plan, solved: Solved) -> str:
    best = plan.objective
    if solved.question:
        teamed, points = solved.teamed - best.teamed, solved.points - best.points
        return f"another question ({solved.question}): {teamed:+,} teamed, {points:+,} points"
    return "yes" if (solved.teamed, solved.points) == (best.teamed, best.points) else "**no**"


def _all(told: list[str]) -> str:
    return "**no**" if "**no**" in told else told[0]
