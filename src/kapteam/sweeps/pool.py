"""Worker processes of this machine."""

from __future__ import annotations

import multiprocessing
from concurrent.futures import ProcessPoolExecutor

from kapteam.sweeps.at_work import deaf_to_interrupts


def processes(workers: int) -> ProcessPoolExecutor:
    """A pool of so many processes, which leave Ctrl-C to whoever made it.

    They are made by a small server process, and not by copying this one, which may have threads.
    """
    way = "forkserver" if "forkserver" in multiprocessing.get_all_start_methods() else "spawn"
    return ProcessPoolExecutor(workers, mp_context=multiprocessing.get_context(way), initializer=deaf_to_interrupts)
