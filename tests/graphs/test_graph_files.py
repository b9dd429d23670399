"""Graphs as files: every kind and any other graph comes back equal, in bytes that do not change; others open them."""

from __future__ import annotations

import csv
import json
import os
import subprocess
import sys
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import igraph
import networkx as nx
import pytest
import rustworkx
from any_rosters import TEXTS
from hypothesis import given, settings
from hypothesis import strategies as st

import kapteam
import kapteam.demo
from kapteam.graphs.files import FORMATS, read_graph, write_graph
from kapteam.graphs.plain import whole
from kapteam.graphs.values import from_text, in_text
from kapteam.matching.match import match
from kapteam.network.links import Links
from kapteam.records.problems import UsageError
from same_graphs import everything, exact, graphs_of
from strategies import Written, rosters

WHOLE = (".graphml", ".gexf", ".json")
LISTS = (".tsv", ".csv")
ON = date(2026, 12, 7)


@pytest.fixture(scope="module")
def links() -> Links:
    return kapteam.links(kapteam.read(kapteam.demo.practice_folder()), on=ON).links


@pytest.fixture(scope="module")
def graphs(links: Links) -> dict[str, nx.Graph[str]]:
    return graphs_of(links, match(links))


@pytest.fixture(scope="module")
def where(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("graphs")


def there_and_back(graph: nx.Graph[Any], where: Path, ending: str) -> nx.Graph[str]:
    path = where / f"graph{ending}"
    write_graph(graph, path)
    return read_graph(path)


def edges_alone(graph: nx.Graph[Any]) -> nx.Graph[Any]:
    """What an edge list keeps of a graph: nodes, and edges that all say the same things."""
    kept: Any = type(graph)()
    kept.add_nodes_from(graph)
    kept.add_edges_from(graph.edges(keys=True, data=True) if graph.is_multigraph() else graph.edges(data=True))  # type: ignore[call-overload]
    names = {name for *_, said in kept.edges(data=True) for name in said}
    for *_, said in kept.edges(data=True):
        said.update({name: said.get(name) for name in names})
    return kept  # type: ignore[no-any-return]


# --- There and back -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("ending", FORMATS)
def test_every_kind_of_graph_reads_back_equal(ending: str, graphs: dict[str, nx.Graph[str]], tmp_path: Path) -> None:
    for graph in graphs.values():
        expected = graph if ending in WHOLE else edges_alone(graph)
        assert everything(there_and_back(graph, tmp_path, ending)) == everything(expected)


@settings(max_examples=settings.default.max_examples // 3)
@given(rosters(people=(2, 5)))
def test_every_graph_of_any_roster_reads_back_equal(where: Path, written: Written) -> None:
    links = written.network().links
    for graph in graphs_of(links, match(links)).values():
        for ending in WHOLE:
            assert everything(there_and_back(graph, where, ending)) == everything(graph)


#: Texts that look like what is no text, and what no XML holds.
ODD = st.sampled_from(
    [
        "", " ", "7", "-0", "1e5", "0x1", "true", "null", "None", "NaN", "2026-12-07", "2026-12-07T09:00", "2026-99-99",
        '"', '"x"', "[", "[1]", "{}", '{"a": 1}', "\r", "\x00", "\x1f", "\ud800", "\uffff", " x ", "a\nb\tc", "é",
    ]
)  # fmt: skip
ANY_TEXT = ODD | TEXTS
SINGLE = st.one_of(
    st.none(), st.booleans(), st.integers(-(2**70), 2**70), st.floats(allow_nan=False, allow_infinity=False), ANY_TEXT,
    st.dates(), st.datetimes(), st.datetimes(timezones=st.just(UTC)),
)  # fmt: skip
VALUES = st.recursive(
    SINGLE, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(ANY_TEXT, inner, max_size=3), max_leaves=6
)
NAMES = st.sampled_from(["x", "y", "with space", "naïve", "on", "rules_fail", "weight of"])
IDS = TEXTS.filter(lambda t: not {"\x7f", "\r"} & set(t)) | st.sampled_from(["7", "null", "2026-12-07", '"q"', "true"])


@st.composite
def any_graphs(draw: st.DrawFn) -> nx.Graph[Any]:
    """A graph of any class whose attributes are of any type, each its own or mixed."""
    made: Any = draw(st.sampled_from([nx.Graph, nx.DiGraph, nx.MultiGraph, nx.MultiDiGraph]))()
    said = st.dictionaries(NAMES, draw(st.sampled_from([VALUES, st.integers() | st.floats(-1, 1), st.booleans()])))
    made.graph.update(draw(said))
    if draw(st.booleans()):
        made.graph["kind"] = draw(st.sampled_from(["links", "roster", "mine"]))
        made.graph.pop("on", None)
    ids = draw(st.lists(IDS, max_size=4, unique=True))
    made.add_nodes_from((id, draw(said)) for id in ids)
    for u, v in draw(st.lists(st.tuples(st.sampled_from(ids), st.sampled_from(ids)), max_size=5)) if ids else []:
        key = [draw(st.sampled_from(["hudson", "7", 7, 0, "true"]))] if made.is_multigraph() else []
        made.add_edges_from([(u, v, *key, draw(said))])
    return made  # type: ignore[no-any-return]


@settings(max_examples=settings.default.max_examples * 3)
@given(any_graphs())
def test_any_graph_reads_back_equal(where: Path, graph: nx.Graph[Any]) -> None:
    if graph.graph.get("kind") == "links":  # one of ours says all that its kind declares
        graph.graph.update(whole("links", "graph", {}) | graph.graph)
        for node, said in graph.nodes(data=True):
            said.update(whole("links", "node", {"label": node}) | said)
        for *_, said in graph.edges(data=True):
            said.update(whole("links", "edge", {}) | said)
    for ending in WHOLE:
        assert everything(there_and_back(graph, where, ending)) == everything(graph), ending
    for ending in LISTS:
        assert everything(there_and_back(graph, where, ending)) == everything(edges_alone(graph)), ending


@settings(max_examples=settings.default.max_examples * 8)
@given(VALUES)
def test_a_value_as_text_is_read_back(value: Any) -> None:
    assert exact(from_text(in_text(value))) == exact(value)


def test_plain_texts_stand_as_they_are() -> None:
    plain = ["hudson", "Dr. Inés Prado", "pass", "internal_family_systems", "Mon 09:00-17:00", "a, b", "12534-1234"]
    assert [in_text(text) for text in plain] == plain
    assert [in_text(v) for v in (7, 1.5, True, None, ON, ["a"], {"NY": "pass"}, "7", "2026-12-07")] == [
        "7", "1.5", "true", "null", "2026-12-07", '["a"]', '{"NY": "pass"}', '"7"', '"2026-12-07"',
    ]  # fmt: skip
    assert in_text("9" * 5000) == from_text("9" * 5000) == "9" * 5000  # no number that anything reads
    assert from_text("2026-12-07T09:30") == "2026-12-07T09:30"  # a moment has seconds, as Python writes it
    assert from_text("2026-12-07T09:30:00") == datetime(2026, 12, 7, 9, 30)


@pytest.mark.parametrize("kind", [nx.Graph, nx.DiGraph, nx.MultiGraph, nx.MultiDiGraph])
def test_files_that_networkx_wrote_are_read(kind: type[nx.Graph[Any]], tmp_path: Path) -> None:
    graph = kind()
    graph.add_edge("a", "b", x=1)
    graph.add_edge("b", "a", x=2)
    if graph.is_multigraph():
        graph.add_edge("a", "b", x=3)
    nx.write_graphml(graph, tmp_path / "g.graphml")
    nx.write_gexf(graph, tmp_path / "g.gexf")
    (tmp_path / "g.json").write_text(json.dumps(nx.node_link_data(graph, edges="links")), encoding="utf-8")
    for ending in WHOLE:
        read = read_graph(tmp_path / f"g{ending}")
        assert type(read) is kind
        assert sorted(read.edges(data="x")) == sorted(graph.edges(data="x"))
        assert dict(read.nodes(data=True)) == {"a": {}, "b": {}}


# --- The same bytes -----------------------------------------------------------------------------------------

_HASHES = """
import hashlib, sys
from datetime import date
from pathlib import Path
import kapteam, kapteam.demo
from kapteam.graphs.files import FORMATS, write_graph
from kapteam.graphs.view import to_networkx
from kapteam.io.graph import to_networkx as whole
from kapteam.matching.match import match

roster = kapteam.read(kapteam.demo.practice_folder())
links = kapteam.links(roster, on=date(2026, 12, 7)).links
plan = match(links)
kinds = ("links", "prescribers", "therapists", "consultation", "ties", "plan")
for graph in (*(to_networkx(links, kind, plan=plan) for kind in kinds), whole(roster)):
    for ending in FORMATS:
        path = Path(sys.argv[1]) / f"graph{ending}"
        write_graph(graph, path)
        print(graph.graph["kind"], ending, hashlib.sha256(path.read_bytes()).hexdigest())
"""


def test_the_same_roster_gives_the_same_bytes_on_another_day_and_in_another_process(tmp_path: Path) -> None:
    told = [
        subprocess.run(
            [sys.executable, "-c", _HASHES, str(tmp_path)], capture_output=True, text=True, check=True, timeout=60,
            env={**os.environ, "PYTHONHASHSEED": seed, "TZ": zone},
        ).stdout
        for seed, zone in (("1", "Pacific/Kiritimati"), ("2", "Pacific/Pago_Pago"))
    ]  # fmt: skip
    assert told[0] == told[1]
    assert len(told[0].splitlines()) == 7 * len(FORMATS)


@pytest.mark.parametrize("ending", FORMATS)
def test_no_file_names_a_day_a_version_or_a_path(ending: str, graphs: dict[str, nx.Graph[str]], tmp_path: Path) -> None:
    write_graph(graphs["links"], tmp_path / f"g{ending}")
    text = (tmp_path / f"g{ending}").read_text(encoding="utf-8")
    assert nx.__version__ not in text
    assert "lastmodified" not in text
    assert date.today().isoformat() not in text
    assert str(tmp_path) not in text


# --- Other tools --------------------------------------------------------------------------------------------


def test_igraph_opens_graphml(graphs: dict[str, nx.Graph[str]], tmp_path: Path) -> None:
    for kind, graph in graphs.items():
        write_graph(graph, tmp_path / "g.graphml")
        opened = igraph.Graph.Read_GraphML(str(tmp_path / "g.graphml"))
        assert opened.is_directed() == graph.is_directed()
        assert opened.vs["id"] == list(graph)
        assert [v["label"] for v in opened.vs] == [said["label"] for _, said in graph.nodes(data=True)]
        assert [v["hours_on_site"] for v in opened.vs] == [said["hours_on_site"] for _, said in graph.nodes(data=True)]
        assert [json.loads(v["roles"]) for v in opened.vs] == [said["roles"] for _, said in graph.nodes(data=True)]
        ends = [tuple(opened.vs[i]["id"] for i in edge.tuple) for edge in opened.es]
        assert ends == [(u, v) for u, v, *_ in graph.edges(data=True)]
        if kind in ("links", "plan"):
            assert opened.es["points"] == [x for *_, x in graph.edges(data="points")]
            assert [bool(x) for x in opened.es["teamed"]] == [x for *_, x in graph.edges(data="teamed")]


def test_rustworkx_opens_graphml_with_every_attribute(graphs: dict[str, nx.Graph[str]], tmp_path: Path) -> None:
    def read(said: dict[str, Any]) -> dict[str, Any]:
        return {k: from_text(v) if isinstance(v, str) else v for k, v in said.items() if k not in ("id", "key")}

    for graph in graphs.values():
        write_graph(graph, tmp_path / "g.graphml")
        (opened,) = rustworkx.read_graphml(str(tmp_path / "g.graphml"))
        known = {id: dict(said) for id, said in graph.nodes(data=True)}
        found = {said["id"]: {name: read(said).get(name) for name in known[said["id"]]} for said in opened.nodes()}
        assert found == known
        edges = [said for *_, said in graph.edges(data=True)]
        assert [{n: read(e).get(n) for n in edges[0]} for e in opened.edges()] == edges
        assert len({e["id"] for e in opened.edges()}) == len(edges)  # or some tools take them for one


def test_networkx_alone_opens_the_others(graphs: dict[str, nx.Graph[str]], tmp_path: Path) -> None:
    graph = graphs["links"]
    for ending in (".gexf", ".json"):
        write_graph(graph, tmp_path / f"g{ending}")
    gexf: Any = nx.read_gexf(tmp_path / "g.gexf")
    assert set(gexf) == set(graph)
    assert gexf.number_of_edges() == graph.number_of_edges()
    assert gexf.nodes["abara"]["label"] == "Dr. Tunde Abara"
    document = json.loads((tmp_path / "g.json").read_text(encoding="utf-8"))
    linked: Any = nx.node_link_graph(document, edges="edges")
    assert linked.edges["abara", "bauer", "hudson"]["points"] == graph.edges["abara", "bauer", "hudson"]["points"]  # type: ignore[index]


def test_an_edge_list_is_a_table_that_anybody_reads(graphs: dict[str, nx.Graph[str]], tmp_path: Path) -> None:
    write_graph(graphs["links"], tmp_path / "g.csv")
    with (tmp_path / "g.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert list(rows[0])[:4] == ["source", "target", "key", "site"]
    linked = [row for row in rows if row["target"]]
    assert sum(int(row["points"]) for row in linked) == sum(x for *_, x in graphs["links"].edges(data="points"))
    assert {row["source"] for row in rows if not row["target"]} == set(nx.isolates(graphs["links"]))
    opened = igraph.Graph.TupleList([(row["source"], row["target"]) for row in linked], directed=True)
    assert opened.ecount() == graphs["links"].number_of_edges()
    write_graph(graphs["ties"], tmp_path / "t.tsv")
    assert (tmp_path / "t.tsv").read_text(encoding="utf-8").startswith("a\tb\tkey\tkind\tweight\n")


# --- What is refused ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("ending", FORMATS)
@pytest.mark.parametrize(
    "data",
    [
        b"", b"\n", b"nothing", b"[]", b"{}", b'{"nodes": 3}', b'{"nodes": [{"id": []}], "edges": []}', b"\xff\xfe\x00",
        b"<graphml></graphml>", b"<gexf/>", b'<gexf xmlns="http://www.gexf.net/1.2draft"><graph/></gexf>', b"a,b\nx\n",
        b'source,target\n"x', b"source\ttarget\tkey\n\t\t\n",
        b'<graphml xmlns="http://graphml.graphdrawing.org/xmlns"><graph edgedefault="directed"><node id="a"><data '
        b'key="d0">1</data></node></graph></graphml>',
    ],
)  # fmt: skip
def test_what_is_no_graph_is_told_with_its_file(ending: str, data: bytes, tmp_path: Path) -> None:
    path = tmp_path / f"broken{ending}"
    path.write_bytes(data)
    assert said(path) is None or (str(path) in said(path) and "expected" in said(path))


def said(path: Path) -> Any:
    """What is said of a file, or None where it is a graph: a foreign file may be one after all."""
    try:
        read_graph(path)
    except UsageError as error:
        return str(error)
    return None


@pytest.mark.parametrize("ending", FORMATS)
def test_half_a_file_is_no_graph(ending: str, graphs: dict[str, nx.Graph[str]], tmp_path: Path) -> None:
    path = tmp_path / f"half{ending}"
    write_graph(graphs["links"], path)
    path.write_bytes(path.read_bytes()[:-40])
    with pytest.raises(UsageError, match="half"):
        read_graph(path)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"nodes": [(3, {})]}, "node 3: expected a text"),
        ({"nodes": [("a\x01", {})]}, "without control characters"),
        ({"nodes": [("a", {"x": {1, 2}})]}, "node 'a', attribute 'x': expected text, a number"),
        ({"nodes": [("a", {"x": [{3: 4}]})]}, "attribute 'x': expected"),
        ({"nodes": [("a", {"x": 10**400})]}, "attribute 'x': expected a number of 300 digits"),
        ({"nodes": [("a", {7: "x"})]}, "attribute 7: expected a text as its name"),
        ({"edges": [("a", "b", {"x": object()})]}, "edge 'a' 'b', attribute 'x'"),
        ({"graph": {"x": object()}}, "the graph, attribute"),
    ],
)
@pytest.mark.parametrize("ending", FORMATS)
def test_what_no_file_holds_is_told_with_its_place(
    ending: str, change: dict[str, Any], said: str, tmp_path: Path
) -> None:
    graph: nx.Graph[Any] = nx.Graph(**change.get("graph", {}))
    graph.add_nodes_from(change.get("nodes", []))
    graph.add_edges_from(change.get("edges", []))
    if ending in LISTS and "attribute" in said and "edges" not in change:
        return  # an edge list holds nothing of the graph and its nodes
    with pytest.raises(UsageError, match=said):
        write_graph(graph, tmp_path / f"g{ending}")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("ending", "node", "edge"),
    [(".json", "id", "source"), (".gexf", "start", "label"), (".graphml", "id", "key"), (".csv", None, "target")],
)
def test_names_that_a_format_uses_itself_are_told(ending: str, node: str | None, edge: str, tmp_path: Path) -> None:
    for said, owner in ((node, "nodes"), (edge, "edges")):
        graph: nx.Graph[str] = nx.Graph()
        graph.add_edge("a", "b", **({edge: "x"} if owner == "edges" else {}))
        if owner == "nodes" and said is not None:
            graph.nodes["a"][said] = "x"
        if said is not None:
            with pytest.raises(UsageError, match="rename the attribute"):
                write_graph(graph, tmp_path / f"g{ending}")


def test_a_weight_in_gexf_is_a_number(tmp_path: Path) -> None:
    graph: nx.Graph[str] = nx.Graph()
    graph.add_edge("a", "b", weight="much")
    with pytest.raises(UsageError, match="for numbers"):
        write_graph(graph, tmp_path / "g.gexf")
    graph.add_edge("a", "b", weight=2)
    assert there_and_back(graph, tmp_path, ".gexf").edges["a", "b"]["weight"] == 2


def test_json_holds_no_infinity(tmp_path: Path) -> None:
    graph: nx.Graph[str] = nx.Graph()
    graph.add_node("a", x=float("inf"))
    with pytest.raises(UsageError, match="expected a number, not inf"):
        write_graph(graph, tmp_path / "g.json")


def test_measures_of_numpy_are_numbers(tmp_path: Path) -> None:
    import numpy as np

    graph: nx.Graph[str] = nx.Graph()
    graph.add_node("a", rank=np.float64(0.25), part=np.int64(3), both=np.array([1, 2]), yes=np.bool_(True))
    for ending in WHOLE:
        read = there_and_back(graph, tmp_path, ending)
        assert exact(read.nodes["a"]) == exact({"rank": 0.25, "part": 3, "both": [1, 2], "yes": True})


def test_endings_and_paths_are_checked(tmp_path: Path) -> None:
    graph: nx.Graph[str] = nx.Graph()
    for name, said in (("g.xml", r"\.graphml"), ("g", r"\.graphml"), ("nowhere/g.json", "No such file")):
        with pytest.raises(UsageError, match=said):
            write_graph(graph, tmp_path / name)
        with pytest.raises(UsageError, match=said):
            read_graph(tmp_path / name)


@pytest.mark.parametrize("ending", FORMATS)
def test_a_write_that_fails_half_way_leaves_the_old_file(
    ending: str, graphs: dict[str, nx.Graph[str]], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path, write = tmp_path / f"g{ending}", Path.write_bytes
    write_graph(graphs["ties"], path)
    before = path.read_bytes()

    def full(self: Path, data: bytes) -> int:
        write(self, data[: len(data) // 2])
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "write_bytes", full)
    with pytest.raises(UsageError, match="No space left"):
        write_graph(graphs["links"], path)
    monkeypatch.undo()
    assert path.read_bytes() == before
    assert list(tmp_path.iterdir()) == [path]
