"""Answers as data frames: they hold what the JSON contract says, in one schema, whichever the library."""

from __future__ import annotations

import json
import math
import subprocess
import sys
from collections.abc import Callable
from datetime import date
from typing import Any

import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa
import pytest
from any_rosters import any_rosters
from asking import SCHEMAS, validate
from hypothesis import given, settings
from hypothesis import strategies as st

import kapteam
import kapteam.demo
from kapteam.columns.logic import FAIL, UNKNOWN
from kapteam.io.json import document
from kapteam.records.people import Hours, License, Practitioner
from kapteam.records.places import Site
from kapteam.records.problems import UsageError
from kapteam.records.roster import TABLES, Roster
from kapteam.tables import frames
from kapteam.tables import in_the_way as in_the_way_module
from kapteam.tables.findings import FINDINGS
from kapteam.tables.frames import to_arrow, to_pandas, to_polars
from kapteam.tables.in_the_way import in_the_way
from kapteam.tables.links import JUDGEMENTS, LINKS, judgements_table
from kapteam.tables.plan import TEAMS, UNMATCHED
from kapteam.tables.roster import field_of
from kapteam.tables.table import Coded, Field
from strategies import Written, capable, rosters

FEW = settings(max_examples=settings.default.max_examples // 3)
ON = date(2026, 12, 7)

Frame = Any
#: Each library's frames, and how one gives its rows back as JSON has them.
LIBRARIES: dict[str, Callable[[Any], Any]] = {"polars": to_polars, "pandas": to_pandas, "arrow": to_arrow}


def rows(frame: Frame) -> list[dict[str, Any]]:
    """A frame's rows with Python's own values; what is missing is None."""
    if isinstance(frame, pl.DataFrame):
        return [{k: _own(v) for k, v in row.items()} for row in frame.to_dicts()]
    if isinstance(frame, pa.Table):
        return [{k: _own(v) for k, v in row.items()} for row in frame.to_pylist()]
    columns = {name: [_own(v) for v in frame[name].tolist()] for name in frame.columns}
    return [dict(zip(columns, cells, strict=True)) for cells in zip(*columns.values(), strict=True)]


def _own(value: Any) -> Any:
    if isinstance(value, list | np.ndarray):
        return [str(item) for item in value]
    if value is None or value is pd.NA or value is pd.NaT or (isinstance(value, float) and value != value):
        return None
    return value.date() if isinstance(value, pd.Timestamp) else value


def types(frame: Frame) -> list[str]:
    """The type of each column, in the words of the schema."""
    if isinstance(frame, pl.DataFrame):
        words: dict[Any, str] = {
            pl.String: "text", pl.Enum: "category", pl.Int64: "whole number", pl.Float64: "number",
            pl.Boolean: "yes or no", pl.Date: "date", pl.List: "list of text",
        }  # fmt: skip
        return [words[t.base_type()] for t in frame.dtypes]
    if isinstance(frame, pa.Table):
        of_arrow = {
            "string": "text", "dictionary<values=string, indices=int32, ordered=0>": "category", "double": "number",
            "int64": "whole number", "bool": "yes or no", "date32[day]": "date", "list<item: string>": "list of text",
            "list<item: dictionary<values=string, indices=int32, ordered=0>>": "list of text",
        }  # fmt: skip
        return [of_arrow[str(f.type)] for f in frame.schema]
    of_pandas = {
        "str": "text", "object": "text", "category": "category", "int64": "whole number", "Int64": "whole number",
        "float64": "number", "boolean": "yes or no", "bool": "yes or no", "list<item: string>[pyarrow]": "list of text",
        "list<item: dictionary<values=string, indices=int32, ordered=0>>[pyarrow]": "list of text",
    }  # fmt: skip
    return ["date" if str(t).startswith("datetime64") else of_pandas[str(t)] for t in frame.dtypes]


def typed(declared: tuple[Field, ...]) -> list[str]:
    """The types of a schema, but that a list is a list: that its words are few is known to Polars alone."""
    return ["list of text" if f.type == "list of words" else f.type for f in declared]


def check(frame: Frame, declared: tuple[Field, ...], expected: list[dict[str, Any]]) -> None:
    """A frame has the declared columns and types, and these rows."""
    names = frame.column_names if isinstance(frame, pa.Table) else list(frame.columns)
    assert names == [f.name for f in declared]
    assert types(frame) == typed(declared)
    assert rows(frame) == expected


# --- What they hold -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("library", LIBRARIES)
@FEW
@given(any_rosters())
def test_a_roster_is_its_document_as_eleven_tables(library: str, roster: Roster) -> None:
    found, told = LIBRARIES[library](roster), document(roster)
    assert list(found) == list(TABLES)
    for name, record in TABLES.items():
        declared = tuple(field_of(c) for c in kapteam.records.table.columns(record))
        expected = []
        for row in told.get(name, []):
            cells = {f.name: row.get(f.name) for f in declared}
            for f in declared:
                value = cells[f.name]
                if value is not None and f.type == "date":
                    cells[f.name] = date.fromisoformat(value)
                elif value is not None and f.type == "number":
                    cells[f.name] = float(value)
                elif value is not None and f.type == "yes or no":
                    cells[f.name] = value == "yes"
            expected.append(cells)
        check(found[name], declared, expected)


@pytest.mark.parametrize("library", LIBRARIES)
@FEW
@given(rosters(people=(2, 5)))
def test_links_are_those_of_the_json_contract(library: str, written: Written) -> None:
    network = written.network()
    told = network.as_dict()
    validate(told, "links")
    check(LIBRARIES[library](network.links), LINKS, [{**link, **beside(network, link)} for link in told["links"]])


def beside(network: kapteam.Network, link: dict[str, Any]) -> dict[str, Any]:
    """What the table of links has beside the document: as the findings of each link say it."""
    findings = next(
        one.findings
        for one in network.explain(link["prescriber"], link["therapist"], link["site"])
        if (one.link.prescriber, one.link.therapist) == (link["prescriber"], link["therapist"])
    )
    fail, unknown = (
        sorted({f.rule for f in findings if f.severity == "block" and f.status == status})
        for status in ("fail", "unknown")
    )
    place = network.roster.places[link["site"]].jurisdiction
    return {"jurisdiction": place, "rules_fail": fail, "rules_unknown": unknown, "distance_km": None}


@pytest.mark.parametrize("library", LIBRARIES)
def test_links_by_distance_say_how_far_and_no_others(library: str) -> None:
    roster = kapteam.read(kapteam.demo.practice_folder())
    plain = {(k.site, k.prescriber, k.therapist) for k in kapteam.links(roster, on=ON)}
    network = kapteam.links(roster, on=ON, within=180.0)
    found = {(row["site"], row["prescriber"], row["therapist"]): row for row in rows(LIBRARIES[library](network.links))}
    assert {key for key, row in found.items() if row["distance_km"] is None} == plain
    places = roster.places
    for (site, prescriber, _), row in found.items():
        if row["distance_km"] is not None:
            here = places[site]
            of_theirs = {h.site for h in roster.hours if h.practitioner == prescriber} - {site}
            away = [
                km_apart(here, places[other])
                for other in of_theirs
                if places[other].latitude is not None and places[other].setting != "telehealth"
            ]
            assert row["distance_km"] == pytest.approx(min(away), abs=0.001)
    by_distance = network.match(unknown="allow")
    teams = {
        (r["site"], r["prescriber"], r["therapist"]): r for r in rows(LIBRARIES[library](by_distance.plan)["teams"])
    }
    assert {key: row["distance_km"] for key, row in teams.items()} == {key: found[key]["distance_km"] for key in teams}
    assert any(row["distance_km"] is not None for row in teams.values())


def km_apart(one: Site, other: Site) -> float:
    """Kilometres between two sites, by the haversine formula."""
    (a, b), (c, d) = ((math.radians(float(x)) for x in (s.latitude, s.longitude)) for s in (one, other))  # type: ignore[arg-type]
    half = math.sin((c - a) / 2) ** 2 + math.cos(a) * math.cos(c) * math.sin((d - b) / 2) ** 2
    return 2 * 6371.0088 * math.asin(math.sqrt(half))


@settings(FEW, max_examples=30)
@given(rosters(people=(3, 6)), st.integers(1, 5))
def test_rules_of_some_links_are_those_of_all(written: Written, size: int) -> None:
    """However the links are cut, and where sets are found by a table or by sorting."""
    links = written.network().links
    for verdict in (FAIL, UNKNOWN):
        whole = _listed(in_the_way(links, verdict))
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(in_the_way_module, "_FEW", 0)
            cut = [in_the_way(links, verdict, slice(b, b + size)) for b in range(0, len(links), size)]
        assert [rules for part in cut for rules in _listed(part)] == whole


def _listed(coded: Coded) -> list[list[str]]:
    return [coded.of[code] for code in coded.codes.tolist()]


@pytest.mark.parametrize("library", LIBRARIES)
@FEW
@given(capable())
def test_a_plan_is_that_of_the_json_contract(library: str, written: Written) -> None:
    result = written.network().match(unknown="allow")
    told = result.as_dict()
    validate(told, "match")
    found = LIBRARIES[library](result.plan)
    places = [
        {
            "site": team["site"], "prescriber": team["prescriber"], "therapist": place.pop("practitioner"), **place,
            "jurisdiction": result.plan.links.facts.roster.places[team["site"]].jurisdiction, "distance_km": None,
            "held": False,
        }
        for team in told["teams"] for place in team["therapists"]
    ]  # fmt: skip
    check(found["teams"], TEAMS, places)
    check(found["unmatched"], UNMATCHED, told["unmatched"])


@pytest.mark.parametrize("library", LIBRARIES)
def test_findings_are_those_of_the_json_contract(library: str) -> None:
    network = kapteam.links(kapteam.read(kapteam.demo.practice_folder()), on=ON)
    explained = network.explain("ruiz")
    expected = []
    for one in explained:
        told = one.as_dict()
        for finding in told["findings"]:
            remedy = finding.pop("remedy") or dict.fromkeys(("change", "days", "dollars", "basis"))
            ends = {k: told[k] for k in ("site", "prescriber", "therapist")}
            words = {("remedy" if k == "change" else f"remedy_{k}"): v for k, v in remedy.items()}
            expected.append({**ends, **finding, **words})
    assert len(expected) > 20
    check(LIBRARIES[library](explained), FINDINGS, [{f.name: row[f.name] for f in FINDINGS} for row in expected])


@pytest.mark.parametrize("library", LIBRARIES)
def test_judgements_are_the_findings_without_words(library: str) -> None:
    network = kapteam.links(kapteam.read(kapteam.demo.practice_folder()), on=ON)
    found = LIBRARIES[library](judgements_table(network.links))
    told = rows(found)
    assert types(found) == [f.type for f in JUDGEMENTS]
    ends = ("site", "prescriber", "therapist")
    expected = []
    for link in network:
        (one,) = (x for x in network.explain(link.prescriber, link.therapist, link.site) if x.link == link)
        expected += [(link.site, link.prescriber, link.therapist, f.rule, f.status, f.severity) for f in one.findings]
    assert [tuple(row[k] for k in (*ends, "rule", "status", "severity")) for row in told] == expected
    by_subject = {"prescriber": " as prescriber at ", "therapist": " as therapist at ", "link": " + "}
    first = network.explain(told[0]["prescriber"], told[0]["therapist"], told[0]["site"])[0]
    for row, finding in zip(told, first.findings, strict=False):
        assert by_subject[row["about"]] in finding.subject


def test_words_of_categories_are_those_of_the_contract() -> None:
    links, match = (json.loads((SCHEMAS / f"{name}.json").read_text(encoding="utf-8")) for name in ("links", "match"))
    verdict = next(f for f in LINKS if f.name == "verdict")
    assert set(verdict.categories) == set(links["$defs"]["verdict"]["enum"])
    reasons = match["properties"]["unmatched"]["items"]["properties"]["reason"]["enum"]
    assert set(next(f for f in UNMATCHED if f.name == "reason").categories) == set(reasons)
    explain = json.loads((SCHEMAS / "explain.json").read_text(encoding="utf-8"))["$defs"]["finding"]["properties"]
    for name in ("status", "severity"):
        assert set(next(f for f in FINDINGS if f.name == name).categories) == set(explain[name]["enum"])


# --- The three libraries ------------------------------------------------------------------------------------


def test_no_rows_have_the_same_types_as_many() -> None:
    roster = Roster(sites=[Site("s", "NY", supply="stock")], practitioners=[Practitioner("ana")])
    network = kapteam.links(roster, on=ON)
    for frame in LIBRARIES.values():
        assert types(frame(network.links)) == typed(LINKS)
        assert types(frame(network.match().plan)["teams"]) == typed(TEAMS)
        assert types(frame([])) == [f.type for f in FINDINGS]
        assert rows(frame(judgements_table(network.links))) == []


def test_numbers_of_arrow_are_the_networks_own_memory() -> None:
    links = kapteam.links(kapteam.example(), on=ON).links
    (chunk,) = to_arrow(links)["points"].chunks
    assert chunk.buffers()[1].address == links.points.ctypes.data


def test_a_frame_of_pandas_can_be_changed_and_leaves_the_network_alone() -> None:
    links = kapteam.links(kapteam.example(), on=ON).links
    frame, before = to_pandas(links), links.points.copy()
    frame.loc[0, "points"] = 0
    assert frame.loc[0, "points"] == 0
    assert (links.points == before).all()


def test_meanings_stand_in_the_metadata_of_arrow() -> None:
    told = to_arrow(kapteam.example())["registrations"].schema.field("schedules")
    assert told.metadata[b"meaning"].startswith(b"nothing means unknown")
    assert told.nullable


def test_a_million_links_are_a_frame_without_a_call_for_each() -> None:
    hours = Hours("s", "Mon 09:00-12:00")
    people = [
        Practitioner(f"{role}{n}", roles=[role], licenses=[License("NY", profession)], hours=[hours])
        for role, profession in (("prescriber", "physician"), ("therapist", "psychologist"))
        for n in range(1000)
    ]
    links = kapteam.links(Roster(sites=[Site("s", "NY", supply="patient")], practitioners=people), on=ON).links
    links.points, links.verdicts, links.pairs.weekly_sessions  # noqa: B018  (judged before the clock runs)
    for frame in (to_polars, to_arrow, to_pandas):
        frame(kapteam.links(kapteam.example(), on=ON).links)  # the library is loaded
        calls: list[str] = []
        sys.setprofile(lambda _, event, __, calls=calls: calls.append(event))  # type: ignore[misc]
        try:
            found = frame(links)
        finally:
            sys.setprofile(None)
        assert len(found) == 1_000_000
        assert len(calls) < 100_000  # nothing is called for each row


@pytest.mark.parametrize(
    ("library", "gone", "extra"),
    [("polars", "polars", "polars"), ("pandas", "pandas", "pandas"), ("pandas", "pyarrow", "pandas"),
     ("arrow", "pyarrow", "pandas")],
)  # fmt: skip
def test_a_library_that_is_missing_is_told_with_what_to_install(
    library: str, gone: str, extra: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = frames.find_spec
    monkeypatch.setattr(frames, "find_spec", lambda name: None if name == gone else real(name))
    with pytest.raises(UsageError, match=rf"^{gone} is not installed: pip install 'kapteam\[{extra}\]'$"):
        LIBRARIES[library](kapteam.example())


def test_loading_the_tables_loads_none_of_the_libraries() -> None:
    code = "import sys, kapteam.tables.frames, kapteam.io.frames, kapteam.io.graph, kapteam.graphs.files\n"
    code += "print([m for m in ('polars', 'pandas', 'pyarrow', 'networkx') if m in sys.modules])"
    ended = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=60)
    assert ended.stdout.strip() == "[]"
