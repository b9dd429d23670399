"""Who does the work, and how what is shared reaches each of them once: threads, processes, Dask."""

from __future__ import annotations

import sys
from concurrent.futures import Executor, Future, ThreadPoolExecutor
from typing import Any, Protocol

from kapteam.records.problems import UsageError
from kapteam.sweeps.at_work import Chunk, Given, Lacks, Task, Whole, chunk_of, chunk_of_kept, handed_on
from kapteam.sweeps.pool import processes

Answer = Given | Lacks


class Crew(Protocol):
    """Workers who know one task and what its items share."""

    def send(self, chunk: Chunk, *, whole: bool) -> Future[Answer]:
        """Have a chunk done; ``whole`` where what is shared must come along."""
        ...

    def missing(self) -> str:
        """Why nothing can come at present, in a sentence; empty where somebody is at work."""
        ...

    def again(self) -> Crew:
        """A crew in the place of one that is lost."""
        ...

    def close(self) -> None:
        """End what was begun for it."""
        ...


class Threads:
    """Threads of this process: what is shared is simply there."""

    def __init__(self, executor: Executor, task: Task, shared: Any) -> None:
        self._executor, self._task, self._shared = executor, task, shared

    def send(self, chunk: Chunk, *, whole: bool) -> Future[Answer]:
        """Have a chunk done."""
        return self._executor.submit(chunk_of, self._task, self._shared, chunk)

    def missing(self) -> str:
        """The threads are there."""
        return ""

    def again(self) -> Crew:
        """The same threads: they are not lost."""
        return self

    def close(self) -> None:
        """Nothing was begun."""


class Processes:
    """Other processes, here or elsewhere: each keeps what is shared once it was sent it."""

    def __init__(self, executor: Executor, task: Task, whole: Whole, *, own: bool = False) -> None:
        self._executor, self._task, self._whole, self._own = executor, task, whole, own
        self._name = Whole(whole.name, None)
        self._sent = 0

    def send(self, chunk: Chunk, *, whole: bool) -> Future[Answer]:
        """Have a chunk done; messages are numbered, for some executors take equal ones for one."""
        self._sent += 1
        what = self._whole if whole else self._name
        return self._executor.submit(chunk_of_kept, self._task, what, chunk, self._sent)

    def missing(self) -> str:
        """An executor starts its processes itself, and says where they break."""
        return ""

    def again(self) -> Crew:
        """Fresh processes on this machine, as many as there were."""
        workers = getattr(self._executor, "_max_workers", None) or 1
        return Processes(processes(workers), self._task, self._whole, own=True)

    def close(self) -> None:
        """End the processes, where they are not the caller's."""
        if self._own:
            self._executor.shutdown(cancel_futures=True)


class Cluster:
    """The workers of a Dask cluster: Dask moves what is shared to each, and has what a lost one was at done again."""

    def __init__(self, client: Any, task: Task, whole: Whole) -> None:
        import dask

        self._client, self._task, self._whole = client, task, whole
        self._executor = client.get_executor(pure=False)
        # The result of a task, and not data scattered: that is gone with the worker who holds it, this is made again.
        with dask.config.set({"distributed.admin.large-graph-warning-threshold": sys.maxsize}):
            self._there = client.submit(handed_on, whole, pure=False)
        self._sent = 0

    def send(self, chunk: Chunk, *, whole: bool) -> Future[Answer]:
        """Have a chunk done."""
        self._sent += 1
        future: Future[Answer] = self._executor.submit(chunk_of_kept, self._task, self._there, chunk, self._sent)
        return future

    def missing(self) -> str:
        """That no worker is connected to the scheduler, where none is."""
        known = self._client.scheduler_info()
        return "" if known["workers"] else f"no worker is connected to {known['address']}; waiting for one"

    def again(self) -> Crew:
        """The workers that there are now: what is shared is sent to them anew."""
        return Cluster(self._client, self._task, self._whole)

    def close(self) -> None:
        """Let the cluster forget what is shared."""
        self._there.release()


def crew(over: Any, task: Task, shared: Any) -> Crew:
    """The crew that an executor, or a client of Dask, stands for.

    Raises
    ------
    UsageError
        It is neither, or what is shared cannot be sent to other processes.
    """
    if isinstance(over, ThreadPoolExecutor):
        return Threads(over, task, shared)
    if is_dask(over):
        return Cluster(over, task, Whole.of(shared))
    if isinstance(over, Executor):
        return Processes(over, task, Whole.of(shared))
    raise UsageError(
        "expected an executor of concurrent.futures (or MPI's), or a client of dask.distributed, not "
        f"{type(over).__name__}"
    )


def is_dask(over: Any) -> bool:
    """Whether it is a client of Dask; Dask is not loaded to find out."""
    return type(over).__module__.split(".")[0] == "distributed" and hasattr(over, "scatter")
