"""GEXF, which Gephi opens: NetworkX's own, without the day on which it was written, and as its schema has it."""

from __future__ import annotations

import io
import json
from typing import TYPE_CHECKING, Any
from xml.etree import ElementTree

from kapteam.graphs.plain import MULTIGRAPH, Columns, checked_edges, checked_graph, checked_nodes, held, restored
from kapteam.graphs.schema import attributes
from kapteam.graphs.values import from_json, in_json, in_text
from kapteam.records.problems import UsageError

if TYPE_CHECKING:
    import networkx as nx

_NODES = ("id", "key", "networkx_key", "pid", "start", "end", "spells", "slices", "parents", "viz")
_EDGES = (*_NODES, "type", "label")
_LABEL = "label"
# What NetworkX's reader meets in a file that is none.
_BROKEN = (ValueError, KeyError, TypeError, AttributeError, RuntimeError)
_VERSION = "1.3"
_SPACE = "http://gexf.net/1.3"
_XSI = "http://www.w3.org/2001/XMLSchema-instance"


def write_gexf(graph: nx.Graph[Any]) -> bytes:
    """A graph as GEXF 1.3; what the graph says of itself stands in the file's description, as JSON.

    The format has a name of its own for each node, its label, for an edge's weight, a number, and for its kind, by
    which it tells parallel edges apart: their key.
    """
    import networkx as nx

    kind = graph.graph.get("kind")
    nodes, edges = list(checked_nodes(graph, _NODES)), list(checked_edges(graph, _EDGES))
    plain: Any = type(graph)()
    columns = Columns(kind, "node", (said for _, said in nodes))
    for node, said in nodes:
        row = columns.plain(f"node {node!r}", said)
        if row.get(_LABEL) == node and _LABEL not in columns.declared:
            row[_LABEL] = json.dumps(node, ensure_ascii=False)  # or it would be taken for none
        plain.add_nodes_from([(node, row)])
    columns = Columns(kind, "edge", (said for *_, said in edges))
    if columns.types.get("weight", float) not in (int, float):
        raise UsageError("attribute 'weight' of edges: GEXF uses the name itself, for numbers; rename the attribute")
    for u, v, key, said in edges:
        row = columns.plain(f"edge {u!r} {v!r}", said)
        plain.add_edges_from([(u, v, in_text(key), row) if graph.is_multigraph() else (u, v, row)])
    about = {name: held("the graph", name, value, in_json) for name, value in checked_graph(graph).items()}
    text = json.dumps({**about, MULTIGRAPH: graph.is_multigraph()})
    return _settled("\n".join(nx.generate_gexf(plain, version=_VERSION)), text)


def read_gexf(data: bytes) -> nx.Graph[str]:
    """The graph that a GEXF file holds."""
    import networkx as nx
    from networkx.readwrite.gexf import GEXFReader

    try:
        xml = ElementTree.fromstring(data)
        reader = GEXFReader(node_type=str)
        reader.simple_graph = False  # or it drops the keys where no two edges are parallel
        read = reader(io.BytesIO(data))
        about = from_json(json.loads(xml.findtext("{*}meta/{*}description") or "{}"))
    except (nx.NetworkXError, ElementTree.ParseError, *_BROKEN) as error:
        raise UsageError(f"expected a graph as GEXF: {error}") from None
    about = about if isinstance(about, dict) else {}
    if all(a.name != _LABEL for a in attributes(about.get("kind"), "node")):
        for node, said in read.nodes(data=True):
            if said[_LABEL] == node:
                del said[_LABEL]  # there is no node without one
    for *_, said in read.edges(data=True):
        said.pop("id", None)  # the edge's number
    return restored(about, read)


def _settled(gexf: str, about: str) -> bytes:
    """The same document without a date, with what the graph says of itself and with what the format asks for."""
    ElementTree.register_namespace("", _SPACE)
    xml = ElementTree.fromstring(gexf)
    xml.attrib.clear()  # NetworkX writes the name of XML Schema's namespace wrongly
    xml.set("version", _VERSION)
    xml.set(f"{{{_XSI}}}schemaLocation", f"{_SPACE} {_SPACE}/gexf.xsd")
    if (graph := xml.find(f"{{{_SPACE}}}graph")) is not None:
        graph.attrib.pop("name", None)  # the schema knows no such attribute
        _tell_apart(graph)
    meta = xml.find(f"{{{_SPACE}}}meta")
    if meta is not None:
        meta.clear()
        ElementTree.SubElement(meta, f"{{{_SPACE}}}creator").text = "kapteam"
        description = ElementTree.SubElement(meta, f"{{{_SPACE}}}description")
        description.text = about
        ElementTree.indent(meta, level=1)
        meta.tail = "\n  "
    written: bytes = ElementTree.tostring(xml, encoding="utf-8", xml_declaration=True)
    return written + b"\n"


def _tell_apart(graph: ElementTree.Element) -> None:
    """Give parallel edges their key as kind, without which a reader takes two of them for one."""
    keys = [a.get("id") for a in graph.iter(f"{{{_SPACE}}}attribute") if a.get("title") == "networkx_key"]
    for edge in graph.iter(f"{{{_SPACE}}}edge"):
        for value in edge.iter(f"{{{_SPACE}}}attvalue"):
            if value.get("for") in keys:
                edge.set("kind", value.get("value", ""))
