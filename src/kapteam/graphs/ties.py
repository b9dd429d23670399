"""The roster's ties as edges, keyed by their kind."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from kapteam.columns.facts import Facts


def tie_edges(facts: Facts) -> Iterator[tuple[str, str, str, dict[str, Any]]]:
    """An edge for each two people and kind of tie, sorted; of several the strongest."""
    strongest: dict[tuple[str, str, str], float] = {}
    for tie in facts.roster.ties:
        a, b = sorted((tie.a, tie.b))
        strongest[a, b, tie.kind] = max(float(tie.weight), strongest.get((a, b, tie.kind), 0.0))
    for (a, b, kind), weight in sorted(strongest.items()):
        yield a, b, kind, {"kind": kind, "weight": weight}
