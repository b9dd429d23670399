"""Who could consult for whom, as an answer that can be looked at."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from attrs import define

from kapteam.advice.mentors import Mentor, Mentoring
from kapteam.api.provenance import Traced
from kapteam.api.shown import Document
from kapteam.network.links import Links
from kapteam.show.bounds import CELL, PRINTED
from kapteam.show.mentors import headline, shown_mentors


@define(eq=False, repr=False)
class Mentors(Document, Traced):
    """Who could consult for whom, and who does; iterating gives :class:`~kapteam.advice.mentors.Mentor` records.

    Attributes
    ----------
    answer : Mentoring
        The same as facts, with those left without and those to ask.
    """

    links: Links
    answer: Mentoring

    def __len__(self) -> int:
        return len(self.answer.mentors)

    def __iter__(self) -> Iterator[Mentor]:
        return iter(self.answer.mentors)

    def __repr__(self) -> str:
        return f"<Mentors: {headline(self.links.facts, self.answer)}>"

    def as_dict(self) -> dict[str, Any]:
        """The answer as its JSON contract has it."""
        return self.answer.as_dict()

    def shown(self) -> Iterable[Any]:
        """The answer in words."""
        return shown_mentors(self.links, self.answer, PRINTED)

    def glimpse(self) -> Iterable[Any]:
        """The same, with few rows of what is long."""
        return shown_mentors(self.links, self.answer, CELL)
