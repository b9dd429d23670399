"""Answers as data frames: they hold what the JSON contract says, in one schema, whichever the library."""

from __future__ import annotations

import json
import subprocess
import sys
import time
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

import kapteam
import kapteam.demo
from kapteam.io.json import document
from kapteam.records.people import Hours, License, Practitioner
from kapteam.records.places import Site
from kapteam.records.problems import UsageError
from kapteam.records.roster import TABLES, Roster
from kapteam.tables import frames
from kapteam.tables.findings import FINDINGS
from kapteam.tables.frames import to_arrow, to_pandas, to_polars
from kapteam.tables.links import JUDGEMENTS, LINKS, judgements_table
from kapteam.tables.plan import TEAMS, UNMATCHED
from kapteam.tables.roster import field_of
from kapteam.tables.table import Field
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
        }  # fmt: skip
        return [of_arrow[str(f.type)] for f in frame.schema]
    of_pandas = {
        "str": "text", "object": "text", "category": "category", "int64": "whole number", "Int64": "whole number",
        "float64": "number", "boolean": "yes or no", "bool": "yes or no", "list<item: string>[pyarrow]": "list of text",
    }  # fmt: skip
    return ["date" if str(t).startswith("datetime64") else of_pandas[str(t)] for t in frame.dtypes]


def check(frame: Frame, declared: tuple[Field, ...], expected: list[dict[str, Any]]) -> None:
    """A frame has the declared columns and types, and these rows."""
    names = frame.column_names if isinstance(frame, pa.Table) else list(frame.columns)
    assert names == [f.name for f in declared]
    assert types(frame) == [f.type for f in declared]
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
    check(LIBRARIES[library](network.links), LINKS, told["links"])


@pytest.mark.parametrize("library", LIBRARIES)
@FEW
@given(capable())
def test_a_plan_is_that_of_the_json_contract(library: str, written: Written) -> None:
    result = written.network().match(unknown="allow")
    told = result.as_dict()
    validate(told, "match")
    found = LIBRARIES[library](result.plan)
    places = [
        {"site": team["site"], "prescriber": team["prescriber"], "therapist": place.pop("practitioner"), **place}
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
        assert types(frame(network.links)) == [f.type for f in LINKS]
        assert types(frame(network.match().plan)["teams"]) == [f.type for f in TEAMS]
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


def test_a_million_links_are_a_frame_at_once() -> None:
    hours = Hours("s", "Mon 09:00-12:00")
    people = [
        Practitioner(f"{role}{n}", roles=[role], licenses=[License("NY", profession)], hours=[hours])
        for role, profession in (("prescriber", "physician"), ("therapist", "psychologist"))
        for n in range(1000)
    ]
    links = kapteam.links(Roster(sites=[Site("s", "NY", supply="patient")], practitioners=people), on=ON).links
    links.points, links.verdicts, links.pairs.weekly_sessions  # noqa: B018  (judged before the clock runs)
    for frame, most in ((to_polars, 0.5), (to_arrow, 0.5), (to_pandas, 1.0)):
        frame(kapteam.links(kapteam.example(), on=ON).links)  # the library is loaded
        begin = time.process_time()
        assert len(frame(links)) == 1_000_000
        assert time.process_time() - begin < most


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
