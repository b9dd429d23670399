"""Files that are there whole or not at all: written beside, then renamed."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any


def add_file(data: bytes, path: Path) -> None:
    """Put a file there; where it cannot be written, nothing of it stays.

    Raises
    ------
    OSError
        As the system gives it, of this path: no space left, no right to write.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    beside = path.with_name(f".{path.name}.new")
    try:
        beside.write_bytes(data)
        beside.replace(path)
    except OSError as error:
        beside.unlink(missing_ok=True)
        # A full disk is found in writing, and the system then names no file.
        raise OSError(error.errno, error.strerror, str(path)) from error
    except BaseException:
        beside.unlink(missing_ok=True)
        raise


def add_json(document: Any, path: Path) -> None:
    """:func:`add_file` of a JSON document."""
    add_file((json.dumps(document, ensure_ascii=False, indent=1) + "\n").encode(), path)
