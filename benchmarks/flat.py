"""A roster as flat tables, the way a person of data would have it before writing a query.

People and sites are numbered by the order of their ids, levels of presence are numbers, and the law of the day is two
tables more: all that a query could want is done for it beforehand.
"""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import polars as pl
from attrs import frozen

from kapteam.law.day import FEDERAL, LawOnDay
from kapteam.records.hours import SLOT_MINUTES
from kapteam.records.people import AGREEMENTS, LICENSE_STATUS, PRESENCE, PROFESSIONS, ROLES, TIES, TRAINING
from kapteam.records.places import SETTINGS
from kapteam.records.practice import MID_LEVEL
from kapteam.records.roster import Roster

#: The words of a week: 21 of 32 bits, the first slot the lowest bit of the first.
WORDS = tuple(f"w{i}" for i in range(21))

_ID, _TEXT, _YES = pl.UInt32, pl.String, pl.Boolean
_CARRIER = {"ketamine": _YES, "presence": pl.Int8, "same_site": _YES, "in_clinic_only": _YES,
            "specialties": pl.List(_TEXT)}  # fmt: skip


@frozen(eq=False)
class Flat:
    """Tables by name, and what a query asks of the practice.

    Attributes
    ----------
    tables : dict of str to polars.DataFrame
    day : date
    session, dosing : int
        Slots of a session and of its dosing part.
    route : str or None
    federal : str
        Whether the federal law lets telehealth do: yes, no, unknown.
    solo : bool
    kap_hours : float
    kap_programmes : list of str
    """

    tables: dict[str, pl.DataFrame]
    day: date
    session: int
    dosing: int
    route: str | None
    federal: str
    solo: bool
    kap_hours: float
    kap_programmes: list[str]


def flat(roster: Roster, day: date) -> Flat:
    """The tables of a roster on a day; rows that are not in force are in them, as in the roster."""
    law, protocol = LawOnDay(day, roster.practice), roster.practice.protocol
    return Flat(
        tables={**_records(roster, law, day), **_law(roster, law)},
        day=day,
        session=-(-protocol.session_minutes // SLOT_MINUTES),
        dosing=-(-protocol.dosing_minutes // SLOT_MINUTES),
        route=protocol.route,
        federal=law.value(FEDERAL, "", "telehealth", "unknown"),
        solo=protocol.solo,
        kap_hours=float(roster.practice.thresholds.kap_training_hours),
        kap_programmes=list(roster.practice.thresholds.kap_programmes),
    )


def _records(roster: Roster, law: LawOnDay, day: date) -> dict[str, pl.DataFrame]:
    person = {id: i for i, id in enumerate(sorted(roster.people))}
    site = {id: i for i, id in enumerate(sorted(roster.places))}
    place, profession = _places(roster), pl.Enum(PROFESSIONS)
    from_to = {"begins": pl.Date, "ends": pl.Date}

    def specialties(written: Any) -> list[str] | None:
        return [law.specialty(name) or name for name in written] if written else None

    return {
        "sites": _frame(
            {"site": _ID, "jurisdiction": place, "setting": pl.Enum(SETTINGS), "stock": _YES, "offset": pl.Int32},
            [(site[x.site], x.jurisdiction, x.setting, x.supply == "stock", _offset(str(x.timezone), day))
             for x in roster.sites],
        ),
        "practitioners": _frame(
            {"person": _ID, "specialty": _TEXT, "roles": pl.List(pl.Enum(ROLES))},
            [(person[x.practitioner], law.specialty(x.specialty), list(x.roles) if x.roles else None)
             for x in roster.practitioners],
        ),
        "licenses": _frame(
            {"person": _ID, "jurisdiction": place, "profession": profession, "status": pl.Enum(LICENSE_STATUS),
             "independent": _YES, **from_to},
            [(person[x.practitioner], x.jurisdiction, x.profession, x.status, x.independent, x.issued, x.expires)
             for x in roster.licenses],
        ),
        "registrations": _frame(
            {"person": _ID, "site": _ID, "at_site": _ID, "issuer": _TEXT, "jurisdiction": place,
             "schedules": pl.List(_TEXT), **from_to},
            [(person.get(x.practitioner), site.get(x.site), site.get(x.at_site), x.issuer, x.jurisdiction,
              None if x.schedules is None else list(x.schedules), x.issued, x.expires)
             for x in roster.registrations],
        ),
        "coverage": _frame(
            {"number": pl.UInt32, "person": _ID, "carrier": _TEXT, "role": _TEXT, **_CARRIER, **from_to},
            [(i, person[x.practitioner], x.carrier, x.role, x.ketamine, _level(x.presence), x.same_site,
              x.in_clinic_only, specialties(x.specialties), x.effective, x.expires)
             for i, x in enumerate(roster.coverage)],
        ),
        "training": _frame(
            {"person": _ID, "kind": pl.Enum(TRAINING), "name": _TEXT, "hours": pl.Float64, **from_to},
            [(person[x.practitioner], x.kind, x.name, None if x.hours is None else float(x.hours), x.completed,
              x.expires) for x in roster.training],
        ),
        "hours": _frame(
            {"person": _ID, "site": _ID, **from_to, **dict.fromkeys(WORDS, pl.UInt32)},
            [(person[x.practitioner], site[x.site], x.from_, x.until, *_words(x.when and x.when.slots))
             for x in roster.hours],
        ),
        "agreements": _frame(
            {"person": _ID, "partner": _ID, "kind": pl.Enum(AGREEMENTS), "jurisdiction": place, **from_to},
            [(person[x.practitioner], person[x.with_], x.kind, x.jurisdiction, x.effective, x.expires)
             for x in roster.agreements],
        ),
        "ties": _frame(
            {"a": _ID, "b": _ID, "kind": pl.Enum(TIES)},
            [(person[x.a], person[x.b], x.kind) for x in roster.ties],
        ),
    }  # fmt: skip


def _law(roster: Roster, law: LawOnDay) -> dict[str, pl.DataFrame]:
    """The law of the roster's jurisdictions, and what carriers say where a policy is silent."""
    place = _places(roster)
    professions = []
    for state in place.categories:
        for profession in PROFESSIONS:
            asks = law.state_registration(state, profession)
            says = {"ketamine": "unknown", "autonomy": "unknown", "routes": (), "agreement_with": ()}
            if profession in MID_LEVEL:
                says = {key: law.value(state, profession, key, blank) for key, blank in says.items()}
            elif profession == "physician":
                says |= {"ketamine": "yes", "autonomy": "independent"}
            professions.append(
                (state, profession, says["ketamine"], list(says["routes"]), says["autonomy"],
                 list(says["agreement_with"]) or ["physician"], "unknown" if asks is None else asks.value)
            )  # fmt: skip
    places = [
        (state, _level(law.value(state, "", "presence", "none")), law.value(state, "", "telehealth", "yes"))
        for state in place.categories
    ]
    carriers = []
    for carrier in sorted({row.carrier for row in roster.coverage}):
        known = [law.carrier(carrier, key) for key in _CARRIER]
        covered, level, same, clinic, names = (None if k is None else k.value for k in known)
        named = [law.specialty(name) or name for name in names] if names else None
        carriers.append((carrier, covered, _level(level), same, clinic, named))
    return {
        "law_of_professions": _frame(
            {"jurisdiction": place, "profession": pl.Enum(PROFESSIONS), "ketamine": _TEXT, "routes": pl.List(_TEXT),
             "autonomy": _TEXT, "accepts": pl.List(pl.Enum(PROFESSIONS)), "state_registration": _TEXT},
            professions,
        ),
        "law_of_places": _frame({"jurisdiction": place, "law_level": pl.Int8, "telehealth": _TEXT}, places),
        "carriers": _frame({"carrier": _TEXT, **_CARRIER}, carriers),
    }  # fmt: skip


def _frame(schema: dict[str, Any], rows: list[tuple[Any, ...]]) -> pl.DataFrame:
    return pl.DataFrame(rows, schema=schema, orient="row")


def _places(roster: Roster) -> pl.Enum:
    tables = (roster.sites, roster.licenses, roster.registrations, roster.agreements)
    return pl.Enum(sorted({row.jurisdiction for table in tables for row in table if row.jurisdiction}))


def _level(presence: str | None) -> int | None:
    return None if presence is None else PRESENCE.index(presence)


def _words(slots: int | None) -> list[int | None]:
    """A week's words; all blank where nobody wrote the hours down."""
    if slots is None:
        return [None] * len(WORDS)
    return [slots >> 32 * i & 0xFFFFFFFF for i in range(len(WORDS))]


def _offset(zone: str, day: date) -> int:
    """Slots that a zone's clock is ahead of UTC at noon of the day."""
    ahead = ZoneInfo(zone).utcoffset(datetime(day.year, day.month, day.day, 12)) or timedelta()
    return ahead // timedelta(minutes=SLOT_MINUTES)
