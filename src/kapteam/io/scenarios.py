"""A file of scenarios, or of chances: TOML, as a nested mapping."""

from __future__ import annotations

import tomllib
from os import PathLike, fspath
from pathlib import Path
from typing import Any

from kapteam.io.text import Undecodable, decode
from kapteam.io.toml_errors import in_words
from kapteam.records.problems import Problem, RosterError, UsageError


def read_document(path: str | PathLike[str], what: str = "sweep") -> dict[str, Any]:
    """What a TOML file holds; ``what`` is it called in messages.

    Raises
    ------
    UsageError
        There is no such file, or it is a folder.
    RosterError
        It is no TOML; the problem names the line.
    """
    file = Path(fspath(path))
    if file.is_dir():
        raise UsageError(f"{str(file)!r} is a folder: expected a {what} file, which is a text file in TOML")
    if not file.is_file():
        raise UsageError(f"there is no {what} file {str(file)!r}")
    text = ""
    try:
        text = decode(file).replace("\r\n", "\n")  # a line may end as Windows ends it
        return tomllib.loads(text)
    except Undecodable as error:
        expected = f"expected a {what} file, which is a text file in TOML, saved as UTF-8"
        line = error.line if file.suffix == ".toml" else None  # what is no text at all has no lines to look at
        raise RosterError([Problem(what, line, None, None, expected, source=file.name)]) from None
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        expected, line = in_words(error, text)
        raise RosterError([Problem(what, line, None, None, expected, source=file.name)]) from None
