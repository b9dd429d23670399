"""A roster from data frames of Polars, pandas or Arrow, a frame a table."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import zip_longest
from typing import Any

from kapteam.io.assemble import assemble
from kapteam.io.names import unknown
from kapteam.io.raw import NOTE, RawRoster, RawTable
from kapteam.records.arrays import own
from kapteam.records.problems import UsageError
from kapteam.records.roster import TABLES, Roster


def roster_from_frames(frames: Mapping[str, Any], *, practice: Mapping[str, Any] | None = None) -> Roster:
    """A roster from a data frame for each table.

    Parameters
    ----------
    frames : mapping of str to data frame
        By the names of the format's tables: frames of Polars, pandas or Arrow, or anything that can be exchanged for
        Arrow (``__arrow_c_stream__``, ``__dataframe__``). What is null, NaN or NaT is blank; a column whose name begins
        with ``_`` is your own note. An index of pandas is not read.
    practice : mapping, optional
        What the practice file holds, nested as in TOML.

    Returns
    -------
    Roster

    Raises
    ------
    RosterError
        With every problem, each with its table, row (counted from 1), column and value.
    UsageError
        What stands for a table is no data frame.

    Examples
    --------
    >>> import polars
    >>> frames = {
    ...     "sites": polars.DataFrame({"site": ["hudson"], "jurisdiction": ["NY"], "supply": ["stock"]}),
    ...     "practitioners": polars.DataFrame({"practitioner": ["ines"]}),
    ...     "licenses": polars.DataFrame({"practitioner": "ines", "jurisdiction": "NY", "profession": "physician"}),
    ...     "hours": polars.DataFrame({"practitioner": "ines", "site": "hudson", "when": ["Mon 09:00-17:00"]}),
    ... }
    >>> roster_from_frames(frames)
    <Roster: 1 practitioner, 1 site>
    """
    if not isinstance(frames, Mapping):
        raise UsageError(f"expected a mapping from the names of tables to data frames, not {type(frames).__name__}")
    raw = RawRoster("", practice=practice or {}, practice_source="practice")
    for name, frame in frames.items():
        if name in TABLES:
            header, columns = _columns(name, frame)
            raw.add(name, RawTable("", header, _rows(columns), None))
        elif not str(name).startswith(NOTE):
            expected, close = unknown("table", str(name), TABLES)
            raw.problem(str(name), expected, value=str(name), nearest=close)
    return assemble(raw)


def _rows(columns: list[list[Any]]) -> Iterator[tuple[int, list[Any]]]:
    return enumerate(map(list, zip_longest(*columns)), start=1)


def _columns(name: str, frame: Any) -> tuple[list[str], list[list[Any]]]:
    """The names and the values of a frame's columns, as Python has them; no library is loaded for it."""
    family = type(frame).__module__.partition(".")[0]
    if family == "polars" and hasattr(frame, "collect"):
        raise UsageError(f"{name}: expected a data frame, not a lazy one: collect() it first")
    if family == "polars" and hasattr(frame, "get_columns"):
        return list(frame.columns), [series.to_list() for series in frame.get_columns()]
    if family == "pandas" and hasattr(frame, "iloc") and hasattr(frame, "columns"):
        values = (frame.iloc[:, place] for place in range(len(frame.columns)))
        return [str(c) for c in frame.columns], [_plain(column) for column in values]
    if family == "pyarrow" and hasattr(frame, "column_names"):
        return list(frame.column_names), [column.to_pylist() for column in frame.columns]
    exchanged = _exchanged(name, frame)
    return list(exchanged.column_names), [column.to_pylist() for column in exchanged.columns]


def _plain(column: Any) -> list[Any]:
    """The values of a column of pandas: what is missing is None, whatever pandas calls it."""
    return [None if gone else own(value) for value, gone in zip(column.tolist(), column.isna().tolist(), strict=True)]


def _exchanged(name: str, frame: Any) -> Any:
    """Any other library's frame as a table of Arrow."""
    streams, exchanges = hasattr(frame, "__arrow_c_stream__"), hasattr(frame, "__dataframe__")
    what = f"{name}: expected a data frame of Polars, pandas or Arrow, not {type(frame).__name__}"
    if not streams and not exchanges:
        raise UsageError(what)
    try:
        import pyarrow as pa  # an extra
        from pyarrow.interchange import from_dataframe
    except ImportError:
        raise UsageError(
            f"{name}: a frame of {type(frame).__name__} is read by way of Arrow: pip install 'kapteam[pandas]'"
        ) from None
    try:
        return pa.table(frame) if streams else from_dataframe(frame)
    except (pa.ArrowException, TypeError, ValueError) as error:  # a single column, types that Arrow has not
        raise UsageError(f"{what}: {error}") from None
