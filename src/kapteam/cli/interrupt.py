"""Long work that Ctrl-C asks to end with what it has, and that tells how far it is."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from typing import Any, TypeVar

import click

T = TypeVar("T")

#: Seconds before anything is told, and between two tellings.
_QUIET = 1.0


def until_stopped(work: Callable[[], T], stop: threading.Event) -> T:
    """What ``work`` gives, done beside; the first Ctrl-C sets ``stop``, a second one ends it all."""
    done: list[T] = []
    failed: list[BaseException] = []

    def run() -> None:
        try:
            done.append(work())
        except BaseException as error:  # told to whoever waits, whatever it is
            failed.append(error)

    thread = threading.Thread(target=run, daemon=True)
    thread.start()
    while thread.is_alive():
        try:
            thread.join(0.2)
        except KeyboardInterrupt:
            if stop.is_set():
                raise
            stop.set()
            click.echo("stopping with the best plan so far ...", err=True)
    if failed:
        raise failed[0]
    return done[0]


class Ticker:
    """Tells progress on standard error, not more often than once a second."""

    def __init__(self, words: Callable[..., str]) -> None:
        self.words, self.last = words, time.monotonic()

    def __call__(self, *told: Any) -> None:
        """Tell, if it is time to."""
        if time.monotonic() - self.last >= _QUIET:
            self.last = time.monotonic()
            click.echo(self.words(*told), err=True)
