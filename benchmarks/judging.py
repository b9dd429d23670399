"""Judging every candidate link: the rules over columns, against the same rules in a plain Python loop, as a Polars
script and as a query in DuckDB; and against the time that reading the columns once takes.
"""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from functools import partial
from itertools import islice
from pathlib import Path
from random import Random
from statistics import median
from time import perf_counter, process_time

import numpy as np
from bandwidth import columns_read, size, streamed, weeks_gathered
from instances import DAY, million_links, roster
from plain import Plain, PlainLink
from rows import Row, sides, times_as_long
from timing import Times, undisturbed

from kapteam.columns.facts import Facts, compile_facts
from kapteam.columns.policies import policies
from kapteam.columns.trainings import trainings
from kapteam.network.candidates import candidate_pairs
from kapteam.network.judge import judge_pairs
from kapteam.network.links import Links
from kapteam.records.roster import Roster
from kapteam.rules.rulebook import OWN, Rulebook

#: Links that the plain loop judges at most, at sites drawn at random; its time is scaled to all of them.
SAMPLE = 10_000
_GOAL_SECONDS, _GOAL_BYTES, _GOAL_READ = 2.0, 1e9, 3.0
_LOOPS = {"from scratch": False, "remembering people": True}


def measured(sizes: list[int], seeds: int, repeats: int) -> Iterator[Row]:
    """The rows of each size, and those of a million links."""
    judged_from(compiled(roster(40)))  # so that no turn pays for reading the law packs
    for people in sizes:
        rosters = (roster(people, seed) for seed in range(seeds))
        yield from _compared(f"{people:,} people", rosters, repeats if people <= 10_000 else 2)
    yield from _compared("a million links", iter([million_links()]), min(3, repeats), goal=True)
    yield _alone(repeats)


def compiled(of: Roster) -> Facts:
    """The roster as arrays, with the tables that rules read by person."""
    facts = compile_facts(of, DAY)
    for role in ("prescriber", "therapist"):
        policies(facts, role)
    trainings(facts)
    return facts


def judged_from(facts: Facts) -> Links:
    """What is left to do on compiled facts: candidates, rules, verdicts and points."""
    links = Links(judge_pairs(candidate_pairs(facts), Rulebook.of(facts.roster.practice)))
    assert len(links.verdicts) == len(links.points) == len(links.pairs.weekly_sessions)
    return links


def _compared(name: str, rosters: Iterator[Roster], repeats: int, *, goal: bool = False) -> Iterator[Row]:
    from scripts import SCRIPTS, same_verdicts, scripted  # the processes that measure memory must not hold these

    times, counts, sizes = Times(), [], []
    same: dict[str, list[bool]] = {}
    for of in rosters:
        count = len(judged_from(compiled(of)))
        counts.append(count)
        scripts = scripted(of)
        for _ in range(repeats):
            facts = times.turns({"compile": partial(compiled, of)}, 1)["compile"]
            columns = columns_read(candidate_pairs(facts))
            sizes.append(size(columns))
            links = times.turns({"judge": partial(judged_from, facts)}, 1)["judge"]
            times.add("kapteam", times["compile"][-1] + times["judge"][-1])
            times.turns({"streamed": partial(streamed, columns), "gathered": partial(weeks_gathered, links)}, 1)
            found = {}
            for loop, remember in _LOOPS.items():
                seconds, found[loop] = _plain(of, count, remember=remember)
                times.add(loop, seconds)
            answers = times.turns(scripts, 1)
        for loop, plain in found.items():
            same.setdefault(loop, []).append(_agree(links, plain))
        for script, answer in answers.items():
            same.setdefault(script, []).append(same_verdicts(links, answer))
    listed = round(median(counts))
    row = partial(Row, instance=name, links=listed)
    share = times.median("compile") / times.median("kapteam")
    parts = f" ({share:.0%} on the roster, {1 - share:.0%} on its links)"
    sampled = " (sampled)" if listed > SAMPLE else ""
    beside = {loop: f"plain Python, {loop}{sampled}" for loop in _LOOPS} | SCRIPTS
    for i, (other, words) in enumerate(beside.items()):
        yield row(
            what=f"judge {len(OWN)} rules{'' if i else parts}",
            beside=words,
            **sides(times, other),
            same="yes" if all(same[other]) else "**no**",
        )
    read = f"reading the columns once, {median(sizes) / 1e6:,.1f} MB"
    for other, words in (("streamed", read), ("gathered", "reading the two weeks of each link once")):
        bound = goal and other == "streamed"
        yield row(
            what="judge links, the roster compiled",
            beside=words,
            **sides(times, other, times_as_long, own="judge"),
            goal=f"at most {_GOAL_READ:g}x" if bound else "",
            met=times.ratio("judge", other) <= _GOAL_READ if bound else None,
        )


def _plain(of: Roster, count: int, *, remember: bool) -> tuple[float, list[PlainLink]]:
    """Seconds that the loop needs for all links, and what it found; of a large roster scaled from a sample."""
    sites = sorted(of.places)
    Random(0).shuffle(sites)
    with undisturbed():
        begin = perf_counter()
        plain = Plain(of, DAY, remember=remember)
        ready = perf_counter()
        found = list(islice((link for site in sites for link in plain.at(site)), SAMPLE))
        spent = perf_counter() - ready
    return ready - begin + spent * count / len(found), found


def _agree(links: Links, plain: list[PlainLink]) -> bool:
    """Whether the loop judged links that kapteam lists, as many as it should, and each the same."""
    facts, pairs = links.facts, links.pairs
    sites, people, many = facts.site_code, facts.person_code, len(facts.people)
    listed = (pairs.site * many + pairs.prescriber_person) * many + pairs.therapist_person
    judged = np.array([(sites[x.site] * many + people[x.prescriber]) * many + people[x.therapist] for x in plain])
    order = np.argsort(listed)
    place = order[np.minimum(np.searchsorted(listed, judged, sorter=order), len(order) - 1)]
    return (
        len(plain) == min(len(links), SAMPLE)
        and bool((listed[place] == judged).all())
        and links.verdicts[place].tolist() == [x.verdict for x in plain]
        and links.points[place].tolist() == [x.points for x in plain]
        and pairs.weekly_sessions[place].tolist() == [x.weekly_sessions for x in plain]
    )


def _alone(repeats: int) -> Row:
    """The million links in a fresh process: processor seconds, so of one core, and the greatest memory it ever held."""
    runs = [
        json.loads(subprocess.run([sys.executable, __file__], check=True, capture_output=True, text=True).stdout)
        for _ in range(max(1, repeats // 2))
    ]
    seconds, memory = median(r["cpu"] for r in runs), max(r["peak"] for r in runs)
    return Row(
        what=f"judge {len(OWN)} rules, fresh process, one core: {memory / 1e6:,.0f} MB at most",
        instance="a million links",
        links=runs[0]["links"],
        seconds=seconds,
        beside=f"the roster's records alone: {runs[0]['before'] / 1e6:,.0f} MB",
        goal="under 2 s and 1 GB",
        met=seconds < _GOAL_SECONDS and memory < _GOAL_BYTES,
    )


def peak() -> int:
    """The most bytes that this process ever held at once."""
    status = Path("/proc/self/status")
    if status.exists():  # the kernel's ru_maxrss would begin at the parent's
        line = next(x for x in status.read_text().splitlines() if x.startswith("VmHWM"))
        return int(line.split()[1]) * 1024
    import resource

    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss


if __name__ == "__main__":
    _of = million_links()
    _before = peak()
    _begin = process_time()
    _links = judged_from(compiled(_of))
    print(json.dumps({"cpu": process_time() - _begin, "peak": peak(), "before": _before, "links": len(_links)}))
