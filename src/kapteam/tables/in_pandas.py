"""Tables of pandas."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from kapteam.tables import in_arrow
from kapteam.tables.table import Table

if TYPE_CHECKING:
    import pandas as pd


def frame(table: Table) -> pd.DataFrame:
    """A table as a data frame: categories, days as datetime64, and pandas' own types for what may be missing.

    A yes or no that nobody wrote down is NA, a number Int64 with NA: neither turns into a float. Lists are Arrow's.
    """
    import pandas as pd  # an extra, and slow to load
    import pyarrow as pa

    own: dict[Any, Any] = {pa.int64(): pd.Int64Dtype(), pa.bool_(): pd.BooleanDtype()}
    arrow = in_arrow.frame(table)
    columns = {}
    for field, column in zip(table.fields, arrow.columns, strict=True):
        if field.type in ("list of text", "list of words"):
            columns[field.name] = pd.Series(column, dtype=pd.ArrowDtype(column.type))
        else:
            chosen = own.get if field.nullable else None
            columns[field.name] = column.to_pandas(types_mapper=chosen, date_as_object=False)
    return pd.DataFrame(columns)
