"""What is given to the Python face, checked before anything is done with it."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from os import PathLike, fspath
from typing import Any

from kapteam.records.problems import UsageError
from kapteam.records.roster import Roster
from kapteam.rules.rule import Rule
from kapteam.rules.rulebook import rules_in

#: Rules of the house's own, or the Python file that holds them.
Rules = Iterable[Rule] | str | PathLike[str]


def need_roster(roster: Any) -> None:
    """Raise :class:`UsageError` where something else is given."""
    if not isinstance(roster, Roster):
        raise UsageError(f"expected a Roster, such as kapteam.read(...) gives, not {type(roster).__name__}")


def need_day(name: str, day: Any) -> None:
    """Raise :class:`UsageError` where something else than a day, or nothing, is given."""
    if day is not None and (isinstance(day, datetime) or not isinstance(day, date)):
        raise UsageError(f"{name} is a datetime.date, not {day!r}")


def house_rules(rules: Rules) -> tuple[Rule, ...]:
    """The rules themselves, read from their file where it is given."""
    return rules_in(fspath(rules)) if isinstance(rules, str | PathLike) else tuple(rules)
