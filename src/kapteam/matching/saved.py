"""A plan read back from its JSON, whoever wrote it."""

from __future__ import annotations

from datetime import date
from typing import Any

import attrs
from attrs import frozen

from kapteam.records.saved import structured


@frozen
class SavedPlace:
    """One therapist's place in a saved team."""

    practitioner: str
    points: int
    weekly_sessions: int
    to_verify: list[str] = attrs.field(factory=list)


@frozen
class SavedTeam:
    """A saved team."""

    site: str
    prescriber: str
    therapists: list[SavedPlace]


@frozen
class SavedPair:
    """The price of one pair."""

    prescriber: str
    therapist: str
    price: int


@frozen
class SavedCertificate:
    """The prices of a saved plan, by id."""

    teamed_worth: int
    prescribers: dict[str, int]
    therapists: dict[str, int]
    pairs: list[SavedPair] = attrs.field(factory=list)


@frozen
class SavedCover:
    """Why no plan lifts everyone above the worst-off."""

    prescribers: list[str]
    therapists: list[str]


@frozen
class SavedGain:
    """Where fairness first makes someone better off."""

    rank: int
    has: int
    otherwise: int


@frozen
class SavedFairness:
    """What a saved plan says of its fairness."""

    by: str
    worst: int | None
    price: int
    gain: SavedGain | None
    cover: SavedCover | None


@frozen
class SavedObjective:
    """What a saved plan says it reaches."""

    teamed: int
    points: int


@frozen
class SavedWithin:
    """What a saved plan says of candidates by distance: how far, and the fingerprint of its centroids."""

    km: float
    centroids: str | None


@frozen
class SavedPlan:
    """What a `match` document must hold to be judged again; the rest of it is not needed."""

    on: date
    objective: SavedObjective
    teams: list[SavedTeam]
    status: str = "optimal"
    bound: SavedObjective | None = None
    certificate: SavedCertificate | None = None
    fair: SavedFairness | None = None
    unknown: str | None = None
    max_partners: int = 1
    protocol: str | None = None
    held: list[list[str]] = attrs.field(factory=list)
    within: SavedWithin | None = None

    @property
    def allows_unknown(self) -> bool:
        """Whether unknown links were used: it says so, or a place has something to verify."""
        if self.unknown is not None:
            return self.unknown == "allow"
        return any(place.to_verify for team in self.teams for place in team.therapists)


def saved_plan(document: Any) -> SavedPlan:
    """Read a plan's JSON document.

    Raises
    ------
    UsageError
        Something that is needed is missing or of the wrong kind; every place is named.
    """
    return structured(document, SavedPlan, "kapteam match")
