"""What every absence costs: re-matched from the solved plan, beside solving again, and beside one ``match``."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from itertools import combinations
from random import Random
from statistics import median
from time import perf_counter

import numpy as np
from instances import DAY, roster
from rows import Row, times_as_long, times_faster
from teams import planned
from timing import Times, undisturbed

from kapteam.advice.worst_two import loss_without, worst_two
from kapteam.matching.market import market
from kapteam.matching.match import Plan
from kapteam.matching.optimum import optimum
from kapteam.matching.reoptimise import Rematch, Solved
from kapteam.network.links import Links, judged_links
from kapteam.records.roster import Roster

#: People whose absence is solved again from nothing at most, drawn at random; the time is scaled to all.
SAMPLE = 60
#: People among whom every pair is tried, for the worst two.
_EVERY_PAIR = 100
_GOAL = 20.0


def measured(sizes: list[int], seeds: int, repeats: int) -> Iterator[Row]:
    """The rows of each size."""
    planned(_judged(roster(40)))  # so that no turn pays for loading the solver
    for people in sizes:
        yield from _compared(f"{people:,} people", (roster(people, seed) for seed in range(seeds)), repeats)


def every_absence(plan: Plan) -> list[Rematch]:
    """The best re-match without each person of the roster, one after the other."""
    solved = Solved.of(plan)
    return [solved.without([person]) for person in range(len(plan.links.facts.people))]


def _compared(name: str, rosters: Iterator[Roster], repeats: int) -> Iterator[Row]:
    times, counts, same, pairs_same = Times(), [], [], []
    for of in rosters:
        links = _judged(of)
        plan = planned(links)
        counts.append(len(plan.problem.row))
        solved = Solved.of(plan)
        linked = np.union1d(plan.problem.prescribers, plan.problem.therapists).tolist()
        answers = times.turns(
            {
                "match": partial(planned, links),
                "every absence": partial(every_absence, plan),
                "worst two": partial(worst_two, solved, linked),
            },
            repeats,
        )
        seconds, equal = _again(plan, answers["every absence"])
        times.add("again", seconds)
        same.append(equal)
        if len(linked) <= _EVERY_PAIR:
            pairs_same.append(answers["worst two"] == _worst_of_all(solved, linked))
    count, seconds = round(median(counts)), times.median("every absence")
    ratio = seconds / times.median("match")
    yield Row(
        what="every absence re-matched, with who steps in",
        instance=name,
        links=count,
        seconds=seconds,
        beside="one match of the same network",
        other=times.median("match"),
        ratio=times_as_long(seconds, times.median("match")),
        goal=f"at most {_GOAL:g}x",
        met=ratio <= _GOAL,
    )
    yield Row(
        what="every absence re-matched, with who steps in",
        instance=name,
        links=count,
        seconds=seconds,
        beside="the optimum alone, solved again without each (sampled)",
        other=times.median("again"),
        ratio=times_faster(seconds, times.median("again")),
        same="yes" if all(same) else "**no**",
    )
    yield Row(
        what="the worst two absences",
        instance=name,
        links=count,
        seconds=times.median("worst two"),
        beside="one match of the same network",
        other=times.median("match"),
        ratio=times_as_long(times.median("worst two"), times.median("match")),
        same="" if not pairs_same else "yes" if all(pairs_same) else "**no**",
    )


def _again(plan: Plan, rematches: list[Rematch]) -> tuple[float, bool]:
    """Seconds that solving again for everybody takes, scaled from a sample of those who matter; and whether all agree.

    Who is in no team needs no solve: without them the plan is as good as it was.
    """
    links = plan.links
    prescriber, therapist = (of[plan.usable] for of in (links.pairs.prescriber_person, links.pairs.therapist_person))
    teamed = np.union1d(links.pairs.prescriber_person[plan.rows], links.pairs.therapist_person[plan.rows]).tolist()
    sample = Random(0).sample(teamed, min(SAMPLE, len(teamed)))
    same = True
    with undisturbed():
        begin = perf_counter()
        for person in sample:
            rest = market(links, plan.usable[(prescriber != person) & (therapist != person)])
            best = optimum(rest)
            found = int(best.sum()), int(rest.points[best].sum())
            same &= found == (rematches[person].teamed, rematches[person].points)
        spent = perf_counter() - begin
    return spent * len(teamed) / max(1, len(sample)), same


def _worst_of_all(solved: Solved, people: list[int]) -> tuple[int, int] | None:
    """The worst two by trying every pair."""
    losses = {two: loss_without(solved, two) for two in combinations(people, 2)}
    worst = min(losses, key=lambda two: (-losses[two][0], -losses[two][1], two), default=None)
    return worst if worst is not None and losses[worst] > (0, 0) else None


def _judged(of: Roster) -> Links:
    links = judged_links(of, DAY)
    assert len(links.verdicts) == len(links.points)
    return links
