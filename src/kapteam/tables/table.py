"""A table before it is one of Polars, pandas or Arrow: declared columns, and arrays of values where they can be."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Literal

import numpy as np
from attrs import frozen
from numpy.typing import NDArray

#: What a column holds: text, one word of a few, int64, float64, bool, a day, lists of text, lists of a few words.
Type = Literal["text", "category", "whole number", "number", "yes or no", "date", "list of text", "list of words"]


@frozen
class Field:
    """One column.

    Attributes
    ----------
    name : str
    type : str
    meaning : str
    nullable : bool
        Whether a cell may hold nothing.
    categories : tuple of str
        The words of a category, or of a list of words.
    """

    name: str
    type: Type
    meaning: str
    nullable: bool = False
    categories: tuple[str, ...] = ()


@frozen(eq=False)
class Coded:
    """Texts, or lists of them, by their number in a list: what a million links name is a few thousand ids.

    Attributes
    ----------
    codes : array of int
    of : sequence of str, or of list of str
    """

    codes: NDArray[np.integer[Any]]
    of: Sequence[Any]


#: The values of a column: numbers as an array (NaN where there is none), texts by number, or anything as a list.
Values = NDArray[Any] | Coded | list[Any]


@frozen(eq=False)
class Table:
    """A table as columns.

    Attributes
    ----------
    fields : tuple of Field
    values : tuple of Values
        As many, each as long as the others.
    """

    fields: tuple[Field, ...]
    values: tuple[Values, ...]


def of_rows(fields: Sequence[Field], rows: Sequence[Sequence[Any]]) -> Table:
    """A table of rows of cells."""
    columns = [list(column) for column in zip(*rows, strict=True)] if rows else [[] for _ in fields]
    return Table(tuple(fields), tuple(columns))
