"""Values of NumPy, as data frames and measures give them, as Python's own."""

from __future__ import annotations

from typing import Any


def own(value: Any) -> Any:
    """A number or an array of NumPy's as a number or a list; any other value as it is; no library is loaded for it.

    Examples
    --------
    >>> import numpy
    >>> own(numpy.int64(3)), own(numpy.array(["en", "es"])), own("en")
    (3, ['en', 'es'], 'en')
    """
    return value.tolist() if hasattr(value, "dtype") and hasattr(value, "tolist") else value
