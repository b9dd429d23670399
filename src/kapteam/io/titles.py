"""A title above the column names, as people put it on a sheet: told once, and the table is read from below it."""

from __future__ import annotations

from itertools import chain, islice
from typing import Any

from kapteam.io.raw import RawRoster, RawTable
from kapteam.records.kinds import blank, plain
from kapteam.records.roster import TABLES
from kapteam.records.table import columns, shown

_AHEAD = 5  # rows: a longer preface is no title
_ENOUGH = 2  # known names that make a row the header; one alone may be a word of the title


def below_title(name: str, table: RawTable, raw: RawRoster) -> None:
    """Move the header of ``table`` to where the column names stand, and say so in ``raw``."""
    known = {c.name for c in columns(TABLES[name])} if name in TABLES else {"key", "value"}
    if not table.header or _named(table.header, known):
        return
    rows, seen = iter(table.rows), []
    for number, cells in islice(rows, _AHEAD):
        if _named(cells, known) >= _ENOUGH:
            title = next((shown(c) for c in table.header if not blank(c)), "")
            raw.problem(
                name,
                f"the column names stand in row {number}: take away what is above them",
                source=table.source,
                row=table.header_row,
                value=title,
            )
            table.header, table.header_row, table.rows = ["" if blank(c) else shown(c) for c in cells], number, rows
            return
        seen.append((number, cells))
    table.rows = chain(seen, rows)


def _named(cells: list[Any], known: set[str]) -> int:
    return len({plain(shown(c)) for c in cells if not blank(c)} & known)
