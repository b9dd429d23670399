"""SVG is well-formed whatever is written in it."""

from __future__ import annotations

from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st

from draw.reading import SVG, Drawn, ends
from kapteam.draw.marks import Circle, Group, Layout, Path, Rect, Text, moved
from kapteam.draw.picture import Picture

ANY = st.text(st.characters(), max_size=20)


def pictured(*marks: Text | Rect | Circle | Path | Group, title: str = "", description: str = "") -> Picture:
    return Picture(Layout(100, 50, title, description, marks))


def as_read(text: str) -> str:
    """What XML can hold of a text: no control characters, and line ends as one."""
    kept = "".join(
        c if c in "\t\n\r" or " " <= c <= "\ud7ff" or "\ue000" <= c <= "\ufffd" or c > "\uffff" else "\ufffd"
        for c in text
    )
    return kept.replace("\r\n", "\n").replace("\r", "\n")


@given(ANY, ANY, ANY)
def test_any_text_is_read_back_as_it_was(words: str, title: str, label: str) -> None:
    group = Group((Text(1, 2, words),), "person", (("person", label),), label, title, button=True)
    picture = pictured(group, title=title, description=words)
    root = ElementTree.fromstring(picture.svg().encode())
    assert (root[0].text or "") == as_read(title)
    assert (root[1].text or "") == as_read(words)
    (found,) = root.iter(f"{SVG}g")
    assert "".join(next(root.iter(f"{SVG}text")).itertext()) == as_read(words)
    for attribute in ("data-person", "aria-label"):
        spaced = " ".join(as_read(label).replace("\t", " ").split("\n"))
        assert (found.get(attribute) or "") == spaced


def test_a_picture_says_what_it_is_to_who_cannot_see_it() -> None:
    root = Drawn.of(pictured(title="The network", description="19 of 27 are teamed."), standalone=True).root
    assert (root.get("role"), root.get("aria-label")) == ("graphics-document document", "The network")
    assert [child.tag for child in root][:2] == [f"{SVG}title", f"{SVG}desc"]
    assert root.get("viewBox") == "0 0 100 50"


def test_a_layer_stands_in_a_page_alone() -> None:
    picture = pictured(Group((Circle(1, 1, 1),), "there", layer=True))
    assert list(Drawn.of(picture).named("g", "layer"))
    assert not list(Drawn.of(picture, standalone=True).named("g"))


@pytest.mark.parametrize("bend", ["", "across", "around"])
def test_a_line_ends_where_it_is_told_and_moves_as_a_whole(bend: str) -> None:
    path = Path(((1.0, 2.0), (30.5, 44.0)), bend=bend)  # type: ignore[arg-type]
    (drawn,) = Drawn.of(pictured(path)).named("path")
    assert ends(drawn) == ((1, 2), (30.5, 44))
    (drawn,) = Drawn.of(pictured(moved(Group((path,)), 10, -1))).named("path")
    assert ends(drawn) == ((11, 1), (40.5, 43))
