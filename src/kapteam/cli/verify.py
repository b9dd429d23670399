"""``kapteam verify``: a saved plan judged again, without a solver."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import attrs
import click

from kapteam.api.provenance import Asked, answered
from kapteam.api.verified import Verified
from kapteam.cli.by_distance import centroids
from kapteam.cli.load import loaded, read_with_rules
from kapteam.cli.options import judging, provenance
from kapteam.cli.output import give_json, give_text, working
from kapteam.cli.saved import read_document, read_schedule
from kapteam.cli.saved_tables import read_tables, tables_at
from kapteam.matching.saved import SavedPlan, saved_plan
from kapteam.matching.verify import verify as verify_teams
from kapteam.records.problems import UsageError
from kapteam.sessions.saved import is_schedule, saved_schedule
from kapteam.show.words import count


@click.command("verify")
@judging
@provenance
@click.argument("plan", type=click.Path(path_type=Path))
@click.option("--previous", metavar="FILE", type=click.Path(path_type=Path),
              help="Of sessions: the plan from which changes are counted.")  # fmt: skip
@centroids
def command(
    as_json: bool, output: Path | None, provenance: bool, plan: Path, previous: Path | None, centroids: str | None,
    **asked: Any,
) -> int:  # fmt: skip
    """Judge the saved PLAN again: every constraint, the sums.

    PLAN is a document of `kapteam match --json` or `kapteam schedule --json`, or a folder of `kapteam match --tables`.

    Teams are judged for the day and the protocol that they were made for, unless --on or --protocol says otherwise, and
    their proof with them; sessions for the weeks that they were made for. Teams that were made with --within are judged
    with the same distance; with --centroids, give the same file again.
    """
    folder = tables_at(plan)
    document = read_document(plan) if folder is None else None
    if is_schedule(document):
        if centroids is not None:
            raise UsageError("--centroids is for a plan of teams, and this is one of sessions")
        verified = _sessions(document, previous, **asked)
    elif previous is not None:
        raise UsageError("--previous is for a plan of sessions, and this is one of teams")
    else:
        saved = saved_plan(document) if folder is None else read_tables(folder)
        verified = _teams(saved, document or saved, centroids, **asked)
    made = verified.provenance() if provenance else None
    if as_json:
        give_json(verified.as_dict(), output, made)
    else:
        give_text(verified.shown(), output, made)
    return 0 if verified.ok else 1


def _teams(
    saved: SavedPlan, document: Any, centroids: str | None, on: date | None, protocol: str | None, **asked: Any
) -> Verified:
    saved = attrs.evolve(saved, on=on or saved.on, protocol=protocol or saved.protocol)
    within = saved.within
    if (within is None or within.centroids is None) and centroids is not None:
        raise UsageError(f"--centroids {centroids}: this plan was made without; leave it out")
    if within is not None and within.centroids is not None and centroids is None:
        raise UsageError("this plan was made with --centroids: give the same file again, for places of sites")
    km = None if within is None else within.km
    links = loaded(on=saved.on, protocol=saved.protocol, within=km, centroids=centroids, **asked)
    with working(f"judging {count(sum(len(t.therapists) for t in saved.teams), 'place')}"):
        found = verify_teams(saved, links)
    verified = Verified(found, fair=saved.fair is not None, roster=links.facts.roster)
    return answered(verified, Asked.of(links, "verify", {"plan": document}))


def _sessions(document: Any, previous: Path | None, on: date | None, protocol: str | None, **asked: Any) -> Verified:
    from kapteam.sessions.verify import verify, weeks_of

    if on is not None or protocol is not None:
        raise UsageError("a plan of sessions is judged day by day and by its own protocols: leave --on and --protocol")
    saved = saved_schedule(document)
    before = None if previous is None else read_schedule(previous, "--previous")
    roster, house = read_with_rules(**asked)
    with working("judging the sessions"):
        verified = Verified(verify(saved, roster, previous=before, house=house), roster=roster)
    options = {"plan": document, "previous": before}
    return answered(verified, Asked.of_weeks(roster, house, "verify", *weeks_of(saved, roster), options))
