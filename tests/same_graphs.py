"""Whether two graphs are one: their class, what they say of themselves, their nodes, edges and keys."""

from __future__ import annotations

from typing import Any

import networkx as nx

from kapteam.graphs.view import to_networkx
from kapteam.network.links import Links


def everything(graph: nx.Graph[Any]) -> tuple[Any, ...]:
    """All of a graph in a form that can be compared; of an edge without a direction the two ends in one order."""
    many, directed = graph.is_multigraph(), graph.is_directed()
    listed = list(graph.edges(keys=True, data=True) if many else graph.edges(data=True))  # type: ignore[call-overload]
    edges = {}
    for u, v, *key, said in listed:
        edges[(*((u, v) if directed else sorted((u, v))), *key)] = exact(said)
    assert len(edges) == len(listed)
    return type(graph), exact(graph.graph), {node: exact(said) for node, said in graph.nodes(data=True)}, edges


def exact(value: Any) -> Any:
    """A value that equals another only of the same type; a whole number equals a float that is as much."""
    if isinstance(value, dict):
        return {key: exact(item) for key, item in value.items()}
    if isinstance(value, list):
        return [exact(item) for item in value]
    return (type(value) if not isinstance(value, int | float) or isinstance(value, bool) else float, value)


def graphs_of(links: Links, plan: Any = None) -> dict[str, nx.Graph[str]]:
    """Every kind of graph of a network, that of the plan where there is one."""
    kinds = ("links", "prescribers", "therapists", "consultation", "ties")
    found = {kind: to_networkx(links, kind, plan=plan) for kind in kinds}
    return found if plan is None else {**found, "plan": to_networkx(links, "plan", plan=plan)}
