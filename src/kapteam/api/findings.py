"""Links with the finding of every rule, as an answer that can be looked at."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from attrs import define

from kapteam.advice.explain import Explained
from kapteam.api.provenance import Traced
from kapteam.api.shown import Document
from kapteam.network.links import Links
from kapteam.show.links import shown_pair


@define(eq=False, repr=False)
class Findings(Document, Traced):
    """Links with the finding of every rule; iterating gives :class:`~kapteam.advice.explain.Explained` records.

    Attributes
    ----------
    links : Links
    found : list of Explained
        By site, prescriber and therapist.
    """

    links: Links
    found: list[Explained]

    def __len__(self) -> int:
        return len(self.found)

    def __iter__(self) -> Iterator[Explained]:
        return iter(self.found)

    def __getitem__(self, number: int) -> Explained:
        return self.found[number]

    def as_dict(self) -> dict[str, Any]:
        """The links as their JSON contract has them."""
        return {"on": self.links.facts.day.isoformat(), "links": [e.as_dict() for e in self.found]}

    def shown(self) -> Iterable[Any]:
        """Each link with all of its findings."""
        return shown_pair(self.links, self.found)

    def __repr__(self) -> str:
        return f"<Findings on {len(self)} link{'s' * (len(self) != 1)}>"
