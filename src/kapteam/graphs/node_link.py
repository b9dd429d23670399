"""Node-link JSON: NetworkX's own form, which D3 and many others read."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from kapteam.graphs.plain import checked_edges, checked_graph, checked_nodes, held
from kapteam.graphs.values import escaped, from_json, in_json
from kapteam.records.problems import UsageError

if TYPE_CHECKING:
    import networkx as nx


def write_node_link(graph: nx.Graph[Any]) -> bytes:
    """A graph as one JSON object with ``directed``, ``multigraph``, ``graph``, ``nodes`` and ``edges``."""
    import networkx as nx

    plain: Any = type(graph)()
    plain.graph.update(_row("the graph", checked_graph(graph)))
    for node, said in checked_nodes(graph, ("id",)):
        plain.add_node(node)
        plain.nodes[node].update(_row(f"node {node!r}", said))
    for u, v, key, said in checked_edges(graph, ("source", "target", "key")):
        row = _row(f"edge {u!r} {v!r}", said)
        plain.add_edges_from([(u, v, in_json(key), row) if graph.is_multigraph() else (u, v, row)])
    text = json.dumps(nx.node_link_data(plain, edges="edges"), ensure_ascii=False, indent=1)
    return f"{escaped(text)}\n".encode()


def read_node_link(data: bytes) -> nx.Graph[str]:
    """The graph that a node-link document holds; its edges may be called ``links``, as older ones are."""
    import networkx as nx

    try:
        document = json.loads(data)
        read: Any = nx.node_link_graph(document, edges="edges" if "edges" in document else "links")
        graph: nx.Graph[str] = type(read)()
        graph.graph.update(from_json(read.graph))
        graph.add_nodes_from((str(node), from_json(said)) for node, said in read.nodes(data=True))
        for u, v, *key, said in read.edges(keys=True, data=True) if read.is_multigraph() else read.edges(data=True):
            graph.add_edges_from([(str(u), str(v), *from_json(key), from_json(said))])
        return graph
    except (nx.NetworkXError, ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        said = f"there is no {error}" if isinstance(error, KeyError) else str(error)
        raise UsageError(f"expected a graph as node-link JSON, with nodes and edges: {said}") from None


def _row(where: str, said: dict[str, Any]) -> dict[str, Any]:
    return {name: held(where, name, value, in_json) for name, value in said.items()}
