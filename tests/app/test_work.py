"""Work that nobody waits for is dropped, and what is worked out once is remembered."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable

import pytest
from starlette.requests import Request

from kapteam.app.work import Workshop
from kapteam.app.worked_out import Memory, Stopped


def asking(gone: asyncio.Event) -> Request:
    """A request whose page goes on to something else when the event is set."""

    async def receive() -> dict[str, str]:
        await gone.wait()
        return {"type": "http.disconnect"}

    return Request({"type": "http", "headers": []}, receive)


def test_work_that_ends_gives_what_it_has() -> None:
    async def all_of_it() -> int:
        return await Workshop().done(asking(asyncio.Event()), lambda stop: 42)

    assert asyncio.run(all_of_it()) == 42


def test_work_that_fails_says_so() -> None:
    async def all_of_it() -> None:
        await Workshop().done(asking(asyncio.Event()), lambda stop: [].index("no"))  # type: ignore[list-item]

    with pytest.raises(ValueError, match="no"):
        asyncio.run(all_of_it())


def stopped_by(what: Callable[[Workshop, asyncio.Event], object]) -> bool:
    """Whether work that only waits to be stopped is stopped by something."""
    heard = threading.Event()

    async def all_of_it() -> None:
        workshop, gone, began = Workshop(), asyncio.Event(), asyncio.Event()
        loop = asyncio.get_running_loop()

        def work(stop: threading.Event) -> None:
            loop.call_soon_threadsafe(began.set)
            if stop.wait(60):
                heard.set()
            raise Stopped

        job = asyncio.ensure_future(workshop.done(asking(gone), work))
        await began.wait()
        what(workshop, gone)
        with pytest.raises(Stopped):
            await job

    asyncio.run(all_of_it())
    return heard.wait(10)


def test_a_page_that_goes_on_stops_the_work() -> None:
    assert stopped_by(lambda workshop, gone: gone.set())


def test_the_end_of_the_server_stops_the_work() -> None:
    assert stopped_by(lambda workshop, gone: workshop.end())


def test_after_the_end_nothing_begins() -> None:
    async def all_of_it() -> bool:
        workshop = Workshop()
        workshop.end()
        return await workshop.done(asking(asyncio.Event()), lambda stop: stop.is_set())

    assert asyncio.run(all_of_it())


def test_an_answer_is_worked_out_once_even_for_two_who_ask_at_once() -> None:
    memory, times, both = Memory(), list[int](), threading.Barrier(2)

    def work() -> int:
        times.append(1)
        return 42

    def ask() -> None:
        both.wait()
        assert memory.of("question", work) == 42

    threads = [threading.Thread(target=ask) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert times == [1]


def test_what_was_stopped_is_asked_again() -> None:
    memory, tries = Memory(), iter([Stopped(), None])

    def work() -> str:
        if (error := next(tries)) is not None:
            raise error
        return "whole"

    with pytest.raises(Stopped):
        memory.of("question", work)
    assert memory.of("question", work) == "whole"


def test_old_answers_are_forgotten() -> None:
    memory, worked = Memory(), list[int]()

    def ask(number: int) -> int:
        return memory.of(number, lambda: worked.append(number) or number)

    for number in range(200):
        assert ask(number) == number
    assert ask(199) == 199
    assert worked == list(range(200))
    assert ask(0) == 0
    assert len(worked) == 201
