"""Links as a table, and every rule's verdict on every link as another: arrays, straight from the network."""

from __future__ import annotations

import numpy as np
from attrs import evolve
from numpy.typing import NDArray

from kapteam.columns.logic import FAIL, NOT_APPLICABLE, UNKNOWN, WORDS
from kapteam.columns.lookup import Index
from kapteam.network.links import Links
from kapteam.tables.in_the_way import blocking, in_the_way
from kapteam.tables.table import Coded, Field, Table

_VERDICTS = tuple(WORDS[v] for v in range(FAIL, NOT_APPLICABLE))
STATUSES = tuple(WORDS[v] for v in range(FAIL, NOT_APPLICABLE + 1))
SEVERITIES = ("block", "warn", "note")

ENDS = (
    Field("site", "text", "the id of the site"),
    Field("prescriber", "text", "the id of the prescriber"),
    Field("therapist", "text", "the id of the therapist; the same for one who works alone"),
)
JURISDICTION = Field("jurisdiction", "text", "the jurisdiction of the site")
DISTANCE = Field(
    "distance_km", "number",
    "how far the prescriber would come: of links by distance alone, which nobody wrote down; nothing of all others",
    nullable=True,
)  # fmt: skip
LINKS = (
    *ENDS,
    Field("verdict", "category", "the rules that block, together", categories=_VERDICTS),
    Field("points", "whole number", "what the link is worth"),
    Field("weekly_sessions", "whole number", "the most sessions a week that both have hours for"),
    JURISDICTION,
    Field("rules_fail", "list of words", "the ids of the rules that block and fail"),
    Field("rules_unknown", "list of words", "the ids of the rules that block and are unknown"),
    DISTANCE,
)
JUDGEMENTS = (
    *ENDS,
    Field("rule", "text", "the id of the rule"),
    Field("about", "category", "whom the rule judged", categories=("prescriber", "therapist", "link")),
    Field("status", "category", "its verdict; not_applicable counts as pass", categories=STATUSES),
    Field("severity", "category", "only block touches the verdict of a link", categories=SEVERITIES),
)


def links_table(links: Links, rows: slice = slice(None)) -> Table:
    """A row for each link, or for each of some, in their order."""
    facts, pairs, rules = links.facts, links.pairs, blocking(links)
    fields = tuple(evolve(f, categories=rules) if f.type == "list of words" else f for f in LINKS)
    return Table(
        fields,
        (
            Coded(pairs.site[rows], facts.sites),
            Coded(pairs.prescriber_person[rows], facts.people),
            Coded(pairs.therapist_person[rows], facts.people),
            Coded(links.verdicts[rows] - FAIL, _VERDICTS),
            links.points[rows],
            pairs.weekly_sessions[rows].astype(np.int64),
            jurisdictions(links, rows),
            in_the_way(links, FAIL, rows),
            in_the_way(links, UNKNOWN, rows),
            distances(links, rows),
        ),
    )


def jurisdictions(links: Links, rows: Index | slice) -> Coded:
    """Of each of some links, the jurisdiction of its site."""
    facts = links.facts
    return Coded(facts.site_jurisdiction[links.pairs.site[rows]], facts.jurisdictions)


def distances(links: Links, rows: Index | slice) -> NDArray[np.float64]:
    """Of each of some links that is there by distance alone, how far the prescriber would come; NaN of the others."""
    supposed, pairs = links.facts.supposed, links.pairs
    at = pairs.prescribers.supposed[pairs.prescriber[rows]]
    if supposed is None:
        return np.full(len(at), np.nan)
    return np.append(supposed.distance, np.nan)[at]  # -1 is the last


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
