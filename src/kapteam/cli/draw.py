"""``kapteam draw``: the network or a week as a picture."""

from __future__ import annotations

import shlex
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from kapteam.cli.files import Given
from kapteam.cli.load import loaded, read_with_rules
from kapteam.cli.options import Date, judging, unknown
from kapteam.cli.output import give_json, give_plain, working
from kapteam.records.problems import UsageError
from kapteam.records.roster import Roster
from kapteam.show.words import count

if TYPE_CHECKING:
    from kapteam.draw.picture import Picture

_ENDINGS = (".svg", ".png")
#: Pixels high up to which a week is one picture.
_HIGHEST = 8000
_SECONDS = 60  # to look for something better, as `kapteam schedule` does unless it is told otherwise


@click.command("draw")
@judging
@unknown
@click.option("--week", metavar="DATE", type=Date(),
              help="Draw the timetable of the week of a day instead, as `kapteam schedule` plans it.")  # fmt: skip
@click.option("--of", type=click.Choice(["network", "prescribers", "therapists", "robustness"]), default="network",
              show_default=True, help="Draw the prescribers, or the therapists, who share partners; or how many are "
              "still teamed as prescribers stop.")  # fmt: skip
@click.option("--site", metavar="SITE", help="One site alone, with everybody there.")
@click.option("--failing", is_flag=True, help="Draw the links that fail a rule as well.")
@click.option("--width", metavar="N", type=click.IntRange(1),
              help="How many pixels wide a PNG is.  [default: twice the picture's own width]")  # fmt: skip
def command(
    as_json: bool, output: Path | None, unknown: str, week: date | None, of: str, site: str | None, failing: bool,
    width: int | None, **asked: Any,
) -> None:  # fmt: skip
    """Draw the network with its best teams: a lane for each site, or the sites alone of more than 60 people.

    The ending of -o says as what: .svg or .png. Without -o, or with -o -, SVG goes to standard output; with --json it
    stands in a document that says what is to be seen.
    """
    output = None if output == Path("-") else output
    ending = _ending(output, as_json)
    if width is not None and ending != ".png":
        raise UsageError("--width is of a PNG: an SVG has no pixels, so leave it out, or give -o FILE.png")
    if output is not None:
        Given(asked["roster"], [asked["practice"], asked["rules"]]).may_write("-o", output)
    if of != "network":
        for option, given in (("--week", week), ("--site", site), ("--failing", failing)):
            if given:
                raise UsageError(f"{option} is for another picture than --of {of}: leave one of them out")
        picture, roster = _research(of, unknown, **asked)
    elif week is None:
        picture, roster = _network(unknown, site, failing, **asked)
    else:
        picture, roster = _week(week, unknown, site, failing, **asked)
    if as_json:
        about = picture.layout
        document = {"title": about.title, "description": about.description, "width": picture.width,
                    "height": picture.height, "svg": picture.svg(), **roster.supposition}  # fmt: skip
        give_json(document, output)
    elif ending == ".png":
        assert output is not None
        _write(output, picture.png(width))
    else:
        give_plain(picture.svg(), output)


def _ending(output: Path | None, as_json: bool) -> str:
    """As what a picture is written."""
    if output is None or as_json:
        return ".svg"
    ending = output.suffix.casefold()
    if ending not in _ENDINGS:
        raise UsageError(f"-o {output}: expected a name that ends in {' or '.join(_ENDINGS)}")
    return ending


def _network(unknown: str, site: str | None, failing: bool, **asked: Any) -> tuple[Picture, Roster]:
    from kapteam.draw.network import network_picture
    from kapteam.matching.match import match

    links = loaded(**asked)
    with working(f"matching over {len(links):,} links"):
        plan = match(links, unknown=unknown)
        return network_picture(links, plan, site=site, failing=failing), links.facts.roster


def _research(of: str, unknown: str, **asked: Any) -> tuple[Picture, Roster]:
    from kapteam.draw.partners import partners_picture
    from kapteam.draw.robustness import robustness_picture
    from kapteam.measures.measured import measures

    links = loaded(**asked)
    with working(f"measuring {len(links):,} links"):
        if of == "robustness":
            return robustness_picture(measures(links, unknown=unknown)), links.facts.roster
        return partners_picture(links, of.removesuffix("s"), unknown=unknown), links.facts.roster


def _week(
    week: date, unknown: str, site: str | None, failing: bool, on: date | None, protocol: str | None, **asked: Any
) -> tuple[Picture, Roster]:
    from kapteam.draw.week import week_picture
    from kapteam.sessions.schedule import schedule

    for option, given in (("--on", on), ("--protocol", protocol), ("--failing", failing)):
        if given:
            raise UsageError(
                f"{option} is for the network: a week is judged day by day, each session by its own protocol"
            )
    roster, house = read_with_rules(**asked)
    with working("looking for the best sessions"):
        picture = week_picture(schedule(roster, week, unknown=unknown, house=house, seconds=_SECONDS), site=site)
    if site is None and picture.height > _HIGHEST:
        raise UsageError(
            f"the week of {count(len(roster.sites), 'site')} would be {picture.height:,} pixels high, which nobody can "
            f"read: draw one site at a time with --site, such as --site {shlex.quote(roster.sites[0].site)}"
        )
    return picture, roster


def _write(path: Path, picture: bytes) -> None:
    try:
        path.write_bytes(picture)
    except OSError as error:
        raise UsageError(f"cannot write {str(path)!r}: {error.strerror}") from None
    click.echo(f"wrote {path}", err=True)
