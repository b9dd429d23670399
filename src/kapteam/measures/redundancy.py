"""Redundancy: how many prescribers each therapist could work with."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from attrs import frozen

from kapteam.measures.measure import Measure, number, share
from kapteam.measures.usable import Usable

#: How many partners are asked about.
AT_LEAST = (2, 3)


@frozen
class Redundancy:
    """How many therapists have how many partners.

    Attributes
    ----------
    counts : tuple of int
        At place k, how many therapists have a usable link with k prescribers.
    """

    counts: tuple[int, ...]

    def at_least(self, partners: int) -> int:
        """How many therapists have so many partners or more."""
        return sum(self.counts[partners:])

    @property
    def mean(self) -> float:
        """Partners of a therapist on average; 0 where there are no therapists."""
        return sum(k * n for k, n in enumerate(self.counts)) / max(1, sum(self.counts))

    def measures(self) -> Iterator[Measure]:
        """The shares, and the mean."""
        therapists = sum(self.counts)
        for partners in AT_LEAST:
            yield Measure(f"therapists_with_{partners}_partners", share(self.at_least(partners), therapists), "share")
        yield Measure("partners_mean", number(self.mean) if therapists else None, "prescribers a therapist")


def redundancy(usable: Usable) -> Redundancy:
    """The partners of every candidate therapist, linked or not."""
    return Redundancy(tuple(np.bincount(usable.partners[usable.therapists]).tolist()))
