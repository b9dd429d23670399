"""``--workers`` and ``--dask``: who works it out; and what is heard of them meanwhile."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, TypeVar

import click

from kapteam.cli.interrupt import Ticker, until_stopped
from kapteam.records.problems import UsageError

if TYPE_CHECKING:
    from kapteam.sweeps.spread import How

F = Callable[..., Any]
T = TypeVar("T")

#: Seconds in which a Dask scheduler must answer.
_PATIENCE = 5


def spread_out(function: F) -> F:
    """Add what commands take whose work can be spread; the answer is the same."""
    for option in (
        click.option("--dask", metavar="ADDRESS",
                     help="A Dask scheduler whose workers do the work, such as tcp://10.0.0.1:8786; they have kapteam "
                     "installed."),
        click.option("--workers", metavar="N", type=click.IntRange(1),
                     help="How many processes of this machine do the work.  [default: this one alone]"),
    ):  # fmt: skip
        function = option(function)
    return function


def worked_out(work: Callable[[How], T], workers: int | None, dask: str | None, what: str, having: str) -> T:
    """What ``work`` gives by these workers; the first Ctrl-C has it end with what is done."""
    from kapteam.sweeps.spread import How  # it loads what pools of processes need

    with _executor(workers, dask) as executor:
        ticker = Ticker(lambda done, all_: f"{done:,} of {all_:,} {what} done")
        how = How(executor, progress=ticker, tell=lambda said: click.echo(said, err=True))
        found = until_stopped(lambda: work(how), how.stop, having)
    ticker.end()
    return found


@contextmanager
def _executor(workers: int | None, dask: str | None) -> Iterator[Any]:
    if workers is not None and dask is not None:
        raise UsageError("--workers is for this machine and --dask for others: give one of them")
    if dask is not None:
        with _cluster(dask) as client:
            yield client
    elif workers is not None and workers > 1:
        from kapteam.sweeps.pool import processes

        pool = processes(min(workers, 61) if os.name == "nt" else workers)
        try:
            yield pool
        finally:
            pool.shutdown(cancel_futures=True)
    else:
        yield None


@contextmanager
def _cluster(address: str) -> Iterator[Any]:
    try:
        from distributed import Client
    except ImportError:
        raise UsageError("--dask needs Dask: pip install 'kapteam[dask]'") from None
    if not re.fullmatch(r"((tcp|tls|wss?|ucx)://)?[^/]+:[0-9]+", address):
        raise UsageError(f"--dask {address}: expected the address of a scheduler, such as tcp://10.0.0.1:8786")
    try:
        client = Client(address, timeout=_PATIENCE, set_as_default=False)  # type: ignore[no-untyped-call]
    except (OSError, ValueError) as error:  # TimeoutError is an OSError
        raise UsageError(f"--dask {address}: no scheduler answers there ({error})") from None
    with client:
        yield client
