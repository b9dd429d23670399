"""The rules of one practice: kapteam's own in their order, then the house's, each with its severity."""

from __future__ import annotations

import importlib.util
import sys
from collections.abc import Iterable
from functools import cache
from importlib.metadata import entry_points
from pathlib import Path

from attrs import frozen

from kapteam.records.practice import Practice
from kapteam.records.problems import Problem, RosterError, UsageError, nearest
from kapteam.rules import ethics, legal, malpractice, team
from kapteam.rules.rule import Rule, Severity, Subject

#: Where an installed package announces rules of its own: a name and ``module:rule``.
GROUP = "kapteam.rules"
#: The module that a house's file of rules is read as.
HOUSE_MODULE = "kapteam_house_rules"
#: The rules that ask for a start that fits; where hours are unwritten they turn together.
START_RULES = ("legal.presence", "malpractice.same_site", "malpractice.presence", "team.window")

OWN: tuple[Rule, ...] = (
    legal.license, legal.authority_to_prescribe, legal.registration, legal.state_registration, legal.site_registration,
    legal.agreement, legal.evaluation, legal.therapy_license, legal.presence,
    malpractice.cover, malpractice.ketamine, malpractice.specialty, malpractice.in_clinic, malpractice.same_site,
    malpractice.presence,
    ethics.kap_training, ethics.trauma_training, ethics.modality, ethics.experiential, ethics.practicum,
    ethics.mentorship,
    team.window, team.ties, team.life_support,
)  # fmt: skip


@frozen
class Rulebook:
    """Rules in order, and the severity of each for this practice."""

    rules: tuple[Rule, ...]
    severities: dict[str, Severity]

    @property
    def house(self) -> tuple[Rule, ...]:
        """The rules that are neither kapteam's nor an installed package's."""
        known = (*OWN, *installed())
        return tuple(rule for rule in self.rules if rule not in known)

    @classmethod
    def of(cls, practice: Practice, house: Iterable[Rule] = ()) -> Rulebook:
        """kapteam's rules, those of installed packages, and the house's own.

        Raises
        ------
        RosterError
            The practice sets the severity of a rule that does not exist.
        UsageError
            Two rules have one id.
        """
        rules = (*OWN, *installed(), *house)
        ids = [r.id for r in rules]
        twice = sorted({i for i in ids if ids.count(i) > 1})
        if twice:
            raise UsageError(f"two rules are called {', '.join(twice)}: give the house's own another id")
        if problems := unknown_rules(practice, ids):
            raise RosterError(problems)
        return cls(rules, {r.id: practice.rules.get(r.id, r.severity) for r in rules})  # type: ignore[misc]

    def of_subject(self, *subjects: Subject) -> list[Rule]:
        """The rules that are judged of these subjects and are not off."""
        return [r for r in self.rules if r.subject in subjects and self.severities[r.id] != "off"]

    def blocks(self, rule: Rule) -> bool:
        """Whether a rule decides links."""
        return self.severities[rule.id] == "block"


def unknown_rules(practice: Practice, ids: Iterable[str]) -> list[Problem]:
    """A problem for each rule that the practice file names and that is none of these."""
    known, what = list(ids), "there is no such rule (a house's own? give --rules)"
    named: list[tuple[str, str, str | None]] = [(f"rules.{i}", i, said) for i, said in practice.rules.items()]
    named += [(f"remedies.{i}", i, None) for i in practice.remedies]
    return [
        Problem("practice", None, key, said, what, nearest(i, known), practice.source)
        for key, i, said in sorted(named)
        if i not in known
    ]


def rules_in(path: str | Path) -> tuple[Rule, ...]:
    """The rules that a house's Python file defines, in the order of their names' appearance.

    Raises
    ------
    UsageError
        There is no such file, it cannot be run, or it defines no rule.
    """
    file = Path(path)
    if not file.is_file():
        raise UsageError(f"there is no file of rules {str(path)!r}")
    spec = importlib.util.spec_from_file_location(HOUSE_MODULE, file)
    if spec is None or spec.loader is None:
        raise UsageError(f"{str(path)!r} is no Python file")
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    try:
        spec.loader.exec_module(module)
    except (Exception, SystemExit) as error:
        raise UsageError(f"the rules in {str(path)!r} cannot be read: {type(error).__name__}: {error}") from error
    found = tuple(v for v in vars(module).values() if isinstance(v, Rule) and v not in OWN)
    if not found:
        raise UsageError(f"{str(path)!r} defines no rule: decorate a function with @kapteam.rule(...)")
    return found


@cache
def installed() -> tuple[Rule, ...]:
    """The rules that installed packages announce."""
    found = []
    for point in sorted(entry_points(group=GROUP), key=lambda p: p.name):
        loaded = point.load()
        if not isinstance(loaded, Rule):
            raise UsageError(f"the entry point {point.name} in {GROUP} is no rule")
        found.append(loaded)
    return tuple(found)
