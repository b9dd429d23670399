"""``kapteam mentors``: who could consult for whom."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from kapteam.advice.mentors import ENOUGH_HOURS, mentors
from kapteam.cli.load import loaded
from kapteam.cli.made_from import made_from
from kapteam.cli.options import judging, provenance, unknown
from kapteam.cli.output import give_json, give_text


@click.command("mentors")
@judging
@provenance
@click.option(
    "--load",
    metavar="N",
    type=click.IntRange(1),
    default=None,
    help="The most that one mentor takes, agreements in force counted in.  [default: no limit]",
)
@click.option(
    "--hours",
    metavar="N",
    type=click.IntRange(0),
    default=ENOUGH_HOURS,
    show_default=True,
    help="KAP training that makes a mentor of one who has no mentorship of their own; kapteam's threshold.",
)
@click.option("--anywhere", is_flag=True, help="A mentor's licence need not be of a state where the other works.")
@unknown
def command(
    as_json: bool,
    output: Path | None,
    provenance: bool,
    load: int | None,
    hours: int,
    anywhere: bool,
    unknown: str,
    **asked: Any,
) -> int:
    """Who could consult for whom, and an assignment that leaves as few as can be without, with even loads.

    Everyone who sits and has neither mentorship nor a consultation agreement needs a mentor. A mentor is another
    therapist with KAP training, experiential training and a practicum, with mentorship of their own or much KAP
    training, and with an active licence of a therapy profession in a state where the other works. No law that kapteam
    knows asks for that licence, for consultation is not supervision: it is a cautious reading, which --anywhere lifts.

    As many as can be are served; then loads are as even as can be; then ties and shared modalities decide, then a draw
    from the ids.
    """
    links = loaded(**asked)
    options: dict[str, Any] = {"load": load, "hours": hours, "anywhere": anywhere, "unknown": unknown}
    answer = mentors(links, **options)
    made = made_from(provenance, links, "mentors", **options)
    if as_json:
        give_json(answer.as_dict(), output, made)
    else:
        from kapteam.show.mentors import shown_mentors

        give_text(shown_mentors(links, answer), output, made)
    return 1 if answer.without and not answer.served else 0
