"""What the published schemas of GraphML 1.0 and GEXF 1.3 ask of a file, and the rules of node-link JSON.

The rules are those of the schemas at graphml.graphdrawing.org and gexf.net, written down here as a table: elements with
their attributes and types, the order of children, which names must be there once and which must be declared.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import networkx as nx
import pytest
from attrs import frozen
from hypothesis import given, settings

import kapteam
import kapteam.demo
from kapteam.graphs.files import write_graph
from kapteam.matching.match import match
from same_graphs import graphs_of
from strategies import Written, rosters

ON = date(2026, 12, 7)
ANY = ".*"
TOKEN = r"[\w.\-:·]+"  # xs:NMTOKEN
WHOLE, NUMBER = r"[+-]?\d+", r"[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d+)?|[+-]?INF|NaN"
TRUTH = "true|false|0|1"


@frozen
class Element:
    """What a schema says of one element: attributes by name (a ! is needed), and its children as a pattern."""

    attributes: dict[str, str]
    children: str = ""
    text: bool = False


GRAPHML = {
    "graphml": Element({}, "(key )*(graph |data )*"),
    "key": Element({
        "id!": TOKEN, "for": "all|graphml|graph|node|edge|hyperedge|port|endpoint", "attr.name": ANY,
        "attr.type": "boolean|int|long|float|double|string",
    }, "(desc )?(default )?"),
    "graph": Element({"id": TOKEN, "edgedefault!": "directed|undirected"}, "(data |node |edge )*"),
    "node": Element({"id!": TOKEN}, "(data )*"),
    "edge": Element({"id": TOKEN, "source!": TOKEN, "target!": TOKEN, "directed": TRUTH}, "(data )*"),
    "data": Element({"key!": TOKEN}, text=True),
}  # fmt: skip
GEXF = {
    "gexf": Element({"version!": r"1\.3", "variant": ANY}, "(meta )?graph "),
    "meta": Element({"lastmodifieddate": r"\d{4}-\d\d-\d\d"}, "((creator |keywords |description ))*"),
    "creator": Element({}, text=True),
    "description": Element({}, text=True),
    "graph": Element({
        "defaultedgetype": "directed|undirected|mutual", "idtype": "integer|string", "mode": "static|dynamic|slice",
    }, "(attributes )*nodes edges "),
    "attributes": Element({"class!": "node|edge", "mode": "static|dynamic"}, "(attribute )*"),
    "attribute": Element({
        "id!": ANY, "title!": ANY,
        "type!": "integer|long|double|float|boolean|bigdecimal|biginteger|byte|char|short|string|anyURI"
                 "|list(string|boolean|integer|long|float|double|byte|short|bigdecimal|biginteger|char)",
    }, "(default |options )*"),
    "nodes": Element({"count": r"\d+"}, "(node )*"),
    "node": Element({"id!": ANY, "label": ANY}, "(attvalues )?"),
    "edges": Element({"count": r"\d+"}, "(edge )*"),
    "edge": Element({
        "id": ANY, "source!": ANY, "target!": ANY, "type": "directed|undirected|mutual", "label": ANY,
        "weight": NUMBER, "kind": ANY,
    }, "(attvalues )?"),
    "attvalues": Element({}, "(attvalue )*"),
    "attvalue": Element({"for!": ANY, "value!": ANY}),
}  # fmt: skip
SPACES = {"graphml": "http://graphml.graphdrawing.org/xmlns", "gexf": "http://gexf.net/1.3"}
VALUES = {
    "boolean": TRUTH, "int": WHOLE, "integer": WHOLE, "long": WHOLE, "float": NUMBER, "double": NUMBER, "string": ANY,
}  # fmt: skip


def wrong(xml: ElementTree.Element, schema: dict[str, Element], space: str) -> Iterator[str]:
    """What of the elements is not as a schema says."""
    for element in xml.iter():
        name = element.tag.removeprefix(f"{{{space}}}")
        said = schema.get(name)
        if said is None:
            yield f"{name}: no such element"
            continue
        rules = {key.rstrip("!"): kind for key, kind in said.attributes.items()}
        for attribute, value in element.attrib.items():
            if attribute == "{http://www.w3.org/2001/XMLSchema-instance}schemaLocation":
                continue
            if attribute not in rules:
                yield f"{name}: no such attribute {attribute}"
            elif not re.fullmatch(rules[attribute], value, re.DOTALL):
                yield f"{name} {attribute}: {value!r} is no {rules[attribute]}"
        for needed in (key.rstrip("!") for key in said.attributes if key.endswith("!")):
            if needed not in element.attrib:
                yield f"{name}: needs {needed}"
        children = "".join(f"{child.tag.removeprefix(f'{{{space}}}')} " for child in element)
        if not re.fullmatch(said.children, children):
            yield f"{name}: holds {children[:40]!r}"
        if not said.text and (element.text or "").strip():
            yield f"{name}: holds text"


def twice(names: list[Any]) -> list[Any]:
    return [name for name, count in Counter(names).items() if count > 1]


def wrong_graphml(data: bytes) -> list[str]:
    """What GraphML's schema would tell: elements, names there twice, references to nothing, values of no type."""
    xml, space = ElementTree.fromstring(data), f"{{{SPACES['graphml']}}}"
    found = list(wrong(xml, GRAPHML, SPACES["graphml"]))
    keys = {key.get("id"): key for key in xml.iter(f"{space}key")}
    nodes = [node.get("id") for node in xml.iter(f"{space}node")]
    edges = [edge.get("id") for edge in xml.iter(f"{space}edge")]
    found += [f"key {id} twice" for id in twice([key.get("id") for key in xml.iter(f"{space}key")])]
    found += [
        f"name {name} of {owner} twice"
        for owner, name in twice([(k.get("for"), k.get("attr.name")) for k in keys.values()])
    ]
    found += [f"node {id} twice" for id in twice(nodes)]
    found += [f"edge {id} twice" for id in twice([id for id in edges if id is not None])]
    for edge in xml.iter(f"{space}edge"):
        found += [f"edge to nobody: {end}" for end in (edge.get("source"), edge.get("target")) if end not in nodes]
    for owner in ("graph", "node", "edge"):
        for element in xml.iter(f"{space}{owner}"):
            data_ = element.findall(f"{space}data")
            found += [f"{owner}: data {key} twice" for key in twice([one.get("key") for one in data_])]
            for one in data_:
                key = keys.get(one.get("key"))
                if key is None or key.get("for") not in (owner, "all"):
                    found.append(f"{owner}: no key {one.get('key')}")
                elif not re.fullmatch(VALUES.get(key.get("attr.type", "string"), ANY), one.text or "", re.DOTALL):
                    found.append(f"{owner} {key.get('attr.name')}: {one.text!r} is no {key.get('attr.type')}")
    return found


def wrong_gexf(data: bytes) -> list[str]:
    """The same of GEXF; parallel edges must have kinds of their own (1.3)."""
    xml, space = ElementTree.fromstring(data), f"{{{SPACES['gexf']}}}"
    found = list(wrong(xml, GEXF, SPACES["gexf"]))
    nodes = [node.get("id") for node in xml.iter(f"{space}node")]
    directed = xml.find(f"{space}graph").get("defaultedgetype") == "directed"  # type: ignore[union-attr]
    found += [f"node {id} twice" for id in twice(nodes)]
    found += [f"edge {id} twice" for id in twice([edge.get("id") for edge in xml.iter(f"{space}edge")])]
    ends = []
    for edge in xml.iter(f"{space}edge"):
        two = [edge.get("source"), edge.get("target")]
        found += [f"edge to nobody: {end}" for end in two if end not in nodes]
        ends.append((*(two if directed else sorted(map(str, two))), edge.get("kind")))
    found += [f"edge {two} twice" for two in twice(ends)]
    for owner in ("node", "edge"):
        declared = [
            attribute for group in xml.iter(f"{space}attributes") if group.get("class") == owner for attribute in group
        ]
        found += [f"attribute {id} of {owner} twice" for id in twice([a.get("id") for a in declared])]
        found += [f"title {title} of {owner} twice" for title in twice([a.get("title") for a in declared])]
        types = {a.get("id"): a.get("type", "") for a in declared}
        for element in xml.iter(f"{space}{owner}"):
            values = list(element.iter(f"{space}attvalue"))
            found += [f"{owner}: value {id} twice" for id in twice([one.get("for") for one in values])]
            for one in values:
                kind = types.get(one.get("for"))
                if kind is None:
                    found.append(f"{owner}: no attribute {one.get('for')}")
                elif not re.fullmatch(VALUES.get(kind, ANY), one.get("value", ""), re.DOTALL):
                    found.append(f"{owner}: {one.get('value')!r} is no {kind}")
    return found


def wrong_node_link(data: bytes) -> list[str]:
    """What NetworkX and D3 ask: nodes with an id that is there once, and edges between such."""
    document = json.loads(data)
    found = [f"no {name}" for name in ("directed", "multigraph", "graph", "nodes", "edges") if name not in document]
    ids = [node["id"] for node in document["nodes"]]
    found += [f"node {id} twice" for id in twice(ids)]
    for edge in document["edges"]:
        found += [f"edge to nobody: {end}" for end in (edge["source"], edge["target"]) if end not in ids]
    if document["multigraph"]:
        found += [
            f"edge {two} twice" for two in twice([(e["source"], e["target"], e["key"]) for e in document["edges"]])
        ]
    return found


CHECKS = {".graphml": wrong_graphml, ".gexf": wrong_gexf, ".json": wrong_node_link}


@pytest.fixture(scope="module")
def graphs() -> dict[str, nx.Graph[str]]:
    links = kapteam.links(kapteam.read(kapteam.demo.practice_folder()), on=ON).links
    return {**graphs_of(links, match(links)), "roster": kapteam.to_networkx(links.facts.roster)}


@pytest.mark.parametrize("ending", CHECKS)
def test_every_graph_of_the_practice_is_as_the_format_asks(
    graphs: dict[str, nx.Graph[str]], ending: str, tmp_path: Path
) -> None:
    assert len(graphs) == 7
    for kind, graph in graphs.items():
        path = tmp_path / f"{kind}{ending}"
        write_graph(graph, path)
        assert CHECKS[ending](path.read_bytes()) == [], kind


@given(rosters(people=(1, 4)))
@settings(max_examples=settings.default.max_examples // 4)
def test_every_graph_of_any_roster_is_as_the_formats_ask(
    tmp_path_factory: pytest.TempPathFactory, written: Written
) -> None:
    links = written.network().links
    path = tmp_path_factory.getbasetemp() / "any"
    for graph in graphs_of(links, match(links, unknown="allow")).values():
        for ending, check in CHECKS.items():
            write_graph(graph, path.with_suffix(ending))
            assert check(path.with_suffix(ending).read_bytes()) == []


def test_values_that_a_format_has_no_type_for_are_text(graphs: dict[str, nx.Graph[str]], tmp_path: Path) -> None:
    write_graph(graphs["links"], tmp_path / "a.graphml")
    write_graph(graphs["links"], tmp_path / "a.gexf")
    graphml = ElementTree.fromstring((tmp_path / "a.graphml").read_bytes())
    gexf = ElementTree.fromstring((tmp_path / "a.gexf").read_bytes())
    types = {(k.get("for"), k.get("attr.name")): k.get("attr.type") for k in graphml.iter() if k.tag.endswith("}key")}
    titles = {
        (group.get("class"), a.get("title")): a.get("type")
        for group in gexf.iter(f"{{{SPACES['gexf']}}}attributes")
        for a in group
    }
    for owner, name, kind in (
        ("node", "modalities", "string"), ("node", "prescribing", "string"), ("edge", "rules_fail", "string"),
        ("edge", "points", "long"), ("node", "hours_on_site", "double"), ("node", "capacity", "long"),
        ("edge", "teamed", "boolean"),
    ):  # fmt: skip
        assert types[owner, name] == kind
        assert titles[owner, name] == kind


def test_an_edge_of_gexf_has_its_site_as_kind(graphs: dict[str, nx.Graph[str]], tmp_path: Path) -> None:
    write_graph(graphs["links"], tmp_path / "a.gexf")
    xml = ElementTree.fromstring((tmp_path / "a.gexf").read_bytes())
    edges = {(e.get("source"), e.get("target"), e.get("kind")) for e in xml.iter(f"{{{SPACES['gexf']}}}edge")}
    assert edges == set(graphs["links"].edges(keys=True))  # type: ignore[call-overload]


@pytest.mark.parametrize(
    ("ending", "old", "new", "told"),
    [
        (".graphml", 'edgedefault="directed"', "", "graph: needs edgedefault"),
        (".graphml", 'id="d0" for="graph"', 'id="d1" for="graph"', "key d1 twice"),
        (
            ".graphml",
            'for="node" attr.name="capacity"',
            'for="edge" attr.name="capacity"',
            "name capacity of edge twice",
        ),
        (".graphml", 'attr.type="long"', 'attr.type="whole"', "key attr.type: 'whole' is no"),
        (".graphml", 'source="abara"', 'source="nobody"', "edge to nobody: nobody"),
        (".graphml", 'node id="abara"', 'node id="dr abara"', "node id: 'dr abara' is no"),
        (
            ".gexf",
            'mode="static">\n    <attributes',
            'mode="static" name="">\n    <attributes',
            "no such attribute name",
        ),
        (".gexf", 'kind="hudson"', "", "twice"),
        (".gexf", 'type="long"', 'type="whole"', "attribute type: 'whole' is no"),
        (".gexf", 'version="1.3"', 'version="1.2"', "gexf version: '1.2' is no"),
        (".gexf", "<nodes>", "<nodes><nobody />", "nobody: no such element"),
        (".json", '"id": "abara"', '"id": "bauer"', "node bauer twice"),
    ],
)
def test_the_rules_find_what_breaks_them(
    graphs: dict[str, nx.Graph[str]], ending: str, old: str, new: str, told: str, tmp_path: Path
) -> None:
    write_graph(graphs["plan" if old != 'kind="hudson"' else "links"], tmp_path / f"a{ending}")
    text = (tmp_path / f"a{ending}").read_text(encoding="utf-8")
    if old == 'kind="hudson"':  # of two links of the same two people the kind alone differs
        text = re.sub(' kind="[^"]*"', "", text)
    assert old in text or old == 'kind="hudson"'
    found = CHECKS[ending](text.replace(old, new, 1).encode())
    assert any(told in said for said in found), found[:3]


def test_networkx_alone_writes_gexf_that_its_schema_refuses(graphs: dict[str, nx.Graph[str]]) -> None:
    plain = nx.MultiDiGraph((u, v, key) for u, v, key in graphs["links"].edges(keys=True))  # type: ignore[call-overload]
    told = wrong_gexf("\n".join(nx.generate_gexf(plain, version="1.3")).encode())
    assert "graph: no such attribute name" in told
