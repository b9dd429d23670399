from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from kapteam.records.places import PostalCode, Site
from kapteam.records.problems import Misread, RosterError


@pytest.mark.parametrize(
    ("cell", "meant"), [(7042, "07042"), (7042.0, "07042"), (501, "00501"), (np.int64(7042), "07042")]
)
def test_a_number_that_cannot_be_a_postal_code_is_an_error(cell: Any, meant: str) -> None:
    with pytest.raises(Misread, match="5 digits as text") as caught:
        PostalCode().parse(cell)
    assert caught.value.nearest == (meant,)


@pytest.mark.parametrize(("cell", "code"), [(12534, "12534"), ("07042", "07042"), ("7042", "7042"), ("K1A", "K1A")])
def test_a_text_and_a_number_of_five_digits_are_kept(cell: Any, code: str) -> None:
    assert PostalCode().parse(cell) == code


def test_a_missing_zone_is_told_with_those_of_the_state() -> None:
    with pytest.raises(RosterError) as caught:
        Site("austin", "TX", supply="stock")
    (found,) = caught.value.problems
    assert (found.column, found.nearest) == ("timezone", ("America/Chicago", "America/Denver"))
