"""A judgement of a link in words, as a session's reasons and violations tell it."""

from __future__ import annotations

from kapteam.columns.logic import WORDS
from kapteam.network.judge import Judgement
from kapteam.network.links import Links
from kapteam.rules.case import Case


def sentence(links: Links, judgement: Judgement, row: int) -> str:
    """What a rule says of a link, or of one of its two."""
    pairs = links.pairs
    if judgement.role == "link":
        at, members = row, pairs.therapists
        case = Case(
            links.facts, WORDS[int(judgement.verdicts[row])], "", members, int(pairs.therapist[row]), pairs, row
        )
        return judgement.rule.message(case)
    members = pairs.prescribers if judgement.role == "prescriber" else pairs.therapists
    at = int(links.judged.rows(judgement.role)[row])
    return judgement.rule.message(Case(links.facts, WORDS[int(judgement.verdicts[at])], judgement.role, members, at))
