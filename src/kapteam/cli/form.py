"""``kapteam form``: the best teams for one need."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from kapteam.advice.form import advised
from kapteam.cli.load import loaded
from kapteam.cli.made_from import made_from
from kapteam.cli.options import judging, provenance, unknown
from kapteam.cli.output import give_json, give_text, working
from kapteam.matching.branches import EFFORT
from kapteam.matching.communication import COSTS


@click.command("form")
@judging
@provenance
@unknown
@click.option("--site", metavar="SITE", help="Only there.")
@click.option("--modality", "modalities", metavar="NAME", multiple=True,
              help="What one of the therapists must have learned. May be given again: one has all.")  # fmt: skip
@click.option("--language", "languages", metavar="TAG", multiple=True,
              help="What the same therapist must speak, such as es. May be given again.")  # fmt: skip
@click.option("--covering", is_flag=True,
              help="The therapists have all of it together, as few people as can be.")  # fmt: skip
@click.option("--therapists", metavar="N", type=int, help="How many sit.  [default: as the protocol says]")
@click.option("--monitors", metavar="M", type=int, help="How many watch.  [default: as the protocol says]")
@click.option("--with", "among", metavar="PERSON", multiple=True,
              help="Must be in the team, in any role. May be given again.")  # fmt: skip
@click.option("--without", metavar="PERSON", multiple=True, help="Must not be in it. May be given again.")
@click.option("--cost", type=click.Choice(COSTS),
              help="First the least communication cost over the ties: the sum of all distances, the greatest, the sum "
              "of those to the prescriber, or the least spanning tree.")  # fmt: skip
@click.option("--best", metavar="K", type=click.IntRange(1), default=3, show_default=True, help="How many teams.")
@click.option("--effort", metavar="N", type=click.IntRange(1), default=EFFORT, show_default=True,
              help="Branches to look at: a limit that is the same on every machine.")  # fmt: skip
def command(
    as_json: bool,
    output: Path | None,
    provenance: bool,
    site: str | None,
    modalities: tuple[str, ...],
    languages: tuple[str, ...],
    covering: bool,
    therapists: int | None,
    monitors: int | None,
    among: tuple[str, ...],
    without: tuple[str, ...],
    cost: str | None,
    best: int,
    unknown: str,
    effort: int,
    **asked: Any,
) -> int:
    """The best teams for one need: a prescriber, therapists and monitors at one site who share a start.

    Most points first, or with --cost the people who know one another best. Where there are fewer teams than were asked
    for, also those that lack least, and what it is.
    """
    links = loaded(**asked)
    options: dict[str, Any] = {
        "site": site, "modalities": modalities, "languages": languages, "covering": covering, "therapists": therapists,
        "monitors": monitors, "among": among, "without": without, "cost": cost, "best": best, "unknown": unknown,
        "effort": effort,
    }  # fmt: skip
    with working(f"looking for the best teams over {len(links):,} links"):
        found = advised(links, **options)
    made = made_from(provenance, links, "form", **options)
    if as_json:
        give_json(found.as_dict(), output, made)
    else:
        from kapteam.show.form import shown_form

        give_text(shown_form(found), output, made)
    return 0 if found.formed.chosen else 1
