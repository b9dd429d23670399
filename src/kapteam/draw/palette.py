"""Every colour that a picture, the report or the page uses, in light and dark, under the name of what it is for."""

from __future__ import annotations

#: By name: on light, on dark. Blue, amber and vermilion are of Okabe and Ito's set, which the colour-blind can tell.
COLOURS = {
    "page": ("#ffffff", "#14171a"),
    "raised": ("#f5f6f7", "#1d2125"),
    "ink": ("#1a1d21", "#e8eaed"),
    "quiet": ("#5a626b", "#a3abb3"),
    "rule": ("#d5d9de", "#363c43"),
    "accent": ("#0072b2", "#56b4e9"),
    "pass": ("#0072b2", "#56b4e9"),
    "unknown": ("#8f5e00", "#e69f00"),
    "unknown-line": ("#b87900", "#e69f00"),
    "fail": ("#b34700", "#ff8a3d"),
    "fail-line": ("#d55e00", "#ff8a3d"),
}


def css() -> str:
    """The colours as custom properties: light, and dark where the reader or the system asks for it; light in print."""
    light = _properties(0)
    dark = _properties(1)
    return (
        f":root{{color-scheme:light;{light}}}"
        f'@media screen and (prefers-color-scheme:dark){{:root:not([data-theme="light"]){{color-scheme:dark;{dark}}}}}'
        f'@media screen{{:root[data-theme="dark"]{{color-scheme:dark;{dark}}}}}'
    )


def _properties(side: int) -> str:
    return "".join(f"--{name}:{both[side]};" for name, both in COLOURS.items())
