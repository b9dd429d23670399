"""A layout drawn as PNG by resvg, with the fonts that ship with kapteam; other fonts for letters that these lack."""

from __future__ import annotations

import re
from importlib import resources

from kapteam.draw.marks import Layout
from kapteam.draw.svg import written
from kapteam.records.problems import UsageError

#: What the fonts that ship have: Latin, Greek, Cyrillic and the usual signs (fonts/README.md).
COVERED = re.compile(
    "[\x00-\x7e\xa0-\u024f\u0259\u02bb\u02bc\u02c6\u02c7\u02d8-\u02dd\u0300-\u0304\u0306-\u030c\u0323\u0327\u0328"
    "\u0370-\u0377\u037a-\u037f\u0384-\u038a\u038c\u038e-\u03a1\u03a3-\u03ce\u0400-\u045f\u0490\u0491\u1e80-\u1e85"
    "\u1e9e\u1ea0-\u1ef9\u2010-\u2027\u2030\u2032\u2033\u2039\u203a\u20ac\u2116\u2122]*"
)
FONTS = ("NotoSans-Regular.ttf", "NotoSans-Bold.ttf")
_FAMILY = "Noto Sans"
#: Pixels of a picture, at most: four bytes each while it is drawn.
MOST_PIXELS = 60_000_000


def drawn(layout: Layout, width: int | None = None) -> bytes:
    """The picture as PNG, so many pixels wide; twice its own width otherwise, or less where that would be too large.

    Raises
    ------
    UsageError
        resvg-py is not installed, or the picture would be larger than can be.

    Notes
    -----
    Where every letter is one of Latin, Greek or Cyrillic, no font of the machine is looked at, and the same picture
    gives the same bytes everywhere. Other letters are drawn with what the machine has.
    """
    most = int(layout.width * (MOST_PIXELS / (layout.width * layout.height)) ** 0.5)
    if width is not None and not 1 <= width <= most:
        raise UsageError(f"this picture can be 1 to {most:,} pixels wide as PNG, not {width:,}")
    try:
        from resvg_py import svg_to_bytes
    except ImportError:
        raise UsageError("PNG needs resvg-py: pip install 'kapteam[png]'; or ask for .svg") from None
    folder = resources.files("kapteam.draw") / "fonts"
    known = all(COVERED.fullmatch(text.words) for text in layout.texts)
    return svg_to_bytes(
        svg_string=written(layout, standalone=True),
        width=width or min(round(2 * layout.width), most),
        skip_system_fonts=known,
        font_files=[str(folder / name) for name in FONTS],
        font_family=_FAMILY,
        sans_serif_family=_FAMILY,
    )
