"""``kapteam import``: what stands in other files, as rows of a roster."""

from __future__ import annotations

import csv
import io
from datetime import date
from pathlib import Path

import click

from kapteam.cli.import_nppes import nppes
from kapteam.cli.load import read_roster
from kapteam.cli.options import Date
from kapteam.cli.output import give_json, give_plain, tell_problems
from kapteam.records.problems import Misread, RosterError, UsageError
from kapteam.records.roster import Roster
from kapteam.records.table import plain_cells
from kapteam.records.zones import TimeZone


@click.group("import")
def command() -> None:
    """Read what stands in other files as rows of a roster."""


command.add_command(nppes)


@command.command("ical")
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
@click.option("--as", "person", metavar="PERSON", required=True, help="Whose calendar it is.")
@click.option("--roster", metavar="ROSTER", type=click.Path(),
              help="The roster that the person is on: times are told by the clocks of their sites.")  # fmt: skip
@click.option("--timezone", metavar="ZONE", help="Without a roster: the clock that times are told by.")
@click.option("--from", "first", type=Date(), help="The first day that is read.  [default: today]")
@click.option("--days", metavar="N", type=click.IntRange(1), default=None, help="How many days are read.")
@click.option("--force", is_flag=True, help="Write over a roster that is there.")
@click.option("--json", "as_json", is_flag=True, help="One JSON document, and nothing else.")
@click.option("-o", "--output", type=click.Path(path_type=Path),
              help="With --roster: write the roster with these absences (.xlsx, .json or a folder). "
              "Without: write the absences to a file.")  # fmt: skip
def ical(
    file: Path,
    person: str,
    roster: str | None,
    timezone: str | None,
    first: date | None,
    days: int | None,
    force: bool,
    as_json: bool,
    output: Path | None,
) -> int:
    """The busy times of a calendar (.ics) as absences: events, recurring and all-day ones, and free/busy times.

    Sessions that kapteam itself has planned are left out.
    """
    from kapteam.io.formulas import inert
    from kapteam.io.ical import HORIZON_DAYS, busy_times

    if roster is not None and output is not None and output.exists() and not force:
        said = "choose another name, or --force to write over it (what kapteam does not read, such as notes, is lost)"
        raise UsageError(f"{str(output)!r} is there already: {said}")
    on = None
    try:
        on = None if roster is None else read_roster(roster)
    except RosterError as error:
        tell_problems(error, as_json, None)
        return 1
    zones = _zones(on, person, timezone)
    absences = busy_times(file, person, zones, first or date.today(), days or HORIZON_DAYS)
    if on is not None and output is not None:
        from kapteam.io.read import write

        known = set(on.absences)
        more = [a for a in absences if a not in known]
        write(on.with_absences(more), output)
        click.echo(f"wrote {output}, with {len(more)} absence{'s' * (len(more) != 1)} more", err=True)
        return 0
    rows = [plain_cells(a) for a in absences]
    if as_json:
        give_json({"absences": rows}, output)
    else:
        text = io.StringIO()
        table = csv.DictWriter(text, ["practitioner", "start", "end"], lineterminator="\n")
        table.writeheader()
        table.writerows({name: inert(cell) for name, cell in row.items()} for row in rows)
        give_plain(text.getvalue(), output)
    return 0


def _zones(roster: Roster | None, person: str, timezone: str | None) -> list[str]:
    if roster is None:
        if timezone is None:
            raise UsageError("whose clock? Give --roster ROSTER, or --timezone such as America/Denver")
        try:
            return [TimeZone().read(timezone)]
        except Misread as error:
            raise UsageError(f"--timezone {timezone}: {error.expected}") from None
    id = roster.person(person).practitioner
    sites = {row.site for row in roster.hours if row.practitioner == id}
    zones = sorted({str(roster.places[site].timezone) for site in sites})
    if not zones:
        raise UsageError(f"{person} has no hours at any site, so there is nothing that an absence could cut")
    return zones
