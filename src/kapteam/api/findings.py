"""Links with the finding of every rule, as an answer that can be looked at."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from attrs import define

from kapteam.advice.explain import Explained
from kapteam.api.provenance import Traced
from kapteam.api.shown import Document
from kapteam.network.links import Links
from kapteam.show.bounds import CELL_OF_LONG, PRINTED
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

    @property
    def verdict(self) -> str | None:
        """The best verdict of these links: whether any of them may be used; None where there is none."""
        said = {explained.verdict for explained in self.found}
        return next((verdict for verdict in ("pass", "unknown", "fail") if verdict in said), None)

    def as_dict(self) -> dict[str, Any]:
        """The links as their JSON contract has them."""
        found = [e.as_dict() for e in self.found]
        return {"on": self.links.facts.day.isoformat(), "links": found, **self.links.supposition}

    def shown(self) -> Iterable[Any]:
        """Each link with all of its findings."""
        return shown_pair(self.links, self.found, PRINTED)

    def glimpse(self) -> Iterable[Any]:
        """The same, with few rows of what is long."""
        return shown_pair(self.links, self.found, CELL_OF_LONG)

    def __repr__(self) -> str:
        return f"<Findings on {len(self)} link{'s' * (len(self) != 1)}>"
