"""Where postal codes lie: a point for each, for sites whose own place nobody wrote down."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cached_property

from attrs import define

from kapteam.records.fingerprint import fingerprint

Point = tuple[float, float]

_ZIP = re.compile(r"([0-9]{5})(?:-?[0-9]{4})?")


@define(eq=False, slots=False)
class Centroids:
    """A point for each postal code.

    Attributes
    ----------
    points : mapping of str to (float, float)
        By the five digits of a ZIP code: latitude and longitude in degrees, WGS 84.
    mended : int
        How many codes had lost a leading 0 in their file, which was put back.
    """

    points: Mapping[str, Point]
    mended: int = 0

    def of(self, postal_code: str | None) -> Point | None:
        """The point of a postal code, such as 80302 or 80302-1234; None where there is none."""
        code = five_digits(postal_code or "")
        return None if code is None else self.points.get(code)

    @cached_property
    def fingerprint(self) -> str:
        """The same for the same points, whatever their order and whatever file they stood in."""
        return fingerprint({code: list(point) for code, point in self.points.items()})


def five_digits(postal_code: str) -> str | None:
    """The five digits of a ZIP code or a ZIP+4 code; None where it is neither."""
    found = _ZIP.fullmatch(postal_code.strip())
    return None if found is None else found[1]
