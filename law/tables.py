"""The researched tables beside this file: what each may hold, and every problem in them, found at once."""

import csv
import re
import unicodedata
from collections.abc import Callable
from datetime import date
from itertools import combinations
from pathlib import Path

Row = dict[str, str]  # a row's cells by column, and under "line" where it stands
Report = Callable[[Row, str], None]  # the row, what is wrong with it

COLUMNS = {
    "entries": "jurisdiction,subject,key,value,from,until,source,checked,confidence,note",
    "carriers": "name,aliases,insures,ketamine,presence,same_site,in_clinic_only,specialties,max_concurrent_sessions,"
    "note,source,checked,confidence",
    "modalities": "key,name,aliases,trauma,complementary,source,confidence",
    "trainings": "name,aliases,provider,hours,practicum,experiential,note,source,checked,confidence",
    "specialties": "code,name,profession,specialty",
    "compacts": "key,name,professions,gives,issues_since,states,days_a_year,source,checked,confidence,note",
}
_STATES = (
    "AL AK AZ AR CA CO CT DE DC FL GA HI ID IL IN IA KS KY LA ME MD MA MI MN MS MO MT NE NV NH NJ NM NY NC "
    "ND OH OK OR PA RI SC SD TN TX UT VT VA WA WV WI WY"
)
JURISDICTIONS = frozenset(("US", *_STATES.split()))
PRESCRIBERS = frozenset(
    (
        "nurse_practitioner",
        "clinical_nurse_specialist",
        "nurse_anesthetist",
        "physician_assistant",
        "naturopathic_physician",
        "prescribing_psychologist",
    )
)
THERAPISTS = frozenset(
    ("psychologist", "clinical_social_worker", "marriage_family_therapist", "professional_counselor")
)
PROFESSIONS = PRESCRIBERS | THERAPISTS | {"physician", "registered_nurse"}
ROUTES = frozenset(["sublingual", "oral", "nasal", "intramuscular", "intravenous"])
PRESENCE = frozenset(["throughout", "dosing", "available", "none"])
THREE = frozenset(("yes", "no", "unknown"))
YES_NO = frozenset(("", "yes", "no"))
GIVES = frozenset(("privilege", "telehealth", "license"))
CONFIDENCE = frozenset(("high", "medium", "low"))
PLACE = frozenset(("",))
CELLS = ("ketamine", "presence", "same_site", "in_clinic_only", "specialties", "max_concurrent_sessions")

# What each key may say, and of whom. A physician's authority is no entry: it is the same everywhere.
KEYS: dict[str, tuple[frozenset[str], frozenset[str]]] = {
    "ketamine": (PRESCRIBERS, THREE | {"formulary_excludes", "limited"}),
    "routes": (PRESCRIBERS, ROUTES),
    "autonomy": (PRESCRIBERS, frozenset(("independent", "transition", "agreement", "unknown"))),
    "agreement_with": (PRESCRIBERS, PROFESSIONS),
    "transition_hours": (PRESCRIBERS, frozenset()),
    "transition_years": (PRESCRIBERS, frozenset()),
    "transition_needs": (PRESCRIBERS, frozenset(("either", "both"))),
    "state_registration": (PLACE | PRESCRIBERS | {"physician"}, THREE),
    "presence": (PLACE, PRESENCE),
    "telehealth": (PLACE, THREE),
}
# The federal law's own keys: what it asks of everybody, so none is of a profession.
FEDERAL: dict[str, tuple[frozenset[str], frozenset[str]]] = {
    "ketamine_schedule": (PLACE, frozenset(("3N",))),
    "registration_by_state": (PLACE, THREE),
    "registration_at_place": (PLACE, THREE),
    "agents_and_employees": (PLACE, THREE),
    "patient_order": (PLACE, THREE | {"rems_only"}),
    "in_person_evaluation": (PLACE, THREE),
}
BOTH_SAY = frozenset(("telehealth",))  # the only key of a state's law that the federal law has as well
LISTS = ("routes", "agreement_with")
NUMBERS = ("transition_hours", "transition_years")
# These say more about another entry and mean nothing without it, so they must have the very same days.
STANDS_ON = {
    "routes": ("ketamine", ("yes",)),
    "agreement_with": ("autonomy", ("agreement", "transition")),
    **dict.fromkeys((*NUMBERS, "transition_needs"), ("autonomy", ("transition",))),
}


def read(folder: Path) -> tuple[dict[str, list[Row]], list[str]]:
    """The tables of a folder, and every problem in them as ``file:line: words``."""
    tables: dict[str, list[Row]] = {}
    problems: list[str] = []
    for table, header in COLUMNS.items():

        def report(row: Row, words: str, table: str = table) -> None:
            problems.append(f"{table}.csv:{row['line']}: {words}")

        tables[table] = []
        with (folder / f"{table}.csv").open(encoding="utf-8", newline="") as file:
            reader = csv.reader(file, strict=True)
            columns = next(reader, [])
            if ",".join(columns) != header:
                report({"line": "1"}, f"the columns must be {header}")
                continue
            for cells in reader:
                row = {**dict(zip(columns, cells, strict=False)), "line": str(reader.line_num)}
                if len(cells) != len(columns):
                    report(row, f"{len(cells)} cells, and the header has {len(columns)}")
                    continue
                tables[table].append(row)
                _check_text(row, report)
        CHECKS[table](tables[table], report)
    return tables, problems


def split(cell: str) -> list[str]:
    """A list written in one cell; empty for an empty cell."""
    return cell.split(";") if cell else []


def slug(name: str) -> str:
    """A file name for a carrier: small letters and digits, joined by hyphens."""
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode()
    return re.sub(r"[^a-z0-9]+", "-", plain.lower()).strip("-")


def _check_text(row: Row, report: Report) -> None:
    for column, cell in row.items():
        stray = re.search(r"^\s|\s$|[\x00-\x1f\x7f]|;\s*(;|$)", cell)
        if stray or cell != unicodedata.normalize("NFC", cell):
            report(row, f"{column}: stray spaces or semicolons, control characters, or text that is not NFC")
    if "checked" in row and not _is_day(row["checked"]):
        report(row, f"checked: {row['checked']!r} is no date such as 2026-11-24")
    if "confidence" in row:
        _among(row, "confidence", CONFIDENCE, report)
    if "source" in row and row["source"] != "none found" and not re.search(r"https?://\w", row["source"]):
        report(row, "source: neither a URL nor the words 'none found'")


def _check_entries(rows: list[Row], report: Report) -> None:
    for row in rows:
        _among(row, "jurisdiction", JURISDICTIONS, report)
        _among(row, "key", frozenset(KEYS | FEDERAL), report)
        subjects, values = (KEYS | FEDERAL).get(row["key"], (frozenset((row["subject"],)), frozenset((row["value"],))))
        _among(row, "subject", subjects, report)
        said = row["value"].split(";") if row["key"] in LISTS else [row["value"]]
        if row["key"] in NUMBERS:
            if not re.fullmatch(r"([1-9][0-9]*|0(?=\.))(\.[0-9]*[1-9])?", row["value"]):
                report(row, f"value: {row['value']!r} is no number above 0, such as 3600 or 1.5")
        elif len(set(said)) < len(said) or not set(said) <= values:
            report(row, f"value: {row['value']!r} is not of {', '.join(sorted(values))}")
        if row["jurisdiction"] == "US" and row["key"] in KEYS.keys() - BOTH_SAY:
            report(row, f"key: {row['key']} is a state's to say, not the federal law's")
        if row["jurisdiction"] != "US" and row["key"] in FEDERAL:
            report(row, f"key: {row['key']} is the federal law's to say, not a state's")
        if row["source"] == "none found" and row["value"] != "unknown":
            report(row, "source: what no source backs is left out")
        for column in ("from", "until"):
            if row[column] and not _is_day(row[column]):
                report(row, f"{column}: {row[column]!r} is no date such as 2026-11-24")
        if row["from"] and row["until"] and row["from"] > row["until"]:
            report(row, "from: comes after until")
        _check_stands_on(row, rows, report)
    for one, other in combinations(rows, 2):
        # ISO dates compare as text; an open end is before or after all of them.
        if _about(one) == _about(other) and max(one["from"], other["from"]) <= min(_end(one), _end(other)):
            report(other, f"overlaps line {one['line']}: {' '.join(_about(one))}")


def _check_stands_on(row: Row, rows: list[Row], report: Report) -> None:
    if row["key"] not in STANDS_ON:
        return
    key, values = STANDS_ON[row["key"]]
    same = ("jurisdiction", "subject", "from", "until")
    beside = {r["key"]: r["value"] for r in rows if all(r[column] == row[column] for column in same)}
    if beside.get(key) not in values:
        report(row, f"{row['key']}: needs {key} = {' or '.join(values)} with the same dates")
    # Hours and years: whether both are asked for or either is enough has to be said.
    if row["key"] == "transition_needs" and not beside.keys() >= set(NUMBERS):
        report(row, f"transition_needs: needs {' and '.join(NUMBERS)} with the same dates")
    if row["key"] == "transition_years" and "transition_hours" in beside and "transition_needs" not in beside:
        report(row, "transition_years: beside transition_hours it needs transition_needs with the same dates")


def _check_carriers(rows: list[Row], report: Report) -> None:
    _unique([(slug(row["name"]), row) for row in rows], report)
    _unique_names(rows, report)
    for row in rows:
        _among(row, "insures", frozenset(("prescriber", "therapist", "both")), report)
        for column in ("ketamine", "same_site", "in_clinic_only"):
            _among(row, column, YES_NO, report)
        _among(row, "presence", PRESENCE | {""}, report)
        if not re.fullmatch(r"|[1-9][0-9]*", row["max_concurrent_sessions"]):
            report(row, "max_concurrent_sessions: no whole number from 1")
        if not re.fullmatch(r"|[a-z_]+(;[a-z_]+)*", row["specialties"]):
            report(row, "specialties: not names such as psychiatry;psychiatric_nursing")
        if any(row[cell] for cell in CELLS) and (row["source"] == "none found" or "broker" in row["name"].lower()):
            report(row, "cells without a source, or of a broker, who is no carrier")


def _check_modalities(rows: list[Row], report: Report) -> None:
    # Folded: two modalities that differ by a capital only would be one in a reader's eyes.
    named = [(row, [row["key"], row["name"], *split(row["aliases"])]) for row in rows]
    _unique([(name, row) for row, names in named for name in dict.fromkeys(map(str.casefold, names))], report)
    for row in rows:
        for column in ("trauma", "complementary"):
            _among(row, column, YES_NO, report)
        if row["source"] == "none found" and (row["trauma"] or row["complementary"]):
            report(row, "a flag that no source backs")
        if row["trauma"] == "yes" and row["complementary"] == "no":
            report(row, "every trauma therapy counts as complementary")


def _check_trainings(rows: list[Row], report: Report) -> None:
    _unique_names(rows, report)
    for row in rows:
        for column in ("practicum", "experiential"):
            _among(row, column, YES_NO, report)
        if not re.fullmatch(r"|[1-9][0-9]{0,3}(\.[0-9]+)?", row["hours"]):
            report(row, f"hours: {row['hours']!r} is no number of hours")
        if row["source"] == "none found" and (row["hours"] or row["practicum"] or row["experiential"]):
            report(row, "a fact that no source backs")


def _check_specialties(rows: list[Row], report: Report) -> None:
    _unique([(row["code"], row) for row in rows], report)
    for row in rows:
        _among(row, "profession", PROFESSIONS, report)
        if not re.fullmatch(r"[0-9A-Z]{9}X", row["code"]) or not re.fullmatch(r"[a-z_]*", row["specialty"]):
            report(row, "no NUCC code, or no name such as psychiatric_nursing")


def _check_compacts(rows: list[Row], report: Report) -> None:
    _unique([(row["key"], row) for row in rows], report)
    _unique([(row["name"], row) for row in rows], report)
    for row in rows:
        if not re.fullmatch(r"[a-z][a-z_]*", row["key"]):
            report(row, "key: no word such as pa_compact")
        _among(row, "gives", GIVES, report)
        for column, allowed in (("professions", PROFESSIONS), ("states", JURISDICTIONS - {"US"})):
            said = split(row[column])
            if len(set(said)) < len(said) or not set(said) <= allowed:
                report(row, f"{column}: {row[column]!r} holds one that is none, or one twice")
        if not row["professions"]:
            report(row, "professions: a compact is of somebody")
        if row["issues_since"] and not _is_day(row["issues_since"]):
            report(row, f"issues_since: {row['issues_since']!r} is no date such as 2026-11-24")
        if row["states"] and not row["issues_since"]:
            report(row, "states: none issues before the compact does")
        if not re.fullmatch(r"|[1-9][0-9]{0,2}", row["days_a_year"]):
            report(row, "days_a_year: no whole number from 1")
        if row["source"] == "none found":
            report(row, "source: what no source backs is left out")


CHECKS: dict[str, Callable[[list[Row], Report], None]] = {
    "entries": _check_entries,
    "carriers": _check_carriers,
    "modalities": _check_modalities,
    "trainings": _check_trainings,
    "specialties": _check_specialties,
    "compacts": _check_compacts,
}


def _among(row: Row, column: str, allowed: frozenset[str], report: Report) -> None:
    if row[column] not in allowed:
        report(row, f"{column}: {row[column]!r} is none of {', '.join(sorted(allowed))}")


def _unique(named: list[tuple[str, Row]], report: Report) -> None:
    first: dict[str, str] = {}
    for name, row in named:
        if not name:
            report(row, "a name is empty")
        elif name in first:
            report(row, f"{name!r} is taken already on line {first[name]}")
        first.setdefault(name, row["line"])


def _unique_names(rows: list[Row], report: Report) -> None:
    """A name or an alias occurs once in its table, capitals aside."""
    _unique([(name.casefold(), row) for row in rows for name in (row["name"], *split(row["aliases"]))], report)


def _about(row: Row) -> tuple[str, str, str]:
    return row["jurisdiction"], row["subject"], row["key"]


def _end(row: Row) -> str:
    return row["until"] or "9999-12-31"


def _is_day(text: str) -> bool:
    try:
        return date.fromisoformat(text).isoformat() == text
    except ValueError:
        return False
