"""The kinds of session that a site holds: by what protocol, and for which rows of demand."""

from __future__ import annotations

from collections.abc import Iterable

from attrs import frozen

from kapteam.columns.serving import serves as serves  # whom a row's sessions need belongs to its kind
from kapteam.records.hours import SLOT_MINUTES
from kapteam.records.practice import Protocol
from kapteam.records.roster import Roster


@frozen
class Kind:
    """Sessions of one protocol at one site; lengths are in slots, rounded up.

    Attributes
    ----------
    site : int
        The code of the site.
    name : str or None
        The protocol's name; None is the default.
    protocol : Protocol
    length, dosing : int
        The session, and its dosing part.
    in_room : int
        Until the room is free again.
    until_elsewhere : int
        Until someone who was needed here may begin at another site.
    rows : tuple of int
        The rows of demand that it serves, numbered from 1; empty where the site has none.
    """

    site: int
    name: str | None
    protocol: Protocol
    length: int
    dosing: int
    in_room: int
    until_elsewhere: int
    rows: tuple[int, ...]

    @property
    def is_pair(self) -> bool:
        """Whether a prescriber and one therapist are all that it takes."""
        return self.protocol.therapists == 1 and self.protocol.monitors == 0


def kinds_of(roster: Roster, places: dict[str, int]) -> list[Kind]:
    """Every kind of session that may be held, by site, then by protocol as it first occurs in the table."""
    asked: dict[int, dict[str | None, list[int]]] = {}
    for number, row in enumerate(roster.demand, start=1):
        of_site = asked.setdefault(places[row.site], {})
        if row.sessions > 0:
            of_site.setdefault(row.protocol, []).append(number)
    kinds = []
    for site in range(len(places)):
        kinds += [kind_of(roster, site, name, rows) for name, rows in asked.get(site, {None: []}).items()]
    return kinds


def kind_of(roster: Roster, site: int, name: str | None, rows: Iterable[int] = ()) -> Kind:
    """The kind of session of one protocol at one site.

    Raises
    ------
    UsageError
        There is no such protocol.
    """
    protocol = roster.practice.named(name)
    return Kind(
        site,
        name,
        protocol,
        _slots(protocol.session_minutes),
        _slots(protocol.dosing_minutes),
        _slots(protocol.session_minutes + protocol.turnover_minutes),
        _slots(protocol.session_minutes + protocol.travel_minutes),
        tuple(rows),
    )


def protocols_of(roster: Roster) -> list[str | None]:
    """The default protocol and every one that a row of demand names."""
    return [None, *sorted({row.protocol for row in roster.demand if row.protocol is not None})]


def _slots(minutes: int) -> int:
    return -(-minutes // SLOT_MINUTES)
