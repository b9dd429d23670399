"""From the options of a command to judged links."""

from __future__ import annotations

import shlex
from datetime import date
from typing import Any

import click

from kapteam.cli.by_distance import tell
from kapteam.cli.output import working
from kapteam.io.centroids import read_centroids
from kapteam.io.read import read
from kapteam.network.links import Links, judged_links
from kapteam.records.roster import Roster
from kapteam.rules.rule import Rule
from kapteam.rules.rulebook import OWN, installed, rules_in, unknown_rules
from kapteam.show.words import count, made_up


def loaded(
    roster: str,
    on: date | None,
    practice: str | None,
    protocol: str | None,
    rules: str | None,
    within: float | None = None,
    centroids: str | None = None,
    **_: Any,
) -> Links:
    """Read a roster and judge its links; warnings of the reading go to standard error as a count."""
    points = None if centroids is None else read_centroids(centroids)
    found, house = read_with_rules(roster, practice, rules)
    with working("judging the links"):
        links = judged_links(found, on or date.today(), protocol=protocol, house=house, within=within, centroids=points)
    tell(links, centroids, points)
    return links


def read_with_rules(roster: str, practice: str | None, rules: str | None, **_: Any) -> tuple[Roster, tuple[Rule, ...]]:
    """Read a roster and the house's rules; warnings of the reading go to standard error as a count."""
    house = rules_in(rules) if rules else ()
    found = read_roster(roster, practice, house)
    if found.warnings:
        said = f"{count(len(found.warnings), 'warning')} in reading"
        click.echo(f"{said}; all of them: kapteam check {shlex.quote(roster)}", err=True)
    return found, house


def read_roster(path: str, practice: str | None = None, house: tuple[Rule, ...] = ()) -> Roster:
    """Read a roster; scenarios that made rows of it up are named on standard error.

    A rule that its practice file names and that does not exist is told with all other problems.
    """
    ids = [rule.id for rule in (*OWN, *installed(), *house)]
    with working(f"reading {path}"):
        found = read(path, practice=practice, check=lambda p: unknown_rules(p, ids))
    if found.made_up:
        click.echo(made_up(found), err=True)
    return found
