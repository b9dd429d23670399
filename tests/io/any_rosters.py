"""A strategy of arbitrary rosters: every column filled or blank, ids and texts of any characters."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from hypothesis import strategies as st

from kapteam.records.dates import Day, Moment
from kapteam.records.hours import SLOTS_A_WEEK, WeeklyHours, When
from kapteam.records.identifiers import (
    DEA_SCHEDULES,
    Language,
    Npi,
    Schedules,
    Specialty,
    dea_check_digit,
    npi_check_digit,
)
from kapteam.records.kinds import Choice, Count, Id, Kind, Number, Text, Words, YesNo, blank
from kapteam.records.people import Practitioner
from kapteam.records.places import PostalCode
from kapteam.records.practice import WEIGHTS
from kapteam.records.problems import RosterError
from kapteam.records.roster import TABLES, Roster
from kapteam.records.table import columns
from kapteam.records.zones import Jurisdiction, TimeZone

#: What a spreadsheet, a CSV file or a careless reader may take for something else.
TRAPS = (
    "=cmd()",
    "+1",
    "-1",
    "@x",
    "a;b",
    ";",
    'say "hi"',
    '"',
    "'",
    "a,b",
    "two\nlines",
    "a\r\nb",
    "007",
    "1.0",
    "1e5",
    "2026-12-07",
    "12/7/2026",
    "3-4",
    "TRUE",
    "yes",
    "None",
    "nan",
    "#N/A",
    "#REF!",
    "_note",
    "sep=;",
    "\tx",
    "李小龍",
    "Ελένη Παππά",
    "José",
    "Jose\u0301",
    "👩🏽‍⚕️",
    "a b",
    "a\u00a0b",
    "{}",
    "[1]",
    "# no comment",
    "a = 1",
    "\\",
    "\x7f",
    "_x0041_",
    "x" * 300,
)
_ALPHABET = st.characters(codec="utf-8", exclude_categories=["Cc", "Cs"], exclude_characters="\ufffe\uffff")
TEXTS = (st.sampled_from(TRAPS) | st.text(_ALPHABET, min_size=1, max_size=8)).filter(lambda t: not blank(t))
ITEMS = TEXTS.filter(lambda t: ";" not in t)
DAYS = st.dates(date(1900, 1, 1))
NINE = st.integers(0, 999_999_999).map("{:09}".format)

_BY_KIND: dict[type[Kind], st.SearchStrategy[Any]] = {
    Text: TEXTS,
    PostalCode: TEXTS,
    Id: TEXTS,
    YesNo: st.booleans(),
    Day: DAYS,
    Moment: DAYS | st.datetimes(datetime(1900, 1, 1)).map(lambda d: d.replace(microsecond=0)),
    When: st.integers(1, (1 << SLOTS_A_WEEK) - 1).map(WeeklyHours) | st.just(WeeklyHours.of("Mon-Fri 09:00-17:00")),
    Npi: NINE.map(lambda nine: nine + npi_check_digit(nine)),
    Schedules: st.sets(st.sampled_from(DEA_SCHEDULES), min_size=1),
    Language: st.sampled_from(["en", "es", "zh-Hant", "EN"]),
    Specialty: ITEMS | st.just("2084P0800X"),
    Jurisdiction: st.sampled_from(["NY", "CO"]),
    TimeZone: st.sampled_from(["America/New_York", "America/Denver"]),
}


def values(kind: Kind) -> st.SearchStrategy[Any]:
    """Values of a column's kind."""
    if isinstance(kind, Words):
        item = ITEMS if isinstance(kind.item, Text) else values(kind.item)
        return st.lists(item, min_size=1, max_size=3)
    if isinstance(kind, Count):
        return st.integers(kind.minimum, min(kind.maximum, 10**6))
    if isinstance(kind, Number):
        return st.decimals(kind.minimum, kind.maximum, places=3) | st.decimals(kind.minimum, kind.maximum, places=20)
    if type(kind) in _BY_KIND:
        return _BY_KIND[type(kind)]
    assert isinstance(kind, Choice)
    return st.sampled_from(kind.choices)


@st.composite
def practices(draw: st.DrawFn) -> dict[str, Any]:
    """A practice file with sections and keys of every sort, or none at all."""
    names = st.lists(TEXTS, max_size=2, unique_by=lambda t: Practitioner(t).practitioner)
    data = {
        "protocol": st.fixed_dictionaries(
            {},
            optional={
                "session_minutes": st.integers(60, 600),
                "route": st.sampled_from(["oral", "nasal"]),
                "draw": TEXTS,
                "solo": st.booleans(),
            },
        ),
        "protocols": names.map(lambda ns: {n: {"therapists": 2} if i else {} for i, n in enumerate(ns)}),
        "rules": names.map(lambda ns: dict.fromkeys(ns, "warn")),
        "thresholds": st.fixed_dictionaries(
            {},
            optional={
                "kap_training_hours": st.decimals(0, 100, places=2),
                "kap_programmes": st.lists(TEXTS, min_size=1, max_size=2),
            },
        ),
        "weights": st.dictionaries(st.sampled_from(list(WEIGHTS)), st.integers(0, 500), max_size=2),
        "federal": st.fixed_dictionaries({}, optional={"telehealth": st.just("yes"), "source": TEXTS}),
        "jurisdictions": st.sampled_from(
            [{}, {"NY": {"presence": "dosing", "nurse_practitioner": {"routes": ["oral"]}}}]
        ),
        "modalities": names.map(lambda ns: {n: {"trauma": False} if i else {} for i, n in enumerate(ns)}),
        "carriers": names.map(lambda ns: {n: {"ketamine": False, "specialties": ["a;b", "c"]} for n in ns}),
    }
    return draw(st.fixed_dictionaries({}, optional=data))


@st.composite
def any_rosters(draw: st.DrawFn) -> Roster:
    """A roster: two sites, three people, up to two rows of every other table."""
    ids = st.lists(TEXTS, min_size=2, max_size=3, unique_by=lambda t: Practitioner(t).practitioner)
    people, sites = draw(ids), draw(ids)
    npis = draw(st.lists(_BY_KIND[Npi], min_size=3, max_size=3, unique=True))
    practice = draw(practices())
    protocols = list(practice.get("protocols", ()))
    tables: dict[str, list[Any]] = {}
    for name, record in TABLES.items():
        tables[name] = []
        count = {"sites": len(sites), "practitioners": len(people)}.get(name)
        for i in range(draw(st.integers(0, 2)) if count is None else count):
            cells = {c.attribute: draw(values(c.kind)) for c in columns(record) if c.needed or draw(st.booleans())}
            for column, of in (
                ("practitioner", people),
                ("site", sites),
                ("at_site", sites),
                ("therapist", people),
                ("protocol", protocols),
            ):
                if column in cells:
                    cells[column] = draw(st.sampled_from(of)) if of else None
            _mend(name, i, cells, people, sites, npis)
            try:
                tables[name].append(record(**cells))
            except RosterError:  # dates that end before they start: the row without them
                for column in ("issued", "expires", "effective", "completed", "from_", "until"):
                    cells.pop(column, None)
                if name == "absences":
                    cells["start"] = cells["end"] = draw(DAYS)
                tables[name].append(record(**cells))
    return Roster(**tables, practice=practice)


def _mend(name: str, i: int, cells: dict[str, Any], people: list[str], sites: list[str], npis: list[str]) -> None:
    """Make a row agree with the others."""
    match name:
        case "sites":
            cells |= {"site": sites[i], "jurisdiction": "NY"}
        case "practitioners":
            cells |= {"practitioner": people[i], "npi": npis[i]}
        case "registrations":
            cells["jurisdiction"] = "NY"
            if i:
                cells |= {"site": None, "practitioner": people[0]}
            else:
                cells |= {"site": sites[0], "practitioner": None, "issuer": "dea"}
            if cells.get("issuer", "dea") == "dea" and "number" in cells:
                six = npis[0][:6]
                cells["number"] = f"FP{six}{dea_check_digit(six)}"
        case "coverage":
            cells["practitioner"] = people[i]
        case "agreements":
            cells |= {"practitioner": people[0], "with_": people[1]}
        case "ties":
            cells |= {"a": people[0], "b": people[1]}
