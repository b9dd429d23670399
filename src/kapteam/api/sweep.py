"""What other laws would make of a network, and in what share of worlds people are teamed, as answers to look at."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from os import PathLike, fspath
from pathlib import Path
from typing import Any

from attrs import define

from kapteam.api.given import Rules, house_rules, need_day, need_roster
from kapteam.api.provenance import Asked, Traced, answered
from kapteam.api.shown import Document, Shown
from kapteam.io.scenarios import read_document
from kapteam.measures.bootstrap import Interval
from kapteam.network.links import Links, judged_links
from kapteam.records.problems import UsageError
from kapteam.records.roster import Roster
from kapteam.show.bootstrap import shown_bootstrap
from kapteam.show.sweep import shown_sweep
from kapteam.show.worlds import shown_one_in_worlds, shown_worlds
from kapteam.sweeps.bootstrap import MEASURES, Bootstrapped
from kapteam.sweeps.chances import Chances, chances_in
from kapteam.sweeps.names import Names
from kapteam.sweeps.one_person import HangsOn, OneInWorlds
from kapteam.sweeps.otherwise import Outcome
from kapteam.sweeps.scenarios import Scenario, scenarios_of
from kapteam.sweeps.spread import How
from kapteam.sweeps.sweep import Made, Swept
from kapteam.sweeps.sweep import sweep as swept
from kapteam.sweeps.worlds import Distribution, InWorlds, Worlds

#: Scenarios, or the sweep file that holds them, or what such a file holds.
Scenarios = Iterable[Scenario] | Mapping[str, Any] | str | PathLike[str]
#: The file that holds chances, or what such a file holds.
GivenChances = Mapping[str, Any] | str | PathLike[str]


@define(eq=False, repr=False)
class Sweep(Document, Traced):
    """What each scenario makes of a network; iterating gives :class:`~kapteam.sweeps.sweep.Made`, the best first."""

    answer: Swept

    @property
    def today(self) -> Outcome:
        """The network as it is."""
        return self.answer.today

    def __len__(self) -> int:
        return len(self.answer.made)

    def __iter__(self) -> Iterator[Made]:
        return iter(self.answer.made)

    def __getitem__(self, scenario: str) -> Made:
        """What a scenario makes of it, by its name."""
        for one in self.answer.made:
            if one.scenario.name == scenario:
                return one
        raise UsageError(f"no scenario {scenario!r} was judged")

    def as_dict(self) -> dict[str, Any]:
        """The answer as its JSON contract has it."""
        return self.answer.as_dict()

    def __repr__(self) -> str:
        return repr(self.answer).replace("<Swept", "<Sweep")

    def shown(self) -> Iterable[Any]:
        """The scenarios beside today."""
        return shown_sweep(self.answer)


@define(eq=False, repr=False)
class DrawnWorlds(Document, Traced):
    """How often each person is teamed; iterating gives :class:`~kapteam.sweeps.worlds.InWorlds`, by id and role."""

    answer: Worlds

    @property
    def teamed(self) -> Distribution:
        """How many therapists are teamed."""
        return self.answer.teamed

    @property
    def points(self) -> Distribution:
        """For how many points."""
        return self.answer.points

    def __len__(self) -> int:
        return len(self.answer.people)

    def __iter__(self) -> Iterator[InWorlds]:
        return iter(self.answer.people)

    def of(self, practitioner: str, role: str = "therapist") -> InWorlds:
        """One person in one role.

        Raises
        ------
        UsageError
            They are no candidate for it.
        """
        return _in_role(self.answer.people, practitioner, role)

    def as_dict(self) -> dict[str, Any]:
        """The answer as its JSON contract has it."""
        return self.answer.as_dict()

    def __repr__(self) -> str:
        return repr(self.answer).replace("<Worlds", "<DrawnWorlds")

    def shown(self) -> Iterable[Any]:
        """The answer, the chances, and those whose team hangs on unknown facts."""
        return shown_worlds(self.answer)


@define(eq=False, repr=False)
class PersonInWorlds(Document, Traced):
    """How often one person is teamed; iterating gives each :class:`~kapteam.sweeps.one_person.HangsOn`."""

    answer: OneInWorlds

    def __len__(self) -> int:
        return len(self.answer.hangs_on)

    def __iter__(self) -> Iterator[HangsOn]:
        return iter(self.answer.hangs_on)

    def share(self, role: str = "therapist") -> InWorlds:
        """The share of worlds in one role.

        Raises
        ------
        UsageError
            They are no candidate for it.
        """
        return _in_role(self.answer.people, self.answer.practitioner, role)

    def as_dict(self) -> dict[str, Any]:
        """The answer as its JSON contract has it."""
        return self.answer.as_dict()

    def __repr__(self) -> str:
        return repr(self.answer).replace("<OneInWorlds", "<PersonInWorlds")

    def shown(self) -> Iterable[Any]:
        """The shares, and what they hang on."""
        return shown_one_in_worlds(self.answer)


@define(eq=False, repr=False)
class Intervals(Shown):
    """How far measures would vary; iterating gives each :class:`~kapteam.measures.bootstrap.Interval`."""

    answer: Bootstrapped

    @property
    def reason(self) -> str:
        """Why there are no intervals, in a sentence; empty where there are."""
        return self.answer.reason

    def __len__(self) -> int:
        return len(self.answer)

    def __iter__(self) -> Iterator[Interval]:
        return iter(self.answer)

    def __getitem__(self, measure: str) -> Interval:
        """One measure's, by its name."""
        for one in self.answer:
            if one.measure == measure:
                return one
        raise UsageError(f"there is no interval of {measure!r}: expected one of {', '.join(MEASURES)}")

    def __repr__(self) -> str:
        return f"<Intervals of {len(self)} measures by {self.answer.draws:,} draws of {self.answer.parts:,} parts>"

    def shown(self) -> Iterable[Any]:
        """The intervals, or why there are none."""
        return shown_bootstrap(self.answer)


def _in_role(people: Iterable[InWorlds], practitioner: str, role: str) -> InWorlds:
    for one in people:
        if (one.practitioner, one.role) == (practitioner, role):
            return one
    raise UsageError(f"{practitioner!r} is no candidate for {role}")


def given_chances(chance: float | None, by_rule: Mapping[str, float] | None, chances: GivenChances | None) -> Chances:
    """All chances that were given, in any of these ways."""
    given = Chances(chance, by_rule or {}, {})
    if chances is None:
        return given
    if isinstance(chances, str | PathLike):
        return given.and_(chances_in(read_document(chances, "chances"), Path(fspath(chances)).name))
    return given.and_(chances_in(chances))


def read_scenarios(scenarios: Scenarios, links: Links) -> tuple[Scenario, ...]:
    """The scenarios for a network, from wherever they are."""
    if isinstance(scenarios, str | PathLike):
        name = Path(fspath(scenarios)).name
        return scenarios_of(read_document(scenarios), jurisdictions(links), name, Names.of(links))
    if isinstance(scenarios, Mapping):
        return scenarios_of(scenarios, jurisdictions(links), names=Names.of(links))
    return tuple(scenarios)


def jurisdictions(links: Links) -> list[str]:
    """The jurisdictions that a network has sites in."""
    facts = links.facts
    return sorted({facts.jurisdictions[code] for code in facts.site_jurisdiction.tolist()})


def answered_sweep(links: Links, scenarios: Scenarios, unknown: str, how: How) -> Sweep:
    """What each scenario makes of a network, knowing what it was asked."""
    read = read_scenarios(scenarios, links)
    options = {"scenarios": {one.name: one.law for one in read}, "unknown": unknown}
    return answered(Sweep(swept(links, read, unknown=unknown, how=how)), Asked.of(links, "sweep", options))


def sweep(
    roster: Roster,
    scenarios: Scenarios,
    *,
    on: date | None = None,
    protocol: str | None = None,
    rules: Rules = (),
    unknown: str = "exclude",
    executor: Any = None,
) -> Sweep:
    """What each of many laws would make of the best teams of a roster.

    Parameters
    ----------
    roster : Roster
    scenarios : iterable of Scenario, mapping, or path
        Or the TOML file that holds them, or the nested mapping of one; see
        :func:`kapteam.sweeps.scenarios.scenarios_of`.
    on : date, optional
        The day judged; today where none is given.
    protocol : str, optional
        A name in ``[protocols]`` of the practice file; the default protocol otherwise.
    rules : iterable of Rule, or path, optional
        Rules of the house's own, or the Python file that holds them.
    unknown : {"exclude", "allow"}
        Whether links that rest on an unknown fact are used.
    executor : concurrent.futures.Executor or dask.distributed.Client, optional
        Who works it out: threads, processes, machines. The answer is the same, to the bit.

    Returns
    -------
    Sweep

    Raises
    ------
    RosterError
        Something is wrong with the practice file or the sweep file.
    UsageError
        An option has no such value, or a scenario cannot be judged; the message names it.

    Examples
    --------
    >>> from datetime import date
    >>> import kapteam
    >>> law = kapteam.Scenario("no telehealth", {"federal": {"telehealth": "no"}})
    >>> found = kapteam.sweep(kapteam.example(), [law], on=date(2026, 12, 7))
    >>> found.today.teamed, found["no telehealth"].outcome.teamed
    (1, 1)
    """
    need_roster(roster)
    need_day("on", on)
    links = judged_links(roster, on or date.today(), protocol=protocol, house=house_rules(rules))
    return answered_sweep(links, scenarios, unknown, How(executor))
