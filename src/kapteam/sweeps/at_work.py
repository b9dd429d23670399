"""What a worker does: it keeps what all items share, once, and gives the results of a few items a message."""

from __future__ import annotations

import os
import pickle
import signal
import socket
import threading
import traceback
import zlib
from collections.abc import Callable, Sequence
from hashlib import sha256
from typing import Any

from attrs import frozen

import kapteam
from kapteam.records.problems import KapteamError

#: A pure function of what is shared and of one item.
Task = Callable[[Any, Any], Any]
#: Items, each with its place among all.
Chunk = Sequence[tuple[int, Any]]

# What this process was sent to keep, under its name; the last thing only.
_kept: dict[str, Any] = {}
_keeping = threading.Lock()


class NeverCame(Exception):
    """What is shared was not sent to this process."""


@frozen
class Whole:
    """What is shared, on its way to a worker who keeps it.

    Attributes
    ----------
    name : str
        Another thing, another name.
    packed : bytes or None
        Pickled and compressed; None where the worker is expected to have it already.
    """

    name: str
    packed: bytes | None

    @classmethod
    def of(cls, shared: Any) -> Whole:
        """What is shared, packed."""
        # Columns of codes repeat themselves: the fastest level makes a seventh of them in no time.
        packed = zlib.compress(pickle.dumps(shared, protocol=pickle.HIGHEST_PROTOCOL), level=1)
        return cls(sha256(packed).hexdigest(), packed)

    def unpacked(self) -> Any:
        """The thing itself, as this process keeps it from now on.

        Raises
        ------
        NeverCame
        """
        with _keeping:
            if self.name not in _kept:
                if self.packed is None:
                    raise NeverCame(self.name)
                _kept.clear()
                _kept[self.name] = pickle.loads(zlib.decompress(self.packed))
            return _kept[self.name]


@frozen
class Given:
    """The results of a chunk, or where one of its items could not be done.

    Attributes
    ----------
    worker : str
        Which process gave them.
    results : tuple of (int, object)
        By place; those before the one that failed, where one did.
    failed : Failed or None
    version : str
        Of kapteam, there.
    """

    worker: str
    results: tuple[tuple[int, Any], ...]
    failed: Failed | None = None
    version: str = kapteam.__version__


@frozen
class Failed:
    """An item that could not be done.

    Attributes
    ----------
    place : int
    said : str
        What is wrong.
    meant : bool
        Whether it is an error that is told in a sentence, and not one of the program.
    trace : str
        Where it was.
    """

    place: int
    said: str
    meant: bool
    trace: str


@frozen
class Lacks:
    """The worker was not sent what is shared, and has done nothing.

    Attributes
    ----------
    worker : str
    """

    worker: str


def chunk_of_kept(task: Task, whole: Whole, chunk: Chunk, message: int) -> Given | Lacks:
    """The results of a chunk in a process that keeps what is shared; ``message`` is the number of this request."""
    try:
        shared = whole.unpacked()
    except NeverCame:
        return Lacks(_me())
    return chunk_of(task, shared, chunk)


def handed_on(whole: Whole) -> Whole:
    """What is shared, still packed, for the workers to fetch from one another."""
    return whole


def chunk_of(task: Task, shared: Any, chunk: Chunk) -> Given:
    """The results of a chunk, where what is shared is at hand."""
    results: list[tuple[int, Any]] = []
    for place, item in chunk:
        try:
            results.append((place, task(shared, item)))
        except Exception as error:
            meant = isinstance(error, KapteamError)
            said = str(error) if meant else f"{type(error).__name__}: {error}"
            return Given(_me(), tuple(results), Failed(place, said, meant, traceback.format_exc()))
    return Given(_me(), tuple(results))


def deaf_to_interrupts() -> None:
    """Leave Ctrl-C to the process that gives out the work: a terminal sends it to all of them."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)


def _me() -> str:
    return f"{socket.gethostname()}/{os.getpid()}"
