"""Rows of demand by their place and by what they ask, instead of by their number alone."""

from __future__ import annotations

import re

from kapteam.records.roster import Roster
from kapteam.rules.words import spoken
from kapteam.sessions.kept import Conflict
from kapteam.sessions.schedule import Session

_ROW = re.compile(r"row (\d+) of demand(?: \([^)]*\))?")
_RULE = re.compile(r" \[[^\[\]]+\]$")


def wanted(roster: Roster, number: int) -> str:
    """What a row of demand asks for, who brings the clients, and its number, from 1."""
    brings = roster.demand[number - 1].therapist
    return _numbered(roster, number, [f"with {roster.people[brings].label}"] if brings else [])


def serves(roster: Roster, session: Session) -> str:
    """What a session is for; empty where it is of the default protocol and serves no row of demand."""
    return spoken(session.protocol or "") if session.demand is None else _numbered(roster, session.demand, [])


def told(roster: Roster, reason: Conflict) -> str:
    """Why there is no more of something, its rows of demand named; the rule stands beside it, and not in it."""
    message = _RULE.sub("", reason.message) if reason.constraint in reason.message else reason.message
    return _ROW.sub(lambda row: _named(roster, int(row.group(1))), message)


def _named(roster: Roster, number: int) -> str:
    return f"{roster.places[roster.demand[number - 1].site].label}: {wanted(roster, number)}"


def _numbered(roster: Roster, number: int, more: list[str]) -> str:
    row = roster.demand[number - 1]
    words = [*(spoken(w) for w in (row.protocol, row.modality, row.language) if w), *more]
    return f"{', '.join(words)} (row {number})" if words else f"row {number}"
