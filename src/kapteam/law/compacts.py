"""Compact privileges that a roster claims, held against what the compacts really issue."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from kapteam.law.entries import Compact
from kapteam.law.packs import Packs
from kapteam.records.people import License
from kapteam.records.problems import Problem
from kapteam.records.roster import Roster
from kapteam.records.zones import state_name

_NAMED = 10  # states that a message names one by one: more than these nobody reads


def privilege_warnings(roster: Roster, day: date, packs: Packs | None = None) -> list[Problem]:
    """A warning for each licence with status ``privilege`` that no compact is known to give there on the day.

    A privilege that is good for some days a year only is told too: a roster does not count them. Licences that are not
    in force on the day, those of profession ``other`` and those with status ``telehealth`` are left alone.

    Parameters
    ----------
    roster
        Whose licences.
    day
        The day judged.
    packs
        What is known of the compacts; the shipped packs where none is given.

    Examples
    --------
    >>> from kapteam import Hours, Practitioner, Site
    >>> licence = License("UT", "physician_assistant", status="privilege")
    >>> ana = Practitioner("ana", licenses=[licence], hours=[Hours("slc", "Mon 09:00-12:00")])
    >>> roster = Roster(sites=[Site("slc", "UT", supply="stock")], practitioners=[ana])
    >>> [problem.place for problem in privilege_warnings(roster, date(2026, 12, 7))]
    ['licenses, row 1, status']
    """
    compacts = (packs or Packs.shipped()).compacts
    found = []
    for row, license_ in enumerate(roster.licenses, start=1):
        if license_.status == "privilege" and license_.profession != "other" and _in_force(license_, day):
            of_it = [c for c in compacts if license_.profession in c.professions]
            for said in _said(of_it, license_, day):
                problem = Problem("licenses", row, "status", "privilege", said, level="warning")
                found.append(roster.located(problem))
    return found


def _said(compacts: list[Compact], license_: License, day: date) -> Iterator[str]:
    """What is to be said of one privilege: nothing, or what is wrong with it, or how long it is good."""
    state = state_name(license_.jurisdiction)
    giving = [c for c in compacts if c.gives == "privilege"]
    issuing = [c for c in giving if c.issues(day)]
    here = [c for c in issuing if not c.states or license_.jurisdiction in c.states]
    if not giving:
        yield _none_gives(compacts, license_.profession.replace("_", " "), state)
    elif not issuing:
        yield (
            f"{_names(giving)} {_when(giving)}: ask the board of {state} what it issued, and write active where it is "
            "a full licence"
        )
    elif not here:
        yield (
            f"{state} is not known to issue or accept privileges under {_names(issuing)}{_where(issuing)}: look the "
            f"privilege up with the board of {state}, and write active where it is a full licence"
        )
    elif all(c.days_a_year for c in here):
        days = max(c.days_a_year or 0 for c in here)
        yield (
            f"{_names(here)} is good for {days} days a year in each state: count the days in {state}; write telehealth "
            "where the authority is by telehealth, and active where it is a full licence"
        )


def _none_gives(compacts: list[Compact], profession: str, state: str) -> str:
    if any(c.gives == "license" for c in compacts):
        which = _names([c for c in compacts if c.gives == "license"])
        return f"{which} leads to full licences and gives no privilege: write active where {state} issued a licence"
    if compacts:
        return f"{_names(compacts)} is good by telehealth only: write telehealth"
    return (
        f"no compact is known that gives a {profession} a privilege: ask the board of {state} what it issued, and "
        "write active where it is a full licence, or telehealth where it is good by telehealth only"
    )


def _names(compacts: list[Compact]) -> str:
    return " or ".join(f"the {c.name}" for c in compacts)


def _when(compacts: list[Compact]) -> str:
    """Since when privileges are issued, of compacts that do not issue any on the day judged."""
    days = [c.issues_since for c in compacts if c.issues_since is not None]
    if days:
        return f"issues privileges since {min(days)} only"
    return f"issues no privileges yet ({_sure(compacts)})"


def _where(compacts: list[Compact]) -> str:
    """The states that do, where they are few, how sure that is, and when it was checked."""
    states = sorted({s for c in compacts for s in c.states})
    named = f"{', '.join(states)}; " if len(states) <= _NAMED else ""
    return f" ({named}{_sure(compacts)})"


def _sure(compacts: list[Compact]) -> str:
    oldest = min(compacts, key=lambda c: c.checked)
    return f"{oldest.confidence} confidence, checked {oldest.checked}"


def _in_force(license_: License, day: date) -> bool:
    return (license_.issued is None or license_.issued <= day) and (license_.expires is None or day <= license_.expires)
