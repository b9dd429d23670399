"""A graph with nothing in it that a file cannot hold, and the graph that it was."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, Any

from kapteam.graphs.schema import Owner, attributes
from kapteam.graphs.values import Unwritable, from_text, in_text, xml_safe
from kapteam.records.arrays import own
from kapteam.records.problems import UsageError

if TYPE_CHECKING:
    import networkx as nx

#: The attribute of a graph, in a file, that tells whether its edges may be parallel.
MULTIGRAPH = "multigraph"
#: Each edge as its two ends, its key (None in a graph without parallel edges) and its attributes.
Edge = tuple[str, str, Any, dict[str, Any]]


def checked_graph(graph: nx.Graph[Any]) -> dict[str, Any]:
    """What the graph says of itself; raises as :func:`checked_nodes` does."""
    return _named("the graph", graph.graph, ())


def checked_nodes(graph: nx.Graph[Any], reserved: Collection[str] = ()) -> Iterator[tuple[str, dict[str, Any]]]:
    """Each node with its attributes.

    Raises
    ------
    UsageError
        A node is no text, or an attribute has a name that the format uses itself.
    """
    for node, said in graph.nodes(data=True):
        if not isinstance(node, str) or not node or not xml_safe(node):
            raise UsageError(f"node {node!r}: expected a text, without control characters, that names the node")
        yield node, _named(f"node {node!r}", said, reserved)


def checked_edges(graph: Any, reserved: Collection[str] = ()) -> Iterator[Edge]:
    """Each edge; raises as :func:`checked_nodes` does."""
    if graph.is_multigraph():
        for u, v, key, said in graph.edges(keys=True, data=True):
            yield u, v, key, _named(f"edge {u!r} {v!r}", said, reserved)
    else:
        for u, v, said in graph.edges(data=True):
            yield u, v, None, _named(f"edge {u!r} {v!r}", said, reserved)


def _named(where: str, said: Mapping[Any, Any], reserved: Collection[str]) -> dict[str, Any]:
    for name in said:
        if not isinstance(name, str) or not name or not xml_safe(name):
            raise UsageError(f"{where}, attribute {name!r}: expected a text as its name")
        if name in reserved:
            raise UsageError(f"{where}, attribute {name!r}: this format uses the name itself; rename the attribute")
    return dict(said)


def held(where: str, name: str, value: Any, write: Callable[[Any], Any]) -> Any:
    """What ``write`` gives of a value.

    Raises
    ------
    UsageError
        No file can hold it; it says whose it is.
    """
    try:
        return write(value)
    except Unwritable as error:
        raise UsageError(f"{where}, attribute {name!r}: {error}") from None


class Columns:
    """The attributes of all nodes, or of all edges, each of one type: its values' own, or text where they differ.

    A None is left out where the graph's kind declares the attribute, and so puts it back.
    """

    def __init__(self, kind: Any, owner: Owner, rows: Iterable[Mapping[str, Any]]) -> None:
        self.declared = frozenset(a.name for a in attributes(kind, owner))
        found: dict[str, set[str]] = {}
        for row in rows:
            for name, value in row.items():
                if value is not None or name not in self.declared:
                    found.setdefault(name, set()).add(_type(value))
        self.types = {name: _common(types) for name, types in found.items()}

    def plain(self, where: str, row: Mapping[str, Any]) -> dict[str, Any]:
        """A row as the file holds it."""
        found: dict[str, Any] = {}
        for name, value in row.items():
            if value is None and name in self.declared:
                continue
            kind = self.types[name]
            found[name] = held(where, name, value, in_text) if kind is str else kind(own(value))
        return found


def whole(kind: Any, owner: Owner, row: Mapping[str, Any]) -> dict[str, Any]:
    """A row read from a file, with a None for what its kind declares and the file left out, in the schema's order."""
    read = {name: from_text(value) if isinstance(value, str) else value for name, value in row.items()}
    declared = {a.name: read.pop(a.name, None) for a in attributes(kind, owner)}
    return {**declared, **read}


def restored(about: dict[str, Any], read: Any, key_name: str | None = None) -> nx.Graph[str]:
    """The graph that was written, from what a reader of NetworkX's gave, which takes every graph for a multigraph.

    Parameters
    ----------
    about : dict
        What the graph says of itself.
    read : networkx.MultiGraph or MultiDiGraph
    key_name : str, optional
        The attribute that holds an edge's key, where it is not the edge's key itself.
    """
    kind = about.get("kind")
    parallel = bool(about.pop(MULTIGRAPH, len(set(read.edges())) < read.number_of_edges()))
    graph = empty(read.is_directed(), parallel)
    graph.graph.update(whole(kind, "graph", about))
    graph.add_nodes_from((node, whole(kind, "node", said)) for node, said in read.nodes(data=True))
    for u, v, id, said in read.edges(keys=True, data=True):
        key = said.pop(key_name, id) if key_name else id
        row = whole(kind, "edge", said)
        graph.add_edges_from([(u, v, from_text(str(key)), row) if parallel else (u, v, row)])
    found: nx.Graph[str] = graph
    return found


def empty(directed: bool, parallel: bool) -> Any:
    """A graph of NetworkX without nodes, of one of its four classes."""
    import networkx as nx

    if parallel:
        return nx.MultiDiGraph() if directed else nx.MultiGraph()
    return nx.DiGraph() if directed else nx.Graph()


_WIDE, _EXACT = 2**63, 2**53  # what files call a whole number, and what a float holds exactly


def _type(value: Any) -> str:
    """The type that a file has for a value; text where it has none of its own."""
    match own(value):
        case bool():
            return "yes or no"
        case int() as number:
            return "whole number" if abs(number) <= _EXACT else "long number" if abs(number) < _WIDE else "text"
        case float():
            return "number"
    return "text"


def _common(types: set[str]) -> type:
    """The type of an attribute whose values are of these."""
    if types == {"yes or no"}:
        return bool
    if types <= {"whole number", "long number"}:
        return int
    return float if types <= {"whole number", "number"} else str
