"""One number that was measured: its name, value and unit, and whose it is."""

from __future__ import annotations

import math
from typing import Any

from attrs import frozen

#: Whose a number is that belongs to nobody in particular.
NETWORK = "network"

_DIGITS = 6  # that are told: what the last bits of a sum are differs between machines

Number = int | float | None


@frozen
class Measure:
    """A number.

    Attributes
    ----------
    name : str
        As docs/definitions.md defines it.
    value : int, float or None
        None where it is not defined.
    unit : str
    of : str
        ``network``, or the id of a site or a person.
    """

    name: str
    value: Number
    unit: str
    of: str = NETWORK


def number(value: Any) -> Number:
    """A value as it is told: whole numbers whole, others to six digits, and None for what is no number."""
    if value is None:
        return None
    if isinstance(value, float) or not hasattr(value, "__index__"):
        # Zero is added so that there is no -0.
        return float(f"{float(value):.{_DIGITS}g}") + 0.0 if math.isfinite(value) else None
    return int(value)


def share(part: float, whole: float) -> Number:
    """A part of a whole, from 0 to 1; None where there is no whole."""
    return number(float(part) / float(whole)) if whole else None
