"""``kapteam worlds``: in what share of worlds each person is teamed."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from kapteam.cli.load import loaded
from kapteam.cli.made_from import made_from
from kapteam.cli.options import judging, provenance
from kapteam.cli.output import give_json, give_text
from kapteam.cli.workers import spread_out, worked_out
from kapteam.records.problems import UsageError

if TYPE_CHECKING:
    from kapteam.sweeps.one_person import OneInWorlds
    from kapteam.sweeps.spread import How
    from kapteam.sweeps.worlds import Worlds as Drawn


@click.command("worlds")
@judging
@click.argument("person", required=False)
@click.option("--worlds", "count", metavar="N", type=click.IntRange(1), default=1000, show_default=True,
              help="How many worlds are drawn.")  # fmt: skip
@click.option("--chance", "chances", metavar="P|RULE=P", multiple=True,
              help="The chance from 0 to 1 that an unknown fact turns out well: one for all, or of one rule, as in "
              "legal.registration=0.3. May be given again for another rule. None is supposed: each rule that is "
              "unknown of somebody needs one.")  # fmt: skip
@click.option("--chances", "file", metavar="FILE.toml", type=click.Path(),
              help="Chances by rule under [chances], and of single people under [chances.people.ID].")  # fmt: skip
@click.option("--seed", metavar="S", type=click.IntRange(0), default=0, show_default=True,
              help="Another seed, other worlds; the same one, the same bytes.")  # fmt: skip
@provenance
@spread_out
def command(
    as_json: bool, output: Path | None, person: str | None, count: int, chances: tuple[str, ...], file: str | None,
    seed: int, provenance: bool, workers: int | None, dask: str | None, **asked: Any,
) -> None:  # fmt: skip
    """In what share of worlds each person is teamed, if what nobody wrote down turns out well by chance.

    In each world every unknown fact (all unknown findings of one rule on one person) is drawn to turn out well or not,
    and the best teams are found anew. With PERSON, that person's share alone, and which unknown facts it hangs on.
    """
    from kapteam.api.sweep import given_chances
    from kapteam.show.worlds import shown_one_in_worlds, shown_worlds
    from kapteam.sweeps.one_person import worlds_of
    from kapteam.sweeps.worlds import Worlds, worlds

    given = given_chances(*chances_given(chances), file)
    links = loaded(**asked)

    def work(how: How) -> Drawn | OneInWorlds:
        if person is None:
            return worlds(links, count, **given.as_arguments(), seed=seed, how=how)
        return worlds_of(links, person, count, **given.as_arguments(), seed=seed, how=how)

    found = worked_out(work, workers, dask, "worlds", "the worlds drawn so far")
    options = {"count": count, **given.as_options(), "seed": seed}
    if person is None:
        made = made_from(provenance, links, "worlds", **options)
    else:
        made = made_from(provenance, links, "worlds_of", person=person, **options)
    if as_json:
        give_json(found.as_dict(), output, made)
    elif isinstance(found, Worlds):
        give_text(shown_worlds(found), output, made)
    else:
        give_text(shown_one_in_worlds(found), output, made)


def chances_given(given: tuple[str, ...]) -> tuple[float | None, dict[str, float]]:
    """The chance for all, where one was given, and those by rule."""
    found: dict[str, float] = {}
    for text in given:
        rule, equals, number = text.rpartition("=")
        rule = rule.strip()
        try:
            value = float(number)
        except ValueError:
            raise UsageError(f"--chance {text}: expected a number from 0 to 1, or RULE=NUMBER") from None
        if equals and not rule:
            raise UsageError(f"--chance {text}: expected RULE=NUMBER, or a number alone for all rules")
        if rule in found:
            raise UsageError(f"--chance is given twice for {rule or 'all'}: leave one of them out")
        found[rule] = value
    return found.pop("", None), found
