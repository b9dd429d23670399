"""Where and what for: sites, and the sessions that clients ask for."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from numbers import Real
from typing import ClassVar

from kapteam.records.identifiers import Language
from kapteam.records.kinds import Cell, Choice, Count, Id, Number, Text
from kapteam.records.people import Registration
from kapteam.records.problems import Misread, Problem, RosterError
from kapteam.records.table import column, nested, record
from kapteam.records.zones import JURISDICTIONS, Jurisdiction, TimeZone, only_zone

SETTINGS = ("clinic", "hospital", "home", "telehealth")

_ZIP = 5  # digits of a postal code


class PostalCode(Text):
    """A postal code; a number too short for one was typed with zeros that a spreadsheet took away."""

    def parse(self, cell: Cell) -> str:
        """Any text, and a number that lost no zero."""
        code = str(super().parse(cell))
        if isinstance(cell, Real) and len(code) < _ZIP and code.isdigit():
            raise Misread(f"expected {_ZIP} digits as text: a number keeps no leading 0", [code.zfill(_ZIP)])
        return code


@record
class Site:
    """A place where sessions are held; of a telehealth site, the place where the patient is."""

    table: ClassVar[str] = "sites"

    site: str = column(Id(), "the id that every other table uses", needed=True, example="hudson")
    name: str | None = column(Text(), "as people know it", kw_only=True, example="Hudson clinic", default=None)
    jurisdiction: str = column(
        Jurisdiction(),
        "whose law holds; of a telehealth site, where the patient is",
        needed=True,
        example="NY",
    )
    timezone: str | None = column(
        TimeZone(),
        "filled in where the state has one zone; needed in AK FL ID IN KS KY MI NE NV ND OR SD TN TX",
        default=None,
    )
    setting: str = column(Choice(*SETTINGS), "what kind of place it is", default="clinic")
    rooms: int = column(Count(), "how many sessions fit side by side", default=1, unit="rooms")
    supply: str = column(
        Choice("stock", "patient"),
        "stock: the site keeps ketamine and administers it; patient: a pharmacy dispenses it to the patient",
        needed=True,
        kw_only=True,
        example="stock",
        default=None,
    )
    address: str | None = column(Text(), "for people", kw_only=True, default=None)
    postal_code: str | None = column(PostalCode(), "as text, so that a leading 0 stays", kw_only=True, default=None)
    latitude: Decimal | None = column(Number(-90, 90), "WGS 84", unit="degrees", kw_only=True, default=None)
    longitude: Decimal | None = column(Number(-180, 180), "WGS 84", unit="degrees", kw_only=True, default=None)

    registrations: Sequence[Registration] = nested(Registration, default=(), kw_only=True)

    def __attrs_post_init__(self) -> None:
        if self.supply is None:
            raise RosterError([Problem(self.table, None, "supply", None, "is needed: one of stock, patient")])
        if self.timezone is None:
            zone = only_zone(self.jurisdiction)
            if zone is None:
                raise RosterError(
                    [
                        Problem(
                            self.table,
                            None,
                            "timezone",
                            None,
                            f"is needed in {self.jurisdiction}, which has more than one time zone",
                            JURISDICTIONS[self.jurisdiction][1],
                        )
                    ]
                )
            object.__setattr__(self, "timezone", zone)

    @property
    def label(self) -> str:
        """The name, or the id where there is none."""
        return self.name or self.site


@record
class Demand:
    """Sessions a week that clients ask for at a site."""

    table: ClassVar[str] = "demand"

    site: str = column(Id(), "where", needed=True, example="hudson")
    sessions: int = column(Count(), "how many a week", needed=True, unit="sessions", example="3")
    protocol: str | None = column(Text(), "a name in [protocols] of practice.toml; nothing: the default", default=None)
    therapist: str | None = column(Id(), "the one who brings the clients", default=None)
    modality: str | None = column(Text(), "what one of the therapists must have", default=None)
    language: str | None = column(Language(), "what the same therapist must speak", example="es", default=None)
    priority: int = column(Count(), "what one session is worth beside another", default=1)
