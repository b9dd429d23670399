"""The options that commands share, each declared once."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date
from functools import wraps
from pathlib import Path
from typing import Any

import click

from kapteam.cli.output import tell_problems
from kapteam.records.problems import RosterError

F = Callable[..., Any]


class Date(click.ParamType[date]):
    """A date such as 2026-12-07."""

    name = "date"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> date:
        """Read a date, or fail as click's own types do."""
        if isinstance(value, date):
            return value
        try:
            if re.fullmatch(r"\d{4}-\d{2}-\d{2}", value):
                return date.fromisoformat(value)
            self.fail(f"{value!r} is no date such as 2026-12-07", param, ctx)
        except ValueError:
            self.fail(f"{value!r} is no date such as 2026-12-07", param, ctx)


class Days(click.IntRange):
    """A number of days ahead; who gives a distance, as ``--within`` is of other commands, is told which these are."""

    def __init__(self) -> None:
        super().__init__(0)

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        """Read a number, or fail as click's own types do."""
        if isinstance(value, str) and value.casefold().rstrip().endswith(("km", "mi")):
            self.fail(
                f"{value!r} is a distance, and here it is a number of days, such as 60; candidates by distance are "
                "asked of links, match, explain and network",
                param,
                ctx,
            )
        return super().convert(value, param, ctx)


roster = click.argument("roster", type=click.Path())
json_option = click.option("--json", "as_json", is_flag=True, help="One JSON document, and nothing else.")
output = click.option(
    "-o", "--output", type=click.Path(path_type=Path, dir_okay=False), help="Write the answer to a file."
)
provenance = click.option(
    "--provenance",
    is_flag=True,
    help="Also what the answer was made from: versions, fingerprints of the roster and of the law, day, options.",
)
unknown = click.option(
    "--unknown",
    type=click.Choice(["exclude", "allow"]),
    default="exclude",
    show_default=True,
    help="Links that rest on an unknown fact: leave them out, or use them and say what to verify.",
)

days_ahead = click.option(
    "--within", metavar="DAYS", type=Days(), default=60, show_default=True, help="Days to look ahead for what ends."
)


def judging(function: F) -> F:
    """Add what every command that judges a roster on a day takes; see :func:`reading`."""
    for option in (
        click.option("--protocol", metavar="NAME", help="A kind of session from [protocols] of the practice file."),
        click.option("--on", type=Date(), default=None, help="The day judged.  [default: today]"),
    ):
        function = option(function)
    return reading(function)


def reading(function: F) -> F:
    """Add what every command that reads a roster takes, and tell a roster's problems where its answer would go."""

    @wraps(function)
    def command(**given: Any) -> Any:
        try:
            return function(**given)
        except RosterError as error:
            tell_problems(error, given["as_json"], given["output"])
            return 1

    for option in (
        output,
        json_option,
        click.option("--rules", metavar="FILE", type=click.Path(), help="A Python file with rules of the house's own."),
        click.option(
            "--practice", metavar="FILE", type=click.Path(), help="A practice file to use instead of the roster's own."
        ),
        roster,
    ):
        command = option(command)
    return command
