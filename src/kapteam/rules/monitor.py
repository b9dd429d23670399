"""The rule on who only watches: a licence that allows monitoring."""

from __future__ import annotations

import numpy as np

from kapteam.columns.facts import MONITORING
from kapteam.columns.logic import Verdicts, verdict
from kapteam.columns.lookup import Best
from kapteam.columns.members import Members
from kapteam.records.people import LICENSE_STATUS
from kapteam.rules.rule import rule
from kapteam.rules.speaking import held_here

#: The rules on each member that hold for a monitor too.
OF_MONITORS = ("malpractice.cover", "malpractice.ketamine")


@rule(
    "legal.license",
    subject="member",
    says={
        "pass": "{person} holds a licence in {state} that allows monitoring",
        "fail": "{person} has no licence in {state} that allows monitoring",
    },
)
def monitor_license(rows: Members) -> Verdicts:
    """An active licence, or a privilege, of a monitoring profession in the jurisdiction."""
    at, held = held_here(rows)
    licenses = rows.facts.licenses
    status = np.isin(licenses.status[held], [LICENSE_STATUS.index(s) for s in ("active", "privilege")])
    fits = status & np.isin(licenses.profession[held], list(MONITORING))
    return Best.of(at, verdict(fits)).at(np.arange(len(rows)), -1).astype(np.int8)
