"""Who completes a person, as an answer that can be looked at."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from attrs import define

from kapteam.advice.complement import Complement, Partner
from kapteam.api.provenance import Traced
from kapteam.api.shown import Document
from kapteam.network.links import Links
from kapteam.show.complement import headline, shown_complement


@define(eq=False, repr=False)
class Partners(Document, Traced):
    """Who completes a person, the best first; iterating gives :class:`~kapteam.advice.complement.Partner` records.

    Attributes
    ----------
    answer : Complement
        The same as facts, with what of the person alone stands in the way.
    """

    links: Links
    answer: Complement

    def __len__(self) -> int:
        return len(self.answer.partners)

    def __iter__(self) -> Iterator[Partner]:
        return iter(self.answer.partners)

    def __repr__(self) -> str:
        return f"<Partners: {headline(self.links.facts, self.answer)}>"

    def as_dict(self) -> dict[str, Any]:
        """The answer as its JSON contract has it."""
        return self.answer.as_dict()

    def shown(self) -> Iterable[Any]:
        """The answer in words."""
        return shown_complement(self.links, self.answer)
