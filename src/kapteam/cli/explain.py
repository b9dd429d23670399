"""``kapteam explain``: why a person, or a pair, is where they are."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from kapteam.advice.explain import explain
from kapteam.advice.story import story
from kapteam.cli.by_distance import by_distance
from kapteam.cli.load import loaded
from kapteam.cli.made_from import made_from
from kapteam.cli.options import judging, provenance, unknown
from kapteam.cli.output import give_json, give_text, working
from kapteam.matching.match import match


@click.command("explain")
@judging
@by_distance
@provenance
@click.argument("person")
@click.argument("other", required=False)
@click.option("--site", metavar="SITE", help="Only there.")
@unknown
def command(
    as_json: bool,
    output: Path | None,
    provenance: bool,
    person: str,
    other: str | None,
    site: str | None,
    unknown: str,
    **asked: Any,
) -> None:
    """Every rule's finding on the links of PERSON, or of PERSON and OTHER with one another.

    With one person, also their team in the best plan, or why they have none and what comes nearest. With two,
    every link that they could have is judged; the first is the prescriber where both ways make sense.
    """
    links = loaded(**asked)
    explained = explain(links, person, other, site)
    asks: dict[str, Any] = {"person": person, "other": other, "site": site}
    made = made_from(provenance, links, "explain", **asks)
    if as_json:
        give_json(
            {"on": links.facts.day.isoformat(), "links": [e.as_dict() for e in explained], **links.supposition},
            output,
            made,
        )
        return
    from kapteam.show.links import shown_pair, shown_story

    if other is not None or site is not None:
        give_text(shown_pair(links, explained), output, made)
        return
    with working(f"matching over {len(links):,} links"):
        plan = match(links, unknown=unknown)
        told = story(plan, person)
    made = made_from(provenance, links, "explain", **asks, unknown=unknown)  # the story alone asks for it
    give_text(shown_story(plan, told), output, made)
