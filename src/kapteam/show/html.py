"""An answer as a notebook shows it: the same words as on a terminal, escaped."""

from __future__ import annotations

import io
from typing import Any


def page_part(answer: Any) -> str:
    """The answer as an HTML fragment."""
    from rich.console import Console  # slow to load, and only what is shown needs it

    console = Console(record=True, width=110, file=io.StringIO(), force_jupyter=False)
    console.print(answer)
    return console.export_html(inline_styles=True, code_format="<pre style='line-height:1.35'>{code}</pre>")
