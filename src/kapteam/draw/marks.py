"""What a picture is made of: texts, lines and shapes in their places, in pixels from the upper left corner."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Literal, TypeAlias

from attrs import evolve, field, frozen

from kapteam.draw.text import fitted, width

Anchor = Literal["start", "middle", "end"]
#: How far letters reach above and below the line that they stand on, in parts of their size.
ASCENT, DESCENT = 0.8, 0.22


@frozen
class Box:
    """A rectangle that something takes."""

    left: float
    top: float
    right: float
    bottom: float

    def meets(self, other: Box) -> bool:
        """Whether the two share more than an edge."""
        return (
            self.left < other.right and other.left < self.right and self.top < other.bottom and other.top < self.bottom
        )

    def holds(self, other: Box) -> bool:
        """Whether the other lies wholly within."""
        return (
            self.left <= other.left
            and other.right <= self.right
            and self.top <= other.top
            and other.bottom <= self.bottom
        )


@frozen
class Text:
    """A line of text; ``x`` is its beginning, middle or end, ``y`` the line that it stands on.

    Attributes
    ----------
    kind : str
        Classes, which say how it looks.
    """

    x: float
    y: float
    words: str
    size: float = 12
    kind: str = ""
    anchor: Anchor = "start"
    bold: bool = False

    @property
    def box(self) -> Box:
        """What it takes at most."""
        long = width(self.words, self.size, bold=self.bold)
        left = self.x - {"start": 0, "middle": long / 2, "end": long}[self.anchor]
        return Box(left, self.y - ASCENT * self.size, left + long, self.y + DESCENT * self.size)


@frozen
class Rect:
    """A rectangle."""

    x: float
    y: float
    width: float
    height: float
    kind: str = ""
    radius: float = 0

    @property
    def box(self) -> Box:
        """What it takes."""
        return Box(self.x, self.y, self.x + self.width, self.y + self.height)


@frozen
class Circle:
    """A circle around ``x``, ``y``."""

    x: float
    y: float
    radius: float
    kind: str = ""

    @property
    def box(self) -> Box:
        """What it takes."""
        return Box(self.x - self.radius, self.y - self.radius, self.x + self.radius, self.y + self.radius)


@frozen
class Path:
    """A line through ``points``, or a curve where ``bend`` says so.

    Attributes
    ----------
    points : tuple of (float, float)
        Its corners; of a curve its two ends.
    bend : {"", "across", "around"}
        ``across``: from one to the other, level at both ends; ``around``: out to the right and back.
    reach : float
        How far a curve that goes around reaches.
    data : tuple of (str, str)
        What is written on it for a page, as ``data-`` attributes.
    title : str
        What is said of it where it is pointed at.
    """

    points: tuple[tuple[float, float], ...]
    kind: str = ""
    bend: Literal["", "across", "around"] = ""
    reach: float = 0
    data: tuple[tuple[str, str], ...] = ()
    title: str = ""

    @property
    def box(self) -> Box:
        """What it takes."""
        xs, ys = [x for x, _ in self.points], [y for _, y in self.points]
        return Box(min(xs), min(ys), max(xs) + self.reach, max(ys))


@frozen
class Group:
    """Marks that belong together.

    Attributes
    ----------
    data : tuple of (str, str)
        What is written on it for a page, as ``data-`` attributes.
    label : str
        What it is called where it cannot be seen.
    title : str
        What is said of it where it is pointed at.
    button : bool
        Whether a page can do something with it: then it can be reached with the keyboard.
    layer : bool
        Whether it lies hidden until a page shows it.
    """

    marks: tuple[Mark, ...]
    kind: str = ""
    data: tuple[tuple[str, str], ...] = ()
    label: str = ""
    title: str = ""
    button: bool = False
    layer: bool = False


Mark: TypeAlias = Text | Rect | Circle | Path | Group


@frozen
class Layout:
    """A whole picture in its place: made once, and written from then on as often as is wanted.

    Attributes
    ----------
    width, height : float
        In pixels.
    title, description : str
        What it is, and what is to be seen in it, for whoever cannot see it.
    marks : tuple of Mark
        From the back to the front.
    """

    width: float
    height: float
    title: str
    description: str
    marks: tuple[Mark, ...] = field(repr=False)

    @property
    def texts(self) -> list[Text]:
        """Every line of text, in hidden layers as well."""
        return [mark for mark in every(self.marks) if isinstance(mark, Text)]


def every(marks: Iterable[Mark]) -> Iterator[Mark]:
    """Every mark, groups before what is in them."""
    for mark in marks:
        yield mark
        if isinstance(mark, Group):
            yield from every(mark.marks)


def within(
    x: float, y: float, words: str, room: float, size: float = 12, kind: str = "", anchor: Anchor = "start",
    *, bold: bool = False,
) -> Text:  # fmt: skip
    """A line of text that keeps to the room that there is."""
    return Text(x, y, fitted(words, room, size, bold=bold), size, kind, anchor, bold)


def moved(mark: Mark, right: float, down: float) -> Mark:
    """The same mark elsewhere."""
    match mark:
        case Path():
            return evolve(mark, points=tuple((x + right, y + down) for x, y in mark.points))
        case Group():
            return evolve(mark, marks=tuple(moved(one, right, down) for one in mark.marks))
        case _:
            return evolve(mark, x=mark.x + right, y=mark.y + down)
