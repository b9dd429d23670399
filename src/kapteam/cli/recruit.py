"""``kapteam recruit``: whose hire adds most."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from kapteam.advice.profiles import HIRED_AS
from kapteam.advice.recruit import recruit
from kapteam.cli.load import loaded
from kapteam.cli.made_from import made_from
from kapteam.cli.options import judging, provenance, unknown
from kapteam.cli.output import give_json, give_text, working


@click.command("recruit")
@judging
@provenance
@unknown
@click.option("--site", metavar="SITE", help="Only hires there.")
@click.option("--role", type=click.Choice(HIRED_AS), help="Only hires who do this; a collaborator signs agreements.")
@click.option(
    "--hires",
    metavar="N",
    type=click.IntRange(1, 20),
    default=3,
    show_default=True,
    help="How many of the same profile to look at, one after another.",
)
@click.option("--best", metavar="K", type=click.IntRange(1), default=10, show_default=True, help="How many profiles.")
def command(
    as_json: bool,
    output: Path | None,
    provenance: bool,
    unknown: str,
    site: str | None,
    role: str | None,
    hires: int,
    best: int,
    **asked: Any,
) -> int:
    """Whose hire adds most to the best teams: profession, site, hours, and what a second one of the same adds.

    Each gain is what `kapteam match` would reach with the hire's rows on the roster (--json has them) less what it
    reaches today. Compared are professions that may prescribe ketamine there, therapists, those who do both, and
    physicians who only sign the agreements that are missing; on each day, and from Monday to Friday, in the hours of
    those whom they would work with.
    """
    links = loaded(**asked)
    options: dict[str, Any] = {"unknown": unknown, "site": site, "role": role, "hires": hires, "best": best}
    with working("comparing hires"):
        found = recruit(links, **options)
    made = made_from(provenance, links, "recruit", **options)
    if as_json:
        give_json(found.as_dict(), output, made)
    else:
        from kapteam.show.recruit import shown_recruit

        give_text(shown_recruit(found), output, made)
    return 0 if found.hires else 1
