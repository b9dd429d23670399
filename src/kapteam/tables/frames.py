"""Answers as data frames: which tables an answer is, in Polars, pandas or Arrow."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from importlib.util import find_spec
from typing import TYPE_CHECKING, Any, overload

from kapteam.advice.explain import Explained
from kapteam.matching.match import Plan
from kapteam.network.links import Links
from kapteam.records.problems import UsageError
from kapteam.records.roster import Roster
from kapteam.tables import in_arrow, in_pandas, in_polars
from kapteam.tables.findings import findings_table
from kapteam.tables.links import links_table
from kapteam.tables.plan import plan_tables
from kapteam.tables.roster import roster_tables
from kapteam.tables.table import Table

if TYPE_CHECKING:
    import pandas as pd
    import polars as pl
    import pyarrow as pa

#: What is several tables, and what is one.
Several = Roster | Plan
One = Links | Iterable[Explained] | Table


@overload
def to_polars(answer: Several) -> dict[str, pl.DataFrame]: ...
@overload
def to_polars(answer: One) -> pl.DataFrame: ...
def to_polars(answer: Several | One) -> Any:
    """An answer as a data frame of Polars.

    Parameters
    ----------
    answer : Roster, Links, Plan, iterable of Explained, or Table
        A roster gives a dict of its eleven tables, a plan one of ``teams``, ``unmatched`` and ``prices``; all else one
        frame.

    Raises
    ------
    UsageError
        Polars is not installed.
    """
    _need("polars", "polars")
    return _frames(answer, in_polars.frame)


@overload
def to_pandas(answer: Several) -> dict[str, pd.DataFrame]: ...
@overload
def to_pandas(answer: One) -> pd.DataFrame: ...
def to_pandas(answer: Several | One) -> Any:
    """An answer as a data frame of pandas; see :func:`to_polars`."""
    _need("pandas", "pandas", "pyarrow")
    return _frames(answer, in_pandas.frame)


@overload
def to_arrow(answer: Several) -> dict[str, pa.Table]: ...
@overload
def to_arrow(answer: One) -> pa.Table: ...
def to_arrow(answer: Several | One) -> Any:
    """An answer as a table of Arrow; see :func:`to_polars`."""
    _need("pandas", "pyarrow")
    return _frames(answer, in_arrow.frame)


def tables_of(answer: Several | One) -> Table | dict[str, Table]:
    """An answer as tables of no library."""
    match answer:
        case Table():
            return answer
        case Roster():
            return roster_tables(answer)
        case Links():
            return links_table(answer)
        case Plan():
            return plan_tables(answer)
    return findings_table(answer)


def _frames(answer: Several | One, frame: Callable[[Table], Any]) -> Any:
    found = tables_of(answer)
    return {name: frame(table) for name, table in found.items()} if isinstance(found, Mapping) else frame(found)


def _need(extra: str, *packages: str) -> None:
    """Raise UsageError where a package of an extra is not installed."""
    missing = [name for name in packages if find_spec(name) is None]
    if missing:
        raise UsageError(f"{missing[0]} is not installed: pip install 'kapteam[{extra}]'")
