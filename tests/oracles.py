"""A second, slow and plain program for the answers of `links`, `explain` and `match`.

It shares no line with the package and takes no short cut: a week is a list of 672 booleans, a rule is a few
`if`s over rows of text, an optimum is a chain of best augmenting paths in exact integers, and what can be
tried out is tried out. The property tests hold the package against it. It takes valid rosters only, knows no
law but what `practice` says, and translates no NUCC codes.

    judged = judge(tables, practice, date(2026, 12, 7))
    judged.links, judged.findings("p1", "t1", "s1"), match(judged, unknown="allow")
"""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from fractions import Fraction
from functools import lru_cache
from typing import Any
from zoneinfo import ZoneInfo

Row = dict[str, str]
Tables = Mapping[str, Sequence[Mapping[str, str]]]
Practice = Mapping[str, Any]
Pair = tuple[str, str]  # prescriber, therapist
Triple = tuple[str, str, str]  # site, prescriber, therapist
Link = Mapping[str, Any]  # site, prescriber, therapist, verdict, points, weekly_sessions

PASS, FAIL, UNKNOWN, MOOT = "pass", "fail", "unknown", "not_applicable"


# --- Words --------------------------------------------------------------------------------------------------

#: In the order that decides between equally good licences of one person.
PRESCRIBING = (
    "physician",
    "nurse_practitioner",
    "clinical_nurse_specialist",
    "nurse_anesthetist",
    "physician_assistant",
    "naturopathic_physician",
    "prescribing_psychologist",
)
THERAPY = (
    "psychologist",
    "prescribing_psychologist",
    "clinical_social_worker",
    "marriage_family_therapist",
    "professional_counselor",
    "physician",
)
#: Therapists only where their specialty is psychiatric nursing.
THERAPY_NURSES = ("nurse_practitioner", "clinical_nurse_specialist")

LEVELS = ("none", "available", "dosing", "throughout")
NONE, AVAILABLE, DOSING, THROUGHOUT = range(4)

SEVERITY = {
    "legal.license": "block",
    "legal.authority": "block",
    "legal.registration": "block",
    "legal.state_registration": "block",
    "legal.site_registration": "block",
    "legal.agreement": "block",
    "legal.evaluation": "block",
    "legal.therapy_license": "block",
    "legal.presence": "block",
    "malpractice.cover": "block",
    "malpractice.ketamine": "block",
    "malpractice.specialty": "block",
    "malpractice.in_clinic": "block",
    "malpractice.same_site": "block",
    "malpractice.presence": "block",
    "ethics.kap_training": "block",
    "ethics.trauma_training": "warn",
    "ethics.modality": "warn",
    "ethics.experiential": "warn",
    "ethics.practicum": "warn",
    "ethics.mentorship": "note",
    "team.window": "block",
    "team.ties": "block",
    "team.life_support": "note",
}
#: The rules that ask for a start that fits; a confirmed week turns all of them at once.
START_RULES = ("team.window", "legal.presence", "malpractice.presence", "malpractice.same_site")

WEIGHTS = {
    "kap_training": 150,
    "trauma_training": 100,
    "experiential": 75,
    "practicum": 50,
    "mentorship": 25,
    "modality": 150,
    "complement": 100,
    "time": 250,
    "ties": 100,
}

#: From when to when a row of a table is in force; both days count, and a blank end is open.
VALIDITY = {
    "licenses": ("issued", "expires"),
    "registrations": ("issued", "expires"),
    "coverage": ("effective", "expires"),
    "training": ("completed", "expires"),
    "hours": ("from", "until"),
    "agreements": ("effective", "expires"),
}


def both(*statuses: str) -> str:
    """Kleene's AND: fails if a part fails, else is unknown if a part is; what does not apply is as a pass."""
    return FAIL if FAIL in statuses else UNKNOWN if UNKNOWN in statuses else PASS


def best(statuses: Iterable[str]) -> str:
    """The best of some statuses; with none of them: fail."""
    found = list(statuses)
    return PASS if PASS in found else UNKNOWN if UNKNOWN in found else FAIL


def when_known(yes_no_unknown: str) -> str:
    """`yes` is pass, `no` is fail, anything else (blank, unknown, no entry) is unknown."""
    return {"yes": PASS, "no": FAIL}.get(yes_no_unknown, UNKNOWN)


# --- Cells --------------------------------------------------------------------------------------------------


def clean(value: object) -> str:
    """A cell or a key as it is compared: NFC, trimmed. A boolean of practice.toml is a yes or no."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    return unicodedata.normalize("NFC", "" if value is None else str(value)).strip()


def items(cell: str) -> list[str]:
    """The list in a cell."""
    return [clean(item) for item in cell.split(";") if clean(item)]


def keyed(section: object) -> dict[str, Any]:
    """A section of practice.toml by its cleaned keys; a section that is not there is empty."""
    return {clean(key): value for key, value in section.items()} if isinstance(section, Mapping) else {}


def schedules(cell: str) -> set[str]:
    """The schedules of a registration in digits; written also as `22N 33N 4 5`, with commas, and in Roman."""
    found: set[str] = set()
    roman = {"I": "1", "II": "2", "III": "3", "IV": "4", "V": "5", "VI": "6"}
    for word in re.split(r"[;,\s]+", cell.upper()):
        numeral = re.fullmatch(r"(I{1,3}|IV|VI?)(N?)", word)
        found |= {roman[numeral[1]] + numeral[2]} if numeral else set(re.findall(r"[1-6]N?", word))
    return found


def in_force(row: Mapping[str, str], table: str, on: date) -> bool:
    """Neither later than the day it begins nor earlier than the day it ends; both ends count."""
    begin, end = VALIDITY.get(table, ("", ""))
    first, last = row.get(begin, ""), row.get(end, "")
    return (not first or date.fromisoformat(first) <= on) and (not last or on <= date.fromisoformat(last))


# --- Weeks --------------------------------------------------------------------------------------------------

SLOT = 15
WEEK = 7 * 24 * 60 // SLOT
DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")

#: Where a jurisdiction has one zone, a blank cell is that zone.
ZONES = {
    zone: states.split()
    for zone, states in {
        "America/New_York": "CT DC DE GA MA MD ME NC NH NJ NY OH PA RI SC VA VT WV",
        "America/Chicago": "AL AR IA IL LA MN MO MS OK WI",
        "America/Denver": "CO MT NM UT WY",
        "America/Phoenix": "AZ",
        "America/Los_Angeles": "CA WA",
        "Pacific/Honolulu": "HI",
    }.items()
}


def weekly_hours(text: str) -> list[bool]:
    """`Mon-Thu 09:00-17:00; Fri,Sun 09:00-13:00` as 672 quarter hours from Monday 00:00; blank has none."""
    week = [False] * WEEK
    for part in items(text):
        written = re.fullmatch(r"(.*?)\s*(\d{1,2}):(\d\d)\s*-\s*(\d{1,2}):(\d\d)", part)
        if written is None:
            raise ValueError(f"no weekly hours: {part!r}")
        begin = (int(written[2]) * 60 + int(written[3])) // SLOT
        end = (int(written[4]) * 60 + int(written[5])) // SLOT
        for days in written[1].split(","):
            first, _, last = (word.strip() for word in days.partition("-"))
            day, final = DAYS.index(first), DAYS.index(last or first)
            while True:
                for slot in range(begin, end):
                    week[day * 24 * 60 // SLOT + slot] = True
                if day == final:
                    break
                day = (day + 1) % 7  # a range may wrap: Fri-Mon
    return week


def fits(sitter: Sequence[bool], other: Sequence[bool] | None, length: int, needed: int) -> set[int]:
    """The starts where the sitter is there for `length` slots and the other (None: not asked) for `needed`.

    The week is a ring: after Sunday 24:00 comes Monday 00:00.
    """

    def there(week: Sequence[bool], start: int, count: int) -> bool:
        return all(week[(start + slot) % len(week)] for slot in range(count))

    return {
        start
        for start in range(len(sitter))
        if there(sitter, start, length) and (other is None or there(other, start, needed))
    }


def largest_packing(starts: set[int], length: int, ring: int = WEEK) -> int:
    """The most starts that are pairwise at least `length` apart around the ring.

    Some start of a best choice is the first one; from there on, taking the next possible one is never worse.
    So every start is tried as the first.
    """
    return _packing(frozenset(starts), length, ring)


@lru_cache(maxsize=4096)
def _packing(starts: frozenset[int], length: int, ring: int) -> int:
    most, ordered = 0, sorted(starts)
    for index, first in enumerate(ordered):
        chosen, free_from, end = 1, first + length, first + ring - length
        for start in ordered[index + 1 :] + [start + ring for start in ordered[:index]]:
            if free_from <= start <= end:
                chosen, free_from = chosen + 1, start + length
        most = max(most, chosen)
    return most


def slots(minutes: int) -> int:
    """Minutes in slots, rounded up."""
    return -(-minutes // SLOT)


# --- The roster on a day ------------------------------------------------------------------------------------


class Roster:
    """The rows that are in force on the day, the practice's own settings, and what both say at once."""

    def __init__(self, tables: Tables, practice: Practice, on: date, protocol: str | None) -> None:
        """Clean every cell, keep the rows in force, read the settings."""
        every = {
            name: [{clean(key): clean(cell) for key, cell in row.items()} for row in rows]
            for name, rows in tables.items()
        }
        self.on = on
        self.every_license = every.get("licenses", [])  # for candidates: in force or not
        self.tables = {name: [row for row in rows if in_force(row, name, on)] for name, rows in every.items()}
        self.people = {row["practitioner"]: row for row in every.get("practitioners", [])}
        self.sites = {row["site"]: row for row in every.get("sites", [])}

        named = keyed(practice.get("protocols")).get(clean(protocol), {}) if protocol else {}
        default = practice.get("protocol", {})
        settings = {"session_minutes": 180, "dosing_minutes": 60, "route": "", **default, **named}
        self.session = slots(int(settings["session_minutes"]))
        self.dosing = slots(int(settings["dosing_minutes"]))
        self.route = clean(settings["route"])
        self.draw = str(default.get("draw", ""))
        self.solo = bool(default.get("solo", True))
        self.severity = {**SEVERITY, **practice.get("rules", {})}
        self.weights = {**WEIGHTS, **practice.get("weights", {})}
        self.thresholds = practice.get("thresholds", {})
        self.federal = practice.get("federal", {})
        self.jurisdictions = practice.get("jurisdictions", {})
        self.modalities = keyed(practice.get("modalities"))
        self.carriers = keyed(practice.get("carriers"))
        self._weeks: dict[Pair, list[bool]] = {}

    def rows(self, table: str, **cells: str) -> list[Row]:
        """The rows in force of a table that have these cells."""
        return [
            row
            for row in self.tables.get(table, [])
            if all(row.get(column, "") == cell for column, cell in cells.items())
        ]

    def cell(self, person: str, column: str) -> str:
        """A cell of the practitioners table."""
        return self.people.get(person, {}).get(column, "")

    def number(self, person: str, column: str) -> int | None:
        """A whole number of the practitioners table; None where it is blank."""
        return int(self.cell(person, column)) if self.cell(person, column) else None

    def place(self, site: str) -> str:
        """The jurisdiction of a site."""
        return self.sites[site]["jurisdiction"]

    def setting(self, site: str) -> str:
        """The setting of a site; a clinic where nothing is written."""
        return self.sites[site].get("setting", "") or "clinic"

    def law(self, place: str, *path: str) -> str:
        """The practice's entry for a jurisdiction, or for a profession there; '' where it has none."""
        entry: Any = self.jurisdictions.get(place, {})
        for key in path:
            entry = entry.get(key, {}) if isinstance(entry, Mapping) else {}
        return "" if isinstance(entry, Mapping) else clean(entry)

    def law_list(self, place: str, profession: str, key: str) -> list[str]:
        """A list of the entry for a profession; an empty list is as none."""
        return [clean(item) for item in self.jurisdictions.get(place, {}).get(profession, {}).get(key, [])]

    # Hours

    def has_hours(self, person: str, site: str) -> bool:
        """Rows in force, written or blank."""
        return bool(self.rows("hours", practitioner=person, site=site))

    def unwritten(self, person: str, site: str) -> bool:
        """A row in force that does not say when."""
        return bool(self.rows("hours", practitioner=person, site=site, when=""))

    def week(self, person: str, site: str, blank_is_all: bool = False) -> list[bool]:
        """The slots of a typical week at a site: its rows OR-ed; one that says no time: none (or all)."""
        if blank_is_all and self.unwritten(person, site):
            return [True] * WEEK
        if (person, site) not in self._weeks:
            rows = self.rows("hours", practitioner=person, site=site)
            read = [weekly_hours(row.get("when", "")) for row in rows]
            self._weeks[person, site] = [any(week[slot] for week in read) for slot in range(WEEK)]
        return self._weeks[person, site]

    def offset(self, site: str) -> int:
        """How many slots the site's clock is ahead of UTC at noon of the day judged."""
        place = self.place(site)
        zone = self.sites[site].get("timezone", "") or next(zone for zone in ZONES if place in ZONES[zone])
        ahead = datetime.combine(self.on, time(12), ZoneInfo(zone)).utcoffset() or timedelta()
        return int(ahead.total_seconds()) // 60 // SLOT

    def week_anywhere(self, person: str, clock: int, blank_is_all: bool = False) -> list[bool]:
        """Slot by slot, whether the person has hours at any site, on a clock so many slots ahead of UTC."""
        anywhere = [False] * WEEK
        for site in self.sites:
            if self.has_hours(person, site):
                there, shift = self.week(person, site, blank_is_all), self.offset(site) - clock
                anywhere = [anywhere[slot] or there[(slot + shift) % WEEK] for slot in range(WEEK)]
        return anywhere


# --- Who may be a candidate ---------------------------------------------------------------------------------


def therapy_profession(r: Roster, person: str, profession: str) -> str:
    """Whether a licence of this profession makes them a therapist: a nurse's does by the specialty."""
    if profession in THERAPY_NURSES:
        specialty = r.cell(person, "specialty")
        return PASS if specialty == "psychiatric_nursing" else FAIL if specialty else UNKNOWN
    return PASS if profession in THERAPY else FAIL


def candidate(r: Roster, person: str, role: str) -> bool:
    """The roles cell names the role; or it is blank and some licence of any status and dates allows it."""
    willing = items(r.cell(person, "roles"))
    if willing:
        return role in willing
    held = [row["profession"] for row in r.every_license if row["practitioner"] == person]
    if role == "prescriber":
        return any(profession in PRESCRIBING for profession in held)
    return any(therapy_profession(r, person, profession) == PASS for profession in held)


# --- The prescriber and the law -----------------------------------------------------------------------------


def standing(r: Roster, license_: Row, site: str) -> str:
    """What the status of a licence is worth at a site."""
    status = license_.get("status", "") or "active"
    if status in ("active", "privilege"):
        return PASS
    if status == "telehealth":
        return PASS if r.setting(site) == "telehealth" else FAIL
    return UNKNOWN if status == "restricted" else FAIL


def authority(r: Roster, license_: Row, place: str) -> str:
    """May this profession prescribe or administer ketamine here, by this route?"""
    profession = license_["profession"]
    if profession == "physician":
        return PASS
    entry = r.law(place, profession, "ketamine")
    if entry in ("no", "formulary_excludes"):
        return FAIL
    if entry != "yes":  # limited, unknown, no entry
        return UNKNOWN
    routes = r.law_list(place, profession, "routes")
    if not routes or r.route in routes:
        return PASS
    return FAIL if r.route else UNKNOWN


def agreed(r: Roster, person: str, place: str, accepted: Iterable[str]) -> bool:
    """A collaboration or supervision, for this place or any, with someone actively licensed here for it."""
    return any(
        row["kind"] in ("collaboration", "supervision")
        and row.get("jurisdiction", "") in ("", place)
        and any(
            (held.get("status", "") or "active") == "active" and held["profession"] in accepted
            for held in r.rows("licenses", practitioner=row["with"], jurisdiction=place)
        )
        for row in r.rows("agreements", practitioner=person)
    )


def agreement(r: Roster, license_: Row, place: str) -> str:
    """Where the profession is not independent here, an agreement in force."""
    profession = license_["profession"]
    if profession == "physician":
        return MOOT
    accepted = r.law_list(place, profession, "agreement_with") or ["physician"]
    is_agreed = agreed(r, license_["practitioner"], place, accepted)
    autonomy, independent = r.law(place, profession, "autonomy"), license_.get("independent", "")
    if autonomy == "independent" or (autonomy == "transition" and independent == "yes"):
        return MOOT
    if autonomy == "agreement" or (autonomy == "transition" and independent == "no"):
        return PASS if is_agreed else FAIL
    return PASS if is_agreed else UNKNOWN


@dataclass(frozen=True)
class Speaks:
    """The licence that speaks for a prescriber at a site, and what it says."""

    profession: str
    license: str
    authority: str
    agreement: str


def speaks(r: Roster, person: str, site: str) -> Speaks | None:
    """The best licence: by all three together, then the profession, then the standing, then the agreement."""
    place = r.place(site)
    able = [
        Speaks(row["profession"], standing(r, row, site), authority(r, row, place), agreement(r, row, place))
        for row in r.rows("licenses", practitioner=person, jurisdiction=place)
        if row["profession"] in PRESCRIBING and standing(r, row, site) != FAIL
    ]

    def rank(one: Speaks) -> tuple[int, int, int, int]:
        better = (PASS, UNKNOWN, FAIL)
        return (
            better.index(both(one.license, one.authority, one.agreement)),
            PRESCRIBING.index(one.profession),
            better.index(one.license),
            (MOOT, PASS, UNKNOWN, FAIL).index(one.agreement),
        )

    return min(able, key=rank, default=None)


def registered(rows: Iterable[Row], enough: set[str]) -> str:
    """One with one of these schedules passes; else one that does not say its schedules is unknown."""
    held = [schedules(row.get("schedules", "")) for row in rows]
    return best(PASS if one & enough else UNKNOWN if not one else FAIL for one in held)


def issued_by(rows: Iterable[Row], issuer: str) -> list[Row]:
    """The DEA's registrations (also where the issuer is blank), or the state's."""
    return [row for row in rows if (row.get("issuer", "") or "dea") == issuer]


def state_registration(r: Roster, person: str, site: str) -> str:
    """By the entry for the profession that speaks, else for the place; `3` or `3N` of the state will do."""
    place, speaker = r.place(site), speaks(r, person, site)
    if speaker is None:
        return MOOT
    asked = r.law(place, speaker.profession, "state_registration") or r.law(place, "state_registration")
    if asked == "no":
        return MOOT
    own = issued_by(r.rows("registrations", practitioner=person, jurisdiction=place), "state")
    held = registered(own, {"3", "3N"})
    return held if asked == "yes" or held == PASS else UNKNOWN


def site_registration(r: Roster, person: str, site: str) -> str:
    """Where the site keeps stock: a DEA registration at this very site, the person's or the site's own."""
    if r.sites[site]["supply"] != "stock":
        return MOOT
    here = r.rows("registrations", jurisdiction=r.place(site))
    own = [row for row in here if row.get("practitioner", "") == person and row.get("at_site", "") == site]
    the_sites = [row for row in here if row.get("site", "") == site]
    return registered(issued_by([*own, *the_sites], "dea"), {"3N"})


def evaluation(r: Roster, person: str, site: str) -> str:
    """Seen in person in that state; else what the federal and the state's telehealth law say together."""
    place = r.place(site)
    in_person = [one for one in r.sites if r.place(one) == place and r.setting(one) != "telehealth"]
    if any(r.has_hours(person, one) for one in in_person):
        return PASS
    state = r.law(place, "telehealth")
    federal = clean(r.federal.get("telehealth", ""))
    return both(when_known(federal), when_known(state) if state else MOOT)


def legal_of_prescriber(r: Roster, person: str, site: str) -> dict[str, str]:
    """The seven legal rules on a prescriber; without a licence that could speak, three of them fail."""
    speaker = speaks(r, person, site)
    own = issued_by(r.rows("registrations", practitioner=person, jurisdiction=r.place(site)), "dea")
    return {
        "legal.license": speaker.license if speaker else FAIL,
        "legal.authority": speaker.authority if speaker else FAIL,
        "legal.agreement": speaker.agreement if speaker else FAIL,
        "legal.registration": registered(own, {"3N"}),
        "legal.state_registration": state_registration(r, person, site),
        "legal.site_registration": site_registration(r, person, site),
        "legal.evaluation": evaluation(r, person, site),
    }


# --- The therapist and the law ------------------------------------------------------------------------------


def supervised(r: Roster, person: str, place: str) -> str:
    """A supervision agreement in force with someone who holds an active therapy licence here."""
    return best(
        therapy_profession(r, row["with"], held["profession"])
        for row in r.rows("agreements", practitioner=person, kind="supervision")
        if row.get("jurisdiction", "") in ("", place)
        for held in r.rows("licenses", practitioner=row["with"], jurisdiction=place)
        if (held.get("status", "") or "active") == "active"
    )


def therapy_license(r: Roster, person: str, site: str) -> str:
    """The best of their licences; a nurse's whose specialty is blank is unknown at best."""
    place = r.place(site)
    return best(
        both(
            therapy_profession(r, person, row["profession"]),
            supervised(r, person, place) if row.get("status", "") == "associate" else standing(r, row, site),
        )
        for row in r.rows("licenses", practitioner=person, jurisdiction=place)
    )


# --- Malpractice --------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Policy:
    """A person's policy in a role, every cell resolved; '' and () say nothing."""

    ketamine: str
    presence: str
    same_site: str
    in_clinic_only: str
    specialties: tuple[str, ...]
    max_concurrent_sessions: int | None


def policy(r: Roster, person: str, role: str) -> Policy | None:
    """The row of that role, else the row of any; each cell: what the row says, else the carrier's entry."""
    rows = r.rows("coverage", practitioner=person)
    found = [row for row in rows if row.get("role", "") == role] or [row for row in rows if not row.get("role", "")]
    if not found:
        return None
    row = found[0]
    carrier = r.carriers.get(row["carrier"], {})

    def said(key: str) -> str:
        return row.get(key, "") or clean(carrier.get(key, ""))

    named = items(row.get("specialties", "")) or [clean(name) for name in carrier.get("specialties", [])]
    concurrent = said("max_concurrent_sessions")
    return Policy(
        ketamine=said("ketamine"),
        presence=said("presence"),
        same_site=said("same_site"),
        in_clinic_only=said("in_clinic_only"),
        specialties=tuple(named),
        max_concurrent_sessions=int(concurrent) if concurrent else None,
    )


def malpractice_of_member(r: Roster, person: str, role: str) -> dict[str, str]:
    """Without a policy, nothing else is asked of the person."""
    held = policy(r, person, role)
    return {
        "malpractice.cover": PASS if held else FAIL,
        "malpractice.ketamine": when_known(held.ketamine) if held else MOOT,
    }


def malpractice_of_prescriber(r: Roster, person: str, site: str) -> dict[str, str]:
    """A list of specialties and a clinic are asked for only where the policy says so."""
    held = policy(r, person, "prescriber")
    specialty = in_clinic = MOOT
    if held and held.specialties:
        own = r.cell(person, "specialty")
        specialty = UNKNOWN if not own else PASS if own in held.specialties else FAIL
    if held and held.in_clinic_only == "yes":
        in_clinic = PASS if r.setting(site) in ("clinic", "hospital") else FAIL
    return {
        **malpractice_of_member(r, person, "prescriber"),
        "malpractice.specialty": specialty,
        "malpractice.in_clinic": in_clinic,
    }


def level_of_prescriber(held: Policy | None) -> int:
    """What the prescriber's own policy asks; nothing written is read with caution, as throughout."""
    if held is None or not held.presence:
        return THROUGHOUT
    return max(LEVELS.index(held.presence), DOSING if held.same_site == "yes" else NONE)


def level_of_therapist(held: Policy | None) -> int:
    """What the therapist's policy asks of the prescriber; nothing written asks nothing."""
    if held is None:
        return NONE
    return max(LEVELS.index(held.presence or "none"), DOSING if held.same_site == "yes" else NONE)


def level_of_policies(r: Roster, prescriber: str, therapist: str) -> int:
    """The stricter of what the two policies ask."""
    own = level_of_prescriber(policy(r, prescriber, "prescriber"))
    return max(own, level_of_therapist(policy(r, therapist, "therapist")))


def level_of_law(r: Roster, site: str) -> int:
    """What the jurisdiction's entry asks; no entry asks nothing."""
    return LEVELS.index(r.law(r.place(site), "presence") or "none")


def level(r: Roster, prescriber: str, therapist: str, site: str) -> int:
    """The presence level of a link: the strictest that anyone asks for."""
    return max(level_of_law(r, site), level_of_policies(r, prescriber, therapist))


# --- Ethics -------------------------------------------------------------------------------------------------


def hours_of(row: Row) -> Fraction:
    """Exact, as written; blank hours count nothing."""
    return Fraction(row.get("hours", "") or "0")


def modalities_of(r: Roster, person: str) -> set[str]:
    """What the cell and the training rows in force name."""
    return set(items(r.cell(person, "modalities"))) | {
        row["name"] for row in r.rows("training", practitioner=person, kind="modality") if row.get("name", "")
    }


def is_trauma_therapy(r: Roster, modality: str) -> bool:
    """As the practice lists it."""
    return bool(r.modalities.get(modality, {}).get("trauma", False))


def is_complementary(r: Roster, modality: str) -> bool:
    """As the practice lists it; every trauma therapy is."""
    return bool(r.modalities.get(modality, {}).get("complementary", False)) or is_trauma_therapy(r, modality)


def kap_training(r: Roster, person: str) -> str:
    """Hours that add up to the threshold, or one programme that is enough by itself."""
    rows = r.rows("training", practitioner=person, kind="kap")
    enough = {clean(name) for name in r.thresholds.get("kap_programmes", [])}
    threshold = Fraction(str(r.thresholds.get("kap_training_hours", 16)))
    if sum((hours_of(row) for row in rows), Fraction(0)) >= threshold:
        return PASS
    if any(row.get("name", "") in enough for row in rows if row.get("name", "")):
        return PASS
    return UNKNOWN if any(not row.get("hours", "") for row in rows) else FAIL


def has_modality(r: Roster, person: str, is_one: Callable[[Roster, str], bool]) -> str:
    """One that counts is named; else a blank cell or a nameless row may hide one."""
    if any(is_one(r, modality) for modality in modalities_of(r, person)):
        return PASS
    nameless = r.rows("training", practitioner=person, kind="modality", name="")
    return UNKNOWN if nameless or not items(r.cell(person, "modalities")) else FAIL


def practicum(r: Roster, person: str) -> str:
    """A course with a practicum; else one that does not say is unknown."""
    said = [
        row.get("practicum", "")
        for row in r.rows("training", practitioner=person)
        if row["kind"] in ("kap", "trauma", "modality")
    ]
    return PASS if "yes" in said else UNKNOWN if "" in said else FAIL


def ethics_of(r: Roster, person: str) -> dict[str, str]:
    """Of the one who sits."""
    kinds = {row["kind"] for row in r.rows("training", practitioner=person)}
    consults = bool(r.rows("agreements", practitioner=person, kind="consultation"))
    return {
        "ethics.kap_training": kap_training(r, person),
        "ethics.trauma_training": PASS if "trauma" in kinds else has_modality(r, person, is_trauma_therapy),
        "ethics.modality": has_modality(r, person, is_complementary),
        "ethics.experiential": PASS if "experiential" in kinds else FAIL,
        "ethics.practicum": practicum(r, person),
        "ethics.mentorship": PASS if "mentorship" in kinds or consults else FAIL,
    }


# --- A link -------------------------------------------------------------------------------------------------


def fitting_starts(
    r: Roster, prescriber: str, therapist: str, site: str, blank_is_all_of: tuple[str, ...] = ()
) -> set[int]:
    """The starts of a typical week that fit a link, on the site's clock.

    The therapist is there all along; the prescriber as the presence level asks. Of a solo the therapist's
    condition decides. The unwritten hours of the people named last are read as all hours.
    """
    sitter = r.week(therapist, site, therapist in blank_is_all_of)
    asked = level(r, prescriber, therapist, site)
    if prescriber == therapist or asked == NONE:
        return fits(sitter, None, r.session, 0)
    blank_is_all = prescriber in blank_is_all_of
    if asked == AVAILABLE:
        return fits(sitter, r.week_anywhere(prescriber, r.offset(site), blank_is_all), r.session, r.dosing)
    other = r.week(prescriber, site, blank_is_all)
    return fits(sitter, other, r.session, r.session if asked == THROUGHOUT else r.dosing)


def window(r: Roster, prescriber: str, therapist: str, site: str) -> str:
    """Whether a start fits by the written hours, or would if the unwritten ones of the two were all hours."""
    if fitting_starts(r, prescriber, therapist, site):
        return PASS
    return UNKNOWN if fitting_starts(r, prescriber, therapist, site, (prescriber, therapist)) else FAIL


def joined(r: Roster, one: str, other: str, kinds: tuple[str, ...]) -> bool:
    """A tie of one of these kinds, either way round."""
    ties = [row for row in r.rows("ties") if row["kind"] in kinds]
    return any((row["a"], row["b"]) in ((one, other), (other, one)) for row in ties)


def start_rules(r: Roster, prescriber: str, therapist: str, site: str) -> dict[str, str]:
    """The presence rules are judged as the window is; they differ in who asks."""
    fit = window(r, prescriber, therapist, site)
    policies = [policy(r, prescriber, "prescriber"), policy(r, therapist, "therapist")]
    same_site = any(held and held.same_site == "yes" for held in policies)
    return {
        "team.window": fit,
        "legal.presence": fit if level_of_law(r, site) >= DOSING else MOOT,
        "malpractice.presence": fit if level_of_policies(r, prescriber, therapist) >= DOSING else MOOT,
        "malpractice.same_site": fit if same_site else MOOT,
    }


def weekly_sessions(r: Roster, prescriber: str, therapist: str, site: str) -> int:
    """The largest packing of starts by the written hours, not above what either of the two does in a week."""
    caps = [r.number(person, "max_sessions_per_week") for person in (prescriber, therapist)]
    held = largest_packing(fitting_starts(r, prescriber, therapist, site), r.session)
    return min([held, *(cap for cap in caps if cap is not None)])


def points(r: Roster, prescriber: str, therapist: str, weekly: int) -> int:
    """The sum of the terms, each rounded down."""
    w, ethics = r.weights, ethics_of(r, therapist)
    kap = sum((hours_of(row) for row in r.rows("training", practitioner=therapist, kind="kap")), Fraction(0))
    theirs = {name for name in modalities_of(r, therapist) if is_complementary(r, name)}
    adds = prescriber != therapist and bool(theirs - modalities_of(r, prescriber))
    whole = {
        "trauma_training": ethics["ethics.trauma_training"] == PASS,
        "experiential": ethics["ethics.experiential"] == PASS,
        "practicum": ethics["ethics.practicum"] == PASS,
        "mentorship": ethics["ethics.mentorship"] == PASS,
        "complement": adds,
        "ties": joined(r, prescriber, therapist, ("worked_with", "prefers")),
    }
    return (
        int(w["kap_training"] * min(kap, Fraction(80)) / 80)
        + int(w["modality"] * Fraction(min(len(theirs), 3), 3))
        + int(w["time"] * Fraction(min(weekly, 5), 5))
        + sum(int(w[key]) for key, holds in whole.items() if holds)
    )


# --- Judging ------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Finding:
    """One rule's status, and on whom."""

    rule: str
    status: str
    subject: str  # "prescriber", "therapist" or "link"


class Judged:
    """A roster judged on a day: its listed links, and the findings of any triple."""

    def __init__(self, roster: Roster) -> None:
        """Judge every link that is listed."""
        self.roster = roster
        self._alone: dict[Triple, list[Finding]] = {}
        self._all: dict[Triple, list[Finding]] = {}
        r = roster
        self.listed: list[Triple] = sorted(
            (site, prescriber, therapist)
            for site in r.sites
            for prescriber in r.people
            for therapist in r.people
            if self.is_listed(prescriber, therapist, site)
        )
        self.links: list[dict[str, Any]] = []
        for site, prescriber, therapist in self.listed:
            weekly = weekly_sessions(r, prescriber, therapist, site)
            self.links.append(
                {
                    "site": site,
                    "prescriber": prescriber,
                    "therapist": therapist,
                    "verdict": self.verdict(prescriber, therapist, site),
                    "points": points(r, prescriber, therapist, weekly),
                    "weekly_sessions": weekly,
                }
            )

    def is_listed(self, prescriber: str, therapist: str, site: str) -> bool:
        """Both candidates, the therapist with hours there, the prescriber too or not asked to be there."""
        r = self.roster
        return (
            r.has_hours(therapist, site)
            and (r.solo or prescriber != therapist)
            and candidate(r, therapist, "therapist")
            and candidate(r, prescriber, "prescriber")
            and (r.has_hours(prescriber, site) or level(r, prescriber, therapist, site) <= AVAILABLE)
        )

    def alone(self, person: str, role: str, site: str) -> list[Finding]:
        """The findings on one person in a role at a site; severity `off` left out."""
        key = (person, role, site)
        if key not in self._alone:
            r = self.roster
            if role == "prescriber":
                said = {**legal_of_prescriber(r, person, site), **malpractice_of_prescriber(r, person, site)}
            else:
                said = {
                    "legal.therapy_license": therapy_license(r, person, site),
                    **malpractice_of_member(r, person, "therapist"),
                    **ethics_of(r, person),
                }
            self._alone[key] = self._kept(said, role)
        return self._alone[key]

    def all_findings(self, prescriber: str, therapist: str, site: str) -> list[Finding]:
        """Those on each of the two, then those on the link."""
        key = (site, prescriber, therapist)
        if key not in self._all:
            r = self.roster
            said = start_rules(r, prescriber, therapist, site)
            if not self.is_listed(prescriber, therapist, site):
                said["team.window"] = FAIL  # as every triple that is not listed
            said["team.ties"] = FAIL if joined(r, prescriber, therapist, ("avoids",)) else PASS
            trained = {row["practitioner"] for row in r.rows("training", kind="life_support")}
            said["team.life_support"] = PASS if trained & {prescriber, therapist} else FAIL
            self._all[key] = [
                *self.alone(prescriber, "prescriber", site),
                *self.alone(therapist, "therapist", site),
                *self._kept(said, "link"),
            ]
        return self._all[key]

    def _kept(self, said: Mapping[str, str], subject: str) -> list[Finding]:
        return [Finding(rule, said[rule], subject) for rule in said if self.severity(rule) != "off"]

    def severity(self, rule: str) -> str:
        """As the practice sets it, else the default."""
        return str(self.roster.severity[rule])

    def blocks(self, found: Iterable[Finding], *statuses: str) -> list[Finding]:
        """Those of a blocking rule that have one of these statuses."""
        return [one for one in found if self.severity(one.rule) == "block" and one.status in statuses]

    def findings(self, prescriber: str, therapist: str, site: str) -> list[tuple[str, str]]:
        """Rule and status, sorted, of any triple, listed or not."""
        return sorted((one.rule, one.status) for one in self.all_findings(prescriber, therapist, site))

    def verdict(self, prescriber: str, therapist: str, site: str) -> str:
        """All blocking rules together."""
        found = self.all_findings(prescriber, therapist, site)
        return both(*(one.status for one in self.blocks(found, PASS, FAIL, UNKNOWN, MOOT)))


def judge(tables: Tables, practice: Practice, on: date, protocol: str | None = None) -> Judged:
    """Judge a roster of text cells on a day, under the default protocol or a named one."""
    return Judged(Roster(tables, practice, on, protocol))


# --- Capacity -----------------------------------------------------------------------------------------------


def own_week(r: Roster, person: str, asked: int) -> int:
    """The most sessions that a person's hours hold at their own policy's level, in absolute time."""
    starts: set[int] = set()
    if asked == AVAILABLE:
        anywhere = r.week_anywhere(person, 0)
        starts = fits(anywhere, None, r.dosing, 0)
    else:
        needed = r.session if asked == THROUGHOUT else r.dosing
        for site in r.sites:
            there = fits(r.week(person, site), None, needed, 0)
            starts |= {(start - r.offset(site)) % WEEK for start in there}
    return largest_packing(starts, r.session)


def capacity(judged: Judged, person: str) -> int | None:
    """How many therapist units a prescriber takes; None: any number."""
    r = judged.roster
    written, cap = r.number(person, "max_therapists"), r.number(person, "max_sessions_per_week")
    if written is not None:
        return written
    held = policy(r, person, "prescriber")
    asked = level_of_prescriber(held)
    if asked == NONE or not any(any(r.week(person, site)) for site in r.sites):
        return cap
    own = r.number(person, "max_concurrent_sessions")
    concurrency = 1 if own is None else own
    if held is not None and held.max_concurrent_sessions is not None:
        concurrency = min(concurrency, held.max_concurrent_sessions)
    sessions = concurrency * own_week(r, person, asked)
    return sessions if cap is None else min(sessions, cap)


# --- The draw -----------------------------------------------------------------------------------------------


def draw_of(site: str, prescriber: str, therapist: str, salt: str = "") -> int:
    """The fixed draw of a link, a number of 40 bits, in exact arithmetic modulo 2^64."""

    def number(identity: str) -> int:
        return int.from_bytes(hashlib.sha256(f"{salt}\x1f{identity}".encode()).digest()[:8], "big")

    ring = 2**64
    x = (number(site) + 3 * number(prescriber) + 5 * number(therapist)) % ring
    x = (x ^ (x >> 30)) * 0xBF58476D1CE4E5B9 % ring
    x = (x ^ (x >> 27)) * 0x94D049BB133111EB % ring
    return (x ^ (x >> 31)) >> 24


# --- The best matching --------------------------------------------------------------------------------------


def best_matching(worth: Mapping[Pair, int], room: Mapping[str, int], units: int = 1) -> set[Pair]:
    """The pairs of greatest total worth: each prescriber in `room` pairs at most, each therapist in `units`.

    One best augmenting path after the other: a path begins at a therapist with a unit left, goes over unused
    pairs to prescribers and over used pairs back to therapists, and ends at a prescriber with room. The most
    gainful path each time gives the best matching of every size, and the gains never grow; so it ends when no
    path gains.
    """
    used: set[Pair] = set()
    while True:
        taken = Counter(person for pair in used for person in (("prescriber", pair[0]), ("therapist", pair[1])))
        spare = {t for _, t in worth if taken["therapist", t] < units}
        gain: dict[tuple[str, str], int] = {("therapist", t): 0 for t in spare}
        back: dict[tuple[str, str], tuple[tuple[str, str], Pair]] = {}
        changed = True
        while changed:  # Bellman and Ford: relax every step until nothing gains
            changed = False
            for pair, value in worth.items():
                prescriber, therapist = ("prescriber", pair[0]), ("therapist", pair[1])
                here, there = (prescriber, therapist) if pair in used else (therapist, prescriber)
                step = -value if pair in used else value
                if here in gain and (there not in gain or gain[here] + step > gain[there]):
                    gain[there], back[there], changed = gain[here] + step, (here, pair), True
        ends = [p for p in room if ("prescriber", p) in gain and taken["prescriber", p] < room[p]]
        end = max(ends, key=lambda p: gain["prescriber", p], default=None)
        if end is None or gain["prescriber", end] <= 0:
            return used
        node = ("prescriber", end)
        while node in back:
            node, pair = back[node]
            used ^= {pair}


@dataclass(frozen=True)
class Problem:
    """The usable links and who has room: what `match` decides about."""

    links: tuple[dict[str, Any], ...]
    capacity: dict[str, int | None]
    units: int
    salt: str

    @property
    def prescribers(self) -> list[str]:
        """Those with a usable link."""
        return sorted({link["prescriber"] for link in self.links})

    @property
    def therapists(self) -> list[str]:
        """Those with a usable link."""
        return sorted({link["therapist"] for link in self.links})

    def room(self) -> dict[str, int]:
        """No limit is as much as there are links."""
        limits = {p: self.capacity[p] for p in self.prescribers}
        return {p: len(self.links) if limit is None else limit for p, limit in limits.items()}

    def site_of(self) -> dict[Pair, dict[str, Any]]:
        """The one link that each pair would use: the most points, then the least draw."""
        chosen: dict[Pair, dict[str, Any]] = {}
        for link in self.links:
            pair = (link["prescriber"], link["therapist"])
            if pair not in chosen or self._rank(link) > self._rank(chosen[pair]):
                chosen[pair] = link
        return chosen

    def _rank(self, link: dict[str, Any]) -> tuple[int, int]:
        return link["points"], -draw_of(link["site"], link["prescriber"], link["therapist"], self.salt)

    def solve(self) -> list[dict[str, Any]]:
        """Most units, then most points, then the least sum of draws, as one exact integer a link."""
        chosen = self.site_of()
        over_draws = 2**40 * (len(chosen) + 1)
        over_points = 1 + sum(link["points"] for link in chosen.values())
        worth: dict[Pair, int] = {}
        for pair, link in chosen.items():
            worth_of_points, minus_draw = self._rank(link)
            worth[pair] = (over_points + worth_of_points) * over_draws + minus_draw
        return [chosen[pair] for pair in sorted(best_matching(worth, self.room(), self.units))]


def objective(teams: Sequence[Link]) -> dict[str, int]:
    """Therapist units used, and points."""
    return {"teamed": len(teams), "points": sum(team["points"] for team in teams)}


# --- What the answer adds -----------------------------------------------------------------------------------


def shortage(problem: Problem) -> dict[str, Any] | None:
    """Whom some largest matching leaves out (its size is the same without them), and their prescribers."""
    if problem.units != 1:
        return None

    def size(therapists: Iterable[str]) -> int:
        allowed = set(therapists)
        pairs = {(x["prescriber"], x["therapist"]): 1 for x in problem.links if x["therapist"] in allowed}
        return len(best_matching(pairs, problem.room()))

    everyone = problem.therapists
    full = size(everyone)
    if full == len(everyone):
        return None
    left = [one for one in everyone if size(t for t in everyone if t != one) == full]
    theirs = sorted({link["prescriber"] for link in problem.links if link["therapist"] in left})
    return {
        "therapists": left,
        "prescribers": theirs,
        "deficiency": len(left) - sum(problem.room()[p] for p in theirs),
    }


def certificate(problem: Problem) -> dict[str, Any]:
    """The least prices y of prescribers, and what they leave to the therapists.

    By duality the least price of a prescriber is what one unit more of theirs would add to the optimum
    (nothing where they have no limit); the least prices go together. With one unit a therapist, z is then the
    most that a usable link of theirs is worth above its price. With more units, z and x are one choice of
    many: the least z, and x what is left.
    """
    most = max((link["points"] for link in problem.links), default=0)
    big = 1 + most * len(problem.therapists)
    worth = {pair: big + link["points"] for pair, link in problem.site_of().items()}
    room = problem.room()

    def total(room: Mapping[str, int]) -> int:
        return sum(worth[pair] for pair in best_matching(worth, room, problem.units))

    full = total(room)
    y = {p: total({**room, p: room[p] + 1}) - full for p in problem.prescribers}
    y |= {p: 0 for p in problem.prescribers if problem.capacity[p] is None}
    above = {(p, t): max(0, value - y[p]) for (p, t), value in worth.items()}
    z: dict[str, int] = {}
    for t in problem.therapists:
        theirs = [*sorted((value for pair, value in above.items() if pair[1] == t), reverse=True), 0]
        z[t] = theirs[0] if problem.units == 1 else theirs[min(problem.units, len(theirs) - 1)]
    x = [(p, t, value - z[t]) for (p, t), value in sorted(above.items()) if value > z[t]]
    return {"teamed_worth": big, "prescribers": y, "therapists": z, "pairs": x}


def certificate_faults(judged: Judged, answer: Mapping[str, Any], given: Mapping[str, Any]) -> list[str]:
    """What is wrong with a certificate for an answer of `match`: its own one, or another program's.

    `pairs`: prices x as a list of (prescriber, therapist, price), or of objects with these keys.
    """
    problem = _problem(judged, answer["unknown"], answer["max_partners"])
    faults: list[str] = []
    y, z = dict(given["prescribers"]), dict(given["therapists"])
    x: dict[Pair, int] = {}
    for entry in given.get("pairs") or []:
        prescriber, therapist, price = (
            (entry["prescriber"], entry["therapist"], entry["price"]) if isinstance(entry, Mapping) else entry
        )
        x[prescriber, therapist] = price
    most = max((link["points"] for link in problem.links), default=0)
    big = 1 + most * len(problem.therapists)
    if given["teamed_worth"] != big:
        faults.append(f"teamed_worth is {given['teamed_worth']}, not {big}")
    if sorted(y) != problem.prescribers or sorted(z) != problem.therapists:
        faults.append("the priced are not those with a usable link")
        return faults
    prices = [*y.values(), *z.values(), *x.values()]
    faults += [f"a price below zero: {price}" for price in prices if price < 0]
    if problem.units == 1 and x:
        faults.append("prices of pairs, where a therapist has one unit")
    faults += [f"{p} has no limit and a price" for p in y if problem.capacity[p] is None and y[p] != 0]
    for link in problem.links:
        p, t = link["prescriber"], link["therapist"]
        if y[p] + z[t] + x.get((p, t), 0) < big + link["points"]:
            faults.append(f"the link {link['site']}, {p}, {t} is worth more than its prices")
    paid = sum((problem.capacity[p] or 0) * price for p, price in y.items())
    paid += problem.units * sum(z.values()) + sum(x.values())
    worth = big * answer["objective"]["teamed"] + answer["objective"]["points"]
    if paid != worth:
        faults.append(f"the prices sum to {paid}, the plan is worth {worth}")
    return faults


def unmatched(judged: Judged, usable: Sequence[Link], teams: Sequence[Link]) -> list[dict[str, Any]]:
    """Everybody whom no team uses in either role, once per role that they are a candidate for."""
    r = judged.roster
    busy = {team[role] for team in teams for role in ("prescriber", "therapist")}
    answer: list[dict[str, Any]] = []
    for person in sorted(r.people):
        for role in ("prescriber", "therapist"):
            if person not in busy and candidate(r, person, role):
                reason, rules = why_left_out(judged, usable, person, role)
                answer.append({"practitioner": person, "role": role, "reason": reason, "rules": rules})
    return answer


def why_left_out(judged: Judged, usable: Sequence[Link], person: str, role: str) -> tuple[str, list[str]]:
    """The first reason that holds, and its rules."""
    r = judged.roster
    where = [site for site in r.sites if r.has_hours(person, site)] or list(r.sites)
    failed = [{one.rule for one in judged.blocks(judged.alone(person, role, site), FAIL)} for site in where]
    licence = "legal.license" if role == "prescriber" else "legal.therapy_license"
    if all(licence in rules for rules in failed):
        return "no_license", [licence]
    if all(failed):
        return "not_eligible", sorted(set().union(*failed))
    if not any(link[role] == person for link in usable):
        theirs = [link for link in judged.links if link[role] == person]
        stopped = {one.rule for link in theirs for one in judged.blocks(_found(judged, link), FAIL, UNKNOWN)}
        return "no_partner", sorted(stopped)
    return "no_capacity", []


def if_confirmed(
    judged: Judged, problem: Problem, now: Mapping[str, int], allowed: tuple[str, ...]
) -> list[dict[str, Any]]:
    """What the optimum would grow by if all unknown findings of one rule on one person turned to pass."""
    found = {triple: judged.all_findings(triple[1], triple[2], triple[0]) for triple in judged.listed}
    facts = {
        (whose, _asked(one))
        for triple, all_of_it in found.items()
        for one in judged.blocks(all_of_it, UNKNOWN)
        for whose in _whose(one, triple)
    }
    answer: list[dict[str, Any]] = []
    for person, rule in facts:
        turned: list[dict[str, Any]] = []
        for link in judged.links:
            triple = (link["site"], link["prescriber"], link["therapist"])
            left = [
                one
                for one in judged.blocks(found[triple], FAIL, UNKNOWN)
                if not (one.status == UNKNOWN and _turns(judged, triple, one, person, rule))
            ]
            if both(*(one.status for one in left)) in allowed:
                turned.append(link)
        if len(turned) == len(problem.links):
            continue  # no other links, no growth
        limits = {p: capacity(judged, p) for p in {link["prescriber"] for link in turned}}
        then = objective(Problem(tuple(turned), limits, problem.units, problem.salt).solve())
        adds, adds_points = then["teamed"] - now["teamed"], then["points"] - now["points"]
        if adds > 0 or (adds == 0 and adds_points > 0):
            answer.append({"practitioner": person, "rule": rule, "adds": adds, "adds_points": adds_points})
    return sorted(answer, key=lambda x: (-x["adds"], -x["adds_points"], x["practitioner"], x["rule"]))


def _asked(one: Finding) -> str:
    """The rules that ask for a start that fits count as one."""
    return "team.window" if one.rule in START_RULES else one.rule


def _whose(one: Finding, triple: Triple) -> tuple[str, ...]:
    """On whom a finding is: one of the two, or each of the two."""
    _, prescriber, therapist = triple
    return {"prescriber": (prescriber,), "therapist": (therapist,)}.get(one.subject, (prescriber, therapist))


def _turns(judged: Judged, triple: Triple, one: Finding, person: str, rule: str) -> bool:
    """An unknown finding turns to pass where it is this person's and this rule's; of the start rules, where
    the hours that this person alone left unwritten, taken as all hours, make a start fit."""
    if person not in _whose(one, triple) or _asked(one) != rule:
        return False
    site, prescriber, therapist = triple
    if one.rule in START_RULES:
        return bool(fitting_starts(judged.roster, prescriber, therapist, site, (person,)))
    return True


def _found(judged: Judged, link: Link) -> list[Finding]:
    return judged.all_findings(link["prescriber"], link["therapist"], link["site"])


def _problem(judged: Judged, unknown: str, max_partners: int) -> Problem:
    allowed = (PASS, UNKNOWN) if unknown == "allow" else (PASS,)
    usable = tuple(link for link in judged.links if link["verdict"] in allowed)
    limits = {p: capacity(judged, p) for p in sorted({link["prescriber"] for link in usable})}
    return Problem(usable, limits, max_partners, judged.roster.draw)


def match(judged: Judged, unknown: str = "exclude", max_partners: int = 1) -> dict[str, Any]:
    """Standing teams: the optimum and everything that is said with it."""
    problem = _problem(judged, unknown, max_partners)
    teams = problem.solve()
    allowed = (PASS, UNKNOWN) if unknown == "allow" else (PASS,)
    return {
        "unknown": unknown,
        "max_partners": max_partners,
        "objective": objective(teams),
        "teams": sorted([x["site"], x["prescriber"], x["therapist"], x["points"], x["weekly_sessions"]] for x in teams),
        "to_verify": sorted(
            [
                x["site"],
                x["prescriber"],
                x["therapist"],
                sorted({one.rule for one in judged.blocks(_found(judged, x), UNKNOWN)}),
            ]
            for x in teams
        ),
        "unmatched": unmatched(judged, problem.links, teams),
        "shortage": shortage(problem),
        "if_confirmed": if_confirmed(judged, problem, objective(teams), allowed),
        "capacity": problem.capacity,
        "certificate": certificate(problem),
    }


# --- Trying everything out ----------------------------------------------------------------------------------


def every_matching(
    links: Sequence[Link], room: Mapping[str, int | None], max_partners: int = 1
) -> Iterator[list[Link]]:
    """Every set of links that is a plan, for tiny inputs: take each link or leave it."""
    if not links:
        yield []
        return
    link, rest = links[0], links[1:]
    for plan in every_matching(rest, room, max_partners):
        yield plan
        limit = room[link["prescriber"]]
        same = [one for one in plan if one["prescriber"] == link["prescriber"]]
        if (
            (limit is None or len(same) < limit)
            and sum(1 for one in plan if one["therapist"] == link["therapist"]) < max_partners
            and all(one["therapist"] != link["therapist"] for one in same)  # a pair counts once
        ):
            yield [link, *plan]


def brute_force(
    links: Sequence[Link], room: Mapping[str, int | None], max_partners: int = 1, salt: str = ""
) -> list[Link]:
    """The best of all plans: most units, then most points, then the least sum of draws."""

    def worth(plan: list[Link]) -> tuple[int, int, int]:
        draws = sum(draw_of(one["site"], one["prescriber"], one["therapist"], salt) for one in plan)
        return len(plan), sum(one["points"] for one in plan), -draws

    return max(every_matching(links, room, max_partners), key=worth)
