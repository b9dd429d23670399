"""Names that the format does not have, of columns, sheets and files: the one meant, or how to keep a note."""

from __future__ import annotations

from collections.abc import Iterable

from kapteam.io.raw import NOTE
from kapteam.records.problems import nearest

_NOTES = ("note", "notes", "comment", "comments", "remark", "remarks")
# Below it, what is offered is another word and not the same one mistyped: notes is no ties.
_CLOSE = 0.7


def unknown(what: str, name: str, known: Iterable[str]) -> tuple[str, tuple[str, ...]]:
    """That there is no such ``what``, and the names that may have been meant."""
    close = () if name.casefold() in _NOTES else nearest(name, known, cutoff=_CLOSE)
    said = f"there is no such {what}"
    return said if close else f"{said}; a name that begins with {NOTE} is your own note, and is not read", close
