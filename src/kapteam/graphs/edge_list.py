"""An edge list: a row an edge, its ends first, then its key and its attributes."""

from __future__ import annotations

import csv
import io
from typing import TYPE_CHECKING, Any

from kapteam.graphs.plain import checked_edges, checked_nodes, empty, held
from kapteam.graphs.values import from_text, in_text
from kapteam.records.problems import UsageError

if TYPE_CHECKING:
    import networkx as nx

#: The first two columns: of edges that have a direction, and of edges either way round.
DIRECTED, EITHER_WAY = ("source", "target"), ("a", "b")
_KEY = "key"
_RESERVED = (*DIRECTED, *EITHER_WAY, _KEY)


def write_edge_list(graph: nx.Graph[Any], separator: str) -> bytes:
    """A row for each edge, and for each node without any a row that has no second end.

    What the graph and its nodes say is not in it. A blank is a None.
    """
    ends = DIRECTED if graph.is_directed() else EITHER_WAY
    edges = list(checked_edges(graph, _RESERVED))
    names = list(dict.fromkeys(name for *_, said in edges for name in said))
    keyed = [_KEY] if graph.is_multigraph() else []
    out = io.StringIO()
    writer = csv.writer(out, delimiter=separator, lineterminator="\n")
    writer.writerow([*ends, *keyed, *names])
    touched = set()
    for u, v, key, said in edges:
        touched |= {u, v}
        where = f"edge {u!r} {v!r}"
        cells = ["" if said.get(n) is None else held(where, n, said[n], in_text) for n in names]
        writer.writerow([u, v, *(in_text(key) for _ in keyed), *cells])
    blanks = ["" for _ in (*ends[1:], *keyed, *names)]
    writer.writerows([node, *blanks] for node, _ in checked_nodes(graph) if node not in touched)
    return out.getvalue().encode()


def read_edge_list(data: bytes, separator: str) -> nx.Graph[str]:
    """The graph of an edge list: ``source`` and ``target`` give it directions, ``key`` parallel edges."""
    try:
        rows = list(csv.reader(io.StringIO(data.decode("utf-8-sig"), newline=""), delimiter=separator, strict=True))
    except (UnicodeDecodeError, csv.Error) as error:
        raise UsageError(f"expected an edge list: {error}") from None
    header = rows[0] if rows else []
    if tuple(header[:2]) not in (DIRECTED, EITHER_WAY):
        raise UsageError("expected an edge list whose first two columns are source and target, or a and b")
    directed, keyed = tuple(header[:2]) == DIRECTED, header[2:3] == [_KEY]
    graph = empty(directed, keyed)
    names = header[3:] if keyed else header[2:]
    for number, row in enumerate(rows[1:], start=2):
        if not row:
            continue
        if len(row) != len(header) or not row[0]:
            raise UsageError(f"row {number}: expected {len(header)} cells, the first a node, not {len(row)}")
        u, v, *rest = row
        key = from_text(rest.pop(0)) if keyed else None
        if not v:
            graph.add_node(u)
            continue
        said = {name: from_text(cell) if cell else None for name, cell in zip(names, rest, strict=True)}
        graph.add_edges_from([(u, v, key, said) if keyed else (u, v, said)])
    found: nx.Graph[str] = graph
    return found
