"""Documents in a few signs: the same on every machine, and another one as soon as anything in them is another."""

from __future__ import annotations

import json
from collections.abc import Mapping
from hashlib import sha256
from typing import Any

#: The tables whose rows have a meaning by their place: a session names the row of demand that it serves.
ORDERED = frozenset({"demand"})


def canonical(document: Any) -> bytes:
    """A JSON document in its one writing: keys sorted, no blanks, UTF-8.

    Examples
    --------
    >>> canonical({"b": [1, 0.5], "a": "é"})
    b'{"a":"\\xc3\\xa9","b":[1,0.5]}'
    """
    text = json.dumps(document, ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False)
    return text.encode()


def fingerprint(document: Any) -> str:
    """The SHA-256 of a JSON document in its one writing, as 64 hexadecimal digits."""
    return sha256(canonical(document)).hexdigest()


def roster_fingerprint(document: Mapping[str, Any]) -> str:
    """The fingerprint of a roster's JSON document, whatever the order of its rows.

    Parameters
    ----------
    document : mapping
        Tables as lists of objects, and ``practice``.

    Notes
    -----
    Rows are sorted by their writing, but for those of ``demand``, whose places answers name. Lists within a cell keep
    their order, as records do when they are compared. Equal rosters have equal fingerprints.

    Examples
    --------
    >>> ana, ben = {"practitioner": "ana"}, {"practitioner": "ben"}
    >>> roster_fingerprint({"practitioners": [ana, ben]}) == roster_fingerprint({"practitioners": [ben, ana]})
    True
    """
    return fingerprint(
        {
            name: sorted(rows, key=canonical) if isinstance(rows, list) and name not in ORDERED else rows
            for name, rows in document.items()
        }
    )
