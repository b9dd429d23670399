"""Random numbers that hang on a seed and a number alone, whoever draws them, and when."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray


def uniform(seed: int, *which: int, count: int) -> NDArray[np.float64]:
    """Numbers from 0 up to 1, never 1; the same ones for the same seed and numbers on every machine.

    Parameters
    ----------
    seed : int
    which : int
        What they are for, such as the number of a world.
    count : int
        How many. Asked for more, the first ones are the same.

    Notes
    -----
    A Philox counter (Salmon, Moraes, Dror and Shaw 2011, doi:10.1145/2063384.2063405) keyed by NumPy's SeedSequence:
    no stream is drawn in order to get to another. The bits themselves are taken, whose order NumPy promises never to
    change, and not a generator's numbers.

    Examples
    --------
    >>> bool((uniform(1, 7, count=3) == uniform(1, 7, count=5)[:3]).all())
    True
    """
    bits = np.random.Philox(np.random.SeedSequence(seed, spawn_key=which)).random_raw(count)
    return np.asarray((bits >> np.uint64(11)) * 2.0**-53, np.float64)
