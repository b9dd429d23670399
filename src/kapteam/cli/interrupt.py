"""Long work that Ctrl-C asks to end with what it has, and that tells how far it is."""

from __future__ import annotations

import signal
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, TypeVar

import click

T = TypeVar("T")

#: Seconds before anything is told, and between two tellings.
_QUIET = 1.0


def until_stopped(work: Callable[[], T], stop: threading.Event, having: str = "the best plan so far") -> T:
    """What ``work`` gives, done beside; the first Ctrl-C sets ``stop``, a second one ends it all."""
    done: list[T] = []
    failed: list[BaseException] = []
    ended = threading.Event()

    def run() -> None:
        try:
            done.append(work())
        except BaseException as error:  # told to whoever waits, whatever it is
            failed.append(error)
        finally:
            ended.set()

    with _asked_to_stop(stop, having):
        threading.Thread(target=run, daemon=True).start()
        # A signal is heard between two waits where it does not end one; a thread that is joined may seem to have ended.
        while not ended.wait(0.2):
            pass
    if failed:
        raise failed[0]
    return done[0]


@contextmanager
def _asked_to_stop(stop: threading.Event, having: str) -> Iterator[None]:
    """Meanwhile the first Ctrl-C only sets ``stop``."""
    # Whoever started us may have had Ctrl-C ignored, and other threads hear no signals.
    usual = signal.getsignal(signal.SIGINT) is signal.default_int_handler
    if not usual or threading.current_thread() is not threading.main_thread():
        yield
        return

    def asked(*_: Any) -> None:
        if stop.is_set():
            raise KeyboardInterrupt
        stop.set()
        click.echo(f"stopping with {having} ...", err=True)

    signal.signal(signal.SIGINT, asked)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, signal.default_int_handler)


class Ticker:
    """Tells progress on standard error, not more often than once a second."""

    def __init__(self, words: Callable[..., str]) -> None:
        self.words, self.last = words, time.monotonic()
        self._begun, self._kept = False, ""

    def __call__(self, *told: Any) -> None:
        """Tell, if it is time to; else keep it for the end."""
        self._kept = self.words(*told)
        if time.monotonic() - self.last >= _QUIET:
            self.last, self._begun = time.monotonic(), True
            self._tell()

    def end(self) -> None:
        """Tell how it ended, where anything was told before and this is not the same."""
        if self._begun and self._kept:
            self._tell()

    def _tell(self) -> None:
        click.echo(self._kept, err=True)
        self._kept = ""
