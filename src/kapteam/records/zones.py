"""Jurisdictions (the 50 states and DC, by USPS code) and their time zones (IANA)."""

from __future__ import annotations

from functools import cache

from kapteam.records.kinds import Choice, Kind, clean
from kapteam.records.problems import Misread, nearest

_E, _C, _M, _P = "America/New_York", "America/Chicago", "America/Denver", "America/Los_Angeles"

#: Each jurisdiction's name and its zones; one zone: it may be left out of a roster. Several names for the same
#: clock (America/Detroit in Michigan) are allowed as well: a zone is checked by name, not against this list.
JURISDICTIONS: dict[str, tuple[str, tuple[str, ...]]] = {
    "AL": ("Alabama", (_C,)), "AK": ("Alaska", ("America/Anchorage", "America/Adak")),
    "AZ": ("Arizona", ("America/Phoenix",)), "AR": ("Arkansas", (_C,)), "CA": ("California", (_P,)),
    "CO": ("Colorado", (_M,)), "CT": ("Connecticut", (_E,)), "DE": ("Delaware", (_E,)),
    "DC": ("District of Columbia", (_E,)), "FL": ("Florida", (_E, _C)), "GA": ("Georgia", (_E,)),
    "HI": ("Hawaii", ("Pacific/Honolulu",)), "ID": ("Idaho", ("America/Boise", _P)), "IL": ("Illinois", (_C,)),
    "IN": ("Indiana", ("America/Indiana/Indianapolis", _C)), "IA": ("Iowa", (_C,)), "KS": ("Kansas", (_C, _M)),
    "KY": ("Kentucky", (_E, _C)), "LA": ("Louisiana", (_C,)), "ME": ("Maine", (_E,)), "MD": ("Maryland", (_E,)),
    "MA": ("Massachusetts", (_E,)), "MI": ("Michigan", ("America/Detroit", _C)), "MN": ("Minnesota", (_C,)),
    "MS": ("Mississippi", (_C,)), "MO": ("Missouri", (_C,)), "MT": ("Montana", (_M,)), "NE": ("Nebraska", (_C, _M)),
    "NV": ("Nevada", (_P, _M)), "NH": ("New Hampshire", (_E,)), "NJ": ("New Jersey", (_E,)),
    "NM": ("New Mexico", (_M,)), "NY": ("New York", (_E,)), "NC": ("North Carolina", (_E,)),
    "ND": ("North Dakota", (_C, _M)), "OH": ("Ohio", (_E,)), "OK": ("Oklahoma", (_C,)), "OR": ("Oregon", (_P, _M)),
    "PA": ("Pennsylvania", (_E,)), "RI": ("Rhode Island", (_E,)), "SC": ("South Carolina", (_E,)),
    "SD": ("South Dakota", (_C, _M)), "TN": ("Tennessee", (_C, _E)), "TX": ("Texas", (_C, _M)),
    "UT": ("Utah", (_M,)), "VT": ("Vermont", (_E,)), "VA": ("Virginia", (_E,)), "WA": ("Washington", (_P,)),
    "WV": ("West Virginia", (_E,)), "WI": ("Wisconsin", (_C,)), "WY": ("Wyoming", (_M,)),
}  # fmt: skip


def state_name(code: str) -> str:
    """``New York`` for ``NY``; the code itself where it is none of the 51."""
    return JURISDICTIONS[code][0] if code in JURISDICTIONS else code


def only_zone(code: str) -> str | None:
    """The time zone of a jurisdiction that has just one."""
    zones = JURISDICTIONS[code][1]
    return zones[0] if len(zones) == 1 else None


class Jurisdiction(Choice):
    """A state or DC, by its USPS code."""

    cutoff = 0.6  # of two letters: N.Y. is NY

    def __init__(self) -> None:
        super().__init__(*sorted(JURISDICTIONS))
        self.expected = "a USPS code of a state or DC, such as NY"

    def read(self, text: str) -> str:
        """A code; a state's whole name is answered with its code."""
        by_name = {name.casefold(): code for code, (name, _) in JURISDICTIONS.items()}
        if code := by_name.get(clean(text).casefold()):
            raise Misread(f"expected {self.expected}", [code])
        return super().read(text)


@cache
def _known_zones() -> frozenset[str]:
    from zoneinfo import available_timezones  # walks the whole database: only when a zone is to be checked

    # Names of no place: what this very machine is set to, and the database's placeholder.
    return frozenset(available_timezones()) - {"localtime", "Factory", "posixrules"}


class TimeZone(Kind):
    """A time zone by its IANA name."""

    expected = "an IANA time zone such as America/Denver"

    def read(self, text: str) -> str:
        """A name of the IANA database, as written."""
        zone = clean(text)
        if zone not in _common_zones() and zone not in _known_zones():
            common = {"eastern": _E, "et": _E, "est": _E, "edt": _E, "central": _C, "ct": _C, "cst": _C,
                      "mountain": _M, "mt": _M, "mst": _M, "pacific": _P, "pt": _P, "pst": _P}  # fmt: skip
            meant = common.get(zone.casefold().removesuffix(" time"))
            raise Misread(
                f"expected {self.expected}",
                [meant] if meant else nearest(zone.replace(" ", "_"), _known_zones()),
            )
        return zone


@cache
def _common_zones() -> frozenset[str]:
    return frozenset(z for _, zones in JURISDICTIONS.values() for z in zones)
