"""What is written can be read, in light and dark, by whoever sees colours or not."""

from __future__ import annotations

import re
from itertools import combinations

import pytest

from kapteam.draw.palette import COLOURS, css
from kapteam.draw.style import css as style

TEXTS = ("ink", "quiet", "accent", "pass", "unknown", "fail")
Colour = tuple[float, float, float]


def colour(name: str, side: int) -> Colour:
    code = COLOURS[name][side]
    return int(code[1:3], 16) / 255, int(code[3:5], 16) / 255, int(code[5:7], 16) / 255


def luminance(those: Colour) -> float:
    """Relative luminance (WCAG 2.2)."""
    red, green, blue = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in those)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: Colour, other: Colour) -> float:
    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


def laid(over: Colour, under: Colour, share: float) -> Colour:
    red, green, blue = (a * share + b * (1 - share) for a, b in zip(over, under, strict=True))
    return red, green, blue


@pytest.mark.parametrize("side", [0, 1])
@pytest.mark.parametrize("text", TEXTS)
def test_text_stands_out_from_the_page(text: str, side: int) -> None:
    for under in ("page", "raised"):
        assert contrast(colour(text, side), colour(under, side)) >= 4.5


@pytest.mark.parametrize("side", [0, 1])
def test_text_stands_out_from_the_dosing_part_of_a_session(side: int) -> None:
    ground = colour("page", side)
    for kind in (".tint{", ".dosing{"):
        share = re.search(r"fill-opacity:([\d.]+)", style(literal=True).split(kind)[1])
        assert share
        ground = laid(colour("pass", side), ground, float(share[1]))
    for text in ("ink", "quiet"):
        assert contrast(colour(text, side), ground) >= 4.5


@pytest.mark.parametrize("side", [0, 1])
@pytest.mark.parametrize("line", ["pass", "unknown-line", "fail-line"])
def test_lines_stand_out_from_the_page(line: str, side: int) -> None:
    assert contrast(colour(line, side), colour("page", side)) >= 3


@pytest.mark.parametrize("side", [0, 1])
def test_no_two_verdicts_have_one_colour(side: int) -> None:
    for one, other in combinations(("pass", "unknown-line", "fail-line"), 2):
        assert colour(one, side) != colour(other, side)


def test_a_page_is_dark_where_it_is_asked_to_be_and_never_in_print() -> None:
    said = css()
    assert said.count("{color-scheme:dark;") == 2
    assert all(part.startswith("screen") for part in said.split("@media ")[1:])
    assert all(f"--{name}:{light};" in said.split("@media")[0] for name, (light, _) in COLOURS.items())
