"""The measures of a network, as an answer that can be looked at; and places, read from a file."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator, Sequence
from os import PathLike, fspath
from pathlib import Path
from typing import Any

from attrs import define

from kapteam.api.provenance import Traced
from kapteam.api.shown import Document
from kapteam.draw.picture import Picture
from kapteam.draw.robustness import robustness_picture
from kapteam.io.text import Undecodable, decode
from kapteam.measures.measure import NETWORK, Measure, Number
from kapteam.measures.measured import LIMIT_KM, Measured, measures
from kapteam.measures.places import Place, places_of
from kapteam.network.links import Links
from kapteam.records.problems import UsageError
from kapteam.show.measures import shown_measures

#: Where people live, or the file that says so.
Places = Sequence[Place] | str | PathLike[str]


@define(eq=False, repr=False)
class Measures(Document, Traced):
    """What is measured of a network; iterating gives :class:`~kapteam.measures.measure.Measure` records.

    Attributes
    ----------
    answer : Measured
        Every family of measures with its own record.
    """

    answer: Measured

    def __len__(self) -> int:
        return len(self.answer.measures)

    def __iter__(self) -> Iterator[Measure]:
        return iter(self.answer.measures)

    def value(self, name: str, of: str = NETWORK) -> Number:
        """One number; None where it is not defined.

        Raises
        ------
        UsageError
            Nothing of that name is measured of them.
        """
        for measure in self.answer.measures:
            if (measure.name, measure.of) == (name, of):
                return measure.value
        raise UsageError(f"there is no measure {name!r} of {of!r}: docs/definitions.md lists them")

    def draw(self) -> Picture:
        """A picture of how many are still teamed as prescribers stop."""
        return robustness_picture(self.answer)

    def as_dict(self) -> dict[str, Any]:
        """The answer as its JSON contract has it."""
        return self.answer.as_dict()

    def __repr__(self) -> str:
        return repr(self.answer).replace("<Measured", "<Measures")

    def shown(self) -> Iterable[Any]:
        """The answer first, then each family in words."""
        return shown_measures(self.answer)


def measured(
    links: Links,
    *,
    unknown: str = "exclude",
    places: Places | None = None,
    limit: float = LIMIT_KM,
    draws: int | None = None,
    seed: int = 0,
) -> Measures:
    """Measure a network; see :func:`kapteam.measures.measured.measures` for the options.

    ``places`` may be the path of a CSV file, for :func:`read_places`.
    """
    where = read_places(places) if isinstance(places, str | PathLike) else places
    return Measures(measures(links, unknown=unknown, places=where, limit=limit, draws=draws, seed=seed))


def read_places(path: str | PathLike[str]) -> tuple[Place, ...]:
    """Read a CSV file with the columns place, lat, lon and population.

    Raises
    ------
    UsageError
        It cannot be read, or a cell of it cannot; the message names the row.
    """
    file = Path(fspath(path))
    try:
        text = decode(file)
    except Undecodable as error:
        where = f", row {error.line}" if error.line else ""
        raise UsageError(f"{file}{where}: {error.expected}") from None
    try:
        rows = list(csv.DictReader(io.StringIO(text, newline=""), strict=True))
    except csv.Error as broken:
        raise UsageError(f"{file}: expected CSV: {broken}; look for a quote that is not closed") from None
    return places_of(rows, file.name)
