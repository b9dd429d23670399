"""Made-up rosters that are hard to match: places are scarce, plans many and equal, or ways to one more therapist long.

Nobody lacks anything, so that (almost) every link that lists show passes, and the matching is all that is hard.

- ``scarce(people, seed)``: one place for three therapists or so. Towns of ten sites; each therapist is at two of them,
  on different days, and each prescriber at one, with room for one to three. All have learned the same and all hours are
  the same, so that **all links of a town are worth the same**: the plans with most therapists are without number, and
  the draw decides among them.
- ``long_row(people, seed)``: about as many places as therapists, but in the wrong places. Sites stand in one row; each
  therapist is at one site and the next, each prescriber at one. The first half of the row has too few places and the
  second half too many, so that one more therapist at one end is teamed only by moving dozens along the row:
  **augmenting paths are long**, and points of five sizes make it matter which. All of it is one connected part.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from random import Random
from typing import TypeVar

from attrs import Factory, define
from invented import PRACTICE

from kapteam.records.hours import SLOTS_A_DAY, WeeklyHours
from kapteam.records.people import Coverage, Hours, License, Practitioner, Registration, Training
from kapteam.records.places import Site
from kapteam.records.practice import Practice
from kapteam.records.roster import Roster

T = TypeVar("T")

STATE = "NY"
SITES_A_TOWN = 10
_EARLY, _LATE = (0, 1), (2, 3)  # the days at one site and at another
_KAP_HOURS = (40, 48, 56, 64, 80)


@define
class _Rows:
    """The tables as they grow."""

    sites: list[Site] = Factory(list)
    practitioners: list[Practitioner] = Factory(list)
    licenses: list[License] = Factory(list)
    registrations: list[Registration] = Factory(list)
    coverage: list[Coverage] = Factory(list)
    training: list[Training] = Factory(list)
    hours: list[Hours] = Factory(list)

    def site(self, name: str) -> str:
        self.sites.append(Site(name, STATE, timezone="America/New_York", setting="clinic", rooms=3, supply="patient"))
        return name

    def prescriber(self, site: str, room: int) -> None:
        person = self._next()
        self.practitioners.append(Practitioner(person, specialty="psychiatry", roles="prescriber", max_therapists=room))
        self.licenses.append(License(STATE, "physician", practitioner=person))
        self.registrations.append(Registration(practitioner=person, jurisdiction=STATE, schedules="2 2N 3 3N 4 5"))
        self.coverage.append(Coverage("Birchwood Reciprocal", practitioner=person, effective=date(2026, 1, 1)))
        self.hours.append(Hours(site, _daytime((*_EARLY, *_LATE)), practitioner=person))

    def therapist(self, early: str, late: str, kap_hours: int) -> None:
        person = self._next()
        self.practitioners.append(Practitioner(person, modalities=("emdr",)))
        self.licenses.append(License(STATE, "clinical_social_worker", practitioner=person))
        self.coverage.append(Coverage("Fernwood Guild", practitioner=person, effective=date(2026, 1, 1)))
        self.training.append(Training("kap", practitioner=person, completed=date(2024, 6, 1), hours=kap_hours))
        self.hours.append(Hours(early, _daytime(_EARLY), practitioner=person))
        self.hours.append(Hours(late, _daytime(_LATE), practitioner=person))

    def roster(self) -> Roster:
        return Roster(
            sites=self.sites,
            practitioners=self.practitioners,
            licenses=self.licenses,
            registrations=self.registrations,
            coverage=self.coverage,
            training=self.training,
            hours=self.hours,
            practice=Practice.of(PRACTICE),
        )

    def _next(self) -> str:
        return f"p{len(self.practitioners):06}"


def scarce(people: int, seed: int = 0) -> Roster:
    """A roster of so many people with a place for every third therapist or so, all links of a town worth the same."""
    rows, draw = _Rows(), Random(f"scarce/{seed}/{people}")
    town: list[str] = []
    for number in range(people):
        if number % (SITES_A_TOWN * 12) == 0:
            town = [rows.site(f"s{number:06}-{i}") for i in range(SITES_A_TOWN)]
        if number % 7 == 0:
            rows.prescriber(_one(draw, town), 1 + int(draw.random() * 3))
        else:
            early, late = draw.sample(town, 2)
            rows.therapist(early, late, _KAP_HOURS[0])
    return rows.roster()


def long_row(people: int, seed: int = 0) -> Roster:
    """A roster of so many people in one row of sites, too few places in its first half and too many in its second."""
    rows, draw = _Rows(), Random(f"row/{seed}/{people}")
    count = max(4, people // 16)
    sites = [rows.site(f"s{i:06}") for i in range(count)]
    for number in range(people):
        at = number * count // people
        chance = 0.42 if at < count // 2 else 0.58  # of a prescriber, who takes one
        if draw.random() < chance:
            rows.prescriber(sites[at], 1)
        else:
            near = min(at, count - 2)
            rows.therapist(sites[near], sites[near + 1], _one(draw, _KAP_HOURS))
    return rows.roster()


#: By what the table calls them.
HARD: dict[str, Callable[[int, int], Roster]] = {
    "scarce and all equal": scarce,
    "one long row": long_row,
}


def _one(draw: Random, choices: Sequence[T]) -> T:
    return choices[int(draw.random() * len(choices))]


def _daytime(days: tuple[int, ...]) -> WeeklyHours:
    """From 9 to 17 on each of the days."""
    return WeeklyHours(sum((1 << 32) - 1 << 36 + day * SLOTS_A_DAY for day in days))
