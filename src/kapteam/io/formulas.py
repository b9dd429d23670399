"""Cells of a CSV file that a spreadsheet would take for formulas: written so that they do nothing, and read back."""

from __future__ import annotations

import re

_BEGINS = re.compile(r"'*[=+\-@\t\r]")
_MARKED = re.compile(r"'+[=+\-@\t\r]")
_NUMBER = re.compile(r"[+-]?[0-9]+(\.[0-9]+)?\Z")


def inert(text: str) -> str:
    """A cell as it is written: an apostrophe before what begins like a formula and is no number, as people type it."""
    return f"'{text}" if _BEGINS.match(text) and not _NUMBER.match(text) else text


def meant(text: str) -> str:
    """A cell as it is read: without that apostrophe."""
    return text[1:] if _MARKED.match(text) else text
