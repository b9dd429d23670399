"""How much is shown of what may be long: enough to read, and where the rest is."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, TypeVar

from attrs import frozen

T = TypeVar("T")


@frozen
class Bounds:
    """How many rows are shown of each thing, and where all of them are.

    Attributes
    ----------
    rows : int
    all : str
        What has all of them.
    """

    rows: int
    all: str

    def first(self, rows: Sequence[T]) -> Sequence[T]:
        """Those that are shown."""
        return rows[: self.rows]

    def more(self, rows: int) -> Iterator[Any]:
        """A line that says how many are not, where some are not."""
        from rich.text import Text

        if rows > self.rows:
            yield Text(f"  ... and {rows - self.rows:,} more: {self.all} has them all", style="dim")


#: In answers of the command line.
COMMAND = Bounds(1000, "--json")
#: What is printed in Python.
PRINTED = Bounds(1000, "as_dict()")
#: What is the last expression of a notebook's cell.
CELL = Bounds(60, "as_dict()")
#: The same of what has many lines for each.
CELL_OF_LONG = Bounds(10, "as_dict()")
