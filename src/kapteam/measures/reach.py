"""Reach: how far people live from the nearest site with a pair that may work there."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np
from attrs import frozen

from kapteam.columns.lookup import Index
from kapteam.columns.places import coordinates, great_circle
from kapteam.columns.supposed import Km
from kapteam.measures.measure import Measure, Number, number, share
from kapteam.measures.places import Place
from kapteam.measures.usable import Usable
from kapteam.records.places import SETTINGS

_TELEHEALTH = SETTINGS.index("telehealth")
_BLOCK = 1 << 22  # distances that are held at once


@frozen
class Reached:
    """A place.

    Attributes
    ----------
    place : str
    population : int
    km : float or None
        As the crow flies, to a tenth; None where no such site has coordinates.
    site : str or None
        The nearest; of equally near ones the first by id.
    """

    place: str
    population: int
    km: Number
    site: str | None


@frozen
class Reach:
    """How far the people of some places live from a usable pair.

    Attributes
    ----------
    limit : float
        Kilometres.
    sites : int
        Sites with a usable pair and coordinates; those for telehealth are no place to go to.
    sites_unknown : int
        Sites with a usable pair whose coordinates nobody wrote down.
    population, beyond : int
        People; and those who live farther away than the limit, or from whom no site is known.
    median : float or None
        Half of the people live at most so far.
    places : tuple of Reached
        In the order of their file.
    """

    limit: float
    sites: int
    sites_unknown: int
    population: int
    beyond: int
    median: Number
    places: tuple[Reached, ...]

    def measures(self) -> Iterator[Measure]:
        """People beyond the limit, and the median."""
        yield Measure("population", self.population, "people")
        yield Measure("people_beyond_limit", self.beyond, "people")
        yield Measure("people_beyond_limit_share", share(self.beyond, self.population), "share")
        yield Measure("median_distance", self.median, "km")


def reach(usable: Usable, places: Sequence[Place], limit: float) -> Reach:
    """From each place to the nearest site where a usable pair may hold a session."""
    facts = usable.facts
    latitude, longitude = coordinates(facts)
    paired = np.unique(usable.links.pairs.site[usable.rows])
    paired = paired[facts.setting[paired] != _TELEHEALTH]
    known = paired[~np.isnan(latitude[paired])]
    of = np.array([(p.latitude, p.longitude) for p in places], np.float64).reshape(-1, 2)
    population = np.array([p.population for p in places], np.int64)
    if len(known):
        site = known[_nearest(of[:, 0], of[:, 1], latitude[known], longitude[known])]
        km = great_circle(of[:, 0], of[:, 1], latitude[site], longitude[site]).round(1)
        told = [
            Reached(p.place, p.population, number(d), facts.sites[s])
            for p, d, s in zip(places, km, site, strict=True)
        ]  # fmt: skip
    else:
        km = np.full(len(places), np.inf)
        told = [Reached(p.place, p.population, None, None) for p in places]
    return Reach(
        limit=limit,
        sites=len(known),
        sites_unknown=len(paired) - len(known),
        population=int(population.sum()),
        beyond=int(population[km > limit].sum()),
        median=number(weighted_median(km, population)),
        places=tuple(told),
    )


def weighted_median(values: Km, weights: Index) -> float:
    """The least value that at least half of the weight does not exceed; NaN without any weight.

    Examples
    --------
    >>> weighted_median(np.array([1.0, 5.0, 9.0]), np.array([1, 1, 3]))
    9.0
    """
    order = np.argsort(values, kind="stable")
    heard = 2 * np.cumsum(weights[order])
    if not len(heard) or not heard[-1]:
        return float("nan")
    return float(values[order][np.searchsorted(heard, heard[-1] / 2)])


def _nearest(latitude: Km, longitude: Km, of_latitude: Km, of_longitude: Km) -> Index:
    """Of each place the nearest site: who is nearest on the sphere has the greatest dot product of unit vectors."""
    places, sites = _unit(latitude, longitude), _unit(of_latitude, of_longitude)
    found = np.zeros(len(places), np.int64)
    step = max(1, _BLOCK // len(sites))
    for begin in range(0, len(places), step):
        # To twelve digits, some ten metres: equally near ones are told apart by their ids and not by last bits.
        near = (places[begin : begin + step] @ sites.T).round(12)
        found[begin : begin + step] = near.argmax(axis=1)
    return found


def _unit(latitude: Km, longitude: Km) -> Km:
    a, b = np.radians(latitude), np.radians(longitude)
    return np.column_stack([np.cos(a) * np.cos(b), np.cos(a) * np.sin(b), np.sin(a)])
