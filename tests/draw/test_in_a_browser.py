"""Pictures in a real browser: letters keep to their room, colours follow the page, and layers wait to be shown."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest
from browsing import a_browser

import kapteam
from clinics import district
from kapteam.demo import practice_folder
from kapteam.draw.network import network_picture
from kapteam.draw.palette import COLOURS, css
from kapteam.draw.picture import Picture
from kapteam.draw.week import week_picture
from kapteam.matching.match import match
from kapteam.network.links import judged_links
from kapteam.sessions.schedule import schedule
from strategies import NO_PACKS

DAY = date(2026, 12, 7)
_LONG = [
    "Dr. Maximiliane Alexandrowna Wolkenstein-Trostburg von und zu Hohenfels", "ליאת בן-דוד", "ليلى حدّاد",
    "陳美玲 Mei-Ling Chen", "W" * 60, "Олександра Шевченко", "mmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmmm", "iiiiiiiiiiii",
]  # fmt: skip
_MEASURED = """() => [...document.querySelectorAll("svg text")].map(text => {
    const box = text.getBBox();
    return [text.textContent, box.x, box.x + box.width];
})"""


@pytest.fixture(scope="module")
def page() -> Iterator[Any]:
    with a_browser() as browser:
        page = browser.new_page()
        # Nothing is to be asked of anybody.
        page.route("**/*", lambda route: pytest.fail(f"asked for {route.request.url}"))
        yield page


def shown(page: Any, body: str, theme: str = "light") -> None:
    page.set_content(
        f'<!doctype html><html data-theme="{theme}"><style>{css()}</style>'
        f'<p id="beside" class="link team person dot">beside</p>{body}</html>'
    )


@pytest.fixture(scope="module")
def pictures() -> dict[str, Picture]:
    roster = kapteam.read(practice_folder())
    links = judged_links(roster, DAY)
    written = district(2, 40)
    for row, name in zip(written.tables["practitioners"], _LONG * 5, strict=True):
        row["name"] = name
    named = judged_links(written.roster(), written.on, packs=NO_PACKS)
    crowd = district(2, 100, ["NY", "CO"] * 10)
    many = judged_links(crowd.roster(), crowd.on, packs=NO_PACKS)
    return {
        "network": network_picture(links, match(links), failing=True),
        "names": network_picture(named, match(named), width=700),
        "narrow": network_picture(named, match(named), width=390),
        "sites": network_picture(many, match(many)),
        "week": week_picture(schedule(roster, DAY)),
        "week of names": week_picture(schedule(written.roster(), written.on, packs=NO_PACKS), why=False),
    }


@pytest.mark.parametrize("name", ["network", "names", "narrow", "sites", "week", "week of names"])
def test_no_text_takes_more_room_than_was_thought(page: Any, pictures: dict[str, Picture], name: str) -> None:
    picture = pictures[name]
    shown(page, picture.svg(standalone=False))
    measured = page.evaluate(_MEASURED)
    texts = picture.layout.texts
    assert len(measured) == len(texts) > 10
    for text, (words, left, right) in zip(texts, measured, strict=True):
        assert words == text.words
        assert left >= text.box.left - 1.5, words  # some letters begin before their place
        assert right <= text.box.right + 1.5, words


def colour(page: Any, selector: str, what: str) -> str:
    return str(page.evaluate(f"getComputedStyle(document.querySelector({selector!r})).getPropertyValue({what!r})"))


def rgb(name: str, side: int) -> str:
    code = COLOURS[name][side]
    return f"rgb({int(code[1:3], 16)}, {int(code[3:5], 16)}, {int(code[5:7], 16)})"


@pytest.mark.parametrize(("theme", "side"), [("light", 0), ("dark", 1)])
def test_a_picture_in_a_page_has_the_colours_of_the_page(
    page: Any, pictures: dict[str, Picture], theme: str, side: int
) -> None:
    shown(page, pictures["network"].svg(standalone=False), theme)
    assert colour(page, "path.link.team.pass", "stroke") == rgb("pass", side)
    assert colour(page, "path.link.unknown", "stroke") == rgb("unknown-line", side)
    assert colour(page, "path.link.fail", "stroke") == rgb("fail-line", side)
    assert colour(page, "g.person text", "fill") == rgb("ink", side)
    assert colour(page, "path.link.team.pass", "stroke-width") == "3.2px"
    # What stands beside it, with the same classes, is none of its business.
    assert colour(page, "#beside", "stroke") == "none"
    assert colour(page, "#beside", "cursor") == "auto"


def test_a_layer_is_hidden_until_it_is_shown(page: Any, pictures: dict[str, Picture]) -> None:
    shown(page, pictures["week"].svg(standalone=False))
    layer = 'g.there[data-person="prado"]'
    assert colour(page, layer, "display") == "none"
    page.evaluate(f"document.querySelector({layer!r}).classList.add('shown')")
    assert colour(page, layer, "display") == "inline"
    box = page.evaluate(f"(b => [b.width, b.height])(document.querySelector({layer!r}).getBBox())")
    assert min(box) > 10


def test_what_is_asked_about_is_lit(page: Any, pictures: dict[str, Picture]) -> None:
    shown(page, pictures["network"].svg(standalone=False))
    page.evaluate("""() => {
        document.querySelector("svg").classList.add("asking");
        document.querySelector('path.link[data-prescriber="prado"]').classList.add("lit");
    }""")
    assert colour(page, "path.link.lit", "stroke-opacity") == "1"
    assert colour(page, "path.link:not(.lit)", "stroke-opacity") == "0.1"


def test_people_and_sessions_are_reached_by_key_and_by_name(page: Any, pictures: dict[str, Picture]) -> None:
    shown(page, pictures["network"].svg(standalone=False))
    page.keyboard.press("Tab")
    focused = page.evaluate("document.activeElement.getAttribute('aria-label')")
    assert focused == page.evaluate("document.querySelector('g.person').getAttribute('aria-label')")
    assert page.get_by_role("button", name="Amina Hassan (hassan), therapist: if confirmed").count() == 1


@pytest.mark.parametrize("name", ["network", "sites", "week"])
def test_a_document_of_its_own_opens_as_it_is(page: Any, pictures: dict[str, Picture], name: str) -> None:
    picture = pictures[name]
    # As a browser reads XML: a document that is not well-formed has an error in its place.
    parsed = page.evaluate(
        "text => (d => [d.documentElement.tagName, d.querySelectorAll('parsererror').length])"
        "(new DOMParser().parseFromString(text, 'image/svg+xml'))",
        picture.svg(),
    )
    assert parsed == ["svg", 0]
