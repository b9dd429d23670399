"""Capacity: the weekly sessions that pairs have hours for at each site, and the staff hours that a session takes."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from attrs import frozen

from kapteam.columns.lookup import Index
from kapteam.columns.policies import DOSING, THROUGHOUT
from kapteam.measures.measure import Measure, Number, number
from kapteam.measures.usable import Usable


@frozen
class SiteCapacity:
    """A site with a usable link.

    Attributes
    ----------
    site : str
    pairs, teams : int
        Pairs with a usable link there; those of the best plan.
    sessions_at_least, sessions_at_most : int
        A week, by the teams of the plan: if each prescriber had only the team with most sessions, counted where that
        is; and if the teams of a prescriber never wanted the same hours.
    """

    site: str
    pairs: int
    teams: int
    sessions_at_least: int
    sessions_at_most: int


@frozen
class Capacity:
    """What the best plan's teams have hours for.

    Attributes
    ----------
    sites : tuple of SiteCapacity
        By id.
    prescriber_hours, therapist_hours, monitor_hours : float or None
        On site, for one session: of the prescriber as far as law and policies ask, on average over the plan's teams;
        None where there are none.
    """

    sites: tuple[SiteCapacity, ...]
    prescriber_hours: Number
    therapist_hours: Number
    monitor_hours: Number

    def measures(self) -> Iterator[Measure]:
        """Of the network, then of each site."""
        for role in ("prescriber", "therapist", "monitor"):
            yield Measure(f"{role}_hours_a_session", getattr(self, f"{role}_hours"), "hours")
        for bound in ("sessions_at_least", "sessions_at_most"):
            yield Measure(bound, sum(getattr(s, bound) for s in self.sites), "sessions a week")
        for site in self.sites:
            yield Measure("sessions_at_least", site.sessions_at_least, "sessions a week", site.site)
            yield Measure("sessions_at_most", site.sessions_at_most, "sessions a week", site.site)


def capacity(usable: Usable) -> Capacity:
    """By the weekly sessions of links; rooms, and whether hours of several teams meet, only ``schedule`` can tell."""
    facts, pairs, rows = usable.facts, usable.links.pairs, usable.plan.rows
    count = len(facts.sites)
    site, sessions = pairs.site[rows], pairs.weekly_sessions[rows].astype(np.int64)
    best = _best_of_each(pairs.prescriber_person[rows], sessions)
    linked = np.bincount(pairs.site[usable.rows], minlength=count)
    teams = np.bincount(site, minlength=count)
    least = np.bincount(site[best], weights=sessions[best], minlength=count).astype(np.int64)
    most = np.bincount(site, weights=sessions, minlength=count).astype(np.int64)
    asked = facts.protocol
    level = pairs.level[rows]
    minutes = np.where(level == THROUGHOUT, asked.session_minutes, np.where(level == DOSING, asked.dosing_minutes, 0))
    # Who is both is there as long as a therapist is.
    minutes[pairs.solo[rows]] = asked.session_minutes
    return Capacity(
        tuple(
            SiteCapacity(facts.sites[s], int(linked[s]), int(teams[s]), int(least[s]), int(most[s]))
            for s in np.flatnonzero(linked)
        ),
        number(minutes.mean() / 60) if len(rows) else None,
        number(asked.therapists * asked.session_minutes / 60),
        number(asked.monitors * asked.session_minutes / 60),
    )


def _best_of_each(prescriber: Index, sessions: Index) -> Index:
    """Of each prescriber the place of the team with most sessions; of equal ones the first."""
    order = np.lexsort((-sessions, prescriber))
    _, first = np.unique(prescriber[order], return_index=True)
    return order[first]
