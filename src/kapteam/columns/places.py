"""Where sites are, and how far apart places lie: the great circle."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from kapteam.columns.facts import Facts
from kapteam.columns.supposed import Km

#: The mean radius of the earth (IUGG), in km.
EARTH_KM = 6371.0088


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
    """Latitude and longitude of each site, in degrees; NaN for both where they are not known.

    They are those of the site's row; where candidates are by distance, else those of its postal code.
    """
    if facts.supposed is not None:
        return facts.supposed.latitude, facts.supposed.longitude

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
