"""A picture: laid out once, and given as SVG or PNG."""

from __future__ import annotations

from attrs import frozen

from kapteam.draw.marks import Layout
from kapteam.draw.svg import written


@frozen
class Picture:
    """A picture of a network or of a week.

    Attributes
    ----------
    layout : Layout
        What is where.
    """

    layout: Layout

    @property
    def width(self) -> int:
        """In pixels."""
        return round(self.layout.width)

    @property
    def height(self) -> int:
        """In pixels."""
        return round(self.layout.height)

    def svg(self, standalone: bool = True) -> str:
        """The picture as SVG.

        Parameters
        ----------
        standalone : bool
            A document that opens anywhere, in light colours; else an element for an HTML page, in the colours that
            the page sets (:func:`kapteam.draw.palette.css`), with the layers that the page may show.
        """
        return written(self.layout, standalone=standalone)

    def png(self, width: int | None = None) -> bytes:
        """The picture as PNG, so many pixels wide; twice its own width otherwise.

        Raises
        ------
        UsageError
            What draws it is not installed, or the picture would be larger than can be.
        """
        from kapteam.draw.png import drawn  # what it needs is optional

        return drawn(self.layout, width)

    def _repr_svg_(self) -> str:
        """How a notebook shows it."""
        return self.svg()
