"""How marks look: colours and strokes by class, for this kind of picture alone."""

from __future__ import annotations

from kapteam.draw.palette import COLOURS

#: The class of every picture: what is said of marks is said of those inside of it.
ROOT = "kapteam-picture"
FONT = 'system-ui,"Noto Sans","Segoe UI",Roboto,"Helvetica Neue",Arial,sans-serif'

# Where a colour stands between asterisks, it is that of the palette.
_RULES = {
    "": f"font-family:{FONT};font-kerning:normal",
    ".paper": "fill:*page*",
    "text": "fill:*ink*",
    "text.quiet": "fill:*quiet*",
    "text.number": "font-variant-numeric:tabular-nums",
    "text.bold": "font-weight:600",
    "text.unknown": "fill:*unknown*",
    "text.fail": "fill:*fail*",
    "text.pass": "fill:*pass*",
    ".rule": "fill:none;stroke:*rule*",
    ".band": "fill:*raised*",
    ".rule.faint,.rule.hour": "stroke-opacity:.5",
    ".frame": "fill:none;stroke:*rule*",
    ".gap": "fill:none;stroke:*fail-line*;stroke-width:2;stroke-dasharray:.1 4;stroke-linecap:round",
    # Links: a line is told by its form, and its colour says the same.
    ".link": "fill:none;stroke-linecap:round",
    ".link.pass": "stroke:*pass*;stroke-width:1;stroke-opacity:.45",
    ".link.unknown": "stroke:*unknown-line*;stroke-width:1.4;stroke-dasharray:6 4",
    ".link.fail": "stroke:*fail-line*;stroke-width:1.4;stroke-dasharray:.1 4",
    ".link.team": "stroke-width:3.2;stroke-opacity:1",
    # How a person stands.
    ".dot": "stroke-width:1.6",
    ".dot.teamed,.dot.usable": "fill:*pass*;stroke:*pass*",
    ".dot.elsewhere": "fill:*page*;stroke:*quiet*",
    ".dot.left_out": "fill:*page*;stroke:*ink*;stroke-width:2.4",
    ".dot.open": "fill:*page*;stroke:*unknown-line*;stroke-dasharray:2.6 1.8",
    ".dot.none": "fill:none;stroke:*fail-line*;stroke-linecap:round",
    ".core": "fill:*quiet*",
    ".hit": "fill:transparent;stroke:none",
    # Sites with bars and shared people.
    ".bar": "stroke:*page*;stroke-width:1",
    ".bar.teamed,.bar.usable": "fill:*pass*",
    ".bar.elsewhere": "fill:*quiet*;fill-opacity:.45",
    ".bar.left_out": "fill:*page*;stroke:*ink*;stroke-width:1.4",
    ".bar.open": "fill:*page*;stroke:*unknown-line*;stroke-width:1.4;stroke-dasharray:3 2",
    ".bar.none": "fill:*page*;stroke:*fail-line*;stroke-width:1.4;stroke-dasharray:.1 3;stroke-linecap:round",
    ".shared": "fill:none;stroke:*quiet*;stroke-opacity:.55;stroke-linecap:round",
    **{f".shared.w{wide}": f"stroke-width:{wide}" for wide in range(1, 7)},
    # Sessions.
    ".block": "fill:*page*;stroke:*pass*;stroke-width:1.2",
    ".tint": "fill:*pass*;fill-opacity:.07",
    ".dosing": "fill:*pass*;fill-opacity:.13",
    ".dosing.edge": "fill-opacity:.9",
    ".session.to-verify .block": "stroke:*unknown-line*;stroke-width:1.6;stroke-dasharray:5 3",
    ".there .hours": "fill:*accent*;fill-opacity:.16",
    ".layer": "display:none",
    ".layer.shown": "display:inline",
    # Curves, told apart by their form as well.
    ".curve": "fill:none;stroke-width:2;stroke-linejoin:round;stroke-linecap:round",
    ".curve.random": "stroke:*pass*",
    ".curve.load": "stroke:*unknown-line*;stroke-dasharray:7 5",
    ".curve.cost": "stroke:*fail-line*;stroke-dasharray:.1 5",
    ".area": "fill:*pass*;fill-opacity:.12;stroke:none",
    # What a page lights: it sets `asking` on the picture and `lit` on what is asked about.
    ".person,.session,.site": "cursor:default",
    ".person:focus-visible,.session:focus-visible,.site:focus-visible": "outline:2px solid *accent*;outline-offset:1px",
    "&.asking .link:not(.lit)": "stroke-opacity:.1",
    "&.asking .link.lit": "stroke-opacity:1",
    "&.asking .person:not(.lit)": "opacity:.45",
    "&.asking .session:not(.lit)": "opacity:.35",
}  # fmt: skip


def css(*, literal: bool) -> str:
    """The style of pictures: with the light colours themselves, or with the custom properties of the page around."""
    return "".join(f"{_selector(name)}{{{_coloured(said, literal)}}}" for name, said in _RULES.items())


def _selector(name: str) -> str:
    root = f"svg.{ROOT}"
    if not name or name.startswith("&"):
        return root + name.removeprefix("&")
    return ",".join(f"{root} {one}" for one in name.split(","))


def _coloured(said: str, literal: bool) -> str:
    parts = said.split("*")
    parts[1::2] = [COLOURS[name][0] if literal else f"var(--{name})" for name in parts[1::2]]
    return "".join(parts)
