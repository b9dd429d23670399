"""A large file as blocks of whole rows, each found again by where it begins."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

from attrs import frozen

from kapteam.records.problems import UsageError

_LINE = 1 << 20  # bytes that a header has at most


@frozen
class Block:
    """Rows that stand together.

    Attributes
    ----------
    data : bytes
        Whole rows, without the header; only the last one of the file may lack its line end.
    end : int
        Where in the file the next block begins.
    last : bool
    """

    data: bytes
    end: int
    last: bool


def first_line(path: Path) -> bytes:
    """The header line, with its line end."""
    with path.open("rb") as file:
        return file.readline(_LINE)


def blocks(path: Path, start: int, size: int) -> Iterator[Block]:
    """The rows from ``start`` on, ``size`` bytes or a little less at a time.

    Raises
    ------
    UsageError
        A quote is not closed, so that no row ends.
    """
    with path.open("rb") as file:
        file.seek(start)
        left = b""
        while data := file.read(size - len(left) if len(left) < size else size):
            data = left + data
            last = not _more(file)
            cut = len(data) if last else row_end(data)
            if cut == 0 and len(data) >= 4 * size:
                said = f"expected CSV: no row ends within {len(data):,} bytes: a quote is not closed"
                raise UsageError(f"{str(path)!r}, line {line_at(path, start)}: {said}")
            left = data[cut:]
            if cut:
                start += cut
                yield Block(data[:cut], start, last)


def line_at(path: Path, place: int) -> int:
    """The line, from 1 on, that the byte at ``place`` stands in."""
    line = 1
    with path.open("rb") as file:
        while place > 0 and (data := file.read(min(place, _LINE))):
            line += data.count(b"\n")
            place -= len(data)
    return line


def row_end(data: bytes) -> int:
    """Just after the last line end that stands in no quotes; 0 where there is none.

    Every quote opens or closes (one inside a quoted cell is written twice), so that outside of quotes their number
    so far is even.
    """
    end = data.rfind(b"\n") + 1
    odd = data.count(b'"', 0, end) % 2
    while odd and end:
        before = data.rfind(b"\n", 0, end - 1) + 1
        odd ^= data.count(b'"', before, end) % 2
        end = before
    return end


def _more(file: BinaryIO) -> bool:
    here = file.tell()
    found = bool(file.read(1))
    file.seek(here)
    return found
