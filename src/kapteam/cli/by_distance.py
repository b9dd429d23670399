"""``--within`` and ``--centroids``: candidates by distance."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import click

from kapteam.network.links import Links
from kapteam.network.within import FARTHEST_KM
from kapteam.records.centroids import Centroids
from kapteam.show.words import count

F = Callable[..., Any]

_KM = {"km": 1.0, "mi": 1.609344}


class Distance(click.ParamType[float]):
    """A distance with its unit, such as 50km or 30mi; in kilometres."""

    name = "distance"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> float:
        """Read a distance, or fail as click's own types do."""
        if isinstance(value, float):
            return value
        found = re.fullmatch(r"([0-9]{1,9}(?:\.[0-9]{1,9})?) ?(km|mi)?", value.strip().casefold())
        if found is None:
            said = "is no distance such as 50km or 30mi: a number, with a point for decimals, and km or mi"
            self.fail(f"{value!r} {said}", param, ctx)
        if found[2] is None:
            self.fail(f"{value!r} has no unit: write {found[1]}km or {found[1]}mi", param, ctx)
        km = float(found[1]) * _KM[found[2]]
        if not 0 < km <= FARTHEST_KM:
            self.fail(f"a distance is more than 0km and at most {FARTHEST_KM:,.0f}km; not {value!r}", param, ctx)
        return km


centroids = click.option(
    "--centroids",
    metavar="FILE",
    type=click.Path(),
    help="Where ZIP codes lie, for sites without latitude and longitude: a table of zip, lat, lon, or the Census "
    "Bureau's Gazetteer of ZCTAs.",
)


def by_distance(function: F) -> F:
    """Add what commands take that also look at who could come from elsewhere."""
    within = click.option(
        "--within",
        metavar="DISTANCE",
        type=Distance(),
        help="Also prescribers who might come from a site of theirs so near, such as 50km or 30mi. Nobody wrote down "
        "that they would, so such a link is unknown.",
    )
    return within(centroids(function))


def tell(links: Links, file: str | None, points: Centroids | None) -> None:
    """Say on standard error what was mended in a file of centroids, and of how many sites nobody knows the place."""
    supposed = links.facts.supposed
    if points is not None and points.mended:
        click.echo(f"{file}: a leading 0 was put back before {count(points.mended, 'ZIP code')}", err=True)
    if supposed is not None and supposed.unplaced:
        sites = count(supposed.unplaced, "site")
        todo = "give --centroids FILE" if file is None else f"add their postal codes to {file}"
        click.echo(
            f"{sites} with hours {'has' if supposed.unplaced == 1 else 'have'} no known place, so nobody is supposed "
            f"to come there or from there: write down latitude and longitude, or {todo}",
            err=True,
        )
