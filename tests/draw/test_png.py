"""A PNG is as large as was asked, and its text is there on a machine without any font."""

from __future__ import annotations

import hashlib
import struct
import sys
import zlib
from importlib import resources
from pathlib import Path

import pytest

from kapteam.draw import png
from kapteam.draw.marks import Circle, Layout, Text
from kapteam.draw.picture import Picture
from kapteam.draw.png import COVERED, FONTS
from kapteam.records.problems import UsageError


def words(text: str, width: float = 300, height: float = 60) -> Picture:
    return Picture(Layout(width, height, "a title", "a description", (Text(10, 30, text, 20),)))


def size(data: bytes) -> tuple[int, int]:
    assert data[:8] == b"\x89PNG\r\n\x1a\n"
    found: tuple[int, int] = struct.unpack(">II", data[16:24])
    return found


def ink(picture: bytes) -> int:
    """How many bytes of the pixels are not those of white paper."""
    width, height = size(picture)
    data, at = b"", 8
    while at < len(picture):
        (length,) = struct.unpack(">I", picture[at : at + 4])
        if picture[at + 4 : at + 8] == b"IDAT":
            data += picture[at + 8 : at + 8 + length]
        at += 12 + length
    lines = zlib.decompress(data)
    wide = len(lines) // height
    assert wide >= width
    # A filtered line of an even colour is zeros but for its first pixel.
    return sum(byte != 0 for y in range(height) for byte in lines[y * wide + 5 : (y + 1) * wide])


@pytest.mark.parametrize(
    ("width", "expected"), [(None, (600, 120)), (300, (300, 60)), (1000, (1000, 200)), (1, (1, 1))]
)
def test_a_png_is_as_wide_as_was_asked(width: int | None, expected: tuple[int, int]) -> None:
    assert size(words("Ana").png(width)) == pytest.approx(expected, abs=1)


def test_letters_are_drawn_and_more_of_them_are_more_ink() -> None:
    none, one, two = (ink(words(text).png(300)) for text in ("", "Inés", "Inés Prado"))
    assert none < one < two


@pytest.mark.parametrize("text", ["Dr. Inés Prado", "Nguyễn Thảo", "Søren", "Ελένη", "Олександра", "09:00–12:00 …"])
def test_the_shipped_fonts_draw_the_letters_of_names_without_those_of_the_machine(text: str) -> None:
    assert COVERED.fullmatch(text)
    assert ink(words(text).png(300)) > ink(words(text[:-1]).png(300)) > ink(words("").png(300))


@pytest.mark.parametrize("font", FONTS)
def test_the_fonts_hold_every_letter_that_is_said_of_them(font: str) -> None:
    held = characters((resources.files("kapteam.draw") / "fonts" / font).read_bytes())
    said = {chr(code) for code in range(0x20, 0x10000) if COVERED.fullmatch(chr(code))}
    assert said == held


def characters(font: bytes) -> set[str]:
    """The characters of a TrueType font, from its table ``cmap`` (format 4)."""
    tables = {
        font[at : at + 4]: struct.unpack(">II", font[at + 8 : at + 16])
        for at in range(12, 12 + 16 * struct.unpack(">H", font[4:6])[0], 16)
    }
    begin, length = tables[b"cmap"]
    cmap = font[begin : begin + length]
    starts = [struct.unpack(">I", cmap[at + 4 : at + 8])[0] for at in range(4, 4 + 8 * cmap[3], 8)]
    table = next(cmap[at:] for at in starts if struct.unpack(">H", cmap[at : at + 2]) == (4,))
    segments = struct.unpack(">H", table[6:8])[0] // 2
    ends = struct.unpack(f">{segments}H", table[14 : 14 + 2 * segments])
    firsts = struct.unpack(f">{segments}H", table[16 + 2 * segments : 16 + 4 * segments])
    return {chr(code) for a, b in zip(firsts, ends, strict=True) for code in range(a, b + 1) if code != 0xFFFF}


def test_the_fonts_and_their_licence_ship_and_are_small() -> None:
    folder = resources.files("kapteam.draw") / "fonts"
    assert "SIL OPEN FONT LICENSE" in (folder / "OFL.txt").read_text(encoding="utf-8")
    assert sum(len((folder / name).read_bytes()) for name in FONTS) < 200_000


def test_the_same_picture_is_the_same_bytes() -> None:
    assert len({hashlib.sha256(words("Inés").png()).digest() for _ in range(3)}) == 1


def test_a_large_picture_is_drawn_smaller_and_a_larger_one_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(png, "MOST_PIXELS", 1_000_000)
    large = Picture(Layout(2000, 40_000, "", "", (Circle(100, 100, 50, "core"),)))
    width, height = size(large.png())
    assert 900_000 < width * height <= 1_010_000
    with pytest.raises(UsageError, match=r"this picture can be 1 to [\d,]+ pixels wide as PNG, not 9,000"):
        large.png(9000)
    with pytest.raises(UsageError, match="not 0"):
        large.png(0)


def test_without_resvg_it_is_said_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "resvg_py", None)
    with pytest.raises(UsageError, match=r"pip install 'kapteam\[png\]'; or ask for .svg"):
        words("Ana").png()


def test_a_script_without_a_shipped_font_is_left_to_the_machine(tmp_path: Path) -> None:
    assert not COVERED.fullmatch("ليلى")
    path = tmp_path / "layla.png"
    path.write_bytes(words("ليلى").png())
    assert size(path.read_bytes()) == (600, 120)
