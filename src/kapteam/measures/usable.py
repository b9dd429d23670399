"""What is measured: the links that may be used, as pairs of people, and the best plan that they give."""

from __future__ import annotations

from functools import cached_property

import numpy as np
from attrs import define

from kapteam.columns.facts import Facts
from kapteam.columns.lookup import Index, apart, both
from kapteam.columns.parts import parts
from kapteam.matching.capacity import capacities
from kapteam.matching.market import usable_rows
from kapteam.matching.match import Plan, match
from kapteam.network.links import Links


@define(eq=False, slots=False)
class Usable:
    """The links of a network that may be used, and their people.

    Attributes
    ----------
    links : Links
    unknown : {"exclude", "allow"}
        Whether a link that rests on an unknown fact may be used.
    """

    links: Links
    unknown: str = "exclude"

    @property
    def facts(self) -> Facts:
        """The roster on the day, as arrays."""
        return self.links.facts

    @cached_property
    def rows(self) -> Index:
        """The rows of these links."""
        return usable_rows(self.links, self.unknown)

    @cached_property
    def plan(self) -> Plan:
        """The best standing teams, one partner for each therapist."""
        return match(self.links, unknown=self.unknown)

    @cached_property
    def therapists(self) -> Index:
        """The codes of all who are candidates for the role, linked or not."""
        return np.flatnonzero(self.facts.candidate["therapist"])

    @cached_property
    def prescribers(self) -> Index:
        """The codes of all who are candidates for the role, linked or not."""
        return np.flatnonzero(self.facts.candidate["prescriber"])

    @cached_property
    def linked(self) -> Index:
        """The codes of the prescribers who have a usable link."""
        return np.unique(self.pairs[0])

    @cached_property
    def pairs(self) -> tuple[Index, Index]:
        """Prescriber and therapist of each pair that has a usable link, once however many sites it has; by code."""
        return pairs_of(self.links, self.rows)

    @cached_property
    def others(self) -> tuple[Index, Index]:
        """The pairs of two different people."""
        prescriber, therapist = self.pairs
        two = prescriber != therapist
        return prescriber[two], therapist[two]

    @cached_property
    def partners(self) -> Index:
        """By person: with how many prescribers, themself among them, they have a usable link as therapist."""
        return np.bincount(self.pairs[1], minlength=len(self.facts.people))

    @cached_property
    def room(self) -> Index:
        """By person: how many therapists they can take as prescriber; with no limit as many as they have links with."""
        limit = capacities(self.facts)
        degree = np.bincount(self.pairs[0], minlength=len(self.facts.people))
        return np.where(limit < 0, degree, limit)

    @cached_property
    def component(self) -> Index:
        """The part of each person in the graph in which two are joined who have a usable link; its least code."""
        return parts(len(self.facts.people), *self.pairs)


def pairs_of(links: Links, rows: Index) -> tuple[Index, Index]:
    """Prescriber and therapist of some links, each pair once, sorted by their codes."""
    pairs = links.pairs
    return apart(np.unique(both(pairs.prescriber_person[rows], pairs.therapist_person[rows])))
