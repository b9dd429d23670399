"""How sure the law is that a report rests on: by place, how many entries, read when, and in what kind of source."""

from __future__ import annotations

from datetime import date

from attrs import frozen

from kapteam.columns.facts import Facts
from kapteam.law.coverage import stale
from kapteam.law.day import FEDERAL
from kapteam.law.entries import Entry
from kapteam.records.zones import state_name


@frozen
class Place:
    """What the packs hold of one place on the day judged.

    Attributes
    ----------
    code, name : str
    high, medium, low : int
        Entries in force, by how sure they are.
    first, last : date or None
        When the oldest and the newest of them were read.
    old : int
        How many were read more than a year before the day judged.
    """

    code: str
    name: str
    high: int
    medium: int
    low: int
    first: date | None
    last: date | None
    old: int


def places(facts: Facts) -> list[Place]:
    """The federal law, then that of each place with a site, by name."""
    codes = sorted({s.jurisdiction for s in facts.roster.sites}, key=state_name)
    return [_place(facts, code) for code in (FEDERAL, *codes)]


def telehealth_until(facts: Facts) -> date | None:
    """The last day of the federal telehealth flexibilities, as far as it is known."""
    known = facts.law.known(FEDERAL, "", "telehealth")
    return None if known is None else known.until


def _place(facts: Facts, code: str) -> Place:
    packs = facts.law.packs
    entries: list[Entry] = [e for e in packs.entries(code) if e.in_force(facts.day)]
    sure = [e.confidence for e in entries]
    read = [e.checked for e in entries]
    return Place(
        code, "United States (federal)" if code == FEDERAL else state_name(code), sure.count("high"),
        sure.count("medium"), sure.count("low"), min(read, default=None), max(read, default=None),
        len(stale(packs, [code], facts.day)),
    )  # fmt: skip
