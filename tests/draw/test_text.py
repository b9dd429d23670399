"""How wide text is, and text cut to its room."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kapteam.draw.text import fitted, width, wrapped

TEXTS = st.text(st.characters(exclude_categories=("Cs", "Cc")), max_size=80)


@given(TEXTS, st.floats(20, 300), st.sampled_from([10.5, 12, 14]), st.booleans())
def test_cut_text_fits_and_says_that_it_was_cut(text: str, room: float, size: float, bold: bool) -> None:
    cut = fitted(text, room, size, bold=bold)
    assert width(cut, size, bold=bold) <= room
    whole = " ".join(text.split())
    assert cut == whole or (cut.endswith("…") and whole.startswith(cut[:-1].rstrip(" ,.;:-")))
    if cut != whole:
        assert width(whole, size, bold=bold) > room


@given(st.lists(st.sampled_from(["Ana", "Lindqvist,", "a", "Wolkenstein-Trostburg", "陳美玲", "e\u0301"]), max_size=30))
def test_wrapped_text_keeps_every_word_in_its_room(words: list[str]) -> None:
    lines = wrapped(" ".join(words), 160, 12)
    assert " ".join(lines).split() == words
    assert all(width(line, 12) <= 160 for line in lines)


@given(TEXTS, TEXTS)
def test_more_text_is_wider(one: str, other: str) -> None:
    assert width(one + other, 12) == pytest.approx(width(one, 12) + width(other, 12), abs=0.011)


def test_no_letter_loses_its_marks() -> None:
    name = unicodedata.normalize("NFD", "Ễ" * 40)
    cut = fitted(name, 100, 12)[:-1]
    assert len(cut) % 3 == 0
    family = "👩‍👩‍👧"
    assert fitted(family * 20, 100, 12)[:-1] == family * (len(fitted(family * 20, 100, 12)) // len(family))


def test_a_word_that_no_line_holds_is_cut() -> None:
    assert wrapped("W" * 60 + " and", 100, 12)[0].endswith("…")


@pytest.mark.parametrize("name", ["محمد بن عبد الرحمن آل سعود", "ליאת בן-דוד כהן לוי"])
def test_what_is_cut_from_right_to_left_has_its_sign_at_the_left(name: str) -> None:
    cut = fitted(name, 80, 12)
    assert cut.endswith("…\u200f")
    assert name.startswith(cut.removesuffix("…\u200f"))
    assert width(cut, 12) <= 80
    assert fitted(f"{name} and Ana Lindqvist", 0.9 * width(f"{name} and Ana Lindqvist", 12), 12).endswith("…")
