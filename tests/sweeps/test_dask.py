"""A real Dask cluster of worker processes gives the same bits, and none is missing where one of them is killed."""

from __future__ import annotations

import os
import signal
import threading
import time
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import tasks
from asking import DAY, PRACTICE, run
from distributed import Client, LocalCluster

import kapteam
from kapteam.sweeps.spread import How, spread

ON = ("--on", DAY)
SCENARIOS = {
    "scenarios": {"free": {"there": {"nurse_practitioner": {"autonomy": "independent"}}, "where": ["each", "all"]}}
}


@pytest.fixture(scope="module")
def cluster() -> Iterator[LocalCluster]:
    """Two workers, processes that a nanny starts again where they end; nothing listens beyond this machine."""
    with LocalCluster(
        n_workers=2, threads_per_worker=1, processes=True, dashboard_address="127.0.0.1:0", host="127.0.0.1"
    ) as made:  # type: ignore[no-untyped-call]
        yield made


@pytest.fixture(scope="module")
def client(cluster: LocalCluster) -> Iterator[Client]:
    with Client(cluster, set_as_default=False) as made:  # type: ignore[no-untyped-call]
        made.wait_for_workers(2, timeout=120)
        yield made


@pytest.fixture(scope="module")
def network() -> kapteam.Network:
    return kapteam.links(kapteam.read(PRACTICE), on=date.fromisoformat(DAY))


def _processes(client: Client, *, without: int) -> set[int]:
    """The two workers' processes, once the cluster has seen that one is gone and its nanny has started another."""
    until = time.monotonic() + 120
    while time.monotonic() < until:
        client.wait_for_workers(2, timeout=120)
        found = {process for process in client.run(os.getpid, on_error="return").values() if isinstance(process, int)}
        if len(found) == 2 and without not in found:
            return found
        time.sleep(0.05)
    raise TimeoutError(f"no other worker in the place of process {without}")


def test_worlds_and_sweeps_are_the_same_to_the_bit(client: Client, network: kapteam.Network) -> None:
    worlds, sweep = network.worlds(400, chance=0.5, seed=3).to_json(), network.sweep(SCENARIOS).to_json()
    for executor in (client, client.get_executor()):
        assert network.worlds(400, chance=0.5, seed=3, executor=executor).to_json() == worlds
        assert network.sweep(SCENARIOS, executor=executor).to_json() == sweep


def test_an_error_names_its_item(client: Client) -> None:
    with pytest.raises(RuntimeError, match="world 7: ZeroDivisionError: no 7"):
        spread(tasks.breaks_at, (7, 11), range(20), How(client), names=lambda n: f"world {n}", grain=1)


def test_a_killed_worker_loses_nothing(client: Client, tmp_path: Path) -> None:
    """It is killed by SIGKILL in the middle of its work, and its nanny starts another."""
    before = set(client.run(os.getpid).values())
    marker = tmp_path / "died"
    found = spread(tasks.dies_once, str(marker), range(60), How(client, tell=lambda _: None), grain=1)
    assert list(found.results.items()) == [(n, n * n) for n in range(60)]
    died = int(marker.read_text())
    assert died in before
    assert len(_processes(client, without=died)) == 2


# Dask has it done elsewhere, or we do and say so: that hangs on what the worker was at when it was killed.
@pytest.mark.filterwarnings("ignore:a worker was lost:RuntimeWarning")
def test_worlds_are_the_same_where_a_worker_is_killed_while_they_are_drawn(
    client: Client, network: kapteam.Network
) -> None:
    here = network.worlds(3_000, chance=0.5, seed=9).to_json()
    victim = min(client.run(os.getpid).values())
    killer = threading.Timer(0.3, os.kill, (victim, signal.SIGKILL))
    killer.start()
    try:
        assert network.worlds(3_000, chance=0.5, seed=9, executor=client).to_json() == here
    finally:
        killer.join()
    others = _processes(client, without=victim)
    assert len(others) == 2
    assert victim not in others


def test_the_command_line_gives_its_work_to_a_cluster(client: Client, cluster: Any) -> None:
    client.wait_for_workers(2, timeout=120)
    words = ("worlds", PRACTICE, *ON, "--worlds", "50", "--chance", "0.5", "--json")
    there = run(*words, "--dask", cluster.scheduler_address)
    assert there.status == 0, there.err
    assert there.out == run(*words).out


def test_where_no_scheduler_answers_it_is_told() -> None:
    for address, said in (
        ("tcp://127.0.0.1:9", "no scheduler answers there"),
        ("nonsense://x", "expected the address of a scheduler"),
    ):
        answer = run("worlds", PRACTICE, *ON, "--worlds", "5", "--chance", "0.5", "--dask", address)
        assert (answer.status, answer.out) == (2, "")
        assert f"--dask {address}: {said}" in answer.err
