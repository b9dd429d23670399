"""The network as it is, ready to be asked on any machine what another law would make of it."""

from __future__ import annotations

from datetime import date
from typing import Any

import attrs
import numpy as np
from attrs import define, frozen

from kapteam.columns.facts import Facts, compile_facts
from kapteam.columns.lookup import Index
from kapteam.columns.supposed import Supposed
from kapteam.law.packs import Packs
from kapteam.matching.market import Used
from kapteam.matching.match import Plan
from kapteam.network.links import Links
from kapteam.records.columnar import ColumnarRoster, Read, columns_of
from kapteam.records.roster import TABLES, Roster
from kapteam.records.table import columns
from kapteam.rules.rule import Rule
from kapteam.sweeps.house import Written, rules_of, written


@frozen(eq=False)
class Edges:
    """Links that may be used, by code.

    Attributes
    ----------
    site, prescriber, therapist, points : array of int
    """

    site: Index
    prescriber: Index
    therapist: Index
    points: Index

    def __len__(self) -> int:
        return len(self.points)

    def take(self, rows: Index | Used) -> Edges:
        """Some of them."""
        return Edges(self.site[rows], self.prescriber[rows], self.therapist[rows], self.points[rows])

    def and_(self, other: Edges) -> Edges:
        """Those of both."""
        both = zip(attrs.astuple(self, recurse=False), attrs.astuple(other, recurse=False), strict=True)
        return Edges(*(np.concatenate(pair) for pair in both))


@define(eq=False)
class Today:
    """A judged network and its best teams, without what can be worked out again.

    Attributes
    ----------
    facts : Facts
    house : tuple of Rule
        Rules of the house's own.
    unknown : {"exclude", "allow"}
        Whether a link that rests on an unknown fact may be used.
    usable : Edges
    used : array of bool
        Which of them the best teams use.

    Notes
    -----
    On its way to another process it is the roster as columns and these arrays; the facts are compiled there once.
    """

    facts: Facts
    house: tuple[Rule, ...]
    unknown: str
    usable: Edges
    used: Used

    @classmethod
    def of(cls, plan: Plan) -> Today:
        """A plan's network."""
        links, rows = plan.links, plan.usable
        return cls(links.facts, links.rulebook.house, plan.unknown, edges_of(links, rows), np.isin(rows, plan.rows))

    def __reduce__(self) -> tuple[Any, ...]:
        facts = self.facts
        small = [part.astype(np.int32) for part in attrs.astuple(self.usable, recurse=False)]
        return _arrived, (
            as_columns(facts.roster), facts.day, facts.protocol_name, facts.law.packs, facts.supposed,
            written(self.house), self.unknown, small, np.packbits(self.used),
        )  # fmt: skip


def edges_of(links: Links, rows: Index) -> Edges:
    """Some of the links, by code."""
    pairs = links.pairs
    return Edges(pairs.site[rows], pairs.prescriber_person[rows], pairs.therapist_person[rows], links.points[rows])


def as_columns(roster: Roster) -> ColumnarRoster:
    """The roster as columns, which are small to send."""
    if isinstance(roster, ColumnarRoster):
        return ColumnarRoster(roster.columns, roster.practice)
    tables = columns_of(roster)
    return ColumnarRoster(
        {
            name: Read(record, len(tables[name]), {c.attribute: tables[name][c.attribute] for c in columns(record)})
            for name, record in TABLES.items()
        },
        roster.practice,
    )


def _arrived(
    roster: Roster,
    day: date,
    protocol: str | None,
    packs: Packs,
    supposed: Supposed | None,
    house: tuple[Written, ...],
    unknown: str,
    usable: list[Index],
    used: Any,
) -> Today:
    """What a worker makes of what it was sent."""
    facts = attrs.evolve(compile_facts(roster, day, protocol, packs), supposed=supposed)
    edges = Edges(*(part.astype(np.int64) for part in usable))
    return Today(facts, rules_of(house), unknown, edges, np.unpackbits(used, count=len(edges)).astype(bool))
