"""The rows of a block as a frame of the columns that are read, and how many had another number of cells."""

from __future__ import annotations

import csv
import io
from typing import TYPE_CHECKING

from attrs import frozen

from kapteam.registry.blocks import Block, row_end
from kapteam.registry.layout import READ

if TYPE_CHECKING:
    from _csv import Reader

    import polars as pl


class BrokenRow(Exception):
    """A row that cannot be read, nor any after it.

    Attributes
    ----------
    expected : str
        What was expected, and what to do.
    line : int
        The line of the block in which the row begins, from 0 on.
    """

    def __init__(self, expected: str, line: int) -> None:
        super().__init__(expected)
        self.expected, self.line = expected, line


@frozen
class Rows:
    """Rows of the file.

    Attributes
    ----------
    frame : polars.DataFrame
        The columns of ``layout.READ`` by their short names: text, empty where nothing stands.
    broken : int
        The rows left out, for they have more or fewer cells than the header has columns.
    """

    frame: pl.DataFrame
    broken: int


def rows(block: Block, names: list[str]) -> Rows:
    """Read a block.

    Raises
    ------
    BrokenRow
        The file breaks off in its last row, or a quote is not closed.
    """
    if block.last:
        _whole(block.data, len(names))
    frame = _fast(block.data, names)
    return _careful(block.data, names) if frame is None else Rows(frame, 0)


def _fast(data: bytes, names: list[str]) -> pl.DataFrame | None:
    """The frame by Polars; None where a row may have another number of cells, which Polars mends without a word."""
    import polars as pl  # an extra, and slow to load

    if b",\n" in data or b",\r\n" in data:
        return None  # the last cell is blank, and whether it is one too many is not to be seen
    # A column more than the file has: whatever stands in it is a cell too many.
    head = ",".join(f"c{i}" for i in range(len(names) + 1)).encode() + b"\n"
    places = {short: f"c{names.index(name)}" for short, name in READ.items()}
    last, beyond = f"c{len(names) - 1}", f"c{len(names)}"
    try:
        frame = pl.read_csv(head + data, columns=sorted({*places.values(), last, beyond}), infer_schema=False)
    except pl.exceptions.PolarsError:
        return None
    if frame[last].null_count() or frame[beyond].null_count() < len(frame):
        return None
    return frame.select(pl.col(column).fill_null("").alias(short) for short, column in places.items())


def _careful(data: bytes, names: list[str]) -> Rows:
    """The same row by row: slower, and sees how many cells each has."""
    import polars as pl

    places = [names.index(name) for name in READ.values()]
    taken, broken, begun = [], 0, 0
    reader = _reader(data)
    try:
        for row in reader:
            begun = reader.line_num
            if len(row) == len(names):
                taken.append([row[i] for i in places])
            elif row:
                broken += 1
    except csv.Error as error:
        raise BrokenRow(f"expected CSV: {error}; look for a quote that is not closed", begun) from None
    return Rows(pl.DataFrame(taken, schema=dict.fromkeys(READ, pl.String), orient="row"), broken)


def _whole(data: bytes, width: int) -> None:
    """Raise where the file ends inside a row: it was cut off, and nobody knows how much is missing."""
    cut = data.count(b'"') % 2 == 1
    if not cut and data and not data.endswith(b"\n"):
        line = data[data.rfind(b"\n") + 1 :]  # a cell that spans lines has its quote before, and the row is whole
        cut = line.count(b'"') % 2 == 0 and _width(line) < width
    if cut:
        said = "the file breaks off in the middle of its last row: get the whole of it and try again"
        raise BrokenRow(said, data.count(b"\n", 0, row_end(data)))


def _width(line: bytes) -> int:
    """How many cells a line has; none where it is no CSV."""
    try:
        return len(next(_reader(line), []))
    except csv.Error:
        return 0


def _reader(data: bytes) -> Reader:
    # Without translation, so that a carriage return alone ends a line and is no error.
    return csv.reader(io.StringIO(data.decode("utf-8", errors="replace"), newline=""))
