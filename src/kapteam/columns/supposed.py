"""Who might come where nobody wrote down that they do: prescribers, to sites within a distance of their own."""

from __future__ import annotations

from functools import cached_property
from typing import Any

import numpy as np
from attrs import define
from numpy.typing import NDArray

from kapteam.columns.lookup import Index, both, found_at
from kapteam.records.centroids import Centroids

Km = NDArray[np.float64]


@define(eq=False, slots=False)
class Supposed:
    """One row per prescriber and site of which it is supposed that they might come, sorted by site, then person.

    It is no fact of the roster, and so no posting: whoever asks where people have hours does not find it. It stands
    for hours that nobody wrote down, of that person as prescriber at that site, and for nothing else.

    Attributes
    ----------
    km : float
        How far from a site of theirs.
    centroids : Centroids or None
        Where postal codes lie, for sites without a place of their own.
    latitude, longitude : array of float
        By site, in degrees; NaN where the place is not known.
    unplaced : int
        The sites with hours of a prescriber or a therapist whose place is not known: nobody is supposed to come there
        from elsewhere, or from there.
    person, site : array of int, shape (n,)
        Codes.
    nearest : array of int, shape (n,)
        The site where they have hours that is nearest to it; of equally near ones the first by id.
    distance : array of float, shape (n,)
        How far that is, to the metre.
    """

    km: float
    centroids: Centroids | None
    latitude: Km
    longitude: Km
    unplaced: int
    person: Index
    site: Index
    nearest: Index
    distance: Km

    def __len__(self) -> int:
        return len(self.person)

    def at(self, person: Index, site: Index) -> Index:
        """The row of each person at the site beside them; -1 where there is none."""
        return found_at(self._keys, both(site, person))

    @property
    def fingerprint(self) -> str | None:
        """That of the centroids, where there are any."""
        return None if self.centroids is None else self.centroids.fingerprint

    def as_dict(self) -> dict[str, Any]:
        """What was supposed, as answers tell it."""
        return {"km": self.km, "centroids": self.fingerprint, "sites_without_place": self.unplaced}

    @cached_property
    def _keys(self) -> Index:
        return both(self.site, self.person)
