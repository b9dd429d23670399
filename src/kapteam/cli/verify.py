"""``kapteam verify``: a saved plan judged again, without a solver."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import attrs
import click

from kapteam.api.verified import Verified
from kapteam.cli.load import loaded, read_with_rules
from kapteam.cli.options import judging
from kapteam.cli.output import give_json, give_text, working
from kapteam.cli.saved import read_document, read_schedule
from kapteam.matching.saved import saved_plan
from kapteam.matching.verify import verify as verify_teams
from kapteam.records.problems import UsageError
from kapteam.sessions.saved import is_schedule, saved_schedule


@click.command("verify")
@judging
@click.argument("plan", type=click.Path(path_type=Path))
@click.option("--previous", metavar="FILE", type=click.Path(path_type=Path),
              help="Of sessions: the plan from which changes are counted.")  # fmt: skip
def command(as_json: bool, output: Path | None, plan: Path, previous: Path | None, **asked: Any) -> int:
    """Judge the saved PLAN (of `kapteam match --json` or `kapteam schedule --json`) again: every constraint, the sums.

    Teams are judged for the day and the protocol that they were made for, unless --on or --protocol says otherwise, and
    their proof with them; sessions for the weeks that they were made for.
    """
    document = read_document(plan)
    if is_schedule(document):
        return _sessions(document, previous, as_json, output, **asked)
    if previous is not None:
        raise UsageError("--previous is for a plan of sessions, and this is one of teams")
    return _teams(document, as_json, output, **asked)


def _teams(
    document: Any, as_json: bool, output: Path | None, on: date | None, protocol: str | None, **asked: Any
) -> int:
    saved = saved_plan(document)
    saved = attrs.evolve(saved, on=on or saved.on, protocol=protocol or saved.protocol)
    links = loaded(on=saved.on, protocol=saved.protocol, **asked)
    return _told(Verified(verify_teams(saved, links), fair=saved.fair is not None), as_json, output)


def _sessions(
    document: Any, previous: Path | None, as_json: bool, output: Path | None, on: date | None, protocol: str | None,
    **asked: Any,
) -> int:  # fmt: skip
    from kapteam.sessions.verify import verify

    if on is not None or protocol is not None:
        raise UsageError("a plan of sessions is judged day by day and by its own protocols: leave --on and --protocol")
    saved = saved_schedule(document)
    before = None if previous is None else read_schedule(previous, "--previous")
    roster, house = read_with_rules(**asked)
    with working("judging the sessions"):
        verified = Verified(verify(saved, roster, previous=before, house=house))
    return _told(verified, as_json, output)


def _told(verified: Verified, as_json: bool, output: Path | None) -> int:
    if as_json:
        give_json(verified.as_dict(), output)
    else:
        give_text(verified.shown(), output)
    return 0 if verified.ok else 1
