"""The best teams for one need: the K best, in order, and those that lack least where there are not so many."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import chain
from typing import Any

import attrs
import numpy as np
from attrs import define, frozen

from kapteam.columns import weeks
from kapteam.columns.logic import UNKNOWN
from kapteam.columns.lookup import Index
from kapteam.columns.members import week_starts
from kapteam.columns.policies import AVAILABLE
from kapteam.matching.branches import EFFORT, Chosen, Effort, Hours, Search
from kapteam.matching.communication import Communication
from kapteam.matching.need import MOST, Need, need
from kapteam.matching.seats import Group, Pool
from kapteam.network.closeness import distances
from kapteam.network.links import Links
from kapteam.records.hours import DAYS, SLOT_MINUTES, SLOTS_A_DAY
from kapteam.records.problems import UsageError
from kapteam.rules.rulebook import START_RULES


@frozen
class ToVerify:
    """A fact that nobody wrote down and that a team rests on: whose it is, and of which rule."""

    practitioner: str
    rule: str


@frozen
class FormedTeam:
    """One team.

    Attributes
    ----------
    site, prescriber : str
    therapists, monitors : tuple of str
        Sorted; a prescriber who sits alone is both.
    points : int
        The sum of the links'.
    cost : float or None
        The communication cost; None where none was asked for.
    weekly_starts : int
        At how many of a typical week's quarter hours they could begin, by the hours that are written down.
    first_start : str or None
        The first of them on the site's clock, such as ``Mon 09:00``.
    to_verify : tuple of ToVerify
        What is unknown; empty unless unknown links are allowed.
    """

    site: str
    prescriber: str
    therapists: tuple[str, ...]
    monitors: tuple[str, ...]
    points: int
    cost: float | None
    weekly_starts: int
    first_start: str | None
    to_verify: tuple[ToVerify, ...]

    def as_dict(self) -> dict[str, Any]:
        """As the JSON contract has it."""
        return {
            **attrs.asdict(self),
            "therapists": list(self.therapists),
            "monitors": list(self.monitors),
            "to_verify": [attrs.asdict(v) for v in self.to_verify],
        }


@frozen
class Bound:
    """Where a search was cut: no team of its size that was not looked at costs less, nor has more points at that."""

    cost: float | None
    points: int


@define(eq=False, slots=False)
class Formed:
    """The best teams for a need.

    Attributes
    ----------
    links : Links
        What they were chosen from.
    need : Need
    count : int
        How many teams were asked for.
    pool : Pool
    chosen : tuple of Chosen
        The teams as codes, the best first.
    bound : Bound or None
        Where the search was cut; None where nothing is better, and nothing else is as good.
    """

    links: Links
    need: Need
    count: int
    pool: Pool
    chosen: tuple[Chosen, ...]
    bound: Bound | None

    @property
    def proven(self) -> bool:
        """Whether no other team is better than these; where there are fewer than asked for, these are all."""
        return self.bound is None

    @property
    def teams(self) -> tuple[FormedTeam, ...]:
        """The teams, the best first."""
        return tuple(team_of(self.pool, chosen) for chosen in self.chosen)

    def __repr__(self) -> str:
        best = f", the best with {self.teams[0].points:,} points" if self.chosen else ""
        said = "proven" if self.proven else "not proven"
        return f"<Formed on {self.links.facts.day}: {len(self.chosen)} of {self.count} teams{best}, {said}>"


def form(
    links: Links,
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
) -> Formed:
    """The best teams for a need.

    A team is a prescriber, therapists and monitors at one site, all different but for a prescriber who sits alone.
    Every (prescriber, therapist) link may be used, every monitor may watch there, no two avoid each other (where
    ``team.ties`` blocks), and at least one start of a typical week fits all of them: the therapists and monitors for
    the whole session, the prescriber as far as the strictest of the links asks.

    Parameters
    ----------
    links : Links
    site : str, optional
        Only there.
    modalities, languages : sequence of str
        What one of the therapists must have, all of it; with ``covering`` what the therapists must have together.
    therapists, monitors : int, optional
        How many; as the protocol says where none is given.
    among, without : sequence of str
        Who must be in the team, in any role, and who must not.
    covering : bool
        Whether the therapists cover the modalities and languages together, as few people as can be (6 therapists at
        most); then each of them meets something that no other one does, or is ``among``.
    cost : {"sum", "diameter", "leader", "mst"}, optional
        The communication cost over the ties that is made least first; see
        :class:`~kapteam.matching.communication.Communication`.
    best : int
        How many teams.
    unknown : {"exclude", "allow"}
        Whether links and monitors of whom a needed fact is unknown may be used, and hours that nobody wrote down.
    effort : int
        How many branches to look at: a limit that is the same on every machine.

    Returns
    -------
    Formed
        The best teams in order: with ``covering`` the fewest people first; then the least cost, where one is asked
        for; then most points; then the least draw, which is the sum of the draws of (site, prescriber, therapist) and
        of (site, prescriber, monitor) as ``match`` draws them; then the ids of site, prescriber, therapists, monitors.

    Raises
    ------
    UsageError
        What is asked names what there is not, or cannot be asked together.

    Examples
    --------
    >>> import datetime, kapteam
    >>> found = form(kapteam.links(kapteam.example(), on=datetime.date(2026, 12, 7)).links, best=1)
    >>> [(team.prescriber, team.therapists, team.first_start) for team in found.teams], found.proven
    ([('ines', ('ana',), 'Mon 09:00')], True)
    """
    asked = need(
        links.facts, site=site, modalities=modalities, languages=languages, therapists=therapists, monitors=monitors,
        among=among, without=without, covering=covering, cost=cost, unknown=unknown,
    )  # fmt: skip
    for name, number in (("best", best), ("effort", effort)):
        if not isinstance(number, int) or number < 1:
            raise UsageError(f"{name} is a whole number, at least 1; not {number!r}")
    communication = None if cost is None else Communication(cost, distances(links.facts))
    met = tuple(ask.met(links.facts) for ask in asked.asks)
    pool = Pool(links, asked, met, communication)
    hours: Hours = "unwritten" if unknown == "allow" else "written"
    chosen, open_price = search(pool, best, Effort(effort), hours, (1 << len(met)) - 1, asked.among)
    bound = None
    if open_price is not None:
        units, points = pool.prices.cost_and_points(open_price)
        bound = Bound(None if communication is None else communication.distances.as_number(units), points)
    return Formed(links, asked, best, pool, tuple(chosen), bound)


def search(
    pool: Pool, count: int, effort: Effort, hours: Hours, asked: int, among: frozenset[int]
) -> tuple[list[Chosen], int | None]:
    """The best teams of a pool, the smallest first where they are to cover, and where the search was cut."""
    found: list[Chosen] = []
    for therapists, groups in _sizes(pool, asked, among):
        looked = Search(pool, therapists, count - len(found), effort, hours, asked, among)
        looked.run(groups)
        found += looked.best
        if looked.open_price is not None or len(found) >= count:
            return found, looked.open_price
    return found, None


def _sizes(pool: Pool, asked: int, among: frozenset[int]) -> Iterator[tuple[int, Iterable[Group]]]:
    """By size: how many therapists, and the groups that such teams may be of."""
    if pool.need.therapists is not None:
        alone = pool.groups(solo=True) if pool.need.therapists == 1 else iter(())
        yield pool.need.therapists, chain(alone, pool.groups(solo=False))
        return
    yield 1, pool.groups(solo=True)
    for therapists in range(1, min(MOST, asked.bit_count() + len(among)) + 1):
        yield therapists, pool.groups(solo=False)


def team_of(pool: Pool, chosen: Chosen) -> FormedTeam:
    """A team in ids, with what is told of it; seats that nobody takes are left out."""
    facts, links = pool.links.facts, pool.links
    rows = rows_of(pool, chosen)
    starts = np.flatnonzero(weeks.slots(common_starts(pool, chosen))[0])
    people = [person for person in chosen.people if person >= 0]
    communication, cost = pool.communication, None
    if communication is not None:
        cost = communication.distances.as_number(communication.of_team(people))
    return FormedTeam(
        site=facts.sites[chosen.site],
        prescriber=facts.people[chosen.prescriber],
        therapists=tuple(facts.people[t] for t in chosen.therapists if t >= 0),
        monitors=tuple(facts.people[m] for m in chosen.monitors if m >= 0),
        points=int(links.points[rows].sum()),
        cost=cost,
        weekly_starts=len(starts),
        first_start=_clock(int(starts[0])) if len(starts) else None,
        to_verify=_to_verify(pool, chosen, rows, not len(starts)) if pool.need.unknown == "allow" else (),
    )


def rows_of(pool: Pool, chosen: Chosen) -> Index:
    """The links of a team, as rows."""
    pairs, rows = pool.links.pairs, pool.rows
    own = (pairs.site[rows] == chosen.site) & (pairs.prescriber_person[rows] == chosen.prescriber)
    found: Index = rows[own & np.isin(pairs.therapist_person[rows], chosen.therapists)]
    return found


def common_starts(pool: Pool, chosen: Chosen, *, unwritten: bool = False) -> weeks.Words:
    """The starts of a typical week that fit everyone in a team: one week."""
    pairs, facts = pool.links.pairs, pool.links.facts
    of_links = pairs.starts(rows_of(pool, chosen), prescriber_unwritten=unwritten, therapist_unwritten=unwritten)
    members = pool.watch(chosen.site).members
    watching = week_starts(facts, facts.session, unwritten=unwritten)[
        members.posting[np.isin(members.person, chosen.monitors)]
    ]
    both: weeks.Words = np.bitwise_and.reduce(np.vstack([of_links, watching]), axis=0, keepdims=True)
    return both


def _to_verify(pool: Pool, chosen: Chosen, rows: Index, open_hours: bool) -> tuple[ToVerify, ...]:
    """What is unknown of a team, by person; of the rules that ask for a start, whose hours nobody wrote down."""
    links, facts, pairs = pool.links, pool.links.facts, pool.links.pairs
    found: set[tuple[int, str]] = set()
    for judgement in links.judged.unknown_blocks():
        if judgement.rule.id not in START_RULES:
            who = pairs.prescriber_person if judgement.role == "prescriber" else pairs.therapist_person
            unknown = rows[links.judged.on_links(judgement, rows) == UNKNOWN]
            found.update((int(who[row]), judgement.rule.id) for row in unknown)
    watch = pool.watch(chosen.site)
    for judgement in watch.judgements:
        unknown = np.flatnonzero((judgement.verdicts == UNKNOWN) & np.isin(watch.members.person, chosen.monitors))
        found.update((int(watch.members.person[row]), judgement.rule.id) for row in unknown)
    if open_hours:
        postings = facts.postings
        here = postings.site == chosen.site
        if pairs.level[rows].max() == AVAILABLE:  # reached from any site
            here |= postings.person == chosen.prescriber
        open_rows = postings.unwritten & here & np.isin(postings.person, chosen.people)
        found.update((int(person), "team.window") for person in postings.person[open_rows])
        if (pairs.prescribers.supposed[pairs.prescriber[rows]] >= 0).any():  # only supposed to come
            found.add((chosen.prescriber, "team.window"))
    return tuple(ToVerify(facts.people[person], rule) for person, rule in sorted(found))


def _clock(slot: int) -> str:
    """A slot of the week as people say it: ``Mon 09:00``."""
    day, rest = divmod(slot, SLOTS_A_DAY)
    minutes = rest * SLOT_MINUTES
    return f"{DAYS[day]} {minutes // 60:02}:{minutes % 60:02}"
