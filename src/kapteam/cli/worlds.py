"""``kapteam worlds``: in what share of worlds each person is teamed."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from kapteam.cli.load import loaded
from kapteam.cli.made_from import made_from
from kapteam.cli.options import judging, provenance
from kapteam.cli.output import give_json, give_text
from kapteam.cli.workers import spread_out, worked_out
from kapteam.records.problems import UsageError


@click.command("worlds")
@judging
@click.option("--worlds", "count", metavar="N", type=click.IntRange(1), default=1000, show_default=True,
              help="How many worlds are drawn.")  # fmt: skip
@click.option("--chance", "chances", metavar="P|RULE=P", multiple=True,
              help="The chance from 0 to 1 that an unknown fact turns out well: one for all, or of one rule, as in "
              "legal.registration=0.3. May be given again. None is supposed: each rule that is unknown of somebody "
              "needs one.")  # fmt: skip
@click.option("--seed", metavar="S", type=click.IntRange(0), default=0, show_default=True,
              help="Another seed, other worlds; the same one, the same bytes.")  # fmt: skip
@provenance
@spread_out
def command(
    as_json: bool, output: Path | None, count: int, chances: tuple[str, ...], seed: int, provenance: bool,
    workers: int | None, dask: str | None, **asked: Any,
) -> None:  # fmt: skip
    """In what share of worlds each person is teamed, if what nobody wrote down turns out well by chance.

    In each world every unknown fact (all unknown findings of one rule on one person) is drawn to turn out well or not,
    and the best teams are found anew.
    """
    from kapteam.show.worlds import shown_worlds
    from kapteam.sweeps.worlds import worlds

    chance, by_rule = chances_given(chances)
    links = loaded(**asked)
    found = worked_out(
        lambda how: worlds(links, count, chance=chance, by_rule=by_rule, seed=seed, how=how),
        workers, dask, "worlds", "the worlds drawn so far",
    )  # fmt: skip
    made = made_from(
        provenance, links, "worlds", count=count, chance=chance, by_rule=sorted(by_rule.items()), seed=seed
    )
    if as_json:
        give_json(found.as_dict(), output, made)
    else:
        give_text(shown_worlds(found), output, made)


def chances_given(given: tuple[str, ...]) -> tuple[float | None, dict[str, float]]:
    """The chance for all, where one was given, and those by rule; the last one given for each counts."""
    chance, by_rule = None, {}
    for text in given:
        rule, _, number = text.rpartition("=")
        try:
            value = float(number)
        except ValueError:
            raise UsageError(f"--chance {text}: expected a number from 0 to 1, or RULE=NUMBER") from None
        if rule:
            by_rule[rule.strip()] = value
        else:
            chance = value
    return chance, by_rule
