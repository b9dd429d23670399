"""Every candidate link of a roster on a day, judged, with its points and weekly sessions."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date
from functools import cached_property
from typing import Any

import numpy as np
from attrs import asdict, define, frozen
from numpy.typing import NDArray

from kapteam.columns.facts import Facts, compile_facts
from kapteam.columns.logic import WORDS, Verdicts
from kapteam.columns.pairs import Pairs
from kapteam.law.packs import Packs
from kapteam.network.candidates import candidate_pairs
from kapteam.network.judge import Judged, judge_pairs
from kapteam.network.points import points
from kapteam.network.within import reach
from kapteam.records.centroids import Centroids
from kapteam.records.problems import UsageError
from kapteam.records.roster import Roster
from kapteam.rules.rule import Rule
from kapteam.rules.rulebook import Rulebook
from kapteam.rules.team import window


@frozen
class Link:
    """One candidate link.

    Attributes
    ----------
    site, prescriber, therapist : str
        Ids.
    verdict : {"pass", "fail", "unknown"}
    points : int
        Its worth.
    weekly_sessions : int
        The most sessions a week that both have hours for.
    """

    site: str
    prescriber: str
    therapist: str
    verdict: str
    points: int
    weekly_sessions: int


@define(eq=False, slots=False)
class Links:
    """Judged links, as arrays; iterating gives :class:`Link` records, sorted by their ids.

    Attributes
    ----------
    judged : Judged
        Every rule's verdicts.
    """

    judged: Judged

    @property
    def pairs(self) -> Pairs:
        """The links as codes."""
        return self.judged.pairs

    @property
    def facts(self) -> Facts:
        """The roster on the day, as arrays."""
        return self.judged.pairs.facts

    @property
    def rulebook(self) -> Rulebook:
        """The rules that judged them."""
        return self.judged.rulebook

    @cached_property
    def verdicts(self) -> Verdicts:
        """Each link's verdict: 1 pass, 0 unknown, -1 fail."""
        return self.judged.verdicts

    @cached_property
    def points(self) -> NDArray[np.int64]:
        """Each link's points."""
        return points(self.pairs)

    def __len__(self) -> int:
        return len(self.pairs)

    def __iter__(self) -> Iterator[Link]:
        return (self.link(row) for row in range(len(self)))

    def as_dict(self) -> dict[str, Any]:
        """As the JSON contract has them."""
        return {"on": self.facts.day.isoformat(), "links": [asdict(link) for link in self], **self.supposition}

    @property
    def supposition(self) -> dict[str, Any]:
        """What a document says of candidates by distance, and of rows that a scenario made up: nothing without."""
        supposed = self.facts.supposed
        within = {} if supposed is None else {"within": supposed.as_dict()}
        return within | self.facts.roster.supposition

    def link(self, row: int) -> Link:
        """One row as a record."""
        facts, pairs = self.facts, self.pairs
        return Link(
            facts.sites[pairs.site[row]],
            facts.people[pairs.prescriber_person[row]],
            facts.people[pairs.therapist_person[row]],
            WORDS[int(self.verdicts[row])],
            int(self.points[row]),
            int(pairs.weekly_sessions[row]),
        )


def judged_links(
    roster: Roster,
    on: date,
    *,
    protocol: str | None = None,
    house: Iterable[Rule] = (),
    packs: Packs | None = None,
    within: float | None = None,
    centroids: Centroids | None = None,
) -> Links:
    """Judge every candidate link of a roster on a day.

    Parameters
    ----------
    roster : Roster
    on : date
        The day judged.
    protocol : str, optional
        A name in ``[protocols]``; the default protocol otherwise.
    house : iterable of Rule
        Rules of the house's own.
    packs : Packs, optional
        Other law packs than those that ship.
    within : float, optional
        Also judge the links of prescribers who might come from so many kilometres away: see
        :func:`kapteam.network.within.reach`.
    centroids : Centroids, optional
        Where postal codes lie, for ``within``.

    Raises
    ------
    RosterError
        The practice file names a rule that does not exist.
    UsageError
        There is no such protocol, the distance is none, or ``team.window`` does not block.
    """
    rulebook = Rulebook.of(roster.practice, house)
    facts = compile_facts(roster, on, protocol, packs)
    if within is not None:
        if not rulebook.blocks(window):
            raise UsageError(
                f"candidates by distance are unknown by {window.id}, which this practice lets block nothing: take it "
                "out of [rules], or leave out within"
            )
        facts = reach(facts, within, centroids)
    elif centroids is not None:
        raise UsageError("centroids are for candidates by distance: give within as well")
    return Links(judge_pairs(candidate_pairs(facts), rulebook))
