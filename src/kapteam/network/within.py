"""Candidates by distance: what it would be if prescribers came to sites near their own, which nobody wrote down."""

from __future__ import annotations

import math
from collections.abc import Iterator

import attrs
import numpy as np

from kapteam.columns.facts import Facts, compile_facts
from kapteam.columns.lookup import Index, both, found_at, join
from kapteam.columns.places import EARTH_KM, coordinates, great_circle
from kapteam.columns.supposed import Km, Supposed
from kapteam.law.packs import Packs
from kapteam.records.centroids import Centroids
from kapteam.records.places import SETTINGS
from kapteam.records.problems import UsageError
from kapteam.records.roster import Roster

FARTHEST_KM = 1000.0

_TELEHEALTH = SETTINGS.index("telehealth")
_METRE = 0.001
_BLOCK = 1 << 21  # pairs of places that are looked at at once


def reach(facts: Facts, km: float, centroids: Centroids | None = None) -> Facts:
    """The same facts, with the supposition that prescribers might come to sites near their own.

    Parameters
    ----------
    facts : Facts
    km : float
        How far from a site where they have hours: great circle, above 0 and at most 1,000.
    centroids : Centroids, optional
        Where postal codes lie, for sites without latitude and longitude.

    Returns
    -------
    Facts
        With ``supposed``; all else is as it was, and what is asked of it is computed anew.

    Raises
    ------
    UsageError
        The distance is none of these.

    Notes
    -----
    Each prescriber candidate is supposed to have hours, of which nobody wrote down when, at each site that is within
    the distance of a site where they have hours in force, where a therapist candidate has hours in force, and where
    they have none themselves. A telehealth site is where a patient is, not where anybody works, and so no site to come
    to or from.
    """
    need_km(km)
    latitude, longitude = _places(facts, centroids)
    postings, count = facts.postings, len(facts.sites)
    prescribes = facts.candidate["prescriber"][postings.person]
    works, serves = np.zeros((2, count), bool)
    works[postings.site[prescribes]] = True
    serves[postings.site[facts.candidate["therapist"][postings.person]]] = True
    real, placed = facts.setting != _TELEHEALTH, ~np.isnan(latitude)
    here, there, apart = near(
        latitude, longitude, np.flatnonzero(works & real & placed), np.flatnonzero(serves & real & placed), float(km)
    )
    held = np.flatnonzero(prescribes)
    row, pair = join(postings.site[held], here)
    person, site, nearest, distance = postings.person[held[row]], there[pair], here[pair], apart[pair]
    keys = both(site, person)
    new = np.flatnonzero(found_at(both(postings.site, postings.person), keys) < 0)
    # The nearest of somebody's sites first, of equally near ones the first by id; then that one alone.
    order = new[np.lexsort((nearest[new], distance[new], keys[new]))]
    order = order[np.flatnonzero(np.diff(keys[order], prepend=-1))]
    supposed = Supposed(
        float(km), centroids, latitude, longitude, int(((works | serves) & real & ~placed).sum()),
        person[order], site[order], nearest[order], distance[order],
    )  # fmt: skip
    return attrs.evolve(facts, supposed=supposed, memo={})


def compiled_as(facts: Facts, roster: Roster, packs: Packs | None = None) -> Facts:
    """Another roster on the same day, for the same protocol, and with the same supposition as some facts have.

    ``packs`` are theirs where none are given.
    """
    other = compile_facts(roster, facts.day, facts.protocol_name, facts.law.packs if packs is None else packs)
    supposed = facts.supposed
    return other if supposed is None else reach(other, supposed.km, supposed.centroids)


def need_km(km: float) -> None:
    """Raise :class:`UsageError` where a distance is no number of kilometres above 0, or too far."""
    if isinstance(km, bool) or not isinstance(km, int | float) or not 0 < km <= FARTHEST_KM:
        raise UsageError(f"within is a number of kilometres above 0 and at most {FARTHEST_KM:,.0f}; not {km!r}")


def _places(facts: Facts, centroids: Centroids | None) -> tuple[Km, Km]:
    """Latitude and longitude of each site: its own, else those of its postal code."""
    latitude, longitude = (known.copy() for known in coordinates(attrs.evolve(facts, supposed=None)))
    if centroids is not None:
        for site in np.flatnonzero(np.isnan(latitude)):
            point = centroids.of(facts.roster.places[facts.sites[site]].postal_code)
            if point is not None:
                latitude[site], longitude[site] = point
    return latitude, longitude


def near(latitude: Km, longitude: Km, here: Index, there: Index, km: float) -> tuple[Index, Index, Km]:
    """Every pair of one of ``here`` and one of ``there`` that are at most ``km`` apart, and how far that is.

    Notes
    -----
    Places are points on the unit sphere, and space is cut into cubes as wide as the chord of the distance; so whatever
    is near lies in the same cube or one beside it, at the poles and across the 180th meridian as anywhere. Cubes in a
    row are numbered one after the other: of each place nine runs of three cubes are looked at.
    """
    # A cube for each km at least, so that their numbers fit; a metre more than asked, for what rounding takes in.
    chord = 2 * math.sin((max(km, 1) + 2 * _METRE) / EARTH_KM / 2)
    wide = int(2 / chord) + 4
    points = _on_sphere(latitude, longitude)
    x, y, z = ((points + 1) / chord).astype(np.int64).T + 1
    cube = (x * wide + y) * wide + z
    there = there[np.argsort(cube[there], kind="stable")]
    sorted_cubes = cube[there]
    beside = np.array([(dx * wide + dy) * wide for dx in (-1, 0, 1) for dy in (-1, 0, 1)])
    first = np.searchsorted(sorted_cubes, (cube[here, None] + beside - 1).ravel(), side="left")
    count = np.searchsorted(sorted_cubes, (cube[here, None] + beside + 1).ravel(), side="right") - first
    found: list[tuple[Index, Index, Km]] = []
    for a, b in _runs(np.repeat(here, len(beside)), first, count):
        b = there[b]
        near = ((points[a] - points[b]) ** 2).sum(axis=1) <= chord**2
        a, b = a[near], b[near]
        # To the metre: what the last bits of a sine are differs between machines, and must decide nothing.
        apart = great_circle(latitude[a], longitude[a], latitude[b], longitude[b]).round(3)
        near = apart <= km
        found.append((a[near], b[near], apart[near]))
    none = np.empty(0, np.int64)
    columns = zip(*found, strict=True) if found else ((none,), (none,), (np.empty(0),))
    left, right, apart = (np.concatenate(column) for column in columns)
    return left, right, apart


def _runs(of: Index, first: Index, count: Index) -> Iterator[tuple[Index, Index]]:
    """Each of ``of`` beside the ``count`` positions from ``first`` on, some two million at once."""
    total = np.cumsum(count)
    begin = 0
    while begin < len(of):
        before = total[begin - 1] if begin else 0
        end = max(begin + 1, int(np.searchsorted(total, before + _BLOCK, side="right")))
        some = count[begin:end]
        step = np.arange(some.sum()) - np.repeat(np.cumsum(some) - some, some)
        yield np.repeat(of[begin:end], some), np.repeat(first[begin:end], some) + step
        begin = end


def _on_sphere(latitude: Km, longitude: Km) -> Km:
    """Places as points of the unit sphere, shape (n, 3); one that is not known is at its middle."""
    a, b = np.radians(np.nan_to_num(latitude)), np.radians(np.nan_to_num(longitude))
    points = np.stack([np.cos(a) * np.cos(b), np.cos(a) * np.sin(b), np.sin(a)], axis=1)
    points[np.isnan(latitude)] = 0
    return np.asarray(points)
