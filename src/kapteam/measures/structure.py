"""The shape of the network: how many links there are of those that could be, degrees, and connected parts."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from attrs import frozen

from kapteam.measures.measure import Measure, share
from kapteam.measures.usable import Usable


@frozen
class Structure:
    """Counts of links, pairs, people and parts.

    Attributes
    ----------
    candidates, usable : int
        Links that were judged, and those that may be used.
    pairs : int
        Pairs of prescriber and therapist with a usable link, at however many sites.
    prescribers, therapists : int
        Candidates for each role.
    degrees : tuple of int
        At place k, how many prescribers have a usable link with k therapists.
    components : tuple of int
        How many people each connected part of the usable links has, the largest first; of people with a usable link.
    """

    candidates: int
    usable: int
    pairs: int
    prescribers: int
    therapists: int
    degrees: tuple[int, ...]
    components: tuple[int, ...]

    def measures(self) -> Iterator[Measure]:
        """The counts, densities, and the share of the largest part."""
        yield Measure("prescribers", self.prescribers, "people")
        yield Measure("links", self.candidates, "links")
        yield Measure("links_usable", self.usable, "links")
        yield Measure("links_usable_share", share(self.usable, self.candidates), "share")
        yield Measure("pairs", self.pairs, "pairs")
        yield Measure("density", share(self.pairs, self.prescribers * self.therapists), "share")
        yield Measure("components", len(self.components), "parts")
        yield Measure("largest_component", share(max(self.components, default=0), sum(self.components)), "share")


def structure(usable: Usable) -> Structure:
    """Count what there is; linear in people and links."""
    prescriber, therapist = usable.pairs
    degree = np.bincount(prescriber, minlength=len(usable.facts.people))[usable.prescribers]
    people = np.union1d(prescriber, therapist)
    _, sizes = np.unique(usable.component[people], return_counts=True)
    return Structure(
        candidates=len(usable.links),
        usable=len(usable.rows),
        pairs=len(prescriber),
        prescribers=len(usable.prescribers),
        therapists=len(usable.therapists),
        degrees=tuple(np.bincount(degree).tolist()),
        components=tuple(sorted(sizes.tolist(), reverse=True)),
    )
