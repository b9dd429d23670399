"""Many items done by many workers: in any order, in chunks, past lost workers; the results by their place."""

from __future__ import annotations

import threading
import time
import warnings
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import BrokenExecutor, CancelledError, Future
from itertools import chain, count
from queue import Empty, SimpleQueue
from typing import Any

from attrs import Factory, define, frozen

import kapteam
from kapteam.records.problems import UsageError
from kapteam.sweeps.at_work import Chunk, Failed, Given, Lacks, Task, chunk_of
from kapteam.sweeps.crews import Answer, Crew, crew

#: Seconds of work that are worth a message.
_WORTH = 0.25
#: Chunks that are under way at once: more than any crew has hands for, and few enough to keep in mind.
_UNDER_WAY = 1000
#: How often what lost workers were at is tried again.
_TRIES = 2
_LISTEN = 0.2  # seconds between two looks whether to stop
_SILENT = 3.0  # seconds without an answer, after which it is asked whether anybody is at work


@frozen
class Spread:
    """What was done.

    Attributes
    ----------
    results : dict of int to object
        By place, in order; all of them, unless it was stopped.
    complete : bool
    messages : int
        How many chunks were sent.
    wholes : int
        How often what is shared was sent along with one.
    """

    results: dict[int, Any]
    complete: bool
    messages: int
    wholes: int


@define(eq=False)
class How:
    """By whom, and what is heard of it meanwhile.

    Attributes
    ----------
    executor : concurrent.futures.Executor, dask.distributed.Client or None
        None: all of it here.
    stop : threading.Event
        Set from elsewhere, it ends the work with what is done.
    progress : function of (done, all), optional
    tell : function of a sentence
        Hears that workers were lost and what they were at is done again, or that there is none to wait for.
    """

    executor: Any = None
    stop: threading.Event = Factory(threading.Event)
    progress: Callable[[int, int], None] | None = None
    tell: Callable[[str], None] = Factory(lambda: _warn)


def spread(
    task: Task,
    shared: Any,
    items: Sequence[Any],
    how: How | None = None,
    *,
    names: Callable[[Any], str] = str,
    grain: int | None = None,
) -> Spread:
    """Do a task for every item.

    Parameters
    ----------
    task : function of (shared, item)
        Pure, and defined in a module: workers find it there by its name.
    shared : object
        What every item needs; it reaches each worker once.
    items : sequence
    how : How, optional
        All of it here without one.
    names : function of an item
        What errors call it.
    grain : int, optional
        How many items a message has; without it as many as are worth one, found by doing the first two here.

    Raises
    ------
    UsageError
        An item cannot be done, for a reason that its task tells; of several the first.
    RuntimeError
        The task is broken, or workers were lost again and again.
    """
    how = how or How()
    work = _Work(task, shared, items, how, names)
    if how.executor is None:
        work.here(range(len(items)))
    else:
        if grain is None:
            work.here(range(len(items))[:1])  # what is loaded or made ready by it is not to count
            began = time.perf_counter()
            work.here(range(len(items))[1:2])
            grain = max(1, int(_WORTH / max(time.perf_counter() - began, 1e-9)))
        work.sent(grain)
    results = {place: work.results[place] for place in sorted(work.results)}
    return Spread(results, len(results) == len(items), work.messages, work.wholes)


@define(eq=False)
class _Work:
    """What is done so far; lives for one call."""

    task: Task
    shared: Any
    items: Sequence[Any]
    how: How
    names: Callable[[Any], str]
    results: dict[int, Any] = Factory(dict)
    messages: int = 0
    wholes: int = 0

    def here(self, places: Sequence[int]) -> None:
        for place in places:
            if self.how.stop.is_set():
                return
            given = chunk_of(self.task, self.shared, [(place, self.items[place])])
            if given.failed is not None:
                raise self.error(given.failed)
            self.took(given)

    def sent(self, grain: int) -> None:
        left = range(len(self.results), len(self.items))
        chunks = (
            [(place, self.items[place]) for place in left[begin : begin + grain]]
            for begin in range(0, len(left), grain)
        )
        lost: list[Chunk] = []
        workers = crew(self.how.executor, self.task, self.shared)
        for tried in count():
            with _Round(self, workers) as going:
                lost = going.done(chain(lost, chunks))
            if not lost or self.how.stop.is_set():
                return
            if tried == _TRIES:
                raise self.lost_at(lost[0])
            self.how.tell(
                f"a worker was lost; what it was at, {sum(map(len, lost)):,} of {len(self.items):,}, is done again"
            )
            workers = workers.again()

    def took(self, given: Given) -> None:
        """Keep what a worker gave."""
        if given.version != kapteam.__version__:
            raise UsageError(
                f"the worker {given.worker} has kapteam {given.version}, and here it is {kapteam.__version__}: install "
                "the same everywhere"
            )
        self.results.update(given.results)
        if self.how.progress is not None:
            self.how.progress(len(self.results), len(self.items))

    def lost_at(self, chunk: Chunk) -> RuntimeError:
        """What to raise where workers are lost again and again."""
        return RuntimeError(
            f"workers were lost again and again, the last time at {self.names(chunk[0][1])}: has each of them memory "
            "enough? Fewer workers need less"
        )

    def error(self, failed: Failed) -> Exception:
        """What to raise of an item that could not be done."""
        said = f"{self.names(self.items[failed.place])}: {failed.said}"
        error: Exception = UsageError(said) if failed.meant else RuntimeError(said)
        if not failed.meant:
            error.add_note(failed.trace)
        return error


class _Round:
    """Chunks under way with one crew; lives until all are done, or the crew is lost."""

    def __init__(self, work: _Work, workers: Crew) -> None:
        self._work, self._workers = work, workers
        self._going: dict[Future[Answer], tuple[Chunk, bool]] = {}
        self._ready: SimpleQueue[Future[Answer]] = SimpleQueue()
        self._held: list[Chunk] = []  # until another worker has what is shared
        self._missing = ""  # what was told last of nobody being at work
        self._served: set[str] = set()  # workers for whom what is shared was sent once more

    def __enter__(self) -> _Round:
        return self

    def __exit__(self, *_: object) -> None:
        for future in list(self._going):
            future.cancel()
        self._workers.close()

    def done(self, chunks: Iterator[Chunk]) -> list[Chunk]:
        """Have chunks done; of those lost with their workers, and of all after them, the first come back."""
        lost: list[Chunk] = []
        failed: Failed | None = None
        heard = time.monotonic()
        while not self._work.how.stop.is_set():
            while not lost and failed is None and len(self._going) + len(self._held) < _UNDER_WAY:
                if (chunk := next(chunks, None)) is None:
                    break
                self._send(chunk, whole=not self._work.wholes)
            if not self._going:
                break
            try:
                future = self._ready.get(timeout=_LISTEN)
            except Empty:
                if time.monotonic() - heard >= _SILENT:
                    heard = time.monotonic()
                    self._tell_missing()
                continue
            heard = time.monotonic()
            if future not in self._going:  # dropped meanwhile
                continue
            chunk, whole = self._going.pop(future)
            try:
                answer = future.result()
            except Exception as error:
                if type(error).__name__ == "KilledWorker":  # Dask's word that it has tried often enough
                    raise self._work.lost_at(chunk) from error
                if not _is_loss(error):
                    raise
                lost.append(chunk)
                continue
            if isinstance(answer, Lacks):
                self._lacks(answer.worker, chunk)
                continue
            self._work.took(answer)
            if answer.failed is not None and (failed is None or answer.failed.place < failed.place):
                failed = answer.failed
                self._drop_after(failed.place)
            if whole:
                self._release()
        if failed is not None:
            raise self._work.error(failed)
        return sorted([*lost, *self._held], key=lambda chunk: chunk[0][0])

    def _tell_missing(self) -> None:
        """Tell that nobody is at work, once each time that it comes to that."""
        missing = self._workers.missing()
        if missing and missing != self._missing:
            self._work.how.tell(missing)
        self._missing = missing

    def _send(self, chunk: Chunk, *, whole: bool) -> None:
        work = self._work
        work.messages += 1
        work.wholes += whole
        try:
            future = self._workers.send(chunk, whole=whole)
        except BrokenExecutor as broken:
            future = Future()
            future.set_exception(broken)
        self._going[future] = chunk, whole
        future.add_done_callback(self._ready.put)

    def _lacks(self, worker: str, chunk: Chunk) -> None:
        """A worker has not got what is shared: send it, but not to everybody who asks in the meantime."""
        under_way = any(whole for _, whole in self._going.values())
        if worker not in self._served or not under_way:
            self._served.add(worker)
            self._send(chunk, whole=True)
        else:
            self._held.append(chunk)

    def _release(self) -> None:
        held, self._held = self._held, []
        for chunk in held:
            self._send(chunk, whole=False)

    def _drop_after(self, place: int) -> None:
        """What comes after an item that failed need not be done: the error is about the first."""
        self._held = [chunk for chunk in self._held if chunk[0][0] < place]
        for future, (chunk, _) in list(self._going.items()):
            if chunk[0][0] > place and future.cancel():
                del self._going[future]


def _is_loss(error: Exception) -> bool:
    """Whether a worker was lost, and not the task broken."""
    # What Dask has cancelled because nobody holds what it needs is, to it, an error of its own.
    return isinstance(error, BrokenExecutor | CancelledError)


def _warn(said: str) -> None:
    warnings.warn(said, RuntimeWarning, stacklevel=2)
