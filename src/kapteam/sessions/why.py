"""Why there are no more sessions: what one more would meet, what closes the other days, what one change would add."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import cached_property, partial
from typing import TYPE_CHECKING

import numpy as np
from attrs import define, evolve, frozen

from kapteam.columns.facts import Bools, Facts
from kapteam.columns.policies import policies
from kapteam.rules.words import listed
from kapteam.sessions.closed import Closed, Closures
from kapteam.sessions.gains import Gains
from kapteam.sessions.judge import Judge, Placed
from kapteam.sessions.kept import Conflict
from kapteam.sessions.kinds import Kind, serves
from kapteam.sessions.meets import Group, Meets, Offer
from kapteam.sessions.offers import Offers, Wanted
from kapteam.sessions.saved import SavedSession

if TYPE_CHECKING:
    from kapteam.sessions.schedule import Schedule, Session

#: Stretches of days that are told of one thing.
_RUNS = 3
#: Limits that are named as being in the way together.
_NAMED = 4
# Of two sets of limits as small, the one with what comes first here is told: it is the easier to change.
_EASE = {
    "demand": 0, "rooms": 1, "max_sessions_per_week": 2, "max_sessions_per_day": 3, "concurrency": 4,
    "max_concurrent_dosing": 5, "travel": 6, "busy": 7,
}  # fmt: skip


@frozen
class Reason:
    """Why there is no more of something, and what it was found from.

    Attributes
    ----------
    about : str
        Whom or what it is about, by ids.
    constraint : str
        The first thing in the way: a limit, a rule's id, ``hours``, or ``search``.
    message : str
    offer : Offer or None
        A session that is lawful by itself, and that only ``meets`` keeps out of the plan.
    meets : tuple of (str, int)
        Limits, each with the code of whose it is.
    hours : tuple of int
        Whose own sessions leave no start to any other.
    closed : tuple of (tuple of int, Closed)
        Days on which there is no session that is lawful by itself, and why.
    """

    about: str
    constraint: str
    message: str
    offer: Offer | None = None
    meets: tuple[Group, ...] = ()
    hours: tuple[int, ...] = ()
    closed: tuple[tuple[tuple[int, ...], Closed], ...] = ()


@frozen
class _Beside:
    """What keeps a further session out on the days on which one could be held."""

    constraint: str
    words: str
    offer: Offer | None = None
    meets: tuple[Group, ...] = ()
    hours: tuple[int, ...] = ()


def reasons(plan: Schedule) -> list[Conflict]:
    """Why demand is not met, why a therapist has no session, and why a place or a room stays empty."""
    return [Conflict(r.about, r.constraint, r.message) for r in explained(plan)]


def explained(plan: Schedule) -> list[Reason]:
    """The same, with what each reason was found from.

    Notes
    -----
    Each is a fact that can be looked up. Of the sessions that are lawful by themselves, the one is named that meets
    the fewest limits beside the plan: without these it could be added as it is. Where each of them needs somebody who
    is in a session of the same kind meanwhile, hours are short. Days on which there is no such session are told with
    what closes them, unless it is only that nobody has hours then.
    """
    return list(_Reasons(plan).all())


@define(eq=False, slots=False)
class _Reasons:
    """Holds what the reasons share; lives for one call."""

    plan: Schedule

    def all(self) -> Iterator[Reason]:
        yield from self.of_demand()
        yield from self.of_therapists()
        yield from self.of_places()

    # -- what there might be more of --

    def of_demand(self) -> Iterator[Reason]:
        """Each row of demand that is not met in a week; weeks of which the same is true are told together."""
        days = self.plan.days
        told: dict[tuple[int, str, str, str], list[tuple[int, Reason]]] = {}
        for number, row in enumerate(days.roster.demand, start=1):
            for week in range(days.calendar.weeks):
                has = row.sessions - self.meets.asked(number, week)
                if has >= row.sessions:
                    continue
                about = f"row {number} of demand ({row.site}{self.asks(number)})"
                gets = f"{about} gets {has} of {_sessions(row.sessions)} a week"
                why = self.why_row(number, week)
                told.setdefault((number, why.constraint, gets, why.message), []).append((week, why))
        for (number, _, gets, _), found in told.items():
            message = f"{gets}{self.when([week for week, _ in found])}{found[0][1].message}"
            yield evolve(found[0][1], about=f"row {number}", message=message)

    def of_therapists(self) -> Iterator[Reason]:
        """Each therapist who may be in sessions, or would be but for the rules, and is in none."""
        facts = self.facts
        seated = {p for s in self.plan.sessions for p in s.therapists}
        for code in np.flatnonzero(facts.candidate["therapist"]).tolist():
            id = facts.people[code]
            if id not in seated:
                why = self.why_not_seated(code)
                yield evolve(why, about=id, message=f"{facts.roster.people[id].label} has no session{why.message}")

    def of_places(self) -> Iterator[Reason]:
        """Each site without rows of demand that is closed on some days, and each with rooms that nobody is ever in."""
        for code, site in enumerate(self.plan.days.calendar.sites):
            kinds = self.kinds_at(code)
            wanted = Wanted(kinds, self.plan.days.calendar.days, partial(_is_at, code))
            open_days = self.offers.days_of(wanted)
            free = [number for number in kinds if not self.plan.kinds[number].rows]
            if free:
                closed, words = self.closures(wanted, open_days, free[0], self.anybody, ())
                if closed:
                    message = f"{site.label} has no sessions{words}"
                    yield Reason(site.site, closed[0][1].constraint, message, closed=closed)
            used = max((s.room for s in self.plan.sessions if s.site == site.site), default=0)
            if used >= site.rooms or (kinds and not open_days):
                continue
            never = site.rooms - used
            some = f"{never} of its {site.rooms} rooms {'is' if never == 1 else 'are'}"
            about = f"{site.label}: {'its room is' if site.rooms == 1 else some} never used"
            if kinds:
                beside = [o for o in self.offers.of(wanted) if self.meets.in_rooms(o) >= used]
                why = self.why_not_more(beside, wanted, " while the others are in use" if used else "")
            else:
                why = _Beside("demand", "nothing is asked for there")
            yield Reason(site.site, why.constraint, f"{about}: {why.words}", why.offer, why.meets, why.hours)

    # -- why --

    def why_row(self, number: int, week: int) -> Reason:
        """Why a row of demand has no more sessions in a week."""
        days = self.plan.days
        row = days.roster.demand[number - 1]
        kind = next(i for i, k in enumerate(self.plan.kinds) if number in k.rows)
        span = range(7 * week, 7 * week + 7)
        must = () if row.therapist is None else (self.facts.person_code[row.therapist],)
        wanted = Wanted((kind,), span.stop, lambda one: one.saved.demand == number, span.start, number, must)
        offers = self.offers.of(wanted)
        if not offers and (never := self.never(number, span)):
            return Reason("", "demand", f": {never}")

        return self.joined(wanted, offers, kind, partial(self.able, number, must), must)

    def never(self, number: int, span: range) -> str:
        """What nobody there could bring to a row of demand on any day of a week; nothing where somebody could."""
        days, row = self.plan.days, self.plan.days.roster.demand[number - 1]
        site = self.facts.site_code[row.site]
        fits = np.any([serves(days.facts(day), row) for day in span], axis=0)
        there = np.zeros(len(fits), bool)
        for day in span:
            postings = days.facts(day).postings
            there[postings.person[postings.site == site]] = True
        here = there & self.facts.candidate["therapist"]
        asked = " and ".join(w for w in (row.modality, row.language) if w)
        if not here.any():
            return "no therapist has hours there"
        if not (here & fits).any():
            return f"no therapist with hours there has {asked}"
        if row.therapist is None:
            return ""
        who, label = self.facts.person_code[row.therapist], self.label(self.facts.person_code[row.therapist])
        if not self.facts.candidate["therapist"][who]:
            return f"{label}, who is to bring the clients, is no therapist"
        return "" if there[who] else f"{label}, who brings the clients, has no hours there"

    def why_not_seated(self, code: int) -> Reason:
        """Why a therapist is in no session."""
        plan, facts = self.plan, self.facts
        mine = facts.postings.person == code
        sites = set(facts.postings.site[mine].tolist()) | set(plan.there.site[plan.there.person == code].tolist())
        if not sites:
            return Reason("", "on_site", ": they have no hours at any site")
        kinds = [number for number, kind in enumerate(plan.kinds[: plan.keeping.own_kinds]) if kind.site in sites]
        asked = [n for n in kinds if any(self.asks_of(row, n, code) for row in plan.kinds[n].rows or (None,))]
        if not asked:
            said = "asks for what they bring" if kinds else "is asked for"
            return Reason("", "demand", f": nothing {said} where they have hours")
        wanted = Wanted(tuple(asked), plan.days.calendar.days, lambda one: code in one.therapists, must=(code,))
        offers = self.offers.of(wanted)
        if offers:
            why = self.why_not_more(offers, wanted)
            return Reason("", why.constraint, f": {why.words}", why.offer, why.meets, why.hours)
        found = [
            self.closures(wanted, set(), number, partial(self.able, row, (code,)), self.must(row, code))
            for number in asked
            for row in plan.kinds[number].rows or (None,)
            if self.asks_of(row, number, code)
        ]
        closed, words = min(found, key=lambda one: all(c.plain for _, c in one[0]))
        return Reason("", closed[0][1].constraint, words, closed=closed)

    def joined(
        self, wanted: Wanted, offers: Sequence[Offer], kind: int, able: Callable[[int], Bools], must: Sequence[int]
    ) -> Reason:
        """What closes some days, and what keeps a further session out on the others."""
        closed, words = self.closures(wanted, {o.day for o in offers}, kind, able, must)
        if not offers:
            return Reason("", closed[0][1].constraint, words, closed=closed)
        why = self.why_not_more(offers, wanted)
        if not closed:
            return Reason("", why.constraint, f": {why.words}", why.offer, why.meets, why.hours)
        message = f"{words}; on the other days {why.words}"
        return Reason("", closed[0][1].constraint, message, why.offer, why.meets, why.hours, closed)

    def why_not_more(self, offers: Sequence[Offer], wanted: Wanted, then: str = "") -> _Beside:
        """What keeps one more session out that is lawful by itself; ``then`` says which ones are meant, if not all."""
        if not offers:
            return _Beside("hours", f"no start fits{then}")
        met = [(o, self.meets.all(o)) for o in offers]
        own = [{q for q in o.sits if any(map(wanted.counts, m.get(("busy", q), ())))} for o, m in met]
        if all(own) and not self.offers.cut(wanted):
            whose = set.intersection(*own) or set.union(*own)
            names = sorted(whose)
            left = "no start is left" if not then else f"no start fits{then}"
            words = f"{left} in the hours of {self.names(names)}: each meets a session that they are in"
            return _Beside("hours", words, hours=tuple(names))
        beside = [one for one, mine in zip(met, own, strict=True) if not mine] or met
        if all(("demand", o.rows[0] if o.rows else -1) in m for o, m in beside):
            words = f"all that is asked for and could be held{then} is served"
            return self.beside("demand", words, min(beside, key=_least))
        offer, meets = min(beside, key=_least)
        if not meets:
            return _Beside(
                "search", "it was not looked for long enough to know: --time-limit and --effort say how long"
            )
        limits = sorted(meets, key=lambda g: (_EASE[g[0]], g[1]))
        gain = self.gain(limits[0]) if len(limits) == 1 else ""
        named = list(dict.fromkeys(self.told(group, [o for o, _ in met]) for group in limits))
        if len(named) > _NAMED:
            named = [*named[: _NAMED - 1], f"{len(named) - _NAMED + 1} limits more"]
        sure = self.plan.solved.levels["value"].proven
        may = "" if sure else "in this plan, which may not be the best, "
        return self.beside(limits[0][0], f"{may}in the way: {listed(named)}{gain}", (offer, meets))

    def beside(self, constraint: str, words: str, best: tuple[Offer, Mapping[Group, object]]) -> _Beside:
        return _Beside(constraint, words, best[0], tuple(sorted(best[1], key=lambda g: (_EASE[g[0]], g[1]))))

    def closures(
        self, wanted: Wanted, open_days: set[int], kind: int, able: Callable[[int], Bools], must: Sequence[int]
    ) -> tuple[tuple[tuple[tuple[int, ...], Closed], ...], str]:
        """What closes days: each thing with its days, and in words that begin with a colon."""
        every: dict[int, Closed] = {}
        like = None
        for day in wanted.span:
            if day not in open_days:
                every[day] = like = self.closed.why(kind, day, able(day), must, like)
        hard = {d: c for d, c in every.items() if not c.plain and not c.lasts}
        if not hard and not open_days:
            lasting = [c for c in every.values() if not c.plain]
            begun = [c for c in every.values() if c.constraint == "begun"]
            one = min(lasting, key=lambda c: len(c.rules)) if lasting else [*begun, every[wanted.first]][0]
            hard = {d: one for d, c in every.items() if c.same == one.same}
        runs: list[tuple[list[int], list[Closed]]] = []
        for day, why in hard.items():
            between = range(runs[-1][0][-1] + 1, day) if runs else range(0)
            if runs and runs[-1][1][-1].same == why.same and not any(d in open_days for d in between):
                runs[-1][0].append(day)
                runs[-1][1].append(why)
            else:
                runs.append(([day], [why]))
        shown = [(self.between(days, {*open_days, *hard}), self.of_run(whys)) for days, whys in runs]
        words = [f"{when}{': ' if when else ''}{why}" for when, why in shown[:_RUNS]]
        if len(shown) > _RUNS:
            words.append(f"and so on until {self.plan.days.calendar.date(runs[-1][0][-1])}")
        start = (" " if shown[0][0] else ": ") if shown else ""
        return tuple((tuple(days), whys[0]) for days, whys in runs), start + "; ".join(words)

    def of_run(self, whys: Sequence[Closed]) -> str:
        """What closes days in a row, in words: of absences, those of all of them."""
        pairs = list(dict.fromkeys(w.pair for w in whys))
        if whys[0].constraint != "absence" or len(pairs) == 1:
            return whys[0].words
        return f"{' or '.join(map(self.label, dict.fromkeys(q for pair in pairs for q in pair)))} is away"

    def between(self, mine: Sequence[int], others: set[int]) -> str:
        """The days of which something is true; nothing where all that matter are among them."""
        sooner, later = any(d < mine[0] for d in others), any(d > mine[-1] for d in others)
        first, last = (self.plan.days.calendar.date(d) for d in (mine[0], mine[-1]))
        if not sooner and not later:
            return ""
        if not later:
            return f"from {first} on"
        if first == last:
            return f"on {first}"
        return f"from {first} to {last}" if sooner else f"until {last}"

    def gain(self, change: Group) -> str:
        """What one more of a limit would add to the value of the whole plan, in words; nothing where it adds none."""
        added = self.gains.of(change)
        if added <= 0:
            return ""
        amount = _sessions(added) if self.plain else f"{added} in value"
        return f"; {self.one_more(change)} would add {amount}"

    # -- words --

    def told(self, group: Group, offers: Sequence[Offer]) -> str:
        limit, whose = group
        if limit == "demand":
            return f"row {whose} of demand, which asks for no more"
        if limit == "rooms":
            site = self.plan.days.calendar.sites[whose]
            return f"the {'room' if site.rooms == 1 else f'{site.rooms} rooms'} of {site.label}"
        who, person = self.label(whose), self.facts.roster.people[self.facts.people[whose]]
        if limit == "busy" and all(whose in o.monitors for o in offers):
            return f"the other sessions of {who}, the only one who may watch"
        return {
            "busy": f"{who}'s other sessions",
            "concurrency": f"{who}'s other sessions",
            "travel": f"{who}'s way between sites",
            "max_sessions_per_week": f"{who}'s limit of {_sessions(person.max_sessions_per_week)} a week",
            "max_sessions_per_day": f"{who}'s limit of {_sessions(person.max_sessions_per_day)} a day",
            "max_concurrent_dosing": f"{who}'s limit of {person.max_concurrent_dosing} in their dosing part at once",
        }[limit]

    def one_more(self, change: Group) -> str:
        limit, whose = change
        if limit == "rooms":
            return f"one room more at {self.plan.days.calendar.sites[whose].label}"
        who = self.label(whose)
        if limit == "concurrency":
            policy = int(policies(self.facts, "prescriber").max_concurrent[whose])
            allowed = int(self.plan.days.concurrency(0)[whose])
            by = " (the carrier's limit)" if policy == allowed else ""
            return f"{who} overseeing {allowed + 1} at once{by}"
        span = {"max_sessions_per_week": "a week", "max_sessions_per_day": "a day"}.get(limit, "dosing at once")
        return f"one more for {who} {span}"

    def names(self, codes: Sequence[int]) -> str:
        return listed([self.label(code) for code in codes])

    def label(self, code: int) -> str:
        return self.facts.roster.people[self.facts.people[code]].label

    def asks(self, number: int) -> str:
        row = self.facts.roster.demand[number - 1]
        words = [w for w in (row.protocol, row.therapist, row.modality, row.language) if w]
        return f": {', '.join(words)}" if words else ""

    def when(self, weeks: list[int]) -> str:
        calendar = self.plan.days.calendar
        if len(weeks) == calendar.weeks:
            return "" if calendar.weeks == 1 else " in every week"
        return f" in the week{'s' * (len(weeks) > 1)} of {listed([str(calendar.date(7 * w)) for w in weeks])}"

    # -- what they are found from --

    def anybody(self, day: int) -> Bools:
        return self.plan.days.facts(day).candidate["therapist"]

    def able(self, row: int | None, only: tuple[int, ...], day: int) -> Bools:
        """Who has what a row of demand asks for on a day: of whom one has to sit, and of some where one alone sits."""
        facts = self.plan.days.facts(day)
        fits = facts.candidate["therapist"] if row is None else serves(facts, facts.roster.demand[row - 1])
        kind = self.kind_of(row)
        if only and (kind is None or kind.protocol.therapists == 1):
            fits = fits & np.isin(np.arange(len(fits)), only)
        return fits

    def must(self, row: int | None, code: int) -> tuple[int, ...]:
        """Who has to sit in a session of a row of demand in which somebody sits."""
        brings = None if row is None else self.facts.roster.demand[row - 1].therapist
        return (code,) if brings is None else tuple(dict.fromkeys((self.facts.person_code[brings], code)))

    def asks_of(self, row: int | None, number: int, code: int) -> bool:
        """Whether a therapist could sit in a session that serves a row of demand, hours and rules aside."""
        if row is None:
            return True
        days, sitting = self.plan.days, self.must(row, code)
        if not self.facts.candidate["therapist"][list(sitting)].all():
            return False
        seats = self.plan.kinds[number].protocol.therapists
        if len(sitting) > seats:
            return False
        demand = days.roster.demand[row - 1]
        return len(sitting) < seats or any(serves(days.facts(d), demand)[list(sitting)].any() for d in days.different())

    def kind_of(self, row: int | None) -> Kind | None:
        return None if row is None else next((k for k in self.plan.kinds if row in k.rows), None)

    def kinds_at(self, site: int) -> tuple[int, ...]:
        own = self.plan.kinds[: self.plan.keeping.own_kinds]
        return tuple(number for number, kind in enumerate(own) if kind.site == site)

    @cached_property
    def facts(self) -> Facts:
        return self.plan.days.facts(0)

    @cached_property
    def placed(self) -> list[Placed]:
        judge = Judge(self.plan.days, self.plan.there)
        placed = [judge.place(_saved(session)) for session in self.plan.sessions]
        return [one for one in placed if isinstance(one, Placed)]

    @cached_property
    def meets(self) -> Meets:
        return Meets(self.plan.days, self.placed)

    @cached_property
    def offers(self) -> Offers:
        plan = self.plan
        return Offers(plan.days, plan.there, plan.kinds, plan.found, self.meets)

    @cached_property
    def closed(self) -> Closures:
        return Closures(self.plan.days, self.plan.there, self.plan.kinds, self.plan.keeping.not_before)

    @cached_property
    def gains(self) -> Gains:
        return Gains(self.plan)

    @cached_property
    def plain(self) -> bool:
        """Whether value counts sessions."""
        return all(row.priority == 1 for row in self.plan.days.roster.demand)


def _is_at(site: int, one: Placed) -> bool:
    return one.kind.site == site


def _saved(session: Session) -> SavedSession:
    return SavedSession(
        session.site, session.start, [*session.prescribers], [*session.therapists], [*session.monitors],
        protocol=session.protocol, demand=session.demand,
    )  # fmt: skip


def _least(met: tuple[Offer, Mapping[Group, object]]) -> tuple[object, ...]:
    """Fewest limits first, then the easiest to change, then the earliest."""
    offer, meets = met
    ease = sorted(_EASE[limit] for limit, _ in meets)
    return len(meets), ease, offer.start, offer.kind.site, offer.prescriber, offer.therapists, offer.monitors


def _sessions(count: int | None) -> str:
    return f"{count} session{'s' * (count != 1)}"
