"""``kapteam match``: the provably best standing teams."""

from __future__ import annotations

import csv
from pathlib import Path
from typing import Any

import click

from kapteam.cli.by_distance import by_distance
from kapteam.cli.give_tables import give_brief, give_tables, need_room, tables_option
from kapteam.cli.load import loaded
from kapteam.cli.made_from import made_from
from kapteam.cli.options import judging, provenance, unknown
from kapteam.cli.output import give_json, give_text, working
from kapteam.cli.saved import read_plan
from kapteam.matching.fair import BY
from kapteam.matching.match import match
from kapteam.records.problems import UsageError


@click.command("match")
@judging
@by_distance
@provenance
@tables_option
@unknown
@click.option(
    "--max-partners",
    metavar="N",
    type=click.IntRange(1),
    default=1,
    help="How many prescribers a therapist may be teamed with; above 1 the places filled are counted, not the people."
    "  [default: 1]",
)
@click.option("--keep", multiple=True, metavar="PAIR|FILE",
              help="A pair that must stay, as PRESCRIBER,THERAPIST or PRESCRIBER,THERAPIST,SITE; or a saved plan, "
              "whose pairs all stay. May be given again.")  # fmt: skip
@click.option("--fair", type=click.Choice(list(BY)),
              help="Of the plans that team the most, the one that is best for the worst-off, by the points or the "
              "weekly sessions of their link; and what it costs in points.")  # fmt: skip
def command(
    as_json: bool, output: Path | None, provenance: bool, tables: Path | None, unknown: str, max_partners: int,
    keep: tuple[str, ...], fair: str | None, **asked: Any,
) -> int:  # fmt: skip
    """The best standing teams: most therapists teamed, then most points, with a proof; and why someone is left out."""
    need_room(tables)
    links = loaded(**asked)
    with working(f"matching over {len(links):,} links"):
        pairs = [pair for text in keep for pair in kept(text)]
        plan = match(links, unknown=unknown, max_partners=max_partners, keep=pairs, fair=fair)
    made = made_from(provenance, links, "match", unknown=unknown, max_partners=max_partners, keep=pairs, fair=fair)
    if tables is not None:
        give_brief(plan, give_tables(plan, tables, made), as_json, output)
    elif as_json:
        give_json(plan.as_dict(), output, made)
    else:
        from kapteam.show.plan import shown_plan

        give_text(shown_plan(plan), output, made)
    return 1 if plan.conflicts else 0


def kept(text: str) -> list[tuple[str, ...]]:
    """The pairs that one ``--keep`` names: ids as a CSV row, so that one with a comma can be quoted; or a plan's."""
    if text.casefold().endswith(".json"):
        plan = read_plan(Path(text))
        return [(t.prescriber, p.practitioner, t.site) for t in plan.teams for p in t.therapists]
    ids = tuple(part.strip() for part in next(csv.reader([text]), []))
    if len(ids) not in (2, 3) or not all(ids):
        raise UsageError(f"--keep {text}: expected PRESCRIBER,THERAPIST or PRESCRIBER,THERAPIST,SITE, or a .json plan")
    return [ids]
