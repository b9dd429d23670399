"""Concentration: how unevenly the plan's teams and sessions lie on the prescribers."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from attrs import frozen
from numpy.typing import ArrayLike

from kapteam.columns.lookup import Index
from kapteam.measures.measure import Measure, number
from kapteam.measures.usable import Usable


def gini(loads: ArrayLike) -> float | None:
    """Gini's coefficient: 0 where all have the same, (n - 1) / n where one has all; None where nobody has anything.

    Examples
    --------
    >>> gini([0, 0, 6])
    0.6666666666666666
    """
    values = np.sort(np.asarray(loads, np.float64))
    count, total = len(values), float(values.sum())
    if not total:
        return None
    return float((2 * np.arange(1, count + 1) - count - 1) @ values) / (count * total)


def hhi(loads: ArrayLike) -> float | None:
    """Herfindahl and Hirschman's index, the sum of squared shares: 1/n to 1; None where nobody has anything.

    Examples
    --------
    >>> hhi([3, 3])
    0.5
    """
    values = np.asarray(loads, np.float64)
    total = float(values.sum())
    return float((values**2).sum()) / total**2 if total else None


@frozen(eq=False)
class Concentration:
    """The load of each prescriber who has a usable link.

    Attributes
    ----------
    teams : array of int
        Therapists teamed with them.
    sessions : array of int
        The most weekly sessions of these links, added up.
    """

    teams: Index
    sessions: Index

    def measures(self) -> Iterator[Measure]:
        """Gini and HHI of both."""
        for name, loads in (("teams", self.teams), ("sessions", self.sessions)):
            yield Measure(f"{name}_gini", number(gini(loads)), "0 to 1")
            yield Measure(f"{name}_hhi", number(hhi(loads)), "0 to 1")


def concentration(usable: Usable) -> Concentration:
    """Of the best plan."""
    pairs, rows, people = usable.links.pairs, usable.plan.rows, len(usable.facts.people)
    prescriber = pairs.prescriber_person[rows]
    sessions = np.zeros(people, np.int64)
    np.add.at(sessions, prescriber, pairs.weekly_sessions[rows].astype(np.int64))
    return Concentration(np.bincount(prescriber, minlength=people)[usable.linked], sessions[usable.linked])
