"""``kapteam complement``: who completes a person."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from kapteam.advice.complement import complement
from kapteam.cli.load import loaded
from kapteam.cli.made_from import made_from
from kapteam.cli.options import judging, provenance
from kapteam.cli.output import give_json, give_text


@click.command("complement")
@judging
@provenance
@click.argument("person")
@click.option("--site", metavar="SITE", help="Only there.")
@click.option(
    "--anyone",
    is_flag=True,
    help="Also those who share no site with PERSON and whose hours nobody wrote down: whom to ask, and what.",
)
@click.option(
    "--best",
    metavar="K",
    type=click.IntRange(1),
    default=10,
    show_default=True,
    help="How many entries to give, and with --anyone how many to ask beside them.",
)
def command(
    as_json: bool, output: Path | None, provenance: bool, person: str, site: str | None, anyone: bool, best: int,
    **asked: Any,
) -> int:  # fmt: skip
    """Who completes PERSON, best first: prescribers for a therapist, therapists for a prescriber, both for one of both.

    Everybody else of the other role is judged with PERSON by every rule, at each site where either has hours: who could
    team with them now, who nearly could and what would turn it, at which cost and in what time. First it says what of
    PERSON alone stands in the way of any team.
    """
    links = loaded(**asked)
    answer = complement(links, person, site=site, anyone=anyone, best=best)
    made = made_from(provenance, links, "complement", person=person, site=site, anyone=anyone, best=best)
    if as_json:
        give_json(answer.as_dict(), output, made)
    else:
        from kapteam.show.complement import shown_complement

        give_text(shown_complement(links, answer), output, made)
    return 0 if answer.partners or answer.solo else 1
