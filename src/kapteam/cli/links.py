"""``kapteam links``: every candidate link, judged."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from kapteam.cli.by_distance import by_distance
from kapteam.cli.give_tables import give_brief, give_tables, need_room, tables_option
from kapteam.cli.load import loaded
from kapteam.cli.made_from import made_from
from kapteam.cli.options import judging, provenance
from kapteam.cli.output import give_json, give_text


@click.command("links")
@judging
@by_distance
@provenance
@tables_option
def command(as_json: bool, output: Path | None, provenance: bool, tables: Path | None, **asked: Any) -> None:
    """Every (prescriber, therapist, site) link that could be, with its verdict, points and weekly sessions."""
    need_room(tables)
    links = loaded(**asked)
    made = made_from(provenance, links, "links")
    if tables is not None:
        give_brief(links, give_tables(links, tables, made), as_json, output)
        return
    if as_json:
        give_json(links.as_dict(), output, made)
        return
    from kapteam.show.links import shown_links

    give_text(shown_links(links), output, made)
