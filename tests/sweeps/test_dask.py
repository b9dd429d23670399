"""A real Dask cluster of worker processes gives the same bits, and none is missing where one of them is killed."""

from __future__ import annotations

import os
import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path

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


@contextmanager
def two_workers() -> Iterator[Client]:
    """The client of two workers, processes; nothing listens beyond this machine."""
    with (
        LocalCluster(
            n_workers=2, threads_per_worker=1, processes=True, dashboard_address="127.0.0.1:0", host="127.0.0.1"
        ) as cluster,  # type: ignore[no-untyped-call]
        Client(cluster, set_as_default=False) as client,  # type: ignore[no-untyped-call]
    ):
        client.wait_for_workers(2, timeout=120)
        yield client


@pytest.fixture(scope="module")
def client() -> Iterator[Client]:
    with two_workers() as made:
        yield made


@pytest.fixture
def to_lose_one() -> Iterator[Client]:
    """Of a cluster of its own: whether another worker takes the place of a killed one is Dask's affair."""
    with two_workers() as made:
        yield made


@pytest.fixture(scope="module")
def network() -> kapteam.Network:
    return kapteam.links(kapteam.read(PRACTICE), on=date.fromisoformat(DAY))


def test_worlds_and_sweeps_are_the_same_to_the_bit(client: Client, network: kapteam.Network) -> None:
    worlds, sweep = network.worlds(400, chance=0.5, seed=3).to_json(), network.sweep(SCENARIOS).to_json()
    for executor in (client, client.get_executor()):
        assert network.worlds(400, chance=0.5, seed=3, executor=executor).to_json() == worlds
        assert network.sweep(SCENARIOS, executor=executor).to_json() == sweep


def test_an_error_names_its_item(client: Client) -> None:
    with pytest.raises(RuntimeError, match="world 7: ZeroDivisionError: no 7"):
        spread(tasks.breaks_at, (7, 11), range(20), How(client), names=lambda n: f"world {n}", grain=1)


def test_a_killed_worker_loses_nothing(to_lose_one: Client, tmp_path: Path) -> None:
    """It is killed by SIGKILL in the middle of its work."""
    workers = set(to_lose_one.run(os.getpid).values())
    marker = tmp_path / "died"
    found = spread(tasks.dies_once, str(marker), range(60), How(to_lose_one, tell=lambda _: None), grain=1)
    assert list(found.results.items()) == [(n, n * n) for n in range(60)]
    assert int(marker.read_text()) in workers


# Dask has it done elsewhere, or we do and say so: that hangs on what the worker was at when it was killed.
@pytest.mark.filterwarnings("ignore:a worker was lost:RuntimeWarning")
def test_worlds_are_the_same_where_a_worker_is_killed_while_they_are_drawn(
    to_lose_one: Client, network: kapteam.Network
) -> None:
    here = network.worlds(3_000, chance=0.5, seed=9).to_json()
    victim = min(to_lose_one.run(os.getpid).values())
    killer = threading.Timer(0.3, os.kill, (victim, signal.SIGKILL))
    killer.start()
    try:
        assert network.worlds(3_000, chance=0.5, seed=9, executor=to_lose_one).to_json() == here
    finally:
        killer.join()


def test_a_worker_that_is_lost_while_it_is_handed_what_is_shared_loses_nothing(to_lose_one: Client) -> None:
    """It is stopped, so that nothing can be handed to it, and then killed."""
    victim = min(to_lose_one.run(os.getpid).values())
    os.kill(victim, signal.SIGSTOP)
    killer = threading.Timer(1, os.kill, (victim, signal.SIGKILL))
    killer.start()
    try:
        found = spread(tasks.power, 2, range(60), How(to_lose_one, tell=lambda _: None), grain=1)
    finally:
        killer.join()
    assert list(found.results.items()) == [(n, n * n) for n in range(60)]


def test_the_command_line_gives_its_work_to_a_cluster(client: Client) -> None:
    words = ("worlds", PRACTICE, *ON, "--worlds", "50", "--chance", "0.5", "--json")
    there = run(*words, "--dask", client.scheduler_info()["address"])
    assert there.status == 0, there.err
    assert there.out == run(*words).out


def test_where_no_worker_is_connected_it_is_told_and_one_that_comes_later_does_the_work() -> None:
    with (
        LocalCluster(
            n_workers=0, threads_per_worker=1, processes=True, dashboard_address="127.0.0.1:0", host="127.0.0.1"
        ) as cluster,  # type: ignore[no-untyped-call]
        Client(cluster, set_as_default=False) as alone,  # type: ignore[no-untyped-call]
    ):
        heard: list[str] = []

        def tell(said: str) -> None:
            heard.append(said)
            cluster.scale(1)  # type: ignore[no-untyped-call]

        found = spread(tasks.power, 2, range(20), How(alone, tell=tell), grain=1)
        address = alone.scheduler_info()["address"]
    assert found.results == {n: n * n for n in range(20)}
    assert heard == [f"no worker is connected to {address}; waiting for one"]


def test_where_no_scheduler_answers_it_is_told() -> None:
    for address, said in (
        ("tcp://127.0.0.1:9", "no scheduler answers there"),
        ("nonsense://x", "expected the address of a scheduler"),
    ):
        answer = run("worlds", PRACTICE, *ON, "--worlds", "5", "--chance", "0.5", "--dask", address)
        assert (answer.status, answer.out) == (2, "")
        assert f"--dask {address}: {said}" in answer.err
