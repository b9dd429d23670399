"""Verdicts as numbers: Kleene's three values, and a fourth for a rule that does not apply."""

from __future__ import annotations

from functools import reduce

import numpy as np
from numpy.typing import NDArray

#: An array of verdicts, one per subject.
Verdicts = NDArray[np.int8]

FAIL, UNKNOWN, PASS, NOT_APPLICABLE = -1, 0, 1, 2
#: The word for each value.
WORDS = {FAIL: "fail", UNKNOWN: "unknown", PASS: "pass", NOT_APPLICABLE: "not_applicable"}


def verdict(passes: NDArray[np.bool_]) -> Verdicts:
    """Pass where true, else fail."""
    return np.where(passes, np.int8(PASS), np.int8(FAIL))


def where_applies(applies: NDArray[np.bool_], verdicts: Verdicts) -> Verdicts:
    """The verdicts, and not applicable elsewhere."""
    return np.where(applies, verdicts, np.int8(NOT_APPLICABLE))


def conjunction(*verdicts: Verdicts) -> Verdicts:
    """Fails if any part fails, else is unknown if any part is unknown, else passes."""
    return np.minimum(reduce(np.minimum, verdicts), PASS).astype(np.int8)
