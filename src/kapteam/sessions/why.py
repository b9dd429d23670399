"""Why there are no more sessions: what is in the way, as small a set as can be, and what one change would add."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np
from attrs import define, frozen

from kapteam.columns.facts import Bools, Facts
from kapteam.columns.lookup import Index
from kapteam.columns.policies import policies
from kapteam.rules.rulebook import START_RULES
from kapteam.sessions.engine import Limits, best, highest
from kapteam.sessions.judge import blocking
from kapteam.sessions.kept import Conflict
from kapteam.sessions.kinds import serves
from kapteam.sessions.model import model
from kapteam.sessions.program import LIMITS, Program, split

if TYPE_CHECKING:
    from kapteam.sessions.schedule import Schedule

#: Programs that are looked at for all reasons together: a limit that is the same on every machine.
_LOOKS = 1500
#: Columns of a part from which on its reasons are not looked for one by one.
_LARGE = 5000
#: What a limit's own number may be raised by one of.
_RAISED = ("rooms", "max_sessions_per_week", "max_sessions_per_day", "max_concurrent_dosing")

#: One thing that is in the way: a limit, and whose.
Group = tuple[str, int]


@frozen
class Wanted:
    """Something of which a plan might have more.

    Attributes
    ----------
    about : str
        Whom or what it is about, by ids.
    words : str
        The beginning of its sentence.
    columns : array of int
        Those that count it.
    has : int
        How much of it the plan has.
    """

    about: str
    words: str
    columns: Index
    has: int


def reasons(plan: Schedule) -> list[Conflict]:
    """Why demand is not met, why a therapist has no session, and why a room stays empty.

    Each names the smallest set of limits that would have to go before the plan could be worth more in that respect,
    found by leaving them out one by one, and what one more of one of them would add.
    """
    return list(_Reasons(plan).all())


@define(eq=False, slots=False)
class _Reasons:
    """Holds what the reasons share; lives for one call."""

    plan: Schedule
    looks: int = _LOOKS

    def all(self) -> Iterator[Conflict]:
        yield from self.of_demand()
        yield from self.of_therapists()
        yield from self.of_rooms()

    # -- what there might be more of --

    def of_demand(self) -> Iterator[Conflict]:
        """Each row of demand that is not met in a week; weeks of which the same is true are told together."""
        plan = self.plan
        told: dict[tuple[int, str, str, str], list[int]] = {}
        for number, row in enumerate(plan.days.roster.demand, start=1):
            for week in range(plan.days.calendar.weeks):
                columns, has = self.serving(number, week)
                if has >= row.sessions:
                    continue
                about = f"row {number} of demand ({row.site}{self.asks(number)})"
                gets = f"gets {has} of {_sessions(row.sessions)} a week"
                constraint, why = self.why_row(number, week, columns, has)
                told.setdefault((number, constraint, f"{about} {gets}", why), []).append(week)
        for (number, constraint, gets, why), weeks in told.items():
            yield Conflict(f"row {number}", constraint, f"{gets}{self.when(weeks)}: {why}")

    def of_therapists(self) -> Iterator[Conflict]:
        """Each therapist who may be in sessions, or would be but for the rules, and is in none."""
        plan, facts = self.plan, self.facts
        seated = {p for s in plan.sessions for p in s.therapists}
        column, person = plan.model.sitting
        for code in np.flatnonzero(facts.candidate["therapist"]).tolist():
            id = facts.people[code]
            if id in seated:
                continue
            mine = column[person == code]
            about = f"{facts.roster.people[id].label} has no session"
            if not len(mine):
                constraint, why = self.why_not_usable(code)
            else:
                constraint, why = self.why_not(Wanted(id, about, mine, 0))
            yield Conflict(id, constraint, f"{about}: {why}")

    def of_rooms(self) -> Iterator[Conflict]:
        """Each site with rooms that nobody is ever in."""
        plan, facts = self.plan, self.facts
        for code, site in enumerate(plan.days.calendar.sites):
            used = max((s.room for s in plan.sessions if s.site == site.site), default=0)
            if used >= site.rooms:
                continue
            never = site.rooms - used
            some = f"{never} of its {site.rooms} rooms {'is' if never == 1 else 'are'}"
            about = f"{site.label}: {'its room is' if site.rooms == 1 else some} never used"
            columns = plan.model.sessions["column"][self.site_of[plan.model.sessions["kind"]] == code]
            if not len(columns):
                constraint, why = "on_site", "no session that may be held there fits anybody's hours"
            else:
                has = int(plan.solved.x[columns].sum())
                constraint, why = self.why_not(Wanted(facts.sites[code], about, columns, has))
            yield Conflict(site.site, constraint, f"{about}: {why}")

    # -- why --

    def why_row(self, number: int, week: int, columns: Index, has: int) -> tuple[str, str]:
        if len(columns):
            return self.why_not(Wanted(f"row {number}", "", columns, has))
        return self.why_no_candidate(number, week)

    def why_no_candidate(self, number: int, week: int) -> tuple[str, str]:
        """Nobody could hold a session of a row in a week, whatever else is planned."""
        days, row = self.plan.days, self.plan.days.roster.demand[number - 1]
        site = self.facts.site_code[row.site]
        span = range(7 * week, 7 * week + 7)
        fits = serves(days.facts(span[0]), row)
        there = np.zeros(len(fits), bool)
        there[self.plan.there.person[self.plan.there.site == site]] = True
        able = fits & there & self.facts.candidate["therapist"]
        asked = " and ".join(w for w in (row.modality, row.language) if w)
        if not able.any():
            return "demand", f"no therapist with hours there has {asked}" if asked else "no therapist has hours there"
        if row.therapist is not None and not able[self.facts.person_code[row.therapist]]:
            return "demand", f"{row.therapist}, who brings the clients, has no hours there, or not what it asks for"
        usable = [days.usable(day, row.protocol) for day in span]
        if not any(((u.site == site) & able[u.therapist]).any() for u in usable):
            return self.why_no_link(span[0], row.protocol, site, able)
        kind = days.roster.practice.named(row.protocol)
        if kind.monitors and not any(days.monitors(day)[:, site].any() for day in span):
            return "monitor", "nobody may watch there, and it needs a monitor"
        people = f"{kind.therapists} therapists" if kind.therapists > 1 else "both"
        watch = " and somebody who may watch" if kind.monitors else ""
        return "on_site", f"no start fits the hours of {people}{watch} in that week"

    def why_no_link(self, day: int, protocol: str | None, site: int, able: Bools) -> tuple[str, str]:
        """No link to those who are able may be used: the rules that stand in the way of the nearest one."""
        links = self.plan.days.links(day, protocol)
        pairs = links.pairs
        rows = np.flatnonzero((pairs.site == site) & able[pairs.therapist_person])
        if not len(rows):
            return "link", "no prescriber has hours there"
        failing = {
            int(row): [rule for rule, verdict in blocking(links, int(row)) if verdict < self.plan.days.least]
            for row in rows[:200]
        }
        row, rules = min(failing.items(), key=lambda item: (len(item[1]), item[0]))
        pair = f"{self.label(int(pairs.prescriber_person[row]))} with {self.label(int(pairs.therapist_person[row]))}"
        return rules[0], f"no link there may be used; nearest is {pair}, which lacks {', '.join(dict.fromkeys(rules))}"

    def why_not_usable(self, code: int) -> tuple[str, str]:
        """No session could seat a therapist."""
        days = self.plan.days
        usable = [d for d in days.different() for name in self.names if (days.usable(d, name).therapist == code).any()]
        if usable:
            return "on_site", "no start fits their hours and a prescriber's, on these dates and for what is asked for"
        links = days.links(0, None)
        rows = np.flatnonzero(links.pairs.therapist_person == code)
        if not len(rows):
            return "link", "there is no prescriber where they have hours, or they have none"
        failing = [[r for r, v in blocking(links, int(row)) if v < days.least] for row in rows[:200]]
        rules = min(failing, key=len)
        told = [r for r in dict.fromkeys(rules) if r not in START_RULES or len(rules) == 1] or rules[:1]
        return told[0], f"no link of theirs may be used: the nearest lacks {', '.join(told)}"

    def why_not(self, wanted: Wanted) -> tuple[str, str]:
        """What is in the way of more of something, where single sessions of it could be held."""
        found = None
        for place, (columns, part) in enumerate(self.parts):
            mine = np.flatnonzero(np.isin(columns, wanted.columns))
            if len(mine):
                has = int(self.plan.solved.x[columns[mine]].sum())
                found = self.in_the_way(place, part, mine, has)
                if found:
                    break
        if found is None:
            return "demand", "all that is asked for, and that it could serve, is served by others"
        if not found:
            return "busy", "everybody who could hold one is in other sessions"
        words = [self.told(group) for group in found]
        gains = [said for group in found if (said := self.gain(group))]
        more = f"; {', '.join(gains)}" if gains else ""
        return found[0][0], f"in the way: {_listed(words)}{more}"

    def in_the_way(self, place: int, part: Program, columns: Index, has: int) -> list[Group] | None:
        """A smallest set of limits without which a part could be worth more with more of these columns.

        None where it could not even be without all of them; empty where it was not looked for.
        """
        if part.columns > _LARGE or self.looks <= 0:
            return []
        count = np.zeros(part.columns, np.int64)
        count[columns] = 1
        more = part.with_sum(count, has + 1)
        better = self.worth[place] + 1
        limits = [(LIMITS[k], int(w)) for k, w in zip(more.limit, more.whose, strict=True)]
        groups = sorted({g for g in limits if g[0] not in ("", "demand")}, key=lambda g: (_ORDER[g[0]], g[1]))
        of = {g: np.array([x == g for x in limits], bool) for g in groups}

        def could(dropped: Sequence[Group]) -> bool:
            self.looks -= 1
            without = more.without_rows(np.any([of[g] for g in dropped], axis=0)) if dropped else more
            return highest(without, without.value) >= better - 1e-6

        if not could(groups):
            return None
        kept = list(groups)
        for group in groups:  # the last ones are told first, so the most tangible are tried last
            fewer = [g for g in kept if g != group]
            if self.looks > 0 and could(fewer):
                kept = fewer
        return kept[::-1]

    def gain(self, group: Group) -> str:
        """What one more of a limit would add to the value of the whole plan, in words; nothing where it adds none."""
        limit, whose = group
        changes = ([(limit, whose)] if limit in _RAISED else []) + ([("concurrency", whose)] if limit == "busy" else [])
        for change in changes:
            added = self.added(change)
            if added > 0:
                amount = _sessions(added) if self.plain else f"{added} in value"
                return f"{self.one_more(change)} would add {amount}"
        return ""

    def added(self, change: Group) -> int:
        if change in self._added:
            return self._added[change]
        plan = self.plan
        if change[0] == "concurrency" and not self.oversees[change[1]]:
            return 0
        changed = model(plan.days, plan.there, plan.kinds, plan.found, plan.keeping.held, (), change).program
        total = 0
        for _, part in split(changed):
            key = part.fingerprint()
            if key not in self._solved:
                self.looks -= 1
                self._solved[key] = best(part, part.value, Limits(nodes=2000)).worth
            total += self._solved[key]
        self._added[change] = total - plan.solved.levels["value"].reached
        return self._added[change]

    # -- words --

    def told(self, group: Group) -> str:
        limit, whose = group
        if limit == "rooms":
            site = self.plan.days.calendar.sites[whose]
            return f"the {'room' if site.rooms == 1 else f'{site.rooms} rooms'} of {site.label}"
        who, person = self.label(whose), self.facts.roster.people[self.facts.people[whose]]
        return {
            "busy": f"{who}'s other sessions",
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
        return f" in the week{'s' * (len(weeks) > 1)} of {_listed([str(calendar.date(7 * w)) for w in weeks])}"

    # -- what they are found from --

    def serving(self, number: int, week: int) -> tuple[Index, int]:
        """The columns that count sessions of a row of demand in a week, and how many the plan has."""
        served = self.plan.model.served
        rows = (served["row"] == number) & (served["week"] == week)
        columns = served["column"][rows]
        return columns, int(self.plan.solved.x[columns].sum())

    @cached_property
    def facts(self) -> Facts:
        return self.plan.days.facts(0)

    @cached_property
    def parts(self) -> list[tuple[Index, Program]]:
        return split(self.plan.model.program)

    @cached_property
    def worth(self) -> list[int]:
        return [int(part.value @ self.plan.solved.x[columns]) for columns, part in self.parts]

    @cached_property
    def _solved(self) -> dict[bytes, int]:
        return {part.fingerprint(): worth for (_, part), worth in zip(self.parts, self.worth, strict=True)}

    @cached_property
    def _added(self) -> dict[Group, int]:
        return {}

    @cached_property
    def site_of(self) -> Index:
        return np.array([k.site for k in self.plan.kinds], np.int64)

    @cached_property
    def names(self) -> list[str | None]:
        return [None, *sorted({k.name for k in self.plan.kinds if k.name})]

    @cached_property
    def oversees(self) -> Bools:
        found = np.zeros(len(self.facts.people), bool)
        found[self.plan.model.sessions["prescriber"]] = True
        return found

    @cached_property
    def plain(self) -> bool:
        """Whether value counts sessions."""
        return all(row.priority == 1 for row in self.plan.days.roster.demand)


# Tried in this order, so what comes last stays where either would do: it is the easier to change.
_ORDER = {
    "busy": 0, "travel": 1, "max_concurrent_dosing": 2, "max_sessions_per_day": 3, "max_sessions_per_week": 4,
    "rooms": 5,
}  # fmt: skip


def _sessions(count: int | None) -> str:
    return f"{count} session{'s' * (count != 1)}"


def _listed(words: Sequence[str]) -> str:
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} and {words[-1]}"
