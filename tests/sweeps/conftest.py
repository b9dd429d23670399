"""Worker processes that the tests of a file share: they are slow to start."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor

import pytest

from kapteam.sweeps.pool import processes


@pytest.fixture(scope="module")
def two() -> Iterator[ProcessPoolExecutor]:
    """Two of them."""
    with processes(2) as pool:
        yield pool
