"""The best teams for one need, as an answer that can be looked at."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from attrs import define

from kapteam.advice.form import Advised, NearTeam
from kapteam.api.provenance import Traced
from kapteam.api.shown import Document
from kapteam.matching.form import Bound, FormedTeam
from kapteam.show.form import answer, shown_form


@define(eq=False, repr=False)
class Teams(Document, Traced):
    """The best teams for one need, in order; iterating gives :class:`~kapteam.matching.form.FormedTeam` records.

    Attributes
    ----------
    advised : Advised
        The same as facts.
    """

    advised: Advised

    @property
    def teams(self) -> tuple[FormedTeam, ...]:
        """The teams, the best first."""
        return self.advised.formed.teams

    @property
    def nearest(self) -> tuple[NearTeam, ...]:
        """Where there are fewer than were asked for: the teams that lack least, each with what it lacks."""
        return self.advised.nearest

    @property
    def proven(self) -> bool:
        """Whether no other team is better than these."""
        return self.advised.formed.proven

    @property
    def bound(self) -> Bound | None:
        """Where the search was cut: what no other team is better than."""
        return self.advised.formed.bound

    def __len__(self) -> int:
        return len(self.advised.formed.chosen)

    def __iter__(self) -> Iterator[FormedTeam]:
        return iter(self.teams)

    def __repr__(self) -> str:
        return f"<Teams: {answer(self.advised.formed)}>"

    def as_dict(self) -> dict[str, Any]:
        """The answer as its JSON contract has it."""
        return self.advised.as_dict()

    def shown(self) -> Iterable[Any]:
        """The teams with what they bring, and the nearest ones with what each lacks."""
        return shown_form(self.advised)
