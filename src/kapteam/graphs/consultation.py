"""Who consults for whom, and who could: agreements in force, and what a mentor must be and have."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np

from kapteam.advice.consulting import consulting
from kapteam.advice.mentors import ENOUGH_HOURS
from kapteam.columns.logic import FAIL, UNKNOWN, WORDS
from kapteam.network.links import Links
from kapteam.records.people import AGREEMENTS


def consultation_edges(links: Links) -> Iterator[tuple[str, str, dict[str, Any]]]:
    """From one who consults, supervises or collaborates, or could consult, to the other; sorted by their ids."""
    facts = links.facts
    agreed: dict[tuple[int, int], set[str]] = {}
    held = facts.agreements
    for person, partner, kind in zip(held.person.tolist(), held.partner.tolist(), held.kind.tolist(), strict=True):
        agreed.setdefault((partner, person), set()).add(AGREEMENTS[kind])
    judged = consulting(facts, hours=ENOUGH_HOURS, anywhere=False)
    mentee_of = {int(judged.people[p]): row for row, p in enumerate(judged.mentees.tolist())}
    mentor_of = {person: place for place, person in enumerate(judged.people.tolist())}
    mentees, mentors = np.nonzero(judged.verdicts > FAIL)
    could = zip(judged.people[mentors].tolist(), judged.people[judged.mentees[mentees]].tolist(), strict=True)
    for mentor, person in sorted({*agreed, *could}):
        row, column = mentee_of.get(person), mentor_of.get(mentor)
        said: dict[str, Any] = {"agreements": sorted(agreed.get((mentor, person), ()))}
        if row is None or column is None:
            said |= {"verdict": None, "rules_unknown": [], "fit": None}
        else:
            verdict = int(judged.verdicts[row, column])
            said |= {
                "verdict": WORDS[verdict],
                "rules_unknown": sorted(judged.short(row, column)) if verdict == UNKNOWN else [],
                "fit": int(judged.fit[row, column]),
            }
        yield facts.people[mentor], facts.people[person], said
