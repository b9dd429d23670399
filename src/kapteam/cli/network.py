"""``kapteam network``: who is reached, how well, and what is fragile, in numbers; and the network as a graph's file."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from kapteam.cli.by_distance import by_distance
from kapteam.cli.files import Given
from kapteam.cli.load import loaded
from kapteam.cli.made_from import made_from
from kapteam.cli.options import judging, provenance, unknown
from kapteam.cli.output import give_json, give_text, tell_problems, working
from kapteam.graphs.schema import KINDS
from kapteam.network.links import Links
from kapteam.records.problems import RosterError, UsageError


@click.command("network")
@judging
@by_distance
@provenance
@unknown
@click.option(
    "--places",
    metavar="FILE",
    type=click.Path(),
    help="A CSV file with the columns place, lat, lon, population: how far people live from a pair.",
)
@click.option("--limit", metavar="KM", type=click.FloatRange(0), default=50.0, show_default=True,
              help="How many kilometres are far away.")  # fmt: skip
@click.option(
    "--draws",
    metavar="N",
    type=click.IntRange(0),
    help="How many draws of each thing that is random; 0: none.  [default: 100, fewer in a large network]",
)
@click.option("--seed", metavar="S", type=click.IntRange(0), default=0, show_default=True,
              help="Another seed, other draws; the same one, the same bytes.")  # fmt: skip
@click.option("--kind", type=click.Choice(list(KINDS)), default="links", show_default=True,
              help="Which graph -o writes.")  # fmt: skip
def command(
    as_json: bool, output: Path | None, provenance: bool, unknown: str, places: str | None, limit: float,
    draws: int | None, seed: int, kind: str, **asked: Any,
) -> int:  # fmt: skip
    """Measures of the network, each with its definition in docs/definitions.md; -o writes it as a graph."""
    from kapteam.api.measures import measured, read_places

    if output is not None:
        _may_write(output, Given(asked["roster"], [asked["practice"], asked["rules"], places]))
    where = None if places is None else read_places(places)
    try:
        links = loaded(**asked)
    except RosterError as error:
        tell_problems(error, as_json)  # never into the graph's file
        return 1
    with working(f"measuring {len(links):,} links"):
        found = measured(links, unknown=unknown, places=where, limit=limit, draws=draws, seed=seed)
    made = made_from(provenance, links, "measures", unknown=unknown, places=places, limit=limit, draws=draws, seed=seed)
    if as_json:
        give_json(found.as_dict(), made_from=made)
    else:
        give_text(found.shown(), made_from=made)
    if output is not None:
        _write(links, kind, unknown, output)
    return 0


# -o is one for all commands; here alone it writes something else than what is printed.
for _option in command.params:
    if isinstance(_option, click.Option) and _option.name == "output":
        _option.help = "Write the graph to a file: GraphML, GEXF, node-link JSON or an edge list, by its ending."


def _may_write(output: Path, given: Given) -> None:
    from kapteam.graphs.files import FORMATS

    if output.suffix.casefold() not in FORMATS:
        raise UsageError(f"-o {output}: expected a name that ends in one of {', '.join(FORMATS)}")
    given.may_write("-o", output)


def _write(links: Links, kind: str, unknown: str, output: Path) -> None:
    from kapteam.graphs.files import write_graph
    from kapteam.graphs.view import to_networkx
    from kapteam.matching.match import match

    with working(f"writing the graph of {len(links):,} links"):
        plan = match(links, unknown=unknown) if kind == "plan" else None
        write_graph(to_networkx(links, kind, unknown=unknown, plan=plan), output)
    click.echo(f"wrote {output}", err=True)
