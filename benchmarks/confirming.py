"""What confirming each unknown fact would add: mended from the solved plan, beside solving again for each fact.

Seconds are those of the processor, so that they bear a machine that is doing other things.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator
from functools import partial
from random import Random
from statistics import median
from time import process_time
from typing import TypeVar

import numpy as np
from instances import DAY, million_links, roster
from rows import Row, times_as_long, times_faster
from teams import planned
from timing import Times, undisturbed

from kapteam.columns.lookup import Index
from kapteam.columns.parts import parts
from kapteam.matching.confirm import Gain, IfConfirmed, _covered, if_confirmed
from kapteam.matching.market import market
from kapteam.matching.match import Plan
from kapteam.matching.optimum import optimum
from kapteam.matching.unknowns import unknowns
from kapteam.network.links import Links, judged_links
from kapteam.records.roster import Roster

T = TypeVar("T")

#: Facts for which is solved again at most, drawn at random; the time is scaled to all of them.
SAMPLE = 200


def measured(sizes: list[int], seeds: int, repeats: int, *, quick: bool) -> Iterator[Row]:
    """The rows of each size, of one large part and, unless ``quick``, of a million links."""
    planned(_judged(roster(40)))  # so that no turn pays for loading the solver
    for people in sizes:
        yield from _compared(f"{people:,} people", (roster(people, seed) for seed in range(seeds)), repeats)
    one = (roster(1_000, seed, per_site=250) for seed in range(seeds))
    yield from _compared("1,000 people in one practice", one, repeats)
    if not quick:
        yield from _compared("a million links", (million_links(seed) for seed in range(min(2, seeds))), repeats)


def promised(plan: Plan) -> list[IfConfirmed]:
    """What the plan promises; nothing remembered from the turn before."""
    return if_confirmed(plan.links, plan.usable, plan.held, plan.problem, plan.used, plan.max_partners)


def solved_again(plan: Plan) -> tuple[float, dict[tuple[str, str], Gain]]:
    """Seconds that solving again for each fact takes, scaled from a sample, and what those in it add.

    Of each fact only the connected part is solved that its links are in, and of no fact whose links are all covered by
    the prices of the plan.
    """
    links = plan.links
    pairs, people, chosen = links.pairs, links.facts.people, plan.problem.row[plan.used]
    with undisturbed():
        begin = process_time()
        turned = unknowns(links).turned()
        if not turned:
            return process_time() - begin, {}
        open_rows = np.union1d(plan.usable, np.concatenate(list(turned.values())))
        covered = _covered(links, plan.problem, plan.used, open_rows)
        label = parts(len(people), pairs.prescriber_person[open_rows], pairs.therapist_person[open_rows])
        usable_in, chosen_in = (_by_part(label[pairs.therapist_person[rows]], rows) for rows in (plan.usable, chosen))
        facts = [fact for fact, rows in turned.items() if not covered[rows].all()]
        none, ready = np.empty(0, np.int64), process_time()
        sample, found = Random(0).sample(facts, min(SAMPLE, len(facts))), {}
        for fact in sample:
            here = int(label[fact[0]])
            wider = market(links, np.sort(np.concatenate([usable_in.get(here, none), turned[fact]])))
            better, before = optimum(wider), chosen_in.get(here, none)
            adds_points = int(wider.points[better].sum()) - int(links.points[before].sum())
            found[people[fact[0]], fact[1]] = int(better.sum()) - len(before), adds_points
        spent = process_time() - ready
    return ready - begin + spent * len(facts) / max(1, len(sample)), found


def _compared(name: str, rosters: Iterator[Roster], repeats: int) -> Iterator[Row]:
    times, counts, facts, same = Times(), [], [], []
    for of in rosters:
        links = _judged(of)
        plan = planned(links)
        counts.append(len(links))
        facts.append(len(unknowns(links).turned()))
        for _ in range(repeats):
            _add(times, "match", partial(planned, links))
            answer = _add(times, "kapteam", partial(promised, plan))
        seconds, again = solved_again(plan)
        times.add("again", seconds)
        gains = {(x.practitioner, x.rule): (x.adds, x.adds_points) for x in answer}
        same.append(all(gains.get(fact, (0, 0)) == gain for fact, gain in again.items()))
    seconds = times.median("kapteam")
    for beside, other in (
        ("the part that each fact is in, solved again (sampled)", "again"),
        ("one match of the same network", "match"),
    ):
        faster = times_faster if other == "again" else times_as_long
        yield Row(
            what=f"what confirming adds, of {round(median(facts)):,} facts",
            instance=name,
            links=round(median(counts)),
            seconds=seconds,
            beside=beside,
            other=times.median(other),
            ratio=faster(seconds, times.median(other)),
            same="" if other == "match" else "yes" if all(same) else "**no**",
        )


def _add(times: Times, name: str, call: Callable[[], T]) -> T:
    """Call once; its seconds of processor are added."""
    with undisturbed():
        begin = process_time()
        answer = call()
        times.add(name, process_time() - begin)
    return answer


def _by_part(part: Index, rows: Index) -> dict[int, Index]:
    """Links grouped by the part that they are in."""
    found: dict[int, list[int]] = defaultdict(list)
    for of, row in zip(part.tolist(), rows.tolist(), strict=True):
        found[of].append(row)
    return {of: np.array(mine) for of, mine in found.items()}


def _judged(of: Roster) -> Links:
    links = judged_links(of, DAY)
    assert len(links.verdicts) == len(links.points)
    return links
