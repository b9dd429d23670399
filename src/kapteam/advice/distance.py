"""How far people are from sites: the great circle between the places that the roster knows."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

from kapteam.columns.facts import Facts
from kapteam.columns.lookup import Index, join

#: The mean radius of the earth (IUGG), in km.
EARTH_KM = 6371.0088

Km = NDArray[np.float64]


def great_circle(
    latitude: ArrayLike, longitude: ArrayLike, other_latitude: ArrayLike, other_longitude: ArrayLike
) -> Km:
    """Kilometres between places given in degrees, on a sphere, by the haversine.

    Parameters
    ----------
    latitude, longitude, other_latitude, other_longitude : array of float
        Degrees, of shapes that go together; NaN where nobody knows.

    Returns
    -------
    array of float
        Within half a percent of the distance on the earth's ellipsoid; NaN where a place is not known.

    Notes
    -----
    The haversine keeps its precision for places close by (Sinnott 1984, "Virtues of the Haversine", Sky and
    Telescope 68, 159).

    Examples
    --------
    >>> float(great_circle(0, 0, 0, 90).round(1))  # a quarter of the equator
    10007.6
    """
    a, b, c, d = (np.radians(np.asarray(x, np.float64)) for x in (latitude, longitude, other_latitude, other_longitude))
    h = np.sin((c - a) / 2) ** 2 + np.cos(a) * np.cos(c) * np.sin((d - b) / 2) ** 2
    return np.asarray(2 * EARTH_KM * np.arcsin(np.sqrt(np.minimum(h, 1))))


def coordinates(facts: Facts) -> tuple[Km, Km]:
    """Latitude and longitude of each site, in degrees; NaN for both where one is blank."""

    def make() -> tuple[Km, Km]:
        places = [facts.roster.places[s] for s in facts.sites]
        known = np.array(
            [
                (float(p.latitude), float(p.longitude))
                if p.latitude is not None and p.longitude is not None
                else (np.nan, np.nan)
                for p in places
            ],
            np.float64,
        ).reshape(-1, 2)
        return known[:, 0], known[:, 1]

    return facts.once("coordinates", make)


def to_sites(facts: Facts, person: Index, site: Index) -> Km:
    """Kilometres from each person to the site beside them, to a tenth.

    A practitioner's row holds no place, so a person is where they have hours: at the nearest of these sites. One who
    has hours at the very site is 0 km from it, wherever it is; one who has none anywhere, or only where nobody wrote
    down the place, is at no known distance (NaN).

    Parameters
    ----------
    facts : Facts
    person, site : array of int, shape (n,)
        Codes.

    Returns
    -------
    array of float, shape (n,)
    """
    postings, (latitude, longitude) = facts.postings, coordinates(facts)
    rows, theirs = join(person, postings.person)
    here, there = site[rows], postings.site[theirs]
    apart = great_circle(latitude[here], longitude[here], latitude[there], longitude[there])
    apart[here == there] = 0
    nearest = np.full(len(person), np.inf)
    np.fmin.at(nearest, rows, apart)
    # To a tenth: what the last bits of a sine are differs between machines, and must decide nothing.
    return np.where(np.isinf(nearest), np.nan, nearest.round(1))
