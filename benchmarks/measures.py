"""What measuring a network costs: all of it in a fresh process, and its searches beside what one would do instead."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from functools import partial
from random import Random
from statistics import median
from time import process_time

import attrs
import networkx as nx
import numpy as np
from instances import DAY, million_usable, roster
from judging import peak
from rows import Row, times_as_long, times_faster
from timing import Times

from kapteam.columns.lookup import Index
from kapteam.matching.market import Market, market
from kapteam.matching.optimum import optimum
from kapteam.measures.bottlenecks import losses
from kapteam.measures.curveball import TRADES, same_degrees
from kapteam.measures.fill import Filling
from kapteam.measures.measured import measures
from kapteam.measures.mixing import Kinds, assortativity, mixing_matrix, professions
from kapteam.measures.percolation import random_order
from kapteam.measures.usable import Usable
from kapteam.network.links import judged_links
from kapteam.records.roster import Roster

#: Steps of a curve that are solved from nothing at most, drawn at random; the time is scaled to all.
SAMPLE = 40
#: Pairs up to which NetworkX, and trades one by one, are run.
_MOST_PAIRS = 50_000
_GOAL_SECONDS, _GOAL_BYTES = 60.0, 4e9


def measured(sizes: list[int], seeds: int, repeats: int) -> Iterator[Row]:
    """The rows of each size, then of whole processes."""
    for people in sizes:
        yield from _compared(f"{people:,} people", [roster(people, seed) for seed in range(seeds)], repeats)
    for name in _LARGE:
        yield _alone(name)


def _compared(name: str, rosters: list[Roster], repeats: int) -> Iterator[Row]:
    times, counts, same = Times(), [], []
    for of in rosters:
        usable = Usable(judged_links(of, DAY))
        pairs = usable.pairs
        counts.append(len(usable.rows))
        assert usable.plan.objective.teamed <= len(pairs[0])
        order = random_order(usable.linked.tolist(), 0, 0)
        kinds = professions(usable.facts)
        curve = partial(_curve, usable, order)
        calls = {
            "all": partial(measures, usable.links, draws=10),
            "costs": partial(losses, usable),
            "curve": curve,
            "mixing": lambda usable=usable, kinds=kinds: assortativity(mixing_matrix(kinds, *usable.others)),
            "draw": partial(same_degrees, *pairs, np.random.default_rng(0)),
        }
        small = len(pairs[0]) <= _MOST_PAIRS
        if small:
            calls["networkx"] = partial(_by_networkx, usable, kinds)
            calls["trades"] = partial(_one_by_one, *pairs, Random(0))
        answers = times.turns(calls, repeats)
        seconds, agree = _solved_again(usable, order, answers["curve"])
        times.add("again", seconds)
        same.append(agree)
        if small:
            a, b = answers["mixing"], answers["networkx"]
            same.append((a is None and np.isnan(b)) or abs(a - b) < 1e-9)
    count = round(median(counts))
    row = partial(Row, instance=name, links=count)
    yield row(what="all measures, 10 draws of each thing that is random", seconds=times.median("all"))
    yield row(
        what="what the absence of each prescriber costs",
        seconds=times.median("costs"),
        beside="all measures",
        other=times.median("all"),
        ratio=times_as_long(times.median("costs"), times.median("all")),
    )
    yield row(
        what="one exact curve as prescribers stop",
        seconds=times.median("curve"),
        beside="a flow from nothing at each step (sampled)",
        other=times.median("again"),
        ratio=times_faster(times.median("curve"), times.median("again")),
        same="yes" if all(same) else "**no**",
    )
    if "networkx" in times:
        yield row(
            what="assortativity by profession",
            seconds=times.median("mixing"),
            beside="NetworkX, its graph and the coefficient",
            other=times.median("networkx"),
            ratio=times_faster(times.median("mixing"), times.median("networkx")),
            same="yes" if all(same) else "**no**",
        )
        yield row(
            what=f"a random graph of the same degrees, {TRADES} global trades",
            seconds=times.median("draw"),
            beside="as many trades, one by one",
            other=times.median("trades"),
            ratio=times_faster(times.median("draw"), times.median("trades")),
        )


def _curve(usable: Usable, order: list[int]) -> list[int]:
    return Filling(*usable.pairs, usable.room).as_they_come(order)


def _solved_again(usable: Usable, order: list[int], curve: list[int]) -> tuple[float, bool]:
    """Seconds that a flow at each step takes, scaled from a sample, and whether both agree."""
    steps = Random(0).sample(range(1, len(curve)), min(SAMPLE, len(curve) - 1))
    prescriber = usable.links.pairs.prescriber_person[usable.rows]
    problems: list[Market] = []
    for step in steps:
        there = usable.rows[np.isin(prescriber, order[:step])]
        whole = market(usable.links, there)
        problems.append(attrs.evolve(whole, points=np.zeros_like(whole.points)))
    begin = process_time()
    found = [int(optimum(problem).sum()) for problem in problems]
    spent = process_time() - begin
    return spent * (len(curve) - 1) / max(1, len(steps)), found == [curve[step] for step in steps]


def _by_networkx(usable: Usable, kinds: Kinds) -> float:
    """The same coefficient; of people who fill both roles by their profession in each, so by a node for each."""
    one, other = usable.others
    graph = nx.DiGraph(zip(one.tolist(), (-1 - other).tolist(), strict=True))
    of = {p: int(kinds.prescriber[p]) for p in set(one.tolist())}
    of |= {-1 - t: int(kinds.therapist[t]) for t in set(other.tolist())}
    nx.set_node_attributes(graph, of, "kind")
    with np.errstate(all="ignore"):
        return float(nx.attribute_assortativity_coefficient(graph, "kind")) if len(graph) else float("nan")


def _one_by_one(left: Index, right: Index, draw: Random) -> list[set[int]]:
    """The curveball algorithm as it was first written: two rows at a time."""
    rows: dict[int, set[int]] = {}
    for a, b in zip(left.tolist(), right.tolist(), strict=True):
        rows.setdefault(a, set()).add(b)
    hands = list(rows.values())
    for _ in range(TRADES * len(hands) // 2):
        i, j = draw.sample(range(len(hands)), 2)
        both = hands[i] & hands[j]
        pot = list(hands[i] ^ hands[j])
        draw.shuffle(pot)
        keep = len(hands[i]) - len(both)
        hands[i], hands[j] = both | set(pot[:keep]), both | set(pot[keep:])
    return hands


_LARGE = {
    "100,000 people, a million links": lambda: roster(100_000, per_site=50),
    "a million usable links": million_usable,
}


def _alone(name: str) -> Row:
    """Judged and measured in a fresh process: processor seconds, and the greatest memory it ever held."""
    ended = subprocess.run([sys.executable, __file__, name], check=True, capture_output=True, text=True)
    run = json.loads(ended.stdout)
    return Row(
        what=f"judge and measure, fresh process: {run['peak'] / 1e9:.2f} GB at most",
        instance=name,
        links=run["links"],
        seconds=run["cpu"],
        goal="under 60 s and 4 GB",
        met=run["cpu"] < _GOAL_SECONDS and run["peak"] < _GOAL_BYTES,
    )


if __name__ == "__main__":
    _of = _LARGE[sys.argv[1]]()
    _begin = process_time()
    _links = judged_links(_of, DAY)
    json.dumps(measures(_links).as_dict())
    print(json.dumps({"cpu": process_time() - _begin, "peak": peak(), "links": len(_links)}))
