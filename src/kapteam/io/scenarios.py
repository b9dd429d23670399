"""A sweep file: scenarios in TOML, as a nested mapping."""

from __future__ import annotations

import tomllib
from os import PathLike, fspath
from pathlib import Path
from typing import Any

from kapteam.io.text import Undecodable, decode
from kapteam.io.toml_errors import in_words
from kapteam.records.problems import Problem, RosterError, UsageError


def read_document(path: str | PathLike[str]) -> dict[str, Any]:
    """What a TOML file holds.

    Raises
    ------
    UsageError
        There is no such file.
    RosterError
        It is no TOML; the problem names the line.
    """
    file = Path(fspath(path))
    if not file.is_file():
        raise UsageError(f"there is no sweep file {str(file)!r}")
    text = ""
    try:
        text = decode(file).replace("\r\n", "\n")  # a line may end as Windows ends it
        return tomllib.loads(text)
    except Undecodable as error:
        raise RosterError([Problem("sweep", error.line, None, None, error.expected, source=file.name)]) from None
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        expected, line = in_words(error, text)
        raise RosterError([Problem("sweep", line, None, None, expected, source=file.name)]) from None
