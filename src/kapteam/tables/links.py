"""Links as a table, and every rule's verdict on every link as another: arrays, straight from the network."""

from __future__ import annotations

import numpy as np

from kapteam.columns.logic import FAIL, NOT_APPLICABLE, WORDS
from kapteam.network.links import Links
from kapteam.tables.table import Coded, Field, Table

_VERDICTS = tuple(WORDS[v] for v in range(FAIL, NOT_APPLICABLE))
STATUSES = tuple(WORDS[v] for v in range(FAIL, NOT_APPLICABLE + 1))
SEVERITIES = ("block", "warn", "note")

ENDS = (
    Field("site", "text", "the id of the site"),
    Field("prescriber", "text", "the id of the prescriber"),
    Field("therapist", "text", "the id of the therapist; the same for one who works alone"),
)
LINKS = (
    *ENDS,
    Field("verdict", "category", "the rules that block, together", categories=_VERDICTS),
    Field("points", "whole number", "what the link is worth"),
    Field("weekly_sessions", "whole number", "the most sessions a week that both have hours for"),
)
JUDGEMENTS = (
    *ENDS,
    Field("rule", "text", "the id of the rule"),
    Field("about", "category", "whom the rule judged", categories=("prescriber", "therapist", "link")),
    Field("status", "category", "its verdict; not_applicable counts as pass", categories=STATUSES),
    Field("severity", "category", "only block touches the verdict of a link", categories=SEVERITIES),
)


def links_table(links: Links) -> Table:
    """A row for each link, in their order."""
    facts, pairs = links.facts, links.pairs
    return Table(
        LINKS,
        (
            Coded(pairs.site, facts.sites),
            Coded(pairs.prescriber_person, facts.people),
            Coded(pairs.therapist_person, facts.people),
            Coded(links.verdicts - FAIL, _VERDICTS),
            links.points,
            pairs.weekly_sessions.astype(np.int64),
        ),
    )


def judgements_table(links: Links) -> Table:
    """A row for each link and rule that judged it (of a rule on each of the two, one for each), without words.

    Notes
    -----
    Arrays all the way: some thirty rows a link. :func:`kapteam.tables.findings.findings_table` says them in words.
    """
    facts, pairs, judgements = links.facts, links.pairs, links.judged.judgements
    count, rules = len(links), len(judgements)
    statuses = np.empty((count, rules), np.int8)
    for column, judgement in enumerate(judgements):
        statuses[:, column] = links.judged.on_links(judgement)
    _, _, _, _, about, _, severity = JUDGEMENTS
    roles = np.array([about.categories.index(j.role) for j in judgements], np.int8)
    severities = [severity.categories.index(links.rulebook.severities[j.rule.id]) for j in judgements]
    return Table(
        JUDGEMENTS,
        (
            Coded(np.repeat(pairs.site, rules), facts.sites),
            Coded(np.repeat(pairs.prescriber_person, rules), facts.people),
            Coded(np.repeat(pairs.therapist_person, rules), facts.people),
            Coded(np.tile(np.arange(rules), count), [j.rule.id for j in judgements]),
            Coded(np.tile(roles, count), about.categories),
            Coded(statuses.reshape(-1) - np.int8(FAIL), STATUSES),
            Coded(np.tile(np.array(severities, np.int8), count), severity.categories),
        ),
    )
