"""GraphML, which igraph, rustworkx, Gephi, yEd and Cytoscape open: NetworkX's own, with what it leaves open settled."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING, Any
from xml.etree.ElementTree import ParseError

from kapteam.graphs.plain import MULTIGRAPH, Columns, checked_edges, checked_graph, checked_nodes, empty, restored
from kapteam.graphs.values import in_text
from kapteam.records.problems import UsageError

if TYPE_CHECKING:
    import networkx as nx

#: The attribute of an edge that holds its key.
KEY = "key"
_RESERVED = ("id", KEY)


def write_graphml(graph: nx.Graph[Any]) -> bytes:
    """A graph as GraphML.

    Edges of a multigraph have ids of their own, for other tools take two edges of one id for one; the key stands
    beside, as an attribute.
    """
    import networkx as nx

    kind = graph.graph.get("kind")
    nodes, edges = list(checked_nodes(graph, _RESERVED)), list(checked_edges(graph, _RESERVED))
    plain = empty(graph.is_directed(), parallel=True)
    about = {**checked_graph(graph), MULTIGRAPH: graph.is_multigraph()}
    plain.graph.update(Columns(kind, "graph", [about]).plain("the graph", about))
    columns = Columns(kind, "node", (said for _, said in nodes))
    plain.add_nodes_from((node, columns.plain(f"node {node!r}", said)) for node, said in nodes)
    columns = Columns(kind, "edge", (said for *_, said in edges))
    for number, (u, v, key, said) in enumerate(edges):
        row = columns.plain(f"edge {u!r} {v!r}", said)
        if graph.is_multigraph():
            row[KEY] = in_text(key)
        plain.add_edges_from([(u, v, f"e{number}", row)])
    writer = nx.GraphMLWriter(prettyprint=True)
    writer.add_graph_element(plain)
    _lower(writer.xml)
    out = io.BytesIO()
    writer.dump(out)
    return out.getvalue() + b"\n"


def read_graphml(data: bytes) -> nx.Graph[str]:
    """The graph that a GraphML file holds."""
    import networkx as nx

    try:
        # As a multigraph, or an edge's id would become an attribute of it.
        found = list(nx.GraphMLReader(edge_key_type=str, force_multigraph=True)(string=data))
    except (nx.NetworkXError, ParseError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise UsageError(f"expected a graph as GraphML: {error}") from None
    if len(found) != 1:
        raise UsageError(f"expected one graph as GraphML, not {len(found)}")
    (read,) = found
    about = {k: v for k, v in read.graph.items() if k not in ("node_default", "edge_default")}
    return restored(about, read, KEY)


def _lower(xml: Any) -> None:
    """Write yes and no as GraphML does: NetworkX writes them as Python does, which not every tool reads."""
    keys = {key.get("id") for key in xml.iter("key") if key.get("attr.type") == "boolean"}
    for element in xml.iter("data"):
        if element.get("key") in keys:
            element.text = element.text.lower()
