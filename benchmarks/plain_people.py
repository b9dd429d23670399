"""The rules on one person at one site, as a careful user of Python would write them for a single row."""

from __future__ import annotations

from collections import defaultdict
from datetime import date, datetime, timedelta
from functools import cache
from typing import Any
from zoneinfo import ZoneInfo

from kapteam.law.day import FEDERAL, LawOnDay
from kapteam.records.people import (
    LICENSE_STATUS,
    PRESENCE,
    PROFESSIONS,
    Agreement,
    Coverage,
    License,
    Registration,
    Training,
)
from kapteam.records.places import Site
from kapteam.records.roster import Roster

FAIL, UNKNOWN, PASS, NOT_APPLICABLE = -1, 0, 1, 2
PRESCRIBING = PROFESSIONS[:7]
THERAPY = (
    "psychologist",
    "prescribing_psychologist",
    "clinical_social_worker",
    "marriage_family_therapist",
    "professional_counselor",
    "physician",
)
NURSES = ("nurse_practitioner", "clinical_nurse_specialist")
CELLS = ("ketamine", "presence", "same_site", "in_clinic_only", "specialties")
PRESCRIBER_RULES = (
    "legal.license", "legal.authority", "legal.registration", "legal.state_registration", "legal.site_registration",
    "legal.agreement", "legal.evaluation", "malpractice.cover", "malpractice.ketamine", "malpractice.specialty",
    "malpractice.in_clinic",
)  # fmt: skip
THERAPIST_RULES = (
    "legal.therapy_license", "malpractice.cover", "malpractice.ketamine", "ethics.kap_training",
    "ethics.trauma_training", "ethics.modality", "ethics.experiential", "ethics.practicum", "ethics.mentorship",
)  # fmt: skip
_VERDICT = {True: PASS, False: FAIL, None: UNKNOWN}
_ANSWER = {"yes": PASS, "no": FAIL, "formulary_excludes": FAIL, "limited": UNKNOWN, "unknown": UNKNOWN}


class People:
    """The rows in force on a day, by the person (or the site) that they belong to, and the rules on one person."""

    def __init__(self, roster: Roster, day: date) -> None:
        self.roster, self.practice = roster, roster.practice
        law = LawOnDay(day, roster.practice)
        self.law, self.specialty, self.carrier = cache(law.value), cache(law.specialty), cache(law.carrier)
        self.modality = cache(law.modality)
        self.state_asks = cache(law.state_registration)
        self.people, self.places = roster.people, roster.places
        self.licenses: dict[str, list[License]] = defaultdict(list)
        self.registrations: dict[str, list[Registration]] = defaultdict(list)
        self.of_site: dict[str, list[Registration]] = defaultdict(list)
        self.policies: dict[tuple[str, str | None], Coverage] = {}
        self.training: dict[str, list[Training]] = defaultdict(list)
        self.agreements: dict[str, list[Agreement]] = defaultdict(list)
        self.hours: dict[tuple[str, str], int] = {}
        self.unwritten: set[tuple[str, str]] = set()
        self.sites_of: dict[str, list[str]] = defaultdict(list)
        self.people_at: dict[str, list[str]] = defaultdict(list)
        for license in _in_force(roster.licenses, day, "issued", "expires"):
            self.licenses[license.practitioner].append(license)
        for held in _in_force(roster.registrations, day, "issued", "expires"):
            (self.registrations[held.practitioner] if held.practitioner else self.of_site[held.site]).append(held)
        for policy in _in_force(roster.coverage, day, "effective", "expires"):
            self.policies.setdefault((policy.practitioner, policy.role), policy)
        for training in _in_force(roster.training, day, "completed", "expires"):
            self.training[training.practitioner].append(training)
        for agreement in _in_force(roster.agreements, day, "effective", "expires"):
            self.agreements[agreement.practitioner].append(agreement)
        for hours in _in_force(roster.hours, day, "from_", "until"):
            at = (hours.practitioner, hours.site)
            if at not in self.hours:
                self.sites_of[hours.practitioner].append(hours.site)
                self.people_at[hours.site].append(hours.practitioner)
            self.hours[at] = self.hours.get(at, 0) | (hours.when.slots if hours.when else 0)
            if hours.when is None:
                self.unwritten.add(at)
        noon = datetime(day.year, day.month, day.day, 12)
        ahead = {zone: ZoneInfo(zone).utcoffset(noon) for zone in {str(s.timezone) for s in roster.sites}}
        self.offset = {s.site: (ahead[str(s.timezone)] or timedelta()) // timedelta(minutes=15) for s in roster.sites}
        self.roles: dict[str, set[str]] = defaultdict(set)
        for license in roster.licenses:
            self.roles[license.practitioner] |= self._roles_of(license)
        for person in roster.practitioners:
            if person.roles:
                self.roles[person.practitioner] = set(person.roles)

    def _roles_of(self, license: License) -> set[str]:
        roles = {"prescriber"} if license.profession in PRESCRIBING else set()
        specialty = self.specialty(self.people[license.practitioner].specialty)
        if license.profession in THERAPY or (license.profession in NURSES and specialty == "psychiatric_nursing"):
            roles.add("therapist")
        return roles

    def policy(self, person: str, role: str) -> dict[str, Any] | None:
        """What a person's policy in a role says, cell by cell; None where there is none."""
        row = self.policies.get((person, role)) or self.policies.get((person, None))
        if row is None:
            return None
        said: dict[str, Any] = {}
        for key in CELLS:
            own = getattr(row, key)
            if own is None or own == ():
                known = self.carrier(row.carrier, key)
                own = None if known is None else known.value
            said[key] = own
        return said

    def asked(self, person: str, role: str) -> int:
        """The level of presence that a policy asks for by itself."""
        policy = self.policy(person, role)
        if policy is None or policy["presence"] is None:
            if role == "prescriber":
                return PRESENCE.index("throughout")
            level = 0
        else:
            level = PRESENCE.index(policy["presence"])
        return max(level, PRESENCE.index("dosing")) if policy and policy["same_site"] else level

    def asked_by_law(self, site: str) -> int:
        """The level of presence that the law of a site's state asks for by itself."""
        return PRESENCE.index(self.law(self.places[site].jurisdiction, "", "presence", "none"))

    def prescriber(self, person: str, site: str) -> tuple[int, ...]:
        """The verdict of each of ``PRESCRIBER_RULES``."""
        place = self.places[site]
        state = place.jurisdiction
        together, _, standing, agreed, authority, profession = max(
            (self._case(license, place) for license in self.licenses.get(person, ())),
            key=lambda case: case[:4],
            default=(FAIL, 0, FAIL, FAIL, FAIL, None),
        )
        if together == FAIL and standing == FAIL:
            agreed = authority = FAIL
            profession = None
        registered = self._registered(person, state, "dea")
        own = [r for r in self.registrations.get(person, ()) if r.issuer == "dea" and r.at_site == site]
        here = max((_holds(r) for r in (*own, *self.of_site.get(site, ()))), default=FAIL)
        policy = self.policy(person, "prescriber")
        specialty = self.specialty(self.people[person].specialty)
        names = tuple(self.specialty(s) or s for s in (policy and policy["specialties"]) or ())
        return (
            standing,
            authority,
            registered,
            self._state_registration(person, state, profession),
            here if place.supply == "stock" else NOT_APPLICABLE,
            agreed,
            self._evaluation(person, state),
            FAIL if policy is None else PASS,
            NOT_APPLICABLE if policy is None else _VERDICT[policy["ketamine"]],
            NOT_APPLICABLE if not names else UNKNOWN if specialty is None else _VERDICT[specialty in names],
            NOT_APPLICABLE
            if policy is None or not policy["in_clinic_only"]
            else _VERDICT[place.setting in ("clinic", "hospital")],
        )

    def therapist(self, person: str, site: str) -> tuple[int, ...]:
        """The verdict of each of ``THERAPIST_RULES``."""
        place, rows = self.places[site], self.training.get(person, ())
        policy = self.policy(person, "therapist")
        names, complete = self.modalities(person)
        thresholds = self.practice.thresholds
        kap = [t for t in rows if t.kind == "kap"]
        enough = sum(t.hours or 0 for t in kap) >= thresholds.kap_training_hours
        enough = enough or any(t.name in thresholds.kap_programmes for t in kap if t.name)
        unsure = FAIL if complete else UNKNOWN
        trauma = any(t.kind == "trauma" for t in rows) or any(self.modality(n)[1] for n in names)
        practica = [t.practicum for t in rows if t.kind in ("kap", "trauma", "modality")]
        mentored = any(t.kind == "mentorship" for t in rows)
        mentored = mentored or any(a.kind == "consultation" for a in self.agreements.get(person, ()))
        return (
            max((self._therapy(x, place) for x in self.licenses.get(person, ())), default=FAIL),
            FAIL if policy is None else PASS,
            NOT_APPLICABLE if policy is None else _VERDICT[policy["ketamine"]],
            PASS if enough else UNKNOWN if any(t.hours is None for t in kap) else FAIL,
            PASS if trauma else unsure,
            PASS if self.complementary(person) else unsure,
            _VERDICT[any(t.kind == "experiential" for t in rows)],
            max((_VERDICT[p] for p in practica), default=FAIL),
            _VERDICT[mentored],
        )

    def modalities(self, person: str) -> tuple[set[str], bool]:
        """The names of a person's modalities, and whether all of them are known."""
        cell = self.people[person].modalities
        rows = [t.name for t in self.training.get(person, ()) if t.kind == "modality"]
        return {*(cell or ()), *(n for n in rows if n)}, bool(cell) and None not in rows

    def complementary(self, person: str) -> set[str]:
        """The modalities of a person that complement KAP, by kapteam's own names."""
        found = (self.modality(name) for name in self.modalities(person)[0])
        return {own for own, _, complements in found if complements}

    def life_support(self, person: str) -> bool:
        """Whether a person has life-support training."""
        return any(t.kind == "life_support" for t in self.training.get(person, ()))

    def _case(self, license: License, place: Site) -> tuple[Any, ...]:
        """How well a licence speaks for its holder: conjunction, profession, standing, agreement; authority."""
        if license.jurisdiction != place.jurisdiction or license.profession not in PRESCRIBING:
            return (FAIL, -99, FAIL, FAIL, FAIL, None)
        standing = _standing(license, place)
        if standing == FAIL:
            return (FAIL, -99, FAIL, FAIL, FAIL, None)
        authority, agreed = self._authority(license), self._agreed(license)
        order = -PROFESSIONS.index(license.profession)
        return (min(standing, authority, agreed), order, standing, agreed, authority, license.profession)

    def _authority(self, license: License) -> int:
        if license.profession == "physician":
            return PASS
        at = (license.jurisdiction, license.profession)
        known = _ANSWER[self.law(*at, "ketamine", "unknown")]
        routes = self.law(*at, "routes", ())
        if known < PASS or not routes:
            return known
        route = self.practice.protocol.route
        return UNKNOWN if route is None else _VERDICT[route in routes]

    def _agreed(self, license: License) -> int:
        at = (license.jurisdiction, license.profession)
        physician = license.profession == "physician"
        autonomy = "independent" if physician else self.law(*at, "autonomy", "unknown")
        if autonomy == "independent" or (autonomy == "transition" and license.independent):
            return NOT_APPLICABLE
        accepted = self.law(*at, "agreement_with", ()) or ("physician",)
        for agreement in self.agreements.get(license.practitioner, ()):
            if agreement.kind == "consultation" or agreement.jurisdiction not in (None, license.jurisdiction):
                continue
            for other in self.licenses.get(agreement.with_, ()):
                if (
                    other.jurisdiction == license.jurisdiction
                    and other.status == "active"
                    and other.profession in accepted
                ):
                    return PASS
        return FAIL if autonomy == "agreement" or license.independent is False else UNKNOWN

    def _registered(self, person: str, state: str, issuer: str) -> int:
        rows = self.registrations.get(person, ())
        return max((_holds(r) for r in rows if r.issuer == issuer and r.jurisdiction == state), default=FAIL)

    def _state_registration(self, person: str, state: str, profession: str | None) -> int:
        if profession is None:
            return NOT_APPLICABLE
        asks = self.state_asks(state, profession)
        if asks is not None and asks.value == "no":
            return NOT_APPLICABLE
        held = self._registered(person, state, "state")
        return held if asks is not None and asks.value == "yes" else PASS if held == PASS else UNKNOWN

    def _evaluation(self, person: str, state: str) -> int:
        places = (self.places[s] for s in self.sites_of.get(person, ()))
        if any(p.jurisdiction == state and p.setting != "telehealth" for p in places):
            return PASS
        federal = _ANSWER[self.law(FEDERAL, "", "telehealth", "unknown")]
        return min(federal, _ANSWER[self.law(state, "", "telehealth", "yes")])

    def _therapy(self, license: License, place: Site) -> int:
        if license.jurisdiction != place.jurisdiction:
            return FAIL
        worth = self._by_profession(license)
        if license.status != "associate":
            return min(worth, _standing(license, place))
        supervised = FAIL
        for agreement in self.agreements.get(license.practitioner, ()):
            if agreement.kind == "supervision" and agreement.jurisdiction in (None, license.jurisdiction):
                for other in self.licenses.get(agreement.with_, ()):
                    if other.jurisdiction == license.jurisdiction and other.status == "active":
                        supervised = max(supervised, self._by_profession(other))
        return min(worth, supervised)

    def _by_profession(self, license: License) -> int:
        if license.profession not in NURSES:
            return _VERDICT[license.profession in THERAPY]
        specialty = self.specialty(self.people[license.practitioner].specialty)
        return UNKNOWN if specialty is None else _VERDICT[specialty == "psychiatric_nursing"]


def _in_force(rows: Any, day: date, first: str, last: str) -> Any:
    for row in rows:
        start, end = getattr(row, first), getattr(row, last)
        if (start is None or start <= day) and (end is None or day <= end):
            yield row


def _standing(license: License, place: Site) -> int:
    if license.status in ("active", "privilege"):
        return PASS
    if license.status == "telehealth":
        return _VERDICT[place.setting == "telehealth"]
    return UNKNOWN if license.status == "restricted" else FAIL


def _holds(row: Registration) -> int:
    if row.schedules is None:
        return UNKNOWN
    return _VERDICT["3N" in row.schedules or (row.issuer == "state" and "3" in row.schedules)]


assert LICENSE_STATUS[0] == "active"
