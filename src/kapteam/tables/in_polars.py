"""Tables of Polars."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from kapteam.tables.table import Coded, Field, Table, Values

if TYPE_CHECKING:
    import polars as pl


def frame(table: Table) -> pl.DataFrame:
    """A table as a data frame: Enum for categories, Date for days, List for lists (of Enum where the words are few)."""
    import polars as pl  # an extra, and slow to load

    return pl.DataFrame([_series(f, values) for f, values in zip(table.fields, table.values, strict=True)])


def type_of(field: Field) -> Any:
    """The type of a column in Polars."""
    import polars as pl

    types: dict[str, Any] = {
        "text": pl.String,
        "category": pl.Enum(field.categories),
        "whole number": pl.Int64,
        "number": pl.Float64,
        "yes or no": pl.Boolean,
        "date": pl.Date,
        "list of text": pl.List(pl.String),
        "list of words": pl.List(pl.Enum(field.categories)),
    }
    return types[field.type]


def _series(field: Field, values: Values) -> pl.Series:
    import polars as pl

    if isinstance(values, Coded):
        return pl.Series(field.name, list(values.of), dtype=type_of(field)).gather(values.codes)
    return pl.Series(field.name, values, dtype=type_of(field), nan_to_null=True)
