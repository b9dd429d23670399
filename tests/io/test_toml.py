from __future__ import annotations

import tomllib
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from kapteam.io.toml import dumps

TEXT = st.text(st.characters(codec="utf-8"))
LEAF = TEXT | st.booleans() | st.integers(-(2**60), 2**60) | st.floats(allow_nan=False) | st.lists(TEXT)


@given(
    st.recursive(st.dictionaries(TEXT, LEAF, max_size=3), lambda inner: st.dictionaries(TEXT, LEAF | inner, max_size=3))
)
def test_what_is_written_reads_back_equal(data: dict[str, Any]) -> None:
    assert tomllib.loads(dumps(data)) == data
