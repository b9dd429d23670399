"""The server: one socket of this machine, guarded, until Ctrl-C."""

from __future__ import annotations

import logging
import socket
from collections.abc import Callable
from types import FrameType

import uvicorn

from kapteam.app.guard import Guard
from kapteam.app.pages import Pages
from kapteam.records.problems import UsageError

#: Seconds that answers under way have to end in.
_PATIENCE = 2


def bound(port: int) -> socket.socket:
    """A socket of this machine alone; port 0: any that is free.

    Raises
    ------
    UsageError
        Another program has the port, or this one may not.
    """
    found = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    found.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        found.bind(("127.0.0.1", port))
        found.listen()
    except OSError as error:
        found.close()
        raise UsageError(
            f"--port {port} cannot be used ({error.strerror}): leave it out, and a free one is found"
        ) from None
    return found


def serve(pages: Pages, port: int, ready: Callable[[str], None]) -> None:
    """Serve until Ctrl-C.

    Parameters
    ----------
    pages : Pages
    port : int
        0: any that is free.
    ready : function
        Called with the address that opens the page, as soon as it can be opened.

    Raises
    ------
    UsageError
        The port cannot be used.
    """
    with bound(port) as listening:
        guard = Guard(listening.getsockname()[1])
        config = uvicorn.Config(
            guard.around(pages.application()), log_config=None, access_log=False, lifespan="off", server_header=False,
            timeout_graceful_shutdown=_PATIENCE, ws="none",
        )  # fmt: skip
        # It says of what is cut off at the end that it is cut off; whoever pressed Ctrl-C knows.
        logging.getLogger("uvicorn.error").setLevel(logging.CRITICAL)
        ready(guard.address)
        try:
            _Server(config, pages).run(sockets=[listening])
        except KeyboardInterrupt:  # uvicorn ends, and then passes on what ended it
            pages.workshop.end()


class _Server(uvicorn.Server):
    """A server that drops what is being worked on when it is asked to end."""

    def __init__(self, config: uvicorn.Config, pages: Pages) -> None:
        super().__init__(config)
        self._pages = pages

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        self._pages.workshop.end()
        super().handle_exit(sig, frame)
