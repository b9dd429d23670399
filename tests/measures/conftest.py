"""The practice that ships with kapteam, judged and measured once in a run."""

from __future__ import annotations

from datetime import date

import pytest

import kapteam.demo
from kapteam.io.read import read
from kapteam.measures.measured import Measured, measures
from kapteam.measures.usable import Usable
from kapteam.network.links import Links, judged_links

DAY = date(2026, 12, 7)


@pytest.fixture(scope="session")
def practice_links() -> Links:
    return judged_links(read(str(kapteam.demo.practice_folder())), DAY)


@pytest.fixture(scope="session")
def practice_usable(practice_links: Links) -> Usable:
    return Usable(practice_links)


@pytest.fixture(scope="session")
def practice_measured(practice_links: Links) -> Measured:
    return measures(practice_links, draws=20)
