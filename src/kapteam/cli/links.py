"""``kapteam links``: every candidate link, judged."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from kapteam.cli.load import loaded
from kapteam.cli.options import judging
from kapteam.cli.output import give_json, give_text


@click.command("links")
@judging
def command(as_json: bool, output: Path | None, **asked: Any) -> None:
    """Every (prescriber, therapist, site) link that could be, with its verdict, points and weekly sessions."""
    links = loaded(**asked)
    if as_json:
        give_json(links.as_dict(), output)
        return
    from kapteam.show.links import shown_links

    give_text(shown_links(links), output)
