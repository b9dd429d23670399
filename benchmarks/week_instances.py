"""A week to be planned, made up for as many people as one likes: the rosters that ``schedule`` is measured on.

``week(people, seed)`` takes the country of ``instances.roster`` (its people, licences, policies, trainings, hours and
ties; 16 people a site, few gaps) and adds what only a plan of sessions looks at, each ``FEATURES`` drawn by itself, so
that one can be left out and everything else stays as it is:

- ``rooms``: one room at two sites in three, else two, for some 16 people: scarce. Left out, there are 16.
- ``turnover``: a room rests half an hour after a session.
- ``travel``: 45 minutes between two sites. One in eight people works at two; half of these on the same days,
  the morning here and the afternoon there, the others on days of their own for each.
- ``presence``: carriers ask of the prescriber to be there ``throughout``, while the dose is given, or nothing; one to
  three may be ``available`` to everyone in their states. Left out, every policy asks for ``throughout``.
- ``demand``: at three sites in four, two to four rows: so many usual sessions, some with a modality or a language,
  short lozenge sessions (two hours), with priorities 1 to 3. The fourth takes whatever comes.
- ``groups``: at every second of those sites a session with two therapists and a monitor, and one with a monitor.
- ``dosing``: half of the prescribers who may oversee two sessions at once may have one of them in its dosing part.
- ``caps``: half of the people take part in two to six sessions a week, one in three in one or two a day.
- ``absences``: one person in eight is away for a day or for an afternoon.

Prescribers are a quarter of the people, most oversee one session at a time, so they are scarce as well.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from datetime import date, datetime, time, timedelta
from random import Random
from typing import Any

import attrs
from instances import DAY
from instances import roster as country
from invented import PRACTICE

from kapteam.records.hours import SLOTS_A_DAY, WeeklyHours
from kapteam.records.people import Absence, Coverage, Hours, Practitioner
from kapteam.records.places import Demand, Site
from kapteam.records.practice import Practice
from kapteam.records.roster import Roster

#: The Monday of the week that is planned.
WEEK = DAY
FEATURES = ("rooms", "turnover", "travel", "presence", "demand", "groups", "dosing", "caps", "absences")
#: What a person's first planner, and other libraries, know nothing of.
BEYOND_PLAIN = ("turnover", "travel", "presence", "demand", "groups", "dosing")

_PER_SITE, _GAPS = 16, 0.2
_WHOLE_DAY = (1 << SLOTS_A_DAY) - 1
_MORNING, _AFTERNOON = (32, 50), (51, 74)  # 08:00-12:30 and 12:45-18:30
_LANGUAGES = ("en",) * 12 + ("es",) * 4 + ("zh", "ar", "uk")
_ASKED = ("es", "zh", "ar", "uk")
_MODALITIES = ("emdr", "internal_family_systems", "somatic_experiencing")


def week(people: int, seed: int = 0, *, without: Collection[str] = (), per_site: int = _PER_SITE) -> Roster:
    """A roster of so many people with a week to be planned, from ``WEEK`` on.

    Parameters
    ----------
    people : int
    seed : int
        Another number, another roster of the same kind.
    without : collection of str
        Features that are left out, of ``FEATURES``.
    per_site : int
        About how many people a site has.
    """
    if unknown := set(without) - set(FEATURES):
        raise ValueError(f"no such features: {', '.join(sorted(unknown))}")
    had = frozenset(FEATURES) - set(without)
    base = country(people, seed, per_site=per_site, gaps=_GAPS)

    def draw(feature: str) -> Random:
        return Random(f"{seed}/{people}/{per_site}/{feature}")

    return Roster(
        sites=list(_sites(base, draw("rooms"), had)),
        practitioners=list(_people(base, draw, had)),
        licenses=base.licenses,
        registrations=base.registrations,
        coverage=base.coverage if "presence" in had else list(map(_throughout, base.coverage)),
        training=base.training,
        hours=list(_hours(base, draw("hours"))),
        absences=list(_absences(base, draw("absences"))) if "absences" in had else (),
        agreements=base.agreements,
        ties=base.ties,
        demand=list(_demand(base.sites, draw("demand"), had)) if "demand" in had else (),
        practice=_practice(had),
    )


def changed(before: Roster, seed: int = 0) -> Roster:
    """The same week a day later: one person in thirty is away on a date on which they were not."""
    draw = Random(f"changed/{seed}")
    days = [WEEK + timedelta(days=d) for d in range(5)]
    away = [p.practitioner for p in before.practitioners if draw.random() < 1 / 30]
    return before.with_absences([_whole_day(person, days[int(draw.random() * 5)]) for person in away])


def _practice(had: Collection[str]) -> Practice:
    usual = {
        **PRACTICE["protocol"],
        "turnover_minutes": 30 if "turnover" in had else 0,
        "travel_minutes": 45 if "travel" in had else 0,
    }
    protocols: dict[str, Any] = {
        "lozenge": {"session_minutes": 120, "dosing_minutes": 45, "route": "sublingual"},
        "watched": {"monitors": 1},
        "group": {"session_minutes": 210, "dosing_minutes": 90, "therapists": 2, "monitors": 1},
    }
    thresholds = {"kap_training_hours": 16}
    return Practice.of({**PRACTICE, "protocol": usual, "protocols": protocols, "thresholds": thresholds})


def _sites(base: Roster, draw: Random, had: Collection[str]) -> Iterator[Site]:
    for site in base.sites:
        rooms = 1 if draw.random() < 2 / 3 else 2
        yield attrs.evolve(  # type: ignore[misc]
            site, rooms=rooms if "rooms" in had else _PER_SITE, supply="patient"
        )


def _throughout(policy: Coverage) -> Coverage:
    return attrs.evolve(policy, presence="throughout")  # type: ignore[misc]


def _people(base: Roster, draw: Any, had: Collection[str]) -> Iterator[Practitioner]:
    caps, dosing, languages = draw("caps"), draw("dosing"), draw("languages")
    for one in base.practitioners:
        a_week = caps.choice((2, 3, 4, 6)) if caps.random() < 0.5 else None
        a_day = caps.choice((1, 1, 2)) if caps.random() < 1 / 3 else None
        doses = dosing.random() < 0.5 and one.max_concurrent_sessions > 1
        spoken = tuple(dict.fromkeys(languages.choices(_LANGUAGES, k=2)))
        yield attrs.evolve(  # type: ignore[misc]
            one,
            languages=spoken,
            max_sessions_per_week=a_week if "caps" in had else None,
            max_sessions_per_day=a_day if "caps" in had else None,
            max_concurrent_dosing=1 if doses and "dosing" in had else None,
        )


def _hours(base: Roster, draw: Random) -> Iterator[Hours]:
    """As they were, but that some who work at two sites spend the morning at one and the afternoon at the other."""
    times: dict[str, list[Hours]] = {}
    for row in base.hours:
        times.setdefault(row.practitioner, []).append(row)
    for rows in times.values():
        if len(rows) == 2 and draw.random() < 0.5:
            days = [d for d in range(7) if any(r.when and r.when.slots >> d * SLOTS_A_DAY & _WHOLE_DAY for r in rows)]
            rows = [_on(days, row, *part) for row, part in zip(rows, (_MORNING, _AFTERNOON), strict=True)]
        yield from rows


def _on(days: Sequence[int], row: Hours, first: int, last: int) -> Hours:
    """Hours on these days, from one quarter hour of the day up to another."""
    slots = (1 << last) - (1 << first)
    return attrs.evolve(row, when=WeeklyHours(sum(slots << day * SLOTS_A_DAY for day in days)))  # type: ignore[misc]


def _demand(sites: Sequence[Site], draw: Random, had: Collection[str]) -> Iterator[Demand]:
    for number, site in enumerate(sites):
        if number % 4 == 3:
            continue
        yield Demand(site.site, draw.randint(3, 8), priority=draw.choice((1, 2, 2)))
        yield Demand(site.site, draw.randint(1, 4), protocol="lozenge", priority=draw.choice((1, 1, 2)))
        if draw.random() < 0.7:
            yield Demand(site.site, draw.randint(1, 3), modality=draw.choice(_MODALITIES), priority=draw.choice((2, 3)))
        if draw.random() < 0.4:
            yield Demand(site.site, 1, language=draw.choice(_ASKED), priority=3)
        if "groups" in had and number % 4 % 2 == 0:
            yield Demand(site.site, draw.randint(1, 2), protocol="watched", priority=2)
            yield Demand(site.site, 1, protocol="group", priority=draw.choice((2, 3)))


def _absences(base: Roster, draw: Random) -> Iterator[Absence]:
    for one in base.practitioners:
        if draw.random() >= 1 / 8:
            continue
        day = WEEK + timedelta(days=draw.randrange(5))
        if draw.random() < 0.5:
            yield _whole_day(one.practitioner, day)
        else:
            noon, evening = (datetime.combine(day, time(hour)) for hour in (12, 18))
            yield Absence(practitioner=one.practitioner, start=noon, end=evening)


def _whole_day(person: str, day: date) -> Absence:
    return Absence(practitioner=person, start=day, end=day)
