"""A plan of sessions as a table that a spreadsheet opens."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from kapteam.io.formulas import inert

COLUMNS = (
    "site", "room", "date", "start", "end", "prescribers", "therapists", "monitors", "protocol", "demand", "points",
    "to_verify", "uid",
)  # fmt: skip


def write_sessions(sessions: Iterable[Mapping[str, Any]], path: Path) -> None:
    """Write sessions, as their JSON has them, to a CSV file; lists are joined by ``;``, and blanks are nothing."""
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(COLUMNS)
        for session in sessions:
            row = {**session, "date": session["start"][:10]}
            writer.writerow([_cell(row[name]) for name in COLUMNS])


def _cell(value: Any) -> str:
    text = "" if value is None else ";".join(value) if isinstance(value, list) else str(value)
    return inert(text)
