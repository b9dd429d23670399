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
from kapteam.cli.output import give_json, give_text, working
from kapteam.graphs.schema import KINDS
from kapteam.network.links import Links
from kapteam.records.problems import UsageError


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
              help="Which graph is written.")  # fmt: skip
@click.option(
    "--graph",
    metavar="FILE",
    type=click.Path(path_type=Path, dir_okay=False),
    help="Write the graph to a file: GraphML, GEXF, node-link JSON or an edge list, by its ending.",
)
def command(
    as_json: bool, output: Path | None, provenance: bool, unknown: str, places: str | None, limit: float,
    draws: int | None, seed: int, kind: str, graph: Path | None, **asked: Any,
) -> None:  # fmt: skip
    """Measures of the network, each with its definition in docs/definitions.md; -o writes it as a graph.

    With --json, -o writes the document, as everywhere; the graph goes to the file of --graph.
    """
    from kapteam.api.measures import measured, read_places

    given = Given(asked["roster"], [asked["practice"], asked["rules"], places])
    if as_json and output is not None:
        _need_document(output)
        given.may_write("-o", output)
    if output is not None and graph is not None and (not as_json or output.resolve() == graph.resolve()):
        raise UsageError("-o and --graph would write the same: give one of them, or --json and two files")
    option, graph = ("-o", output) if graph is None and not as_json else ("--graph", graph)
    if graph is not None:
        _may_write(option, graph, given)
    where = None if places is None else read_places(places)
    links = loaded(**asked)
    with working(f"measuring {len(links):,} links"):
        found = measured(links, unknown=unknown, places=where, limit=limit, draws=draws, seed=seed)
    made = made_from(provenance, links, "measures", unknown=unknown, places=places, limit=limit, draws=draws, seed=seed)
    if as_json:
        give_json(found.as_dict(), output, made)
    else:
        give_text(found.shown(), made_from=made)
    if graph is not None:
        _write(links, kind, unknown, graph)


# -o is one for all commands; here alone it may write something else than what is printed.
for _option in command.params:
    if isinstance(_option, click.Option) and _option.name == "output":
        _option.help = "The same as --graph; with --json the file of the document."


def _need_document(output: Path) -> None:
    """Raise UsageError where what would be written as a document is named as a graph."""
    from kapteam.graphs.files import FORMATS

    ending = output.suffix.casefold()
    if ending in FORMATS and ending != ".json":
        raise UsageError(
            f"-o {output}: with --json, -o is the file of the document; the graph goes to --graph {output}"
        )


def _may_write(option: str, graph: Path, given: Given) -> None:
    from kapteam.graphs.files import FORMATS

    if graph.suffix.casefold() not in FORMATS:
        raise UsageError(f"{option} {graph}: expected a name that ends in one of {', '.join(FORMATS)}")
    given.may_write(option, graph)


def _write(links: Links, kind: str, unknown: str, output: Path) -> None:
    from kapteam.graphs.files import write_graph
    from kapteam.graphs.view import to_networkx
    from kapteam.matching.match import match

    with working(f"writing the graph of {len(links):,} links"):
        plan = match(links, unknown=unknown) if kind == "plan" else None
        write_graph(to_networkx(links, kind, unknown=unknown, plan=plan), output)
    click.echo(f"wrote {output}", err=True)
