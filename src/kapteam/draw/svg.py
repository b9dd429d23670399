"""A layout written as SVG: everything escaped, nothing from elsewhere, the same bytes for the same layout."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from kapteam.draw.marks import Circle, Group, Layout, Mark, Path, Rect, Text
from kapteam.draw.style import ROOT, css

# What no XML 1.0 document may hold, not even escaped.
_NOT_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_ESCAPES = str.maketrans({"&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "'": "&#39;"})


def written(layout: Layout, *, standalone: bool) -> str:
    """The picture as one ``<svg>`` element.

    Parameters
    ----------
    layout : Layout
    standalone : bool
        A document of its own, in light colours and without hidden layers; else a part of an HTML page, in the colours
        of that page.
    """
    width, height = _number(layout.width), _number(layout.height)
    root = {
        "xmlns": "http://www.w3.org/2000/svg", "class": ROOT, "width": width, "height": height,
        "viewBox": f"0 0 {width} {height}", "role": "graphics-document document", "aria-label": layout.title,
    }  # fmt: skip
    inside = "".join(_marks(layout.marks, standalone))
    paper = f'<rect class="paper" width="{width}" height="{height}"/>' if standalone else ""
    head = f"<title>{_text(layout.title)}</title><desc>{_text(layout.description)}</desc>"
    style = f"<style>{css(literal=standalone)}</style>"
    declared = '<?xml version="1.0" encoding="UTF-8"?>\n' if standalone else ""
    return f"{declared}<svg{_attributes(root.items())}>\n{head}{style}{paper}\n{inside}</svg>\n"


def _marks(marks: Iterable[Mark], standalone: bool) -> Iterator[str]:
    for mark in marks:
        match mark:
            case Text():
                yield _line(mark)
            case Rect():
                yield _element("rect", mark.kind, x=mark.x, y=mark.y, width=mark.width, height=mark.height,
                               rx=mark.radius or None)  # fmt: skip
            case Circle():
                yield _element("circle", mark.kind, cx=mark.x, cy=mark.y, r=mark.radius)
            case Path():
                yield _path(mark)
            case Group() if not (mark.layer and standalone):
                yield _group(mark, standalone)


def _line(mark: Text) -> str:
    kind = f"{mark.kind} bold".strip() if mark.bold else mark.kind
    anchor = None if mark.anchor == "start" else mark.anchor
    opening = _opening("text", kind, x=mark.x, y=mark.y, **{"font-size": mark.size, "text-anchor": anchor})
    return f"{opening}{_text(mark.words)}</text>\n"


def _path(mark: Path) -> str:
    (x, y), *others = mark.points
    here = f"{_number(x)} {_number(y)}"
    if mark.bend == "across":
        ((to_x, to_y),) = others
        middle = (x + to_x) / 2
        way = f"C{_pairs((middle, y), (middle, to_y), (to_x, to_y))}" if y != to_y else f"H{_number(to_x)}"
    elif mark.bend == "around":
        ((to_x, to_y),) = others
        out = x + mark.reach * 4 / 3  # a cubic curve reaches three quarters of the way to its handles
        way = f"C{_pairs((out, y), (out, to_y), (to_x, to_y))}"
    else:
        way = f"L{_pairs(*others)}"
    opening = _opening("path", mark.kind, d=f"M{here}{way}", **_data(mark.data))
    return f"{opening}<title>{_text(mark.title)}</title></path>\n" if mark.title else f"{opening[:-1]}/>\n"


def _group(mark: Group, standalone: bool) -> str:
    kind = f"{mark.kind} layer".strip() if mark.layer else mark.kind
    more: dict[str, str | None] = {"aria-label": mark.label or None}
    if mark.button:
        more = {"tabindex": "0", "role": "button", **more}
    elif mark.label:
        more = {"role": "img", **more}
    title = f"<title>{_text(mark.title)}</title>" if mark.title else ""
    inside = "".join(_marks(mark.marks, standalone))
    return f"{_opening('g', kind, **_data(mark.data), **more)}{title}\n{inside}</g>\n"


def _data(data: Iterable[tuple[str, str]]) -> dict[str, str]:
    return {f"data-{name}": value for name, value in data}


def _element(name: str, kind: str, **attributes: float | str | None) -> str:
    return f"{_opening(name, kind, **attributes)[:-1]}/>\n"


def _opening(name: str, kind: str, **attributes: float | str | None) -> str:
    told = {"class": kind or None, **attributes}
    return f"<{name}{_attributes(told.items())}>"


def _attributes(attributes: Iterable[tuple[str, float | str | None]]) -> str:
    return "".join(
        f' {name}="{_text(value) if isinstance(value, str) else _number(value)}"'
        for name, value in attributes
        if value is not None
    )


def _pairs(*points: tuple[float, float]) -> str:
    return " ".join(f"{_number(x)} {_number(y)}" for x, y in points)


def _text(words: str) -> str:
    return _NOT_XML.sub("\ufffd", words).translate(_ESCAPES)


def _number(value: float) -> str:
    """Two places are finer than any screen; no zeros at the end."""
    return f"{value:.2f}".rstrip("0").rstrip(".")
