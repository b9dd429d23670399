"""Blocking work beside the server: dropped when nobody waits for it any more, and when the server ends."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable
from typing import TypeVar

from attrs import define, field
from starlette.requests import Request

from kapteam.app.worked_out import Stopped

T = TypeVar("T")


@define(eq=False)
class Workshop:
    """What is being worked on."""

    _stops: set[threading.Event] = field(factory=set, init=False)
    _ending: bool = field(default=False, init=False)

    async def done(self, request: Request, work: Callable[[threading.Event], T]) -> T:
        """What ``work`` gives, done in a thread of its own; it gets what is set when it should stop.

        Raises
        ------
        Stopped
            The page went on to something else, or the server ends.
        """
        stop = threading.Event()
        self._stops.add(stop)
        if self._ending:
            stop.set()
        job = asyncio.ensure_future(_in_a_thread(lambda: work(stop)))
        gone = asyncio.ensure_future(_gone(request))
        try:
            await asyncio.wait([job, gone], return_when=asyncio.FIRST_COMPLETED)
            if not job.done():
                raise Stopped
            return job.result()
        finally:
            stop.set()
            self._stops.discard(stop)
            gone.cancel()
            if not job.done():
                job.add_done_callback(lambda ended: ended.cancelled() or ended.exception())  # nobody asks for it
                job.cancel()

    def end(self) -> None:
        """Stop all of it, and whatever is asked for from now on."""
        self._ending = True
        for stop in list(self._stops):
            stop.set()


async def _in_a_thread(work: Callable[[], T]) -> T:
    """What ``work`` gives; the thread ends with the process, whatever it is at."""
    loop = asyncio.get_running_loop()
    ended: asyncio.Future[T] = loop.create_future()

    def tell(set_: Callable[[], None]) -> None:
        def unless_dropped() -> None:
            if not ended.done():
                set_()

        # The server may have ended meanwhile: then there is nobody to tell.
        if not loop.is_closed():
            loop.call_soon_threadsafe(unless_dropped)

    def run() -> None:
        try:
            found = work()
        except BaseException as error:  # told to whoever waits, whatever it is
            failed = error
            tell(lambda: ended.set_exception(failed))
        else:
            tell(lambda: ended.set_result(found))

    threading.Thread(target=run, daemon=True, name="kapteam at work").start()
    return await ended


async def _gone(request: Request) -> None:
    """Until whoever asked has gone."""
    while (await request.receive())["type"] != "http.disconnect":
        pass
