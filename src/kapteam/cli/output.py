"""Where answers go: standard output or a file, as JSON or for people; and what is being worked on."""

from __future__ import annotations

import json
import os
import sys
import threading
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from kapteam.records.problems import RosterError, UsageError
from kapteam.show.text import console_of, plain_text

if TYPE_CHECKING:
    from kapteam.api.provenance import Provenance


def give_json(document: Any, output: Path | None = None, made_from: Provenance | None = None) -> None:
    """Print one JSON document, the same bytes for the same answer, or write it to a file.

    A member that is an iterator is a list, of which one item at a time is made and written.
    """
    if made_from is not None:
        document = {**document, "provenance": made_from.as_dict()}
    give_plain(_written(document) if isinstance(document, Mapping) else _encoded(document) + "\n", output)


def _written(document: Mapping[str, Any]) -> Iterator[str]:
    """A document's text, piece by piece."""
    begin = "{"
    for name, value in document.items():
        yield f"{begin}\n {_encoded(name)}: "
        if isinstance(value, Iterator):
            opened = "["
            for item in value:
                yield f"{opened}\n  {_encoded(item, 2)}"
                opened = ","
            yield "[]" if opened == "[" else "\n ]"
        else:
            yield _encoded(value, 1)
        begin = ","
    yield "{}\n" if begin == "{" else "\n}\n"


def _encoded(value: Any, deep: int = 0) -> str:
    """A value as JSON; its further lines stand so many columns to the right."""
    return json.dumps(value, ensure_ascii=False, indent=1).replace("\n", "\n" + " " * deep)


def give_text(parts: Iterable[Any], output: Path | None = None, made_from: Provenance | None = None) -> None:
    """Print rich parts: on a terminal in its width, in a pipe or a file as plain text."""
    if made_from is not None:
        parts = chain(parts, [""], made_from.shown())
    if output is None and sys.stdout.isatty():
        console = console_of(sys.stdout)
        for part in parts:
            console.print(part)
        return
    give_plain(plain_text(parts), output)


def tell_problems(error: RosterError, as_json: bool, output: Path | None = None) -> None:
    """Tell what is wrong with a roster: as JSON where JSON was asked for, and on standard error where not seen."""
    if as_json:
        give_json(problems_document(error), output)
        if output is None:
            return
    from kapteam.show.check import shown_errors

    console = console_of(sys.stderr)
    for part in shown_errors(error):
        console.print(part)


def problems_document(error: RosterError) -> dict[str, Any]:
    """The errors and warnings of a roster that cannot be used, as the JSON contract has them."""
    return {
        "errors": [problem_document(p) for p in error.problems if p.level == "error"],
        "warnings": [problem_document(p) for p in error.problems if p.level == "warning"],
    }


def problem_document(problem: Any) -> dict[str, Any]:
    """One problem as JSON."""
    return {
        "table": problem.table, "row": problem.row, "column": problem.column, "value": problem.value,
        "message": problem.message, "source": problem.source, "nearest": list(problem.nearest),
    }  # fmt: skip


@contextmanager
def working(what: str) -> Iterator[None]:
    """Say on standard error what is being done, where it lasts more than a second."""
    timer = threading.Timer(1.0, lambda: click.echo(f"{what} ...", err=True))
    timer.daemon = True
    timer.start()
    try:
        yield
    finally:
        timer.cancel()


def give_plain(text: str | Iterable[str], output: Path | None = None) -> None:
    """Print text as it is, whole or in pieces, or write it to a file."""
    pieces = [text] if isinstance(text, str) else text
    if output is not None:
        try:
            with output.open("w", encoding="utf-8") as file:
                file.writelines(pieces)
        except OSError as error:
            raise UsageError(f"cannot write {str(output)!r}: {error.strerror}") from None
        click.echo(f"wrote {output}", err=True)
        return
    try:
        for piece in pieces:
            sys.stdout.buffer.write(piece.encode())
        sys.stdout.buffer.flush()
    except BrokenPipeError:
        # Whoever read us has gone (a pager, head): no message, and no second error at exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
