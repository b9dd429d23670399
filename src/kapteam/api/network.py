"""A roster in, a network of judged links, the best teams, and why."""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from decimal import Decimal
from os import PathLike
from pathlib import Path
from typing import TYPE_CHECKING, Any

from attrs import define

from kapteam.advice.check import Eligible, Expiring, eligibility, expiring
from kapteam.advice.complement import complement
from kapteam.advice.explain import explain
from kapteam.advice.form import advised
from kapteam.advice.mentors import ENOUGH_HOURS, mentors
from kapteam.advice.recruit import recruit
from kapteam.advice.repair import repair
from kapteam.advice.repair_sessions import repair_sessions
from kapteam.advice.resilience import resilience
from kapteam.advice.story import Story, story
from kapteam.api.complement import Partners
from kapteam.api.findings import Findings
from kapteam.api.form import Teams
from kapteam.api.given import Rules, house_rules, need_day, need_roster
from kapteam.api.measures import Measures, Places, measured
from kapteam.api.mentors import Mentors
from kapteam.api.provenance import Asked, Traced, answered, asks
from kapteam.api.recruit import Recruits
from kapteam.api.repair import RepairPlan
from kapteam.api.resilience import Absences
from kapteam.api.shown import Document, Shown
from kapteam.api.sweep import (
    DrawnWorlds,
    GivenChances,
    Intervals,
    PersonInWorlds,
    Scenarios,
    Sweep,
    answered_sweep,
    given_chances,
)
from kapteam.api.to_confirm import ToConfirm, to_confirm
from kapteam.api.verified import Verified
from kapteam.draw.network import network_picture
from kapteam.draw.partners import partners_picture
from kapteam.draw.picture import Picture
from kapteam.graphs.view import to_networkx
from kapteam.io.centroids import read_centroids
from kapteam.matching.branches import EFFORT
from kapteam.matching.fair import Fairness
from kapteam.matching.match import Objective, Plan, Team, match
from kapteam.matching.reasons import Unmatched
from kapteam.matching.saved import saved_plan
from kapteam.matching.shortage import Shortage
from kapteam.matching.verify import verify
from kapteam.measures.measured import LIMIT_KM
from kapteam.network.links import Link, Links, judged_links
from kapteam.records.centroids import Centroids
from kapteam.records.roster import Roster
from kapteam.sessions.engine import Limits
from kapteam.show.bounds import CELL, PRINTED
from kapteam.show.links import shown_links, shown_story
from kapteam.show.plan import shown_plan
from kapteam.sweeps.bootstrap import bootstrap
from kapteam.sweeps.one_person import worlds_of
from kapteam.sweeps.spread import How
from kapteam.sweeps.worlds import worlds
from kapteam.tables.frames import to_arrow, to_pandas, to_polars

if TYPE_CHECKING:
    import networkx as nx
    import pandas as pd
    import polars as pl
    import pyarrow as pa

#: Where postal codes lie, or the file that says so.
Points = Centroids | str | PathLike[str]


@define(eq=False, repr=False)
class Network(Document, Traced):
    """Every candidate link of a roster, judged on a day; made by :func:`links`.

    Iterating gives :class:`~kapteam.network.links.Link` records, sorted by their ids.
    """

    links: Links

    @property
    def roster(self) -> Roster:
        """The roster that was judged."""
        return self.links.facts.roster

    @property
    def on(self) -> date:
        """The day judged."""
        return self.links.facts.day

    def __len__(self) -> int:
        return len(self.links)

    def __iter__(self) -> Iterator[Link]:
        return iter(self.links)

    @asks
    def match(
        self,
        *,
        unknown: str = "exclude",
        max_partners: int = 1,
        keep: Iterable[tuple[str, ...]] = (),
        fair: str | None = None,
    ) -> Result:
        """The best standing teams; see :func:`kapteam.matching.match.match` for the options."""
        return Result(match(self.links, unknown=unknown, max_partners=max_partners, keep=keep, fair=fair))

    @asks
    def explain(self, person: str, other: str | None = None, site: str | None = None) -> Findings:
        """The links of a person, or of two with one another, with the finding of every rule."""
        return Findings(self.links, explain(self.links, person, other, site))

    def eligibility(self) -> list[Eligible]:
        """Who may do what where, as far as it depends on them alone."""
        return list(eligibility(self.links))

    def expiring(self, within: int = 60) -> list[Expiring]:
        """What ends within so many days of the day judged."""
        return expiring(self.links.facts, within)

    @asks
    def repair(
        self,
        *,
        budget: int | None = None,
        by: date | None = None,
        unknown: str = "exclude",
        seconds: float = 60,
        sessions: bool = False,
        week: date | None = None,
        weeks: int = 1,
    ) -> RepairPlan:
        """The cheapest changes that team most therapists, or that add most sessions.

        See :func:`kapteam.advice.repair.repair`, and for ``sessions`` (of ``weeks`` from ``week`` on)
        :func:`kapteam.advice.repair_sessions.repair_sessions`. ``seconds`` is how long to look; what is not proven then
        says so.
        """
        need_day("week", week)
        limits = Limits(time.monotonic() + seconds)
        if sessions:
            found = repair_sessions(self.links, week, weeks, budget=budget, by=by, unknown=unknown, limits=limits)
        else:
            found = repair(self.links, budget=budget, by=by, unknown=unknown, limits=limits)
        return RepairPlan(found)

    @asks
    def resilience(self, *people: str, within: int = 60, unknown: str = "exclude") -> Absences:
        """What each absence costs, who steps in, the worst two, and what is lost when something ends.

        See :func:`kapteam.advice.resilience.resilience`.
        """
        plan = match(self.links, unknown=unknown)
        return Absences(plan, resilience(plan, people, within), within)

    @asks
    def recruit(
        self,
        *,
        unknown: str = "exclude",
        site: str | None = None,
        role: str | None = None,
        hires: int = 3,
        best: int = 10,
    ) -> Recruits:
        """The profiles whose hire adds most; see :func:`kapteam.advice.recruit.recruit` for the options."""
        return Recruits(recruit(self.links, unknown=unknown, site=site, role=role, hires=hires, best=best))

    @asks
    def complement(self, person: str, *, site: str | None = None, anyone: bool = False, best: int = 10) -> Partners:
        """Who completes a person, the best first; see :func:`kapteam.advice.complement.complement`."""
        return Partners(self.links, complement(self.links, person, site=site, anyone=anyone, best=best))

    @asks
    def form(
        self,
        *,
        site: str | None = None,
        modalities: Sequence[str] = (),
        languages: Sequence[str] = (),
        therapists: int | None = None,
        monitors: int | None = None,
        among: Sequence[str] = (),
        without: Sequence[str] = (),
        covering: bool = False,
        cost: str | None = None,
        best: int = 3,
        unknown: str = "exclude",
        effort: int = EFFORT,
    ) -> Teams:
        """The best teams for one need; see :func:`kapteam.matching.form.form` for the options."""
        return Teams(
            advised(
                self.links, site=site, modalities=modalities, languages=languages, therapists=therapists,
                monitors=monitors, among=among, without=without, covering=covering, cost=cost, best=best,
                unknown=unknown, effort=effort,
            )
        )  # fmt: skip

    @asks
    def mentors(
        self,
        *,
        load: int | None = None,
        hours: int | Decimal = ENOUGH_HOURS,
        anywhere: bool = False,
        unknown: str = "exclude",
    ) -> Mentors:
        """Who could consult for whom, with even loads; see :func:`kapteam.advice.mentors.mentors`."""
        return Mentors(self.links, mentors(self.links, load=load, hours=hours, anywhere=anywhere, unknown=unknown))

    @asks
    def verify(self, plan: Any) -> Verified:
        """Judge a plan again without a solver: a :class:`Result`, or the document that one gave."""
        saved = saved_plan(plan.as_dict() if isinstance(plan, Result) else plan)
        return Verified(verify(saved, self.links), fair=saved.fair is not None, roster=self.roster)

    @asks
    def measures(
        self,
        *,
        unknown: str = "exclude",
        places: Places | None = None,
        limit: float = LIMIT_KM,
        draws: int | None = None,
        seed: int = 0,
    ) -> Measures:
        """Coverage, bottlenecks, deserts, robustness and more; see :func:`kapteam.measures.measured.measures`.

        ``places`` are where people live: records, or a CSV file of them.
        """
        return measured(self.links, unknown=unknown, places=places, limit=limit, draws=draws, seed=seed)

    def sweep(self, scenarios: Scenarios, *, unknown: str = "exclude", executor: Any = None) -> Sweep:
        """What each of many laws would make of the best teams; see :func:`kapteam.sweep`."""
        return answered_sweep(self.links, scenarios, unknown, How(executor))

    def worlds(
        self,
        count: int,
        *,
        chance: float | None = None,
        by_rule: Mapping[str, float] | None = None,
        chances: GivenChances | None = None,
        seed: int = 0,
        executor: Any = None,
    ) -> DrawnWorlds:
        """In what share of worlds each person is teamed, where what is unknown turns out well by chance.

        See :func:`kapteam.sweeps.worlds.worlds` for the options. ``chances`` is a TOML file, or what one holds, that
        gives them by rule and by person; see :func:`kapteam.sweeps.chances.chances_in`. ``executor`` works it out: an
        executor of ``concurrent.futures``, or a client of ``dask.distributed``; the answer is the same, to the bit.
        """
        given = given_chances(chance, by_rule, chances)
        found = worlds(self.links, count, **given.as_arguments(), seed=seed, how=How(executor))
        options = {"count": count, **given.as_options(), "seed": seed}
        return answered(DrawnWorlds(found), Asked.of(self.links, "worlds", options))

    def worlds_of(
        self,
        person: str,
        count: int,
        *,
        chance: float | None = None,
        by_rule: Mapping[str, float] | None = None,
        chances: GivenChances | None = None,
        seed: int = 0,
        executor: Any = None,
    ) -> PersonInWorlds:
        """In what share of worlds one person is teamed, and which unknown facts that hangs on.

        The share is that of :meth:`worlds` with the same seed; see :func:`kapteam.sweeps.one_person.worlds_of`.
        """
        given = given_chances(chance, by_rule, chances)
        found = worlds_of(self.links, person, count, **given.as_arguments(), seed=seed, how=How(executor))
        options = {"person": person, "count": count, **given.as_options(), "seed": seed}
        return answered(PersonInWorlds(found), Asked.of(self.links, "worlds_of", options))

    def bootstrap(
        self, draws: int = 1000, *, unknown: str = "exclude", seed: int = 0, executor: Any = None
    ) -> Intervals:
        """How far the measures of therapists would vary, were the practices a sample of more.

        See :func:`kapteam.sweeps.bootstrap.bootstrap`; ``executor`` as of :meth:`worlds`.
        """
        return Intervals(bootstrap(self.links, draws, unknown=unknown, seed=seed, how=How(executor)))

    def to_networkx(self, kind: str = "links", *, unknown: str = "exclude") -> nx.Graph[str]:
        """The network as a NetworkX graph of some kind; see :func:`kapteam.graphs.view.to_networkx`."""
        return to_networkx(self.links, kind, unknown=unknown)

    def to_polars(self) -> pl.DataFrame:
        """The links as a Polars frame, a row for each."""
        return to_polars(self.links)

    def to_pandas(self) -> pd.DataFrame:
        """The links as a pandas frame, a row for each."""
        return to_pandas(self.links)

    def to_arrow(self) -> pa.Table:
        """The links as an Arrow table, a row for each."""
        return to_arrow(self.links)

    def draw(self, *, site: str | None = None, failing: bool = False, by_site: bool | None = None) -> Picture:
        """A picture of who could work with whom; see :func:`kapteam.draw.network.network_picture`."""
        return network_picture(self.links, site=site, failing=failing, by_site=by_site)

    def draw_partners(self, role: str, *, unknown: str = "exclude") -> Picture:
        """A picture of who shares partners; see :func:`kapteam.draw.partners.partners_picture`."""
        return partners_picture(self.links, role, unknown=unknown)

    def as_dict(self) -> dict[str, Any]:
        """The links as their JSON contract has them."""
        return self.links.as_dict()

    def __repr__(self) -> str:
        verdicts = self.links.verdicts
        passing, open_ = int((verdicts == 1).sum()), int((verdicts == 0).sum())
        return (
            f"<Network on {self.on}: {len(self):,} link{'s' * (len(self) != 1)}, {passing:,} pass, {open_:,} unknown>"
        )

    def shown(self) -> Iterable[Any]:
        """The links, by site and verdict."""
        return shown_links(self.links, PRINTED)

    def glimpse(self) -> Iterable[Any]:
        """The same, with few rows of what is long."""
        return shown_links(self.links, CELL)


@define(eq=False, repr=False)
class Result(Document, Traced):
    """The best standing teams of a network, with their proof; made by :meth:`Network.match`."""

    plan: Plan

    @property
    def status(self) -> str:
        """``optimal``, or ``infeasible`` where what was to be kept breaks a rule."""
        return self.plan.status

    @property
    def objective(self) -> Objective:
        """Therapists teamed, and points."""
        return self.plan.objective

    @property
    def bound(self) -> Objective:
        """What no plan exceeds."""
        return self.plan.bound

    @property
    def teams(self) -> tuple[Team, ...]:
        """By site and prescriber."""
        return self.plan.teams

    @property
    def unmatched(self) -> list[Unmatched]:
        """Everyone left out, with the reason."""
        return self.plan.unmatched

    @property
    def shortage(self) -> Shortage | None:
        """The therapists who share prescribers that cannot take them all."""
        return self.plan.shortage

    @property
    def if_confirmed(self) -> list[ToConfirm]:
        """What confirming unknown facts would add, each with its words."""
        return to_confirm(self.plan)

    @property
    def certificate(self) -> dict[str, Any] | None:
        """The prices that prove the plan best."""
        return self.plan.certificate

    @property
    def fairness(self) -> Fairness | None:
        """What the plan does for the worst-off, and its price; None where that was not asked."""
        return self.plan.fairness

    def explain(self, person: str) -> Explanation:
        """One person's team, or why they have none and what comes nearest."""
        return Explanation(self.plan, story(self.plan, person))

    def to_networkx(self, kind: str = "plan") -> nx.Graph[str]:
        """The plan as a NetworkX graph, or the network with it; see :func:`kapteam.graphs.view.to_networkx`."""
        return to_networkx(self.plan.links, kind, plan=self.plan)

    def to_polars(self) -> dict[str, pl.DataFrame]:
        """Teams and those left out as Polars frames, by name."""
        return to_polars(self.plan)

    def to_pandas(self) -> dict[str, pd.DataFrame]:
        """Teams and those left out as pandas frames, by name."""
        return to_pandas(self.plan)

    def to_arrow(self) -> dict[str, pa.Table]:
        """Teams and those left out as Arrow tables, by name."""
        return to_arrow(self.plan)

    def draw(self, *, site: str | None = None, failing: bool = False, by_site: bool | None = None) -> Picture:
        """A picture of the network with these teams; see :func:`kapteam.draw.network.network_picture`."""
        return network_picture(self.plan.links, self.plan, site=site, failing=failing, by_site=by_site)

    def report(
        self,
        path: str | PathLike[str],
        *,
        week: date | None = None,
        weeks: int = 1,
        within: int = 60,
        seconds: float = 20,
    ) -> None:
        """Write all of it as one HTML file; see :func:`kapteam.report.page.report`.

        ``seconds`` is how long to look for the best sessions and the cheapest changes.
        """
        from kapteam.report.page import report  # it loads templates

        need_day("week", week)
        limits = Limits(time.monotonic() + seconds)
        page = report(self.plan, week=week, weeks=weeks, within=within, limits=limits)
        Path(path).write_text(page, encoding="utf-8", newline="\n")

    def as_dict(self) -> dict[str, Any]:
        """The plan as its JSON contract has it."""
        return self.plan.as_dict()

    def __repr__(self) -> str:
        return repr(self.plan)

    def shown(self) -> Iterable[Any]:
        """The answer, the teams by site, who is left out and why."""
        return shown_plan(self.plan, PRINTED)

    def glimpse(self) -> Iterable[Any]:
        """The same, with few rows of what is long."""
        return shown_plan(self.plan, CELL)


@define(eq=False, repr=False)
class Explanation(Shown):
    """One person in a plan, in words; made by :meth:`Result.explain`.

    Attributes
    ----------
    story : Story
        The same as facts: their teams, the reasons, what fails of them alone, the nearest links.
    """

    plan: Plan
    story: Story

    def __repr__(self) -> str:
        teams, reasons = self.story.teams, ", ".join(f"{u.role}: {u.reason}" for u in self.story.left_out)
        said = f"in {len(teams)} team{'s' * (len(teams) != 1)}" if teams else reasons or "no candidate for a team"
        return f"<Explanation of {self.story.practitioner}: {said}>"

    def shown(self) -> Iterable[Any]:
        """The story in words."""
        return shown_story(self.plan, self.story)


def links(
    roster: Roster,
    *,
    on: date | None = None,
    protocol: str | None = None,
    rules: Rules = (),
    within: float | None = None,
    centroids: Points | None = None,
) -> Network:
    """Judge every candidate link of a roster.

    Parameters
    ----------
    roster : Roster
    on : date, optional
        The day judged; today where none is given.
    protocol : str, optional
        A name in ``[protocols]`` of the practice file; the default protocol otherwise.
    rules : iterable of Rule, or path, optional
        Rules of the house's own, or the Python file that holds them.
    within : float, optional
        Kilometres: also judge the links of prescribers who might come from a site of theirs so near, which nobody wrote
        down, so that they are unknown. See :func:`kapteam.network.within.reach`.
    centroids : Centroids, or path, optional
        Where postal codes lie, for sites without latitude and longitude; or the file that says so, for
        :func:`kapteam.io.centroids.read_centroids`.

    Returns
    -------
    Network

    Raises
    ------
    RosterError
        The practice file names a rule that does not exist.
    UsageError
        There is no such protocol, no such file of rules or of centroids, or no such distance.

    Examples
    --------
    >>> from datetime import date, datetime
    >>> import kapteam
    >>> network = kapteam.links(kapteam.example(), on=date(2026, 12, 7))
    >>> network.match().objective.teamed
    1
    """
    need_roster(roster)
    need_day("on", on)
    points = read_centroids(centroids) if isinstance(centroids, str | PathLike) else centroids
    judged = judged_links(
        roster, on or date.today(), protocol=protocol, house=house_rules(rules), within=within, centroids=points
    )
    return answered(Network(judged), Asked.of(judged, "links", {}))
