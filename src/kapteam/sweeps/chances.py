"""The chance that a fact nobody wrote down turns out well: one for all, or by the rule that asks."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping

from kapteam.matching.unknowns import WINDOW, Fact
from kapteam.records.problems import UsageError, nearest
from kapteam.rules.rulebook import START_RULES, Rulebook


def chances_of(
    facts: Iterable[Fact], chance: float | None, by_rule: Mapping[str, float], rulebook: Rulebook
) -> list[float]:
    """The chance of each fact.

    Raises
    ------
    UsageError
        A chance is none, a rule does not exist, or a fact has no chance: none is supposed for it.
    """
    for name, value in (("chance", chance), *by_rule.items()):
        if value is not None and (isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value <= 1):
            raise UsageError(f"{name}: a chance is a number from 0 to 1, not {value!r}")
    ids = [rule.id for rule in rulebook.rules]
    for rule in by_rule:
        if rule not in ids:
            meant = nearest(rule, ids)
            raise UsageError(f"there is no rule {rule!r}" + (f"; did you mean {meant[0]!r}?" if meant else ""))
        if rule in START_RULES and rule != WINDOW:
            raise UsageError(f"{rule} turns with a person's unwritten hours, as {WINDOW} does: give the chance of that")
    facts = list(facts)
    if chance is None:
        lacking = Counter(rule for _, rule in facts if rule not in by_rule)
        if lacking:
            said = ", ".join(f"{rule} ({count:,})" for rule, count in sorted(lacking.items()))
            raise UsageError(
                f"a chance is needed for what is unknown by {said}: one for all of it, or one for each of these rules"
            )
    return [by_rule.get(rule, chance or 0.0) for _, rule in facts]
