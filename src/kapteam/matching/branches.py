"""The search for the best teams: branch and bound over the seats, exact unless it is cut."""

from __future__ import annotations

from bisect import insort
from collections.abc import Iterable, Iterator, Sequence
from typing import Literal

from attrs import define, field, frozen

from kapteam.matching.seats import Group, Pool, Seat, moments

#: Branches to look at before a search is cut.
EFFORT = 200_000

#: By which hours a team has to have a start in common: those written down; with what nobody wrote down taken as all
#: hours; or none at all.
Hours = Literal["written", "unwritten", "any"]


class Cut(Exception):
    """There is no effort left."""


@define
class Effort:
    """How many more branches may be looked at."""

    left: int = EFFORT

    def spend(self) -> None:
        """One branch more."""
        if not self.left:
            raise Cut
        self.left -= 1


@frozen(order=True)
class Chosen:
    """A team as codes, with its price; sorted by price, then site, prescriber, therapists and monitors.

    Codes below 0 are seats that nobody takes.
    """

    price: int
    site: int
    prescriber: int
    therapists: tuple[int, ...]
    monitors: tuple[int, ...]

    @property
    def people(self) -> list[int]:
        """Everyone in it once, the prescriber first."""
        return list(dict.fromkeys((self.prescriber, *self.therapists, *self.monitors)))


@frozen
class _Open:
    """A team that is not whole: who is in it, whom else it could have, and how many and which asks it still needs."""

    price: int
    therapists: tuple[Seat, ...]
    monitors: tuple[Seat, ...]
    sit: Sequence[Seat]
    watch: Sequence[Seat]
    more_sit: int
    more_watch: int
    missing: int


@define(eq=False)
class Search:
    """The best teams of one size.

    Attributes
    ----------
    pool : Pool
    therapists : int
        How many sit.
    count : int
        How many teams are wanted.
    effort : Effort
    hours : {"written", "unwritten", "any"}
    asked : int
        The asks that must be met, as bits.
    among : frozenset of int
        Who must be in the team.
    best : list of Chosen
        The best teams found, in order.
    open_price : int or None
        Where the search was cut: no team that was not looked at has a smaller price.

    Notes
    -----
    Groups (one prescriber at one site) are taken by their bounds, the best first, until no bound is better than the
    last team wanted (Land and Doig 1960). In a group, each moment at which a largest set of people could begin
    together is searched by itself, so that the hours play no part below it. There, whoever must be in the team gets a
    seat first; then somebody who meets an ask that few can meet; then the free seats. A branch leaves out everyone
    whom an earlier branch took, so that each team comes once for each moment.

    The bound of a branch is the sum of the best prices for its free seats, one of which meets each ask that is not met
    yet: without a communication cost, or with ``leader``, only people who avoid one another can make it wrong, and
    about as many branches are looked at as there are seats in the teams wanted. The other costs are bounded by
    themselves, and their search is exponential in the number of seats where many teams cost alike.
    """

    pool: Pool
    therapists: int
    count: int
    effort: Effort
    hours: Hours
    asked: int
    among: frozenset[int]
    best: list[Chosen] = field(factory=list, init=False)
    open_price: int | None = field(default=None, init=False)
    _known: set[tuple[int, int, tuple[int, ...], tuple[int, ...]]] = field(factory=set, init=False)
    _group: Group = field(init=False)

    def run(self, groups: Iterable[Group]) -> None:
        """Look through some groups; may be called again with others."""
        bounds = ((self._bound(group), group) for group in groups)
        order = sorted(
            ((bound, group) for bound, group in bounds if bound is not None),
            key=lambda x: (x[0], x[1].site, x[1].prescriber),
        )
        for bound, group in order:
            if self._beaten(bound):
                break
            self._group = group
            try:
                for state in self._moments(group):
                    self._branch(state)
            except Cut:
                self.open_price = bound if self.open_price is None else min(bound, self.open_price)
                break

    # -- groups and moments --

    def _bound(self, group: Group) -> int | None:
        """What no team of a group has a smaller price than; None where there is none."""
        self._group, additive = group, self._additive
        sit = group.best(self.therapists) if additive else group.therapists(self.therapists)
        watch = group.monitors(self.pool.need.monitors)
        if additive and not self._seats_all(group):
            return None
        return self._least(self._start(group, sit, watch))

    def _seats_all(self, group: Group) -> bool:
        """Whether everyone who must be in the team could have a seat."""
        inside = self.among - {group.prescriber}
        if not inside:
            return True
        persons = set(self.pool.links.pairs.therapist_person[group.rows].tolist())
        persons.update(seat.person for seat in group.monitors(0))
        return inside <= persons

    def _start(self, group: Group, sit: Sequence[Seat], watch: Sequence[Seat]) -> _Open:
        return _Open(
            price=group.base,
            therapists=(),
            monitors=(),
            sit=sit,
            watch=watch,
            more_sit=0 if group.solo else self.therapists,
            more_watch=self.pool.need.monitors,
            missing=self.asked & ~group.brings,
        )

    def _moments(self, group: Group) -> Iterator[_Open]:
        """A team without anybody for each largest set of people who share a start, the best bound first."""
        sit = group.therapists(self.therapists)
        watch = group.monitors(self.pool.need.monitors)
        if self.hours == "any":
            yield self._start(group, sit, watch)
            return
        real = [seat.place for seat in watch if seat.place >= 0]
        at_least = (
            (1 if group.solo else self.therapists) - sum(seat.place < 0 for seat in sit),
            self.pool.need.monitors - (len(watch) - len(real)),
        )
        states: list[tuple[int, int, _Open]] = []
        bit_of = {place: 1 << number for number, place in enumerate(real)}
        for links, watching in moments(*group.weeks(self.hours), real, at_least):
            state = self._start(
                group,
                [seat for seat in sit if seat.place < 0 or links >> seat.place & 1],
                [seat for seat in watch if seat.place < 0 or watching & bit_of[seat.place]],
            )
            bound = self._least(state)
            if bound is not None:
                states.append((bound, len(states), state))
        yield from (state for _, _, state in sorted(states, key=lambda x: x[:2]))

    # -- branches --

    def _branch(self, at: _Open) -> None:
        """Look at every team that this one can become, unless there are enough that are better."""
        self.effort.spend()
        bound = self._least(at)
        if bound is None or self._beaten(bound):
            return
        seated = {seat.person for seat in (*at.therapists, *at.monitors)}
        unseated = sorted(self.among - seated - {self._group.prescriber})
        if unseated:
            self._seat(at, unseated[0])
        elif at.missing:
            self._meet(at)
        elif at.more_sit:
            self._fill(at, at.sit, monitor=False)
        elif at.more_watch:
            self._fill(at, at.watch, monitor=True)
        else:
            self._offer(at, bound)

    def _seat(self, at: _Open, person: int) -> None:
        """Give somebody a seat who must have one."""
        for monitor, seats in ((False, at.sit), (True, at.watch)):
            for seat in seats:
                if seat.person == person:
                    self._taken(at, seat, monitor=monitor, rest=[other for other in seats if other is not seat])

    def _meet(self, at: _Open) -> None:
        """Give a seat to somebody who meets the ask that the fewest can meet."""
        bits = [1 << number for number in range(at.missing.bit_length()) if at.missing >> number & 1]
        able = min(([seat for seat in at.sit if seat.brings & bit] for bit in bits), key=len)
        self._fill(at, able, monitor=False)

    def _fill(self, at: _Open, able: Sequence[Seat], *, monitor: bool) -> None:
        """Give the next seat to each of some, leaving out in each branch those of the branches before."""
        seats, more = (at.watch, at.more_watch) if monitor else (at.sit, at.more_sit)
        least = at.price + sum(other.price for other in seats[: more - 1])
        least += 0 if monitor else sum(other.price for other in at.watch[: at.more_watch])
        gone: set[int] = set()
        for seat in able if self._additive else sorted(able, key=lambda seat: (self._nearness(at, seat), seat)):
            if self._additive and self._beaten(least + seat.price):
                break  # those that follow have no better price
            gone.add(seat.person)
            self._taken(at, seat, monitor=monitor, rest=[other for other in seats if other.person not in gone])

    def _taken(self, at: _Open, seat: Seat, *, monitor: bool, rest: Sequence[Seat]) -> None:
        """Go on with somebody in the team, without whoever avoids them, and with ``rest`` for such a seat."""
        if (at.more_watch if monitor else at.more_sit) < 1:
            return
        shy = self.pool.avoid.get(seat.person, frozenset())
        if shy:
            rest = [other for other in rest if other.person not in shy]
        others = at.sit if monitor else at.watch
        others = [other for other in others if other.person != seat.person and other.person not in shy]
        therapists = at.therapists if monitor else (*at.therapists, seat)
        if not monitor and self.pool.need.covering and not self._each_needed(therapists):
            return
        self._branch(
            _Open(
                price=at.price + seat.price,
                therapists=therapists,
                monitors=(*at.monitors, seat) if monitor else at.monitors,
                sit=others if monitor else rest,
                watch=rest if monitor else others,
                more_sit=at.more_sit - (not monitor),
                more_watch=at.more_watch - monitor,
                missing=at.missing if monitor else at.missing & ~seat.brings,
            )
        )

    def _each_needed(self, therapists: Sequence[Seat]) -> bool:
        """Whether each of those who sit meets an ask that no other one does, or must be in the team."""
        for seat in therapists:
            others = 0
            for other in therapists:
                others |= 0 if other is seat else other.brings
            if not seat.brings & ~others & self.asked and seat.person not in self.among:
                return False
        return True

    def _offer(self, at: _Open, price: int) -> None:
        group = self._group
        therapists = (group.prescriber,) if group.solo else tuple(sorted(seat.person for seat in at.therapists))
        monitors = tuple(sorted(seat.person for seat in at.monitors))
        team = (group.site, group.prescriber, therapists, monitors)
        if team in self._known:
            return
        self._known.add(team)
        insort(self.best, Chosen(price, *team))
        del self.best[self.count :]

    # -- bounds --

    @property
    def _additive(self) -> bool:
        communication = self.pool.communication
        return communication is None or communication.additive

    def _beaten(self, bound: int) -> bool:
        """Whether there are teams enough that are better."""
        return len(self.best) >= self.count and bound > self.best[-1].price

    def _least(self, at: _Open) -> int | None:
        """What no team that this one can become has a smaller price than; None where it can become none."""
        if len(at.sit) < at.more_sit or len(at.watch) < at.more_watch:
            return None
        sits = sum(seat.price for seat in at.sit[: at.more_sit])
        most, missing, number = sits, at.missing, 0
        while missing >> number:
            if missing >> number & 1:
                first = next((i for i, seat in enumerate(at.sit) if seat.brings >> number & 1), None)
                if first is None or not at.more_sit:
                    return None
                if first >= at.more_sit:  # somebody who meets it takes the last of the best seats
                    most = max(most, sits - at.sit[at.more_sit - 1].price + at.sit[first].price)
            number += 1
        bound = at.price + most + sum(seat.price for seat in at.watch[: at.more_watch])
        communication = self.pool.communication
        if communication is None or communication.additive:
            return bound
        cost = communication.at_least(
            self._people(at),
            ([seat.person for seat in at.sit], at.more_sit),
            ([seat.person for seat in at.watch], at.more_watch),
        )
        return bound + cost * self.pool.prices.cost

    def _people(self, at: _Open) -> list[int]:
        return [self._group.prescriber, *(seat.person for seat in (*at.therapists, *at.monitors))]

    def _nearness(self, at: _Open, seat: Seat) -> int:
        communication = self.pool.communication
        return 0 if communication is None else communication.nearness(self._people(at), seat.person)
