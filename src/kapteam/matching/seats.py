"""Who could take which seat of a team: by site and prescriber, each with what they add to its price."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cached_property
from typing import NamedTuple

import numpy as np
from attrs import define, field, frozen
from numpy.typing import NDArray

from kapteam.columns import weeks
from kapteam.columns.facts import Bools
from kapteam.columns.logic import FAIL, PASS, UNKNOWN, conjunction
from kapteam.columns.lookup import Index
from kapteam.columns.members import Members, week_starts
from kapteam.matching.communication import Communication
from kapteam.matching.draw import draws, hashes
from kapteam.matching.market import row_draws, usable_rows
from kapteam.matching.need import Need
from kapteam.network.judge import Judged, Judgement
from kapteam.network.links import Links
from kapteam.network.monitors import counted, deciding, monitors_at
from kapteam.rules.rulebook import START_RULES

#: What a seat that nobody can take lacks, as failing findings: more than somebody in whose way one stands.
VACANT = 2
_NO_THERAPIST, _NO_MONITOR = -1, -101  # the codes of nobody go down from here


@frozen
class Prices:
    """The place values of one whole number that orders teams: what fails, what is unknown, cost, points, draw.

    The sum of the prices of the members is the price of the team, and the least price is the best team. Each place is
    wide enough that no sum of a lower one reaches it; since points are better the more there are, they count down.
    """

    fail: int
    unknown: int
    cost: int
    points: int

    @classmethod
    def of(cls, seats: int, most_points: int, most_cost: int, rules: int) -> Prices:
        """Wide enough for teams of so many seats."""
        points = seats << 40  # a draw has 40 bits
        cost = points * (seats * most_points + 1)
        unknown = cost * (most_cost + 2)
        return cls(unknown * (2 * seats * rules + 2), unknown, cost, points)

    def price(self, fails: int, unknowns: int, cost: int, points: int, draw: int) -> int:
        """Five numbers as one."""
        return fails * self.fail + unknowns * self.unknown + cost * self.cost - points * self.points + draw

    def fails_and_unknowns(self, price: int) -> tuple[int, int]:
        """How much fails, and is unknown, in a price."""
        return divmod((price + self.cost) // self.unknown, self.fail // self.unknown)

    def cost_and_points(self, price: int) -> tuple[int, int]:
        """The cost and the points in a price in which nothing fails and nothing is unknown."""
        whole = price // self.points
        points = -whole % (self.cost // self.points)
        return (whole + points) * self.points // self.cost, points


class Seat(NamedTuple):
    """Somebody for a seat; sorted by price, then by person.

    ``person`` is a code, below 0 where nobody is there for it; ``brings`` are the asks that they meet, as bits;
    ``place`` is their row among those who could take such a seat.
    """

    price: int
    person: int
    brings: int
    place: int


@define(eq=False, slots=False)
class Group:
    """Everyone who could be in a team with one prescriber at one site.

    Attributes
    ----------
    pool : Pool
    site, prescriber : int
    solo : bool
        Whether the prescriber is the therapist too; then nobody else sits.
    rows : array of int
        The links, the best price first; of a solo the one.
    """

    pool: Pool
    site: int
    prescriber: int
    solo: bool
    rows: Index

    @property
    def base(self) -> int:
        """The price before anybody else has a seat."""
        alone = self.pool.of_prescriber(self.site, self.prescriber)
        return alone + (self.pool.price(int(self.rows[0]), self.prescriber) if self.solo else 0)

    @property
    def brings(self) -> int:
        """What is met before anybody else has a seat."""
        return self.pool.brings[self.prescriber] if self.solo else 0

    def vacancies(self, count: int) -> int:
        """How many of the therapists' seats nobody is there for, where such a team is of interest."""
        return max(0, count - len(self.rows)) if self.pool.with_gaps and not self.solo else 0

    def best(self, count: int) -> list[Seat]:
        """Of the therapists enough to tell the best of so many: the first ones, and the first to meet each ask."""
        if self.solo:
            return []
        pool, firsts = self.pool, list(range(min(count, len(self.rows))))
        persons = pool.links.pairs.therapist_person[self.rows]
        for met in pool.met:
            able = met[persons]
            if able.any():
                firsts.append(int(able.argmax()))
        return sorted([*map(self._seat, set(firsts)), *self._vacant(self.vacancies(count), _NO_THERAPIST)])

    def therapists(self, count: int) -> list[Seat]:
        """Everyone who could sit, the best price first; the last ones stand for nobody."""
        if self.solo:
            return []
        return sorted([*map(self._seat, range(len(self.rows))), *self._vacant(self.vacancies(count), _NO_THERAPIST)])

    def monitors(self, count: int) -> list[Seat]:
        """Everyone who could watch, the best price first; the last ones stand for nobody."""
        pool, watch = self.pool, self.pool.watch(self.site)
        person = watch.members.person
        shy = pool.avoid.get(self.prescriber, frozenset())
        facts = pool.links.facts
        ends = hashes([facts.sites[self.site], facts.people[self.prescriber]], facts.protocol.draw)
        drawn = draws(ends[:1], ends[1:], watch.hashes)
        found = [
            Seat(
                pool.prices.price(
                    int(watch.fails[i]), int(watch.unknowns[i]), pool.cost_of(self.prescriber, int(person[i])), 0,
                    int(drawn[i]),
                ),
                int(person[i]), 0, int(i),
            )
            for i in np.flatnonzero(watch.able)
            if person[i] != self.prescriber and int(person[i]) not in shy
        ]  # fmt: skip
        gaps = max(0, count - len(found)) if pool.with_gaps else 0
        return sorted([*found, *self._vacant(gaps, _NO_MONITOR)])

    def weeks(self, hours: str) -> tuple[weeks.Words, weeks.Words]:
        """The starts that fit each link, and those at which each who watches is there, by their places."""
        pool = self.pool
        unwritten = hours == "unwritten"
        pairs = pool.links.pairs
        of_links = pairs.starts(self.rows, prescriber_unwritten=unwritten, therapist_unwritten=unwritten)
        watch = pool.watch(self.site)
        facts = pool.links.facts
        return of_links, week_starts(facts, facts.session, unwritten=unwritten)[watch.members.posting]

    def _seat(self, place: int) -> Seat:
        pool, row = self.pool, int(self.rows[place])
        person = int(pool.links.pairs.therapist_person[row])
        return Seat(pool.price(row, self.prescriber), person, pool.brings[person], place)

    def _vacant(self, count: int, first: int) -> list[Seat]:
        """Seats that nobody is there for; each stands for another nobody."""
        nobodies = range(first, first - count, -1)
        prices = (self.pool.prices.price(VACANT, 0, self.pool.cost_of(self.prescriber, who), 0, 0) for who in nobodies)
        return [Seat(price, who, 0, -1) for price, who in zip(prices, nobodies, strict=True)]


@frozen(eq=False)
class Watch:
    """Those who may watch at a site.

    Attributes
    ----------
    members : Members
    fails, unknowns : array of int
        How many of the verdicts that decide fail, and are unknown.
    able : array of bool
        Who may be asked.
    hashes : array of uint64
        Of their ids.
    """

    members: Members
    judgements: list[Judgement]
    fails: Index
    unknowns: Index
    able: Bools
    hashes: NDArray[np.uint64]


@define(eq=False, slots=False)
class Pool:
    """The links and the monitors that teams for a need are made of.

    Attributes
    ----------
    links : Links
    need : Need
    met : tuple of array of bool
        By ask and person: who meets it.
    communication : Communication or None
    with_gaps : bool
        Whether links that may not be used are in it too, at the price of what they lack, and seats that nobody takes.
    """

    links: Links
    need: Need
    met: tuple[Bools, ...]
    communication: Communication | None
    with_gaps: bool = False
    _watched: dict[int, Watch] = field(factory=dict, init=False, repr=False)

    @cached_property
    def rows(self) -> Index:
        """The links that may be in a team."""
        links, need, pairs = self.links, self.need, self.links.pairs
        rows = np.arange(len(links)) if self.with_gaps else usable_rows(links, need.unknown)
        keep = np.ones(len(rows), bool) if need.site is None else pairs.site[rows] == need.site
        out = sorted(need.without)
        keep &= ~np.isin(pairs.prescriber_person[rows], out) & ~np.isin(pairs.therapist_person[rows], out)
        return rows[keep]

    @cached_property
    def brings(self) -> list[int]:
        """By person: the asks that they meet, as bits."""
        bits = np.zeros(len(self.links.facts.people), object)
        for number, met in enumerate(self.met):
            bits[met] += 1 << number
        return [int(b) for b in bits]

    @cached_property
    def avoid(self) -> dict[int, frozenset[int]]:
        """By person: whom they may not be in a team with."""
        found: dict[int, set[int]] = {}
        if self.links.rulebook.severities["team.ties"] == "block":
            for a, b in self.links.facts.ties["avoids"].tolist():
                found.setdefault(a, set()).add(b)
                found.setdefault(b, set()).add(a)
        return {person: frozenset(others) for person, others in found.items()}

    @cached_property
    def prices(self) -> Prices:
        """The places of a price."""
        need = self.need
        seats = 1 + (len(self.met) + len(need.among) if need.therapists is None else need.therapists) + need.monitors
        apart = 0 if self.communication is None else self.communication.distances.apart
        points = int(self.links.points.max(initial=0))
        return Prices.of(seats, points, seats * seats * apart, 1 + VACANT + len(self.links.judged.judgements))

    def groups(self, *, solo: bool) -> Iterator[Group]:
        """Everyone by site and prescriber, alone or with others who sit."""
        pairs = self.links.pairs
        rows = self.rows[pairs.solo[self.rows] == solo]
        if not len(rows):
            return
        key = pairs.site[rows] * len(self.links.facts.people) + pairs.prescriber_person[rows]
        draw, cost = self._draw[rows], self._cost(rows)
        order = np.lexsort((draw, -self.links.points[rows], cost, self._unknowns[rows], self._fails[rows], key))
        rows, key = rows[order], key[order]
        cut = np.flatnonzero(np.diff(key)) + 1
        for part in np.split(rows, cut):
            yield Group(self, int(pairs.site[part[0]]), int(pairs.prescriber_person[part[0]]), solo, part)

    def price(self, row: int, prescriber: int) -> int:
        """What a link adds."""
        person = int(self.links.pairs.therapist_person[row])
        return self.prices.price(
            int(self._fails[row]), int(self._unknowns[row]), self.cost_of(prescriber, person),
            int(self.links.points[row]), int(self._draw[row]),
        )  # fmt: skip

    def of_prescriber(self, site: int, prescriber: int) -> int:
        """What a prescriber lacks by themself there."""
        fails, unknowns = self._alone.get((site, prescriber), (0, 0))
        return self.prices.price(fails, unknowns, 0, 0, 0)

    def cost_of(self, prescriber: int, person: int) -> int:
        """What a member adds to the communication cost, where each has a part of their own."""
        return 0 if self.communication is None else self.communication.of_seat(prescriber, person)

    def watch(self, site: int) -> Watch:
        """Those who may watch at a site."""
        if site not in self._watched:
            self._watched[site] = self._watch(site)
        return self._watched[site]

    def _watch(self, site: int) -> Watch:
        facts, need = self.links.facts, self.need
        members = monitors_at(facts, site)
        judgements = deciding(members, self.links.rulebook)
        verdicts = conjunction(np.full(len(members), PASS, np.int8), *(j.verdicts for j in judgements))
        able = ~np.isin(members.person, sorted(need.without))
        if not self.with_gaps:
            able &= verdicts >= (UNKNOWN if need.unknown == "allow" else PASS)
        fails, unknowns = (self._counted(judgements, len(members), v) for v in (FAIL, UNKNOWN))
        ids = hashes([facts.people[p] for p in members.person], facts.protocol.draw)
        return Watch(members, judgements, fails, unknowns, able, ids)

    def _counted(self, judgements: list[Judgement], rows: int, verdict: int) -> Index:
        """How many of some verdicts stand in the way; none where only those are here in whose way nothing stands."""
        counts = self.with_gaps and (verdict == FAIL or self.need.unknown != "allow")
        return counted(judgements if counts else [], rows, verdict)

    @cached_property
    def _draw(self) -> Index:
        drawn = np.zeros(len(self.links), np.int64)
        drawn[self.rows] = row_draws(self.links, self.rows)
        return drawn

    def _cost(self, rows: Index) -> Index:
        """The cost of each link's therapist, by its rank: what is sorted by it comes in the same order."""
        pairs = self.links.pairs
        if self.communication is None or not self.communication.additive:
            return np.zeros(len(rows), np.int64)
        ends = zip(pairs.prescriber_person[rows].tolist(), pairs.therapist_person[rows].tolist(), strict=True)
        costs = [self.cost_of(p, t) for p, t in ends]
        rank = {cost: number for number, cost in enumerate(sorted(set(costs)))}
        return np.array([rank[cost] for cost in costs], np.int64)

    @cached_property
    def _of_links(self) -> list[Judgement]:
        """What decides a link beside its prescriber, and beside whether a start fits, which the whole team decides."""
        judged: Judged = self.links.judged
        return [
            j for j in judged.judgements
            if judged.rulebook.blocks(j.rule) and j.role != "prescriber" and j.rule.id not in START_RULES
        ]  # fmt: skip

    @cached_property
    def _fails(self) -> Index:
        return self._on_links(FAIL)

    @cached_property
    def _unknowns(self) -> Index:
        return self._on_links(UNKNOWN)

    def _on_links(self, verdict: int) -> Index:
        judged = self.links.judged
        on_links = [Judgement(j.rule, "link", judged.on_links(j)) for j in self._of_links] if self.with_gaps else []
        return self._counted(on_links, len(self.links), verdict)

    @cached_property
    def _alone(self) -> dict[tuple[int, int], tuple[int, int]]:
        """By site and prescriber: how much of them alone fails, and is unknown."""
        judged, members = self.links.judged, self.links.pairs.prescribers
        if not self.with_gaps:
            return {}
        theirs = [j for j in judged.judgements if j.role == "prescriber" and judged.rulebook.blocks(j.rule)]
        fails, unknowns = (self._counted(theirs, len(members), v) for v in (FAIL, UNKNOWN))
        ends = zip(members.site.tolist(), members.person.tolist(), strict=True)
        return {at: (int(f), int(u)) for at, f, u in zip(ends, fails, unknowns, strict=True)}


def moments(
    of_links: weeks.Words, watching: weeks.Words, able: Sequence[int], least: tuple[int, int]
) -> list[tuple[int, int]]:
    """Who could all begin together: each largest set of links and of those who watch that share a start, as bits.

    Parameters
    ----------
    of_links, watching : array of shape (n, 21)
        The starts of each.
    able : sequence of int
        The rows of ``watching`` that count.
    least : tuple of int
        How many links and how many who watch there must be at least.

    Returns
    -------
    list of (int, int)
        Those with most people first. Of starts at which nobody more is there than at another one, only one is left.
    """
    one, other = weeks.slots(of_links), weeks.slots(watching[list(able)])
    possible = (one.sum(axis=0) >= least[0]) & (other.sum(axis=0) >= least[1])
    there = np.vstack([one, other])[:, possible]
    columns = np.packbits(there, axis=0, bitorder="little").T
    sets = {int.from_bytes(column.tobytes(), "little") for column in columns}
    largest: list[int] = []
    for people in sorted(sets, key=lambda bits: (-bits.bit_count(), bits)):
        if all(people & ~known for known in largest):
            largest.append(people)
    links = (1 << len(one)) - 1
    return [(people & links, people >> len(one)) for people in largest]
