"""Random graphs of two sides with the same degrees, by global trades of the curveball algorithm."""

from __future__ import annotations

import numpy as np

from kapteam.columns.lookup import Index, both

#: Global trades from the given graph to a random one: ten trades for each node of the side that trades.
TRADES = 20

_LOTS = 1 << 31  # as many as a second code may be


def same_degrees(left: Index, right: Index, rng: np.random.Generator, trades: int = TRADES) -> Index:
    """The other ends of some edges, drawn anew: a random simple bipartite graph in which all degrees are as before.

    Parameters
    ----------
    left, right : array of int, shape (edges,)
        The ends of each edge; no edge twice.
    rng : numpy.random.Generator
    trades : int
        Global trades.

    Returns
    -------
    array of int, shape (edges,)
        The new right ends, beside the same left ends.

    Notes
    -----
    In a trade two left nodes put what only one of them has into one pot and draw from it as many as each had
    (Strona et al. 2014). In a global trade all left nodes are paired at random and every pair trades (Carstens,
    Berger and Strona 2016); here all pairs at once, by one sort. Every graph of these degrees can be reached, and a
    trade leads back as likely as there, so the chain tends to the uniform distribution over them (Carstens 2015). No
    practical bound on its mixing time is proven; trades of five times the rows are customary, and experiments ask for
    ten times (Neal 2023): so many are 20 global trades, which is also what NetworKit does. Right nodes of the same
    degree change places at first, as do left ones: that alone brings the chain nearer (Berger and Carstens 2018).
    """
    if not len(left):
        return right.copy()
    lefts, a = np.unique(left, return_inverse=True)
    rights, b = np.unique(right, return_inverse=True)
    own, nodes = a, len(lefts)
    a, b = _renamed(a, rng)[a], _renamed(b, rng)[b]
    for _ in range(trades if nodes > 1 else 0):
        b = _global_trade(a, b, nodes, rng)
    # Degrees are as before: so edges of the same left node stand at the same places once both are sorted.
    new = np.empty(len(left), np.int64)
    new[np.argsort(own, kind="stable")] = rights[b[np.lexsort((b, a))]]
    return new


def _renamed(node: Index, rng: np.random.Generator) -> Index:
    """New names of nodes: those of one degree change places among themselves."""
    degree = np.bincount(node)
    by_degree = np.argsort(degree, kind="stable")
    shuffled = np.lexsort((rng.random(len(degree)), degree))
    name = np.empty(len(degree), np.int64)
    name[by_degree] = shuffled
    return name


def _global_trade(a: Index, b: Index, nodes: int, rng: np.random.Generator) -> Index:
    """The right ends after every left node traded with one other; of an odd number one stays as it is."""
    couple = np.empty(nodes, np.int64)
    couple[rng.permutation(nodes)] = np.arange(nodes) // 2
    of = couple[a]
    keys = both(of, b)
    order = np.argsort(keys)  # only those that stay can be equal
    same = keys[order][1:] == keys[order][:-1]
    twin = np.zeros(len(keys), bool)
    twin[1:] |= same
    twin[:-1] |= same  # both of a couple have it: it stays with both
    pot = order[~twin]  # couple by couple
    mixed = pot[np.argsort(both(of[pot], rng.integers(_LOTS, size=len(pot))), kind="stable")]
    b = b.copy()
    b[pot] = b[mixed]
    return b
