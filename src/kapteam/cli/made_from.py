"""``--provenance``: what an answer was made from, the same as the Python face says of the same question."""

from __future__ import annotations

from typing import Any

from kapteam.api.provenance import Asked, Provenance
from kapteam.network.links import Links


def made_from(wanted: bool, links: Links, question: str, **options: Any) -> Provenance | None:
    """What the answer to a question about links was made from, where it is wanted; options by their names in Python."""
    return Asked.of(links, question, options).provenance() if wanted else None
