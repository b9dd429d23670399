"""What findings rest on, each source once and numbered: its name, where it can be read, and how sure it is."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

from attrs import frozen

from kapteam.rules.case import LOW

_ADDRESS = re.compile(r"https?://[^\s<>\"]+")
_LONGEST = 72  # characters of a name that stands beside a finding


@frozen
class Part:
    """A piece of a citation: words, and the address that they stand for."""

    words: str
    address: str = ""


@frozen
class Source:
    """One citation.

    Attributes
    ----------
    number : int
        From 1, in the order in which a report first cites them.
    name : str
        Short, to stand beside a finding.
    parts : tuple of Part
        All of it.
    low : bool
        Whether it was read in a secondary source only.
    """

    number: int
    name: str
    parts: tuple[Part, ...]
    low: bool


def numbered(citations: Iterable[str]) -> Mapping[str, Source]:
    """Each citation once, by its text, in the order of their first appearance."""
    return {text: _source(number, text) for number, text in enumerate(dict.fromkeys(citations), start=1)}


def _source(number: int, text: str) -> Source:
    parts = tuple(_parts(text))
    return Source(number, _short(parts[0].words), parts, text.endswith(LOW))


def _parts(text: str) -> list[Part]:
    """The titles before their addresses, then what is left: the day it was read and how sure that makes us."""
    found, at = [], 0
    for address in _ADDRESS.finditer(text):
        words = text[at : address.start()].strip(" ;")
        found.append(Part(words or address.group(), address.group()))
        at = address.end()
    rest = text[at:].strip(" ;")
    return [*found, Part(rest)] if rest or not found else found


def _short(name: str) -> str:
    if len(name) <= _LONGEST:
        return name
    cut = name[: _LONGEST - 1]
    return (cut.rpartition(" ")[0] or cut).rstrip(" ,;:(") + "…"
