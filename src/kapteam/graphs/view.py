"""A network, or a plan of it, as one of the graphs of NetworkX."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from kapteam.graphs.consultation import consultation_edges
from kapteam.graphs.links import link_edges
from kapteam.graphs.people import nodes
from kapteam.graphs.projections import shared_edges
from kapteam.graphs.schema import KINDS
from kapteam.graphs.ties import tie_edges
from kapteam.matching.match import Plan
from kapteam.network.links import Links
from kapteam.records.problems import UsageError, nearest

if TYPE_CHECKING:
    import networkx as nx

_ROLES = {"prescribers": "prescriber", "therapists": "therapist"}


def to_networkx(
    links: Links, kind: str = "links", *, unknown: str = "exclude", plan: Plan | None = None
) -> nx.Graph[str]:
    """One of the graphs of a network; its nodes are the ids of people, and docs/graphs.md lists every attribute.

    Parameters
    ----------
    links : Links
    kind : {"links", "prescribers", "therapists", "consultation", "ties", "plan"}
        Which graph; ``plan`` needs one.
    unknown : {"exclude", "allow"}
        Whether a link on which a needed fact is unknown may be used: what the projections and ``capacity`` look at.
        Of a plan, what it was made with.
    plan : Plan, optional
        With it, nodes and links say whether it has them in a team.

    Returns
    -------
    networkx.MultiDiGraph, Graph, DiGraph or MultiGraph
        As :data:`kapteam.graphs.schema.KINDS` says.

    Raises
    ------
    UsageError
        There is no such graph, an option has no such value, or there is no plan.

    Examples
    --------
    >>> import kapteam, datetime
    >>> from kapteam.graphs.view import to_networkx
    >>> graph = to_networkx(kapteam.links(kapteam.example(), on=datetime.date(2026, 12, 7)).links)
    >>> graph.edges["ines", "ana", "hudson"]["verdict"]
    'pass'
    """
    import networkx as nx  # slow to load, and only graphs need it

    if kind not in KINDS:
        close = nearest(str(kind), KINDS)
        raise UsageError(
            f"kind is one of {', '.join(KINDS)}; not {kind!r}" + (f"; did you mean {close[0]!r}?" if close else "")
        )
    if unknown not in ("exclude", "allow"):
        raise UsageError(f"unknown is one of exclude, allow; not {unknown!r}")
    if kind == "plan" and plan is None:
        raise UsageError("this graph is of a plan: make one first, with match()")
    may = unknown if plan is None else plan.unknown
    graph: Any = getattr(nx, KINDS[kind].graph)(
        kind=kind, on=links.facts.day, protocol=links.facts.protocol_name, unknown=may
    )
    people = nodes(links, plan)
    if kind in _ROLES:
        people = [(id, said) for id, said in people if _ROLES[kind] in said["roles"]]
    graph.add_nodes_from(people)
    match kind:
        case "prescribers" | "therapists":
            graph.add_edges_from(shared_edges(links, _ROLES[kind], may))
        case "consultation":
            graph.add_edges_from(consultation_edges(links))
        case "ties":
            graph.add_edges_from(tie_edges(links.facts))
        case _:
            rows = np.arange(len(links)) if kind == "links" or plan is None else plan.rows
            graph.add_edges_from(link_edges(links, may, plan, rows))
    found: nx.Graph[str] = graph
    return found
