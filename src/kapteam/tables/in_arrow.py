"""Tables of Arrow."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from kapteam.tables.table import Coded, Field, Table, Values

if TYPE_CHECKING:
    import pyarrow as pa


def frame(table: Table) -> pa.Table:
    """A table of Arrow: dictionaries for categories; numbers are the network's own memory.

    Each field's metadata holds its ``meaning``.
    """
    import pyarrow as pa  # an extra, and slow to load

    fields = [pa.field(f.name, _type(f), nullable=f.nullable, metadata={"meaning": f.meaning}) for f in table.fields]
    arrays = [_array(f, values) for f, values in zip(table.fields, table.values, strict=True)]
    return pa.Table.from_arrays(arrays, schema=pa.schema(fields))


def _type(field: Field) -> Any:
    import pyarrow as pa

    types: dict[str, Any] = {
        "text": pa.string(),
        "category": pa.dictionary(pa.int32(), pa.string()),
        "whole number": pa.int64(),
        "number": pa.float64(),
        "yes or no": pa.bool_(),
        "date": pa.date32(),
        "list of text": pa.list_(pa.string()),
        "list of words": pa.list_(pa.dictionary(pa.int32(), pa.string())),
    }
    return types[field.type]


def _array(field: Field, values: Values) -> Any:
    import pyarrow as pa

    if field.type == "category":
        if isinstance(values, Coded):
            codes = pa.array(values.codes.astype(np.int32))
        else:
            place = {word: code for code, word in enumerate(field.categories)}
            codes = pa.array([None if v is None else place[v] for v in values], pa.int32())
        return pa.DictionaryArray.from_arrays(codes, pa.array(field.categories, pa.string()))
    if isinstance(values, Coded):
        return pa.array(list(values.of), _type(field)).take(pa.array(values.codes))
    return pa.array(values, _type(field), from_pandas=True)  # a number that is NaN is none
