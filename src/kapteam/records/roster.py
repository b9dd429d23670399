"""The tables of a practice together: every reference checked, and every problem said at once."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from copy import copy
from functools import cached_property
from types import MappingProxyType
from typing import Any

import attrs
from attrs import field, frozen

from kapteam.records.checks import problems_of
from kapteam.records.kinds import clean
from kapteam.records.people import (
    Absence,
    Agreement,
    Coverage,
    Hours,
    License,
    Practitioner,
    Registration,
    Tie,
    Training,
)
from kapteam.records.places import Demand, Site
from kapteam.records.practice import Practice
from kapteam.records.problems import Problem, RosterError, UsageError, nearest
from kapteam.records.table import check_rows

#: The class of each table's rows, in the order of the format.
TABLES: Mapping[str, type] = MappingProxyType(
    {
        c.table: c
        for c in (
            Site, Practitioner, License, Registration, Coverage, Training, Hours, Absence, Agreement, Tie, Demand,
        )
    }
)  # fmt: skip
#: The tables that a roster cannot do without.
NEEDED = ("sites", "practitioners", "licenses", "hours")

_NESTED = ("licenses", "registrations", "coverage", "training", "hours", "absences", "agreements")


@frozen(init=False, repr=False)
class Roster:
    """What a practice wrote down: eleven tables and its practice file.

    Parameters
    ----------
    sites, practitioners : iterable of Site, of Practitioner
        Either may hold the rows that belong to it nested inside.
    licenses, registrations, coverage, training, hours, absences, agreements, ties, demand : iterable of records
        The other tables, flat; joined with what is nested.
    practice : Practice or mapping, optional
        The practice file, or the nested mapping that its TOML holds.

    Raises
    ------
    RosterError
        With every problem: duplicate ids, references to nobody, overlapping policies, ...

    Examples
    --------
    >>> roster = Roster(
    ...     sites=[Site("hudson", "NY", supply="stock")],
    ...     practitioners=[
    ...         Practitioner("ines", licenses=[License("NY", "physician")], hours=[Hours("hudson", "Mon 09:00-17:00")])
    ...     ],
    ... )
    >>> roster
    <Roster: 1 practitioner, 1 site>
    """

    sites: tuple[Site, ...]
    practitioners: tuple[Practitioner, ...]
    licenses: tuple[License, ...]
    registrations: tuple[Registration, ...]
    coverage: tuple[Coverage, ...]
    training: tuple[Training, ...]
    hours: tuple[Hours, ...]
    absences: tuple[Absence, ...]
    agreements: tuple[Agreement, ...]
    ties: tuple[Tie, ...]
    demand: tuple[Demand, ...]
    practice: Practice
    warnings: tuple[Problem, ...] = field(eq=False)
    origin: Mapping[str, tuple[str, Sequence[int]]] = field(eq=False)
    #: The scenarios that made rows of it up, by name: what rests on those is no fact.
    made_up: tuple[str, ...] = field(eq=False)

    def __init__(
        self,
        *,
        sites: Iterable[Site],
        practitioners: Iterable[Practitioner],
        licenses: Iterable[License] = (),
        registrations: Iterable[Registration] = (),
        coverage: Iterable[Coverage] = (),
        training: Iterable[Training] = (),
        hours: Iterable[Hours] = (),
        absences: Iterable[Absence] = (),
        agreements: Iterable[Agreement] = (),
        ties: Iterable[Tie] = (),
        demand: Iterable[Demand] = (),
        practice: Practice | Mapping[str, Any] | None = None,
    ) -> None:
        tables: dict[str, list[Any]] = {
            "sites": list(sites), "practitioners": list(practitioners), "licenses": list(licenses),
            "registrations": list(registrations), "coverage": list(coverage), "training": list(training),
            "hours": list(hours), "absences": list(absences), "agreements": list(agreements), "ties": list(ties),
            "demand": list(demand),
        }  # fmt: skip
        for name, rows in tables.items():
            check_rows(TABLES[name], rows)
        _flatten(tables)
        if practice is None:
            practice = Practice()
        elif not isinstance(practice, Practice):
            practice = Practice.of(practice)
        problems = problems_of(tables, practice)
        if any(p.level == "error" for p in problems):
            raise RosterError(problems)
        self.__attrs_init__(
            **{name: tuple(rows) for name, rows in tables.items()},
            practice=practice,
            warnings=tuple(problems),
            origin={},
            made_up=(),
        )

    def __repr__(self) -> str:
        people, places = self._length("practitioners"), self._length("sites")
        scenarios = f", made up by {' and '.join(map(repr, self.made_up))}" if self.made_up else ""
        return (
            f"<Roster: {people:,} practitioner{'s' * (people != 1)}, {places:,} site{'s' * (places != 1)}{scenarios}>"
        )

    def _length(self, table: str) -> int:
        return len(self.table(table))

    def read_from(
        self,
        origin: Mapping[str, tuple[str, Sequence[int]]],
        warnings: Iterable[Problem],
        made_up: Iterable[str] = (),
    ) -> Roster:
        """The same roster, knowing where each row stood in its file, and the warnings of its reading.

        ``origin`` holds, by table, the file (and sheet) and the row of each record there; ``made_up`` are the scenarios
        that made rows up.
        """
        same = copy(self)
        object.__setattr__(same, "origin", origin)
        object.__setattr__(same, "warnings", tuple(warnings))
        object.__setattr__(same, "made_up", tuple(made_up))
        return same

    @property
    def supposition(self) -> dict[str, Any]:
        """What every document says of rows that a scenario made up: nothing where none did."""
        return {"made_up": list(self.made_up)} if self.made_up else {}

    def with_absences(self, more: Iterable[Absence]) -> Roster:
        """The same roster, with further absences of people who are on it."""
        same = copy(self)
        object.__setattr__(same, "absences", (*self.absences, *more))
        return same

    def with_tables(self, tables: Mapping[str, Iterable[Any]], practice: Practice | None = None) -> Roster:
        """The roster with other rows in some tables, checked anew; ``practice`` where another practice file holds."""
        rows: dict[str, Any] = {name: tables.get(name, self.table(name)) for name in TABLES}
        other = Roster(**rows, practice=practice or self.practice)
        return other.read_from(other.origin, other.warnings, self.made_up)

    def with_practice(self, practice: Practice | Mapping[str, Any]) -> Roster:
        """The same tables under another practice file: a :class:`Practice`, or the mapping that its TOML holds.

        Raises
        ------
        RosterError
            A key or a value is wrong, or a row names a protocol that this practice does not have.

        Examples
        --------
        >>> import kapteam
        >>> longer = kapteam.example().with_practice({"protocol": {"session_minutes": 240}})
        >>> longer.practice.protocol.session_minutes
        240
        """
        tables = {name: self.table(name) for name in TABLES}
        other = Roster(**tables, practice=practice if isinstance(practice, Practice) else Practice.of(practice))
        return other.read_from(self.origin, map(self.located, other.warnings), self.made_up)

    def located(self, problem: Problem) -> Problem:
        """A problem of a row counted from 1, at the row of the file that it was read from."""
        if problem.table not in self.origin:
            return problem
        source, rows = self.origin[problem.table]
        row, also = (None if r is None else rows[r - 1] for r in (problem.row, problem.also))
        return attrs.evolve(problem, row=row, also=also, source=source)

    def table(self, name: str) -> tuple[Any, ...]:
        """The rows of one table, by its name in the format."""
        if name not in TABLES:
            raise KeyError(name)
        return getattr(self, name)  # type: ignore[no-any-return]

    def practitioner(self, id: str) -> Practitioner:
        """A practitioner with the rows that belong to them nested inside, as a roster in code is written.

        Examples
        --------
        >>> import kapteam
        >>> kapteam.example().practitioner("ana").licenses[0].profession
        'clinical_social_worker'
        """
        theirs = {name: [x for x in self.table(name) if x.practitioner == id] for name in _NESTED}
        return attrs.evolve(self.person(id), **theirs)  # type: ignore[misc]

    def person(self, id: str) -> Practitioner:
        """A practitioner as the table has them.

        Raises
        ------
        UsageError
            Nobody on the roster has this id.
        """
        id = clean(id)
        if id in self.people:
            return self.people[id]
        names = {p.name: p.practitioner for p in self.practitioners if p.name}
        meant = nearest(id, self.people) or tuple(names[n] for n in nearest(id, names, cutoff=0.5))
        raise UsageError(f"there is no practitioner {id!r} on the roster" + _hint(meant))

    def place(self, id: str) -> Site:
        """A site; raises as :meth:`person` does."""
        id = clean(id)
        if id in self.places:
            return self.places[id]
        raise UsageError(f"there is no site {id!r} on the roster" + _hint(nearest(id, self.places)))

    @cached_property
    def people(self) -> Mapping[str, Practitioner]:
        """Practitioners by id."""
        return {p.practitioner: p for p in self.practitioners}

    @cached_property
    def places(self) -> Mapping[str, Site]:
        """Sites by id."""
        return {s.site: s for s in self.sites}


def _hint(meant: tuple[str, ...]) -> str:
    return f"; did you mean {meant[0]!r}?" if meant else ""


def _flatten(tables: dict[str, list[Any]]) -> None:
    """Move what is nested in a practitioner or a site into the table it belongs to."""
    for i, person in enumerate(tables["practitioners"]):
        nested = {name: rows for name in _NESTED if (rows := getattr(person, name))}
        if nested:
            for name, rows in nested.items():
                tables[name] += [attrs.evolve(row, practitioner=person.practitioner) for row in rows]
            tables["practitioners"][i] = attrs.evolve(person, **dict.fromkeys(nested, ()))
    for i, site in enumerate(tables["sites"]):
        if site.registrations:
            tables["registrations"] += [attrs.evolve(row, site=site.site) for row in site.registrations]
            tables["sites"][i] = attrs.evolve(site, registrations=())
