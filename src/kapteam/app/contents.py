"""What the page shows of a view, as its templates ask for it."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from functools import cached_property, partial
from hashlib import sha256
from itertools import groupby
from typing import Any

from attrs import define, frozen

from kapteam.advice.changes import Change
from kapteam.advice.check import expiring
from kapteam.advice.explain import Explained, explain
from kapteam.advice.story import Story, story
from kapteam.app import difference
from kapteam.app.address import View
from kapteam.app.asked import PRESCRIBERS, described
from kapteam.app.edits import Edit, Fact, Unknowns
from kapteam.app.opened import Opened
from kapteam.app.tried import Tried, cost_of, money_and_days, taken_for_granted
from kapteam.app.whatif import WhatIf, hours_there
from kapteam.draw.week import week_picture
from kapteam.matching.match import Plan
from kapteam.records.hours import DAYS, SLOTS_A_DAY
from kapteam.records.practice import SEVERITIES
from kapteam.records.roster import Roster
from kapteam.rules.rule import Rule
from kapteam.rules.rulebook import Rulebook
from kapteam.rules.words import spoken
from kapteam.sessions.saved import saved_schedule
from kapteam.sessions.schedule import Schedule
from kapteam.sessions.verify import verify
from kapteam.show.plan import answer, question, reasons
from kapteam.show.week import answer as week_answer
from kapteam.show.words import count, rests_on, unjudged

#: People left out, and reasons why there are not more sessions, that are shown.
_SHOWN = 40
#: Facts ticked that are looked at, whether they make a difference: the answer is asked for once more for each.
_LOOKED_AT = 6
_ORDER = ("new", "gone", "same")
#: The hours that the grid shows first; the rest of the day opens where somebody is there.
_DAY_BEGINS, _DAY_ENDS = 6, 22


@frozen
class Left:
    """Somebody who is left out; ``mark`` tells whether only before, only after, or both."""

    practitioner: str
    reasons: tuple[str, ...]
    mark: str


@frozen
class Made:
    """One edit as the list of changes shows it."""

    edit: Edit
    words: str
    idle: str
    target: str
    cost: str


@frozen
class Offer:
    """One fact that can be ticked; ``adds`` says what a good answer alone would add, where that is known."""

    change: Change
    key: str
    ticked: bool
    adds: str
    cost: str


@define(eq=False, slots=False)
class Contents:
    """A view with what was worked out for it.

    Attributes
    ----------
    view : View
    opened : Opened
    """

    view: View
    opened: Opened

    # -- what it is of --

    @cached_property
    def world(self) -> WhatIf:
        """The roster as it would be."""
        return self.opened.bench.world(self.view.on, self.view.edits)

    @property
    def roster(self) -> Roster:
        """Its rows."""
        return self.world.roster

    @cached_property
    def before(self) -> Plan:
        """The teams as they are."""
        return self.opened.bench.teams(self.view.on, ())

    @cached_property
    def after(self) -> Plan:
        """The teams as they would be."""
        return self.opened.bench.teams(self.view.on, self.view.edits)

    @property
    def changed(self) -> bool:
        """Whether anything is edited."""
        return bool(self.view.edits)

    def weeks(self, stop: threading.Event) -> tuple[Schedule, Schedule]:
        """The week as it is and as it would be."""
        bench, view = self.opened.bench, self.view
        return bench.week(view.on, view.week, (), stop), bench.week(view.on, view.week, view.edits, stop)

    def timetables(self, stop: threading.Event) -> list[str]:
        """The pictures of the week, as SVG for the page: before and after, or the one."""
        bench, view = self.opened.bench, self.view

        def drawn(edits: tuple[Edit, ...]) -> str:
            week = bench.week(view.on, view.week, edits, stop)
            return week_picture(week, titled=False).svg(standalone=False)

        return [
            bench.memory.of((view.base, "timetable", view.on, view.week, edits), partial(drawn, edits))
            for edits in dict.fromkeys([(), view.edits])
        ]

    # -- the difference --

    def headline(self, weeks: tuple[Schedule, Schedule] | None) -> str:
        """The difference in one line; as long as the week is not known, of the teams alone."""
        if not self.changed:
            return answer(self.after)
        said = difference.teams_said(self.before, self.after)
        said += difference.week_said(*weeks) if weeks else []
        if not said and weeks:
            said = ["no difference in teams or sessions"]
        said += difference.costs_said(self.opened.roster, self.world, self.view.on) if said or weeks else []
        return _sentence(said)

    def rests(self, stop: threading.Event | None = None) -> str:
        """What of it rests on something unknown: of the teams alone, or (given what stops the work) of the week too."""
        idle = self._without_difference(stop)
        hoped = [e for e in self._ticked if e.ask and e not in idle]
        return difference.rests_said(len(hoped), self.after, [e.words for e in idle] if stop is not None else [])

    @property
    def _ticked(self) -> list[Fact]:
        """The facts that are ticked and have an effect on the roster."""
        return [e for e in self.view.edits if isinstance(e, Fact) and e not in self.world.idle]

    def _without_difference(self, stop: threading.Event | None) -> list[Fact]:
        """Facts that are ticked for nothing: without all of them together the teams (and the week) are the same."""
        idle: list[Fact] = []
        for one in self._ticked[:_LOOKED_AT]:
            left = tuple(e for e in self.view.edits if e not in (*idle, one))
            if self._same(left, stop):
                idle.append(one)
        return idle

    def _same(self, edits: tuple[Edit, ...], stop: threading.Event | None) -> bool:
        bench, view = self.opened.bench, self.view
        if not difference.same_teams(bench.teams(view.on, edits), self.after):
            return False
        if stop is None:
            return True
        was, now = (bench.week(view.on, view.week, those, stop) for those in (edits, view.edits))
        if not difference.same_worth(was, now):
            return False
        # Of equally good weeks another may come out: what counts is that the one that is shown could be held even so.
        return verify(saved_schedule(now.as_dict(why=False)), bench.world(view.on, edits).roster).ok

    @property
    def unjudged(self) -> str:
        """What the answer leaves open because rules of law or of insurance decide nothing."""
        return unjudged(self.after.links.rulebook)

    @property
    def figures(self) -> list[difference.Figure]:
        """The numbers of the teams."""
        return difference.figures(self.before, self.after)

    @property
    def made(self) -> list[Made]:
        """The edits that hold."""
        idle, base = self.world.idle, self.opened.roster
        return [
            Made(e, described(e, self.roster, base), idle.get(e, ""), json.dumps(e.target), cost_of(e))
            for e in self.view.edits
        ]

    @property
    def tried(self) -> list[Tried]:
        """The edits that hold, as what is saved tells them."""
        return [Tried(m.words, m.cost, taken_for_granted(m.edit), m.idle) for m in self.made]

    # -- the teams --

    @property
    def answer(self) -> str:
        """The teams in one line."""
        return answer(self.after)

    @property
    def sites(self) -> list[tuple[str, list[tuple[str, list[Any], list[Any], bool]]]]:
        """By site: each prescriber's places before and after, and whether they differ."""
        was, now = (
            difference.places(self.before, self.after, "gone"),
            difference.places(self.after, self.before, "new"),
        )
        found = []
        for site in sorted({*was, *now}):
            w, n = was.get(site, {}), now.get(site, {})
            rows = [
                (p, w.get(p, []), n.get(p, []), _pairs(w.get(p, [])) != _pairs(n.get(p, []))) for p in sorted({*w, *n})
            ]
            found.append((site, rows))
        return found

    @property
    def left_out(self) -> list[Left]:
        """Who is left out, after and before."""
        now = list(dict.fromkeys(u.practitioner for u in self.after.unmatched))
        was = list(dict.fromkeys(u.practitioner for u in self.before.unmatched))
        found = [
            Left(p, tuple(reasons(self.after, story(self.after, p, count=1))), "same" if p in was else "new")
            for p in now[:_SHOWN]
        ]
        found += [Left(p, (), "gone") for p in was if p not in now]
        return sorted(found, key=lambda left: (_ORDER.index(left.mark), left.practitioner))

    @property
    def more_left_out(self) -> int:
        """How many more are left out than are shown."""
        return max(0, len({u.practitioner for u in self.after.unmatched}) - _SHOWN)

    @property
    def ends(self) -> list[tuple[str, str]]:
        """What ends within a month."""
        facts = self.after.links.facts
        found = expiring(facts, 30)[:10]
        return [
            (e.expires.isoformat(), (f"{self.label(e.practitioner)}: " if e.practitioner else "") + e.what)
            for e in found
        ]

    @property
    def rests_on(self) -> str:
        """The day, the rules and the law that all of it rests on."""
        return rests_on(self.after.links)

    # -- what can be changed --

    def rules(self) -> list[tuple[str, list[tuple[Rule, str, str, str]]]]:
        """By group: each rule, what it asks for, its severity now and the roster's own."""
        now, own = Rulebook.of(self.roster.practice), Rulebook.of(self.opened.roster.practice)
        rows = [(r, _holds(r), now.severities[r.id], own.severities[r.id]) for r in now.rules]
        return [(group, list(those)) for group, those in groupby(rows, key=lambda row: row[0].id.split(".")[0])]

    @property
    def severities(self) -> Sequence[str]:
        """Those that a rule may have."""
        return SEVERITIES

    def offers(self, stop: threading.Event) -> tuple[list[tuple[str, list[Offer]]], list[tuple[str, list[Offer]]]]:
        """What to ask, each question with its answers, most valuable first; and by person (or place) what to do."""
        ticked = {e.target[1:] for e in self.view.edits if isinstance(e, Fact)}
        confirmed = {(c.practitioner, c.rule): c for c in self.before.if_confirmed}
        found = []
        for change in self.opened.bench.offers(self.view.on, self.view.edits, stop).offered:
            if change.rule == "team.window" and not change.ask:
                continue  # hours are painted
            adds = confirmed.get((change.practitioner, change.rule)) if change.ask else None
            found.append(
                Offer(
                    change, json.dumps(change.key), change.key in ticked,
                    _adds(adds.adds, adds.adds_points) if adds else "", money_and_days(change.dollars, change.days),
                )
            )  # fmt: skip
        value = {key: (-c.adds, -c.adds_points) for key, c in confirmed.items()}
        asks = [o for o in found if o.change.ask]
        asks.sort(key=lambda o: (value.get((o.change.practitioner, o.change.rule), (0, 0)), o.change.key))
        by_question = groupby(asks, key=lambda o: (self._whose(o.change), question(o.change.rule)))
        rest = sorted((o for o in found if not o.change.ask), key=lambda o: (self._whose(o.change), o.change.key))
        by_person = groupby(rest, key=lambda o: self._whose(o.change))
        return (
            [(f"{whose}: {asked}", list(those)) for (whose, asked), those in by_question],
            [(whose, list(those)) for whose, those in by_person],
        )

    @property
    def offers_key(self) -> str:
        """What the offers rest on, in short: others may be offered where it differs."""
        kept = tuple(e for e in self.view.edits if not isinstance(e, Fact | Unknowns))
        return sha256(repr((self.view.base, self.view.on, kept)).encode()).hexdigest()[:12]

    def _whose(self, change: Change) -> str:
        return self.label(change.practitioner) if change.practitioner else self.where(change.place)

    @property
    def people(self) -> list[tuple[str, str]]:
        """Everybody's id and name, by name."""
        return sorted(((p.practitioner, p.label) for p in self.roster.practitioners), key=lambda p: p[1].casefold())

    @property
    def places(self) -> list[tuple[str, str]]:
        """Every site's id and name."""
        return [(s.site, f"{s.label} ({s.jurisdiction})") for s in sorted(self.roster.sites, key=lambda s: s.site)]

    @property
    def professions(self) -> list[tuple[str, str]]:
        """Those that a new prescriber may be of."""
        return [(p, spoken(p)) for p in PRESCRIBERS]

    @property
    def week_days(self) -> list[date]:
        """The days of the week that is planned."""
        monday = self.view.week - timedelta(days=self.view.week.weekday())
        return [monday + timedelta(days=i) for i in range(7)]

    def grid(self, person: str, site: str) -> dict[str, Any]:
        """A person's week at a site: what stands there, slot by slot, and which hours are shown."""
        now = hours_there(self.roster, self.view.on, person, site)
        was = hours_there(self.opened.roster, self.view.on, person, site)
        slots = [i % SLOTS_A_DAY for i in now]
        first = min([_DAY_BEGINS, *(s // 4 for s in slots)])
        last = max([_DAY_ENDS, *(s // 4 + 1 for s in slots)])
        return {
            "now": now, "was": was, "days": DAYS, "first": first * 4, "last": last * 4,
            "there": {s for s in range(7 * SLOTS_A_DAY) if now.slots >> s & 1},
            "others": self._others(person, site), "slots_a_day": SLOTS_A_DAY,
        }  # fmt: skip

    def posted(self, person: str) -> str:
        """The first site where a person has hours; else the first of all."""
        here = [h.site for h in self.roster.hours if h.practitioner == person]
        return here[0] if here else self.places[0][0]

    def _others(self, person: str, site: str) -> set[int]:
        """When somebody of the other role is at a site: the hours in which a team could meet."""
        facts = self.after.links.facts
        code = facts.person_code[person]
        sits, gives = bool(facts.candidate["therapist"][code]), bool(facts.candidate["prescriber"][code])
        slots = 0
        for row in self.roster.hours:
            if row.site != site or row.practitioner == person or row.when is None:
                continue
            other = facts.person_code[row.practitioner]
            if (gives and facts.candidate["therapist"][other]) or (sits and facts.candidate["prescriber"][other]):
                slots |= row.when.slots
        return {s for s in range(7 * SLOTS_A_DAY) if slots >> s & 1}

    # -- one person, one link --

    def story(self, person: str) -> tuple[Story, list[str]]:
        """One person in the teams as they would be, and why they are left out, if they are."""
        told = story(self.after, person)
        return told, reasons(self.after, told)

    def links_of(self, prescriber: str, therapist: str, site: str) -> list[Explained]:
        """One link with its findings."""
        found = explain(self.after.links, prescriber, therapist, site)
        return [e for e in found if (e.link.prescriber, e.link.therapist) == (prescriber, therapist)]

    def links_of_session(self, uid: str, stop: threading.Event) -> list[Explained]:
        """The links of a session, as they would be; none where there is no such session."""
        both = (s for week in reversed(self.weeks(stop)) for s in week.sessions if s.uid == uid)
        session = next(both, None)
        if session is None:
            return []
        return [e for t in session.therapists for e in self.links_of(session.prescribers[0], t, session.site)]

    # -- words --

    def label(self, person: str) -> str:
        """A person by name."""
        people = self.roster.people if person in self.roster.people else self.opened.roster.people
        return people[person].label if person in people else person

    def where(self, site: str) -> str:
        """A site by name."""
        return self.roster.places[site].label if site in self.roster.places else site

    def state_of(self, site: str) -> str:
        """A site's state."""
        return self.roster.places[site].jurisdiction


@frozen(eq=False)
class Week:
    """The week before and after, as its template asks for it."""

    before: Schedule
    after: Schedule

    @property
    def answer(self) -> str:
        """The week in one line."""
        return week_answer(self.after)

    @property
    def meetings(self) -> list[difference.Meeting]:
        """Every session of both."""
        return difference.meetings(self.before, self.after)

    @property
    def differing(self) -> list[difference.Meeting]:
        """Those that are not as they were."""
        return [m for m in self.meetings if m.mark != "same"]

    @property
    def figures(self) -> list[difference.Figure]:
        """The numbers of the week."""
        return difference.week_figures(self.before, self.after)

    @property
    def why_not_more(self) -> list[str]:
        """Why there are no more sessions, or what stands against what has to stay."""
        return [r.message for r in self.after.reasons[:_SHOWN]]

    def to_verify(self) -> Iterator[tuple[list[str], str, str, str]]:
        """The unknown facts that its sessions rest on: whose, where, the question, how many sessions."""
        facts = self.after.days.facts(0)
        for fact, sessions in self.after.to_verify:
            whose = [facts.people[code] for code in fact.people]
            yield whose, facts.sites[fact.site], question(fact.rule), count(sessions, "session")


def _adds(adds: int, points: int) -> str:
    return f"a good answer adds {count(adds, 'place') if adds else f'{points:,} points'}"


def _pairs(places: Sequence[Any]) -> list[str]:
    return [p.therapist for p in places]


def _holds(rule: Rule) -> str:
    """What a rule asks for, in a sentence: the first of its function's own."""
    return (rule.judge.__doc__ or rule.id).strip().split("\n\n")[0].replace("\n    ", " ")


def _sentence(parts: Sequence[str]) -> str:
    text = ", ".join(parts)
    return text[:1].upper() + text[1:]
