"""Who is near whom: cubes find what trying all pairs does, at the poles and across the 180th meridian as anywhere."""

from __future__ import annotations

import math
import time

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from kapteam.columns.places import EARTH_KM
from kapteam.network.within import near

Place = tuple[float, float]

#: Anywhere; and crowds at places where a grid of degrees would tear.
ANYWHERE = st.tuples(st.floats(-90, 90), st.floats(-180, 180))
CROWDS = st.tuples(
    st.sampled_from([90.0, -90.0, 0.0, 52.0, 71.3]),
    st.sampled_from([180.0, -180.0, 0.0, -105.3]),
    st.floats(-9, 9),
    st.floats(-9, 9),
).map(lambda c: (max(-90.0, min(90.0, c[0] + c[2])), (c[1] + c[3] + 180) % 360 - 180))
PLACES = st.lists(st.one_of(ANYWHERE, CROWDS, CROWDS), max_size=25)


def haversine(a: Place, b: Place) -> float:
    """Kilometres, to the metre, one pair at a time."""
    p, q = math.radians(a[0]), math.radians(b[0])
    h = math.sin((q - p) / 2) ** 2 + math.cos(p) * math.cos(q) * math.sin(math.radians(b[1] - a[1]) / 2) ** 2
    return round(2 * EARTH_KM * math.asin(math.sqrt(min(1.0, h))), 3)


def found(places: list[Place], here: list[int], there: list[int], km: float) -> dict[tuple[int, int], float]:
    latitude, longitude = np.array(places, np.float64).reshape(-1, 2).T
    left, right, apart = near(latitude, longitude, np.array(here, np.int64), np.array(there, np.int64), km)
    pairs = list(zip(left.tolist(), right.tolist(), strict=True))
    assert len(pairs) == len(set(pairs))
    return dict(zip(pairs, apart.tolist(), strict=True))


@given(PLACES, st.one_of(st.floats(0.001, 1000), st.sampled_from([0.001, 1.0, 50.0, 1000.0])), st.data())
@example([(51.9, 179.9), (51.9, -179.9), (90.0, 0.0), (90.0, 120.0), (89.9, -60.0)], 50.0, None)
def test_all_pairs_within_a_distance_and_no_other(places: list[Place], km: float, data: st.DataObject | None) -> None:
    every = list(range(len(places)))
    some = st.lists(st.sampled_from(every), unique=True) if every else st.just([])
    here, there = (every, every) if data is None else (data.draw(some), data.draw(some))
    assert found(places, here, there, km) == pytest.approx(
        {(a, b): d for a in here for b in there if (d := haversine(places[a], places[b])) <= km}, abs=0.0011
    )


def test_exactly_so_far_is_near_enough() -> None:
    north = math.degrees(50 / EARTH_KM)
    places = [(0.0, 0.0), (north, 0.0), (north + 1e-4, 0.0)]
    assert found(places, [0], [0, 1, 2], 50.0) == {(0, 0): 0.0, (0, 1): 50.0}


def test_work_grows_with_neighbours_and_not_with_pairs() -> None:
    """As many places as there are ZIP codes: all pairs would be 1.6 thousand million."""
    rng = np.random.default_rng(0)
    cities = rng.uniform([25, -124], [49, -67], (400, 2))
    places = cities[rng.integers(0, 400, 40_000)] + rng.normal(0, 0.4, (40_000, 2))
    every, begin = np.arange(40_000), time.process_time()
    left, _, apart = near(places[:, 0], places[:, 1], every, every, 50.0)
    seconds = time.process_time() - begin
    assert apart.max() <= 50.0
    assert (np.bincount(left, minlength=40_000) > 0).all()  # each is near itself
    some = rng.integers(0, 40_000, 20)
    one = [sum(haversine(tuple(places[a]), tuple(b)) <= 50 for b in places) for a in some[:3].tolist()]
    assert [int((left == a).sum()) for a in some[:3]] == one
    assert seconds < 20, seconds
