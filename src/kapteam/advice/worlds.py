"""People as they could be: rows of a person at a site judged as if some changes were made, many at once."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from copy import copy
from typing import Any

import numpy as np
from attrs import define, field, frozen

from kapteam.advice.changes import OF_PEOPLE, Change, rows_of, with_law, written
from kapteam.columns.facts import Bools, Facts
from kapteam.columns.logic import PASS
from kapteam.columns.lookup import Index
from kapteam.columns.members import Members
from kapteam.law.day import FEDERAL
from kapteam.network.links import Links
from kapteam.network.monitors import deciding
from kapteam.network.within import compiled_as
from kapteam.records.roster import Roster

_OF_TIME = ("licenses", "coverage", "hours")
_WITHOUT_AGREEMENTS = tuple(table for table in OF_PEOPLE if table != "agreements")


@frozen(eq=False)
class Asked:
    """A person at a site in a role, as if some changes were made."""

    role: str
    person: str
    site: str
    changes: frozenset[Change]


def judged(links: Links, asked: Sequence[Asked], least: int = PASS) -> Bools:
    """Whether each would pass every blocking rule on that person alone.

    Parameters
    ----------
    links : Links
        Of the roster as it is.
    asked : sequence of Asked
    least : int
        The verdict that is enough.

    Notes
    -----
    Each asked becomes a person of their own in another roster, with the rows that they would have and the colleagues
    whom their agreements name; so that all are judged at once, by the same rules. What a change says of the law or of
    a site holds for all who are judged there: those who need it otherwise go into another such roster.
    """
    found = np.zeros(len(asked), bool)
    roster = links.facts.roster
    places, rows = {s.site: s.jurisdiction for s in roster.sites}, rows_of(roster)
    worlds: list[_World] = []
    for number, one in enumerate(asked):
        scopes = _scopes(one, places)
        world = next((w for w in worlds if w.fits(scopes)), None)
        if world is None:
            worlds.append(world := _World(links, rows))
        world.take(number, one, scopes)
    for world in worlds:
        found[world.numbers] = world.passes(least)
    return found


def people(links: Links, asked: Sequence[tuple[str, Iterable[Change]]]) -> tuple[Facts, Index]:
    """People with other hours, in another roster under the law as it is: its facts, and their codes there.

    Only what decides when people can meet is of use there: who may be what, their policies and their hours.
    """
    world = _World(links, rows_of(links.facts.roster))
    ids = [world.person(person, changes, _OF_TIME) for person, changes in asked]
    facts = world.facts()
    return facts, np.array([facts.person_code[id] for id in ids], np.int64)


def _renamed(row: Any, **cells: Any) -> Any:
    """A record with other ids, which need no reading again."""
    new = copy(row)
    for name, value in cells.items():
        object.__setattr__(new, name, value)
    return new


def _scopes(one: Asked, places: dict[str, str]) -> dict[str, frozenset[Any]]:
    """What it needs of the law, of its place and of the whole country, and of its site."""
    place = places[one.site]
    return {
        scope: frozenset(said for c in one.changes for said in c.law if said[0] == scope) for scope in (FEDERAL, place)
    } | {f"site {one.site}": frozenset(c for c in one.changes if not c.practitioner and (c.add or c.replace))}


@define(eq=False)
class _World:
    """Another roster, in which some of the asked are people of their own."""

    links: Links
    rows: dict[str, dict[str, list[Any]]]
    numbers: list[int] = field(factory=list)
    asked: list[Asked] = field(factory=list)
    scopes: dict[str, frozenset[Any]] = field(factory=dict)
    tables: dict[str, list[Any]] = field(factory=lambda: {name: [] for name in OF_PEOPLE})
    people: list[Any] = field(factory=list)
    known: dict[str, str] = field(factory=dict)

    def fits(self, scopes: dict[str, frozenset[Any]]) -> bool:
        """Whether one with these needs can be among them."""
        return all(self.scopes.get(scope, needs) == needs for scope, needs in scopes.items())

    def take(self, number: int, one: Asked, scopes: dict[str, frozenset[Any]]) -> None:
        """Let one be among them."""
        self.numbers.append(number)
        self.asked.append(one)
        self.scopes.update(scopes)

    def passes(self, least: int) -> Bools:
        """Whether each passes what is judged of them alone."""
        ids = [self.one(one) for one in self.asked]
        facts = self.facts()
        result = np.ones(len(ids), bool)
        for role in dict.fromkeys(one.role for one in self.asked):
            mine = [i for i, one in enumerate(self.asked) if one.role == role]
            person = np.array([facts.person_code[ids[i]] for i in mine], np.int64)
            site = np.array([facts.site_code[self.asked[i].site] for i in mine], np.int64)
            for judgement in deciding(Members(facts, role, person, site), self.links.rulebook):
                result[mine] &= judgement.verdicts >= least
        return result

    def facts(self) -> Facts:
        """The roster of all of them, compiled."""
        base = self.links.facts
        law = [said for needs in self.scopes.values() for said in needs if isinstance(said, tuple)]
        shared = [c for needs in self.scopes.values() for c in needs if isinstance(c, Change)]
        replaced = {id(old): new for c in shared for old, new in c.replace}
        of_sites = [replaced.get(id(x), x) for x in base.roster.registrations if x.site is not None]
        self.tables["registrations"] += [*of_sites, *(row for c in shared for row in c.add)]
        roster = Roster(
            sites=base.roster.sites,
            practitioners=self.people,
            **self.tables,
            practice=with_law(base.roster.practice, sorted(law)),
        )
        return compiled_as(base, roster)

    def one(self, asked: Asked) -> str:
        """A person of their own, with the colleagues whom their agreements name."""
        own = [c for c in asked.changes if c.practitioner == asked.person]
        return self.person(asked.person, own)

    def person(self, person: str, changes: Iterable[Change], tables: Sequence[str] = OF_PEOPLE) -> str:
        """Somebody with the rows that they would have in some tables, under another id."""
        new = f"{len(self.people)}"
        base, chosen = self.rows, sorted(changes, key=lambda c: c.key)
        mine = {table: list(base[table].get(person, ())) for table in OF_PEOPLE}
        as_is = who = self.links.facts.roster.people[person]
        for old, other in (pair for c in chosen for pair in c.replace):
            if old is as_is:
                who = written(old, other, who)
            else:
                rows = mine[old.table]
                at = next(i for i, row in enumerate(base[old.table].get(person, ())) if row is old)
                rows[at] = written(old, other, rows[at])
        added = [row for c in chosen for row in c.add]
        for row in added:
            if row.table in mine and row.practitioner == person and row not in mine[row.table]:
                mine[row.table].append(row)
        self.people.append(_renamed(who, practitioner=new, npi=None))
        for table in tables:
            for row in mine[table]:
                cells: dict[str, Any] = {"practitioner": new}
                if table == "registrations":
                    cells["number"] = None
                if table == "agreements":
                    cells["with_"] = self.colleague(row.with_, added)
                self.tables[table].append(_renamed(row, **cells))
        return new

    def colleague(self, person: str, added: Iterable[Any]) -> str:
        """Whom an agreement names: as they are, or from outside."""
        if person not in self.known:
            if person in self.links.facts.roster.people:
                self.known[person] = self.person(person, (), _WITHOUT_AGREEMENTS)
            else:
                new = self.known[person] = f"{len(self.people)}"
                for row in added:
                    if row.practitioner == person:
                        table = self.people if row.table == "practitioners" else self.tables[row.table]
                        table.append(_renamed(row, practitioner=new))
        return self.known[person]
