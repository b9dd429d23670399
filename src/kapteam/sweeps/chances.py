"""The chance that a fact nobody wrote down turns out well: one for all, by the rule that asks, or by person."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

import attrs
from attrs import frozen

from kapteam.matching.unknowns import WINDOW, Fact
from kapteam.network.links import Links
from kapteam.records.practice import written
from kapteam.records.problems import Problem, RosterError, UsageError, nearest
from kapteam.rules.rulebook import START_RULES

#: What stands for every rule, and the section of what is said of single people, in a file of chances.
EVERY, PEOPLE = "all", "people"


@frozen
class Chances:
    """Chances as they were given; the most particular counts.

    A person and a rule go before a person (``all``), that before a rule, and that before the chance of everything.

    Attributes
    ----------
    chance : float or None
        Of all of which nothing else is said.
    by_rule : mapping of str to float
    by_person : mapping of str to mapping of str to float
        By id and rule; ``all`` instead of a rule is every fact of that person.
    """

    chance: float | None
    by_rule: Mapping[str, float]
    by_person: Mapping[str, Mapping[str, float]]

    def and_(self, other: Chances) -> Chances:
        """Both together.

        Raises
        ------
        UsageError
            Both give a chance of the same.
        """
        mine, theirs = dict(self._said()), dict(other._said())
        for what in mine.keys() & theirs.keys():
            raise UsageError(f"the chance of {_named(what)} is given twice: leave one of them out")
        people: dict[str, dict[str, float]] = {}
        for (person, rule), value in (mine | theirs).items():
            people.setdefault(person, {})[rule] = value
        by_rule = people.pop("", {})
        return Chances(by_rule.pop(EVERY, None), by_rule, people)

    def as_arguments(self) -> dict[str, Any]:
        """By the names that a question takes them under."""
        return attrs.asdict(self, recurse=False)

    def as_options(self) -> dict[str, Any]:
        """As options of a question, always in the same order."""
        return {
            "chance": self.chance,
            "by_rule": sorted(self.by_rule.items()),
            "by_person": sorted((person, sorted(said.items())) for person, said in self.by_person.items()),
        }

    def of(self, person: str, rule: str) -> float | None:
        """The chance of one fact; None where none was given."""
        theirs = self.by_person.get(person, {})
        for value in (theirs.get(rule), theirs.get(EVERY), self.by_rule.get(rule)):
            if value is not None:
                return value
        return self.chance

    def checked(self, links: Links) -> Chances:
        """The same, by ids as the roster has them.

        Raises
        ------
        UsageError
            One is no chance, or there is no such rule or person.
        """
        facts, ids = links.facts, [rule.id for rule in links.rulebook.rules]
        for (person, rule), value in self._said():
            if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value <= 1:
                name = "chance" if (person, rule) == ("", EVERY) else _named((person, rule))
                raise UsageError(f"{name}: a chance is a number from 0 to 1, not {value!r}")
            if rule == EVERY:
                continue
            if rule not in ids:
                close = nearest(rule, ids)
                raise UsageError(f"there is no rule {rule!r}" + (f"; did you mean {close[0]!r}?" if close else ""))
            if rule in START_RULES and rule != WINDOW:
                raise UsageError(
                    f"{rule} turns with a person's unwritten hours, as {WINDOW} does: give the chance of that"
                )
        people = {facts.people[facts.person(person)]: said for person, said in self.by_person.items()}
        return Chances(self.chance, self.by_rule, people)

    def unused(self, facts: Iterable[tuple[str, str]]) -> tuple[str, ...]:
        """What a chance was given of though nobody's fact, by id and rule, is unknown: a rule, or a person and one."""
        there = set(facts)
        there |= {(person, EVERY) for person, _ in there} | {("", rule) for _, rule in there} | {("", EVERY)}
        return tuple(sorted(_named(what) for what, _ in self._said() if what not in there))

    def _said(self) -> Iterator[tuple[tuple[str, str], float]]:
        """By person, empty for everybody, and rule."""
        if self.chance is not None:
            yield ("", EVERY), self.chance
        yield from ((("", rule), value) for rule, value in self.by_rule.items())
        for person, said in self.by_person.items():
            yield from (((person, rule), value) for rule, value in said.items())


def chances_in(document: Mapping[str, Any], source: str = "") -> Chances:
    """The chances of a file: ``[chances]`` by rule, and ``[chances.people.ID]`` by rule for single people.

    Parameters
    ----------
    document : mapping
        ``chances``: a number for each rule; ``all`` for every rule; ``people`` with the same for each of some ids.
    source : str
        The file, for messages.

    Raises
    ------
    RosterError
        With every problem of the file. Whether there are such rules and people is for the roster to say.

    Examples
    --------
    >>> found = chances_in({"chances": {"all": 0.7, "people": {"jones": {"legal.license": 0.9}}}})
    >>> found.of("jones", "legal.license"), found.of("smith", "legal.license")
    (0.9, 0.7)
    """
    problems: list[Problem] = []

    def problem(key: str, value: Any, expected: str, close: tuple[str, ...] = ()) -> None:
        problems.append(
            Problem("chances", None, key, None if value is None else written(value), expected, close, source)
        )

    def section(key: str, value: Any) -> Mapping[str, Any]:
        if isinstance(value, Mapping):
            return value
        problem(key, value, f"expected a section [{key}], not a single value")
        return {}

    def numbers(key: str, said: Mapping[str, Any]) -> dict[str, float]:
        found = {}
        for rule, value in said.items():
            if isinstance(value, Mapping):
                for inner, number in value.items():
                    id = f"{rule}.{inner}"
                    problem(f"{key}.{id}", number, f'write the rule\'s id in quotes: "{id}" = 0.7')
            elif isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value <= 1:
                problem(f"{key}.{rule}", value, "expected a number from 0 to 1")
            else:
                found[str(rule)] = value
        return found

    for name in sorted(map(str, document.keys() - {"chances"})):
        problem(name, None, "there is no such section", nearest(name, ["chances"]))
    all_ = section("chances", document.get("chances", {}))
    by_rule = numbers("chances", {rule: value for rule, value in all_.items() if rule != PEOPLE})
    by_person = {
        str(person): numbers(f"chances.{PEOPLE}.{person}", section(f"chances.{PEOPLE}.{person}", said))
        for person, said in section(f"chances.{PEOPLE}", all_.get(PEOPLE, {})).items()
    }
    if not problems and not by_rule and not any(by_person.values()):
        problem("chances", None, 'expected a chance for each rule, such as "legal.license" = 0.5, or all = 0.7')
    if problems:
        raise RosterError(problems)
    return Chances(by_rule.pop(EVERY, None), by_rule, by_person)


def chances_of(facts: Sequence[Fact], people: Sequence[str], chances: Chances) -> list[float]:
    """The chance of each fact.

    Raises
    ------
    UsageError
        A fact has none: none is supposed for it.
    """
    found = [chances.of(people[person], rule) for person, rule in facts]
    lacking = Counter(rule for (_, rule), chance in zip(facts, found, strict=True) if chance is None)
    if lacking:
        said = ", ".join(f"{rule} ({count:,})" for rule, count in sorted(lacking.items()))
        rule = min(lacking)
        raise UsageError(
            f"a chance is needed for what is unknown by {said}: one for all of it, --chance 0.7 (in Python "
            f"chance=0.7), or one for each of these rules, --chance {rule}=0.7 (by_rule={{{rule!r}: 0.7}})"
        )
    return [chance for chance in found if chance is not None]


def _named(what: tuple[str, str]) -> str:
    person, rule = what
    told = "all" if rule == EVERY else rule
    return f"{told} of {person}" if person else told
