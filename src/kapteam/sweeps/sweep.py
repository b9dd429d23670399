"""Policy sweeps: what each of many laws would make of one network, beside what it is today."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

import attrs
from attrs import frozen

from kapteam.matching.match import match
from kapteam.network.links import Links
from kapteam.records.problems import UsageError
from kapteam.sweeps.names import Names
from kapteam.sweeps.otherwise import Outcome, as_it_is, outcome
from kapteam.sweeps.scenarios import Scenario, one_of_each_name
from kapteam.sweeps.spread import How, spread
from kapteam.sweeps.today import Today


@frozen
class Made:
    """What one scenario makes of the network.

    Attributes
    ----------
    scenario : Scenario
    outcome : Outcome
    more : Outcome
        The same, less what it is today; below 0 where it is less.
    """

    scenario: Scenario
    outcome: Outcome
    more: Outcome

    @property
    def changes(self) -> bool:
        """Whether any of these numbers differs from today's."""
        return any(attrs.astuple(self.more))

    def as_dict(self) -> dict[str, Any]:
        """As the JSON contract has it."""
        one = self.scenario
        return {
            "scenario": one.name, "of": one.of, "where": list(one.where), **attrs.asdict(self.outcome),
            "more": attrs.asdict(self.more),
        }  # fmt: skip


@frozen(repr=False, eq=False)
class Swept:
    """The answer of :func:`sweep`.

    Attributes
    ----------
    links : Links
        The network as it is.
    unknown : {"exclude", "allow"}
    today : Outcome
    made : tuple of Made
        Most teamed first, then most points, then most links, then in the order given.
    not_done : tuple of str
        The scenarios that were not asked, because the work was stopped.
    """

    links: Links
    unknown: str
    today: Outcome
    made: tuple[Made, ...]
    not_done: tuple[str, ...]

    @property
    def on(self) -> date:
        """The day judged."""
        return self.links.facts.day

    def as_dict(self) -> dict[str, Any]:
        """As the JSON contract has it."""
        return {
            "on": self.on.isoformat(),
            "unknown": self.unknown,
            "today": attrs.asdict(self.today),
            "scenarios": [one.as_dict() for one in self.made],
            "not_done": list(self.not_done),
            **self.links.supposition,
        }

    def __repr__(self) -> str:
        scenarios = f"{len(self.made):,} scenario{'s' * (len(self.made) != 1)}"
        best = max((one.outcome.teamed for one in self.made), default=self.today.teamed)
        return f"<Swept on {self.on}: {scenarios}, at most {best:,} teamed, {self.today.teamed:,} today>"


def sweep(links: Links, scenarios: Iterable[Scenario], *, unknown: str = "exclude", how: How | None = None) -> Swept:
    """What each scenario would make of a network; exact, and proven for each.

    Parameters
    ----------
    links : Links
        The network as it is.
    scenarios : iterable of Scenario
    unknown : {"exclude", "allow"}
        Whether a link that rests on an unknown fact may be used.
    how : How, optional
        By whom it is worked out; here without one. The answer is the same.

    Raises
    ------
    UsageError
        There is no scenario, two have one name, one names what nobody knows (a carrier, a modality, a rule), or one
        cannot be judged.
    """
    asked = one_of_each_name(scenarios)
    names = Names.of(links)
    for one in asked:
        for problem in names.strangers(one.law):
            raise UsageError(f"scenario {one.name!r}: {problem}")
    today = Today.of(match(links, unknown=unknown))
    now = as_it_is(today)
    found = spread(outcome, today, asked, how, names=lambda one: f"scenario {one.name!r}", grain=1)
    made = [Made(asked[place], result, result.less(now)) for place, result in found.results.items()]
    made.sort(key=lambda one: (-one.outcome.teamed, -one.outcome.points, -one.outcome.links_usable))
    not_done = tuple(one.name for place, one in enumerate(asked) if place not in found.results)
    return Swept(links, unknown, now, tuple(made), not_done)
