"""Markets without a roster: only who may be teamed with whom, for how many points, and who has room."""

from __future__ import annotations

from collections.abc import Sequence
from types import SimpleNamespace
from typing import Any

import numpy as np
from hypothesis import strategies as st

import oracles
from kapteam.matching.certificate import least_prices
from kapteam.matching.market import Market, Used
from kapteam.matching.optimum import least_draw, optimum

Edge = tuple[int, int, int]  # prescriber, therapist, points


def a_market(edges: Sequence[Edge], room: Sequence[int | None], units: int = 1, salt: str = "") -> Market:
    """A market of one site; `room` of each prescriber, None for no limit; therapists are those of the edges."""
    edges = sorted(edges)
    prescribers = sorted({p for p, _, _ in edges})
    therapists = sorted({t for _, t, _ in edges})
    prescriber = np.array([prescribers.index(p) for p, _, _ in edges], np.int64)
    therapist = np.array([therapists.index(t) for _, t, _ in edges], np.int64)
    points = np.array([v for _, _, v in edges], np.int64)
    degree = np.bincount(prescriber, minlength=len(prescribers))
    limits = [room[p] for p in prescribers]
    people = [f"p{p}" for p in prescribers] + [f"t{t}" for t in therapists]
    links: Any = SimpleNamespace(
        facts=SimpleNamespace(sites=["s"], people=people, protocol=SimpleNamespace(draw=salt)),
        pairs=SimpleNamespace(
            site=np.zeros(len(edges), np.int64),
            prescriber_person=prescriber,
            therapist_person=therapist + len(prescribers),
        ),
        points=points,
    )
    return Market(
        links=links,
        row=np.arange(len(edges)),
        prescriber=prescriber,
        therapist=therapist,
        points=points,
        prescribers=np.arange(len(prescribers)),
        therapists=np.arange(len(therapists)) + len(prescribers),
        capacity=np.array([d if c is None else c for c, d in zip(limits, degree, strict=True)], np.int64),
        unlimited=np.array([c is None for c in limits], bool),
        units=np.full(len(therapists), units, np.int64),
        teamed_worth=1 + int(points.max(initial=0)) * len(therapists),
    )


def solved(problem: Market) -> Used:
    """The optimum with the least draw."""
    found = optimum(problem)
    return least_draw(problem, least_prices(problem, found), found)


def value(problem: Market, used: Used) -> int:
    """Both aims as one number."""
    return int((problem.teamed_worth + problem.points)[used].sum())


def draw_sum(problem: Market, used: Used, salt: str = "") -> int:
    """The sum of the oracle's draws of the links used."""
    people = problem.links.facts.people
    therapist = problem.therapists[problem.therapist]
    return sum(
        oracles.draw_of("s", people[p], people[t], salt)
        for p, t in zip(problem.prescriber[used], therapist[used], strict=True)
    )


def is_plan(problem: Market, used: Used) -> bool:
    """Whether nobody is used more often than they can be."""
    load = np.bincount(problem.prescriber[used], minlength=len(problem.prescribers))
    taken = np.bincount(problem.therapist[used], minlength=len(problem.therapists))
    return bool((load <= problem.capacity).all() and (taken <= problem.units).all())


@st.composite
def markets(draw: st.DrawFn, most: int = 6) -> Market:
    """A small market; points are few and much alike, so that there are many optima."""
    prescribers, therapists = draw(st.integers(1, most)), draw(st.integers(1, most))
    every = [(p, t) for p in range(prescribers) for t in range(therapists)]
    chosen = draw(st.lists(st.sampled_from(every), min_size=1, max_size=3 * most, unique=True))
    points = draw(st.sampled_from([[0], [0, 1], [5, 5, 7, 300], list(range(1000))]))
    edges = [(p, t, draw(st.sampled_from(points))) for p, t in chosen]
    room = draw(st.lists(st.sampled_from([None, 0, 1, 1, 2, 3]), min_size=prescribers, max_size=prescribers))
    return a_market(edges, room, draw(st.integers(1, 3)), draw(st.sampled_from(["", "spring"])))


def large(seed: int, prescribers: int, therapists: int, share: float, units: int = 1) -> Market:
    """A larger market, drawn by a fixed generator."""
    rng = np.random.default_rng(seed)
    linked = np.argwhere(rng.random((prescribers, therapists)) < share)
    points = rng.integers(0, 1001, len(linked))
    room: list[int | None] = [int(c) if c < 6 else None for c in rng.integers(0, 7, prescribers)]
    return a_market([(int(p), int(t), int(v)) for (p, t), v in zip(linked, points, strict=True)], room, units)
