"""Findings in words as a table, a row each."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from kapteam.advice.explain import Explained
from kapteam.tables.links import ENDS, SEVERITIES, STATUSES
from kapteam.tables.table import Field, Table, of_rows

FINDINGS = (
    *ENDS,
    Field("rule", "text", "the id of the rule"),
    Field("status", "category", "its verdict; not_applicable counts as pass", categories=STATUSES),
    Field("severity", "category", "only block touches the verdict of a link", categories=SEVERITIES),
    Field("subject", "text", "whom it is about, by ids"),
    Field("message", "text", "the finding in a sentence"),
    Field("citations", "list of text", "what it rests on"),
    Field("remedy", "text", "what to do about it", nullable=True),
    Field("remedy_days", "whole number", "the usual lead time", nullable=True),
    Field("remedy_dollars", "whole number", "the usual cost", nullable=True),
    Field("remedy_basis", "text", "where the two figures come from", nullable=True),
    Field("note", "text", "a condition or a caveat of the sources; may be empty"),
)


def findings_table(explained: Iterable[Explained]) -> Table:
    """A row for each finding of some links, in their order."""
    rows = []
    for one in explained:
        link = one.link
        for f in one.findings:
            remedy: tuple[Any, ...] = (None, None, None, None)
            if f.remedy is not None:
                remedy = (f.remedy.change, f.remedy.days, f.remedy.dollars, f.remedy.basis)
            rows.append(
                (
                    link.site, link.prescriber, link.therapist, f.rule, f.status, f.severity, f.subject, f.message,
                    list(f.citations), *remedy, f.note,
                )
            )  # fmt: skip
    return of_rows(FINDINGS, rows)
