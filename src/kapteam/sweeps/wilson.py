"""How sure a share is that was counted in some draws."""

from __future__ import annotations

from math import sqrt
from statistics import NormalDist

LEVEL = 0.95


def wilson(times: int, draws: int, level: float = LEVEL) -> tuple[float, float]:
    """The interval of Wilson (1927, doi:10.1080/01621459.1927.10502953) for a share seen so many times in some draws.

    Examples
    --------
    >>> [round(end, 4) for end in wilson(81, 263)]
    [0.2553, 0.3662]
    >>> wilson(0, 10)[0], wilson(10, 10)[1]
    (0.0, 1.0)
    """
    z = NormalDist().inv_cdf((1 + level) / 2)
    share, spread = times / draws, z * z / draws
    middle = (share + spread / 2) / (1 + spread)
    half = z / (1 + spread) * sqrt(share * (1 - share) / draws + spread / (4 * draws))
    return (0.0 if times == 0 else middle - half), (1.0 if times == draws else middle + half)
