"""A large CSV file as a frame, where it is so plain that any reader reads it alike."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import polars as pl

_MORE = "_cells beyond the header"


def csv_frame(path: Path, header: Sequence[str]) -> pl.DataFrame | None:
    """Its rows as text, null where nothing stands; None where a careful reader has to look at each row.

    That is where a cell spans lines, quotes stand elsewhere than around a cell, an apostrophe begins
    one, a row has more cells than the header, or the separator is no comma.
    """
    import polars as pl  # an extra, and slow to load

    data = path.read_bytes().removeprefix(b"\xef\xbb\xbf")
    begin = data.find(b"\n") + 1
    ends = data.count(b"\n") + (not data.endswith(b"\n"))
    if data[:begin].rstrip(b"\r\n") != ",".join(header).encode() or len(set(header)) < len(header):
        return None
    if b"\0" in data or data.count(b"\r") != data.count(b"\r\n") or not _quotes_are_plain(data):
        return None
    if any(data.count(before + b"'") for before in (b",", b"\n", b'"')):
        return None  # a cell that was kept from being a formula, perhaps
    # A column more than the file has: whatever stands in it is a cell too many, which Polars would drop.
    names = [*map(str, range(len(header))), _MORE]
    try:
        frame = pl.read_csv(",".join(names).encode() + b"\n" + data[begin:], infer_schema=False)
    except pl.exceptions.PolarsError:
        return None
    if len(frame) != ends - 1 or frame[_MORE].null_count() < len(frame):
        return None
    return frame.drop(_MORE).rename(dict(zip(names, header, strict=False)))


def _quotes_are_plain(data: bytes) -> bool:
    """Whether each quote opens a cell just after a separator or closes one just before; doubled ones stand inside."""
    if b'"' not in data:
        return True
    single = data.replace(b'""', b"") if b'""' in data else data
    near = sum(single.count(text) for text in (b',"', b'\n"', b'",', b'"\n', b'"\r\n')) + single.endswith(b'"')
    return single.count(b'"') == near
