"""The bootstrap: how far a share of therapists would vary, were they a sample of more."""

from __future__ import annotations

import numpy as np
from attrs import frozen
from numpy.typing import NDArray

from kapteam.measures.measure import Number, number
from kapteam.measures.redundancy import AT_LEAST, Redundancy

DRAWS = 2000
LEVEL = 0.95
#: Therapists below whom no interval is told.
ENOUGH = 20


@frozen
class Interval:
    """A percentile interval of one measure of the network.

    Attributes
    ----------
    measure : str
    value : int, float or None
    low, high : float or None
        None where there are too few therapists.
    level : float
    draws : int
    """

    measure: str
    value: Number
    low: Number
    high: Number
    level: float = LEVEL
    draws: int = DRAWS


def intervals(found: Redundancy, seed: int = 0) -> tuple[Interval, ...]:
    """Of what is a mean over therapists: the share covered, those with several partners, and partners on average.

    Notes
    -----
    Therapists are drawn again with replacement, as many as there are (Efron 1979). Since these measures hang on
    nothing but how many have how many partners, such a draw is one of these counts from the multinomial distribution,
    and no therapist need be touched. The links of two therapists with one prescriber are not independent of one
    another, and who is teamed hangs on all others: of that no interval is told.
    """
    counts = np.array(found.counts, np.int64)
    therapists = int(counts.sum())
    drawn = None
    if therapists >= ENOUGH:
        drawn = np.random.default_rng([seed, DRAWS]).multinomial(therapists, counts / therapists, DRAWS)
    partners = np.arange(len(counts), dtype=np.float64)
    weights = {"therapists_covered": np.minimum(partners, 1)}
    weights |= {f"therapists_with_{k}_partners": (partners >= k).astype(np.float64) for k in AT_LEAST}
    weights["partners_mean"] = partners
    return tuple(_interval(name, counts, drawn, of) for name, of in weights.items())


def _interval(
    name: str, counts: NDArray[np.int64], drawn: NDArray[np.int64] | None, of: NDArray[np.float64]
) -> Interval:
    therapists = int(counts.sum())
    value = number(counts @ of / therapists) if therapists else None
    if drawn is None:
        return Interval(name, value, None, None)
    low, high = np.quantile(drawn @ of / therapists, [(1 - LEVEL) / 2, (1 + LEVEL) / 2])
    return Interval(name, value, number(low), number(high))
