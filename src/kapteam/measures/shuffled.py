"""Rosters with capabilities shuffled: trainings, policies and registrations change hands within profession and site."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from copy import copy
from typing import Any

import numpy as np

from kapteam.network.candidates import candidate_pairs
from kapteam.network.judge import judge_pairs
from kapteam.network.links import Links
from kapteam.network.within import compiled_as
from kapteam.records.roster import Roster

#: The tables whose rows change hands.
TABLES = ("training", "coverage", "registrations")


def shuffled(links: Links, rng: np.random.Generator) -> Links:
    """The links of a roster in which people of the same professions and sites have changed what they bring.

    Of each table in ``TABLES`` all rows of a person go to one other (or stay), table by table by itself. Who is where,
    their licences, agreements and own cells stay; all links are judged again by the same rules.
    """
    facts = links.facts
    roster, alike = facts.roster, facts.once("alike", lambda: groups(facts.roster))
    tables = {table: [*_handed_on(roster.table(table), alike, rng)] for table in TABLES}
    other = compiled_as(facts, roster.with_tables(tables))
    return Links(judge_pairs(candidate_pairs(other), links.rulebook))


def groups(roster: Roster) -> tuple[tuple[str, ...], ...]:
    """People with the same professions and the same sites, two or more of them together; by id."""
    professions: dict[str, set[str]] = {}
    sites: dict[str, set[str]] = {}
    for license in roster.licenses:
        professions.setdefault(license.practitioner, set()).add(license.profession)
    for hours in roster.hours:
        sites.setdefault(hours.practitioner, set()).add(hours.site)
    found: dict[Any, list[str]] = {}
    for id in sorted(roster.people):
        alike = frozenset(professions.get(id, ())), frozenset(sites.get(id, ()))
        found.setdefault(alike, []).append(id)
    return tuple(tuple(people) for people in found.values() if len(people) > 1)


def _handed_on(rows: Iterable[Any], alike: Sequence[Sequence[str]], rng: np.random.Generator) -> Iterator[Any]:
    """The rows of one table, each with whom it is now of."""
    to = {a: group[b] for group in alike for a, b in zip(group, rng.permutation(len(group)).tolist(), strict=True)}
    for row in rows:
        owner = to.get(row.practitioner, row.practitioner)
        if owner != row.practitioner:
            # An id of the roster needs no reading; attrs.evolve would read every cell of the row again.
            row = copy(row)
            object.__setattr__(row, "practitioner", owner)
        yield row
