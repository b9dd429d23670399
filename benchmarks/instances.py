"""Made-up rosters of any size that look like real ones; every person, carrier and number is invented.

``roster(people, seed)`` is a country of small practices:

- 8 to 15 people a site (``per_site`` scales it), four sites a practice, each practice in one state: half of them in
  New York, the others in New Jersey and Colorado, so that there are two time zones.
- A quarter are prescribers: three in five physicians, the others nurse practitioners and physician assistants. They
  take one to three therapists, or as many as their week holds, so that there are fewer places than therapists.
- One in eight works at two sites of the practice, on different days; one in twenty prescribers on Fridays only.
- Carriers ask for ``throughout`` (half of the prescribers), ``dosing``, or nothing that anybody wrote down; and of one
  to three prescribers of the whole roster for ``available``: they can be linked to therapists far away.
- One cell or row in ten to thirty is missing, blank, lapsed or of the wrong state, rule by rule.
- Hours are drawn by the half hour, and one person in thirty has hours that nobody wrote down.
- Trainings come in few sizes, so that many links have equal points, and plans many ties.

The law of the three states is in the practice file (``invented.py``), so that an instance means the same whatever
law packs ship.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from random import Random
from typing import Any, TypeVar

from attrs import Factory, define
from invented import PRACTICE

from kapteam.records.hours import SLOTS_A_DAY, WeeklyHours
from kapteam.records.people import (
    Agreement,
    Coverage,
    Hours,
    License,
    Practitioner,
    Registration,
    Tie,
    Training,
)
from kapteam.records.places import Site
from kapteam.records.practice import Practice
from kapteam.records.roster import Roster

T = TypeVar("T")

#: The day on which the instances are judged.
DAY = date(2026, 12, 7)

SITES_A_PRACTICE = 4
STATES = ("NY", "NY", "NJ", "CO")
ZONES = {"NY": "America/New_York", "NJ": "America/New_York", "CO": "America/Denver"}
_NEXT_STATE = {"NY": "NJ", "NJ": "NY", "CO": "NY"}

_EXPIRES = (date(2027, 3, 31), date(2027, 12, 31), date(2028, 6, 30))
_LAPSED = date(2026, 10, 31)
_MODALITIES = tuple(PRACTICE["modalities"])
_THERAPY = (
    "clinical_social_worker",
    "clinical_social_worker",
    "marriage_family_therapist",
    "professional_counselor",
    "psychologist",
)
_SPECIALTY = {
    "physician": "psychiatry",
    "nurse_practitioner": "psychiatric_nursing",
    "physician_assistant": None,
}


@define
class _Rows:
    """The tables as they grow, the draw that they come from, and the people a practice."""

    draw: Random
    gaps: float
    sites: list[Site] = Factory(list)
    practitioners: list[Practitioner] = Factory(list)
    licenses: list[License] = Factory(list)
    registrations: list[Registration] = Factory(list)
    coverage: list[Coverage] = Factory(list)
    training: list[Training] = Factory(list)
    hours: list[Hours] = Factory(list)
    agreements: list[Agreement] = Factory(list)
    ties: list[Tie] = Factory(list)

    def chance(self, share: float) -> bool:
        return self.draw.random() < share

    def gap(self, share: float) -> bool:
        return self.draw.random() < share * self.gaps

    def one(self, choices: Sequence[T]) -> T:
        return choices[int(self.draw.random() * len(choices))]

    def expires(self, lapsed: float = 0.03) -> date:
        return _LAPSED if self.gap(lapsed) else self.one(_EXPIRES)


def roster(people: int, seed: int = 0, *, per_site: int = 12, gaps: float = 1) -> Roster:
    """A roster of so many people.

    Parameters
    ----------
    people : int
    seed : int
        Another number, another roster of the same kind.
    per_site : int
        About how many people a site has.
    gaps : float
        How often something is missing, beside the usual; 0 for never.
    """
    rows = _Rows(Random(f"{seed}/{people}/{per_site}"), gaps)
    away = max(1, min(3, people // 300))  # prescribers of whom ``available`` is asked
    number = 0
    for practice, sizes in enumerate(_practices(rows, people, per_site)):
        state = STATES[practice % len(STATES)]
        names = [f"s{practice:05}-{i}" for i in range(len(sizes))]
        for i, name in enumerate(names):
            _site(rows, name, state, telehealth=i == 3 and rows.chance(0.3))
        staff: list[str] = []
        prescribers: set[str] = set()
        physicians: list[str] = []
        for site, size in zip(names, sizes, strict=True):
            for _ in range(size):
                number += 1
                other = rows.one(names) if rows.chance(1 / 8) else site
                person = f"p{number:06}"
                staff.append(person)
                if number % 4 != 1:
                    _therapist(rows, person, state, site, other)
                    continue
                prescribers.add(person)
                if _prescriber(rows, person, state, site, other, away=number // 4 < away) == "physician":
                    physicians.append(person)
        _relations(rows, staff, prescribers, physicians, state)
    return Roster(
        sites=rows.sites,
        practitioners=rows.practitioners,
        licenses=rows.licenses,
        registrations=rows.registrations,
        coverage=rows.coverage,
        training=rows.training,
        hours=rows.hours,
        agreements=rows.agreements,
        ties=rows.ties,
        practice=Practice.of(PRACTICE),
    )


def million_links(seed: int = 0) -> Roster:
    """A roster with about a million candidate links: fewer people, at larger sites."""
    return roster(40_000, seed, per_site=115)


def million_usable(seed: int = 0) -> Roster:
    """A roster with about a million links that pass, out of two and a half: larger sites and no gaps."""
    return roster(66_000, seed, per_site=190, gaps=0)


def _practices(rows: _Rows, people: int, per_site: int) -> Iterator[list[int]]:
    """The sizes of each practice's sites, until everyone has a place."""
    left = people
    while left:
        sizes: list[int] = []
        while left and len(sizes) < SITES_A_PRACTICE:
            size = min(left, round(per_site * (2 / 3 + rows.draw.random() * 7 / 12)))
            sizes.append(size)
            left -= size
        yield sizes


def _site(rows: _Rows, name: str, state: str, *, telehealth: bool) -> None:
    stock = not telehealth and rows.chance(0.6)
    rows.sites.append(
        Site(
            name,
            state,
            timezone=ZONES[state],
            setting="telehealth" if telehealth else "clinic" if rows.chance(0.9) else "home",
            rooms=3,
            supply="stock" if stock else "patient",
        )
    )
    if stock and rows.chance(0.5):
        rows.registrations.append(
            Registration(site=name, jurisdiction=state, schedules="2 2N 3 3N 4 5", expires=rows.expires())
        )


def _prescriber(rows: _Rows, person: str, state: str, site: str, other: str, *, away: bool) -> str:
    profession = "physician" if rows.chance(0.6) else rows.one(("nurse_practitioner", "physician_assistant"))
    own_number = rows.chance(0.7)
    rows.practitioners.append(
        Practitioner(
            person,
            specialty=None if rows.gap(0.06) else _SPECIALTY[profession],
            roles=None if rows.chance(0.2) else "prescriber",
            modalities=_modalities(rows) if rows.chance(0.4) else None,
            max_sessions_per_week=rows.one((4, 6, 8, 10)) if rows.chance(0.4) else None,
            max_concurrent_sessions=1 if rows.chance(0.8) else 2,
            max_therapists=rows.one((1, 2, 2, 3)) if own_number else None,
        )
    )
    status = "restricted" if rows.gap(0.03) else "active"
    independent = rows.one((True, True, False, None)) if profession == "nurse_practitioner" else None
    for place in (state, _NEXT_STATE[state]) if rows.chance(0.3) else (state,):
        if not rows.gap(0.03):
            rows.licenses.append(
                License(
                    place,
                    profession,
                    practitioner=person,
                    status=status,
                    independent=independent,
                    expires=rows.expires(),
                )
            )
            _registrations(rows, person, place, site if place == state else None)
    carrier = (
        "Clearwater Assurance"
        if away
        else rows.one(("Acorn Mutual",) * 10 + ("Birchwood Reciprocal",) * 6 + ("Tidewater Trust",) * 2
                      + ("Ridgeline Casualty", "Old Mill Indemnity"))
    )  # fmt: skip
    if away or not rows.gap(0.03):
        names_any = carrier == "Acorn Mutual" and rows.chance(0.7)
        rows.coverage.append(
            Coverage(
                carrier,
                practitioner=person,
                role="prescriber" if rows.chance(0.5) else None,
                specialties=("psychiatry", "psychiatric_nursing") if names_any else None,
                effective=date(2026, 1, 1),
                expires=rows.expires(),
            )
        )
    if rows.chance(0.6):
        rows.training.append(_training(person, "life_support", expires=rows.expires(0.1)))
    if rows.chance(0.5):
        _learned(rows, person)
    _hours(rows, person, site, other, fridays=rows.chance(0.05))
    return profession


def _registrations(rows: _Rows, person: str, state: str, site: str | None) -> None:
    if not rows.gap(0.05):
        schedules = None if rows.gap(0.05) else "2 3 4 5" if rows.gap(0.04) else "2 2N 3 3N 4 5"
        at_site = site if rows.chance(0.6) else None
        rows.registrations.append(
            Registration(
                practitioner=person,
                at_site=at_site,
                jurisdiction=state,
                schedules=schedules,
                expires=rows.expires(),
            )
        )
    if state == "NJ" and not rows.gap(0.07):
        rows.registrations.append(
            Registration(practitioner=person, issuer="state", jurisdiction=state, schedules="3", expires=rows.expires())
        )


def _therapist(rows: _Rows, person: str, state: str, site: str, other: str) -> None:
    nurse = rows.chance(0.06)
    rows.practitioners.append(
        Practitioner(
            person,
            modalities=None if rows.gap(0.12) else _modalities(rows),
            max_sessions_per_week=rows.one((2, 3, 4, 6)) if rows.chance(0.5) else None,
        )
    )
    if nurse:
        rows.licenses.append(License(state, "registered_nurse", practitioner=person, expires=rows.expires()))
    elif not rows.gap(0.03):
        place = _NEXT_STATE[state] if rows.gap(0.03) else state
        status = "associate" if rows.gap(0.08) else "restricted" if rows.gap(0.02) else "active"
        rows.licenses.append(
            License(place, rows.one(_THERAPY), practitioner=person, status=status, expires=rows.expires())
        )
    if not rows.gap(0.04):
        carrier = rows.one(("Fernwood Guild",) * 6 + ("High Plains Mutual",) * 3 + ("Larkspur Professional",) * 2)
        rows.coverage.append(
            Coverage(
                "Unheard-of Casualty" if rows.gap(0.05) else carrier,
                practitioner=person,
                presence="throughout" if rows.chance(0.1) else None,
                effective=date(2026, 1, 1),
                expires=rows.expires(),
            )
        )
    if not rows.gap(0.05):
        _learned(rows, person)
    _hours(rows, person, site, other)


def _learned(rows: _Rows, person: str) -> None:
    hours = None if rows.gap(0.05) else rows.one((8, 16, 24, 40, 40, 80))
    practicum = rows.one((True, True, False, None))
    rows.training.append(_training(person, "kap", name="KAP training", hours=hours, practicum=practicum))
    if rows.chance(0.5):
        rows.training.append(_training(person, "trauma", hours=40, practicum=True))
    if rows.chance(0.4):
        rows.training.append(_training(person, "experiential", hours=16))
    if rows.chance(0.2):
        rows.training.append(_training(person, "mentorship"))
    if rows.chance(0.3):
        name = rows.one(_MODALITIES) if not rows.gap(0.1) else None
        rows.training.append(_training(person, "modality", name=name, hours=60))


def _training(person: str, kind: str, **cells: Any) -> Training:
    return Training(kind, practitioner=person, completed=date(2024, 6, 1), **cells)


def _modalities(rows: _Rows) -> tuple[str, ...]:
    return tuple(rows.one(_MODALITIES) for _ in range(1 + int(rows.draw.random() * 3)))


def _hours(rows: _Rows, person: str, site: str, other: str, *, fridays: bool = False) -> None:
    if rows.gap(0.03):
        rows.hours.append(Hours(site, None, practitioner=person))
    elif fridays:
        rows.hours.append(Hours(site, _week(rows, (4,), 1), practitioner=person))
    elif other != site:
        rows.hours.append(Hours(site, _week(rows, (0, 1, 2), 0.8), practitioner=person))
        rows.hours.append(Hours(other, _week(rows, (3, 4), 0.8), practitioner=person))
    else:
        share = rows.one((0.4, 0.6, 0.8, 1))
        days = (0, 1, 2, 3, 4, 5) if rows.chance(0.2) else (0, 1, 2, 3, 4)
        rows.hours.append(Hours(site, _week(rows, days, share), practitioner=person))


def _week(rows: _Rows, days: Sequence[int], share: float) -> WeeklyHours:
    """Some of the days, at least one, from a full or half hour between 8 and 12 for 4 to 8.5 hours."""
    start, length = 32 + 2 * int(rows.draw.random() * 9), 16 + 2 * int(rows.draw.random() * 10)
    hours = (1 << length) - 1 << start
    kept = [day for day in days if rows.chance(share)] or [rows.one(days)]
    return WeeklyHours(sum(hours << day * SLOTS_A_DAY for day in kept))


def _relations(rows: _Rows, staff: list[str], prescribers: set[str], physicians: list[str], state: str) -> None:
    """Agreements and ties within a practice: of prescribers with one of its physicians, and among colleagues."""
    for i, person in enumerate(staff):
        partner, kind = staff[i - 1], rows.one(("supervision", "consultation"))
        if person in prescribers and physicians:
            partner, kind = rows.one(physicians), "collaboration"
        if partner != person and rows.chance(0.8 if kind == "collaboration" else 0.1):
            place = state if rows.chance(0.6) else None
            expires = rows.expires()
            rows.agreements.append(Agreement(partner, kind, place, practitioner=person, expires=expires))
        colleague = rows.one(staff)
        if colleague != person and rows.chance(0.15):
            kind = rows.one(("worked_with", "worked_with", "prefers", "avoids"))
            rows.ties.append(Tie(person, colleague, kind))
