"""How much of the law the packs know on a day, how sure they are of it, and what changed between two days."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta

from attrs import frozen

from kapteam.law.entries import Entry
from kapteam.law.packs import Packs
from kapteam.records.zones import JURISDICTIONS

#: The professions whose authority is asked of every jurisdiction.
ASKED = ("nurse_practitioner", "physician_assistant", "naturopathic_physician", "prescribing_psychologist")
#: Days after which an entry should be looked at again.
STALE = 365


@frozen
class Coverage:
    """Of one question asked of every jurisdiction: how many cells are known, and how sure.

    Attributes
    ----------
    cells : int
        Jurisdictions times professions.
    known : int
        Those with an entry in force that says something.
    high, medium, low : int
        Of the known ones, by confidence.
    """

    cells: int
    known: int
    high: int
    medium: int
    low: int


@frozen
class Change:
    """An entry that is in force on one of two days, or in one of two folders of packs, and not in the other.

    Attributes
    ----------
    jurisdiction, subject, key : str
        What it states.
    old, new : Entry or None
        What was stated before and after.
    """

    jurisdiction: str
    subject: str
    key: str
    old: Entry | None
    new: Entry | None


def coverage(packs: Packs, day: date) -> dict[str, Coverage]:
    """What is known on a day of authority, of autonomy, and of the states' own registrations."""
    return {
        "authority": _count(packs, day, "ketamine", ASKED),
        "autonomy": _count(packs, day, "autonomy", ASKED),
        "state_registration": _count(packs, day, "state_registration", ("",)),
    }


def unknown_cells(packs: Packs, day: date) -> list[tuple[str, str]]:
    """The jurisdictions and professions of whose authority nothing is known on a day."""
    return [(j, p) for j in sorted(JURISDICTIONS) for p in ASKED if not _known(packs.entry(j, p, "ketamine", day))]


def stale(packs: Packs, jurisdictions: Iterable[str], day: date) -> list[Entry]:
    """The entries in force that were last checked more than a year before the day."""
    limit = day - timedelta(days=STALE)
    return [e for j in jurisdictions for e in packs.entries(j) if e.in_force(day) and e.checked < limit]


def changes(old: tuple[Packs, date], new: tuple[Packs, date]) -> list[Change]:
    """What is stated otherwise in new than in old packs, each as of its own day; sorted by what it is about."""
    before, after = _stated(*old), _stated(*new)
    return [
        Change(*about, before.get(about), after.get(about))
        for about in sorted(before.keys() | after.keys())
        if _value(before.get(about)) != _value(after.get(about))
    ]


def _stated(packs: Packs, day: date) -> dict[tuple[str, str, str], Entry]:
    entries = (e for j in packs.jurisdictions() for e in packs.entries(j))
    return {(e.jurisdiction, e.subject, e.key): e for e in entries if e.in_force(day)}


def _count(packs: Packs, day: date, key: str, subjects: tuple[str, ...]) -> Coverage:
    found = [packs.entry(j, subject, key, day) for j in JURISDICTIONS for subject in subjects]
    sure = [e.confidence for e in found if e is not None and _known(e)]
    return Coverage(len(found), len(sure), *(sure.count(c) for c in ("high", "medium", "low")))


def _known(entry: Entry | None) -> bool:
    return entry is not None and entry.value != "unknown"


def _value(entry: Entry | None) -> object:
    return None if entry is None else entry.value
