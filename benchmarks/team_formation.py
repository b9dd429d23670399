"""How far published ways to find a team are from the best one: ``python benchmarks/team_formation.py``.

``--write`` puts the table into docs/team-formation.md, and ``--check`` tells whether it is stale. The table has no time
in it, so it is the same on every machine; ``run.py`` measures times.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Iterable, Iterator
from functools import partial
from pathlib import Path
from random import Random
from statistics import mean
from typing import Any

import networkx as nx
from attrs import frozen
from rows import Row, times_faster
from timing import Times

from kapteam.baselines import (
    Experts,
    ExpertTeam,
    best_leader,
    enhanced_steiner,
    exact,
    made_graph,
    nearest_to_seed,
    rarest_first,
)

#: The people, clusters and skills of each size of a made-up network.
NETWORKS = {60: (60, 4, 15), 240: (240, 8, 30), 960: (960, 16, 60)}
#: The sizes of the page's table.
SHOWN = (60, 240)
ASKED = (3, 6)
SEEDS = 20
#: By cost: the published way that is made for it, and its name.
WAYS: dict[str, tuple[str, Callable[[Experts, Iterable[str]], ExpertTeam]]] = {
    "diameter": ("RarestFirst", rarest_first),
    "mst": ("EnhancedSteiner", enhanced_steiner),
    "sum": ("nearest to a seed", nearest_to_seed),
    "leader": ("best leader", best_leader),
}
PAGE = Path(__file__).resolve().parent.parent / "docs" / "team-formation.md"
_BEGIN, _END = "<!-- Written by benchmarks/team_formation.py --write -->\n", "<!-- End of what it writes -->\n"


@frozen
class Gaps:
    """How many times the least cost a published way's teams cost: one number for each network drawn."""

    people: int
    asked: int
    measure: str
    ratios: tuple[float, ...]

    def line(self) -> str:
        """As a line of the table."""
        best = sum(ratio == 1 for ratio in self.ratios)
        found = (f"{100 * (ratio - 1):.0f} %" for ratio in (mean(self.ratios), max(self.ratios)))
        name = WAYS[self.measure][0]
        return f"| {self.people} | {self.asked} | `{self.measure}` | {name} | {best} | {' | '.join(found)} |"


def drawn(people: int, asked: int, seed: int) -> tuple[nx.Graph[str], list[str]]:
    """A made-up network, and skills drawn from those that somebody has there."""
    graph = made_graph(*NETWORKS[people], seed)
    held = sorted({skill for _, skills in graph.nodes(data="skills") for skill in skills})
    draw = Random(seed)
    return graph, [held.pop(int(draw.random() * len(held))) for _ in range(asked)]


def gaps(people: Iterable[int], seeds: int = SEEDS) -> Iterator[Gaps]:
    """Each published way beside the proven best, by size, number of skills and cost."""
    for size in people:
        for asked in ASKED:
            questions = [drawn(size, asked, seed) for seed in range(seeds)]
            for measure in WAYS:
                yield Gaps(
                    size,
                    asked,
                    measure,
                    tuple(_ratio(Experts.of(graph), skills, measure) for graph, skills in questions),
                )


def _ratio(experts: Experts, skills: list[str], measure: str) -> float:
    best, found = exact(experts, skills, measure), WAYS[measure][1](experts, skills).units(measure)
    least = best.team.units(measure)
    assert best.proven, "the effort was spent: draw smaller networks"
    assert found >= least, "better than the best"
    return 1.0 if found == least else found / least


def table() -> str:
    """The table of the page."""
    head = f"| people | skills | cost | published way | best, of {SEEDS} | mean gap | worst gap |\n"
    head += "|--:|--:|---|---|--:|--:|--:|\n"
    return head + "".join(f"{found.line()}\n" for found in gaps(SHOWN))


def measured(sizes: list[int], seeds: int, repeats: int) -> Iterator[Row]:
    """How long the proven best takes beside each published way."""
    for people in sizes:
        questions = [drawn(people, max(ASKED), seed) for seed in range(seeds)]
        for measure, (name, way) in WAYS.items():
            if measure == "leader":  # is the best itself
                continue
            times, ratios = Times(), []
            for graph, skills in questions:
                ratios.append(_ratio(Experts.of(graph), skills, measure))
                calls = {"exact": partial(exact, measure=measure), "way": way}
                times.turns({name: partial(_from_graph, call, graph, skills) for name, call in calls.items()}, repeats)
            seconds, other = times.median("exact"), times.median("way")
            yield Row(
                what=f"the best team of experts by {measure}, proven",
                instance=f"{people} people, {max(ASKED)} skills",
                seconds=seconds,
                beside=f"{name}, published",
                other=other,
                ratio=times_faster(seconds, other),
                same="yes" if max(ratios) == 1 else f"costs up to {100 * (max(ratios) - 1):.0f} % more",
            )


def _from_graph(find: Callable[[Experts, list[str]], Any], graph: nx.Graph[str], skills: list[str]) -> Any:
    """The whole of a question: experts keep the shortest ways that they searched, so each call gets its own."""
    return find(Experts.of(graph), skills)


def page(text: str) -> str:
    """The page with the table as it is now."""
    before, rest = text.split(_BEGIN)
    return before + _BEGIN + table() + _END + rest.split(_END)[1]


def main() -> None:
    """Print the table, write it into its page, or tell whether it is stale there."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--write", action="store_true", help="write the table into its page")
    parser.add_argument("--check", action="store_true", help="tell whether the table of the page is stale")
    asked = parser.parse_args()
    if not (asked.write or asked.check):
        print(table(), end="")
        return
    old = PAGE.read_text(encoding="utf-8")
    new = page(old)
    if asked.write:
        PAGE.write_text(new, encoding="utf-8", newline="\n")
    elif new != old:
        sys.exit(f"{PAGE.name} is stale: run python benchmarks/team_formation.py --write")


if __name__ == "__main__":
    main()
