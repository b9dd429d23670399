"""The bootstrap by practices: how far what is measured would vary, were the network a sample of more of its kind."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from attrs import frozen
from numpy.typing import NDArray

from kapteam.columns.parts import parts
from kapteam.measures.bootstrap import ENOUGH, LEVEL, Interval
from kapteam.measures.measure import number
from kapteam.measures.redundancy import AT_LEAST
from kapteam.measures.usable import Usable
from kapteam.network.links import Links
from kapteam.records.problems import UsageError
from kapteam.sweeps.spread import How, spread
from kapteam.sweeps.streams import uniform

#: What is measured, in the order in which a draw gives it; each is a sum over therapists, by their number.
MEASURES = (
    "therapists_covered", *(f"therapists_with_{k}_partners" for k in AT_LEAST), "partners_mean", "therapists_teamed",
)  # fmt: skip


@frozen(eq=False)
class Parts:
    """The connected parts of a network with what each brings: what the draws share.

    Attributes
    ----------
    therapists : array of int, shape (parts,)
    sums : array of int, shape (parts, measures)
        What each measure is a share of therapists of.
    seed : int
    """

    therapists: NDArray[np.int64]
    sums: NDArray[np.int64]
    seed: int

    def measures(self, chosen: NDArray[np.int64] | slice = slice(None)) -> tuple[float, ...]:
        """The measures of some parts together, which may be there several times."""
        return tuple((self.sums[chosen].sum(axis=0) / self.therapists[chosen].sum()).tolist())


@frozen
class Bootstrapped:
    """The answer of :func:`bootstrap`; iterating gives each :class:`~kapteam.measures.bootstrap.Interval`.

    Attributes
    ----------
    intervals : tuple of Interval
        Without low and high where there are too few parts.
    parts : int
        The parts of the network that have a therapist.
    draws : int
        How many were drawn: 0 where there are too few parts, fewer than asked for where the work was stopped.
    seed : int
    """

    intervals: tuple[Interval, ...]
    parts: int
    draws: int
    seed: int

    def __iter__(self) -> Iterator[Interval]:
        return iter(self.intervals)

    def __len__(self) -> int:
        return len(self.intervals)

    @property
    def reason(self) -> str:
        """Why there are no intervals, in a sentence; empty where there are."""
        if self.parts >= ENOUGH:
            return ""
        said = f"{self.parts} part{'s' * (self.parts != 1)}"
        return (
            f"No intervals: the network has {said} that no candidate link joins, and fewer than "
            f"{ENOUGH} say nothing of how far others would vary."
        )


def draw(of: Parts, number: int) -> tuple[float, ...]:
    """The measures of as many parts, drawn with replacement; they hang on the seed and the number alone."""
    count = len(of.therapists)
    return of.measures((uniform(of.seed, number, count=count) * count).astype(np.int64))


def bootstrap(
    links: Links, draws: int = 1000, *, unknown: str = "exclude", seed: int = 0, how: How | None = None
) -> Bootstrapped:
    """Percentile intervals of what is measured of therapists, the share teamed among it.

    Parameters
    ----------
    links : Links
    draws : int
    unknown : {"exclude", "allow"}
    seed : int
    how : How, optional
        By whom it is worked out; here without one. The answer is the same.

    Returns
    -------
    Bootstrapped
        Its intervals are without low and high where there are fewer than 20 parts, and it says so.

    Notes
    -----
    What is drawn again with replacement (Efron 1979) are not therapists but the parts of the network that no candidate
    link joins, such as practices: within one of them who is teamed hangs on all others there, and of two of them
    nothing hangs on the other. So the best teams of a draw are those of its parts, and an interval can be told of the
    share teamed too, which the intervals of :func:`kapteam.measures.measured.measures` cannot do.
    """
    if not isinstance(draws, int) or draws < 1:
        raise UsageError(f"draws is a whole number, at least 1; not {draws!r}")
    if not isinstance(seed, int) or seed < 0:
        raise UsageError(f"seed is a whole number, at least 0; not {seed!r}")
    of = _parts(Usable(links, unknown), seed)
    if not len(of.therapists):
        return Bootstrapped(tuple(Interval(name, None, None, None, draws=0) for name in MEASURES), 0, 0, seed)
    drawn: list[tuple[float, ...]] = []
    if len(of.therapists) >= ENOUGH:
        spread_out = spread(draw, of, range(draws), how, names=lambda one: f"draw {one}")
        drawn = list(spread_out.results.values())
    columns = np.array(drawn, np.float64).reshape(-1, len(MEASURES))
    found = tuple(
        _interval(name, value, columns[:, n])
        for n, (name, value) in enumerate(zip(MEASURES, of.measures(), strict=True))
    )
    return Bootstrapped(found, len(of.therapists), len(drawn), seed)


def _parts(usable: Usable, seed: int) -> Parts:
    links, people = usable.links, usable.therapists
    pairs = links.pairs
    label = parts(len(links.facts.people), pairs.prescriber_person, pairs.therapist_person)
    _, part = np.unique(label[people], return_inverse=True)
    partners = usable.partners[people]
    teamed = np.isin(people, pairs.therapist_person[usable.plan.rows])
    brings = [partners >= 1, *(partners >= k for k in AT_LEAST), partners, teamed]
    count = int(part.max(initial=-1)) + 1
    sums = [np.bincount(part, of, minlength=count).astype(np.int64) for of in brings]
    return Parts(np.bincount(part, minlength=count), np.column_stack(sums), seed)


def _interval(name: str, value: float, drawn: NDArray[np.float64]) -> Interval:
    if not len(drawn):
        return Interval(name, number(value), None, None, draws=0)
    low, high = np.quantile(drawn, [(1 - LEVEL) / 2, (1 + LEVEL) / 2])
    return Interval(name, number(value), number(low), number(high), draws=len(drawn))
