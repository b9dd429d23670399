"""How far people are from sites: the great circle between the places that the roster knows."""

from __future__ import annotations

import numpy as np

from kapteam.columns.facts import Facts
from kapteam.columns.lookup import Index, join
from kapteam.columns.places import coordinates, great_circle
from kapteam.columns.supposed import Km


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
