"""The connected parts of a network: what happens in one has no bearing on another."""

from __future__ import annotations

import numpy as np

from kapteam.columns.lookup import Index


def parts(nodes: int, a: Index, b: Index) -> Index:
    """The part of each node of an undirected graph, named by its least node.

    Parameters
    ----------
    nodes : int
    a, b : array of int, shape (edges,)
        The ends of each edge.

    Notes
    -----
    Labels sink to the least neighbour and jump to their label's label (Shiloach and Vishkin 1982): a logarithmic
    number of rounds, each linear in nodes and edges.
    """
    label = np.arange(nodes)
    while True:
        least = np.minimum(label[a], label[b])
        lower = label.copy()
        # Hook the roots of both ends, so that a whole tree sinks at once.
        np.minimum.at(lower, label[a], least)
        np.minimum.at(lower, label[b], least)
        while not np.array_equal(lower, lower[lower]):
            lower = lower[lower]
        if np.array_equal(lower, label):
            return label
        label = lower
