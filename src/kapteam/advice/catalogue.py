"""Which changes of a roster could turn which rule, for one person at one site."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import timedelta
from itertools import product
from typing import Any

from kapteam.advice.changes import CARRIER, Change, Law, Set, rows_of, with_cells
from kapteam.advice.explain import priced
from kapteam.columns import weeks
from kapteam.columns.authority import INDEPENDENT, NOT_ASKED, NOT_KNOWN, TRANSITION, UNCLEAR, authority
from kapteam.columns.facts import PRESCRIBING, THERAPY, in_force
from kapteam.columns.logic import FAIL, UNKNOWN, WORDS
from kapteam.columns.policies import policies, policy_row
from kapteam.law.day import FEDERAL
from kapteam.network.links import Links
from kapteam.records.hours import SLOTS_A_DAY, WeeklyHours
from kapteam.records.people import (
    PROFESSIONS,
    Agreement,
    Coverage,
    Hours,
    License,
    Practitioner,
    Registration,
    Training,
)
from kapteam.records.zones import state_name
from kapteam.rules.legal import SUPERVISION
from kapteam.rules.rule import Remedy, Rule
from kapteam.rules.words import spoken

#: Somebody from outside who would sign an agreement.
OUTSIDE = "outside"
#: What an hour more a week on site is taken to cost, where the practice does not say.
HOUR_A_WEEK = Remedy("", 14, 600, "kapteam's estimate: a month of one hour a week, at 150 dollars an hour")
#: In a practice of up to so many sites people are thought of at sites where they have no hours yet.
FEW_SITES = 12
#: Ways of turning one person's row that are looked at.
_WAYS = 256
_THERAPISTS = tuple(PROFESSIONS[i] for i in sorted(THERAPY))
_PRESCRIBERS = tuple(PROFESSIONS[i] for i in sorted(PRESCRIBING))


class Catalogue:
    """Makes changes for the people of a network; the same change is made once.

    Parameters
    ----------
    links : Links
    days : int or None
        Lead times beyond it are not offered.
    made : dict, optional
        What another made already, of the same roster on another day.
    """

    def __init__(
        self, links: Links, days: int | None = None, made: dict[tuple[str, ...], Change] | None = None
    ) -> None:
        self.facts, self.rulebook = links.facts, links.rulebook
        self.roster, self.day, self.days = self.facts.roster, self.facts.day, days
        self.rules = {rule.id: rule for rule in self.rulebook.rules}
        self.made = {} if made is None else made
        self.rows = rows_of(self.roster)
        self._licensed: dict[tuple[str, tuple[str, ...]], dict[str, list[str]]] = {}

    # -- the ways to turn one person's row --

    def ways(self, role: str, person: str, site: str, failing: dict[str, int], hours: Iterable[Change]) -> list[Set]:
        """Sets of changes each of which may turn all the failing rules on a person in a role at a site.

        Parameters
        ----------
        role, person, site : str
        failing : dict of str to int
            The verdicts, fail or unknown, of the blocking rules on that person that do not pass.
        hours : iterable of Change
            Hours that the person may be given, anywhere.
        """
        place = self.roster.places[site].jurisdiction
        choices: list[list[Set]] = []
        lacks_license = failing.get(_LICENSED[role][0]) == FAIL and not self.associate(role, person, place)
        if lacks_license:
            choices.append(list(self.new_licenses(role, person, place)))
        for rule, verdict in failing.items():
            if lacks_license and rule in _LICENSED[role]:
                continue
            turns = list(self.turns(rule, verdict, role, person, site, place))
            if rule == "legal.evaluation":
                turns += [c for c in hours if self.sees_patients(c, place)]
            choices.append([frozenset([c]) for c in turns])
        found: dict[Set, None] = {}
        for ways in product(*choices):
            found[frozenset().union(*ways)] = None
            if len(found) >= _WAYS:
                break
        return sorted(found, key=_order)

    def new_licenses(self, role: str, person: str, place: str) -> Iterator[Set]:
        """A licence of a profession that they hold elsewhere, with what else the place then asks of it."""
        rule = _LICENSED[role][0]
        held = {x.profession for x in self.mine("licenses", person) if x.status == "active"}
        for profession in _PRESCRIBERS if role == "prescriber" else _THERAPISTS:
            if profession not in held:
                continue
            words = f"{self.label(person)}: a {spoken(profession)} licence in {state_name(place)}"
            row = License(place, profession, practitioner=person)
            new = self.change(rule, FAIL, person, place, words, way=profession, add=(row,))
            more: list[Change] = []
            if role == "prescriber":
                if self.law("ketamine", place, profession) == FAIL:
                    continue
                more += self.authority(place, profession)
                if profession != "physician" and self.law("autonomy", place, profession) != INDEPENDENT:
                    more += self.agreement(person, place, profession, "collaboration", "legal.agreement")
                if self.law("state_registration", place, profession) != NOT_ASKED:
                    more += self.state_registration(FAIL, person, place, profession)
            for chosen in range(1 << len(more)):
                for one in new:
                    yield frozenset([one, *(c for i, c in enumerate(more) if chosen >> i & 1)])

    def turns(self, rule: str, verdict: int, role: str, person: str, site: str, place: str) -> Iterator[Change]:
        """The changes that could turn one rule by themselves."""
        match rule:
            case "legal.license" | "legal.therapy_license":
                yield from self.license(rule, verdict, role, person, place)
            case "legal.authority":
                for profession in self.professions(person, place):
                    yield from self.authority(place, profession)
            case "legal.registration":
                yield from self.registration(verdict, person, site, place)
            case "legal.state_registration":
                for profession in self.professions(person, place):
                    yield from self.state_registration(verdict, person, place, profession)
            case "legal.site_registration":
                yield from self.site_registration(verdict, person, site, place)
            case "legal.agreement":
                for profession in self.professions(person, place):
                    yield from self.agreement(person, place, profession, "collaboration", rule)
                    yield from self.independence(verdict, person, place, profession)
            case "legal.evaluation":
                yield from self.telehealth(verdict, place)
            case _ if rule.startswith("malpractice."):
                yield from self.policy(rule, verdict, role, person)
            case _ if rule.startswith("ethics."):
                yield from self.training(rule, verdict, person)

    # -- the law --

    def license(self, rule: str, verdict: int, role: str, person: str, place: str) -> Iterator[Change]:
        """An associate's supervisor; else what a restricted licence, or a nurse's blank specialty, turns out to be."""
        label = self.label(person)
        if verdict == FAIL:
            if self.associate(role, person, place):
                yield from self.agreement(person, place, "", "supervision", rule)
            return
        here = [x for x in self.mine("licenses", person) if x.jurisdiction == place and x.status == "restricted"]
        if here:
            replace = tuple((x, with_cells(x, status="active")) for x in here)
            words = f"{label}: the terms of the restricted {state_name(place)} licence allow it"
            yield from self.change(rule, verdict, person, place, words, way="terms", replace=replace)
        who = self.roster.people[person]
        if role == "therapist" and who.specialty is None:
            replace = ((who, with_cells(who, specialty="psychiatric_nursing")),)
            words = f"{label}: the specialty is psychiatric nursing"
            yield from self.change(rule, verdict, person, "", words, way="specialty", replace=replace)

    def authority(self, place: str, profession: str) -> list[Change]:
        """What the law of a place turns out to be on a profession's authority."""
        if self.law("ketamine", place, profession) != UNKNOWN:
            return []
        words = f"counsel or the board confirms: a {spoken(profession)} may prescribe ketamine in {state_name(place)}"
        said = (place, profession, "ketamine", "yes")
        return self.change("legal.authority", UNKNOWN, "", place, words, way=profession, law=(said,))

    def registration(self, verdict: int, person: str, site: str, place: str) -> Iterator[Change]:
        """A DEA registration in the place, or what the one that is there holds."""
        rule, label, where = "legal.registration", self.label(person), state_name(place)
        held = [x for x in self.mine("registrations", person) if x.issuer == "dea" and x.jurisdiction == place]
        if verdict == UNKNOWN:
            replace = tuple((x, with_cells(x, schedules="3N")) for x in held if x.schedules is None)
            words = f"{label}: the {where} DEA certificate lists 3N"
            yield from self.change(rule, verdict, person, place, words, way="schedules", replace=replace)
            return
        if held:
            replace = ((held[0], with_cells(held[0], schedules=(*(held[0].schedules or ()), "3N"))),)
            words = f"{label}: Schedule 3N added to the {where} DEA registration"
            usual = Remedy("", 28, 0)
            yield from self.change(rule, verdict, person, place, words, way="schedules", replace=replace, usual=usual)
        else:
            row = Registration(practitioner=person, jurisdiction=place, schedules="3N")
            words = f"{label}: a DEA registration in {where}, with Schedule 3N"
            yield from self.change(rule, verdict, person, place, words, add=(row,), license=place)
        if self.roster.places[site].supply == "stock":
            yield from self.at_site(verdict, person, site, place)

    def site_registration(self, verdict: int, person: str, site: str, place: str) -> Iterator[Change]:
        """A DEA registration at the very site, of the person or of the site; or what the one there holds."""
        rule, label = "legal.site_registration", self.roster.places[site].label
        if verdict == FAIL:
            yield from self.at_site(verdict, person, site, place)
            row = Registration(site=site, jurisdiction=place, schedules="3N")
            words = f"{label}: a DEA registration of the site's own, with Schedule 3N"
            yield from self.change(rule, verdict, "", site, words, way="of the site", add=(row,))
            return
        for whose, rows in ((person, self.mine("registrations", person)), ("", self.mine("registrations", ""))):
            here = [x for x in rows if site in (x.at_site, x.site) and x.issuer == "dea" and x.schedules is None]
            if here:
                replace = tuple((x, with_cells(x, schedules="3N")) for x in here)
                of = f"{self.label(whose)}: the DEA certificate for {label}" if whose else f"{label}: its certificate"
                words = f"{of} lists 3N"
                yield from self.change(rule, verdict, whose, site, words, way="schedules", replace=replace)

    def at_site(self, verdict: int, person: str, site: str, place: str) -> list[Change]:
        """One DEA registration that serves both rules."""
        row = Registration(practitioner=person, jurisdiction=place, at_site=site, schedules="3N")
        words = f"{self.label(person)}: a DEA registration at {self.roster.places[site].label}, with Schedule 3N"
        rule = "legal.site_registration"
        return self.change(rule, verdict, person, site, words, way="at the site", add=(row,), license=place)

    def state_registration(self, verdict: int, person: str, place: str, profession: str) -> Iterator[Change]:
        """The state's own registration, what the one that is there holds, or that the state asks for none."""
        rule, label, where = "legal.state_registration", self.label(person), state_name(place)
        held = [x for x in self.mine("registrations", person) if x.issuer == "state" and x.jurisdiction == place]
        if verdict == UNKNOWN and (blank := [x for x in held if x.schedules is None]):
            replace = tuple((x, with_cells(x, schedules="3N")) for x in blank)
            words = f"{label}: the {where} controlled-substance certificate lists Schedule III"
            yield from self.change(rule, verdict, person, place, words, way="schedules", replace=replace)
        row = Registration(practitioner=person, issuer="state", jurisdiction=place, schedules="3N")
        words = f"{label}: {where}'s own controlled-substance registration, for Schedule III"
        yield from self.change(rule, FAIL, person, place, words, add=(row,), license=place)
        if self.law("state_registration", place, profession) == NOT_KNOWN:
            words = f"{where} confirms: it asks a {spoken(profession)} for no registration of its own"
            said = (place, profession, "state_registration", "no")
            yield from self.change(rule, UNKNOWN, "", place, words, way=profession, law=(said,))

    def agreement(self, person: str, place: str, profession: str, kind: str, rule: str) -> list[Change]:
        """An agreement with a colleague whom the law of the place accepts; else with an outsider.

        With one who works where they do, if there is any; the first by their ids.
        """
        accepted = self.accepted(place, profession) if kind == "collaboration" else _THERAPISTS
        able = self.licensed(place, tuple(accepted))
        label, where = self.label(person), state_name(place)
        usual = SUPERVISION if kind == "supervision" else None
        near = [x for mine in self.mine("hours", person) for x in able.get(mine.site, ()) if x != person]
        others = near or [x for x in able.get("", ()) if x != person]
        if others:
            other = min(others)
            row = Agreement(practitioner=person, with_=other, kind=kind, jurisdiction=place)
            words = f"{label}: a {kind} agreement with {self.label(other)} for {where}"
            return self.change(rule, FAIL, person, place, words, way=kind, add=(row,), license=place, usual=usual)
        whom = accepted[0]
        other = f"{OUTSIDE} {spoken(whom)} {place}"
        rows = (
            Practitioner(other, roles=("monitor",)),
            License(place, whom, practitioner=other),
            Agreement(practitioner=person, with_=other, kind=kind, jurisdiction=place),
        )
        words = f"{label}: a {kind} agreement with a {spoken(whom)} from outside who is licensed in {where}"
        return self.change(rule, FAIL, person, place, words, way=kind, add=rows, license=place, usual=usual)

    def independence(self, verdict: int, person: str, place: str, profession: str) -> Iterator[Change]:
        """That they need nobody's agreement: by their own licence, or by what the law turns out to be."""
        if verdict == FAIL:
            return
        rule, where = "legal.agreement", state_name(place)
        autonomy = self.law("autonomy", place, profession)
        if autonomy == TRANSITION:
            mine = [x for x in self.mine("licenses", person) if (x.jurisdiction, x.profession) == (place, profession)]
            replace = tuple((x, with_cells(x, independent=True)) for x in mine if x.independent is None)
            words = f"{self.label(person)}: the {where} licence is through the transition to independence"
            yield from self.change(rule, UNKNOWN, person, place, words, way="independent", replace=replace)
        elif autonomy == UNCLEAR:
            words = f"counsel or the board confirms: a {spoken(profession)} practises independently in {where}"
            said = (place, profession, "autonomy", "independent")
            yield from self.change(rule, UNKNOWN, "", place, words, way=profession, law=(said,))

    def telehealth(self, verdict: int, place: str) -> list[Change]:
        """What the law turns out to be on patients never seen in person."""
        if verdict == FAIL:
            return []
        law = self.facts.law
        asked = [j for j in (FEDERAL, place) if law.value(j, "", "telehealth", _SILENT[j == FEDERAL]) == "unknown"]
        said = tuple((j, "", "telehealth", "yes") for j in asked)
        words = f"counsel confirms: a patient never seen in person may be prescribed ketamine in {state_name(place)}"
        return self.change("legal.evaluation", UNKNOWN, "", place, words, way="law", law=said)

    def sees_patients(self, hours: Change, place: str) -> bool:
        """Whether hours are at a site of a place where patients are seen in person."""
        site = self.roster.places[hours.place]
        return site.jurisdiction == place and site.setting != "telehealth"

    # -- malpractice --

    def policy(self, rule: str, verdict: int, role: str, person: str) -> Iterator[Change]:
        """A policy, its rider, or what it covers."""
        label, held = self.label(person), policy_row(self.facts, person, role)
        if held is None:
            if rule == "malpractice.cover":
                words = f"{label}: a malpractice policy as {role} that covers KAP"
                row = self.new_policy(role, person)
                yield from self.change(rule, FAIL, person, "", words, way=role, add=(row,))
            return
        own = self.facts.specialty.at(self.facts.person_code[person])
        way = held.role or "any role"
        if rule == "malpractice.ketamine":
            said = f"{held.carrier} confirms that the policy covers KAP"
            words = f"{label}: {said if verdict == UNKNOWN else f'a KAP rider on the policy with {held.carrier}'}"
            replace = ((held, with_cells(held, ketamine=True)),)
            yield from self.change(rule, verdict, person, "", words, way=way, replace=replace)
        elif rule == "malpractice.specialty" and own is not None:
            covered = policies(self.facts, role).specialties.at(self.facts.person_code[person]) or ()
            words = f"{label}: a policy that covers {spoken(own)} (now with {held.carrier})"
            replace = ((held, with_cells(held, specialties=(*covered, own))),)
            yield from self.change(rule, verdict, person, "", words, way=way, replace=replace)
        elif rule == "malpractice.in_clinic":
            words = f"{label}: a policy that does not ask for a clinic (now with {held.carrier})"
            replace = ((held, with_cells(held, in_clinic_only=False)),)
            yield from self.change(rule, verdict, person, "", words, way=way, replace=replace)

    def new_policy(self, role: str, person: str) -> Coverage:
        """A policy from now on, until one for the same role begins that is there already."""
        later = [x.effective for x in self.mine("coverage", person, now=False) if x.role == role and x.effective]
        begins = [day for day in later if day > self.day]
        return Coverage(
            CARRIER, practitioner=person, role=role, ketamine=True,
            presence="throughout" if role == "prescriber" else None,
            effective=self.day, expires=min(begins) - timedelta(days=1) if begins else None,
        )  # fmt: skip

    # -- ethics --

    def training(self, rule: str, verdict: int, person: str) -> Iterator[Change]:
        """A course, or what nobody wrote down of one."""
        label, who = self.label(person), self.roster.people[person]
        mine, threshold = self.mine("training", person), self.facts.law.practice.thresholds.kap_training_hours
        if rule == "ethics.kap_training":
            if verdict == UNKNOWN:
                blank = next(x for x in mine if x.kind == "kap" and x.hours is None)
                words = f"{label}: the KAP training was of {threshold:f} hours or more"
                replace = ((blank, with_cells(blank, hours=threshold)),)
                yield from self.change(rule, verdict, person, "", words, replace=replace)
                return
            row = Training("kap", practitioner=person, hours=threshold, practicum=False)
            words = f"{label}: KAP training of {threshold:f} hours"
            yield from self.change(rule, verdict, person, "", words, add=(row,))
        elif rule in _COURSES:
            words, row = _COURSES[rule]
            row = with_cells(row, practitioner=person)
            if verdict == FAIL or rule == "ethics.modality" or rule == "ethics.trauma_training":
                yield from self.change(rule, FAIL, person, "", f"{label}: {words}", add=(row,))
            if verdict == UNKNOWN and rule == "ethics.practicum":
                blank = next(x for x in mine if x.kind in ("kap", "trauma", "modality") and x.practicum is None)
                replace = ((blank, with_cells(blank, practicum=True)),)
                said = f"{label}: a training of theirs had a practicum"
                yield from self.change(rule, verdict, person, "", said, way="ask", replace=replace)
            elif verdict == UNKNOWN and not who.modalities:
                replace = ((who, with_cells(who, modalities=("emdr",))),)
                said = f"{label}: a modality of theirs is a trauma therapy"
                yield from self.change(rule, verdict, person, "", said, way="ask", replace=replace)

    def of_link(self, rule: str, person: str) -> list[Change]:
        """What could turn a rule on the two together by what one of them does."""
        if rule != "team.life_support":
            return []
        words, row = f"{self.label(person)}: a life-support course", Training("life_support", practitioner=person)
        return self.change(rule, FAIL, person, "", words, add=(row,))

    # -- time --

    def hours(self, person: str, site: str, others: int) -> list[Change]:
        """Hours at a site: on each day of the week one session's, or all those of the others there.

        Where nobody wrote down the hours that they have there, these are what those may turn out to be.

        Parameters
        ----------
        person, site : str
        others : int
            When somebody of the other role is on site, as the slots of a week.
        """
        mine = self.mine("hours", person)
        blank = next((x for x in mine if x.site == site and x.when is None), None)
        there, away = 0, dict[str, int]()
        for x in mine:
            slots = x.when.slots if x.when else 0
            if x.site == site:
                there |= slots
            else:
                away[x.site] = away.get(x.site, 0) | slots
        free = others & ~there & ~self.elsewhere(away, site)
        found: list[Change] = []
        label, where = self.label(person), self.roster.places[site].label
        for when in self.windows(free):
            if blank is not None:
                words = f"{label}: on site at {where} on {when}, which nobody wrote down"
                replace = ((blank, with_cells(blank, when=when)),)
                usual = self.usual(self.rules["team.window"], "unknown")
                found += self.change(
                    "team.window", UNKNOWN, person, site, words, way=str(when), replace=replace, usual=usual
                )
            else:
                words = f"{label}: on site at {where} on {when} as well"
                row, usual = Hours(site, when, practitioner=person), self.hour_price(when)
                found += self.change("team.window", FAIL, person, site, words, way=str(when), add=(row,), usual=usual)
        return found

    def windows(self, free: int) -> Iterator[WeeklyHours]:
        """Of each day the first hours that hold a session, and all that is free of it."""
        for day in range(7):
            today = free >> (day * SLOTS_A_DAY) & ((1 << SLOTS_A_DAY) - 1)
            starts = today
            for step in range(1, self.facts.session):
                starts &= today >> step
            if starts:
                first = (starts & -starts).bit_length() - 1
                one = ((1 << self.facts.session) - 1) << first
                yield from (WeeklyHours(slots << day * SLOTS_A_DAY) for slots in dict.fromkeys([one, today]))

    def hour_price(self, when: WeeklyHours) -> Remedy:
        """What hours cost: so much for each hour of the week."""
        said = self.facts.law.practice.remedies.get("team.window", {})
        an_hour = priced(HOUR_A_WEEK, said, "fail")
        return Remedy("", an_hour.days, -(-(an_hour.dollars or 0) * when.minutes // 60), an_hour.basis)

    def elsewhere(self, hours: dict[str, int], site: str) -> int:
        """When a person is at other sites, by this one's clock."""
        facts, busy = self.facts, 0
        here = int(facts.offset[facts.site_code[site]])
        for other, slots in hours.items():
            week = weeks.weeks_of([slots])
            turned = weeks.earlier(week, int(facts.offset[facts.site_code[other]]) - here)
            busy |= int.from_bytes(turned.astype("<u4").tobytes(), "little")
        return busy

    # -- what they are made from --

    def change(
        self,
        rule: str,
        verdict: int,
        person: str,
        place: str,
        words: str,
        *,
        way: str = "",
        usual: Remedy | None = None,
        license: str = "",
        add: tuple[Any, ...] = (),
        replace: tuple[tuple[Any, Any], ...] = (),
        law: tuple[Law, ...] = (),
    ) -> list[Change]:
        """The change, or none where the practice does not offer it, or it takes too long, or would change nothing."""
        said = self.facts.law.practice.remedies.get(rule, {})
        status = WORDS[verdict]
        price = usual or self.usual(self.rules[rule], status)
        if rule != "team.window":
            price = priced(price, said, status)
        elif "days" in said or "dollars" in said:
            price = with_cells(price, days=said.get("days", price.days), basis="the practice file")
        days = price.days or 0
        if said.get("offered") is False or not (add or replace or law) or (self.days is not None and days > self.days):
            return []
        key = (rule, person, place, way)
        if key not in self.made:
            self.made[key] = Change(
                rule, person, place, words, price.dollars or 0, days, price.basis, verdict == UNKNOWN, way, license,
                add, replace, law,
            )  # fmt: skip
        return [self.made[key]]

    def usual(self, rule: Rule, status: str) -> Remedy:
        """What turning a rule usually takes."""
        return rule.remedies.get(status) or next(iter(rule.remedies.values()), Remedy(""))

    def mine(self, table: str, person: str, *, now: bool = True) -> list[Any]:
        """A person's rows of a table, those in force or all."""
        rows = self.rows[table].get(person, [])
        first, last = _DATES[table]
        return [x for x in rows if not now or in_force(self.day, getattr(x, first), getattr(x, last))]

    def professions(self, person: str, place: str) -> list[str]:
        """The prescribing professions of the licences there that could speak for them."""
        could = {
            x.profession for x in self.mine("licenses", person)
            if x.jurisdiction == place and x.status in ("active", "privilege", "telehealth", "restricted")
        }  # fmt: skip
        return [p for p in _PRESCRIBERS if p in could]

    def associate(self, role: str, person: str, place: str) -> bool:
        """Whether a therapist has an associate's licence there."""
        here = [x.status for x in self.mine("licenses", person) if x.jurisdiction == place]
        return role == "therapist" and "associate" in here

    def licensed(self, place: str, professions: tuple[str, ...]) -> dict[str, list[str]]:
        """The first two, by their ids, of those actively licensed there in one of these professions.

        By each site where they have hours; and of all of them by "".
        """
        if (place, professions) not in self._licensed:
            able = {
                x.practitioner
                for x in self.roster.licenses
                if x.jurisdiction == place and x.status == "active" and in_force(self.day, x.issued, x.expires)
                if x.profession in professions
            }
            found: dict[str, list[str]] = {}
            for person in sorted(able):
                for site in {"", *(x.site for x in self.mine("hours", person))}:
                    if len(first := found.setdefault(site, [])) < 2:
                        first.append(person)
            self._licensed[place, professions] = found
        return self._licensed[place, professions]

    def accepted(self, place: str, profession: str) -> list[str]:
        """The professions whose agreement counts."""
        bits = self.law("accepts", place, profession)
        return [p for i, p in enumerate(PROFESSIONS) if bits >> i & 1]

    def law(self, key: str, place: str, profession: str) -> int:
        """What the law of a place says of a profession, as a code."""
        table = getattr(authority(self.facts), key)
        return int(table[self.facts.jurisdictions.index(place), PROFESSIONS.index(profession)])

    def label(self, person: str) -> str:
        """A person as they are called."""
        return self.roster.people[person].label


#: Of each role: the rule that asks for a licence, then those that speak of it.
_LICENSED = {
    "prescriber": ("legal.license", "legal.authority", "legal.agreement", "legal.state_registration"),
    "therapist": ("legal.therapy_license",),
}
#: What the law of a state, and the federal law, is taken to be where nothing is known.
_SILENT = ("yes", "unknown")
_DATES = {
    "licenses": ("issued", "expires"), "registrations": ("issued", "expires"), "coverage": ("effective", "expires"),
    "training": ("completed", "expires"), "hours": ("from_", "until"), "agreements": ("effective", "expires"),
}  # fmt: skip
_COURSES = {
    "ethics.trauma_training": ("a trauma therapy training", Training("trauma", practicum=False)),
    "ethics.modality": ("a modality that complements KAP", Training("modality", name="emdr", practicum=False)),
    "ethics.experiential": ("an experiential training", Training("experiential")),
    "ethics.practicum": ("a training with a practicum", Training("trauma", practicum=True)),
    "ethics.mentorship": ("ongoing consultation with a mentor", Training("mentorship")),
}


def _order(ways: Set) -> tuple[Any, ...]:
    return len(ways), sum(c.dollars for c in ways), sorted(c.key for c in ways)
