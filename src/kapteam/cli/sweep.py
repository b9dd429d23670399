"""``kapteam sweep``: what each of many laws would make of the best teams."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from kapteam.cli.load import loaded
from kapteam.cli.made_from import made_from
from kapteam.cli.options import judging, provenance, unknown
from kapteam.cli.output import give_json, give_text
from kapteam.cli.workers import spread_out, worked_out


@click.command("sweep")
@judging
@click.argument("scenarios", metavar="SWEEP.toml", type=click.Path())
@provenance
@unknown
@spread_out
def command(
    as_json: bool, output: Path | None, scenarios: str, provenance: bool, unknown: str, workers: int | None,
    dask: str | None, **asked: Any,
) -> None:  # fmt: skip
    """What each scenario of a sweep file would make of the best teams, beside what they are today.

    A scenario changes what the practice file knows of the law, in its own words: [scenarios.NAME.federal],
    [scenarios.NAME.jurisdictions.NY.nurse_practitioner], carriers, rules, thresholds. What stands in
    [scenarios.NAME.there] is changed in the places of where = "each" (each jurisdiction of the roster in turn), "all"
    (all of them at once), or a list of these and of states.
    """
    from kapteam.api.sweep import read_scenarios
    from kapteam.show.sweep import shown_sweep
    from kapteam.sweeps.sweep import sweep

    links = loaded(**asked)
    read = read_scenarios(scenarios, links)
    found = worked_out(
        lambda how: sweep(links, read, unknown=unknown, how=how),
        workers,
        dask,
        "scenarios",
        "the scenarios judged so far",
    )
    made = made_from(provenance, links, "sweep", scenarios={one.name: one.law for one in read}, unknown=unknown)
    if as_json:
        give_json(found.as_dict(), output, made)
    else:
        give_text(shown_sweep(found), output, made)
