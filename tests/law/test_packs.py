"""The packs: what they say on a day, that they are what the tables give, and that bad tables are refused."""

# A test's name is the sentence it proves.

import csv
import importlib.util
import pickle
import subprocess
import sys
from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from types import ModuleType

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kapteam.law import Carrier, Entry, Packs

ROOT = Path(__file__).resolve().parents[2]
DAY = date(2026, 12, 7)
DAYS = st.dates(date(2020, 1, 1), date(2030, 12, 31))


@pytest.fixture(scope="module")
def maker() -> Iterator[ModuleType]:
    """The tool of the folder `law`, which is no package."""
    sys.path.insert(0, str(ROOT / "law"))
    try:
        spec = importlib.util.spec_from_file_location("make_packs", ROOT / "law" / "make_packs.py")
        assert spec is not None
        assert spec.loader is not None
        module = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(module)
        yield module
    finally:
        sys.path.remove(str(ROOT / "law"))


@pytest.fixture
def tables(tmp_path: Path) -> Path:
    """A copy of the tables, to spoil; it knows nothing of Wyoming, of which the spoilt rows are."""
    for table in (ROOT / "law").glob("*.csv"):
        lines = table.read_bytes().splitlines(keepends=True)
        (tmp_path / table.name).write_bytes(b"".join(x for x in lines if not x.startswith(b"WY,")))
    return tmp_path


def add(tables: Path, table: str, **cells: str) -> None:
    """Append a row to a table; cells that are not named are empty."""
    with (tables / f"{table}.csv").open(encoding="utf-8", newline="") as file:
        columns = next(csv.reader(file))
    with (tables / f"{table}.csv").open("a", encoding="utf-8", newline="") as file:
        csv.DictWriter(file, columns, restval="", lineterminator="\n").writerow(cells)


def entry(**cells: str) -> dict[str, str]:
    """A row of `entries` that is in order: nobody speaks of Wyoming yet."""
    row = {"jurisdiction": "WY", "subject": "nurse_practitioner", "key": "ketamine", "value": "yes"}
    row |= {"source": "A statute https://example.org/law", "checked": "2026-11-25", "confidence": "high"}
    return row | cells


# ------------------------------------------------------------------ what the packs say


def test_both_ends_of_an_entry_count() -> None:
    packs = Packs.shipped()
    first = packs.entry("US", "", "telehealth", date(2026, 1, 1))
    last = packs.entry("US", "", "telehealth", date(2026, 12, 31))
    assert first is not None
    assert first == last
    assert (first.from_, first.until) == (date(2026, 1, 1), date(2026, 12, 31))


def test_each_federal_extension_is_an_entry_of_its_own() -> None:
    packs = Packs.shipped()
    days = [
        date(2023, 11, 11),
        date(2023, 11, 12),
        date(2024, 12, 31),
        date(2025, 1, 1),
        date(2025, 12, 31),
        DAY,
    ]
    found = [packs.entry("US", "", "telehealth", day) for day in days]
    assert [e.value for e in found if e] == ["yes"] * len(days)
    assert len({e.source for e in found if e}) == 4


def test_after_the_last_extension_the_federal_law_is_unknown() -> None:
    assert Packs.shipped().entry("US", "", "telehealth", date(2027, 1, 1)) is None
    assert Packs.shipped().entry("US", "", "telehealth", date(2023, 5, 10)) is None


def test_a_subjects_entry_does_not_stand_in_for_the_place() -> None:
    packs = Packs.shipped()
    assert packs.entry("NY", "physician", "state_registration", DAY) is None
    assert packs.entry("NY", "", "state_registration", DAY) is not None


@pytest.mark.parametrize("jurisdiction", ["PR", "ny", "", "..", "../carriers/miec", "N*"])
def test_a_place_without_a_pack_has_no_entries(jurisdiction: str) -> None:
    assert Packs.shipped().entries(jurisdiction) == ()
    assert Packs.shipped().entry(jurisdiction, "", "presence", DAY) is None


def test_every_entry_says_what_it_rests_on() -> None:
    packs = Packs.shipped()
    assert {"CO", "NJ", "NY", "US"} <= set(packs.jurisdictions())
    for jurisdiction in packs.jurisdictions():
        for found in packs.entries(jurisdiction):
            assert found.jurisdiction == jurisdiction
            assert "http" in found.source
            assert found.confidence in ("high", "medium", "low")


def test_lists_are_tuples_and_follow_their_autonomy() -> None:
    found = Packs.shipped().entry("CO", "nurse_practitioner", "agreement_with", DAY)
    assert found is not None
    assert found.value == ("physician", "nurse_practitioner")


@given(st.tuples(DAYS, DAYS).map(sorted), DAYS)
def test_in_force_is_between_the_ends(ends: list[date], day: date) -> None:
    made = Entry("NY", "", "telehealth", "no", ends[0], ends[1], "", DAY, "low", "")
    assert made.in_force(day) == (ends[0] <= day <= ends[1])
    assert made.in_force(ends[0])
    assert made.in_force(ends[1])
    assert not made.in_force(ends[0] - timedelta(1))
    assert not made.in_force(ends[1] + timedelta(1))


def test_open_ends_hold_for_ever() -> None:
    made = Entry("NY", "", "telehealth", "no", None, None, "", DAY, "low", "")
    assert made.in_force(date.min)
    assert made.in_force(date.max)


# ------------------------------------------------------------------ carriers, modalities, trainings, codes


def test_a_rider_is_no_answer_about_ketamine() -> None:
    carrier = Packs.shipped().carriers["PRMS"]
    assert "ketamine" not in carrier.cells
    assert carrier.cells["presence"] == "throughout"
    assert carrier.cells["same_site"] is True
    assert carrier.cells["specialties"] == ("psychiatry", "psychiatric_nursing")


def test_a_broker_or_an_unsourced_carrier_says_nothing() -> None:
    for carrier in Packs.shipped().carriers.values():
        if "broker" in carrier.name or carrier.source == "none found":
            assert carrier.cells == {}


@pytest.mark.parametrize(
    "name", ["IFS", " IFS ", "Internal Family Systems", "internal_family_systems", "IFS Level 2", "parts work"]
)
def test_a_modality_is_found_by_key_name_or_alias(name: str) -> None:
    found = Packs.shipped().modality(name)
    assert found is not None
    assert (found.key, found.trauma, found.complementary) == ("internal_family_systems", True, True)


@pytest.mark.parametrize("name", ["ifs", "", "Gabor Maté", "no such therapy"])
def test_a_name_matches_exactly_or_not_at_all(name: str) -> None:
    assert Packs.shipped().modality(name) is None


def test_a_weekend_course_does_not_complement() -> None:
    found = Packs.shipped().modality("weekend CBT course")
    assert found is not None
    assert found.complementary is False


def test_no_flag_stands_without_a_source() -> None:
    for modality in Packs.shipped().modalities.values():
        if modality.source == "none found":
            assert (modality.trauma, modality.complementary) == (None, None)


def test_hours_of_a_training_are_exact_or_unknown() -> None:
    trainings = Packs.shipped().trainings
    assert trainings["KAP Training Cohort (Modules 1-5 + Training and Practice Module)"].hours == Decimal(41)
    assert trainings["PRATI KAP training"].hours is None


@pytest.mark.parametrize("name", ["PRATI KAP training", "PRATI", " EOL PAT "])
def test_a_training_is_found_by_name_or_alias(name: str) -> None:
    found = Packs.shipped().training(name)
    assert found is not None
    assert found.provider.startswith("PRATI")


@pytest.mark.parametrize("name", ["prati", "", "KAP training", "no such training"])
def test_a_training_of_no_certain_name_is_none(name: str) -> None:
    assert Packs.shipped().training(name) is None


def test_a_carrier_is_found_by_its_name_and_by_no_alias() -> None:
    carriers = Packs.shipped().carriers
    assert "Professional Risk Management Services" in carriers["PRMS"].aliases
    assert not carriers.keys() & {alias for c in carriers.values() for alias in c.aliases}


def test_a_code_becomes_a_specialty_only_where_it_tells_one() -> None:
    packs = Packs.shipped()
    assert packs.specialty("2084P0800X") == "psychiatry"
    assert packs.specialty("364SP0808X") == "psychiatric_nursing"
    assert packs.specialty("103T00000X") is None
    assert packs.specialty("000000000X") is None
    assert packs.specialties["367500000X"].profession == "nurse_anesthetist"


# ------------------------------------------------------------------ the federal law's own keys

ASKED_OF_ALL = (
    "agents_and_employees",
    "in_person_evaluation",
    "ketamine_schedule",
    "patient_order",
    "registration_at_place",
    "registration_by_state",
)


@pytest.mark.parametrize("key", ASKED_OF_ALL)
def test_what_the_federal_law_asks_of_everybody_is_stated_with_what_it_asks(key: str) -> None:
    found = Packs.shipped().entry("US", "", key, DAY)
    assert found is not None
    assert found.note
    assert found.value == {"ketamine_schedule": "3N", "patient_order": "rems_only"}.get(key, "yes")


def test_no_state_states_a_key_of_the_federal_law() -> None:
    packs = Packs.shipped()
    places = [j for j in packs.jurisdictions() if j != "US"]
    assert not [e for j in places for e in packs.entries(j) if e.key in ASKED_OF_ALL]


def test_a_pharmacy_may_send_the_practitioner_a_monitored_drug_since_december_2025() -> None:
    before = Packs.shipped().entry("US", "", "patient_order", date(2025, 11, 30))
    after = Packs.shipped().entry("US", "", "patient_order", date(2025, 12, 1))
    assert before is not None
    assert after is not None
    assert (before.value, after.value) == ("no", "rems_only")


# ------------------------------------------------------------------ reading


def test_importing_reads_nothing_and_a_jurisdiction_reads_itself_alone() -> None:
    program = (
        "import sys, datetime\n"
        "opened = []\n"
        "sys.addaudithook(lambda event, a: opened.append(str(a[0])) if event == 'open' else None)\n"
        "from kapteam.law import Packs\n"
        "assert not [f for f in opened if f.endswith('.toml')], opened\n"
        "for _ in range(2): Packs.shipped().entry('NY', '', 'telehealth', datetime.date(2026, 1, 1))\n"
        "assert [f[-7:] for f in opened if f.endswith('.toml')] == ['NY.toml'], opened\n"
    )
    subprocess.run([sys.executable, "-c", program], check=True, env={"PYTHONPATH": str(ROOT / "src")})


def test_packs_are_one_object_and_survive_pickling() -> None:
    packs = Packs.shipped()
    assert packs is Packs.shipped()
    carrier = packs.carriers["MIEC"]
    assert isinstance(carrier, Carrier)
    assert hash(carrier) == hash(pickle.loads(pickle.dumps(carrier)))
    assert pickle.loads(pickle.dumps(packs)).entries("NY") == packs.entries("NY")


def test_a_folder_may_hold_one_kind_only(tmp_path: Path) -> None:
    assert Packs(tmp_path).jurisdictions() == ()
    assert Packs(tmp_path).carriers == {}
    assert Packs(tmp_path).modality("IFS") is None
    assert Packs(tmp_path).trainings == {}
    assert Packs(tmp_path).compacts == ()


def test_a_misspelt_key_in_a_pack_is_not_dropped_in_silence(tmp_path: Path) -> None:
    (tmp_path / "jurisdictions").mkdir()
    (tmp_path / "jurisdictions" / "WY.toml").write_text('[[entry]]\nvalue = "yes"\nuntill = 2026-01-01\n')
    with pytest.raises(TypeError):
        Packs(tmp_path).entries("WY")


# ------------------------------------------------------------------ from the tables to the packs


def test_the_packs_are_what_the_tables_give(maker: ModuleType) -> None:
    assert maker.main(["--check"]) == 0


def test_the_same_tables_give_the_same_packs(maker: ModuleType, tables: Path, tmp_path: Path) -> None:
    in_order = maker.packs(maker.read(tables)[0])
    rows = (tables / "entries.csv").read_text("utf-8").splitlines(keepends=True)
    (tables / "entries.csv").write_text("".join(rows[:1] + rows[:0:-1]), "utf-8")
    where = ["--tables", str(tables), "--packs", str(tmp_path / "packs")]
    assert maker.main(["--check", *where]) == 1
    assert maker.main(where) == 0
    assert maker.main(["--check", *where]) == 0
    assert maker.differences(in_order, tmp_path / "packs") == []


def test_check_notices_a_changed_and_a_left_over_pack(
    maker: ModuleType, tables: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    where = ["--tables", str(tables), "--packs", str(tmp_path / "packs")]
    maker.main(where)
    (tmp_path / "packs" / "jurisdictions" / "ZZ.toml").write_text("")
    (tmp_path / "packs" / "trainings.toml").write_text("")
    assert maker.main(["--check", *where]) == 1
    assert [line.split(":")[0] for line in capsys.readouterr().err.splitlines()] == [
        "jurisdictions/ZZ.toml",
        "trainings.toml",
    ]
    maker.main(where)
    assert maker.main(["--check", *where]) == 0


def test_what_stands_in_the_tables_comes_back_from_the_packs(maker: ModuleType, tables: Path, tmp_path: Path) -> None:
    add(tables, "entries", **entry(until="2026-06-30", note='says "no" \\ often ä'))
    add(tables, "entries", **entry(key="routes", value="oral;nasal", until="2026-06-30"))
    carrier = {"name": "Ünïon Mutual", "insures": "both", "ketamine": "no", "max_concurrent_sessions": "2"}
    add(tables, "carriers", **carrier, source="https://x.org", checked="2026-11-25", confidence="low")
    assert maker.main(["--tables", str(tables), "--packs", str(tmp_path / "packs")]) == 0
    packs = Packs(tmp_path / "packs")
    ketamine, routes = packs.entries("WY")
    assert (ketamine.from_, ketamine.until) == (None, date(2026, 6, 30))
    assert ketamine.note == 'says "no" \\ often ä'
    assert routes.value == ("oral", "nasal")
    assert packs.carriers["Ünïon Mutual"].cells == {"ketamine": False, "max_concurrent_sessions": 2}


BAD_ENTRIES = {
    "a place that is none": {"jurisdiction": "XX"},
    "an unknown key": {"key": "schedule"},
    "an unknown value": {"value": "maybe"},
    "a subject that the key does not know": {"subject": "physician"},
    "no subject where one is needed": {"subject": ""},
    "a date that is none": {"from": "2026-02-30"},
    "a date in another form": {"until": "7.12.2026"},
    "an end before the start": {"from": "2026-02-02", "until": "2026-02-01"},
    "a check that has no date": {"checked": ""},
    "a confidence of its own": {"confidence": "medium (one source)"},
    "a source without an address": {"source": "the statute"},
    "a claim that no source backs": {"source": "none found"},
    "a stray space": {"value": "yes "},
    "a route without a yes": {"key": "routes", "value": "oral"},
    "a federal law on authority": {"jurisdiction": "US"},
    "a federal law of one profession": {"jurisdiction": "US", "key": "agents_and_employees"},
    "a state's word on a federal key": {"subject": "", "key": "in_person_evaluation"},
    "hours of a transition that nobody states": {"key": "transition_hours", "value": "3600"},
    "hours of a transition that are no number": {"key": "transition_hours", "value": "3,600"},
    "another schedule of ketamine": {"jurisdiction": "US", "subject": "", "key": "ketamine_schedule", "value": "3"},
}


@pytest.mark.parametrize("cells", BAD_ENTRIES.values(), ids=BAD_ENTRIES)
def test_a_bad_entry_is_refused(maker: ModuleType, tables: Path, cells: dict[str, str]) -> None:
    add(tables, "entries", **entry(**cells))
    _, problems = maker.read(tables)
    assert problems
    assert all(problem.startswith("entries.csv:") for problem in problems)


BAD_ROWS = {
    "a rider is no yes": ("carriers", {"ketamine": "rider"}),
    "a broker's cell": ("carriers", {"name": "New (broker)", "ketamine": "yes"}),
    "a cell without a source": ("carriers", {"presence": "dosing", "source": "none found"}),
    "two carriers of one file": ("carriers", {"name": "miec!"}),
    "an alias of another carrier": ("carriers", {"aliases": "Doctors company"}),
    "an alias that is another carrier": ("carriers", {"aliases": "prms"}),
    "an alias twice": ("carriers", {"aliases": "New Mutual;new mutual"}),
    "an alias of another training": ("trainings", {"name": "New", "aliases": "ipi"}),
    "an alias of another modality": ("modalities", {"key": "other", "name": "Other", "aliases": "emdr"}),
    "a flag without a source": (
        "modalities",
        {"key": "o", "name": "O", "trauma": "yes", "source": "none found"},
    ),
    "hours that are no number": ("trainings", {"name": "New", "hours": "about 40"}),
    "a second training of one name": ("trainings", {"name": "Ketamine basics"}),
    "a code that is none": ("specialties", {"code": "2084", "profession": "physician"}),
    "a compact of nobody": ("compacts", {"professions": ""}),
    "a compact of a profession that is none": ("compacts", {"professions": "nurse"}),
    "a compact that gives something else": ("compacts", {"gives": "licence"}),
    "a compact's state that is none": ("compacts", {"states": "AZ;US"}),
    "a compact's state twice": ("compacts", {"states": "AZ;AZ"}),
    "states that issue before the compact": ("compacts", {"issues_since": ""}),
    "a compact's day that is none": ("compacts", {"issues_since": "2026"}),
    "days that are no number": ("compacts", {"days_a_year": "0"}),
    "a compact that no source backs": ("compacts", {"source": "none found"}),
    "a second compact of one key": ("compacts", {"key": "pa_compact"}),
    "a second compact of one name": ("compacts", {"name": "PA Licensure Compact"}),
    "a key that is no word": ("compacts", {"key": "PA compact"}),
    "a profession that is none": ("specialties", {"code": "208000000X", "profession": "pediatrician"}),
}


@pytest.mark.parametrize(("table", "cells"), BAD_ROWS.values(), ids=BAD_ROWS)
def test_a_bad_row_is_refused(maker: ModuleType, tables: Path, table: str, cells: dict[str, str]) -> None:
    good = {"name": "New", "source": "https://x.org", "checked": "2026-11-25", "confidence": "low"}
    good |= {
        "carriers": {"insures": "both"},
        "modalities": {"key": "new"},
        "compacts": {
            "key": "new",
            "professions": "psychologist",
            "gives": "privilege",
            "issues_since": "2026-01-01",
            "states": "AZ",
        },
    }.get(table, {})
    columns = (tables / f"{table}.csv").read_text("utf-8").splitlines()[0].split(",")
    assert maker.read(tables)[1] == []
    add(tables, table, **{key: cell for key, cell in (good | cells).items() if key in columns})
    assert [problem.split(":")[0] for problem in maker.read(tables)[1]] == [f"{table}.csv"]


def test_overlapping_entries_are_refused_and_adjacent_ones_are_not(maker: ModuleType, tables: Path) -> None:
    add(tables, "entries", **entry(**{"from": "2025-01-01", "until": "2025-12-31"}))
    add(tables, "entries", **entry(value="no", **{"from": "2026-01-01"}))
    assert maker.read(tables)[1] == []
    add(tables, "entries", **entry(value="limited", **{"from": "2025-12-31", "until": "2025-12-31"}))
    assert ["overlaps" in problem for problem in maker.read(tables)[1]] == [True]


TRANSITION = [
    ("transition_hours", "3600", True),
    ("transition_hours", "0.5", True),
    ("transition_hours", "0", False),
    ("transition_hours", "1.50", False),
    ("transition_hours", "many", False),
    ("transition_years", "2", True),
    ("transition_needs", "both", False),  # of what?
]


@pytest.mark.parametrize(("key", "value", "good"), TRANSITION)
def test_a_transition_lasts_a_number_of_hours_or_years(
    maker: ModuleType, tables: Path, key: str, value: str, good: bool
) -> None:
    add(tables, "entries", **entry(key="autonomy", value="transition"))
    add(tables, "entries", **entry(key=key, value=value))
    assert (maker.read(tables)[1] == []) is good


@pytest.mark.parametrize(("needs", "good"), [("both", True), ("either", True), ("", False), ("neither", False)])
def test_hours_and_years_of_a_transition_are_both_asked_for_or_either_is_enough(
    maker: ModuleType, tables: Path, needs: str, good: bool
) -> None:
    add(tables, "entries", **entry(key="autonomy", value="transition"))
    add(tables, "entries", **entry(key="transition_hours", value="3600"))
    add(tables, "entries", **entry(key="transition_years", value="2"))
    if needs:
        add(tables, "entries", **entry(key="transition_needs", value=needs))
    assert (maker.read(tables)[1] == []) is good


def test_the_hours_of_a_transition_have_its_very_days(maker: ModuleType, tables: Path) -> None:
    add(tables, "entries", **entry(key="autonomy", value="transition", until="2026-06-30"))
    add(tables, "entries", **entry(key="transition_hours", value="3600"))
    assert ["same dates" in problem for problem in maker.read(tables)[1]] == [True]


def test_every_transition_of_the_packs_says_how_long_it_takes() -> None:
    packs = Packs.shipped()
    for place in packs.jurisdictions():
        for found in packs.entries(place):
            if (found.key, found.value) == ("autonomy", "transition"):
                beside = {e.key for e in packs.entries(place) if (e.subject, e.from_) == (found.subject, found.from_)}
                assert beside & {"transition_hours", "transition_years"}, (place, found.subject)


def test_every_problem_is_told_at_once(
    maker: ModuleType, tables: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    add(tables, "entries", **entry(jurisdiction="XX", confidence="sure"))
    add(tables, "specialties", code="x", name="y", profession="physician")
    assert maker.main(["--tables", str(tables), "--packs", str(tmp_path / "packs")]) == 1
    assert len(capsys.readouterr().err.splitlines()) == 3
    assert not (tmp_path / "packs").exists()


def test_a_column_that_nobody_knows_is_refused(maker: ModuleType, tables: Path) -> None:
    text = (tables / "trainings.csv").read_text("utf-8")
    (tables / "trainings.csv").write_text(text.replace("hours", "length", 1), "utf-8")
    assert [problem.split(":")[:2] for problem in maker.read(tables)[1]] == [["trainings.csv", "1"]]
