"""Judging as a person of data would script it, in Polars and in SQL: what to call, and whether it agrees."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import polars as pl
from duckdb_query import Database
from flat import flat
from instances import DAY
from plain import JUDGEMENTS, NOT_BLOCKING
from polars_script import verdicts

from kapteam.network.links import Links
from kapteam.records.roster import Roster

_RULES = len({rule for rule, _ in JUDGEMENTS if rule not in NOT_BLOCKING})
#: By name: what the table says of each.
SCRIPTS = {
    "polars": f"a Polars script of the {_RULES} rules that block, all cores",
    "duckdb": f"a DuckDB query of the {_RULES} rules that block, all cores",
}
_KEY = ["site", "prescriber", "therapist"]


def scripted(of: Roster) -> dict[str, Callable[[], pl.DataFrame]]:
    """Both scripts on a roster, whose rows are flat tables in memory already."""
    tables = flat(of, DAY)
    return {"polars": partial(verdicts, tables), "duckdb": Database.of(tables).verdicts}


def same_verdicts(links: Links, answer: pl.DataFrame) -> bool:
    """Whether a script found the same links and verdicts; its people and sites are numbered as kapteam's are."""
    pairs = links.pairs
    own = pl.DataFrame({
        "site": pairs.site, "prescriber": pairs.prescriber_person, "therapist": pairs.therapist_person,
        "verdict": links.verdicts,
    })  # fmt: skip
    return own.sort(_KEY).equals(answer.cast(dict(own.schema)).sort(_KEY))
