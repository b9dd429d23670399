"""What can be looked at: printed, shown in a terminal or a notebook, and saved as JSON."""

from __future__ import annotations

import json
from abc import ABC, abstractmethod
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from kapteam.show.text import html, plain_text

if TYPE_CHECKING:
    from rich.console import Console, ConsoleOptions, RenderResult


class Shown(ABC):
    """An answer that a person can read."""

    __slots__ = ()

    @abstractmethod
    def shown(self) -> Iterable[Any]:
        """The parts that a person reads, as rich renderables."""

    def glimpse(self) -> Iterable[Any]:
        """The parts that a notebook shows below a cell: of what may be long, fewer rows."""
        return self.shown()

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        yield from self.shown()

    def __str__(self) -> str:
        return plain_text(self.shown()).rstrip()

    def _repr_html_(self) -> str:
        return html(self.glimpse())


class Document(Shown):
    """An answer that is a document as well, as the command line gives it with ``--json``."""

    __slots__ = ()

    @abstractmethod
    def as_dict(self) -> dict[str, Any]:
        """The answer as its JSON contract has it."""

    def to_json(self) -> str:
        """The answer as a JSON document, the same bytes for the same roster."""
        return json.dumps(self.as_dict(), ensure_ascii=False, indent=1)
