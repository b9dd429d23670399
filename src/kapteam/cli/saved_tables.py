"""A saved plan from a folder of tables, as ``kapteam match --tables`` wrote it."""

from __future__ import annotations

from collections.abc import Iterator
from importlib.util import find_spec
from itertools import groupby
from operator import itemgetter
from pathlib import Path
from typing import Any

import attrs

from kapteam.cli.give_tables import ANSWER
from kapteam.cli.saved import read_document
from kapteam.matching.saved import SavedCertificate, SavedPair, SavedPlace, SavedPlan, SavedTeam, saved_plan
from kapteam.records.problems import UsageError
from kapteam.tables.plan import COVER, PAIR_PRICES, PRICES, TEAMS
from kapteam.tables.table import Field

_COMMAND = "kapteam match --tables"
_OF_TEAMS = ("site", "prescriber", "therapist", "points", "weekly_sessions", "to_verify", "held")


def tables_at(plan: Path) -> Path | None:
    """The folder of tables that a path names, by itself or by its ``answer.json``; None where it is another file."""
    if plan.is_dir():
        return plan
    return plan.parent if plan.name == ANSWER and (plan.parent / "teams.parquet").exists() else None


def read_tables(folder: Path) -> SavedPlan:
    """The plan in a folder of tables: the sums and options of ``answer.json``, the teams and what proves them.

    Raises
    ------
    UsageError
        There is no plan in the folder, or Polars is not installed.
    """
    if not (folder / ANSWER).is_file():
        raise UsageError(f"{str(folder)!r} is no plan: expected a folder of `{_COMMAND}`, with {ANSWER}")
    document = read_document(folder / ANSWER)
    if isinstance(document, dict) and "verdicts" in document:
        raise UsageError(f"{str(folder)!r} holds links, and no plan: give a folder of `{_COMMAND}`")
    if find_spec("polars") is None:
        raise UsageError("Parquet is read by Polars: pip install 'kapteam[polars]'")
    try:
        return _plan(folder, saved_plan(_with_lists(folder, document)))
    except UsageError as error:
        raise UsageError(f"{folder}: {error}") from None


def _with_lists(folder: Path, document: Any) -> Any:
    """The document with what is short of its lists, so that one reading of plans judges the rest of it."""
    if not isinstance(document, dict):
        return document
    fair = document.get("fair")
    if isinstance(fair, dict):
        cover: dict[str, list[str]] = {"prescribers": [], "therapists": []}
        for who, role in _rows(folder, "cover", COVER):
            cover[f"{role}s"].append(who)
        document = {**document, "fair": {**fair, "cover": cover}}
    if document.get("status") == "optimal":
        proof = {"teamed_worth": document.get("teamed_worth"), "prescribers": {}, "therapists": {}}
        document = {**document, "certificate": proof}
    return {**document, "teams": []}


def _plan(folder: Path, brief: SavedPlan) -> SavedPlan:
    teams, held = [], []
    rows = list(_rows(folder, "teams", tuple(f for f in TEAMS if f.name in _OF_TEAMS)))
    for (site, prescriber), some in groupby(rows, itemgetter(0, 1)):
        places = []
        for _, _, therapist, points, sessions, to_verify, kept in some:
            places.append(SavedPlace(therapist, points, sessions, to_verify))
            if kept:
                held.append([prescriber, therapist, site])
        teams.append(SavedTeam(site, prescriber, places))
    return attrs.evolve(
        brief, teams=teams, held=held, certificate=brief.certificate and _certificate(folder, brief, brief.certificate)
    )


def _certificate(folder: Path, brief: SavedPlan, proof: SavedCertificate) -> SavedCertificate:
    prices: dict[str, dict[str, int]] = {"prescriber": {}, "therapist": {}}
    for who, role, price, _ in _rows(folder, "prices", PRICES):
        if who in prices[role]:
            raise UsageError(f"prices.parquet: {who} has two prices as {role}")
        prices[role][who] = price
    pairs = [SavedPair(*row) for row in _rows(folder, "pair_prices", PAIR_PRICES)] if brief.max_partners > 1 else []
    return SavedCertificate(proof.teamed_worth, prices["prescriber"], prices["therapist"], pairs)


def _rows(folder: Path, name: str, fields: tuple[Field, ...]) -> Iterator[tuple[Any, ...]]:
    """The rows of a table, of which these columns are wanted."""
    import polars as pl  # an extra, and slow to load

    from kapteam.tables.in_polars import type_of

    file, wanted = f"{name}.parquet", ", ".join(f.name for f in fields)
    if not (folder / file).is_file():
        raise UsageError(f"{file} is missing")
    try:
        frame = pl.read_parquet(folder / file, columns=[f.name for f in fields])
        frame = frame.select(pl.col(f.name).cast(type_of(f)) for f in fields)
    except OSError as error:
        raise UsageError(f"{file}: cannot be read: {error.strerror or error}") from None
    except pl.exceptions.PolarsError:
        raise UsageError(f"{file}: expected a Parquet table of `{_COMMAND}` with the columns {wanted}") from None
    if any(frame.null_count().row(0)):
        raise UsageError(f"{file}: a cell is empty; all of {wanted} are needed")
    return frame.iter_rows()
