"""A picture read back from its SVG: what is where, found by an XML parser and not by what wrote it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import combinations
from xml.etree import ElementTree

from attrs import frozen

from kapteam.draw.marks import Box, Group, Mark, every
from kapteam.draw.picture import Picture

SVG = "{http://www.w3.org/2000/svg}"
_NUMBER = r"-?\d+(?:\.\d+)?"


@frozen
class Drawn:
    """An SVG, parsed."""

    root: ElementTree.Element

    @classmethod
    def of(cls, picture: Picture, *, standalone: bool = False) -> Drawn:
        return cls(ElementTree.fromstring(picture.svg(standalone)))

    def named(self, name: str, *classes: str) -> Iterator[ElementTree.Element]:
        """Every element of this name that has all of these classes."""
        for element in self.root.iter(f"{SVG}{name}"):
            if set(classes) <= set(element.get("class", "").split()):
                yield element

    def words(self) -> list[str]:
        """Every line of text."""
        return ["".join(text.itertext()) for text in self.named("text")]


def ends(path: ElementTree.Element) -> tuple[tuple[float, float], tuple[float, float]]:
    """Where a line begins and ends."""
    way = path.get("d", "")
    begin = re.match(rf"M({_NUMBER}) ({_NUMBER})", way)
    assert begin
    x, y = map(float, begin.groups())
    if level := re.search(rf"H({_NUMBER})$", way):
        return (x, y), (float(level[1]), y)
    end = re.search(rf"({_NUMBER}) ({_NUMBER})$", way)
    assert end
    return (x, y), (float(end[1]), float(end[2]))


def title(element: ElementTree.Element) -> str:
    """What is said where it is pointed at; it stands first, or no browser shows it."""
    assert element[0].tag == f"{SVG}title"
    return element[0].text or ""


def overlapping(picture: Picture) -> list[tuple[str, str]]:
    """Texts whose boxes meet."""
    texts = sorted(picture.layout.texts, key=lambda text: text.box.top)
    return [(a.words, b.words) for a, b in combinations(texts, 2) if a.box.meets(b.box)]


def outside(picture: Picture) -> list[Mark]:
    """Marks that reach over the edge."""
    paper = Box(0, 0, picture.layout.width, picture.layout.height)
    own = [mark for mark in every(picture.layout.marks) if not isinstance(mark, Group)]
    return [mark for mark in own if not paper.holds(mark.box)]
