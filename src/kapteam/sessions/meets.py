"""What one more session would meet in a plan: the limits that stand against it, beside the sessions that there are."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from attrs import frozen

from kapteam.sessions.days import Days
from kapteam.sessions.judge import Placed
from kapteam.sessions.kinds import Kind

#: A limit, and the code of the person, site or row of demand whose it is.
Group = tuple[str, int]


@frozen
class Offer:
    """A session that is lawful by itself, as codes.

    Attributes
    ----------
    kind : Kind
    start, day : int
    prescriber : int
    therapists, monitors : tuple of int
    in_person : bool
        Whether the prescriber is needed at the site.
    rows : tuple of int
        The rows of demand any one of which it could serve; empty where its site has none.
    """

    kind: Kind
    start: int
    day: int
    prescriber: int
    therapists: tuple[int, ...]
    monitors: tuple[int, ...]
    in_person: bool
    rows: tuple[int, ...]

    @property
    def sits(self) -> tuple[int, ...]:
        """Who sits or watches."""
        return (*self.therapists, *self.monitors)

    @property
    def end(self) -> int:
        """The first slot after it."""
        return self.start + self.kind.length


class Meets:
    """Looks up what an offer would meet in a plan; what it looked up once it keeps.

    Parameters
    ----------
    days : Days
    plan : sequence of Placed
    """

    def __init__(self, days: Days, plan: Sequence[Placed]) -> None:
        self.days = days
        self.people = [days.roster.people[id] for id in days.facts(0).people]
        self.of: dict[int, list[Placed]] = {}
        self.at: dict[int, list[Placed]] = {}
        self.served: dict[tuple[int, int], int] = {}
        for one in plan:
            self.at.setdefault(one.kind.site, []).append(one)
            for person in one.everyone:
                self.of.setdefault(person, []).append(one)
            if one.saved.demand is not None:
                key = (one.saved.demand, one.day // 7)
                self.served[key] = self.served.get(key, 0) + 1
        self._known: dict[tuple[object, ...], dict[Group, tuple[Placed, ...]]] = {}

    def all(self, offer: Offer) -> dict[Group, tuple[Placed, ...]]:
        """Every limit that the plan and the offer together exceed, with the sessions that it meets there."""
        found: dict[Group, tuple[Placed, ...]] = {}
        if offer.prescriber not in offer.therapists:
            found |= self.person(offer, offer.prescriber, sits=False, here=offer.in_person)
        for person in offer.sits:
            found |= self.person(offer, person, sits=True, here=True)
        holding = self.in_rooms(offer)
        if holding >= self.days.calendar.sites[offer.kind.site].rooms:
            found["rooms", offer.kind.site] = ()
        if offer.rows and not any(self.asked(row, offer.day // 7) for row in offer.rows):
            found["demand", offer.rows[0]] = ()
        return found

    def asked(self, row: int, week: int) -> int:
        """How many sessions of a row of demand a week still asks for."""
        return self.days.roster.demand[row - 1].sessions - self.served.get((row, week), 0)

    def in_rooms(self, offer: Offer) -> int:
        """How many rooms of its site are held at once, at most, while it would hold one."""
        kind = offer.kind
        meeting = [
            o for o in self.at.get(kind.site, ())
            if o.start < offer.start + kind.in_room and offer.start < o.start + o.kind.in_room
        ]  # fmt: skip
        instants = {max(offer.start, o.start) for o in meeting}
        return max((sum(o.start <= i < o.start + o.kind.in_room for o in meeting) for i in instants), default=0)

    def person(self, offer: Offer, who: int, *, sits: bool, here: bool) -> dict[Group, tuple[Placed, ...]]:
        """What stands against one person's part in it."""
        key = (who, who == offer.prescriber, sits, here, offer.kind, offer.start)
        if key not in self._known:
            self._known[key] = dict(self._person(offer, who, sits, here))
        return self._known[key]

    def _person(self, offer: Offer, who: int, sits: bool, here: bool) -> Iterator[tuple[Group, tuple[Placed, ...]]]:
        mine = self.of.get(who, [])
        meeting = tuple(o for o in mine if o.start < offer.end and offer.start < o.start + o.kind.length)
        seated = tuple(o for o in meeting if sits or who in o.sits)
        if seated:
            yield ("busy", who), seated
        overseen = tuple(o for o in meeting if o.prescriber == who)
        if who == offer.prescriber and self.overseeing(offer, who, overseen):
            yield ("concurrency", who), overseen
        limit = self.people[who].max_concurrent_dosing
        if not sits or who == offer.prescriber:
            dosing = [o for o in mine if o.prescriber == who and _dosing(o.start, o.kind, offer.start, offer.kind)]
            instants = {max(offer.start, o.start) for o in dosing} | {offer.start}
            most = max(sum(o.start <= i < o.start + o.kind.dosing for o in dosing) for i in instants)
            if limit is not None and most >= limit:
                yield ("max_concurrent_dosing", who), tuple(dosing)
        on_way = tuple(
            o for o in mine
            if here and who in o.here and o.kind.site != offer.kind.site
            if o.start < offer.start + offer.kind.until_elsewhere and offer.start < o.start + o.kind.until_elsewhere
        )  # fmt: skip
        if on_way:
            yield ("travel", who), on_way
        for name, span in (("max_sessions_per_week", 7), ("max_sessions_per_day", 1)):
            most_of = getattr(self.people[who], name)
            same = tuple(o for o in mine if o.day // span == offer.day // span)
            if most_of is not None and len(same) >= most_of:
                yield (name, who), same

    def overseeing(self, offer: Offer, who: int, meeting: Sequence[Placed]) -> bool:
        """Whether a prescriber would oversee more at once than they may; where it differs by date, the least counts."""
        for instant in {max(offer.start, o.start) for o in meeting} | {offer.start}:
            running = [o for o in meeting if o.start <= instant < o.start + o.kind.length]
            days = {offer.day, *(o.day for o in running)}
            if len(running) + 1 > min(int(self.days.concurrency(day)[who]) for day in days):
                return True
        return False


def _dosing(start: int, kind: Kind, other: int, of: Kind) -> bool:
    return start < other + of.dosing and other < start + kind.dosing
