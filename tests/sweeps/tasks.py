"""Tasks that workers find by their names, and what goes wrong with them."""

from __future__ import annotations

import os
import signal
import time
from pathlib import Path
from typing import Any

from kapteam.records.problems import UsageError


def scaled(shared: int, item: int) -> tuple[int, int]:
    return shared * item, os.getpid()


def power(shared: int, item: int) -> int:
    return int(item**shared)


def breaks_at(shared: tuple[int, ...], item: int) -> int:
    if item in shared:
        raise ZeroDivisionError(f"no {item}")
    return item


def refuses(shared: Any, item: int) -> int:
    raise UsageError(f"{item} is too many")


def dies_once(marker: str, item: int) -> int:
    """Its process is killed in the middle of the third item, the first time that anybody does it."""
    if item == 3 and not Path(marker).exists():
        Path(marker).write_text(str(os.getpid()))
        os.kill(os.getpid(), signal.SIGKILL)
    time.sleep(0.01)
    return item * item


def dies(parent: int, item: int) -> int:
    """Its process is killed at the third item, whoever does it, but for the one that asks."""
    if item == 3 and os.getpid() != parent:
        os.kill(os.getpid(), signal.SIGKILL)
    return item
