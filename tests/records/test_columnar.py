"""One row of a large table is read without going through all of it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from kapteam.records.columnar import Coded, Read
from kapteam.records.places import Site


class Counted(Sequence[Any]):
    """Values that count how often one is looked at."""

    def __init__(self, values: Sequence[Any]) -> None:
        self.values, self.looked = values, 0

    def __len__(self) -> int:
        return len(self.values)

    def __getitem__(self, at: Any) -> Any:
        self.looked += 1
        return self.values[at]

    def __iter__(self) -> Iterator[Any]:
        self.looked += len(self.values)
        return iter(self.values)


def test_one_row_looks_at_its_own_values_alone() -> None:
    ids = Counted([f"site-{n}" for n in range(1000)])
    states = Counted(["NY", "CO"])
    codes = np.arange(1000, dtype=np.int32)
    table = Read(Site, 1000, {"site": Coded(codes, ids), "jurisdiction": Coded(codes % 2, states)})
    assert [table.record(row).site for row in (7, 999)] == ["site-7", "site-999"]
    assert (ids.looked, states.looked) == (2, 2)


@given(st.lists(st.integers(-1, 4), max_size=12), st.data())
def test_some_rows_have_the_values_that_each_has(codes: list[int], data: st.DataObject) -> None:
    column = Coded(np.array(codes, np.int32), [*"abcde"])
    rows = data.draw(st.lists(st.integers(0, len(codes) - 1), max_size=8)) if codes else []
    assert column.each(np.array(rows, np.int64)) == [column.at(row) for row in rows]
    assert column.each() == [column.at(row) for row in range(len(codes))]
