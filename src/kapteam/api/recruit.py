"""Whom to hire, as an answer that can be looked at."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from attrs import define

from kapteam.advice.hire import Hire
from kapteam.advice.recruit import Recruited
from kapteam.api.provenance import Traced
from kapteam.api.shown import Document
from kapteam.show.recruit import headline, shown_recruit


@define(eq=False, repr=False)
class Recruits(Document, Traced):
    """The hires that add most, the most valuable first; iterating gives :class:`~kapteam.advice.hire.Hire` records.

    Attributes
    ----------
    answer : Recruited
        The same as facts, with the plan of today and what to ask.
    """

    answer: Recruited

    def __len__(self) -> int:
        return len(self.answer.hires)

    def __iter__(self) -> Iterator[Hire]:
        return iter(self.answer.hires)

    def __repr__(self) -> str:
        return f"<Recruits: {headline(self.answer)}>"

    def as_dict(self) -> dict[str, Any]:
        """The answer as its JSON contract has it."""
        return self.answer.as_dict()

    def shown(self) -> Iterable[Any]:
        """The answer in words."""
        return shown_recruit(self.answer)
