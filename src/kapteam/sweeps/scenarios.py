"""Scenarios: what else the law might say, in the words of the practice file, and where."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

import attrs
from attrs import field, frozen

from kapteam.records.practice import Practice, written
from kapteam.records.problems import Problem, RosterError, UsageError, nearest
from kapteam.records.zones import JURISDICTIONS
from kapteam.sweeps.names import Names

#: The sections of a practice file that a scenario may have. The others say what a session is, or what things cost here.
SECTIONS = ("federal", "jurisdictions", "carriers", "modalities", "rules", "thresholds")
#: What a scenario of a file may have beside them: what is said of a place, and which places that is.
THERE, WHERE = "there", "where"
#: Each jurisdiction of the roster in turn; all of them at once.
EACH, ALL = "each", "all"


@frozen
class Scenario:
    """A set of changes of what a practice knows of the law, and the rest as it is.

    Attributes
    ----------
    name : str
    law : mapping
        Sections as a practice file has them, such as ``{"federal": {"telehealth": "no"}}``; key by key they win over
        the practice's own, and so over the packs.
    of : str
        The scenario of a file that it is one of; the name itself where it is the only one.
    where : tuple of str
        The jurisdictions in which a change that was said of places is made; empty where none was.

    Raises
    ------
    UsageError
        There is no such section, or a practice file could not say so.

    Examples
    --------
    >>> Scenario("no telehealth", {"federal": {"telehealth": "no"}}).places is None
    True
    """

    name: str
    law: Mapping[str, Any]
    of: str = field(default=attrs.Factory(lambda self: self.name, takes_self=True))
    where: tuple[str, ...] = ()

    def __attrs_post_init__(self) -> None:
        if not self.name:
            raise UsageError("a scenario needs a name")
        for section in self.law:
            if section not in SECTIONS:
                raise UsageError(
                    f"{self.name}: a scenario has no section {section!r}; there may be {', '.join(SECTIONS)}"
                )
        try:
            Practice.of(self.law)
        except RosterError as error:
            raise UsageError(f"{self.name}: {error}") from None

    @property
    def places(self) -> tuple[str, ...] | None:
        """The jurisdictions that it is about; None where it may concern any."""
        if set(self.law) - {"jurisdictions"}:
            return None
        return tuple(sorted(self.law.get("jurisdictions", {})))

    def practice(self, today: Practice) -> Practice:
        """A practice that knows this, and all else as it does today."""
        if not self.law:
            return today
        return Practice.of(_merged(today.as_toml(), self.law), today.source)


def scenarios_of(
    document: Mapping[str, Any], places: Sequence[str], source: str = "", names: Names | None = None
) -> tuple[Scenario, ...]:
    """The scenarios of a sweep file, one for each place where it asks for each.

    Parameters
    ----------
    document : mapping
        ``scenarios`` by name. A scenario has sections of a practice file; or what is said of a place (``there``, as a
        section of ``[jurisdictions]``) and which places that is (``where``: ``each``, ``all``, or a list of codes,
        which are changed together and make one scenario; ``each`` and ``all`` may stand in the list too, and make
        theirs beside it).
    places : sequence of str
        The jurisdictions of the roster.
    source : str
        The file, for messages.
    names : Names, optional
        The carriers, modalities and rules that there are; any name is taken without.

    Raises
    ------
    RosterError
        With every problem of the file.

    Examples
    --------
    >>> free = {"there": {"nurse_practitioner": {"autonomy": "independent"}}, "where": ["each", "all"]}
    >>> [s.name for s in scenarios_of({"scenarios": {"free": free}}, ["CO", "NY"])]
    ['free: CO', 'free: NY', 'free: all']
    """
    reader = _Reader(source, tuple(places), names)
    found = tuple(reader.scenarios(document))
    reader.twice(found)
    if not found and not reader.problems:
        reader.problem("scenarios", None, "expected a section [scenarios.NAME] for each scenario")
    if reader.problems:
        raise RosterError(reader.problems)
    return found


def one_of_each_name(scenarios: Iterable[Scenario]) -> tuple[Scenario, ...]:
    """The scenarios themselves.

    Raises
    ------
    UsageError
        There are none, one is something else, or two have one name.
    """
    found = tuple(scenarios)
    for one in found:
        if not isinstance(one, Scenario):
            raise UsageError(f"expected scenarios, such as kapteam.Scenario(...) makes, not {type(one).__name__}")
    names = [one.name for one in found]
    twice = sorted({name for name in names if names.count(name) > 1})
    if twice:
        raise UsageError(f"two scenarios are called {', '.join(twice)}: give each a name of its own")
    if not found:
        raise UsageError("expected at least one scenario")
    return found


class _Reader:
    """Reads scenarios one by one and keeps every problem; lives for one call."""

    def __init__(self, source: str, places: tuple[str, ...], names: Names | None) -> None:
        self.source, self.places, self.names = source, places, names
        self.problems: list[Problem] = []

    def problem(self, key: str, value: Any, expected: str, close: tuple[str, ...] = ()) -> None:
        said = None if value is None else written(value)
        self.problems.append(Problem("sweep", None, key, said, expected, close, self.source))

    def section(self, key: str, value: Any) -> Mapping[str, Any]:
        if isinstance(value, Mapping):
            return value
        self.problem(key, value, f"expected a section [{key}], not a single value")
        return {}

    def scenarios(self, document: Mapping[str, Any]) -> Iterator[Scenario]:
        for name in sorted(map(str, document.keys() - {"scenarios"})):
            self.problem(name, None, "there is no such section", nearest(name, ["scenarios"]))
        for name, said in self.section("scenarios", document.get("scenarios", {})).items():
            key = f"scenarios.{name}"
            yield from self.scenario(str(name), key, self.section(key, said))

    def scenario(self, name: str, key: str, said: Mapping[str, Any]) -> Iterator[Scenario]:
        known = (*SECTIONS, THERE, WHERE)
        for other in sorted(map(str, said.keys() - set(known))):
            self.problem(f"{key}.{other}", None, "a scenario has no such section", nearest(other, known))
        law = {section: said[section] for section in SECTIONS if section in said}
        if not said:
            self.problem(
                key, None, f"expected what changes, in one of {', '.join(f'[{key}.{one}]' for one in known[:-1])}"
            )
            return
        for section in (*SECTIONS, THERE):
            if said.get(section) == {}:
                self.problem(f"{key}.{section}", None, "expected what changes, and nothing stands in this section")
        if THERE not in said:
            if WHERE in said:
                self.problem(
                    f"{key}.{WHERE}", said[WHERE], f"expected a section [{key}.{THERE}] that says what changes there"
                )
            if self.readable(key, law, None):
                yield Scenario(name, law)
            return
        there = self.section(f"{key}.{THERE}", said[THERE])
        for label, places in self.where(f"{key}.{WHERE}", said.get(WHERE, EACH)):
            changed = {"jurisdictions": dict.fromkeys(places, there)}
            if not self.readable(key, law, None) or not self.readable(key, changed, places[0]):
                return
            yield Scenario(f"{name}: {label}", _merged(law, changed), name, places)

    def twice(self, found: Sequence[Scenario]) -> None:
        """Tell of each name that two scenarios have: one for a place is called after its scenario and the place."""
        of: dict[str, str] = {}
        for one in found:
            if one.name in of:
                said = f"a scenario of [scenarios.{of[one.name]}] is called {one.name!r} too: give this another name"
                self.problem(f"scenarios.{one.of}", None, said)
            of.setdefault(one.name, one.of)

    def where(self, key: str, said: Any) -> Iterator[tuple[str, tuple[str, ...]]]:
        """By label: the places that a change is made in at once."""
        words = [said] if isinstance(said, str) else said if isinstance(said, list | tuple) else []
        if not words:
            self.problem(key, said, f"expected {EACH!r}, {ALL!r}, a USPS code, or a list of these")
            return
        named = tuple(sorted({str(word) for word in words} - {EACH, ALL}))
        for word in named:
            if word not in JURISDICTIONS:
                self.problem(key, word, f"expected {EACH!r}, {ALL!r} or a USPS code", nearest(word, JURISDICTIONS))
                return
        if EACH in words and len(named) == 1 and named[0] in self.places:
            self.problem(key, said, f"{EACH!r} has {named[0]} in it already: leave one of them out")
            return
        if EACH in words:
            yield from ((place, (place,)) for place in self.places)
        if named:
            yield ", ".join(named), named
        if ALL in words:
            yield ALL, self.places

    def readable(self, key: str, law: Mapping[str, Any], place: str | None) -> bool:
        """Whether a practice file could say so; ``place`` stands for those that a change is made in."""
        try:
            Practice.of(law, self.source)
        except RosterError as error:
            for problem in error.problems:
                column = problem.column or ""
                if place is not None:
                    column = column.replace(f"jurisdictions.{place}", THERE, 1)
                told = attrs.evolve(problem, table="sweep", column=f"{key}.{column}")
                if told not in self.problems:
                    self.problems.append(told)
            return False
        strangers = [] if self.names is None or place is not None else list(self.names.strangers(law))
        for problem in strangers:
            told = attrs.evolve(problem, column=f"{key}.{problem.column}", source=self.source)
            if told not in self.problems:
                self.problems.append(told)
        return not strangers


def _merged(one: Mapping[str, Any], other: Mapping[str, Any]) -> dict[str, Any]:
    """Nested sections key by key, the other's first."""
    found = dict(one)
    for key, value in other.items():
        mine = found.get(key)
        found[key] = _merged(mine, value) if isinstance(mine, Mapping) and isinstance(value, Mapping) else value
    return found
