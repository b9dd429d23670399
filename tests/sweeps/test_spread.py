"""The same results from whoever does the work, in whatever order; and what becomes of it when something is lost."""

from __future__ import annotations

import os
import pickle
import threading
from collections.abc import Callable
from concurrent.futures import Executor, Future, ProcessPoolExecutor, ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
import tasks
from attrs import evolve

from kapteam.records.problems import UsageError
from kapteam.sweeps import at_work
from kapteam.sweeps.at_work import Given
from kapteam.sweeps.pool import processes
from kapteam.sweeps.spread import How, spread

ITEMS = list(range(40))


class Elsewhere(Executor):
    """Workers who share no memory with us: everything is pickled on its way, and they answer last come, first served.

    Each has what it keeps for itself; ``sizes`` are those of the messages.
    """

    def __init__(self, workers: int) -> None:
        self.workers = [dict[str, Any]() for _ in range(workers)]
        self.waiting: list[tuple[Future[Any], bytes]] = []
        self.sizes: list[int] = []
        self.turn = 0

    def submit(self, fn: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Future[Any]:
        future: Future[Any] = Future()
        message = pickle.dumps((fn, args, kwargs))
        self.sizes.append(len(message))
        self.waiting.append((future, message))
        if len(self.waiting) == 1:
            threading.Timer(0.02, self.work).start()
        return future

    def work(self) -> None:
        while self.waiting:
            future, message = self.waiting.pop()
            if not future.set_running_or_notify_cancel():
                continue
            self.turn = (self.turn + 1) % len(self.workers)
            kept = self.workers[self.turn]
            usual, me = at_work._kept, at_work._me
            at_work._kept, at_work._me = kept, lambda: str(self.turn)
            try:
                fn, args, kwargs = pickle.loads(message)
                answer = pickle.loads(pickle.dumps(fn(*args, **kwargs)))
            finally:
                at_work._kept, at_work._me = usual, me
            future.set_result(answer)


def test_here_every_item_is_done_in_order() -> None:
    found = spread(tasks.power, 2, ITEMS)
    assert found.complete
    assert list(found.results.items()) == [(n, n * n) for n in ITEMS]
    assert spread(tasks.power, 2, []).results == {}


@pytest.mark.parametrize("grain", [None, 1, 7, 100])
def test_processes_and_threads_give_the_same(two: ProcessPoolExecutor, grain: int | None) -> None:
    here = spread(tasks.power, 3, ITEMS)
    with ThreadPoolExecutor(2) as threads:
        for executor in (two, threads):
            found = spread(tasks.power, 3, ITEMS, How(executor), grain=grain)
            assert list(found.results.items()) == list(here.results.items())
            assert found.complete


def test_the_work_is_really_done_by_the_workers(two: ProcessPoolExecutor) -> None:
    found = spread(tasks.scaled, 3, ITEMS, How(two), grain=1)
    by = {process for _, process in found.results.values()}
    assert os.getpid() not in by
    assert 1 <= len(by) <= 2


def test_what_is_shared_reaches_each_worker_about_once_and_messages_are_small() -> None:
    shared = tuple(range(10_000, 60_000))  # a third of a megabyte
    whole = len(pickle.dumps(at_work.Whole.of(shared)))
    for workers in (1, 2, 8):
        elsewhere = Elsewhere(workers)
        found = spread(tasks.breaks_at, shared, range(400), How(elsewhere), grain=5)
        assert found.results == {n: n for n in range(400)}
        large = [size for size in elsewhere.sizes if size > whole]
        assert len(large) == found.wholes
        assert workers <= found.wholes <= 3 * workers
        assert max(size for size in elsewhere.sizes if size <= whole) < 400
        assert found.messages == len(elsewhere.sizes)


def test_small_items_share_a_message() -> None:
    elsewhere = Elsewhere(2)
    spread(tasks.power, 2, range(5_000), How(elsewhere))
    assert len(elsewhere.sizes) < 250


def test_what_another_process_kept_before_is_not_taken_for_this(two: ProcessPoolExecutor) -> None:
    for power in (2, 3, 2):
        assert spread(tasks.power, power, ITEMS, How(two), grain=3).results == {n: n**power for n in ITEMS}


# --- What goes wrong ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("where", ["here", "processes", "threads"])
def test_an_error_names_the_first_item_that_has_one(two: ProcessPoolExecutor, where: str) -> None:
    with ThreadPoolExecutor(2) as threads:
        how = How({"here": None, "processes": two, "threads": threads}[where])
        with pytest.raises(RuntimeError, match=r"^scenario 7: ZeroDivisionError: no 7\b") as raised:
            spread(tasks.breaks_at, (31, 7, 19), ITEMS, how, names=lambda n: f"scenario {n}", grain=2)
        assert "breaks_at" in "".join(raised.value.__notes__)
        with pytest.raises(UsageError, match=r"^item 0: 0 is too many$"):
            spread(tasks.refuses, None, ITEMS, how, names=lambda n: f"item {n}", grain=2)


def test_a_killed_worker_process_loses_nothing(tmp_path: Path) -> None:
    told: list[str] = []
    with processes(2) as pool:
        found = spread(tasks.dies_once, str(tmp_path / "died"), ITEMS, How(pool, tell=told.append), grain=1)
    assert (tmp_path / "died").exists()
    assert list(found.results.items()) == [(n, n * n) for n in ITEMS]
    assert len(told) == 1
    assert told[0].startswith("a worker was lost; ")
    assert told[0].endswith(" of 40, is done again")


def test_without_a_listener_a_lost_worker_is_a_warning(tmp_path: Path) -> None:
    with processes(1) as pool, pytest.warns(RuntimeWarning, match="a worker was lost"):
        found = spread(tasks.dies_once, str(tmp_path / "died"), ITEMS, How(pool), grain=10)
    assert found.complete


def test_an_item_that_kills_whoever_does_it_is_named_and_not_done_here() -> None:
    with processes(1) as pool, pytest.raises(RuntimeError, match="lost again and again, the last time at world 3"):
        spread(
            tasks.dies, os.getpid(), range(3, 6), How(pool, tell=lambda _: None), names=lambda n: f"world {n}", grain=1
        )  # fmt: skip


def test_it_is_stopped_with_what_is_done(two: ProcessPoolExecutor) -> None:
    for executor in (None, two):
        how = How(executor)
        how.progress = lambda done, _, how=how: how.stop.set() if done >= 5 else None  # type: ignore[misc]
        found = spread(tasks.power, 2, range(2_000), how, grain=1)
        assert not found.complete
        assert 5 <= len(found.results) < 2_000
        assert all(found.results[n] == n * n for n in found.results)
        assert list(found.results) == sorted(found.results)


def test_progress_ends_with_all(two: ProcessPoolExecutor) -> None:
    told: list[tuple[int, int]] = []
    spread(tasks.power, 2, ITEMS, How(two, progress=lambda *heard: told.append(heard)), grain=9)
    assert told[-1] == (40, 40)
    assert told == sorted(told)


def test_workers_with_another_kapteam_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    class Old(ThreadPoolExecutor):
        def submit(self, fn: Any, /, *args: Any, **kwargs: Any) -> Future[Any]:
            def old() -> Given:
                return evolve(fn(*args, **kwargs), version="0.0.1")

            return super().submit(old)

    with Old(1) as old, pytest.raises(UsageError, match=r"has kapteam 0\.0\.1, and here it is .*: install the same"):
        spread(tasks.power, 2, ITEMS, How(old), grain=1)


def test_what_is_no_executor_is_told() -> None:
    with pytest.raises(UsageError, match=r"expected an executor of concurrent\.futures"):
        spread(tasks.power, 2, ITEMS, How("tcp://10.0.0.1:8786"), grain=1)
