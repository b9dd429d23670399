"""Hypothesis strategies of whole rosters: tables of text cells and a practice, as a file would hold them.

From one :class:`Written` roster come both what kapteam judges (read by its own reader) and what the oracle
judges (the very same text). Most cells are drawn so that a link passes, and each may go wrong in every way that
SEMANTICS knows: blank, expired, of another place, of another profession, ...
"""

from __future__ import annotations

import copy
import unicodedata
from collections.abc import Callable, Mapping, Sequence
from datetime import date, timedelta
from pathlib import Path
from typing import Any, TypeVar

from attrs import define
from hypothesis import strategies as st

import oracles
from kapteam.api.network import Network
from kapteam.io.assemble import assemble
from kapteam.io.raw import RawRoster, RawTable
from kapteam.law.packs import Packs
from kapteam.network.links import judged_links
from kapteam.records.roster import TABLES, Roster
from kapteam.rules.rule import Rule

T = TypeVar("T")
Row = dict[str, str]

#: Packs that know nothing: what is judged rests on the roster and its practice alone.
NO_PACKS = Packs(Path(__file__).parent / "there is no such folder")
SHIPPED = Packs.shipped()

#: A winter day and a summer day: Arizona has no daylight saving time, so the clocks are differently far apart.
WINTER, SUMMER = date(2026, 12, 7), date(2026, 7, 6)


# --- A roster as it is written ------------------------------------------------------------------------------


@define(repr=False)
class Written:
    """A roster of text cells, its practice, and the day on which it is to be judged."""

    tables: dict[str, list[Row]]
    practice: dict[str, Any]
    on: date = WINTER

    def __repr__(self) -> str:
        """As code that makes it again; blank cells are left out."""
        tables = {
            name: [{key: cell for key, cell in row.items() if cell} for row in rows]
            for name, rows in self.tables.items()
            if rows
        }
        return f"Written({tables!r}, {self.practice!r}, {self.on!r})"

    def copy(self) -> Written:
        """Another one that can be changed alone."""
        return copy.deepcopy(self)

    def roster(self) -> Roster:
        """As kapteam reads it."""
        raw = RawRoster("drawn")
        for name in TABLES:
            rows = self.tables.get(name, [])
            if rows or name in ("sites", "practitioners", "licenses", "hours"):
                header = list(dict.fromkeys(key for row in rows for key in row))
                cells = [[row.get(key, "") for key in header] for row in rows]
                raw.tables[name] = RawTable(name, header, list(enumerate(cells, start=2)))
        raw.practice = self.practice
        return assemble(raw)

    def network(self, *, protocol: str | None = None, packs: Packs = NO_PACKS, house: Sequence[Rule] = ()) -> Network:
        """As kapteam judges it."""
        return Network(judged_links(self.roster(), self.on, protocol=protocol, packs=packs, house=house))

    def judged(self, protocol: str | None = None) -> oracles.Judged:
        """As the oracle judges it."""
        return oracles.judge(self.tables, self.practice, self.on, protocol)

    def rows(self, table: str, **cells: str) -> list[Row]:
        """The rows that have these cells."""
        return [r for r in self.tables.get(table, []) if all(r.get(k, "") == v for k, v in cells.items())]

    def add(self, table: str, **cells: str) -> None:
        """One row more; `with_`, `from_` and the like stand for the columns that Python keeps to itself."""
        self.tables.setdefault(table, []).append({k.rstrip("_"): v for k, v in cells.items()})


# --- Small parts --------------------------------------------------------------------------------------------


def mostly(good: T, *others: T, times: int = 12) -> st.SearchStrategy[T]:
    """The good value `times` in every `times + len(others)` draws."""
    return st.sampled_from([good] * times + list(others))


def spans(begin: str, end: str, times: int = 14) -> Callable[[date, int], st.SearchStrategy[Row]]:
    """Dates of a row: mostly blank or in force, sometimes on their very edge, past or to come."""

    def on(day: date, luck: int) -> st.SearchStrategy[Row]:
        def at(days: int) -> str:
            return (day + timedelta(days=days)).isoformat()

        good = [("", ""), (at(-400), ""), ("", at(400)), (at(-9), at(9)), (at(0), ""), ("", at(0)), (at(0), at(0))]
        bad = [("", at(-1)), (at(1), ""), (at(-300), at(-200)), (at(1), at(200))]
        chosen = st.sampled_from([good[0]] * times * luck + good[1:] + bad)
        return chosen.map(lambda span: {k: v for k, v in zip((begin, end), span, strict=True) if v})

    return on


LICENSE_SPAN, POLICY_SPAN = spans("issued", "expires"), spans("effective", "expires")
TRAINING_SPAN, HOURS_SPAN = spans("completed", "expires"), spans("from", "until")
#: How often a good value is drawn, times what is usual: most rosters have trouble everywhere, some have little.
LUCK = st.sampled_from([1, 2, 12])

_CLOCKS = st.integers(0, 95)


@st.composite
def free_hours(draw: st.DrawFn) -> str:
    """Any hours: one to three ranges of days, ends on the quarter hour."""
    parts = []
    for _ in range(draw(st.integers(1, 3))):
        first, last = sorted((draw(_CLOCKS), draw(_CLOCKS)))
        begin, end = first, last + 1
        days = draw(st.sampled_from(["Mon", "Tue", "Sun", "Mon-Fri", "Sat-Mon", "Fri-Mon", "Mon,Wed", "Tue-Wed,Sun"]))
        clock = [f"{slot // 4:02}:{slot % 4 * 15:02}" for slot in (begin, end)]
        parts.append(f"{days} {clock[0]}-{clock[1]}")
    return "; ".join(parts)


#: Days at work, short windows, nights around the week's end, the whole week; a blank: nobody wrote them down.
WHEN = st.one_of(
    st.sampled_from(
        ["Mon-Fri 09:00-17:00"] * 4
        + ["Mon-Thu 09:00-17:00; Fri 09:00-13:00", "Mon-Sun 00:00-24:00", "Tue 09:00-12:00", "Mon,Wed 10:00-16:00"]
        + ["Sun 21:00-24:00; Mon 00:00-03:00", "Sun 22:00-24:00; Mon 00:00-06:00", "Sat-Mon 20:00-24:00"]
        + ["", "", "Fri-Mon 08:30-11:45"]
    ),
    free_hours(),
)

PLACES = ("NY", "CO", "AZ", "CA", "TX")
_ZONES = {"TX": ("America/Chicago", "America/Denver")}
#: One id is written in its decomposed form now and then: ids are compared in their composed one.
PEOPLE = ("ana", "Ben", "cléo", "dov", "Eva", "finn", "gus")
PROFESSIONS = oracles.PRESCRIBING[1:]
MODALITIES = ("house parts", "house somatic", "house trauma", "house both", "house other", "house breath")
ROUTES = ("sublingual", "oral", "nasal", "intramuscular", "intravenous")
CARRIERS = ("Acorn", "Birch Mutual", "Cedar")
_STATUS = ("active", "", "", "privilege", "telehealth", "associate", "restricted", "inactive", "suspended")


# --- Tables -------------------------------------------------------------------------------------------------


@st.composite
def sites(draw: st.DrawFn, count: int) -> list[Row]:
    """Places of two or three jurisdictions; the first ones keep no stock more often than not."""
    places = draw(st.lists(st.sampled_from(PLACES), min_size=1, max_size=3, unique=True))
    rows = []
    for number in range(count):
        place = draw(st.sampled_from(places))
        row = {
            "site": f"s{number + 1}",
            "jurisdiction": place,
            "setting": draw(mostly("clinic", "", "hospital", "home", "telehealth", "telehealth", times=5)),
            "supply": draw(mostly("patient", "stock", "stock", times=3)),
        }
        if place in _ZONES:
            row["timezone"] = draw(st.sampled_from(_ZONES[place]))
        rows.append(row)
    return rows


_KIND_OF_PERSON = mostly(
    ("physician", "psychiatry"),
    ("nurse_practitioner", "psychiatric_nursing"),
    ("nurse_practitioner", ""),
    ("clinical_nurse_specialist", "psychiatric_nursing"),
    ("clinical_nurse_specialist", "anesthesiology"),
    ("physician_assistant", "psychiatry"),
    ("nurse_anesthetist", "anesthesiology"),
    ("naturopathic_physician", ""),
    ("prescribing_psychologist", "psychiatry"),
    ("psychologist", ""),
    ("clinical_social_worker", ""),
    ("clinical_social_worker", ""),
    ("marriage_family_therapist", "psychiatry"),
    ("professional_counselor", ""),
    ("professional_counselor", ""),
    ("registered_nurse", "psychiatric_nursing"),
    ("other", ""),
    times=5,
)
_COUNT = mostly("", "0", "1", "2", "3", "9", times=14)
_SCHEDULES = ("2 2N 3 3N 4 5", "22N 33N 4 5", "3N", "3", "2;4", "", "", "3,3N", "2, 2N, 3")
_STATE_SCHEDULES = ("III IIIN", "3", "II IV", "", "3N", "III", "VI")


@st.composite
def person(draw: st.DrawFn, id: str, where: Sequence[Row], day: date, luck: int) -> dict[str, list[Row]]:
    """One practitioner and what is theirs alone."""
    profession, specialty = draw(_KIND_OF_PERSON)
    specialty = draw(mostly(specialty, "", "psychiatry", "psychiatric_nursing", times=9 * luck))
    places = list(dict.fromkeys(row["jurisdiction"] for row in where))
    prescribes = profession in oracles.PRESCRIBING
    tables: dict[str, list[Row]] = {
        "practitioners": [
            {
                "practitioner": id,
                "specialty": specialty,
                "roles": draw(
                    mostly(
                        "",
                        "prescriber",
                        "therapist",
                        "prescriber;therapist",
                        "monitor",
                        ";",
                        "therapist;monitor",
                        times=12 * luck,
                    )
                ),
                "modalities": draw(
                    mostly("", ";", *MODALITIES, ";".join(MODALITIES[:2]), ";".join(MODALITIES), times=3)
                ),
                "max_sessions_per_week": draw(_COUNT),
                "max_concurrent_sessions": draw(mostly("", "0", "1", "2", "3", times=6)),
                "max_therapists": draw(mostly("", "0", "1", "1", "2", "3", times=9)),
            }
        ],
    }
    licenses = [
        {
            "practitioner": draw(_written(id)),
            "jurisdiction": place,
            "profession": draw(
                mostly(held, *PROFESSIONS, "physician", "psychologist", "registered_nurse", times=40 * luck)
            ),
            "status": draw(mostly(*_STATUS, times=10 * luck)),
            "independent": draw(st.sampled_from(["", "yes", "no"])),
            **draw(LICENSE_SPAN(day, luck)),
        }
        for place in places
        for held in [profession] * draw(mostly(1, 0, 2, times=9 * luck))
    ]
    tables["licenses"] = licenses
    registrations = []
    if prescribes or draw(st.integers(0, 5)) == 0:
        for place in places:
            for issuer in ("dea", "state"):
                for _ in range(draw(mostly(1, 0, 2, times=6 * luck))):
                    here = [row["site"] for row in where if row["jurisdiction"] == place]
                    registrations.append(
                        {
                            "practitioner": id,
                            "issuer": issuer if issuer == "state" else draw(st.sampled_from(["dea", ""])),
                            "at_site": draw(st.sampled_from([*here, here[0], ""])),
                            "jurisdiction": place,
                            "schedules": draw(
                                mostly(*_STATE_SCHEDULES, times=4 * luck)
                                if issuer == "state"
                                else mostly(*_SCHEDULES, times=10 * luck)
                            ),
                            **draw(LICENSE_SPAN(day, luck)),
                        }
                    )
    tables["registrations"] = registrations
    tables["coverage"] = draw(policies(id, day, luck))
    tables["training"] = draw(trainings(id, day, luck))
    tables["hours"] = [
        {
            "practitioner": draw(_written(id)),
            "site": row["site"],
            "when": draw(WHEN),
            **draw(HOURS_SPAN(day, luck)),
        }
        for row in where
        for _ in range(draw(mostly(1, 0, 2, times=5)))
    ]
    return tables


def _written(id: str) -> st.SearchStrategy[str]:
    """An id as somebody may type it."""
    return mostly(id, unicodedata.normalize("NFD", id), f" {id} ", times=8)


@st.composite
def policies(draw: st.DrawFn, id: str, day: date, luck: int) -> list[Row]:
    """Of any role, of one role, or two in turn of one role."""
    rows = []
    roles = draw(
        mostly(
            ("",), (), ("prescriber",), ("therapist",), ("prescriber", "therapist"), ("", "prescriber"), times=6 * luck
        )
    )
    for role in roles:
        in_turn = draw(mostly(False, True, times=7))
        yesterday = (day - timedelta(days=1)).isoformat()
        dates = [{"expires": yesterday}, {"effective": day.isoformat()}] if in_turn else [draw(POLICY_SPAN(day, luck))]
        rows += [
            {
                "practitioner": id,
                "role": role,
                "carrier": draw(st.sampled_from([*CARRIERS, "Nobody's"])),
                "ketamine": draw(mostly("yes", "no", "", "", times=10 * luck)),
                "presence": draw(st.sampled_from(["", "none", "available", "dosing", "throughout", "dosing"])),
                "same_site": draw(mostly("", "yes", "no", times=4 * luck)),
                "in_clinic_only": draw(mostly("", "yes", "no", times=4 * luck)),
                "specialties": draw(
                    mostly("", ";", "psychiatry", "psychiatry; psychiatric_nursing", "anesthesiology", times=6)
                ),
                "max_concurrent_sessions": draw(mostly("", "0", "1", "2", times=6)),
                **span,
            }
            for span in dates
        ]
    return rows


@st.composite
def trainings(draw: st.DrawFn, id: str, day: date, luck: int) -> list[Row]:
    """KAP hours most often, and some of the other kinds; a modality may have no name."""
    rows = []
    for kind in ["kap", *draw(st.lists(st.sampled_from(["kap", *_OTHER_KINDS]), max_size=4))]:
        name = {
            "kap": mostly("", "House Programme", "Some Course", times=3),
            "modality": st.sampled_from(["", *MODALITIES]),
        }
        rows.append(
            {
                "practitioner": id,
                "kind": kind,
                "name": draw(name.get(kind, st.just(""))),
                "hours": draw(mostly("20", "", "", "0", "6", "15.99", "9.5", "80", "120", "33.3", times=8 * luck)),
                "practicum": draw(st.sampled_from(["", "yes", "no"])),
                **draw(TRAINING_SPAN(day, luck)),
            }
        )
    return rows


_OTHER_KINDS = ("trauma", "modality", "modality", "experiential", "mentorship", "life_support")


_AGREEMENTS = ("collaboration", "collaboration", "supervision", "supervision", "consultation")


@st.composite
def between(
    draw: st.DrawFn, ids: Sequence[str], professions: Mapping[str, str], places: Sequence[str], day: date, luck: int
) -> dict[str, list[Row]]:
    """Agreements and ties: what is between two people; the agreements that a profession may need come first."""
    tables: dict[str, list[Row]] = {"agreements": [], "ties": []}
    if len(ids) < 2:
        return tables
    pair = st.lists(st.sampled_from(ids), min_size=2, max_size=2, unique=True)
    pairs = [(*draw(pair), draw(st.sampled_from(_AGREEMENTS))) for _ in range(draw(st.integers(0, 3)))]
    for one in ids:
        physicians = [id for id in ids if professions[id] == "physician" and id != one]
        if professions[one] in PROFESSIONS and physicians and draw(mostly(True, False, times=3)):
            pairs.append((one, draw(st.sampled_from(physicians)), draw(st.sampled_from(_AGREEMENTS))))
    for one, other, kind in pairs:
        tables["agreements"].append(
            {
                "practitioner": one,
                "with": other,
                "kind": kind,
                "jurisdiction": draw(mostly("", *places, times=3)),
                **draw(POLICY_SPAN(day, luck)),
            }
        )
    for _ in range(draw(st.integers(0, 3))):
        one, other = draw(pair)
        tables["ties"].append(
            {"a": one, "b": other, "kind": draw(st.sampled_from(["worked_with", "prefers", "avoids"]))}
        )
    return tables


# --- Practice -----------------------------------------------------------------------------------------------


@st.composite
def laws(draw: st.DrawFn, places: Sequence[str], complete: bool, luck: int) -> dict[str, Any]:
    """What the practice knows of every place and profession; all of it where `complete`, so that no pack speaks."""

    def said(*words: str, times: int = 2) -> str:
        return draw(mostly(*words, *([] if complete else [""]), times=times * luck))

    law: dict[str, Any] = {}
    for place in places:
        entries: dict[str, Any] = {
            "state_registration": said("no", "yes", "unknown"),
            "presence": said("none", "available", "dosing", "throughout", times=6),
            "telehealth": said("yes", "no", "unknown"),
        }
        section: dict[str, Any] = {key: value for key, value in entries.items() if value}
        for profession in PROFESSIONS:
            own: dict[str, Any] = {
                "ketamine": said("yes", "no", "formulary_excludes", "limited", "unknown", times=8),
                "autonomy": said("independent", "transition", "agreement", "unknown", times=3),
                "state_registration": said("no", "yes", "unknown"),
            }
            routes = draw(st.lists(st.sampled_from(ROUTES), max_size=3, unique=True))
            own["routes"] = list(ROUTES) if complete and not routes else routes
            accepted = draw(st.sampled_from([["physician"], ["nurse_practitioner", "physician"], ["psychologist"], []]))
            own["agreement_with"] = ["physician"] if complete and not accepted else accepted
            section[profession] = {key: value for key, value in own.items() if value or value == []}
        if physician := draw(st.sampled_from(["", "no", "yes", "unknown"])):
            section["physician"] = {"state_registration": physician}
        law[place] = section
    return law


@st.composite
def practices(draw: st.DrawFn, places: Sequence[str], complete: bool, luck: int) -> dict[str, Any]:
    """A whole practice file."""
    session = draw(st.sampled_from([180, 180, 60, 90, 100, 45, 360]))
    practice: dict[str, Any] = {
        "protocol": {
            "session_minutes": session,
            "dosing_minutes": min(session, draw(st.sampled_from([60, 15, 20, 180]))),
            "route": draw(mostly("", "sublingual", "intramuscular", "oral", times=2)),
            "draw": draw(st.sampled_from(["", "spring", "herbst"])),
            "solo": draw(mostly(True, False, times=3)),
        },
        "protocols": {"short": {"session_minutes": 45, "dosing_minutes": 15, "route": "nasal"}},
        "rules": draw(
            st.dictionaries(
                st.sampled_from(sorted(oracles.SEVERITY)),
                st.sampled_from(["block", "warn", "note", "off"]),
                max_size=4,
            )
        ),
        "thresholds": {
            "kap_training_hours": draw(st.sampled_from([16, 0, 15.5, 40])),
            "kap_programmes": draw(st.sampled_from([[], ["House Programme"]])),
        },
        "weights": draw(
            st.dictionaries(st.sampled_from(sorted(oracles.WEIGHTS)), st.sampled_from([0, 1, 7, 100, 333]), max_size=4)
        ),
        "jurisdictions": draw(laws(places, complete, luck)),
        "modalities": {
            "house parts": {"complementary": True},
            "house somatic": {"complementary": True, "trauma": False},
            "house trauma": {"trauma": True},
            "house both": {"trauma": True, "complementary": True},
            "house other": {"complementary": False, "trauma": False},
        },
        "carriers": {name: draw(carriers()) for name in CARRIERS},
    }
    federal = draw(st.sampled_from(["yes", "no", "unknown"] if complete else ["yes", "no", "unknown", ""]))
    if federal:
        practice["federal"] = {"telehealth": federal}
    return practice


@st.composite
def carriers(draw: st.DrawFn) -> dict[str, Any]:
    """What a carrier says where a policy is silent; it may be silent too."""
    said = {
        "ketamine": draw(mostly(None, True, False, times=2)),
        "presence": draw(st.sampled_from([None, None, "none", "available", "dosing", "throughout"])),
        "same_site": draw(mostly(None, True, False, times=4)),
        "in_clinic_only": draw(mostly(None, True, False, times=4)),
        "specialties": draw(mostly(None, ["psychiatry", "psychiatric_nursing"], [], times=4)),
        "max_concurrent_sessions": draw(mostly(None, 1, 2, times=4)),
    }
    return {key: value for key, value in said.items() if value is not None}


# --- Whole rosters ------------------------------------------------------------------------------------------


@st.composite
def rosters(
    draw: st.DrawFn,
    *,
    people: tuple[int, int] = (2, 6),
    places: tuple[int, int] = (1, 3),
    complete: bool = False,
) -> Written:
    """A valid roster of a few people and sites, where much may be unknown, and some links pass."""
    day = draw(st.sampled_from([WINTER, SUMMER]))
    where = draw(sites(draw(st.integers(*places))))
    here = list(dict.fromkeys(row["jurisdiction"] for row in where))
    luck = draw(LUCK)
    ids = draw(st.permutations(PEOPLE))[: draw(st.integers(*people))]
    tables: dict[str, list[Row]] = {"sites": where}
    professions = {}
    for id in ids:
        own = draw(person(id, where, day, luck))
        professions[id] = own["licenses"][0]["profession"] if own["licenses"] else "other"
        for name, rows in own.items():
            tables.setdefault(name, []).extend(rows)
    for name, rows in draw(between(ids, professions, here, day, luck)).items():
        tables.setdefault(name, []).extend(rows)
    for row in where:
        if row["supply"] == "stock" and draw(st.integers(0, 2)):
            tables["registrations"].append(
                {
                    "site": row["site"],
                    "jurisdiction": row["jurisdiction"],
                    "schedules": draw(mostly(*_SCHEDULES, times=10 * luck)),
                    **draw(LICENSE_SPAN(day, luck)),
                }
            )
    return Written(tables, draw(practices(here, complete, luck)), day)


@st.composite
def capable(draw: st.DrawFn, *, people: tuple[int, int] = (3, 8)) -> Written:
    """A roster of one state where almost everybody may do their part: its matchings are what is hard."""
    count = draw(st.integers(*people))
    tables: dict[str, list[Row]] = {name: [] for name in TABLES}
    places = ["s1", "s2"]
    for site in places:
        tables["sites"].append({"site": site, "jurisdiction": "NY", "supply": "patient"})
    for number in range(count):
        id = f"q{number}"
        prescribes = number < 1 or draw(st.integers(0, 2)) == 0
        both = prescribes and draw(st.booleans())
        tables["practitioners"].append(
            {
                "practitioner": id,
                "roles": "" if both else "prescriber" if prescribes else "therapist",
                "modalities": draw(st.sampled_from(["", "house parts", "house parts;house trauma"])),
                "max_therapists": draw(st.sampled_from(["", "0", "1", "1", "2"])) if prescribes else "",
            }
        )
        profession = "physician" if prescribes else "psychologist"
        tables["licenses"].append({"practitioner": id, "jurisdiction": "NY", "profession": profession})
        if prescribes:
            schedules = draw(mostly("3N", "", times=3))
            tables["registrations"].append({"practitioner": id, "jurisdiction": "NY", "schedules": schedules})
        tables["coverage"].append(
            {
                "practitioner": id,
                "carrier": "Acorn",
                "ketamine": draw(mostly("yes", "", times=4)),
                "presence": draw(st.sampled_from(["throughout", "dosing", "none", "available"])),
            }
        )
        hours = draw(st.sampled_from(["16", "16", "30", "80", ""]))
        tables["training"].append({"practitioner": id, "kind": "kap", "hours": hours, "practicum": "yes"})
        for site in draw(st.lists(st.sampled_from(places), min_size=1, max_size=2, unique=True)):
            when = draw(st.sampled_from(["Mon 09:00-12:00", "Mon-Wed 09:00-15:00", "Tue 09:00-12:00", ""]))
            tables["hours"].append({"practitioner": id, "site": site, "when": when})
    for _ in range(draw(st.integers(0, 3))):
        one, other = draw(st.lists(st.integers(0, count - 1), min_size=2, max_size=2, unique=True))
        kind = draw(st.sampled_from(["prefers", "worked_with", "avoids"]))
        tables["ties"].append({"a": f"q{one}", "b": f"q{other}", "kind": kind})
    practice: dict[str, Any] = {
        "protocol": {"draw": draw(st.sampled_from(["", "spring"]))},
        "jurisdictions": {"NY": {"state_registration": "no"}},
        "modalities": {"house parts": {"complementary": True}, "house trauma": {"trauma": True}},
    }
    return Written(tables, practice)


def as_text(findings: Sequence[tuple[str, str]]) -> list[str]:
    """Findings as lines, for a difference that a person can read."""
    return [f"{rule}: {status}" for rule, status in findings]


def plain(document: Mapping[str, Any]) -> dict[str, Any]:
    """A document without what only echoes the question."""
    return {key: value for key, value in document.items() if key not in ("on", "protocol")}
