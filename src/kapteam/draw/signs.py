"""How someone stands, as a form that needs no colour: full, ringed, dashed, or crossed out."""

from __future__ import annotations

from kapteam.draw.marks import Circle, Mark, Path

#: How far a sign reaches from its middle.
RADIUS = 4.4


def sign(x: float, y: float, state: str) -> tuple[Mark, ...]:
    """The sign of a state (:data:`kapteam.draw.standing.STATES`) around a point."""
    if state == "none":
        arm = RADIUS - 1
        return (
            Path(((x - arm, y - arm), (x + arm, y + arm)), "dot none"),
            Path(((x - arm, y + arm), (x + arm, y - arm)), "dot none"),
        )
    ring = Circle(x, y, RADIUS, f"dot {state}")
    return (ring, Circle(x, y, 1.5, "core")) if state == "elsewhere" else (ring,)


def point(x: float, y: float) -> tuple[Mark, ...]:
    """The sign of someone of whom no link is asked."""
    return (Circle(x, y, 2.2, "core"),)
