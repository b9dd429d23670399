"""Rows of demand that nobody on the roster could ever meet."""

from __future__ import annotations

from collections.abc import Iterator

import attrs
import numpy as np

from kapteam.columns import weeks
from kapteam.columns.facts import Facts
from kapteam.network.links import Links
from kapteam.records.places import Demand
from kapteam.records.problems import Problem, nearest
from kapteam.sessions.kinds import kind_of, serves


def beyond_anyone(links: Links) -> list[Problem]:
    """A warning for each row of demand that nobody with hours there could serve, whatever else is planned.

    Of modality, language, the therapist who brings the clients, sessions longer than anybody's hours, and those that
    need more people than there are.
    """
    facts = links.facts
    found = []
    for number, row in enumerate(facts.roster.demand, start=1):
        for column, said in _missing(facts, row):
            value = getattr(row, column)
            cells = [c for p in facts.roster.practitioners for c in getattr(p, _CELLS.get(column, ""), None) or ()]
            meant = nearest(value, set(cells)) if value is not None else ()
            problem = Problem("demand", number, column, value, said, meant, level="warning")
            found.append(facts.roster.located(problem))
            break  # the first says enough
    return found


def _missing(facts: Facts, row: Demand) -> Iterator[tuple[str, str]]:
    """What is missing: its column, and what is said of it."""
    place, postings = facts.site_code[row.site], facts.postings
    kind = kind_of(facts.roster, place, row.protocol)
    here = postings.site == place
    able = np.zeros(len(facts.people), bool)
    able[postings.person[here]] = True
    able &= facts.candidate["therapist"]
    fits = able & serves(facts, row)
    if not able.any():
        yield "site", "no therapist has hours there"
    elif not (able & serves(facts, attrs.evolve(row, language=None))).any():  # type: ignore[misc]
        yield "modality", f"no therapist with hours at {row.site} has learned it"
    elif not fits.any():
        both = f" has learned {row.modality} and" if row.modality else ""
        yield "language", f"no therapist with hours at {row.site}{both} speaks it"
    elif row.therapist is not None and not facts.candidate["therapist"][facts.person_code[row.therapist]]:
        yield "therapist", "is no therapist"
    elif row.therapist is not None and not able[facts.person_code[row.therapist]]:
        yield "therapist", f"has no hours at {row.site}"
    elif row.therapist is not None and not fits[facts.person_code[row.therapist]] and kind.protocol.therapists == 1:
        yield "therapist", "has not what the row asks for"
    if not postings.unwritten[here].any() and not weeks.some(weeks.starts(postings.week[here], kind.length)).any():
        yield "protocol", f"sessions of {kind.protocol.session_minutes} minutes, longer than anybody's hours there"
    asked, watching = kind.protocol, np.zeros(len(facts.people), bool)
    watching[postings.person[here]] = True
    watching &= facts.candidate["monitor"]
    if 0 < able.sum() < asked.therapists:
        yield "protocol", f"needs {asked.therapists} therapists, and {able.sum()} has hours at {row.site}"
    elif watching.sum() < asked.monitors:
        needs = "a monitor" if asked.monitors == 1 else f"{asked.monitors} monitors"
        has = {0: "nobody who may watch has"}.get(int(watching.sum()), f"{watching.sum()} who may watch has")
        yield "protocol", f"needs {needs}, and {has} hours at {row.site}"


#: Where a practitioner's row says what a row of demand asks for.
_CELLS = {"modality": "modalities", "language": "languages"}
