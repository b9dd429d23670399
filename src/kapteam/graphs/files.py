"""A graph as a file, by its ending, and back: GraphML, GEXF, node-link JSON, an edge list."""

from __future__ import annotations

import os
from collections.abc import Callable
from os import PathLike, fspath
from pathlib import Path
from typing import TYPE_CHECKING, Any

from attrs import frozen

from kapteam.graphs.edge_list import read_edge_list, write_edge_list
from kapteam.graphs.gexf import read_gexf, write_gexf
from kapteam.graphs.graphml import read_graphml, write_graphml
from kapteam.graphs.node_link import read_node_link, write_node_link
from kapteam.records.problems import UsageError

if TYPE_CHECKING:
    import networkx as nx


@frozen
class Format:
    """One kind of file: how a graph becomes its bytes, and how they are read."""

    write: Callable[[nx.Graph[str]], bytes]
    read: Callable[[bytes], nx.Graph[str]]


#: By the ending of the file's name.
FORMATS: dict[str, Format] = {
    ".graphml": Format(write_graphml, read_graphml),
    ".gexf": Format(write_gexf, read_gexf),
    ".json": Format(write_node_link, read_node_link),
    ".tsv": Format(lambda graph: write_edge_list(graph, "\t"), lambda data: read_edge_list(data, "\t")),
    ".csv": Format(lambda graph: write_edge_list(graph, ","), lambda data: read_edge_list(data, ",")),
}


def write_graph(graph: nx.Graph[Any], path: str | PathLike[str]) -> None:
    """Write a graph whose nodes are text; :func:`read_graph` reads it back equal.

    The ending decides: ``.graphml``, ``.gexf``, ``.json`` (node-link), or ``.tsv`` and ``.csv`` for an edge list,
    which holds edges with their attributes, and people without any, but nothing else. The same graph gives the same
    bytes. The file is there whole or not at all.

    Raises
    ------
    UsageError
        The ending is none of these, the file cannot be written, or the graph holds what no such file can.

    Notes
    -----
    docs/graphs.md says how lists, dates and unknowns stand in each.
    """
    where = Path(fspath(path))
    data = _format(where).write(graph)
    beside = where.with_name(f".{where.name}.{os.getpid()}")
    try:
        try:
            beside.write_bytes(data)
            beside.replace(where)
        finally:
            beside.unlink(missing_ok=True)
    except OSError as error:
        raise UsageError(f"cannot write {str(where)!r}: {error.strerror}") from None


def read_graph(path: str | PathLike[str]) -> nx.Graph[str]:
    """Read a graph that :func:`write_graph` wrote, or another tool in one of these formats.

    Raises
    ------
    UsageError
        There is no such file, the ending is of none of the formats, or it holds no such graph.
    """
    where = Path(fspath(path))
    read = _format(where).read
    try:
        data = where.read_bytes()
    except OSError as error:
        raise UsageError(f"cannot read {str(where)!r}: {error.strerror}") from None
    try:
        return read(data)
    except UsageError as error:
        raise UsageError(f"{str(where)!r}: {error}") from None


def _format(path: Path) -> Format:
    ending = path.suffix.casefold()
    if ending not in FORMATS:
        raise UsageError(f"{str(path)!r}: expected a file that ends in one of {' '.join(FORMATS)}")
    return FORMATS[ending]
