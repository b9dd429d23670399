"""Rich parts as text: for a terminal, a pipe, a file or a notebook."""

from __future__ import annotations

import io
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from rich.console import Console

#: Columns where there is no terminal to ask.
PIPE_WIDTH = 100


def console_of(file: Any) -> Console:
    """A console on a file: colours only on a terminal, and never where NO_COLOR is set."""
    from rich.console import Console  # slow to load, and only what is shown needs it

    if getattr(file, "isatty", lambda: False)():
        return Console(file=file, highlight=False, markup=False, emoji=False)
    return Console(file=file, highlight=False, markup=False, emoji=False, width=PIPE_WIDTH, force_terminal=False)


def plain_text(parts: Iterable[Any]) -> str:
    """Rich parts as plain text, no space at the ends of lines."""
    text = io.StringIO()
    console = console_of(text)
    for part in parts:
        console.print(part)
    return "\n".join(line.rstrip() for line in text.getvalue().splitlines()) + "\n"


def html(parts: Iterable[Any]) -> str:
    """Rich parts as an HTML fragment, escaped, for a notebook."""
    from rich.console import Console

    to = io.StringIO()
    console = Console(
        record=True, file=to, width=PIPE_WIDTH, force_jupyter=False, highlight=False, markup=False, emoji=False
    )
    for part in parts:
        console.print(part)
    return console.export_html(inline_styles=True, code_format="<pre style='line-height:1.35'>{code}</pre>")
