"""A page read back without a browser: its elements as a tree, with what a reader sees of each."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property
from html.parser import HTMLParser

from attrs import Factory, define

_EMPTY = {"meta", "link", "input", "br", "hr", "img", "rect", "circle", "path", "line"}


@define(eq=False, slots=False)
class Element:
    """One element."""

    name: str
    attributes: dict[str, str] = Factory(dict)
    children: list[Element | str] = Factory(list)

    @property
    def raw(self) -> str:
        """All text within, as it is written."""
        return "".join(c if isinstance(c, str) else c.raw for c in self.children)

    @property
    def text(self) -> str:
        """All text within, its spaces as a browser shows them."""
        return " ".join(self.raw.split())

    @property
    def classes(self) -> list[str]:
        """Its classes."""
        return self.attributes.get("class", "").split()

    def within(self) -> Iterator[Element]:
        """Every element within, in order."""
        for child in self.children:
            if isinstance(child, Element):
                yield child
                yield from child.within()

    def all(self, name: str) -> list[Element]:
        """Every element of a name within."""
        return [e for e in self.within() if e.name == name]

    def only(self, name: str) -> Element:
        """The one element of a name within."""
        (found,) = self.all(name)
        return found

    def id(self, id: str) -> Element:
        """The element with an id."""
        return self.ids[id]

    @cached_property
    def ids(self) -> dict[str, Element]:
        """Every element with an id, by it."""
        return {e.attributes["id"]: e for e in self.within() if "id" in e.attributes}

    def cell(self, key: str) -> Element:
        """The cell of a column, in a row of a list."""
        (found,) = [e for e in self.within() if f"c-{key}" in e.classes]
        return found

    def children_called(self, *names: str) -> list[Element]:
        """Those directly within."""
        return [c for c in self.children if isinstance(c, Element) and c.name in names]


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.open = [Element("document")]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        made = Element(tag, {name: value or "" for name, value in attrs})
        self.open[-1].children.append(made)
        if tag not in _EMPTY:
            self.open.append(made)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.open[-1].children.append(Element(tag, {name: value or "" for name, value in attrs}))

    def handle_endtag(self, tag: str) -> None:
        if tag in _EMPTY:  # a path with a title is closed as well
            return
        assert self.open[-1].name == tag, f"</{tag}> closes <{self.open[-1].name}>"
        self.open.pop()

    def handle_data(self, data: str) -> None:
        self.open[-1].children.append(data)


def read_page(page: str) -> Element:
    """The page as a tree; every element must be closed where it should be."""
    reader = _Reader()
    reader.feed(page)
    reader.close()
    assert len(reader.open) == 1
    return reader.open[0]


def rows_of(page: Element, name: str) -> list[Element]:
    """The rows of a list, in their order; none where there is no such list."""
    found = [e for e in page.within() if e.attributes.get("data-list") == name]
    return [e for e in found[0].within() if "row" in e.classes] if found else []
