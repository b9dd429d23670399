"""``kapteam resilience``: what absences cost, who steps in, and what is lost when something ends."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from kapteam.advice.resilience import resilience
from kapteam.cli.load import loaded
from kapteam.cli.made_from import made_from
from kapteam.cli.options import days_ahead, judging, provenance, unknown
from kapteam.cli.output import give_json, give_text, working
from kapteam.matching.match import match


@click.command("resilience")
@judging
@provenance
@click.argument("people", metavar="[PERSON]...", nargs=-1)
@days_ahead
@unknown
def command(
    as_json: bool, output: Path | None, provenance: bool, people: tuple[str, ...], within: int, unknown: str,
    **asked: Any,
) -> None:  # fmt: skip
    """What it costs the best teams if somebody is absent or leaves, and who would step in.

    Of everyone in a team, or of each PERSON. Then the two absences that together lose most, and what is lost when
    something ends that is not renewed: a licence, a policy, an agreement, hours, or the law itself.
    """
    links = loaded(**asked)
    with working(f"matching over {len(links):,} links"):
        plan = match(links, unknown=unknown)
        answer = resilience(plan, people, within)
    made = made_from(provenance, links, "resilience", people=people, within=within, unknown=unknown)
    if as_json:
        give_json(answer.as_dict(), output, made)
        return
    from kapteam.show.resilience import shown_resilience

    give_text(shown_resilience(plan, answer, within), output, made)
