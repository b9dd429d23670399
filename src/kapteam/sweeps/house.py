"""Rules of a house's own on their way to a worker: they are read there from where they were written."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Sequence
from importlib import import_module

from attrs import frozen

from kapteam.records.problems import UsageError
from kapteam.rules.rule import Rule
from kapteam.rules.rulebook import HOUSE_MODULE, rules_in


@frozen
class Written:
    """Where a rule was written.

    Attributes
    ----------
    id : str
    module, file : str
        Of its function.
    """

    id: str
    module: str
    file: str

    def rule(self) -> Rule:
        """The rule itself.

        Raises
        ------
        UsageError
            It is not to be found there.
        """
        if self.module == HOUSE_MODULE:
            here: Iterable[object] = rules_in(self.file)
        else:
            here = vars(sys.modules.get(self.module) or import_module(self.module)).values()
        for one in here:
            if isinstance(one, Rule) and one.id == self.id:
                return one
        raise UsageError(
            f"a worker does not find the rule {self.id} in {self.module}: write it in a file that each of them can "
            "read, and give that file as rules"
        )


def written(rules: Iterable[Rule]) -> tuple[Written, ...]:
    """Where these rules were written."""
    return tuple(Written(rule.id, rule.judge.__module__, rule.judge.__code__.co_filename) for rule in rules)


def rules_of(places: Sequence[Written]) -> tuple[Rule, ...]:
    """The rules that were written there."""
    return tuple(place.rule() for place in places)
